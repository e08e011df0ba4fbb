'use strict'

const { TOOLS, settings } = require('../../doctor/settings.js')
const { columns, counted, escapeLine, wrap } = require('../../layout.js')

/**
 * @typedef {import('../../../index.js').Certificate} Certificate
 * @typedef {import('../../doctor/settings.js').Setting & { exists: boolean, certificates: number, missing: Certificate[] }} Examined
 */

const MOST_NAMED = 3

/** @type {import('../options.js').Command} */
const doctor = {
  name: 'doctor',
  usage: ['doctor [--format FORMAT]'],
  summary: 'Show which CA file npm, yarn, pnpm, git, pip, curl, AWS CLI and Docker use on this machine, and whether the CAs that you need are in it',
  about:
    'The CAs that you need are those that NODE_EXTRA_CA_CERTS or the system has beyond the public lists: what a company adds. A tool that is told no file trusts what it trusts by itself. ' +
    'Java has a key store of its own: `keytool -list -cacerts` shows it.',
  positionals: null,
  options: { format: { value: 'FORMAT', choices: ['text', 'json'], about: '`text` (default) or `json`' } },
  examples: [['trust-anchors doctor', 'npm works and git does not: who trusts what?']],
  async run(context, { values }) {
    const needed = privateAuthorities(context.env)
    const examined = settings({ env: context.env }).map((setting) => examine(setting, needed))
    if (values.format === 'json') context.print(require('../../reporters/json.js').json({ needed, settings: examined }))
    else context.print(report(examined, needed, context.out))
    return examined.some(({ exists, missing }) => !exists || missing.length > 0) ? 1 : 0
  },
}

/**
 * What this machine trusts beyond the public lists.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function privateAuthorities(env) {
  const { loadTrustStoreSync } = require('../../../index.js')
  const { isPublicRoot } = require('../../native.js')
  return loadTrustStoreSync({ bundled: false, env }).certificates.filter(({ ca, selfSigned, sha256 }) => ca && selfSigned && !isPublicRoot(sha256))
}

/**
 * @param {import('../../doctor/settings.js').Setting} setting
 * @param {Certificate[]} needed
 * @returns {Examined}
 */
function examine(setting, needed) {
  const { inspectCaFileSync } = require('../../../index.js')
  const exists = require('node:fs').existsSync(setting.file)
  const { found, loadedByNode } = exists ? inspectCaFileSync(setting.file, { runtime: 'node' }) : { found: [], loadedByNode: [] }
  // Node reads in its own way; the others read what is there.
  const held = setting.tool === 'Node' || setting.tool === 'VS Code' ? loadedByNode : found
  const has = new Set(held.map(({ sha256 }) => sha256))
  // A registry's folder is for that registry alone.
  const missing = setting.tool === 'Docker' ? [] : needed.filter(({ sha256 }) => !has.has(sha256))
  return { ...setting, exists, certificates: held.length, missing }
}

/**
 * @param {Examined[]} examined
 * @param {Certificate[]} needed
 * @param {import('../../layout.js').Surface} to
 */
function report(examined, needed, to) {
  const out = wrap(
    needed.length === 0
      ? 'This machine has no CA beyond the public lists: neither NODE_EXTRA_CA_CERTS nor the system adds one'
      : `What this machine adds to the public lists: ${named(needed)}`,
    to.width,
  )
  const width = Math.max(...TOOLS.map(columns)) + 2
  for (const tool of TOOLS) {
    const own = examined.filter((setting) => setting.tool === tool)
    out.push('')
    const head = to.paint('bold', tool) + ' '.repeat(width - columns(tool))
    if (own.length === 0) out.push(head + to.paint('dim', 'is told no file, and trusts what it trusts by itself'))
    for (const [index, setting] of own.entries()) {
      const [state, style] = stateOf(setting, needed)
      const lines = [
        ...wrap(escapeLine(setting.file), to.width - width),
        ...wrap(`by ${escapeLine(setting.setting)}${setting.origin === 'environment' ? '' : ` in ${escapeLine(setting.origin)}`}`, to.width - width).map((line) => to.paint('dim', line)),
        ...wrap(state, to.width - width).map((line) => to.paint(style, line)),
      ]
      out.push(...lines.map((line, at) => (at === 0 && index === 0 ? head : ' '.repeat(width)) + line))
    }
  }
  if (examined.some(({ exists, missing }) => !exists || missing.length > 0)) {
    out.push('', 'One file that holds everything, for all of them:', '', '  trust-anchors export -o all-ca.pem', '', 'or for one command:', '', '  trust-anchors run -- COMMAND')
  }
  return out.join('\n')
}

/**
 * @param {Examined} setting
 * @param {Certificate[]} needed
 * @returns {[string, 'green' | 'red' | 'yellow']}
 */
function stateOf({ exists, certificates, missing }, needed) {
  if (!exists) return ['does not exist: the tool trusts nothing, or ends with an error', 'red']
  if (certificates === 0) return ['holds no certificate that the tool can read', 'red']
  if (missing.length > 0) return [`${counted(certificates, 'certificate')}, without ${named(missing)}`, 'red']
  return [`${counted(certificates, 'certificate')}${needed.length === 0 ? '' : ', what this machine adds among them'}`, 'green']
}

/** @param {Certificate[]} certificates */
function named(certificates) {
  const names = certificates.slice(0, MOST_NAMED).map(({ subject }) => `\`${escapeLine(subject)}\``)
  const left = certificates.length - names.length
  return left > 0 ? `${names.join(', ')} and ${left} more` : names.join(', ')
}

module.exports = doctor
