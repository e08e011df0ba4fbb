'use strict'

const { counted, escapeLine } = require('../../layout.js')
const { TITLES } = require('../../runtime.js')
const { CommandError } = require('../errors.js')
const { listed } = require('../options.js')
const { FORMAT, MIN_DAYS, STRICT, exitCode, formatted, sayExplain, wholeNumber } = require('../findings.js')
const { AT, PASSWORD_FILE, date, nodeVersion, passwordOf, runtimeName } = require('../values.js')

/**
 * @typedef {import('../../../index.js').CaFileReport} CaFileReport
 * @typedef {import('../../../index.js').InspectOptions} InspectOptions
 * @typedef {{ file: string, name: string, report: CaFileReport }} Inspected
 */

const STDIN = '-'

/** @type {import('../options.js').Command} */
const inspect = {
  name: 'inspect',
  usage: ['inspect FILE... [options]', 'inspect FILE --fix OUT [--force] [options]'],
  summary: 'Show what Node loads from a CA file, what it loses and why, and write a repaired copy',
  about:
    'Each block is shown with its line and what Node does with it as NODE_EXTRA_CA_CERTS: it is loaded; skipped, as Node looks for other labels; ' +
    'stopped, as Node gives up reading there; or lost, as Node never gets there or does not see it.\n' +
    'With --fix, the exit code is about the repaired copy.',
  positionals: { name: 'FILE', least: 1, most: Infinity, about: 'PEM, DER, PKCS#7 or PKCS#12; `-` is standard input' },
  options: {
    fix: { value: 'OUT', about: 'Write a clean copy of every certificate in FILE to OUT, and prove it by reading it back; `-` is standard output' },
    force: { about: 'Let OUT replace a file, FILE itself included' },
    runtime: { value: 'NAME', about: 'Read as this one does: node, bun or deno; default the running one' },
    node: { value: 'VERSION', about: 'Read as this Node does: 18, 24, 24.11.0; default the running one' },
    at: AT,
    'min-days': MIN_DAYS,
    'password-file': PASSWORD_FILE,
    strict: STRICT,
    format: FORMAT,
  },
  examples: [
    ['trust-anchors inspect corp-ca.pem', 'What does Node make of this file?'],
    ['trust-anchors inspect corp-ca.pem --fix corp-ca.fixed.pem', 'Write a copy that Node loads whole'],
    ["kubectl get configmap ca -o jsonpath='{.data.ca\\.crt}' | trust-anchors inspect -", 'Something that is not a file'],
    ['trust-anchors inspect certs/*.pem --strict --format github', 'In a GitHub workflow: annotate the files that are wrong'],
    ['trust-anchors inspect corp-ca.pem --runtime bun', 'What does Bun make of it, which drops a file for one fault?'],
    ['trust-anchors inspect corp-ca.pem --node 18 --at 2027-01-31', 'How will it be on another Node, on another day?'],
  ],
  async run(context, { values, positionals }) {
    const format = String(values.format ?? 'text')
    const strict = values.strict === true
    const fix = values.fix === undefined ? undefined : String(values.fix)
    if (values.force === true && fix === undefined) throw new CommandError('`--force` is about the file that `--fix` writes, and there is no `--fix`')
    if (fix !== undefined && positionals.length > 1) throw new CommandError(`\`--fix\` repairs one FILE, and ${positionals.length} are named`)
    if (positionals.filter((file) => file === STDIN).length > 1) throw new CommandError('standard input (`-`) can be read once only')
    const options = inspectOptions(values)
    /** @type {Inspected[]} */
    const inspected = []
    for (const file of positionals) inspected.push(await inspectOne(file, options, context))

    const reports = inspected.map(({ report }) => report)
    const findings = reports.flatMap((report) => report.findings)
    // With `--fix -` the certificates are the data.
    const show = fix === STDIN ? /** @type {typeof context.aside} */ ((make) => context.aside(make)) : /** @type {typeof context.aside} */ ((make) => context.print(make(context.out)))
    if (format === 'text') {
      const { caFileReport } = require('../../text.js')
      // Bun and Deno are read as the versions that the package knows.
      const node = (/** @type {CaFileReport} */ { runtime }) => (runtime === 'node' ? { node: `Node ${(options.node ?? process.versions.node).replace(/^v/, '')}` } : {})
      show((to) => inspected.map(({ name, report }) => caFileReport(report, { to, name, ...node(report) })).join('\n\n'))
      sayExplain(findings, context)
    } else if (format === 'json') show(() => require('../../reporters/json.js').json(reports))
    else if (format === 'github' || format === 'sarif') show(() => formatted(format, findings))

    if (format === 'text' && findings.some(({ rule }) => rule === 'ca-file-pkcs12-locked')) context.say('hint', '`--password-file FILE` opens a PKCS#12 file that has a password')
    const [only] = inspected
    if (fix !== undefined && only) return repair(only, fix, values.force === true, strict, options, context)
    return exitCode(findings, strict)
  },
}

