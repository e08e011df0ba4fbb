'use strict'

// `trust-anchors diagnose` of live servers, one and many, as its users see it.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { describe, test, before, after } = require('node:test')

const { sayHints } = require('../lib/cli/diagnose-output.js')
const { progressBar } = require('../lib/cli/progress.js')
const { surface } = require('../lib/layout.js')
const { run } = require('./support/environment.js')
const { rawServer, refusedPort, tlsServer } = require('./support/loopback.js')
const { certificate } = require('./support/pki.js')

const PROGRAM = path.join(__dirname, '..', 'bin', 'trust-anchors.js')
const HOST = 'localhost'
const dates = { notBefore: '2024-01-01', notAfter: '2044-01-01' }
const root = certificate({ subject: 'Acme Root CA', ca: true, ...dates })
const intermediate = root.issue({ subject: 'Acme Issuing CA', ca: true, ...dates })
const leaf = intermediate.issue({ subject: HOST, server: true, altNames: [`DNS:${HOST}`], ...dates })
const client = root.issue({ subject: 'a client', client: true, ...dates })

const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-servers-')))
/** @param {string} name @param {string | Buffer} contents */
const file = (name, contents) => (fs.writeFileSync(path.join(folder, name), contents), name)
file('root.pem', root.pem)
file('fullchain.pem', leaf.pem + intermediate.pem)
file('client.pem', client.pem)
file('client.key', client.key.pem)
file('other.key', leaf.key.pem)

/** @type {Record<string, { port: number, stop: () => Promise<void> }>} */
const servers = {}
/** @param {string} name */
const at = (name) => `${HOST}:${servers[name].port}`
/** @param {string[]} args @param {Parameters<typeof run>[2]} [options] */
const diagnose = (args, options) => run(process.execPath, [PROGRAM, 'diagnose', ...args], { cwd: folder, ...options })
const TRUSTED = ['--ca', 'root.pem', '--no-proxy']

before(async () => {
  servers.whole = await tlsServer({ cert: leaf.pem + intermediate.pem, key: leaf.key.pem })
  servers.leafOnly = await tlsServer({ cert: leaf.pem, key: leaf.key.pem })
  servers.asking = await tlsServer({ cert: leaf.pem + intermediate.pem, key: leaf.key.pem, ca: root.pem, requestCert: true })
  servers.silent = await rawServer(() => {})
  servers.refused = await refusedPort()
})
after(async () => {
  await Promise.all(Object.values(servers).map((server) => server.stop()))
  fs.rmSync(folder, { recursive: true, force: true })
})

describe('one server', () => {
  test('that is healthy', async () => {
    const { status, stdout, stderr } = await diagnose([at('whole'), ...TRUSTED])
    assert.equal(status, 0, stderr)
    assert.match(stdout, /^localhost:\d+: Node \d+ accepts it\n/)
    assert.match(stdout, /from `ca` \(root\.pem:1\)/)
    assert.equal(stderr, '')
  })

  test('that leaves out its intermediate', async () => {
    const { status, stdout, stderr } = await diagnose([at('leafOnly'), ...TRUSTED])
    assert.equal(status, 1)
    assert.match(stdout, /^localhost:\d+: Node \d+ refuses it: UNABLE_TO_VERIFY_LEAF_SIGNATURE\n/)
    assert.match(stdout, /^error\[chain-missing-intermediate\]: /m)
    assert.match(stderr, /^hint: `trust-anchors explain UNABLE_TO_VERIFY_LEAF_SIGNATURE` explains a code$/m)
  })

  test('at which nothing listens', async () => {
    const { status, stdout } = await diagnose([at('refused'), '--no-proxy'])
    assert.equal(status, 1)
    assert.match(stdout, /^localhost:\d+: Node \d+ does not connect: ECONNREFUSED\n/)
  })

  test('whose name may have been meant as a file', () => {
    // Asking for a name would ask the network.
    const told = (/** @type {string} */ target) => {
      /** @type {string[]} */
      const lines = []
      const live = { ok: false, target, failure: { stage: 'dns', kind: 'not-found' }, findings: [] }
      sayHints(/** @type {any} */ ([{ ok: false, findings: [], explains: undefined, live }]), false, {}, /** @type {any} */ ({ say: (_, text) => lines.push(text) }))
      return lines
    }
    assert.deepEqual(told('chain.pem.old'), ['there is no file `chain.pem.old` here, so it was taken for a host'])
    assert.deepEqual(told('https://example.com'), [])
    assert.deepEqual(told('example.com:8443'), [])
  })

  test('that wants a client certificate', async () => {
    const { status, stdout } = await diagnose([at('asking'), ...TRUSTED, '--cert', 'client.pem', '--key', 'client.key', '--format', 'json'])
    assert.equal(status, 0)
    assert.equal(JSON.parse(stdout)[0].session.clientCertificate.sent, true)
    assert.doesNotMatch(stdout, /PRIVATE KEY/)
    const wrong = await diagnose([at('asking'), ...TRUSTED, '--cert', 'client.pem', '--key', 'other.key'])
    assert.equal(wrong.status, 2)
    assert.match(wrong.stderr, /^error: the client certificate cannot be used: /)
    assert.doesNotMatch(wrong.stderr, /this is a fault/)
  })

  test('on another Node, at another time, and elsewhere', async () => {
    const [report] = JSON.parse((await diagnose([`https://${HOST}`, '--connect-to', `127.0.0.1:${servers.whole.port}`, ...TRUSTED, '--node', '18', '--at', '2045-01-01', '--format', 'json'])).stdout)
    assert.equal(report.code, 'CERT_HAS_EXPIRED')
    assert.equal(report.node, '18')
    assert.equal(report.endpoint.port, 443)
    assert.equal(report.observed, null)
  })

  test('with another store', async () => {
    const [report] = JSON.parse((await diagnose([at('whole'), '--store', 'extra', '--no-proxy', '--format', 'json'], { env: { NODE_EXTRA_CA_CERTS: path.join(folder, 'root.pem') } })).stdout)
    assert.equal(report.ok, true)
    assert.equal(report.observed.ok, true)
    assert.equal(report.perspectives[0].store, 'extra')
  })
})

