'use strict'

const { escapeLine } = require('../../layout.js')
const { STDIN, readChain, readTrust } = require('../chain-file.js')
const { CommandError } = require('../errors.js')
const { FORMAT, STRICT, exitCode, formatted } = require('../findings.js')
const { AT, PASSWORD_FILE, date, nodeVersion, passwordOf } = require('../values.js')

/**
 * @typedef {import('../../../index.js').Finding} Finding
 * @typedef {import('../../../index.js').StoreName} StoreName
 * @typedef {import('../../../index.js').Verdict} Verdict
 * @typedef {import('../chain-file.js').ChainFile} ChainFile
 * @typedef {import('../diagnose.js').Trust} Trust
 * @typedef {{ chain: ChainFile, diagnosis: import('../../verdict-text.js').Diagnosis }} Diagnosed
 */

const STORES = ['bundled', 'system', 'extra', 'merged']
const PURPOSES = ['server', 'client']

/** @type {import('../options.js').Command} */
const diagnose = {
  name: 'diagnose',
  usage: ['diagnose FILE... [--hostname NAME] [--ca FILE]... [options]'],
  summary: 'Say what Node says about a certificate chain in a file, where on the path it fails, and what fixes it',
  about:
    'A FILE holds what a server sends: its certificate first, then the intermediates, in the order of the file. Each FILE is a chain of its own; parts of one chain are ' +
    'put together by `cat server.pem intermediate.pem | trust-anchors diagnose -`. Live servers are not diagnosed yet.\n' +
    'Without --ca and --store the chain is judged by what a Node started from here trusts.',
  positionals: { name: 'FILE', least: 1, most: Infinity, about: 'PEM, DER, PKCS#7 or PKCS#12; `-` is standard input' },
  options: {
    hostname: { value: 'NAME', about: 'The host name or address that the client asks for; left out, names are not checked' },
    ca: { value: 'FILE', many: true, about: 'Trust this file as a `ca` option, in place of what Node trusts by default; may be given more than once' },
    store: {
      value: 'STORE',
      choices: STORES,
      about: '`bundled` (the list in this Node), `system`, `extra` (NODE_EXTRA_CA_CERTS) or `merged` (all of them); with --ca, besides it',
    },
    at: { ...AT, about: 'Judge as on this day: 2027-01-31, 2027-01-31T12:00:00Z; default now' },
    node: { value: 'VERSION', about: 'What this Node says: 18, 24, 24.11.0; default the running one' },
    purpose: { value: 'PURPOSE', choices: PURPOSES, about: '`server` (default): a client judges a server; `client`: a server judges a client' },
    'allow-partial-trust-chain': { about: "Node's option `allowPartialTrustChain`: any trusted certificate ends a path" },
    'password-file': PASSWORD_FILE,
    strict: STRICT,
    format: FORMAT,
  },
  examples: [
    ['trust-anchors diagnose fullchain.pem --hostname www.example.com', 'Will Node clients accept what this server sends?'],
    ['trust-anchors diagnose server.pem --hostname db.internal --ca company-ca.pem --node 24', 'With a `ca` option, on another Node'],
    ['trust-anchors diagnose fullchain.pem --hostname www.example.com --at 2027-03-01', 'And next spring?'],
    [
      'openssl s_client -connect www.example.com:443 -servername www.example.com -showcerts </dev/null | trust-anchors diagnose - --hostname www.example.com',
      'What a server sends right now',
    ],
  ],
  async run(context, { values, lists, positionals }) {
    const format = String(values.format ?? 'text')
    const strict = values.strict === true
    const files = [...positionals, ...(lists.ca ?? [])]
    if (files.filter((file) => file === STDIN).length > 1) throw new CommandError('standard input (`-`) can be read once only')
    const question = questionOf(values)
    const reading = values['password-file'] === undefined ? {} : { password: passwordOf(String(values['password-file'])) }
    const chains = []
    for (const file of positionals) chains.push(await readChain(file, reading, context))
    const trusted = []
    for (const file of lists.ca ?? []) trusted.push(await readTrust(file, {}, context))
    const { trustOf } = require('../diagnose.js')
    const trust = trustOf(trusted, /** @type {StoreName | undefined} */ (values.store), question.node)
    const diagnosed = chains.map((chain) => diagnoseOne(chain, question, trust))

    const findings = diagnosed.flatMap(({ diagnosis }) => diagnosis.findings)
    if (format === 'text') {
      const { diagnosis: text } = require('../../verdict-text.js')
      context.print(diagnosed.map(({ diagnosis }) => text(diagnosis, context.out)).join('\n\n'))
    } else if (format === 'json') context.print(require('../../reporters/json.js').json(diagnosed.map(asJson)))
    else if (format === 'github' || format === 'sarif') context.print(formatted(format, findings))
    for (const { warnings } of trusted) for (const warning of warnings) context.say('warning', escapeLine(warning))
    if (format === 'text') sayHints(diagnosed, question, context)
    return diagnosed.some(({ diagnosis }) => !diagnosis.verdict.ok) ? 1 : exitCode(findings, strict)
  },
}

