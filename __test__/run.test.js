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
const { nodePath } = require('./support/nodes')
const { packagePath } = require('./support/packages')
const { certificate } = require('./support/pki')

/** What a registry says of a package. */
const TINY = { name: 'tiny', 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': { name: 'tiny', version: '1.0.0', dist: { tarball: 'https://localhost/tiny.tgz', shasum: '0'.repeat(40) } } } }

const PROGRAM = path.join(__dirname, '..', 'bin', 'trust-anchors.js')

describe('other programs with the store', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'run-'))
  const cache = path.join(folder, 'cache')
  const extra = path.join(folder, 'root.pem')
  const root = certificate({ subject: 'Run Root', ca: true })
  const ca = loadTrustStoreSync({ ca: root.pem, extra: false, system: false })
  const leaf = root.issue({ subject: 'localhost', altNames: ['DNS:localhost', 'IP:127.0.0.1'], server: true })
  const env = { HOME: folder, XDG_CACHE_HOME: cache, NODE_EXTRA_CA_CERTS: extra, npm_config_update_notifier: 'false' }
  let server
  let url

  before(async () => {
    fs.writeFileSync(extra, root.pem)
    server = await startNginx({ certificate: leaf.pem, key: leaf.key.pem, body: JSON.stringify(TINY) })
    url = `https://localhost:${server.port}/`
  })
  after(async () => {
    await server?.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  const through = (command, { variables = {}, ...options } = {}) =>
    spawnSync(process.execPath, [PROGRAM, 'run', '--', ...command], { env: cleanEnvironment({ ...env, ...variables }), encoding: 'utf8', cwd: folder, ...options })

  /** Runs a program in a folder of its own, where it finds nothing that another has left: a project without dependencies. */
  function inProject([command, ...args], variables) {
    const project = fs.mkdtempSync(path.join(folder, 'project-'))
    fs.writeFileSync(path.join(project, 'package.json'), '{ "name": "app", "version": "1.0.0", "license": "MIT" }')
    fs.writeFileSync(path.join(project, 'yarn.lock'), '')
    const { status, stderr, stdout } = spawnSync(command, args, { env: cleanEnvironment({ HOME: project, ...variables }), encoding: 'utf8', cwd: project, input: '' })
    return { status, said: stdout + stderr }
  }

  const NODE_REFUSES = /UNABLE_TO_VERIFY_LEAF_SIGNATURE|unable to verify the first certificate/
  /**
   * What each says of a certificate that it does not trust, and says no more with the bundle; what it says then, and how it ends, which is
   * with a fault where it is answered with something else than it asked for. `tool`: whose variables it reads; its own name where it is left out.
   *
   * @type {Record<string, { tool?: Parameters<typeof childEnv>[1]['tools'][number], command: () => string[], variables?: () => Record<string, string>, refused: RegExp, answered?: RegExp, status?: number }>}
   */
  const PROGRAMS = {
    curl: { command: () => ['curl', '--silent', '--show-error', '--fail', url], refused: /SSL certificate problem/ },
    git: { command: () => ['git', 'ls-remote', `${url}app.git`], refused: /certificate verification failed|SSL certificate problem/ },
    requests: { command: () => ['/usr/bin/python3', '-c', `import requests; print(requests.get('${url}').text)`], refused: /CERTIFICATE_VERIFY_FAILED/ },
    npm: { command: () => ['npm', 'ping', '--fetch-retries=0', `--registry=${url}`], refused: NODE_REFUSES },
    openssl: { command: () => ['openssl', 's_client', '-connect', `localhost:${server.port}`, '-servername', 'localhost', '-verify_return_error', '-brief'], refused: /verify error/ },
    ruby: { command: () => ['ruby', '-ropenssl', '-rnet/http', '-e', `puts Net::HTTP.get(URI('${url}'))`], refused: /certificate verify failed/, answered: /tiny/ },
    pip: {
      command: () => ['/usr/bin/python3', '-m', 'pip', 'download', 'tiny', '--no-deps', '--retries', '0', '--index-url', url],
      refused: /problem confirming the ssl certificate/,
      answered: /got Content-Type: text\/plain/,
      status: 1,
    },
    cargo: {
      command: () => ['cargo', 'info', 'tiny', '--index', `sparse+${url}`],
      variables: () => ({ CARGO_NET_RETRY: '0', RUSTUP_HOME: process.env.RUSTUP_HOME ?? path.join(os.homedir(), '.rustup') }),
      refused: /SSL certificate problem/,
      answered: /missing field `dl`/,
      status: 101,
    },
    'AWS CLI': {
      tool: 'aws',
      command: () => ['/usr/bin/aws', 'lambda', 'list-functions', '--endpoint-url', url, '--region', 'us-east-1'],
      variables: () => ({ AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' }),
      refused: /CERTIFICATE_VERIFY_FAILED/,
    },
    'pnpm 12': { tool: 'pnpm', command: () => [path.join(packagePath('pnpm12'), 'pnpm'), 'view', 'tiny', 'version', `--registry=${url}`], refused: /UnknownIssuer/, answered: /1\.0\.0/ },
    // 11 needs Node 22.
    ...Object.fromEntries([['pnpm11', 'pnpm.mjs'], ['pnpm10', 'pnpm.cjs']].map(([name, file]) => [name.replace('pnpm', 'pnpm '), {
      tool: 'pnpm',
      command: () => [nodePath(24), path.join(packagePath(name), 'bin', file), 'add', 'tiny', '--lockfile-only', '--fetch-retries=0', `--registry=${url}`],
      refused: NODE_REFUSES,
      answered: /tiny \^?1\.0\.0/,
    }])),
    // It fails with the exit code 0.
    'yarn 1': { tool: 'yarn', command: () => [process.execPath, path.join(packagePath('yarn'), 'bin', 'yarn.js'), 'info', 'tiny', 'version', '--registry', url], refused: /Received invalid response/, answered: /1\.0\.0/ },
    'yarn 4': {
      tool: 'yarn',
      command: () => [process.execPath, path.join(packagePath('@yarnpkg/cli-dist'), 'bin', 'yarn.js'), 'npm', 'info', 'tiny', '--fields', 'version'],
      variables: () => ({ YARN_NPM_REGISTRY_SERVER: url.slice(0, -1), YARN_ENABLE_TELEMETRY: '0' }),
      refused: NODE_REFUSES,
      answered: /1\.0\.0/,
    },
  }
  for (const [name, { tool = name, command, variables = () => ({}), refused, answered, status: expected = 0 }] of Object.entries(PROGRAMS)) {
    it(`lets ${name} connect`, () => {
      const alone = inProject(command(), variables())
      assert.match(alone.said, refused)
      if (answered) assert.doesNotMatch(alone.said, answered)
      else assert.notEqual(alone.status, 0)

      const given = inProject(command(), { ...variables(), ...childEnv(ca, { directory: cache, tools: [tool] }) })
      const started = inProject([process.execPath, PROGRAM, 'run', '--', ...command()], { ...env, ...variables() })
      for (const { status, said } of [given, started]) {
        assert.doesNotMatch(said, refused)
        if (answered) assert.match(said, answered)
        assert.equal(status, expected, said)
      }
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