test('whose root the system has and Node does not: the table says who accepts it', async () => {
  const { stdout } = await diagnose([at('whole'), '--no-proxy', '--no-observe', '--node', '20', '--format', 'json'], { env: { SSL_CERT_FILE: path.join(folder, 'root.pem') } })
  const [{ ok, perspectives }] = JSON.parse(stdout)
  assert.equal(ok, false)
  assert.deepEqual(perspectives.filter((/** @type {any} */ seen) => !/^Node (?:18|22|24|26) as/.test(seen.label)).map((/** @type {any} */ seen) => [seen.label, seen.ok]), [
    ['Node 20 as started here', false],
    ['Node 24 with --use-system-ca', true],
    ['Node 20 with the merged store', true],
    ['curl and OpenSSL (the system store)', true],
    ["browsers (Mozilla's list of today)", false],
  ])
  const text = await diagnose([at('whole'), '--no-proxy'], { env: { SSL_CERT_FILE: path.join(folder, 'root.pem') } })
  assert.match(text.stdout, /^As others see this chain\n(?: {2}.*\n)* {2}curl and OpenSSL \(the system store\) {2}ok$/m)
})

describe('several', () => {
  test('are told in their order, files among them, with a table at the end', async () => {
    const { status, stdout } = await diagnose([at('leafOnly'), 'fullchain.pem', at('whole'), ...TRUSTED])
    assert.equal(status, 1)
    assert.match(stdout, /^fullchain\.pem$/m)
    assert.match(stdout, /^2 targets: 1 ok, 1 not\n {2}localhost:\d+ +UNABLE_TO_VERIFY_LEAF_SIGNATURE .*\n {2}localhost:\d+ +ok/m)
  })

  test('come from a list, with its comments', async () => {
    file('list', `# what we run\n${at('whole')}\n\n  ${at('leafOnly')}   # the old one\r\n`)
    for (const [args, options] of /** @type {[string[], Parameters<typeof run>[2]?][]} */ ([
      [['--targets', 'list']], [['--targets', '-'], { stdin: fs.readFileSync(path.join(folder, 'list')) }],
    ])) {
      const { status, stdout } = await diagnose([...args, ...TRUSTED, '--format', 'json'], options)
      assert.equal(status, 1)
      assert.deepEqual(JSON.parse(stdout).map((/** @type {any} */ { target, ok }) => [target, ok]), [[at('whole'), true], [at('leafOnly'), false]])
    }
  })

  test('as lines of JSON come when they are there', async () => {
    const { stdout } = await diagnose([at('silent'), at('whole'), ...TRUSTED, '--timeout', '0.5', '--format', 'ndjson'])
    const reports = stdout.trimEnd().split('\n').map((line) => JSON.parse(line))
    assert.deepEqual(reports.map(({ target }) => target), [at('whole'), at('silent')])
    assert.equal(reports[1].code, 'ETIMEDOUT')
  })

  test('in the formats of a CI name their server', async () => {
    const github = await diagnose([at('leafOnly'), at('refused'), ...TRUSTED, '--format', 'github'])
    assert.match(github.stdout, /^::error title=trust-anchors%3A connection-refused|^::error title=trust-anchors: connection-refused::localhost:\d+: /m)
    const sarif = JSON.parse((await diagnose([at('leafOnly'), at('refused'), ...TRUSTED, '--format', 'sarif'])).stdout)
    const [first] = sarif.runs[0].results
    assert.equal(first.ruleId, 'chain-missing-intermediate')
    assert.ok(first.message.text.startsWith(`${at('leafOnly')}: `))
  })

  test('of many, each is connected to once, and only the answers are told', async () => {
    const list = [...Array(30).fill(at('whole')), at('leafOnly')].join('\n')
    const { status, stdout, stderr } = await diagnose(['--targets', '-', ...TRUSTED, '--concurrency', '8'], { stdin: list })
    assert.equal(status, 1)
    assert.match(stdout, /\n\n31 targets: 30 ok, 1 not\n$/)
    assert.equal(stdout.trimEnd().split('\n').length, 33)
    assert.match(stderr, /^note: 31 targets are connected to once each; --observe and --look-further add what a single one gets$/m)
    const observed = await diagnose(['--targets', '-', ...TRUSTED, '--observe', '--look-further', '--format', 'json'], { stdin: list })
    assert.ok(JSON.parse(observed.stdout).every((/** @type {any} */ report) => report.observed !== null))
  })
})

