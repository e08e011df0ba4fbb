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

const { diagnose, verifyChain } = require('..')
const { complete } = require('../lib/diagnose/aia.js')
const { surface } = require('../lib/layout.js')
const der = require('./support/der.js')
const { run } = require('./support/environment.js')
const { tlsServer } = require('./support/loopback.js')
const { startNginx } = require('./support/nginx.js')
const { nodes } = require('./support/nodes.js')
const { startPostgres } = require('./support/servers/postgres.js')
const { startTinyproxy } = require('./support/servers/tinyproxy.js')
const { certificate, pkcs7, sha1 } = require('./support/pki.js')

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

/** @param {{ pem: string }} authority */
const keyIdentifier = ({ key }) => sha1(der.children(der.read(key.spki).body)[1].body.subarray(1))

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

  test('is mended by what the command line prints, on the server and until then on the client', async () => {
    web.answers['/issuer'] = answering(intermediate.der)
    const args = [path.join(LIBRARY, 'bin', 'trust-anchors.js'), 'diagnose', target(), '--fetch-missing']
    const { status, stdout, stderr } = await run(process.execPath, args, { env: trusting })
    assert.equal(status, 1)
    assert.doesNotMatch(stderr, /^(?:error|warning)/m)
    assert.match(stdout, /^error\[chain-missing-intermediate\]: the server sent `localhost` without its$/m)
    assert.match(stdout, /fix: On the server, send the whole chain: its own certificate, then\n +`CN=Fixes Intermediate`/)
    assert.match(stdout, /fix: Until the server is mended, give Node/)
    assert.match(stdout, new RegExp(`proved: Node ${process.versions.node} connects with it`))
    const blocks = /** @type {string[]} */ (stdout.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g))
    assert.deepEqual(blocks, [leaf, intermediate, intermediate, root].map(({ pem }) => pem))

    const mended = await startNginx({ certificate: blocks.slice(0, 2).join(''), key: leaf.key.pem })
    const stopgap = file('stopgap.pem', blocks.slice(2).join(''))
    const connecting = (/** @type {number} */ port) => `require('tls').connect({ port: ${port}, host: '127.0.0.1', servername: 'localhost' }, () => process.exit(0)).on('error', () => process.exit(1))`
    for (const { path: node, version } of nodes) {
      const ends = async (/** @type {number} */ port, /** @type {string} */ extra) => (await run(node, ['-e', connecting(port)], { env: { NODE_EXTRA_CA_CERTS: extra } })).status
      const { NODE_EXTRA_CA_CERTS: before } = trusting
      assert.deepEqual([await ends(server.port, before), await ends(mended.port, before), await ends(server.port, stopgap)], [1, 0, 0], `Node ${version}`)
    }
    await mended.stop()
  })

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

