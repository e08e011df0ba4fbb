'use strict'

const { readFileSync } = require('node:fs')

const { escapeLine } = require('../../layout.js')
const { STDIN, readChain, readTrust } = require('../chain-file.js')
const { MANY, outputOf, sayHints } = require('../diagnose-output.js')
const { CommandError } = require('../errors.js')
const { FORMAT, MIN_DAYS, STRICT, exitCode, wholeNumber } = require('../findings.js')
const { isAddress, listedTargets } = require('../targets.js')
const { AT, PASSWORD_FILE, date, nodeVersion, passwordOf, secondsOf } = require('../values.js')
const { wantedFile } = require('../write-ca.js')

/**
 * @typedef {import('../../../index.js').Diagnosis} Diagnosis
 * @typedef {import('../../../index.js').StoreName} StoreName
 * @typedef {import('../context.js').Context} Context
 * @typedef {import('../diagnose.js').Result} Result
 * @typedef {import('../options.js').Given} Given
 */

const STORES = ['bundled', 'system', 'extra', 'merged']
const PURPOSES = ['server', 'client']
const STARTTLS = ['postgres', 'mysql', 'smtp', 'imap', 'pop3', 'ldap']
const FORMATS = /** @type {const} */ (['text', 'json', 'ndjson', 'github', 'sarif'])
const CONCURRENCY = 64

const FOR_FILES = ['hostname', 'purpose']
const FOR_SERVERS = [
  'starttls', 'proxy', 'no-proxy', 'servername', 'connect-to', 'all-addresses', 'cert', 'key', 'pfx', 'timeout', 'observe', 'no-observe', 'look-further',
  'min-days', 'concurrency', 'fetch-missing', 'write-ca', 'save-ca',
]

