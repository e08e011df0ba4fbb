'use strict'

// `preflight({ endpoints })`: each endpoint looked at once, all in parallel, within one budget; and `--endpoint`.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { test, before, after } = require('node:test')

const { preflight, preflightSync } = require('..')
const { run } = require('./support/environment.js')
const { rawServer, refusedPort, tlsServer } = require('./support/loopback.js')
const { certificate } = require('./support/pki.js')

const PROGRAM = path.join(__dirname, '..', 'bin', 'trust-anchors.js')
const HOST = 'localhost'
const dates = { notBefore: '2024-01-01', notAfter: '2044-01-01' }
const root = certificate({ subject: 'Acme Root CA', ca: true, ...dates })
const leaf = root.issue({ subject: HOST, server: true, altNames: [`DNS:${HOST}`], ...dates })

const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-endpoints-')))
const rootFile = path.join(folder, 'root.pem')
fs.writeFileSync(rootFile, root.pem)

/** @type {Record<string, { port: number, stop: () => Promise<void> }>} */
const servers = {}
before(async () => {
  servers.good = await tlsServer({ cert: leaf.pem, key: leaf.key.pem })
  servers.silent = await rawServer(() => {})
  servers.refused = await refusedPort()
})
after(async () => {
  await Promise.all(Object.values(servers).map((server) => server.stop()))
  fs.rmSync(folder, { recursive: true, force: true })
})

/** @param {string} name */
const at = (name) => `https://${HOST}:${servers[name].port}`

test('each endpoint is told, and its findings are among the others', async () => {
  const report = await preflight({ endpoints: [at('good'), new URL(at('refused'))] })
  assert.equal(report.ok, false)
  assert.deepEqual(report.endpoints.map(({ target, ok, code }) => [target, ok, code]), [
    [at('good'), false, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    [at('refused'), false, 'ECONNREFUSED'],
  ])
  const refused = report.findings.find(({ rule }) => rule === 'connection-refused')
  assert.ok(refused?.message.startsWith(`${at('refused')}: `))
  assert.ok(report.endpoints[1].findings.some(({ rule }) => rule === 'connection-refused'))
  const order = { error: 0, warning: 1, info: 2 }
  const grave = report.findings.map(({ severity }) => order[severity])
  assert.deepEqual(grave, [...grave].sort())
  assert.match(String(report), /^What connections come to\n {2}https:\/\/localhost:\d+ {2}UNABLE_TO_VERIFY_LEAF_SIGNATURE\n/m)
  assert.doesNotThrow(() => JSON.stringify(report))
})

test('without endpoints there is nothing about them', async () => {
  for (const report of [await preflight({ endpoints: [] }), await preflight(), preflightSync()]) {
    assert.deepEqual(report.endpoints, [])
    assert.doesNotMatch(String(report), /What connections come to/)
  }
})

test('the budget is that of all together', async () => {
  const report = await preflight({ endpoints: [at('silent'), at('silent'), at('good')], timeout: 300 })
  assert.deepEqual(report.endpoints.map(({ code }) => code), ['ETIMEDOUT', 'ETIMEDOUT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])
})

test('a signal ends it with its reason', async () => {
  const controller = new AbortController()
  const reason = new Error('enough')
  const looking = preflight({ endpoints: [at('silent')], timeout: 600_000, signal: controller.signal })
  setTimeout(() => controller.abort(reason), 50)
  await assert.rejects(looking, (error) => error === reason)
})

test('arguments are checked', async () => {
  for (const [options, code] of /** @type {[any, string][]} */ ([
    [{ endpoints: 'https://example.com' }, 'ERR_INVALID_ARG_TYPE'],
    [{ endpoints: [42] }, 'ERR_INVALID_ARG_TYPE'],
    [{ endpoints: ['ftp://example.com'] }, 'ERR_INVALID_ARG_VALUE'],
    [{ endpoints: [leaf.pem] }, 'ERR_INVALID_ARG_VALUE'],
    [{ endpoints: ['https://example.com'], env: {} }, 'ERR_INVALID_ARG_VALUE'],
    [{ timeout: 0 }, 'ERR_OUT_OF_RANGE'],
  ])) await assert.rejects(preflight(options), { code }, JSON.stringify(options))
  assert.throws(() => preflightSync(/** @type {any} */ ({ endpoints: ['https://example.com'] })), { code: 'ERR_INVALID_ARG_VALUE', message: /is for `preflight`/ })
})

test('--endpoint', async () => {
  const cli = (/** @type {string[]} */ args, env = {}) => run(process.execPath, [PROGRAM, 'preflight', ...args], { env })
  const good = await cli(['--endpoint', at('good'), '--format', 'json'], { NODE_EXTRA_CA_CERTS: rootFile })
  assert.deepEqual(JSON.parse(good.stdout).endpoints.map((/** @type {any} */ { ok, code }) => [ok, code]), [[true, null]])
  const bad = await cli(['--endpoint', at('good'), '--endpoint', at('refused')])
  assert.equal(bad.status, 1)
  assert.match(bad.stdout, /^ {2}https:\/\/localhost:\d+ {2}UNABLE_TO_VERIFY_LEAF_SIGNATURE\n {2}https:\/\/localhost:\d+ {2}ECONNREFUSED$/m)
  for (const [args, message] of /** @type {[string[], RegExp][]} */ ([
    [['--endpoint', 'ftp://example.com'], /scheme ftp:/],
    [['--timeout', '3'], /`--timeout` is about endpoints/],
    [['--endpoint', at('good'), '--timeout', 'soon'], /`--timeout` must be a number of seconds/],
  ])) {
    const { status, stdout, stderr } = await cli(args)
    assert.equal(status, 2, stderr)
    assert.equal(stdout, '')
    assert.match(stderr, message)
  }
})
