'use strict'

const { createHash } = require('node:crypto')
const { pathToFileURL } = require('node:url')

const { placed } = require('./place.js')

/**
 * @typedef {import('../../index.js').Finding} Finding
 * @typedef {import('../../binding.js').Rule} Rule
 */

const LEVELS = /** @type {const} */ ({ error: 'error', warning: 'warning', info: 'note' })

/**
 * Findings as a SARIF 2.1.0 log (OASIS, sections in the comments).
 *
 * @param {Finding[]} findings
 * @param {{ rules: Rule[], folder: string, tool: { name: string, version: string, home: string } }} options `folder`: what file names are
 *   relative to
 */
function sarif(findings, { rules, folder, tool }) {
  const used = rules.filter(({ id }) => findings.some(({ rule }) => rule === id))
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: tool.name,
            version: tool.version,
            semanticVersion: tool.version,
            informationUri: tool.home,
            rules: used.map((rule) => descriptor(rule, tool)),
          },
        },
        // 3.14.14: left without a value, so that whoever reads the log says where its folder is.
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The folder that trust-anchors ran in' } } },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => result(finding, used, folder)),
      },
    ],
  }
  return JSON.stringify(log, null, 2)
}

/**
 * 3.49 reportingDescriptor
 *
 * @param {Rule} rule
 * @param {{ version: string, home: string }} tool
 */
function descriptor(rule, tool) {
  const markdown = [rule.finds, '', '## Why Node rejects or ignores it', '', rule.why, '', '## Fix', '', rule.fix, '', '## Source', '', rule.source].join('\n')
  return {
    id: rule.id,
    name: rule.id.replace(/(?:^|-)([a-z0-9])/g, (_, /** @type {string} */ letter) => letter.toUpperCase()),
    shortDescription: { text: rule.title },
    fullDescription: { text: plain(rule.finds) },
    help: { text: plain(markdown), markdown },
    helpUri: `${tool.home}/blob/v${tool.version}/docs/rules/${rule.id}.md`,
    defaultConfiguration: { level: LEVELS[rule.severity] },
    properties: { tags: ['tls', 'certificates', `actor-${rule.actor}`] },
  }
}

/**
 * 3.27 result
 *
 * @param {Finding} finding
 * @param {Rule[]} used
 * @param {string} folder
 */
function result(finding, used, folder) {
  const ruleIndex = used.findIndex(({ id }) => id === finding.rule)
  const where = finding.location?.path === undefined ? undefined : locationOf(finding.location.path, finding.location.line, folder)
  return {
    ruleId: finding.rule,
    ...(ruleIndex === -1 ? {} : { ruleIndex }),
    level: LEVELS[finding.severity],
    message: { text: messageOf(finding) },
    ...(where === undefined ? {} : { locations: [where] }),
    // 3.27.17: the same fault of the same certificate is the same result, whatever line it moves to.
    partialFingerprints: { 'ruleAndSubject/v1': fingerprint(finding, folder) },
    properties: {
      actor: finding.actor,
      ...(finding.certificate === undefined ? {} : { certificateSha256: finding.certificate }),
      ...(finding.fixes.length === 0 ? {} : { fixes: finding.fixes }),
    },
  }
}

/**
 * The message, then the fixes: 3.55 `fix` holds changes of files, and most of these are commands.
 *
 * @param {Finding} finding
 */
function messageOf({ message, detail, location, fixes }) {
  const parts = [location?.path === undefined && location?.line !== undefined ? `line ${location.line}: ${message}` : message]
  if (detail !== undefined) parts.push(detail)
  for (const { title } of fixes) parts.push(`Fix: ${title}`)
  return parts.join('\n')
}

/**
 * 3.28 location
 *
 * @param {string} file
 * @param {number | undefined} line
 * @param {string} folder
 */
function locationOf(file, line, folder) {
  const place = placed(file, folder)
  const artifactLocation = place.inside
    ? { uri: place.path.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' }
    : { uri: pathToFileURL(place.path).href }
  return { physicalLocation: { artifactLocation, ...(line === undefined ? {} : { region: { startLine: line } }) } }
}

/**
 * @param {Finding} finding
 * @param {string} folder
 */
function fingerprint({ rule, certificate, location, message }, folder) {
  const file = location?.path === undefined ? '' : placed(location.path, folder).path
  const subject = certificate ?? message.replace(/\d+/g, '#')
  return createHash('sha256').update([rule, file, subject].join('\0')).digest('hex')
}

/**
 * Markdown without its marks.
 *
 * @param {string} markdown
 */
function plain(markdown) {
  return markdown
    .replace(/^```.*\n?/gm, '')
    .replace(/^#+ /gm, '')
    .replace(/`/g, '')
    .trim()
}

module.exports = { sarif }