/** @type {import('../options.js').Command} */
const diagnose = {
  name: 'diagnose',
  usage: ['diagnose TARGET... [options]', 'diagnose FILE... [--hostname NAME] [options]'],
  summary: 'Say what Node says about a server or a certificate chain, where on the path it fails, who must act, and what fixes it',
  about:
    'A TARGET is the address of a server: `example.com`, `db.internal:5432`, `https://…`, `postgres://…`, `smtp://…` and their like. It is connected to, and nothing is sent but ' +
    'the handshake and its STARTTLS preamble.\n' +
    'A FILE holds what a server sends: its certificate first, then the intermediates. Parts of one chain are put together by ' +
    '`cat server.pem intermediate.pem | trust-anchors diagnose -`.\n' +
    'Without --ca and --store the chain is judged by what a Node started from here trusts. ' +
    `More than ${MANY} targets are connected to once each, for a table of the answers; --observe and --look-further add what a single one gets.`,
  positionals: { name: 'TARGET', least: 0, most: Infinity, about: 'A server, or a file (PEM, DER, PKCS#7 or PKCS#12; `-` is standard input); what is there as a file is that file' },
  options: {
    targets: { value: 'FILE', about: 'More targets, one a line, `#` begins a comment; `-` is standard input' },
    servername: { value: 'NAME', about: 'The name that is asked for (SNI) and compared with the certificate; default the host of the target' },
    'connect-to': { value: 'HOST[:PORT]', about: "Connect there in place of the target's host and port" },
    'all-addresses': { about: 'Look at every address of the name' },
    starttls: { value: 'PROTOCOL', choices: STARTTLS, about: 'The preamble before TLS: postgres, mysql, smtp, imap, pop3 or ldap; default what scheme or port says' },
    proxy: { value: 'URL', about: 'An HTTP proxy; default HTTPS_PROXY unless NO_PROXY names the host' },
    'no-proxy': { about: 'Use no proxy, whatever the environment says' },
    ca: { value: 'FILE', many: true, about: 'Trust this file as a `ca` option, in place of what Node trusts by default; may be given more than once' },
    store: {
      value: 'STORE',
      choices: STORES,
      about: '`bundled` (the list in this Node), `system`, `extra` (NODE_EXTRA_CA_CERTS) or `merged` (all of them); with --ca, besides it',
    },
    at: { ...AT, about: 'Judge as on this day: 2027-01-31, 2027-01-31T12:00:00Z; default now' },
    node: { value: 'VERSION', about: 'What this Node says: 18, 24, 24.11.0; default the running one' },
    'allow-partial-trust-chain': { about: "Node's option `allowPartialTrustChain`: any trusted certificate ends a path" },
    cert: { value: 'FILE', about: 'A client certificate, PEM, with its chain' },
    key: { value: 'FILE', about: 'Its key, PEM' },
    pfx: { value: 'FILE', about: 'Both in a PKCS#12 file' },
    'password-file': { ...PASSWORD_FILE, about: 'The first line of this file is the password of a PKCS#12 file or of the key' },
    timeout: { value: 'SECONDS', about: 'The longest that one target may take; default 20' },
    'no-observe': { about: "Do not connect with this Node's own `tls.connect` beside the prediction" },
    observe: { about: `Do so for more than ${MANY} targets, too` },
    'look-further': { about: `Look for more than ${MANY} targets, too, at TLS versions and at the answer without a server name` },
    'fetch-missing': { about: 'Fetch what the server should have sent from where its certificates say it is (AIA, over HTTP), and prove what mends it' },
    'write-ca': { value: 'FILE', about: 'Write the smallest PEM that makes Node accept the server as NODE_EXTRA_CA_CERTS, and prove it by a connection from a fresh Node' },
    'save-ca': { value: 'FILE', about: 'The same for the CA of what inspects TLS on the way, once its fingerprint is confirmed' },
    fingerprint: { value: 'SHA256', about: 'The SHA-256 that the operator of the CA says it has: any other is not written' },
    yes: { about: 'Save the CA without a confirmed fingerprint' },
    'allow-leaf': { about: "Let FILE hold the server's own certificate, where nothing else helps" },
    html: { value: 'FILE', about: 'Write it on one page as well, for a ticket or a mail: the chain drawn, the fixes with copy buttons' },
    force: { about: 'Let FILE replace a file that exists' },
    'all-fixes': { about: 'Show each fix for every place: Dockerfiles, docker-compose, Kubernetes, GitHub Actions, systemd' },
    concurrency: { value: 'N', about: `How many targets at a time; default ${CONCURRENCY}` },
    'min-days': MIN_DAYS,
    hostname: { value: 'NAME', about: 'Of a file: the host name or address that the client asks for; left out, names are not checked' },
    purpose: { value: 'PURPOSE', choices: PURPOSES, about: 'Of a file: `server` (default): a client judges a server; `client`: a server judges a client' },
    strict: STRICT,
    format: { ...FORMAT, choices: FORMATS, about: '`text` (default), `json`, `ndjson` (a line a target, as they come), `github` (annotations of a GitHub workflow) or `sarif` (2.1.0, for code scanning)' },
  },
  examples: [
    ['trust-anchors diagnose example.com', 'Why does this Node refuse it, and what fixes that?'],
    ['trust-anchors diagnose example.com --fetch-missing --write-ca extra-ca.pem', 'Its intermediate is missing: the whole chain for the server, and a file until it sends that'],
    ['trust-anchors diagnose postgres://db.internal --ca company-ca.pem --node 24', 'A database, with a `ca` option, on another Node'],
    ['trust-anchors diagnose --targets hosts.txt --min-days 60 --format ndjson', 'Everything that we run: what fails, and what will within two months?'],
    ['trust-anchors diagnose fullchain.pem --hostname www.example.com --at 2027-03-01', 'Will Node clients accept what this server sends next spring?'],
  ],
  async run(context, { values, lists, positionals }) {
    const { files, listed } = await askedFor(values, lists, positionals, context)
    const question = questionOf(values)
    const password = values['password-file'] === undefined ? undefined : passwordOf(String(values['password-file']))
    const chains = []
    for (const file of files) chains.push(await readChain(file, password === undefined ? {} : { password }, context))
    /** @type {Awaited<ReturnType<typeof readTrust>>[]} */
    const trusted = []
    for (const file of lists.ca ?? []) trusted.push(await readTrust(file, {}, context))
    const store = /** @type {StoreName | undefined} */ (values.store)
    const { trustOf } = require('../diagnose.js')
    const trust = trustOf(trusted, store, question.node)
    const wanted = wantedFile(values)
    if (wanted !== undefined && files.length + listed.length > 1) throw new CommandError(`\`--${wanted.ofInspection ? 'save' : 'write'}-ca\` is about one server, and several are named`)
    const output = outputOf(String(values.format ?? 'text'), files.length + listed.length, { ...context, out: { ...context.out, everyPlatform: values['all-fixes'] === true } })
    /** @type {CommandError | undefined} */
    let notWritten

    const ofFiles = chains.map((chain) => require('../diagnose-files.js').diagnoseFile(chain, question, trust))
    ofFiles.forEach((result) => output.add(result))
    const { results, interrupted } = listed.length === 0 ? { results: [], interrupted: false } : await servers()
    const all = [...ofFiles, ...results]
    output.end(all)
    if (values.html !== undefined) writePage(String(values.html), all, { inputs: [...files, ...(lists.ca ?? [])], force: values.force === true }, context)
    for (const { warnings } of trusted) for (const warning of warnings) context.say('warning', escapeLine(warning))
    if (interrupted) context.say('warning', `interrupted: ${results.length} of ${listed.length} targets were diagnosed`)
    if (output.isText) sayHints(all, files.length > 0 && question.hostname === undefined && question.purpose === 'server', values, context)
    if (notWritten !== undefined) throw notWritten
    if (interrupted) return 2
    return all.some(({ ok }) => !ok) ? 1 : exitCode(all.flatMap(({ findings }) => findings), values.strict === true)

    async function servers() {
      const { diagnoseServers, observedTrust } = require('../diagnose-live.js')
      const isMany = listed.length > MANY
      const options = liveOptions(values, password, isMany)
      const concurrency = countOf(values.concurrency, '--concurrency', CONCURRENCY, 1024)
      if (isMany && output.isText && !(values.observe && values['look-further'])) {
        context.say('note', `${listed.length} targets are connected to once each; --observe and --look-further add what a single one gets`)
      }
      const bar = context.progress(listed.length)
      return diagnoseServers(listed, { options, trust, observed: observedTrust(trusted, store), concurrency, bar, onDiagnosis, onResult })

      /** @param {Result} result */
      function onResult(result) {
        if (output.streams) bar.clear()
        output.add(result)
      }

      /** @param {Diagnosis} diagnosis @param {AbortSignal} signal */
      async function onDiagnosis(diagnosis, signal) {
        if (wanted === undefined) return
        bar.clear()
        try {
          await require('../write-ca.js').writeCa(diagnosis, wanted, context, signal)
        } catch (error) {
          // What was found is shown first.
          if (!(error instanceof CommandError)) throw error
          notWritten = error
        }
      }
    }
  },
}