/**
 * @param {Record<string, string | true | undefined>} values
 * @returns {InspectOptions}
 */
function inspectOptions({ node, runtime, at, 'min-days': minDays, 'password-file': passwordFile }) {
  const version = nodeVersion(node)
  const reader = runtimeName(runtime)
  if (version !== undefined && reader !== undefined && reader !== 'node') throw new CommandError(`\`--node\` is about Node, and \`--runtime\` asks for ${reader}`)
  const time = date(at)
  const minDaysLeft = wholeNumber(minDays, '--min-days')
  return {
    ...(version === undefined ? {} : { node: version }),
    ...(reader === undefined ? {} : { runtime: reader }),
    ...(time === undefined ? {} : { time }),
    ...(minDaysLeft === undefined ? {} : { minDaysLeft }),
    ...(passwordFile === undefined ? {} : { password: passwordOf(String(passwordFile)) }),
  }
}

/**
 * @param {string} file
 * @param {InspectOptions} options
 * @param {import('../context.js').Context} context
 * @returns {Promise<Inspected>}
 */
async function inspectOne(file, options, context) {
  const { inspectCaFile } = require('../../../index.js')
  if (file !== STDIN) return { file, name: file, report: await inspectCaFile(file, options) }
  const bytes = await context.readStdin()
  if (bytes === undefined) throw new CommandError('standard input is longer than 128 MiB, and no CA file is')
  return { file, name: '(standard input)', report: await inspectCaFile(bytes, options) }
}

/**
 * Writes the clean copy, and lets Node's reading of it be the proof.
 *
 * @param {Inspected} inspected
 * @param {string} out
 * @param {boolean} force
 * @param {boolean} strict
 * @param {InspectOptions} options
 * @param {import('../context.js').Context} context
 */
async function repair({ file, name, report }, out, force, strict, options, context) {
  if (report.found.length === 0) {
    context.say('error', `no certificate was found in ${escapeLine(name)}, so there is nothing to write to ${escapeLine(out === STDIN ? 'standard output' : out)}`)
    return 1
  }
  const { inspectCaFileSync } = require('../../../index.js')
  const text = report.repaired ?? report.found.map(({ pem }) => pem).join('')
  // The repaired text leaves out what anchors nothing: certificates that are neither a CA's nor self-signed.
  const kept = report.repaired === null ? report.found : report.found.filter(({ ca, selfSigned }) => ca || selfSigned)
  const wanted = kept.map(({ sha256 }) => sha256)
  // Node 18 and 20 warn about an invalid certificate beside its namesake, and load both.
  const isQuiet = (/** @type {CaFileReport} */ copy) =>
    copy.nodeWarning === null || copy.findings.some(({ rule }) => rule === 'certificate-invalid-extension')
  /** @param {CaFileReport} copy */
  const holds = (copy) => {
    const list = (/** @type {CaFileReport['found']} */ certificates) => certificates.map(({ sha256 }) => sha256).join()
    return list(copy.loadedByNode) === list(copy.found) && new Set(wanted).size === new Set(copy.found.map(({ sha256 }) => sha256)).size &&
      wanted.every((sha256) => copy.found.some((certificate) => certificate.sha256 === sha256)) && isQuiet(copy)
  }
  // Once before anything is written, and once from the file.
  const draft = inspectCaFileSync(Buffer.from(text), options)
  if (!holds(draft)) throw new CommandError('the clean copy does not read back as what was found; nothing is written')
  const remaining = [...new Set(draft.findings.filter((finding) => exitCode([finding], strict) === 1).map(({ rule }) => rule))]
  const sayRemaining = () => {
    if (remaining.length > 0) context.say('note', `rewriting mends no ${listed(remaining)}: that is left to do`)
  }
  if (out === STDIN) {
    context.print(text)
    sayRemaining()
    return exitCode(draft.findings, strict)
  }
  const { writeFile } = require('../write.js')
  writeFile(out, text, { force, inputs: file === STDIN ? [] : [{ path: file, what: 'the file that is inspected' }] })
  const copy = inspectCaFileSync(out, options)
  if (!holds(copy)) throw new CommandError(`\`${out}\` does not read back as what was found; do not use it`)
  const all = copy.loadedByNode.length
  const before = report.repaired === null ? ', as it did before' : `, where it loaded ${report.loadedByNode.length} before`
  context.say('note', `wrote ${escapeLine(out)}; read back, ${TITLES[copy.runtime]} loads ${all === 1 ? 'the one certificate in it' : `all ${counted(all, 'certificate')} in it`}${before}`)
  sayRemaining()
  return exitCode(copy.findings, strict)
}

module.exports = inspect