describe('the addresses of a chain', () => {
  const root = certificate({ subject: 'Chain Root', ca: true })
  /** @type {Awaited<ReturnType<typeof webServer>>} */
  let web
  before(async () => { web = await webServer({}) })
  after(() => web.stop())

  /**
   * What following them comes to, trusting the root.
   *
   * @param {{ pem: string }[]} sent
   * @param {Partial<Parameters<typeof complete>[1]>} [how]
   * @param {{ pem: string }} [anchor]
   */
  function completed(sent, how, anchor = root) {
    const judge = (/** @type {string[]} */ chain) => verifyChain({ chain, ca: anchor.pem, hostname: 'localhost' })
    return complete(judge(sent.map(({ pem }) => pem)), { judge, stageTimeout: 5_000, timeout: 20_000, ...how })
  }
  const at = (/** @type {string} */ name) => [`${web.origin}/${name}`]
  const subjects = (/** @type {{ subject: string }[]} */ list) => list.map(({ subject }) => subject)

  test('lead over several certificates, and leave out what does not belong', async () => {
    const top = root.issue({ subject: 'Top', ca: true })
    const middle = top.issue({ subject: 'Middle', ca: true, issuerAddresses: at('top') })
    const leaf = middle.issue({ ...LEAF, issuerAddresses: at('middle') })
    const stranger = certificate({ subject: 'Stranger', ca: true })
    web.answers['/middle'] = answering(pkcs7([stranger, middle]))
    web.answers['/top'] = answering(top.pem)
    const { fetched, chain, verdict, root: end } = await completed([leaf, stranger])
    assert.deepEqual(subjects(fetched), ['CN=Middle', 'CN=Top'])
    assert.deepEqual(subjects(chain), ['CN=localhost', 'CN=Middle', 'CN=Top'])
    assert.deepEqual([verdict.ok, end], [true, null])
  })

  test('of an intermediate that was sent are followed, too', async () => {
    const top = root.issue({ subject: 'Top of Sent', ca: true })
    const middle = top.issue({ subject: 'Sent', ca: true, issuerAddresses: at('top-of-sent') })
    const leaf = middle.issue(LEAF)
    web.answers['/top-of-sent'] = answering(top.der)
    const { fetched, chain, verdict } = await completed([leaf, middle])
    assert.deepEqual([subjects(fetched), subjects(chain), verdict.ok], [['CN=Top of Sent'], ['CN=localhost', 'CN=Sent', 'CN=Top of Sent'], true])
  })

  test('end at a root that is not trusted for being there', async () => {
    const other = certificate({ subject: 'Other Root', ca: true })
    const middle = other.issue({ subject: 'Of Other', ca: true, issuerAddresses: at('other-root') })
    const leaf = middle.issue({ ...LEAF, issuerAddresses: at('of-other') })
    web.answers['/of-other'] = answering(middle.der)
    web.answers['/other-root'] = answering(other.der)
    const { fetched, root: end, chain, verdict } = await completed([leaf])
    assert.deepEqual([subjects(fetched), end?.subject, subjects(chain)], [['CN=Of Other'], 'CN=Other Root', ['CN=localhost', 'CN=Of Other']])
    assert.deepEqual([verdict.ok, verdict.code], [false, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'])
  })

  test('of several certificates of one name and key give the one that leads to trust', async () => {
    const elsewhere = certificate({ subject: 'Elsewhere', ca: true })
    const wrong = elsewhere.issue({ subject: 'Crossed', ca: true })
    const right = root.issue({ subject: 'Crossed', ca: true })
    const leaf = right.issue({ ...LEAF, issuerAddresses: at('crossed') })
    web.answers['/crossed'] = answering(pkcs7([wrong, right]))
    const { chain, verdict } = await completed([leaf])
    assert.deepEqual([chain[1]?.sha256, verdict.ok], [right.sha256, true])
  })

  test('redirect a few times', async () => {
    const middle = root.issue({ subject: 'Moved', ca: true })
    web.answers['/a'] = (_, response) => response.writeHead(301, { location: 'b' }).end()
    web.answers['/b'] = (_, response) => response.writeHead(302, { location: `${web.origin}/c` }).end()
    web.answers['/c'] = answering(middle.der)
    const { verdict } = await completed([middle.issue({ ...LEAF, issuerAddresses: at('a') })])
    assert.equal(verdict.ok, true)
  })

  test('are asked through the proxy that is named, with its credentials', async () => {
    const middle = root.issue({ subject: 'Behind a Proxy', ca: true })
    const seen = []
    const proxy = http.createServer((request, response) => {
      seen.push([request.url, request.headers['proxy-authorization'], request.headers.host])
      response.end(middle.der)
    }).listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    const { port } = proxy.address()
    const leaf = middle.issue({ ...LEAF, issuerAddresses: ['http://aia.test/middle.cer'] })
    const { verdict } = await completed([leaf], { proxy: { host: '127.0.0.1', port, isTls: false, authorization: 'Basic dTpw', shown: '' } })
    proxy.close()
    assert.equal(verdict.ok, true)
    assert.deepEqual(seen, [['http://aia.test/middle.cer', 'Basic dTpw', 'aia.test']])
  })

  describe('fail, and say why', () => {
    const middle = root.issue({ subject: 'Missing', ca: true })
    /** @type {[string, (() => string[]), ((request: http.IncomingMessage, response: http.ServerResponse) => void) | undefined, RegExp][]} */
    const cases = [
      ['nothing there', () => at('nothing'), undefined, /nothing: it answers 404$/],
      ['a web page', () => at('page'), answering('<!doctype html><p>Log in', { 'content-type': 'text/html' }), /page: it answers with a web page, and no certificate$/],
      ['garbage', () => at('garbage'), answering(Buffer.alloc(500, 0x30)), /garbage: there is no certificate in its answer$/],
      ['nothing in it', () => at('empty'), answering(''), /empty: its answer is empty$/],
      ['another certificate', () => at('other'), answering(certificate({ subject: 'Not It', ca: true }).der), /it holds `CN=Not It`, and none of them issued `CN=localhost`/],
      ['one of that name with another key', () => at('namesake'), answering(root.issue({ subject: 'Missing', ca: true, keyName: 'another' }).der), /none of them issued/],
      ['one of that name and key identifier with another key', () => at('forged'),
        answering(root.issue({ subject: 'Missing', ca: true, keyName: 'another', subjectKeyIdentifier: keyIdentifier(middle) }).der), /none of them issued/],
      ['a redirect to itself', () => at('loop'), (_, response) => response.writeHead(302, { location: '/loop' }).end(), /it redirects more than 3 times$/],
      ['a redirect to https', () => at('secure'), (_, response) => response.writeHead(302, { location: 'https://ca.test/x' }).end(), /it redirects to https:\/\/ca\.test\/x, which is not followed/],
      ['a redirect to a file', () => at('file'), (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(), /which is not followed: only http is$/],
      ['https', () => ['https://ca.test/x'], undefined, /^https:\/\/ca\.test\/x: it is not followed/],
      ['LDAP', () => ['ldap://ca.test/x'], undefined, /: it is not followed: only http is$/],
      ['a password', () => ['http://u:p@ca.test/x'], undefined, /it is not followed: there is a user name in it$/],
      ['no address', () => ['nonsense \u001b[31m'], undefined, /^nonsense \\u\{1b\}\[31m: it is no address$/],
      ['too much', () => at('large'), answering(Buffer.alloc(64 * 1024 + 1)), /it answers with more than 64 KiB$/],
      ['more than it says, without an end', () => at('endless'), (_, response) => {
        const write = () => { while (!response.destroyed && response.write(Buffer.alloc(16 * 1024))); }
        response.on('drain', write)
        write()
      }, /it answers with more than 64 KiB$/],
      ['a connection that breaks off', () => at('cut'), (_, response) => {
        response.writeHead(200, { 'content-length': '1000' })
        response.write('x', () => response.destroy())
      }, /it cannot be had \(ECONNRESET\)$/],
      ['nothing of it', () => [], undefined, /`CN=localhost` does not say where its issuer's certificate can be had$/],
    ]
    for (const [name, addresses, answer, expected] of cases) {
      test(name, async () => {
        const own = addresses()
        if (answer && own[0]) web.answers[new URL(own[0]).pathname] = answer
        const leaf = middle.issue({ ...LEAF, ...(own.length === 0 ? {} : { issuerAddresses: own }) })
        const { fetched, verdict, steps } = await completed([leaf])
        assert.deepEqual([fetched, verdict.code], [[], 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])
        assert.equal(steps.length, 1)
        assert.match(String(steps[0]), expected)
      })
    }

    test('and the next address is asked', async () => {
      web.answers['/second'] = answering(middle.der)
      const leaf = middle.issue({ ...LEAF, issuerAddresses: ['ldap://ca.test/x', ...at('first-of-two'), ...at('second')] })
      const { verdict, steps } = await completed([leaf])
      assert.equal(verdict.ok, true)
      assert.equal(steps.length, 3)
    })

    for (const [name, answer] of [['silent', () => {}], ['one octet and no more', (_, response) => response.write('x')]]) {
      test(`${name} within the time it has`, async () => {
        web.answers['/slow'] = answer
        const { steps } = await completed([middle.issue({ ...LEAF, issuerAddresses: at('slow') })], { stageTimeout: 100 })
        assert.match(String(steps[0]), /slow: no whole answer within 100 ms$/)
      })
    }

    test('at once when the signal says so', async () => {
      const stop = new AbortController()
      web.answers['/waits'] = () => stop.abort(new Error('enough'))
      await assert.rejects(completed([middle.issue({ ...LEAF, issuerAddresses: at('waits') })], { signal: stop.signal }), /enough/)
    })

    test('a circle of two CAs that issue each other', async () => {
      const one = certificate({ subject: 'One', ca: true })
      const two = one.issue({ subject: 'Two', ca: true, issuerAddresses: at('one') })
      const oneByTwo = one.crossSignedBy(two, { issuerAddresses: at('two') })
      web.answers['/one'] = answering(oneByTwo.der)
      web.answers['/two'] = answering(two.der)
      const { fetched, steps } = await completed([two.issue({ ...LEAF, issuerAddresses: at('two') })])
      assert.deepEqual(subjects(fetched), ['CN=Two', 'CN=One'])
      assert.match(String(steps.at(-1)), /which is in the chain already: the addresses lead in a circle$/)
    })

    test('after five certificates', async () => {
      let issuer = certificate({ subject: 'Far Root', ca: true })
      for (let level = 1; level <= 6; level++) {
        issuer = issuer.issue({ subject: `Level ${level}`, ca: true, issuerAddresses: at(`level-${level - 1}`) })
        web.answers[`/level-${level}`] = answering(issuer.der)
      }
      const { fetched, steps } = await completed([issuer.issue({ ...LEAF, issuerAddresses: at('level-6') })])
      assert.equal(fetched.length, 5)
      assert.match(String(steps.at(-1)), /^after 5 certificates the chain still leads to nothing that is trusted/)
    })
  })
})

describe('the smallest file', () => {
  const root = certificate({ subject: 'Smallest Root', ca: true })
  const intermediate = root.issue({ subject: 'Smallest Intermediate', ca: true })
  const selfSigned = certificate({ ...LEAF, keyName: 'self-signed' })
  /** @type {{ stop: () => Promise<void> }[]} */
  const servers = []
  after(() => Promise.all(servers.map((server) => server.stop())))

  /** @param {{ pem: string }[]} sent @param {{ key: { pem: string } }} leaf */
  async function serving(sent, leaf) {
    const server = await tlsServer({ cert: sent.map(({ pem }) => pem).join(''), key: leaf.key.pem })
    servers.push(server)
    return `https://localhost:${server.port}`
  }
  const wanted = 'Promise.all([false, true].map((allowLeaf) => d.smallestCa({ allowLeaf })))'

  test('is the root alone, when the server sends the rest', async () => {
    const leaf = intermediate.issue(LEAF)
    const { more } = await diagnosed(await serving([leaf, intermediate, root], leaf), {}, { then: wanted })
    for (const { pem, unconfirmed } of more) assert.deepEqual([pem, unconfirmed.map(({ sha256 }) => sha256)], [root.pem, [root.sha256]])
  })

  test('is nothing, when nobody has the root', async () => {
    const leaf = intermediate.issue(LEAF)
    const { more: [{ pem, reason }] } = await diagnosed(await serving([leaf, intermediate], leaf), {}, { then: wanted })
    assert.equal(pem, null)
    assert.equal(reason, 'the certificate of `CN=Smallest Root` is neither sent by the server nor in a store of this machine: whoever runs that CA has it')
  })

  test('holds what the store of this process has, without asking for a word of its operator', async () => {
    const leaf = intermediate.issue(LEAF)
    const ca = file('smallest-root.pem', root.pem)
    const { diagnosis, more: [{ pem, unconfirmed }] } = await diagnosed(await serving([leaf, intermediate], leaf), { ca: certificate({ subject: 'Unrelated', ca: true }).pem }, {
      env: { NODE_EXTRA_CA_CERTS: ca },
      then: wanted,
    })
    assert.equal(diagnosis.ok, false)
    assert.deepEqual([pem, unconfirmed], [root.pem, []])
  })

  test('is no leaf unless one is asked for, and every Node connects with it', async () => {
    const target = await serving([selfSigned], selfSigned)
    const { more: [without, leaf] } = await diagnosed(target, {}, { then: wanted })
    assert.equal(without.pem, null)
    assert.match(without.reason, /^`CN=localhost` has no issuer but itself/)
    assert.equal(leaf.pem, selfSigned.pem)
    const proofs = `Promise.all(${JSON.stringify(nodes.map(({ path: node }) => node))}.map((node) => d.prove({ node, allowLeaf: true })))`
    const { more } = await diagnosed(target, {}, { then: proofs })
    assert.deepEqual(more.map(({ ok, node }) => [ok, node]), nodes.map(({ version }) => [true, version]))
  })

  for (const [fault, options, code] of [
    ['another name', { ...LEAF, altNames: ['DNS:other.test'] }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['an expired leaf', { ...LEAF, notBefore: '2010-01-01', notAfter: '2011-01-01' }, 'CERT_HAS_EXPIRED'],
  ]) {
    test(`is nothing against ${fault}`, async () => {
      const leaf = root.issue(options)
      const { diagnosis, more: [{ pem, reason }] } = await diagnosed(await serving([leaf, root], leaf), { prove: true }, { then: wanted })
      assert.equal(pem, null)
      assert.match(reason, new RegExp(`^a CA is not what is missing: with every CA that is known here Node says ${code}`))
      assert.deepEqual(diagnosis.proofs, [])
      // Nor do files and variables stand among the fixes.
      const commands = diagnosis.findings.filter(({ rule }) => rule !== 'chain-root-not-trusted').flatMap(({ fixes }) => fixes).flatMap((fix) => fix.commands ?? [])
      assert.deepEqual(commands.filter(({ text }) => text.includes('extra-ca')), [])
    })
  }
})

describe('a proof', () => {
  const root = certificate({ subject: 'Proof Root', ca: true })
  const leaf = root.issue(LEAF)
  let server
  before(async () => { server = await tlsServer({ cert: leaf.pem + root.pem, key: leaf.key.pem }) })
  after(() => server.stop())
  const look = () => diagnose(`https://localhost:${server.port}`, { observe: false, lookFurther: false })
  const untrusted = (/** @type {any} */ found) => found.findings.find((/** @type {any} */ { rule }) => rule === 'chain-root-not-trusted')

  test('is what makes a fix one, with every place that it is applied in', async () => {
    const found = await look()
    assert.equal(untrusted(found).fixes.some(({ proof }) => proof), false)
    const proof = await found.prove()
    assert.deepEqual([proof.ok, proof.message], [true, null])
    const [fix] = untrusted(found).fixes
    assert.equal(fix.proof.ok, true)
    assert.match(fix.title, /trust it only when whoever runs that CA confirms its SHA-256 (?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/)
    assert.deepEqual(fix.commands.map(({ shell, platform }) => platform ?? shell), [
      'bash', 'powershell', 'dockerfile', 'Debian and Ubuntu', 'Alpine', 'RHEL and Fedora', 'distroless', 'docker-compose', 'Kubernetes', 'GitHub Actions', 'systemd',
    ])
    const text = String(found)
    assert.doesNotMatch(text, /Alpine|Kubernetes/)
    assert.match(require('../lib/diagnosis-text.js').diagnosis(found, surface({ everyPlatform: true })), /Dockerfile, Alpine:[^]*Kubernetes:[^]*systemd:/)
  })

  test('that fails says so, and there is no fix', async () => {
    const found = await look()
    await server.stop()
    const proof = await found.prove()
    assert.deepEqual([proof.ok, proof.code], [false, 'ECONNREFUSED'])
    assert.deepEqual(found.proofs, [proof])
    const { detail, fixes } = untrusted(found)
    assert.match(detail, /^tried: NODE_EXTRA_CA_CERTS with `CN=Proof Root`; Node [\d.]+ does not connect with it: ECONNREFUSED/m)
    assert.equal(fixes.some(({ commands = [] }) => commands.some(({ text }) => text.includes('extra-ca'))), false)
    assert.doesNotMatch(String(found), /proved/)
    server = await tlsServer({ cert: leaf.pem + root.pem, key: leaf.key.pem })
  })

  test('of what is no Node, or cannot be started, fails', async () => {
    const found = await look()
    assert.match(String((await found.prove({ node: '/nonexistent/node' })).message), /ENOENT/)
    assert.match(String((await found.prove({ node: file('not-node', '#!/bin/sh\nexit 7\n') })).message), /EACCES|exit code/)
    assert.match(String((await found.prove({ node: '/bin/true' })).message), /the fresh Node ended early \(exit code 0\)/)
  })

  test('of a Node that the chain ends fails for that Node', async () => {
    // Node 24 and 26 describe no key on a curve without a NIST name.
    const odd = certificate({ subject: 'Odd Curve', ca: true, keyType: 'secp256k1' })
    const below = odd.issue(LEAF)
    const other = await tlsServer({ cert: below.pem + odd.pem, key: below.key.pem })
    const found = await diagnose(`https://localhost:${other.port}`, { observe: false, lookFurther: false })
    for (const { path: node, version, major } of nodes) {
      const proof = await found.prove({ node })
      assert.deepEqual([proof.ok, proof.node], [major < 24, version])
      if (major >= 24) assert.match(String(proof.message), /^the fresh Node ended early \(signal SIG/)
    }
    await other.stop()
  })

  test('ends with its signal', async () => {
    const found = await look()
    await assert.rejects(found.prove({ signal: AbortSignal.abort(new Error('enough')) }), /enough/)
    const stop = new AbortController()
    const pending = found.prove({ signal: stop.signal })
    stop.abort(new Error('enough of it'))
    await assert.rejects(pending, /enough of it/)
  })

  test('shows the client certificate that the server asks for, whose key no list of processes shows', async () => {
    const mutual = await tlsServer({ cert: leaf.pem + root.pem, key: leaf.key.pem, requestCert: true, ca: root.pem, maxVersion: 'TLSv1.2' })
    const client = root.issue({ subject: 'Client', extendedKeyUsage: ['clientAuth'] })
    const found = await diagnose(`https://localhost:${mutual.port}`, { cert: client.pem, key: Buffer.from(client.key.pem), lookFurther: false })
    const proof = await found.prove()
    await mutual.stop()
    assert.equal(proof.ok, true, proof.message)
  })

  test('goes through the proxy, whose password no list of processes shows, in every Node', async () => {
    const proxy = await startTinyproxy({ user: 'someone', password: 'secret-password' })
    const found = await diagnose(`https://localhost:${server.port}`, { proxy: `http://someone:secret-password@127.0.0.1:${proxy.port}`, observe: false, lookFurther: false })
    assert.equal(found.code, 'SELF_SIGNED_CERT_IN_CHAIN')
    for (const { path: node, version } of nodes) {
      const proof = await found.prove({ node })
      assert.deepEqual([proof.ok, proof.message, proof.node], [true, null, version])
    }
    await proxy.stop()
    const proof = await found.prove()
    assert.deepEqual([proof.ok, proof.code], [false, 'ECONNREFUSED'])
    assert.doesNotMatch(JSON.stringify(found), /secret-password/)
  })

  test('speaks what comes before TLS, in every Node', async () => {
    const postgres = await startPostgres({ certificate: leaf.pem + root.pem, key: leaf.key.pem })
    const found = await diagnose(`postgres://localhost:${postgres.port}`, { observe: false, lookFurther: false })
    assert.equal(found.code, 'SELF_SIGNED_CERT_IN_CHAIN')
    for (const { path: node, version } of nodes) {
      const proof = await found.prove({ node })
      assert.deepEqual([proof.ok, proof.message, proof.node], [true, null, version])
    }
    await postgres.stop()
  })

  test('connects where the connection went, by the name that was asked for', async () => {
    const found = await diagnose('https://localhost', { connectTo: `127.0.0.1:${server.port}`, observe: false, lookFurther: false })
    const proof = await found.prove()
    assert.deepEqual([proof.ok, proof.message], [true, null])
  })

  test('leaves nothing behind', async () => {
    const before = fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith('trust-anchors-proof-'))
    await (await look()).prove()
    assert.deepEqual(fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith('trust-anchors-proof-') && !before.includes(name)), [])
  })
})

describe('--write-ca and --save-ca', () => {
  const root = certificate({ subject: 'Written Root', ca: true })
  const leaf = root.issue(LEAF)
  let server
  before(async () => { server = await tlsServer({ cert: leaf.pem + root.pem, key: leaf.key.pem }) })
  after(() => server.stop())
  const command = (/** @type {string[]} */ ...args) =>
    run(process.execPath, [path.join(LIBRARY, 'bin', 'trust-anchors.js'), 'diagnose', `https://localhost:${server.port}`, ...args], { cwd: folder })
  const fingerprint = root.sha256.toUpperCase().replace(/..(?!$)/g, '$&:')

  test('write a file that reads back, and show what has to be confirmed', async () => {
    const { status, stdout, stderr } = await command('--write-ca', 'written.pem')
    assert.equal(status, 1)
    assert.equal(fs.readFileSync(path.join(folder, 'written.pem'), 'utf8'), root.pem)
    assert.equal(fs.statSync(path.join(folder, 'written.pem')).mode & 0o777, 0o644)
    assert.match(stderr, new RegExp(`^note: CN=Written Root, SHA-256 ${fingerprint}$`, 'm'))
    assert.match(stderr, /^warning: only the connection itself vouches for CN=Written Root/m)
    assert.match(stderr, new RegExp(`^note: proved: Node ${process.versions.node} connects with NODE_EXTRA_CA_CERTS=written.pem$`, 'm'))
    assert.match(stdout, /export NODE_EXTRA_CA_CERTS=.*written\.pem/)
    assert.doesNotMatch(stdout, /-----BEGIN/)
    const again = await command('--write-ca', 'written.pem', '--fingerprint', fingerprint)
    assert.match(again.stderr, /^note: written\.pem holds exactly that already/m)
    assert.doesNotMatch(again.stderr, /warning/)
  })

  test('replace nothing by accident', async () => {
    file('kept.pem', 'something else')
    const refused = await command('--write-ca', 'kept.pem')
    assert.equal(refused.status, 2)
    assert.match(refused.stderr, /`kept\.pem` exists already, and is not overwritten/)
    // What was found is shown all the same.
    assert.match(refused.stdout, /chain-root-not-trusted/)
    assert.equal(fs.readFileSync(path.join(folder, 'kept.pem'), 'utf8'), 'something else')
    assert.equal((await command('--write-ca', 'kept.pem', '--force')).status, 1)
    assert.equal(fs.readFileSync(path.join(folder, 'kept.pem'), 'utf8'), root.pem)
    fs.mkdirSync(path.join(folder, 'directory'))
    assert.match((await command('--write-ca', 'directory', '--force')).stderr, /`directory` is a directory/)
    require('node:child_process').execFileSync('mkfifo', [path.join(folder, 'fifo')])
    assert.match((await command('--write-ca', 'fifo', '--force')).stderr, /`fifo` is not a regular file/)
  })

  test('write no CA but the one whose fingerprint is given', async () => {
    const other = await command('--write-ca', 'other.pem', '--fingerprint', leaf.sha256)
    assert.equal(other.status, 2)
    assert.match(other.stderr, /the CA is not the one of `--fingerprint`/)
    assert.ok(other.stderr.includes(fingerprint))
    assert.equal(fs.existsSync(path.join(folder, 'other.pem')), false)
    assert.match((await command('--write-ca', 'other.pem', '--fingerprint', 'abc')).stderr, /`--fingerprint` is a SHA-256, 64 hexadecimal digits/)
  })

  test('are about one server', async () => {
    assert.match((await command('localhost:1', '--write-ca', 'many.pem')).stderr, /`--write-ca` is about one server/)
    assert.match((await command('--write-ca', 'a.pem', '--save-ca', 'b.pem')).stderr, /write the same file/)
    assert.match((await command('--yes')).stderr, /`--yes` belongs to/)
  })

  test('save nothing where nothing inspects', async () => {
    const { status, stderr } = await command('--save-ca', 'saved.pem')
    assert.equal(status, 2)
    assert.match(stderr, /nothing that inspects TLS is recognised/)
  })

  test('write the server\'s own certificate when it is asked for', async () => {
    const lone = certificate({ ...LEAF, keyName: 'lone' })
    const other = await tlsServer({ cert: lone.pem, key: lone.key.pem })
    const to = (/** @type {string[]} */ ...args) =>
      run(process.execPath, [path.join(LIBRARY, 'bin', 'trust-anchors.js'), 'diagnose', `https://localhost:${other.port}`, '--write-ca', 'leaf.pem', ...args], { cwd: folder })
    const refused = await to()
    assert.equal(refused.status, 2)
    assert.match(refused.stderr, /`--allow-leaf` writes that one certificate/)
    const { stderr } = await to('--allow-leaf')
    await other.stop()
    assert.match(stderr, /^note: proved/m)
    assert.equal(fs.readFileSync(path.join(folder, 'leaf.pem'), 'utf8'), lone.pem)
  })
})

describe('--save-ca', () => {
  const root = certificate({ subject: { CN: 'mitmproxy', O: 'mitmproxy' }, ca: true })
  const leaf = root.issue(LEAF)
  let server
  before(async () => { server = await tlsServer({ cert: leaf.pem + root.pem, key: leaf.key.pem }) })
  after(() => server.stop())
  const save = (/** @type {string[]} */ ...args) =>
    run(process.execPath, [path.join(LIBRARY, 'bin', 'trust-anchors.js'), 'diagnose', `https://localhost:${server.port}`, '--save-ca', 'inspection.pem', ...args], { cwd: folder })
  const fingerprint = root.sha256.toUpperCase().replace(/..(?!$)/g, '$&:')

  test('saves the CA of what inspects once its fingerprint is confirmed', async () => {
    const refused = await save()
    assert.equal(refused.status, 2)
    assert.match(refused.stderr, /its fingerprint has to be confirmed first/)
    assert.ok(refused.stderr.includes(`--fingerprint ${fingerprint}`))
    assert.equal(fs.existsSync(path.join(folder, 'inspection.pem')), false)
    const { stderr } = await save('--fingerprint', `SHA256 Fingerprint=${fingerprint}`)
    assert.match(stderr, /^note: proved/m)
    assert.equal(fs.readFileSync(path.join(folder, 'inspection.pem'), 'utf8'), root.pem)
    assert.match((await save('--yes')).stderr, /holds exactly that already/)
  })
})
