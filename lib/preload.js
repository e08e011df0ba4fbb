'use strict'

const fs = require('node:fs')

/** `off`, `strict`, or anything else for the default. */
const MODE = 'TRUST_ANCHORS_PREFLIGHT'
/** What has been printed, so that child processes, which inherit it, do not print the same again. */
const PRINTED = 'TRUST_ANCHORS_PREFLIGHT_PRINTED'

/**
 * @typedef {import('../index.js').Finding} Finding
 */

/** @param {string} text */
function print(text) {
  try {
    fs.writeSync(2, text)
  } catch {
    // A closed or full stderr must not keep the program from running.
  }
}

/**
 * The commands of this platform's shell alone, and the two safest ways: enough for a terminal; `npx trust-anchors` shows all.
 *
 * @param {Finding} finding
 * @returns {Finding}
 */
function shortened(finding) {
  const shell = process.platform === 'win32' ? 'powershell' : 'bash'
  const fixes = finding.fixes
    .map((fix) => (fix.commands ? { ...fix, commands: fix.commands.filter((command) => command.shell === shell) } : fix))
    .filter(({ commands, code }) => commands?.length !== 0 || code !== undefined)
    .slice(0, 2)
  const lines = finding.detail?.split('\n') ?? []
  const detail = lines.length > 6 ? [...lines.slice(0, 5), `and ${lines.length - 5} more`].join('\n') : finding.detail
  return { ...finding, fixes, ...(detail === undefined ? {} : { detail }) }
}

/** @param {string} text */
function digest(text) {
  let hash = 5381
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 33) ^ text.charCodeAt(index)) >>> 0
  return hash.toString(16)
}

/** @param {Finding[]} findings */
function described(findings) {
  const { escapeLine, surface } = require('./layout.js')
  const { findings: lines } = require('./text.js')
  const terminal = require('node:tty').isatty(2)
  const color = terminal && process.env.NO_COLOR === undefined && process.env.TERM !== 'dumb'
  const program = process.argv[1] === undefined ? 'the program' : escapeLine(process.argv[1])
  return `trust-anchors: before ${program} runs\n\n${lines(findings.map(shortened), surface({ color }))}\n\n`
}

/**
 * Why the preflight itself failed: of an addon that does not load the loader tells much, and the permission model is one of its causes.
 *
 * @param {unknown} error
 */
function reason(error) {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    // The generated loader keeps the messages of its attempts and not their codes.
    if (cause.message.includes('loading addons is disabled')) return 'Node is started with --permission, and an addon needs --allow-addons'
  }
  return error instanceof Error ? error.message : String(error)
}

/** Looks, prints errors and warnings, and in strict mode ends the process with status 1 when there are any. */
function preload() {
  const mode = process.env[MODE]
  if (mode === 'off') return
  let findings
  try {
    // Node's own list is left out: asking for it would load `tls`, and with that make Node read its CA files before the program has had a
    // chance to.
    findings = require('./preflight.js').preflightSync(undefined, { nodeRoots: false }).findings.filter(({ severity }) => severity !== 'info')
    if (findings.length === 0) return
    const hash = digest(findings.map(({ rule, message }) => `${rule}\0${message}`).join('\0'))
    if (process.env[PRINTED] !== hash || mode === 'strict') {
      print(described(findings))
      process.env[PRINTED] = hash
    }
  } catch (error) {
    print(`trust-anchors: the preflight could not run: ${reason(error)}\n`)
    return
  }
  if (mode === 'strict') process.exit(1)
}

module.exports = { preload }