/**
 * The files and the servers that are named, in their order.
 *
 * @param {Given['values']} values
 * @param {Given['lists']} lists
 * @param {string[]} positionals
 * @param {Context} context
 */
async function askedFor(values, lists, positionals, context) {
  const readers = [...positionals, ...(lists.ca ?? []), ...(values.targets === undefined ? [] : [String(values.targets)])]
  if (readers.filter((file) => file === STDIN).length > 1) throw new CommandError('standard input (`-`) can be read once only')
  /** @type {import('../diagnose-live.js').Listed[]} */
  const listed = positionals.filter(isAddress).map((target) => ({ target }))
  const files = positionals.filter((text) => !isAddress(text))
  if (values.targets !== undefined) listed.push(...(await listedTargets(String(values.targets), context)))
  if (listed.length + files.length === 0) {
    if (values.targets !== undefined) throw new CommandError('the list of targets is empty')
    throw new CommandError('`diagnose` needs a TARGET', ['`trust-anchors diagnose --help` shows how it is used'])
  }
  const misplaced = (/** @type {string[]} */ names) => names.find((name) => values[name] !== undefined)
  const ofFiles = files.length === 0 ? misplaced(FOR_FILES) : undefined
  if (ofFiles !== undefined) throw new CommandError(`\`--${ofFiles}\` is about a file`, ofFiles === 'hostname' ? ['of a server, `--servername` says which name is asked for'] : [])
  const ofServers = listed.length === 0 ? misplaced(FOR_SERVERS) : undefined
  if (ofServers !== undefined) throw new CommandError(`\`--${ofServers}\` is about a server, and only files are named`)
  for (const [one, other] of [['proxy', 'no-proxy'], ['observe', 'no-observe']]) {
    if (values[String(one)] !== undefined && values[String(other)] !== undefined) throw new CommandError(`\`--${one}\` and \`--${other}\` say the opposite`)
  }
  return { files, listed }
}