test('Ctrl-C ends it at once with what is there', { skip: process.platform === 'win32' }, async () => {
  const { status, signal, stdout, stderr } = await diagnose([at('whole'), at('silent'), ...TRUSTED, '--timeout', '600', '--format', 'ndjson'], {
    onSpawn(child) {
      child.stdout?.once('data', () => child.kill('SIGINT'))
    },
  })
  assert.equal(signal, null)
  assert.equal(status, 2)
  assert.equal(JSON.parse(stdout).target, at('whole'))
  assert.match(stderr, /^warning: interrupted: 1 of 2 targets were diagnosed$/m)
})

test('wrong usage ends before anything is connected to', async () => {
  file('empty', '# nothing\n')
  file('faulty', `${at('silent')}\nftp://example.com\n`)
  for (const [args, message] of /** @type {[string[], RegExp][]} */ ([
    [['--targets', 'empty'], /the list of targets is empty/],
    [['--targets', 'missing'], /cannot read the targets: ENOENT/],
    [['--targets', 'faulty'], /^error: line 2 of `faulty`: .*scheme ftp:/m],
    [['--targets', '-', '-'], /standard input \(`-`\) can be read once only/],
    [[at('silent'), '--proxy', 'http://p:3128', '--no-proxy'], /`--proxy` and `--no-proxy` say the opposite/],
    [[at('silent'), '--observe', '--no-observe'], /say the opposite/],
    [[at('silent'), '--concurrency', '0'], /`--concurrency` must be a whole number from 1/],
    [[at('silent'), '--timeout', 'soon'], /`--timeout` must be a number of seconds/],
    [[at('silent'), '--starttls', 'ftp'], /`--starttls` must be/],
    [[at('silent'), '--cert', 'missing.pem'], /cannot read the file of `--cert`: ENOENT/],
    [[at('silent'), '--cert', 'client.pem'], /options\.key/],
    [[at('silent'), '--proxy', 'socks5://user:secret@p:1080'], /must be an HTTP proxy/],
    [[at('silent'), '--hostname', HOST], /`--hostname` is about a file/],
  ])) {
    const { status, stdout, stderr } = await diagnose(args)
    assert.equal(status, 2, `${args.join(' ')}: ${stderr}`)
    assert.equal(stdout, '', args.join(' '))
    assert.match(stderr, message)
    assert.doesNotMatch(stderr, /secret|this is a fault/)
  }
})

test('the progress bar is for terminals', () => {
  const draw = (/** @type {boolean} */ isTTY, total = 10) => {
    let text = ''
    const stream = /** @type {any} */ ({ isTTY, write: (/** @type {string} */ part) => (text += part) })
    const bar = progressBar(stream, surface({ width: 40 }), total)
    bar.start()
    for (let index = 0; index < total; index++) bar.step(index !== 3)
    bar.clear()
    return text
  }
  assert.equal(draw(false), '')
  assert.equal(draw(true, 1), '')
  const text = draw(true)
  assert.match(text, /^\r\x1b\[2K-+ 0\/10/)
  assert.match(text, /\r\x1b\[2K#+ 10\/10, 1 not ok\r\x1b\[2K$/)
  for (const line of text.split('\r\x1b[2K')) assert.ok(line.length < 40, line)
})
