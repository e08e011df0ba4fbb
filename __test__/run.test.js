'use strict'

// `trust-anchors run` and `childEnv` with real tools, against an nginx whose CA only NODE_EXTRA_CA_CERTS names.

const assert = require('node:assert/strict')
const { spawn, spawnSync } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, it } = require('node:test')

const { childEnv, inspectCaFileSync, loadTrustStoreSync } = require('..')
const { cleanEnvironment } = require('./support/environment')
const { startNginx } = require('./support/nginx')
const { certificate } = require('./support/pki')

const PROGRAM = path.join(__dirname, '..', 'bin', 'trust-anchors.js')

describe('other programs with the store', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'run-'))
  const cache = path.join(folder, 'cache')
  const extra = path.join(folder, 'root.pem')
  const root = certificate({ subject: 'Run Root', ca: true })
  const leaf = root.issue({ subject: 'localhost', altNames: ['DNS:localhost', 'IP:127.0.0.1'], server: true })
  const env = { HOME: folder, XDG_CACHE_HOME: cache, NODE_EXTRA_CA_CERTS: extra, npm_config_update_notifier: 'false' }
  let server
  let url

  before(async () => {
    fs.writeFileSync(extra, root.pem)
    server = await startNginx({ certificate: leaf.pem, key: leaf.key.pem, body: '{}' })
    url = `https://localhost:${server.port}/`
  })
  after(async () => {
    await server?.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  const through = (command, { variables = {}, ...options } = {}) =>
    spawnSync(process.execPath, [PROGRAM, 'run', '--', ...command], { env: cleanEnvironment({ ...env, ...variables }), encoding: 'utf8', cwd: folder, ...options })
  const alone = ([command, ...args]) => spawnSync(command, args, { env: cleanEnvironment({ HOME: folder }), encoding: 'utf8', cwd: folder })

  // What each says of a certificate that it does not trust, and says no more with the bundle.
  const REFUSALS = {
    curl: { command: () => ['curl', '--silent', '--show-error', '--fail', url], refused: /SSL certificate problem/ },
    git: { command: () => ['git', 'ls-remote', `${url}app.git`], refused: /certificate verification failed|SSL certificate problem/ },
    requests: { command: () => ['/usr/bin/python3', '-c', `import requests; print(requests.get('${url}').text)`], refused: /CERTIFICATE_VERIFY_FAILED/ },
    npm: { command: () => ['npm', 'ping', '--fetch-retries=0', `--registry=${url}`], refused: /UNABLE_TO_VERIFY_LEAF_SIGNATURE|unable to verify the first certificate/ },
    openssl: { command: () => ['openssl', 's_client', '-connect', `localhost:${server.port}`, '-servername', 'localhost', '-verify_return_error', '-brief'], refused: /verify error/ },
  }
  for (const [name, { command, refused }] of Object.entries(REFUSALS)) {
    it(`lets ${name} connect`, () => {
      const before = alone(command())
      assert.notEqual(before.status, 0)
      assert.match(before.stderr + before.stdout, refused)
      const { status, stderr, stdout } = through(command(), { input: '' })
      assert.doesNotMatch(stderr + stdout, refused)
      assert.equal(status, 0, stderr)
    })
  }

  it('passes the exit code, arguments, standard input and signals on', async () => {
    assert.equal(through(['sh', '-c', 'exit 37']).status, 37)
    const { stdout } = through([process.execPath, '-e', 'process.stdin.pipe(process.stdout); console.log(process.argv.slice(1))', '--', '-s', '', 'a b'], { input: 'in\n' })
    assert.match(stdout, /\[ '-s', '', 'a b' \]/)
    assert.match(stdout, /in/)
    assert.equal(through(['sh', '-c', 'kill -TERM $$']).signal, 'SIGTERM')

    const child = spawn(process.execPath, [PROGRAM, 'run', '--', process.execPath, '-e', "process.on('SIGTERM', () => process.exit(12)); setInterval(() => {}, 1000); console.log('up')"], { env: cleanEnvironment(env), stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    const [status] = await once(child, 'exit')
    assert.equal(status, 12)
  })

  it('says what cannot be run', () => {
    const missing = through(['no-such-program'])
    assert.equal(missing.status, 2)
    assert.match(missing.stderr, /cannot run `no-such-program`: there is no such program/)
    assert.equal(through([]).status, 2)
  })

  it('keeps what a variable names already', () => {
    const other = path.join(folder, 'other.pem')
    const own = certificate({ subject: 'Named By Curl', ca: true })
    fs.writeFileSync(other, own.pem)
    const { stdout } = through(['sh', '-c', 'cat "$CURL_CA_BUNDLE"'], { variables: { CURL_CA_BUNDLE: other } })
    assert.ok(inspectCaFileSync(Buffer.from(stdout)).found.some(({ sha256 }) => sha256 === own.sha256))
  })

  it('writes one whole bundle a content, for this user alone, and removes old ones', () => {
    const directory = path.join(folder, 'bundles')
    const store = loadTrustStoreSync({ bundled: false, system: false, extra: false, ca: root.pem })
    const { NODE_EXTRA_CA_CERTS: file, ...others } = childEnv(store, { directory, tools: ['node', 'curl'] })
    assert.deepEqual(others, { CURL_CA_BUNDLE: file })
    assert.equal(fs.readFileSync(file, 'utf8'), store.toPem())
    assert.deepEqual(inspectCaFileSync(file).loadedByNode.map(({ sha256 }) => sha256), [root.sha256])
    if (process.platform !== 'win32') assert.equal(fs.statSync(directory).mode & 0o777, 0o700)
    assert.equal(childEnv(store, { directory }).NODE_EXTRA_CA_CERTS, file)
    assert.deepEqual(fs.readdirSync(directory), [path.basename(file)])

    fs.writeFileSync(file, 'damaged')
    childEnv(store, { directory })
    assert.equal(fs.readFileSync(file, 'utf8'), store.toPem())

    const stale = path.join(directory, `${'0'.repeat(64)}.pem`)
    const foreign = path.join(directory, 'notes.txt')
    fs.writeFileSync(stale, '')
    fs.writeFileSync(foreign, '')
    for (const name of [stale, foreign]) fs.utimesSync(name, new Date('2020-01-01'), new Date('2020-01-01'))
    childEnv(store, { directory })
    assert.equal(fs.existsSync(stale), false)
    assert.equal(fs.existsSync(foreign), true)
    fs.chmodSync(directory, 0o777)
    childEnv(store, { directory })
    if (process.platform !== 'win32') assert.equal(fs.statSync(directory).mode & 0o022, 0)
  })

  it('refuses a store without certificates, a tool that is not one, and what is no store', () => {
    const empty = loadTrustStoreSync({ bundled: false, system: false, extra: false })
    assert.throws(() => childEnv(empty, { directory: path.join(folder, 'x') }), { code: 'ERR_TRUST_ANCHORS_FAILED' })
    assert.throws(() => childEnv(undefined, { tools: ['java'] }), { code: 'ERR_INVALID_ARG_VALUE' })
    assert.throws(() => childEnv({ toPem: () => 'x' }), { code: 'ERR_INVALID_ARG_TYPE' })
  })
})