/**
 * How a chain is judged.
 *
 * @param {Given['values']} values
 */
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
 * The options of `diagnose` that were asked for.
 *
 * @param {Given['values']} values
 * @param {string | undefined} password
 * @param {boolean} isMany
 */
function liveOptions(values, password, isMany) {
  const text = (/** @type {string} */ name) => (values[name] === undefined ? undefined : String(values[name]))
  const bytes = (/** @type {string} */ name) => (values[name] === undefined ? undefined : read(String(values[name]), name))
  const days = wholeNumber(values['min-days'], '--min-days')
  return {
    servername: text('servername'),
    connectTo: text('connect-to'),
    starttls: text('starttls'),
    proxy: values['no-proxy'] === true ? false : text('proxy'),
    cert: bytes('cert'),
    key: bytes('key'),
    pfx: bytes('pfx'),
    passphrase: password,
    allAddresses: values['all-addresses'] === true,
    allowPartialTrustChain: values['allow-partial-trust-chain'] === true,
    node: nodeVersion(values.node),
    time: date(values.at),
    minDaysLeft: days,
    timeout: secondsOf(values.timeout),
    observe: values['no-observe'] === true ? false : !isMany || values.observe === true,
    lookFurther: !isMany || values['look-further'] === true,
    fetchMissing: values['fetch-missing'] === true,
    // The file that is written is what is tried.
    prove: !isMany && values['fetch-missing'] === true && values['write-ca'] === undefined && values['save-ca'] === undefined,
  }
}

/**
 * @param {string} name
 * @param {Result[]} results
 * @param {{ inputs: string[], force: boolean }} about
 * @param {Context} context
 */
function writePage(name, results, { inputs, force }, context) {
  const { html } = require('../../reporters/html.js')
  const { writeFile } = require('../write.js')
  const page = html(results.map(({ page: shown }) => shown()), { time: `${new Date().toISOString().slice(0, 19)}Z` })
  writeFile(name, page, { force, inputs: inputs.map((file) => ({ path: file, what: 'one of the files that are diagnosed' })) })
  context.say('note', `wrote ${escapeLine(name)}`)
}

/** @param {string} file @param {string} option */
function read(file, option) {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new CommandError(`cannot read the file of \`--${option}\`: ${/** @type {Error} */ (error).message}`)
  }
}

/**
 * @param {string | true | undefined} value
 * @param {string} option
 * @param {number} otherwise
 * @param {number} most
 */
function countOf(value, option, otherwise, most) {
  if (value === undefined) return otherwise
  const count = Number(value)
  if (!/^\d{1,5}$/.test(String(value)) || count < 1 || count > most) throw new CommandError(`\`${option}\` must be a whole number from 1 to ${most}, and is \`${value}\``)
  return count
}

module.exports = diagnose
