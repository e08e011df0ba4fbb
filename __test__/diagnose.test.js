'use strict'

// `trust-anchors diagnose` as its users see it. Dates are given, so the same text comes every day; the certificates are private ones, which no store
// of the machine holds. Whether the verdicts are Node's is shown elsewhere.

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { describe, test, after } = require('node:test')

const Ajv = require('ajv')

const { verifyChain } = require('..')
const { surface } = require('../lib/layout.js')
const { diagnosis, verdict: verdictText } = require('../lib/verdict-text.js')
const { run } = require('./support/environment.js')
const { certificate, pemBlock, pkcs12, pkcs7 } = require('./support/pki.js')

const PROGRAM = path.join(__dirname, '..', 'bin', 'trust-anchors.js')
const HOST = 'api.acme.test'
const ON = ['--at', '2026-11-21', '--node', '24']
const windows = process.platform === 'win32'

const dates = { notBefore: '2024-01-01', notAfter: '2044-01-01' }
const root = certificate({ subject: { O: 'Acme Corp', CN: 'Acme Root CA' }, ca: true, ...dates })
const intermediate = root.issue({ subject: { O: 'Acme Corp', CN: 'Acme Issuing CA' }, ca: true, ...dates, notAfter: '2027-03-01' })
const leaf = intermediate.issue({ subject: HOST, server: true, altNames: [`DNS:${HOST}`], notBefore: '2026-01-01', notAfter: '2029-01-31' })
const oldRoot = certificate({ subject: { O: 'Acme Corp', CN: 'Acme Root CA 2009' }, ca: true, keyType: 'rsa-1024', ...dates, notBefore: '2009-01-01' })
const intranet = oldRoot.issue({ subject: 'intranet.acme.test', server: true, altNames: ['DNS:intranet.acme.test'], ...dates })

const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-diagnose-')))
after(() => fs.rmSync(folder, { recursive: true, force: true }))

/** @param {string} name @param {string | Buffer} contents */
const file = (name, contents) => (fs.writeFileSync(path.join(folder, name), contents), name)

file('root.pem', root.pem)
file('old-root.pem', oldRoot.pem)
file('server.pem', leaf.pem)
file('fullchain.pem', leaf.pem + intermediate.pem)
file('intranet.pem', intranet.pem)
file('broken.pem', leaf.pem + pemBlock(Buffer.from([0, 0, 0])))

/**
 * @param {string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
const diagnose = (args, options) => run(process.execPath, [PROGRAM, 'diagnose', ...args], { cwd: folder, ...options })

/** The report without its findings, which have tests of their own. @param {string} text */
const beforeFindings = (text) => `${text.split(/^(?:error|warning|note)\[/m)[0]?.trimEnd()}\n`

/** @param {string[]} args @param {Parameters<typeof run>[2]} [options] */
async function json(args, options) {
  const { status, stdout, stderr } = await diagnose([...args, '--format', 'json'], options)
  assert.doesNotMatch(stderr, /^error/m)
  return { status, reports: JSON.parse(stdout) }
}

