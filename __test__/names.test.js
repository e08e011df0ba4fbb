'use strict'

// Host names compared with certificates as `tls.checkServerIdentity` of real Node 18, 20, 22, 24 and 26 compares them: the
// answer and every word of the error.
//
//   TRUST_ANCHORS_NAMES_PAIRS=200000 TRUST_ANCHORS_NAMES_SEED=7 node --test __test__/names.test.js
//   TRUST_ANCHORS_NAMES_FIRST=1234 TRUST_ANCHORS_NAMES_PAIRS=1 …       one pair again
//   TRUST_ANCHORS_NAMES_HOSTS=1000000 …                                hosts for `url.domainToASCII` alone

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { test } = require('node:test')

const { checkServerIdentities, domainsToAscii } = require('../lib/native')
const { runNode } = require('./support/environment')
const { hostAndCertificate, oddHost } = require('./support/names')
const nodesModule = require('./support/nodes')
const { certificate } = require('./support/pki')
const exceptions = require('./names-exceptions.json')

const SEED = process.env.TRUST_ANCHORS_NAMES_SEED ?? '1'
const FIRST = Number(process.env.TRUST_ANCHORS_NAMES_FIRST ?? 0)
const PAIRS = Number(process.env.TRUST_ANCHORS_NAMES_PAIRS ?? 10_000)
const HOSTS = Number(process.env.TRUST_ANCHORS_NAMES_HOSTS ?? 100_000)
const CHUNK = 20_000
/** A run that is wrong everywhere shows this many differences. */
const ENOUGH_DIFFERENCES = 20
const skip = nodesModule.unsupported ?? false
/** The lines of Node that convert a host before they compare it. */
const CONVERTING = [22, 24, 26]

/** Runs inside each Node. Never asks for the object of a certificate whose key is on a curve without a NIST name: that ends Node 24. */
function answerIdentities() {
  const { X509Certificate } = require('crypto')
  const { checkServerIdentity } = require('tls')
  const lines = require('fs').readFileSync(0, 'utf8').trimEnd().split('\n')
  const answers = lines.map((line) => {
    const [hostname, encoded] = JSON.parse(line)
    let certificate
    try {
      certificate = new X509Certificate(Buffer.from(encoded, 'base64'))
    } catch {
      return 'undecodable'
    }
    const error = checkServerIdentity(hostname, certificate.toLegacyObject())
    return error === undefined ? null : [error.code, error.reason, error.message, error.host]
  })
  process.stdout.write(JSON.stringify(answers))
}

function answerDomains() {
  const { domainToASCII } = require('url')
  process.stdout.write(JSON.stringify(JSON.parse(require('fs').readFileSync(0, 'utf8')).map((host) => domainToASCII(host))))
}

async function ask(major, program, stdin) {
  const { status, signal, stdout, stderr } = await runNode(major, ['-e', `(${program})()`], { stdin, limit: 600_000 })
  assert.equal(status, 0, `Node ${major} ended with ${signal ?? status}: ${stderr}`)
  return JSON.parse(stdout)
}

/** Node's answers in the shape of ours: the reason, null, or `undecodable`. */
function reasonOf(answer, hostname) {
  if (!Array.isArray(answer)) return answer
  const [code, reason, message, host] = answer
  assert.equal(code, 'ERR_TLS_CERT_ALTNAME_INVALID')
  assert.equal(message, `Hostname/IP does not match certificate's altnames: ${reason}`)
  assert.equal(host, hostname.replace(/[.]$/, ''))
  return reason
}

async function realReasons(major, pairs) {
  const lines = pairs.map(({ hostname, certificate: bytes }) => JSON.stringify([hostname, bytes.toString('base64')]))
  const answers = await ask(major, answerIdentities, lines.join('\n'))
  return answers.map((answer, index) => reasonOf(answer, pairs[index].hostname))
}

const ourReasons = (major, pairs) => checkServerIdentities(pairs, String(major))

const isExcepted = (major, { hostname, certificate: bytes }) =>
  exceptions.some((one) => one.node === major && one.hostname === hostname && one.certificate === bytes.toString('base64'))

test(`${PAIRS} hosts are compared with certificates as each real Node compares them`, { skip }, async (context) => {
  const differences = []
  const figures = { pairs: 0, comparisons: 0, matches: 0, undecodable: 0, differences: 0 }
  for (let first = FIRST; first < FIRST + PAIRS && differences.length < ENOUGH_DIFFERENCES; first += CHUNK) {
    const count = Math.min(CHUNK, FIRST + PAIRS - first)
    const pairs = Array.from({ length: count }, (_, index) => hostAndCertificate(SEED, first + index))
    figures.pairs += count
    for (const { major, version } of nodesModule.nodes) {
      const [real, ours] = [await realReasons(major, pairs), ourReasons(major, pairs)]
      figures.comparisons += count
      figures.matches += real.filter((reason) => reason === null).length
      figures.undecodable += real.filter((reason) => reason === 'undecodable').length
      pairs.forEach((pair, index) => {
        if (real[index] === ours[index] || isExcepted(major, pair)) return
        figures.differences++
        if (differences.length < ENOUGH_DIFFERENCES) {
          differences.push({ node: version, seed: SEED, number: first + index, hostname: pair.hostname, real: real[index], ours: ours[index] })
        }
      })
    }
  }
  context.diagnostic(`seed ${SEED}, ${nodesModule.nodes.map(({ version }) => `Node ${version}`).join(', ')}: ${JSON.stringify(figures)}, ${exceptions.length} exceptions`)
  assert.deepEqual(differences, [])
})

