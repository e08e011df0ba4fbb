'use strict'

// What mends a server that Node refuses: the rest of the chain from where its certificates say it is, the smallest file that makes Node accept the
// server as it is, and the proof of that by a fresh Node. Real servers on loopback; the PKI's addresses point there too.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const http = require('node:http')
const os = require('node:os')
const path = require('node:path')
const { once } = require('node:events')
const { after, before, describe, test } = require('node:test')

const { run } = require('./support/environment.js')
const { tlsServer } = require('./support/loopback.js')
const { startNginx } = require('./support/nginx.js')
const { nodes } = require('./support/nodes.js')
const { certificate, pkcs7 } = require('./support/pki.js')

const LIBRARY = path.join(__dirname, '..')
const LEAF = { subject: 'localhost', server: true, altNames: ['DNS:localhost', 'IP:127.0.0.1'] }

const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-fixes-')))
after(() => fs.rmSync(folder, { recursive: true, force: true }))

/** @param {string} name @param {string | Buffer} contents */
function file(name, contents) {
  const target = path.join(folder, name)
  fs.writeFileSync(target, contents)
  return target
}

/**
 * Answers by path; what is asked for is counted.
 *
 * @param {Record<string, (request: http.IncomingMessage, response: http.ServerResponse) => void>} answers
 */
async function webServer(answers) {
  const asked = []
  const server = http.createServer((request, response) => {
    asked.push(request.url)
    const answer = answers[request.url]
    if (answer) return answer(request, response)
    response.statusCode = 404
    return response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  return {
    answers,
    asked,
    origin: `http://127.0.0.1:${port}`,
    port,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** @param {string | Buffer} body @param {Record<string, string>} [headers] */
const answering = (body, headers = {}) => (_, response) => {
  response.writeHead(200, headers)
  response.end(body)
}

/**
 * `diagnose` in a process with a clean environment.
 *
 * @param {string} target
 * @param {Record<string, unknown>} options
 * @param {{ env?: Record<string, string>, node?: string, then?: string }} [how] `then`: what of the diagnosis `d` is wanted besides its data
 */
async function diagnosed(target, options, { env, node = process.execPath, then = '{}' } = {}) {
  const script = `require(${JSON.stringify(LIBRARY)}).diagnose(${JSON.stringify(target)}, ${JSON.stringify(options)})
    .then(async (d) => console.log(JSON.stringify({ diagnosis: d, text: String(d), more: await (${then}) })))`
  const { stdout, stderr } = await run(node, ['-e', script], { env })
  assert.equal(stderr, '')
  return JSON.parse(stdout)
}

describe('a server that sends its leaf alone', () => {
  const root = certificate({ subject: 'Fixes Root', ca: true })
  const intermediate = root.issue({ subject: 'Fixes Intermediate', ca: true })
  const trusting = { NODE_EXTRA_CA_CERTS: file('root.pem', root.pem) }
  let web
  let leaf
  let server
  before(async () => {
    web = await webServer({})
    leaf = intermediate.issue({ ...LEAF, issuerAddresses: [`${web.origin}/issuer`] })
    server = await startNginx({ certificate: leaf.pem, key: leaf.key.pem })
  })
  after(async () => {
    await server.stop()
    await web.stop()
  })
  const target = () => `https://localhost:${server.port}`

  for (const [form, body] of [['DER', intermediate.der], ['PEM', intermediate.pem], ['PKCS#7', pkcs7([root, intermediate])]]) {
    test(`gets the rest from ${form}, and a proof`, async () => {
      web.answers['/issuer'] = answering(body)
      const { diagnosis, text } = await diagnosed(target(), { fetchMissing: true }, { env: trusting })
      assert.equal(diagnosis.ok, false)
      assert.equal(diagnosis.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
      assert.deepEqual(diagnosis.fetched.map(({ sha256 }) => sha256), [intermediate.sha256])
      assert.equal(diagnosis.completed.ok, true)
      assert.equal(diagnosis.completed.pem, leaf.pem + intermediate.pem)
      assert.deepEqual(diagnosis.proofs.map(({ ok, code, node }) => ({ ok, code, node })), [{ ok: true, code: null, node: process.versions.node }])
      const finding = diagnosis.findings.find(({ rule }) => rule === 'chain-missing-intermediate')
      const [onServer, stopgap] = finding.fixes
      assert.deepEqual(onServer.commands.map(({ platform }) => platform), ['nginx', 'Apache', 'HAProxy', 'Node'])
      assert.equal(onServer.pem, leaf.pem + intermediate.pem)
      assert.equal(stopgap.proof.ok, true)
      assert.deepEqual(stopgap.commands.map(({ shell }) => shell), ['bash', 'powershell', 'dockerfile'])
      assert.match(text, new RegExp(`proved: Node ${process.versions.node} connects with it`))
    })
  }

  test('is fetched nothing for when nobody asks', async () => {
    web.asked.length = 0
    const { diagnosis } = await diagnosed(target(), {}, { env: trusting })
    assert.deepEqual([diagnosis.fetched, diagnosis.completed, diagnosis.proofs], [[], null, []])
    assert.deepEqual(web.asked, [])
  })

  test('is accepted by every Node with the smallest file', async () => {
    web.answers['/issuer'] = answering(intermediate.der)
    for (const { path: node, version } of nodes) {
      const { diagnosis, more } = await diagnosed(target(), { fetchMissing: true, prove: false }, {
        env: trusting,
        then: `d.prove({ node: ${JSON.stringify(node)} }).then((proof) => ({ proof, ca: d.smallestCa() }))`,
      })
      assert.equal(diagnosis.proofs.length, 1)
      assert.deepEqual([more.proof.ok, more.proof.node], [true, version])
      // The file stands alone: the one in the variable is not read beside it.
      assert.deepEqual(more.ca.certificates.map(({ subject }) => subject), ['CN=Fixes Intermediate', 'CN=Fixes Root'])
      assert.deepEqual(more.ca.unconfirmed, [])
    }
  })
})