/** @param {Record<string, string | true | undefined>} values */
function questionOf({ hostname, at, node, purpose, 'allow-partial-trust-chain': partial }) {
  const name = hostname === undefined ? undefined : String(hostname)
  if (name !== undefined && /[\s/]|:\d+$/.test(name) && !/^[0-9a-f:]+$/i.test(name)) {
    throw new CommandError(`\`--hostname\` is a name or an address, and \`${name}\` is neither`, ['leave out the scheme, the port and the path: `www.example.com`'])
  }
  if (name !== undefined && purpose === 'client') throw new CommandError('`--hostname` says nothing of a client: a server compares no name')
  const time = date(at)
  return {
    ...(name === undefined ? {} : { hostname: name }),
    node: (nodeVersion(node) ?? process.versions.node).replace(/^v/, ''),
    purpose: /** @type {'server' | 'client'} */ (purpose ?? 'server'),
    time: `${(time === undefined ? new Date() : new Date(time)).toISOString().slice(0, 19)}Z`,
    allowPartialTrustChain: partial === true,
  }
}

/**
 * @param {ChainFile} chain
 * @param {ReturnType<typeof questionOf>} question
 * @param {Trust} trust
 * @returns {Diagnosed}
 */
function diagnoseOne(chain, question, trust) {
  const { judge } = require('../diagnose.js')
  const { verdict, perspectives } = judge(chain.pieces, trust, question)
  for (const element of verdict.path) {
    const known = element.presented === null ? trust.sourcesOf(element.sha256) : []
    // A list is read as a `ca` option; where it stands in that says nothing.
    element.sources = known.length > 0 ? known : element.sources.filter(({ store }) => store !== 'ca')
  }
  const findings = verdict.findings.map((finding) => {
    const location = finding.location ?? placeOf(finding, chain.sent, verdict)
    return location === undefined ? finding : { ...finding, location }
  })
  return {
    chain,
    diagnosis: {
      name: chain.name,
      format: chain.format,
      question: { ...question, store: trust.name, trust: trust.words },
      verdict,
      perspectives,
      sent: chain.sent,
      notes: chain.notes,
      findings,
    },
  }
}

/**
 * Where the certificate of a finding stands: in the chain's file, or in that of the store it was taken from.
 *
 * @param {Finding} finding
 * @param {readonly import('../../verdict-text.js').Sent[]} sent
 * @param {Pick<Verdict, 'depth' | 'path' | 'stage'>} verdict
 * @returns {Finding['location']}
 */
function placeOf({ actor, certificate: sha256 }, sent, { depth, path: elements, stage }) {
  if (sha256 === undefined) return undefined
  // What ends a handshake is nobody's certificate.
  if (stage === 'handshake' && depth !== null) return located(sent[depth])
  const inChain = sent.find(({ certificate }) => certificate?.sha256 === sha256)
  const inStore = elements.find((entry) => entry.sha256 === sha256)?.sources.find(({ path }) => path !== undefined)
  // Who must act has the file.
  return located(actor === 'server' ? (inChain ?? inStore) : (inStore ?? inChain))
}

/** @param {{ path?: string, line?: number } | undefined} place */
function located(place) {
  const { line, path } = place ?? {}
  if (path === undefined && line === undefined) return undefined
  return { ...(path === undefined ? {} : { path }), ...(line === undefined ? {} : { line }) }
}

/**
 * What `explain` knows the verdict by: its code, or where Node calls many errors `UNSPECIFIED`, OpenSSL's name of it.
 *
 * @param {Verdict} verdict
 */
function entryOf({ code, reason }) {
  if (code !== 'UNSPECIFIED' || reason === null) return code
  return require('../../../index.js').explain({ code, reason, message: reason }, { env: {} }).name ?? code
}

/** @param {Diagnosed} diagnosed */
function asJson({ chain, diagnosis: { question, verdict, perspectives, sent, findings } }) {
  const { ok, code, reason, stage, depth, errors, path, mismatch, undetermined } = verdict
  const used = new Set(path.map(({ presented }) => presented))
  const { trust, ...asked } = question
  return {
    ...(chain.path === undefined ? {} : { file: chain.path }),
    format: chain.format,
    privateKeys: chain.keys,
    question: asked,
    verdict: { ok, code, reason, stage, depth, errors, path, mismatch, undetermined },
    sent: sent.map(({ certificate, line }, position) => ({
      position,
      ...(line === undefined ? {} : { line }),
      sha256: certificate?.sha256 ?? null,
      subject: certificate?.subject ?? null,
      used: used.has(position),
    })),
    perspectives,
    findings,
  }
}

/**
 * @param {Diagnosed[]} diagnosed
 * @param {ReturnType<typeof questionOf>} question
 * @param {import('../context.js').Context} context
 */
function sayHints(diagnosed, question, context) {
  if (question.hostname === undefined && question.purpose === 'server') context.say('hint', '`--hostname NAME` checks the name, too')
  const failed = diagnosed.find(({ diagnosis }) => diagnosis.verdict.code !== null)
  if (failed) context.say('hint', `\`trust-anchors explain ${entryOf(failed.diagnosis.verdict)}\` explains a code`)
}

module.exports = diagnose
