'use strict'

const { escapeLine } = require('../layout.js')
const { placed } = require('./place.js')

/** @typedef {import('../../index.js').Finding} Finding */

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' }

/**
 * Findings as the workflow commands that make GitHub annotations. Escaped as the runner unescapes them (actions/runner,
 * src/Runner.Common/ActionCommand.cs): in data `%`, CR and LF; in properties `:` and `,` as well. What comes from a file cannot begin a
 * command of its own that way.
 *
 * @param {Finding[]} findings
 * @param {{ folder: string }} options `folder`: what file names are relative to
 */
function github(findings, { folder }) {
  return findings.map((finding) => annotation(finding, folder)).join('\n')
}

/**
 * @param {Finding} finding
 * @param {string} folder
 */
function annotation({ rule, severity, message, detail, location, fixes }, folder) {
  /** @type {[string, string][]} */
  const properties = []
  if (location?.path !== undefined) {
    properties.push(['file', escapeLine(placed(location.path, folder).path)])
    if (location.line !== undefined) properties.push(['line', String(location.line)])
  }
  properties.push(['title', `trust-anchors: ${rule}`])
  const lines = [escapeLine(message)]
  if (location?.path === undefined && location?.line !== undefined) lines.push(`line ${location.line}`)
  if (detail !== undefined) lines.push(...detail.split('\n').map(escapeLine))
  for (const fix of fixes) {
    lines.push(`fix: ${escapeLine(fix.title)}`)
    // Annotations are read on a page: the runner's own shell is the one that helps there.
    const command = fix.commands?.find(({ shell }) => shell === 'bash') ?? fix.commands?.[0]
    if (command) lines.push(...command.text.replace(/\n$/, '').split('\n').map((line) => `  ${escapeLine(line)}`))
  }
  const list = properties.map(([name, value]) => `${name}=${escapeProperty(value)}`).join(',')
  return `::${COMMANDS[severity]} ${list}::${escapeData(lines.join('\n'))}`
}

/** @param {string} text */
function escapeData(text) {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')
}

/** @param {string} text */
function escapeProperty(text) {
  return escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C')
}

module.exports = { github }