describe('the text', () => {
  test('of a missing intermediate marks where the path ends, and whose certificate is missing', async () => {
    const { status, stdout, stderr } = await diagnose(['server.pem', '--hostname', HOST, '--ca', 'root.pem', ...ON])
    assert.equal(status, 1)
    assert.equal(beforeFindings(stdout), `server.pem
PEM, 1 certificate: what Node 24 says of the server \`api.acme.test\` on
2026-11-21, trusting root.pem

UNABLE_TO_VERIFY_LEAF_SIGNATURE at depth 0: unable to verify the first
certificate
Node prints: Error: unable to verify the first certificate; if the root CA is
             installed locally, try running Node.js with --use-system-ca

The path, from the leaf
  0 CN=api.acme.test
  |  sent 1st (server.pem:1); EC-256; 2026-01-01 to 2029-01-31
  |  - UNABLE_TO_GET_ISSUER_CERT_LOCALLY (OpenSSL 20): unable to get local
  |    issuer certificate
  |  x UNABLE_TO_VERIFY_LEAF_SIGNATURE (OpenSSL 21): unable to verify the first
  |    certificate
  \`- ? CN=Acme Issuing CA,O=Acme Corp
       the issuer: neither sent nor in the trust store

On other versions, with other trust, at other times
  On          Trust       Node  18  20  22  24  26
  2026-11-21  ca (asked)         A   A   A   A   A
              bundled            A   A   A   A   A
              system             A   A   A   A   A
              merged             A   A   A   A   A
  2029-01-31  ca                 B   B   B   B   B

  A  UNABLE_TO_VERIFY_LEAF_SIGNATURE (unable to verify the first certificate:
     \`api.acme.test\`)
  B  CERT_HAS_EXPIRED (leaf \`api.acme.test\` expired on 2029-01-31)
`)
    assert.match(stderr, /^hint: `trust-anchors explain UNABLE_TO_VERIFY_LEAF_SIGNATURE` explains a code$/m)
  })

  test('of a good chain shows where each certificate is from, and when it will fail', async () => {
    const { status, stdout } = await diagnose(['fullchain.pem', '--hostname', HOST, '--ca', 'root.pem', ...ON])
    assert.equal(status, 0)
    assert.equal(beforeFindings(stdout), `fullchain.pem
PEM, 2 certificates: what Node 24 says of the server \`api.acme.test\` on
2026-11-21, trusting root.pem

ok

The path, from the leaf
  0 CN=api.acme.test
  |  sent 1st (fullchain.pem:1); EC-256; 2026-01-01 to 2029-01-31
  \`- 1 CN=Acme Issuing CA,O=Acme Corp
     |  sent 2nd (fullchain.pem:13); EC-256; 2024-01-01 to 2027-03-01
     \`- 2 CN=Acme Root CA,O=Acme Corp
           from \`ca\` (root.pem:1); EC-256; 2024-01-01 to 2044-01-01

On other versions, with other trust, at other times
  On          Trust       Node  18  20  22  24  26
  2026-11-21  ca (asked)        ok  ok  ok  ok  ok
              bundled            A   A   A   A   A
              system             A   A   A   A   A
              merged            ok  ok  ok  ok  ok
  2027-03-01  ca                 B   B   B   B   B
  2029-01-31  ca                 C   C   C   C   C

  A  UNABLE_TO_GET_ISSUER_CERT_LOCALLY (unable to get local issuer certificate:
     \`Acme Issuing CA\`)
  B  CERT_HAS_EXPIRED (intermediate \`Acme Issuing CA\` expired on 2027-03-01)
  C  CERT_HAS_EXPIRED (leaf \`api.acme.test\` expired on 2029-01-31)
`)
  })

  test('says which Nodes accept what others do not', async () => {
    const { status, stdout, stderr } = await diagnose(['intranet.pem', '--hostname', 'intranet.acme.test', '--ca', 'old-root.pem', ...ON])
    assert.equal(status, 1)
    assert.match(stdout, /^UNSPECIFIED at depth 1: CA certificate key too weak$/m)
    assert.match(stdout, /^ +from `ca` \(old-root\.pem:1\); RSA-1024; 2009-01-01 to 2044-01-01\n +x UNSPECIFIED \(OpenSSL 67\): CA certificate key too weak$/m)
    assert.match(stdout, /^Node 18, 20 and 22 accept it, Node 24 and 26 do not$/m)
    assert.match(stdout, /^ {2}2026-11-21 {2}ca \(asked\) {8}ok {2}ok {2}ok {3}A {3}A$/m)
    assert.match(stdout, /^ {2}A {2}UNSPECIFIED \(CA key RSA-1024 of `Acme Root CA 2009` is too weak\)$/m)
    assert.match(stderr, /^hint: `trust-anchors explain CA_KEY_TOO_SMALL` explains a code$/m)
    assert.equal((await diagnose(['intranet.pem', '--ca', 'old-root.pem', '--at', '2026-11-21', '--node', '20'])).status, 0)
  })

  test('lists what is sent and not used, with the reason', async () => {
    file('more.pem', leaf.pem + intermediate.pem + root.pem + intermediate.pem + oldRoot.pem)
    const { status, stdout } = await diagnose(['more.pem', '--ca', 'root.pem', ...ON])
    assert.equal(status, 0)
    const section = /Sent and not used\n((?: .*\n)+)/.exec(stdout)?.[1]
    assert.equal(section, `   3rd  CN=Acme Root CA,O=Acme Corp
        more.pem:25: the trust store's own copy is taken
   4th  CN=Acme Issuing CA,O=Acme Corp
        more.pem:36: the same as the 2nd
   5th  CN=Acme Root CA 2009,O=Acme Corp
        more.pem:48: issued nothing in the path
`)
  })

  test('of a leaf that is not first judges the file as it is, and says that another order would be accepted', async () => {
    file('reverse.pem', root.pem + intermediate.pem + leaf.pem)
    const { status, stdout } = await diagnose(['reverse.pem', '--hostname', HOST, '--ca', 'root.pem', ...ON])
    assert.equal(status, 1)
    assert.match(stdout, /^INVALID_PURPOSE at depth 0/m)
    assert.match(stdout, /^error\[chain-leaf-not-first\]: the chain begins with the CA certificate/m)
    assert.match(stdout, /^ {2}at reverse\.pem:1$/m)
    file('hopeless.pem', intermediate.pem + intranet.pem)
    assert.doesNotMatch((await diagnose(['hopeless.pem', '--ca', 'root.pem', ...ON])).stdout, /chain-leaf-not-first/)
  })

  test('of a host name that does not match names what the certificate is for', async () => {
    const { status, stdout } = await diagnose(['fullchain.pem', '--hostname', 'www.acme.test', '--ca', 'root.pem', ...ON])
    assert.equal(status, 1)
    assert.match(stdout, /^ERR_TLS_CERT_ALTNAME_INVALID at depth 0: Host: www\.acme\.test\. is not/m)
    assert.match(stdout, /^Node prints: Error \[ERR_TLS_CERT_ALTNAME_INVALID\]: Hostname\/IP does not match/m)
    assert.match(stdout, /x ERR_TLS_CERT_ALTNAME_INVALID: `www\.acme\.test` is asked for, and the\n {2}\| +certificate is for the DNS name `api\.acme\.test`$/m)
  })

  test('of a certificate that cannot be read marks its place in the message', async () => {
    const { status, stdout } = await diagnose(['broken.pem', '--ca', 'root.pem', ...ON])
    assert.equal(status, 1)
    assert.match(stdout, /^1 block of it cannot be read; `trust-anchors inspect broken\.pem` says why$/m)
    assert.match(stdout, /^ERR_SSL_\w+ at the 2nd certificate: /m)
    assert.match(stdout, /^ +2nd {2}no certificate that can be read {2}broken\.pem:13\n +x ERR_SSL_/m)
    assert.doesNotMatch(stdout, /The path/)
  })

  test('of several files is one report each, and the worst decides the exit code', async () => {
    const { status, stdout } = await diagnose(['fullchain.pem', 'server.pem', '--ca', 'root.pem', ...ON])
    assert.equal(status, 1)
    assert.match(stdout, /^fullchain\.pem\nPEM, 2 certificates/)
    assert.match(stdout, /\n\nserver\.pem\nPEM, 1 certificate:/)
  })

  test('fits the terminal, draws lines where it can, and has no colour where there is none', { skip: process.platform !== 'linux' }, async () => {
    const terminal = async (/** @type {number} */ width, /** @type {Record<string, string>} */ env) => {
      const command = `stty cols ${width}; "$NODE" "$TRUST" diagnose server.pem --hostname ${HOST} --ca root.pem ${ON.join(' ')}`
      const { stdout } = await run('/bin/bash', ['-c', `script --quiet --return --command '${command}' /dev/null`], { cwd: folder, env: { NODE: process.execPath, TRUST: PROGRAM, ...env } })
      return stdout.replaceAll('\r', '')
    }
    const color = /\u001b\[/
    for (const width of [80, 120]) {
      const plain = await terminal(width, { TERM: 'xterm-256color', NO_COLOR: '1', LC_ALL: 'C.UTF-8' })
      assert.doesNotMatch(plain, color)
      assert.match(plain, /└─ \? CN=Acme Issuing CA/)
      // What can be copied is never wrapped, and only the findings have such lines.
      for (const line of beforeFindings(plain).split('\n')) assert.ok([...line].length <= width, `more than ${width} columns: ${line}`)
    }
    const painted = await terminal(80, { TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' })
    assert.match(painted, color)
    assert.match(painted, /\u001b\[31mUNABLE_TO_VERIFY_LEAF_SIGNATURE\u001b\[39m/)
    for (const env of [{ TERM: 'dumb', LC_ALL: 'C.UTF-8' }, { TERM: 'xterm', LC_ALL: 'C', NO_COLOR: '1' }]) {
      const dumb = await terminal(80, env)
      assert.doesNotMatch(dumb, color)
      assert.doesNotMatch(beforeFindings(dumb), /[^\n\x20-\x7e]/)
    }
  })
})

describe('the question', () => {
  test('is what --store, --ca and the environment make of it', async () => {
    for (const [args, env, store, ok, from] of /** @type {const} */ ([
      [[], {}, 'default', false, null],
      [[], { NODE_EXTRA_CA_CERTS: 'root.pem' }, 'default', true, 'extra'],
      [['--store', 'extra'], { NODE_EXTRA_CA_CERTS: 'root.pem' }, 'extra', true, 'extra'],
      [['--store', 'bundled'], { NODE_EXTRA_CA_CERTS: 'root.pem' }, 'bundled', false, null],
      [['--store', 'merged'], { NODE_EXTRA_CA_CERTS: 'root.pem' }, 'merged', true, 'extra'],
      [['--store', 'system'], { NODE_EXTRA_CA_CERTS: 'root.pem' }, 'system', false, null],
      [['--store', 'bundled', '--ca', 'root.pem'], {}, 'bundled+ca', true, 'ca'],
      [['--store', 'merged', '--ca', 'root.pem'], {}, 'merged', true, 'ca'],
      [['--ca', 'old-root.pem', '--ca', 'root.pem'], {}, 'ca', true, 'ca'],
      [['--ca', 'old-root.pem'], { NODE_EXTRA_CA_CERTS: 'root.pem' }, 'ca', false, null],
    ])) {
      const { status, reports: [report] } = await json(['fullchain.pem', '--hostname', HOST, ...args, '--at', '2026-11-21'], { env })
      const label = `${args.join(' ')} ${JSON.stringify(env)}`
      assert.equal(report.question.store, store, label)
      assert.equal(report.verdict.ok, ok, label)
      assert.equal(status, ok ? 0 : 1, label)
      assert.deepEqual(report.verdict.path[2]?.sources.map((/** @type {any} */ source) => [source.store, source.line]), from === null ? undefined : [[from, 1]], label)
      if (from !== null) assert.equal(path.basename(report.verdict.path[2].sources[0].path), 'root.pem', label)
    }
  })

  test('of --node, --at, --purpose and --allow-partial-trust-chain is that of verifyChain', async () => {
    file('intermediate.pem', intermediate.pem)
    for (const [args, options] of /** @type {[string[], Partial<import('..').VerifyInput>][]} */ ([
      [['--node', '18'], { node: '18' }],
      [['--node', 'v24.11.0', '--at', '2027-03-01'], { node: '24.11.0', time: '2027-03-01' }],
      [['--node', '24', '--purpose', 'client'], { node: '24', purpose: 'client' }],
      [['--node', '24', '--allow-partial-trust-chain'], { node: '24', allowPartialTrustChain: true }],
      [['--node', '24', '--at', '2023-01-01T12:00:00Z'], { node: '24', time: '2023-01-01T12:00:00Z' }],
    ])) {
      const { reports: [report] } = await json(['server.pem', '--ca', 'intermediate.pem', '--at', '2026-11-21', ...args])
      const { ok, code, reason, stage, depth, errors, undetermined } = verifyChain({ chain: leaf.pem, ca: intermediate.pem, time: '2026-11-21', ...options })
      const { path: _path, mismatch: _mismatch, ...said } = report.verdict
      assert.deepEqual(said, { ok, code, reason, stage, depth, errors, undetermined }, args.join(' '))
    }
    const { stdout } = await diagnose(['server.pem', '--ca', 'intermediate.pem', ...ON])
    assert.match(stdout, /^ +ca, partial chains +ok {2}ok {2}ok {2}ok$/m)
  })

  test('takes PEM, DER, PKCS#7, PKCS#12 and standard input', async () => {
    file('leaf.der', leaf.der)
    file('chain.p7b', pkcs7([leaf, intermediate]))
    file('chain.p12', pkcs12([leaf, intermediate], { key: leaf, password: 'secret' }))
    file('password', 'secret\n')
    for (const [args, format, sent, options] of /** @type {[string[], string, number, any?][]} */ ([
      [['leaf.der'], 'DER', 1],
      [['chain.p7b'], 'PKCS#7', 2],
      [['chain.p12', '--password-file', 'password'], 'PKCS#12', 2],
      [['-'], 'PEM', 2, { stdin: leaf.pem + intermediate.pem }],
      [['-'], 'DER', 1, { stdin: leaf.der }],
    ])) {
      const { reports: [report] } = await json([...args, '--ca', 'root.pem', ...ON], options)
      assert.equal(report.format, format)
      assert.equal(report.sent.length, sent, args.join(' '))
      assert.equal(report.verdict.ok, sent === 2, args.join(' '))
    }
    const { stdout } = await diagnose(['fullchain.pem', '--ca', '-', ...ON], { stdin: root.pem })
    assert.match(stdout, /trusting \(standard input\)$/m)
  })

  test('warns of a --ca file that Node does not read', async () => {
    file('root.der', root.der)
    file('indented.pem', root.pem.replace(/^/gm, '  '))
    assert.match((await diagnose(['fullchain.pem', '--ca', 'root.der', ...ON])).stderr, /^warning: root\.der is DER: a `ca` option takes PEM alone/m)
    const { status, stderr } = await diagnose(['fullchain.pem', '--ca', 'indented.pem', ...ON])
    assert.equal(status, 1)
    assert.match(stderr, /^warning: Node does not read one certificate of indented\.pem; `trust-anchors inspect indented\.pem` says why$/m)
  })
})

describe('what has no answer', () => {
  test('ends with exit code 2, says why, and prints no data', { skip: windows }, async () => {
    file('key.pem', leaf.key.pem)
    file('empty.pem', '')
    file('text.pem', 'nothing here\n')
    file('binary', Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 89) % 251)))
    file('locked.p12', pkcs12([leaf], { key: leaf, password: 'secret' }))
    execFileSync('mkfifo', [path.join(folder, 'fifo')])
    fs.truncateSync(path.join(folder, file('sparse', '')), 2 ** 30)
    for (const [args, message, hint] of /** @type {[string[], RegExp, RegExp?][]} */ ([
      [[], /`diagnose` needs a TARGET/],
      [['key.pem'], /`key\.pem` holds a private key and no certificate/, /the file that the server sends/],
      [['empty.pem'], /`empty\.pem` is empty/],
      [['text.pem'], /`text\.pem` holds no certificate/],
      [['binary'], /`binary` holds no certificate/],
      [['locked.p12'], /`locked\.p12` is a PKCS#12 file with a password/, /`--password-file FILE` opens it/],
      [['fifo'], /`fifo` is a pipe, whose end may never come/, /diagnose -`/],
      [['/dev/zero'], /`\/dev\/zero` is a device/],
      [['/dev/null'], /`\/dev\/null` is a device/],
      [['sparse'], /`sparse` is larger than 128 MiB, and there is nothing in those/],
      [['.'], /`\.` is a directory/],
      [['missing.pem'], /cannot read `missing\.pem`: ENOENT/],
      [['server.pem', '--servername', HOST], /`--servername` is about a server, and only files are named/],
      [['server.pem', '--no-proxy'], /`--no-proxy` is about a server/],
      [['example.com', '--hostname', HOST], /`--hostname` is about a file/, /`--servername`/],
      [['server.pem', '--ca', 'missing.pem'], /cannot read `missing\.pem`: ENOENT/],
      [['server.pem', '--ca', 'fifo'], /`fifo` is a pipe/],
      [['-', '--ca', '-'], /standard input \(`-`\) can be read once only/],
      [['server.pem', '--hostname', 'https://api.acme.test/'], /`--hostname` is a name or an address/, /leave out the scheme/],
      [['server.pem', '--hostname', 'api.acme.test:443'], /`--hostname` is a name or an address/],
      [['server.pem', '--hostname', HOST, '--purpose', 'client'], /`--hostname` says nothing of a client/],
      [['server.pem', '--purpose', 'proxy'], /`--purpose` must be server or client/],
      [['server.pem', '--store', 'node'], /`--store` must be bundled, system, extra or merged/],
      [['server.pem', '--node', '97', '--store', 'bundled'], /the list that Node 97 ships is not known/, /18, 20, 22, 24, 26/],
      [['server.pem', '--node', '16'], /`--node` must be a Node version from 18 on/],
      [['server.pem', '--at', 'tomorrow'], /`--at` must be a date/],
      [['server.pem', '--password-file', 'missing'], /cannot read the password/],
    ])) {
      const { status, signal, stdout, stderr } = await diagnose(args)
      const label = args.join(' ')
      assert.equal(signal, null, label)
      assert.equal(status, 2, `${label}: ${stderr}`)
      assert.equal(stdout, '', label)
      assert.match(stderr, message, label)
      if (hint) assert.match(stderr, new RegExp(`^hint: .*${hint.source}`, 'm'), label)
      assert.doesNotMatch(stderr, /PRIVATE KEY|reboot.*s_client|this is a fault/, label)
    }
  })

  test('of standard input is the same', async () => {
    for (const [stdin, message] of /** @type {[string | Buffer, RegExp][]} */ ([
      ['', /standard input is empty/],
      [leaf.key.pem, /standard input holds a private key and no certificate/],
      [Buffer.alloc(100_000, 0xff), /standard input holds no certificate/],
    ])) {
      const { status, stdout, stderr } = await diagnose(['-'], { stdin })
      assert.deepEqual([status, stdout], [2, ''])
      assert.match(stderr, message)
    }
  })
})

describe('hostile input', () => {
  test('a private key beside the chain is mentioned and never shown', async () => {
    file('with-key.pem', leaf.key.pem + leaf.pem + intermediate.pem)
    // The third line holds the public key, which the certificate holds as well.
    const secret = leaf.key.pem.split('\n').slice(1, 3)
    for (const format of ['text', 'json', 'github', 'sarif']) {
      const { status, stdout, stderr } = await diagnose(['with-key.pem', '--hostname', 'other.test', '--ca', 'root.pem', ...ON, '--format', format])
      assert.equal(status, 1)
      for (const line of secret) assert.ok(!(stdout + stderr).includes(line), format)
      assert.doesNotMatch(stdout, /BEGIN [A-Z ]*PRIVATE KEY/)
      if (format === 'text') assert.match(stdout, /^It holds a private key \(line 1\), which is not looked at and never shown$/m)
      if (format === 'json') assert.equal(JSON.parse(stdout)[0].privateKeys, 1)
    }
  })

  test('text from a certificate, a host name or a file name moves no cursor', async () => {
    const name = '\u001b[31mevil\u0007\u202e\n::error::x\u009b2J'
    const evil = root.issue({ subject: { O: name, CN: name }, server: true, altNames: [`DNS:a${name}`, 'URI:\u001b]0;x\u0007'] })
    file('evil.pem', evil.pem + evil.pem)
    for (const format of ['text', 'github']) {
      const { stdout, stderr } = await diagnose(['evil.pem', '--hostname', 'b\u001b[2J.test', '--ca', 'root.pem', ...ON, '--format', format])
      assert.doesNotMatch(stdout + stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
      assert.doesNotMatch(stdout, /^::error::x/m)
    }
    assert.doesNotMatch(String(verifyChain({ chain: evil.pem, ca: root.pem, hostname: 'b\u001b.test', time: '2026-11-21' })), /[\u0000-\u0009\u000b-\u001f\u202e]/)
  })

  test('a very long chain, name and list of names are shown in part', async () => {
    const names = Array.from({ length: 3000 }, (_, index) => `DNS:h${index}.acme.test`)
    const many = root.issue({ subject: 'x'.repeat(5000), server: true, altNames: names })
    file('many.pem', many.pem)
    file('crowd.pem', leaf.pem + intermediate.pem + Array.from({ length: 60 }, () => oldRoot.pem).join(''))
    const long = await diagnose(['many.pem', '--hostname', 'other.test', '--ca', 'root.pem', ...ON])
    assert.equal(long.status, 1)
    assert.match(beforeFindings(long.stdout).replace(/\n[ |]*/g, ' '), /`h7\.acme\.test` and 2992 more/)
    assert.match(long.stdout, /… \(\d+ more characters\)/)
    const crowd = await diagnose(['crowd.pem', '--ca', 'root.pem', ...ON])
    assert.equal(crowd.status, 0)
    assert.match(crowd.stdout, /^ {8}48 more certificates$/m)
  })

  test('a path longer than any that works is drawn in part, with its faults', () => {
    /** @type {any} */
    const made = verifyChain({ chain: [leaf.pem, intermediate.pem], ca: root.pem, time: '2026-11-21', node: '24' })
    const [, element] = made.path
    const loop = { ...made.toJSON(), ok: false, code: 'UNABLE_TO_GET_ISSUER_CERT', reason: 'unable to get issuer certificate', stage: 'verify', depth: 101, perspectives: [] }
    loop.path = Array.from({ length: 102 }, () => element)
    loop.errors = [{ openssl: 20, code: 'X', reason: 'in the middle', depth: 50 }, { openssl: 2, code: loop.code, reason: loop.reason, depth: 101 }]
    const text = verdictText(loop, surface())
    assert.match(text, /… 44 more certificates/)
    assert.match(text, /50 CN=Acme Issuing CA/)
    assert.match(text, /x UNABLE_TO_GET_ISSUER_CERT/)
    assert.ok(text.split('\n').length < 80)
  })
})

describe('formats', () => {
  const text = { type: 'string' }
  const nullable = { type: ['string', 'null'] }
  const position = { type: ['integer', 'null'] }
  const outcome = { ok: { type: 'boolean' }, code: nullable, reason: nullable, stage: { enum: ['handshake', 'verify', 'identity', null] }, depth: position, undetermined: nullable }
  const exact = (/** @type {Record<string, unknown>} */ properties, /** @type {string[]} */ optional = []) =>
    ({ type: 'object', additionalProperties: false, properties, required: Object.keys(properties).filter((name) => !optional.includes(name)) })
  const some = { type: 'object' }
  const SHAPE = {
    type: 'array',
    items: exact({
      file: text,
      format: text,
      privateKeys: { type: 'integer' },
      question: exact({ hostname: text, node: text, purpose: { enum: ['server', 'client'] }, time: text, allowPartialTrustChain: { type: 'boolean' }, store: text }, ['hostname']),
      verdict: exact({ ...outcome, errors: { type: 'array', items: exact({ openssl: { type: 'integer' }, code: text, reason: text, depth: { type: 'integer' } }) },
        path: { type: 'array', items: some }, mismatch: { type: ['object', 'null'] } }),
      sent: { type: 'array', items: exact({ position: { type: 'integer' }, line: { type: 'integer' }, sha256: nullable, subject: nullable, used: { type: 'boolean' } }, ['line']) },
      perspectives: { type: 'array', minItems: 5, items: exact({ ...outcome, node: text, store: text, time: text, allowPartialTrustChain: { type: 'boolean' }, differs: { type: 'boolean' }, certificate: nullable, text }) },
      findings: { type: 'array', items: some },
    }, ['file']),
  }

  test('json has the verdict, what was sent, and every perspective', async () => {
    const validate = new Ajv({ allErrors: true }).compile(SHAPE)
    for (const args of [['fullchain.pem', '--hostname', HOST], ['server.pem'], ['intranet.pem', '--hostname', 'x.test'], ['broken.pem']]) {
      const { reports } = await json([...args, '--ca', 'root.pem', ...ON])
      assert.ok(validate(reports), JSON.stringify(validate.errors))
    }
    const { reports: [report] } = await json(['fullchain.pem', '--ca', 'root.pem', ...ON])
    assert.deepEqual(report.sent.map((/** @type {any} */ { position: at, line, used }) => [at, line, used]), [[0, 1, true], [1, 13, true]])
    assert.deepEqual([...new Set(report.perspectives.map((/** @type {any} */ { store }) => store))], ['ca', 'bundled', 'system', 'merged'])
    assert.deepEqual([...new Set(report.perspectives.map((/** @type {any} */ { time }) => time))], ['2026-11-21T00:00:00Z', '2027-03-01T00:00:00Z', '2029-01-31T00:00:00Z'])
  })

  test('github annotates the line of the certificate that the code is about', async () => {
    const { status, stdout } = await diagnose(['fullchain.pem', '--ca', 'root.pem', '--node', '24', '--at', '2027-04-01', '--format', 'github'])
    assert.equal(status, 1)
    assert.match(stdout, /^::error file=fullchain\.pem,line=13,title=trust-anchors/m)
    const weak = await diagnose(['intranet.pem', '--ca', 'old-root.pem', ...ON, '--format', 'github'])
    assert.match(weak.stdout, /^::error file=old-root\.pem,line=1,title=/m)
    const broken = await diagnose(['broken.pem', '--ca', 'root.pem', ...ON, '--format', 'github'])
    assert.match(broken.stdout, /^::error file=broken\.pem,line=13,title=/m)
    assert.equal((await diagnose(['fullchain.pem', '--hostname', HOST, '--ca', 'root.pem', ...ON, '--format', 'github'])).stdout.match(/^::error/m), null)
  })

  test('sarif is valid, and has a result for a chain that fails', async () => {
    const validator = new Ajv({ schemaId: 'id', allErrors: true, meta: false })
    validator.addMetaSchema(require('ajv/lib/refs/json-schema-draft-04.json'))
    const validate = validator.compile(require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'))
    for (const args of [['server.pem'], ['fullchain.pem'], ['intranet.pem'], ['broken.pem']]) {
      const { status, stdout } = await diagnose([...args, '--hostname', HOST, '--ca', 'root.pem', ...ON, '--format', 'sarif'])
      const log = JSON.parse(stdout)
      assert.ok(validate(log), JSON.stringify(validate.errors))
      assert.equal(log.runs[0].results.some((/** @type {any} */ { level }) => level === 'error'), status === 1, args[0])
    }
  })

  test('toString() of a verdict is the same tree', () => {
    const verdict = verifyChain({ chain: leaf.pem, ca: root.pem, time: '2026-11-21', node: '24' })
    assert.match(String(verdict), /^UNABLE_TO_VERIFY_LEAF_SIGNATURE at depth 0: unable to verify the first\ncertificate\n {2}0 CN=api\.acme\.test\n {2}\| {2}sent 1st; EC-256/)
    assert.match(String(verifyChain({ chain: intranet.pem, ca: oldRoot.pem, time: '2026-11-21', node: '24' })), /Node 18, 20 and 22 accept it, Node 24 and 26 do not/)
    assert.equal(typeof diagnosis, 'function')
  })
})