test('every exception is still one, and has a reason', { skip }, async () => {
  for (const exception of exceptions) {
    const pair = { hostname: exception.hostname, certificate: Buffer.from(exception.certificate, 'base64') }
    assert.ok(exception.reason.length > 0)
    assert.notDeepEqual(ourReasons(exception.node, [pair]), await realReasons(exception.node, [pair]), `no longer an exception: ${exception.reason}`)
  }
})

test(`every character and ${HOSTS} hosts become what \`url.domainToASCII\` makes of them`, { skip }, async (context) => {
  const characters = Array.from({ length: 0x110000 }, (_, number) => number)
    .filter((number) => number < 0xd800 || number > 0xdfff)
    .map((number) => String.fromCodePoint(number))
  const sets = {
    'between left-to-right letters': characters.map((character) => `q${character}q`),
    'between right-to-left letters': characters.map((character) => `\u05d0${character}\u05d0`),
    odd: Array.from({ length: HOSTS }, (_, index) => oddHost(SEED, index)),
  }
  const differences = []
  for (const major of CONVERTING) {
    for (const [what, hosts] of Object.entries(sets)) {
      const real = await ask(major, answerDomains, JSON.stringify(hosts))
      const ours = domainsToAscii(hosts, String(major))
      const wrong = hosts.flatMap((host, index) => (real[index] === ours[index] ? [] : [{ major, host: escape(host), real: real[index], ours: ours[index] }]))
      const hits = real.filter((host) => host !== '').length
      context.diagnostic(`Node ${major}, ${what}: ${hosts.length} hosts, ${hits} of them good, ${wrong.length} differences`)
      differences.push(...wrong.slice(0, ENOUGH_DIFFERENCES))
    }
  }
  assert.deepEqual(differences, [])
})

test('Node 18 and 20 compare hosts as they are', () => {
  for (const node of ['18', '20']) assert.deepEqual(domainsToAscii(['é.test'], node), [null])
})

/** Runs inside each Node: a server for every case, and the error that a client meets. */
function answerHandshakes() {
  const tls = require('tls')
  const { root, cases } = JSON.parse(require('fs').readFileSync(0, 'utf8'))
  const meet = ({ key, cert, hostname }) => new Promise((resolve, reject) => {
    const server = tls.createServer({ key, cert }, (socket) => socket.on('error', () => {}).end())
    server.on('tlsClientError', () => {}).on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const done = (answer) => {
        client.destroy()
        server.close(() => resolve(answer))
      }
      // An address is no server name: Node takes the host then.
      const target = hostname === '127.0.0.1' ? {} : { servername: hostname }
      const client = tls.connect({ host: '127.0.0.1', port: server.address().port, ca: root, ...target }, () => done(null))
      client.on('error', (error) => done([error.code, error.reason, error.message, error.host]))
    })
  })
  cases.reduce(async (answers, one) => [...(await answers), await meet(one)], Promise.resolve([]))
    .then((answers) => process.stdout.write(JSON.stringify(answers)))
}

test('a handshake ends as the comparison says', { skip }, async () => {
  const root = certificate({ subject: 'Example Root', ca: true })
  const cases = [
    [['DNS:*.example.test'], 'a.example.test'], [['DNS:*.example.test'], 'example.test'], [['DNS:a.test', 'URI:https://b.test/a,"b'], 'b.test'],
    [['IP:127.0.0.1'], '127.0.0.1'], [['IP:::1', 'DNS:localhost'], '127.0.0.1'], [[], 'server.example.test'], [[], 'b.test'], [['email:a@b.test'], 'server.example.test'],
    [['DNS:xn--mnchen-3ya.test'], 'xn--mnchen-3ya.test'], [['DNS:a.test, DNS:b.test'], 'b.test'],
  ].map(([altNames, hostname]) => {
    const leaf = root.issue({ subject: 'server.example.test', altNames, server: true })
    return { hostname, certificate: leaf.der, key: leaf.key.pem, cert: leaf.pem }
  })
  for (const { major } of nodesModule.nodes) {
    const answers = await ask(major, answerHandshakes, JSON.stringify({ root: root.pem, cases }))
    assert.deepEqual(answers.map((answer, index) => reasonOf(answer, cases[index].hostname)), ourReasons(major, cases), `Node ${major}`)
  }
})
