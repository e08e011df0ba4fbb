'use strict'

// The rules about live endpoints: each with a server on loopback that has the fault, and the closest one that has not. What a rule's page shows is
// what is said here.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const net = require('node:net')
const path = require('node:path')
const { spawn } = require('node:child_process')
const { once } = require('node:events')
const { describe, test } = require('node:test')

const { diagnose } = require('..')
const { rules } = require('../binding.js')
const der = require('./support/der')
const { cleanEnvironment, runNode } = require('./support/environment')
const {
  HANDSHAKE, LOOPBACK, alert, handshakeMessage, opensslServer, preambleServer, presentingServer, rawServer, record, refusedPort, serverHello, tlsServer,
} = require('./support/loopback')
const { ocspResponse } = require('./support/ocsp')
const { certificate } = require('./support/pki')
const { resolving } = require('./support/resolver')

/** @typedef {{ host: string, port: number, stop: () => Promise<void> }} Server */

const TIME = '2030-06-01T00:00:00Z'
const NAME = 'www.example.com'
const STAGE = 400

const server = { subject: NAME, server: true, altNames: [`DNS:${NAME}`, `IP:${LOOPBACK}`] }
const root = certificate({ subject: 'Example Root', ca: true })
const intermediate = root.issue({ subject: 'Example Issuing CA', ca: true })
const leaf = intermediate.issue(server)
const rsaLeaf = intermediate.issue({ ...server, keyType: 'rsa-2048', keyName: 'rsa' })
const otherRoot = certificate({ subject: 'Other Root', ca: true })
const other = root.issue({ subject: 'default.example.com', server: true, altNames: ['DNS:default.example.com'] })

const clientRoot = certificate({ subject: 'Example Client CA', ca: true })
const clientOptions = { subject: 'client.example.com', extendedKeyUsage: ['clientAuth'], keyUsage: ['digitalSignature'] }
const client = clientRoot.issue(clientOptions)
const strangeClient = certificate({ subject: 'Other CA', ca: true }).issue(clientOptions)
const expiredClient = clientRoot.issue({ ...clientOptions, notAfter: '2025-01-01' })
const serverAsClient = clientRoot.issue({ ...clientOptions, extendedKeyUsage: ['serverAuth'] })

const identity = (/** @type {any} */ of, sent = of.chainPem) => ({ cert: sent, key: of.key.pem })
const good = () => tlsServer(identity(leaf))
const presenting = (/** @type {any} */ of, ...others) => () => tlsServer(identity(of, [of, ...others].map(({ pem }) => pem).join('')))
const openssl = (...args) => () => opensslServer(args, { cert: leaf.chainPem, key: leaf.key.pem })
const answering = (/** @type {Buffer | string} */ bytes) => () => rawServer((socket) => socket.end(bytes))

/** An SMTP server as far as TLS. */
const smtp = (/** @type {string} */ answer) => () => preambleServer(async (socket, next) => {
  socket.write('220 mail.example.com ESMTP\r\n')
  await next()
  socket.write('250-mail.example.com\r\n250 STARTTLS\r\n')
  await next()
  socket.write(`${answer}\r\n`)
}, answer.startsWith('220') ? { cert: leaf.chainPem, key: leaf.key.pem } : null)

/** An HTTP proxy: what it answers to CONNECT, and where a 200 leads. */
async function proxyServer(/** @type {string} */ answer, /** @type {any} */ own) {
  const target = await good()
  const serve = (/** @type {net.Socket} */ socket) => socket.once('data', () => {
    socket.write(`HTTP/1.1 ${answer}\r\n\r\n`)
    if (!answer.startsWith('200')) return socket.end()
    const upstream = net.connect(target.port, target.host)
    upstream.on('error', () => {})
    socket.on('close', () => upstream.destroy())
    return upstream.pipe(socket).pipe(upstream)
  })
  const proxy = own === undefined
    ? await preambleServer(async (socket) => { serve(socket); await once(socket, 'close') }, null)
    : await tlsServer({ ...identity(own), greeting: '', speak: serve })
  return { target, proxy, scheme: own === undefined ? 'http' : 'https' }
}

/** @returns {() => Promise<Server & { options: object }>} */
const behind = (/** @type {string} */ answer, /** @type {any} */ own = undefined) => async () => {
  const { target, proxy, scheme } = await proxyServer(answer, own)
  return {
    ...target,
    options: { proxy: `${scheme}://${proxy.host}:${proxy.port}` },
    async stop() {
      await proxy.stop()
      await target.stop()
    },
  }
}

const behindNothing = async () => {
  const proxy = await refusedPort()
  return { ...proxy, options: { proxy: `http://${proxy.host}:${proxy.port}` } }
}

/** A port whose queue of connections is full: the system drops what comes. */
async function deafPort() {
  const script = `
    const server = require('node:net').createServer().listen({ port: 0, host: '${LOOPBACK}', backlog: 1 }, () => {
      require('node:fs').writeSync(1, String(server.address().port))
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    })`
  const child = spawn(process.execPath, ['-e', script], { env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'inherit'] })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const port = Number(String((await once(child.stdout, 'data'))[0]))
  const waiting = Array.from({ length: 8 }, () => net.connect(port, LOOPBACK).on('error', () => {}))
  // The first two get in.
  await Promise.all(waiting.slice(0, 2).map((socket) => once(socket, 'connect')))
  return {
    host: LOOPBACK,
    port,
    async stop() {
      for (const socket of waiting) socket.destroy()
      process.removeListener('exit', kill)
      kill()
      await once(child, 'exit')
    },
  }
}

const nowhere = (/** @type {string} */ host, port = 443) => async () => ({ host, port, stop: async () => {} })

/** The messages of a TLS 1.2 server with an RSA key exchange, which knows nothing of RFC 5746. */
const withoutRenegotiation = () => {
  const list = [rsaLeaf.der, intermediate.der].map((each) => Buffer.concat([Buffer.from([0, each.length >> 8, each.length & 255]), each]))
  const all = Buffer.concat(list)
  const message = handshakeMessage(11, Buffer.concat([Buffer.from([0, all.length >> 8, all.length & 255]), all]))
  return rawServer((socket) => socket.write(Buffer.concat([serverHello({ cipher: 0x2f }), record(HANDSHAKE, message), record(HANDSHAKE, handshakeMessage(14, Buffer.alloc(0)))])))
}

/** With names: the right certificate for one that it knows. */
const named = async () => tlsServer({ ...identity(other), SNICallback: (name, done) => done(null, name === NAME ? require('node:tls').createSecureContext(identity(leaf)) : undefined) })
const byName = { target: (/** @type {Server} */ { host, port }) => [`https://${NAME}:${port}`, { connectTo: `${host}:${port}` }] }
const byScheme = (/** @type {string} */ scheme) => ({ target: (/** @type {Server} */ { host, port }) => [`${scheme}://${host}:${port}`, {}] })

/** One that answers the first connection with one chain, and all others with another. */
async function changing() {
  const expired = intermediate.issue({ ...server, notAfter: '2021-01-01' })
  const changes = await tlsServer({ ...identity(leaf), greeting: '' })
  changes.first.then(() => changes.server.setSecureContext(identity(expired)))
  return changes
}

const mustStaple = { oid: '1.3.6.1.5.5.7.1.24', value: der.sequence(der.integer(5n)) }
const stapleLeaf = intermediate.issue({ ...server, extensions: [mustStaple] })
/** With a response: octets, or what `openssl ocsp` says today, for seven days. @param {Buffer | null | Record<string, unknown>} response */
const stapling = (response) => () => {
  const staple = response === null || Buffer.isBuffer(response) ? response : ocspResponse({ issuer: intermediate, leaf: stapleLeaf, ...response })
  return tlsServer({ ...identity(stapleLeaf), staple })
}
const today = { options: { time: undefined } }

const renewed = intermediate.issue({ ...server, notBefore: '2030-05-20' })
const oldIntermediate = root.issue({ subject: 'Example CA 1', ca: true, notBefore: '2022-01-01' })
const newIntermediate = root.issue({ subject: 'Example CA 2', ca: true, notBefore: '2030-01-01' })
const renewedLeaf = newIntermediate.issue({ ...server, notBefore: '2030-05-20' })
const soon = '2030-06-20'
const endingRoot = certificate({ subject: 'Example Root', ca: true, notAfter: soon, keyName: 'ending' })

const clientOf = (/** @type {any} */ of) => ({ options: { cert: of.chainPem, key: of.key.pem } })
/** Demands a certificate, as Node's own server does; `openssl s_server` says why it refuses one. */
const demanding = () => tlsServer({ ...identity(leaf), requestCert: true, rejectUnauthorized: true, ca: clientRoot.pem })
const checking = () => opensslServer(['-Verify', '1', '-verify_return_error', '-CAfile', 'ca.pem'], { cert: leaf.chainPem, key: leaf.key.pem, files: { 'ca.pem': clientRoot.pem } })

const bytes = (/** @type {number} */ length) => Buffer.alloc(length, 0x5a)

/**
 * @typedef {object} Case
 * @property {string} title
 * @property {() => Promise<Server & { options?: object }>} serve
 * @property {import('..').DiagnoseOptions} [options]
 * @property {(server: Server) => any[]} [target] what is diagnosed, and with which options besides
 * @property {RegExp} [message] what else is said than on the rule's page
 */

/** @type {Case[]} */
const CASES = [
  { title: 'rule connection-host-not-found: found', serve: nowhere('db..internal') },
  { title: 'rule connection-host-not-found: absent for an address', serve: refusedPort },
  { title: 'rule connection-refused: found', serve: refusedPort },
  { title: 'rule connection-refused: absent where a server listens', serve: good },
  { title: 'rule connection-unreachable: found', serve: nowhere('224.0.0.1') },
  { title: 'rule connection-unreachable: absent where there is a route', serve: refusedPort },
  { title: 'rule connection-timed-out: found', serve: deafPort },
  { title: 'rule connection-timed-out: absent where the connection is made', serve: () => rawServer(() => {}) },
  { title: 'rule connection-failed: found', serve: nowhere('[fe80::1]'), message: /^no connection to `fe80::1`, port 443: .+ \(os error \d+\)$/ },
  { title: 'rule connection-failed: absent where nothing listens', serve: refusedPort },
  { title: 'rule connection-reset: found', serve: () => rawServer((socket) => socket.resetAndDestroy()) },
  { title: 'rule connection-reset: absent where it is closed', serve: answering('') },
  { title: 'rule connection-closed: found', serve: answering('') },
  { title: 'rule connection-closed: absent where it is reset', serve: () => rawServer((socket) => socket.resetAndDestroy()) },
  { title: 'rule connection-stalled: found', serve: () => rawServer(() => {}) },
  { title: 'rule connection-stalled: found in a preamble', serve: () => rawServer(() => {}), ...byScheme('smtp'),
    message: /^`127\.0\.0\.1:\d+` accepts the connection and then says nothing: the preamble of SMTP did not end within 0\.4 s$/ },
  { title: 'rule connection-stalled: absent where the server answers', serve: good },
  { title: 'rule plain-text-on-tls-port: found', serve: answering('HTTP/1.1 400 Bad Request\r\n\r\n') },
  { title: 'rule plain-text-on-tls-port: found for SSH', serve: answering('SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n'), message: /^`127\.0\.0\.1:\d+` speaks SSH in plain text where TLS is expected$/ },
  { title: 'rule plain-text-on-tls-port: absent for what is no text', serve: answering(Buffer.alloc(64)) },
  { title: 'rule starttls-declined: found', serve: smtp('502 5.5.1 Command not implemented'), ...byScheme('smtp') },
  { title: 'rule starttls-declined: absent where the server turns to TLS', serve: smtp('220 2.0.0 Ready to start TLS'), ...byScheme('smtp') },
  { title: 'rule starttls-on-tls-port: found', serve: good, ...byScheme('postgres') },
  { title: 'rule starttls-on-tls-port: found where the server waits', serve: good, ...byScheme('smtp'),
    message: /^`127\.0\.0\.1:\d+` speaks TLS from the first octet, and was asked for the preamble of SMTP$/ },
  { title: 'rule starttls-on-tls-port: absent for a server with the preamble', serve: () => preambleServer(async (socket, next) => {
    await next(8)
    socket.write('S')
  }, { cert: leaf.chainPem, key: leaf.key.pem }), ...byScheme('postgres') },
  { title: 'rule starttls-other-protocol: found', serve: () => preambleServer(async (socket) => { socket.write('SSH-2.0-OpenSSH_9.2p1\r\n') }, null), ...byScheme('smtp') },
  { title: 'rule starttls-other-protocol: absent for the protocol', serve: smtp('502 5.5.1 Command not implemented'), ...byScheme('smtp') },
  { title: 'rule server-name-unrecognized: found', serve: answering(alert(112)), ...byName },
  { title: 'rule server-name-unrecognized: absent for another alert', serve: answering(alert(80)), ...byName },
  { title: 'rule protocol-legacy-only: found', serve: openssl('-no_tls1_2', '-no_tls1_3', '-min_protocol', 'TLSv1', '-cipher', 'ALL:@SECLEVEL=0') },
  { title: 'rule protocol-legacy-only: absent for TLS 1.2', serve: openssl('-tls1_2') },
  { title: 'rule handshake-nothing-shared: found by the alert', serve: answering(alert(40)) },
  { title: 'rule handshake-nothing-shared: found by what the server chooses', serve: openssl('-tls1_2', '-cipher', 'ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0'),
    message: /^the server and Node have no handshake in common: the server chooses a cipher suite that Node \d+ does not offer \(TLSv1\.2, TLS_ECDHE_ECDSA_WITH_NULL_SHA, key exchange \w+\)$/ },
  { title: 'rule handshake-nothing-shared: absent for what the probe does not speak and Node does', serve: openssl('-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-SHA') },
  { title: 'rule handshake-legacy-renegotiation: found', serve: withoutRenegotiation },
  { title: 'rule handshake-legacy-renegotiation: absent for a server of TLS 1.2', serve: openssl('-tls1_2') },
  { title: 'rule server-alert: found', serve: answering(alert(80)) },
  { title: 'rule server-alert: absent for one with a rule of its own', serve: answering(alert(40)) },
  { title: 'rule handshake-oversized: found', serve: () => presentingServer([leaf.der, ...Array.from({ length: 9 }, () => bytes(64_000))], identity(leaf)) },
  { title: 'rule handshake-oversized: absent for a long chain', serve: presenting(leaf, intermediate, ...Array.from({ length: 60 }, () => otherRoot)) },
  { title: 'rule handshake-unreadable: found', serve: answering(Buffer.alloc(64)) },
  { title: 'rule handshake-unreadable: absent for text', serve: answering('HTTP/1.1 400 Bad Request\r\n\r\n') },
  { title: 'rule proxy-not-usable: found', serve: behindNothing },
  { title: 'rule proxy-not-usable: absent for a proxy that connects', serve: behind('200 Connection established') },
  { title: 'rule proxy-credentials-refused: found', serve: behind('407 Proxy Authentication Required') },
  { title: 'rule proxy-credentials-refused: absent for another refusal', serve: behind('403 Forbidden') },
  { title: 'rule proxy-refused: found', serve: behind('403 Forbidden'), target: ({ port }) => [`https://${NAME}:${port}`, {}] },
  { title: 'rule proxy-refused: absent for missing credentials', serve: behind('407 Proxy Authentication Required') },
  { title: 'rule proxy-certificate-not-trusted: found', serve: behind('200 Connection established', otherRoot.issue(server)) },
  { title: 'rule proxy-certificate-not-trusted: absent where it is trusted', serve: behind('200 Connection established', leaf) },

  { title: 'rule client-certificate-required: found', serve: demanding },
  { title: 'rule client-certificate-required: absent where it is sent', serve: demanding, ...clientOf(client) },
  { title: 'rule client-certificate-refused: found where another CA issued it', serve: checking, ...clientOf(strangeClient) },
  { title: 'rule client-certificate-refused: found where it has expired', serve: checking, ...clientOf(expiredClient),
    message: /^the server does not accept the client certificate `client\.example\.com`: it expired on 2025-01-01T00:00:00Z \(alert certificate_expired \(45\)\)$/ },
  { title: 'rule client-certificate-refused: found where it is for servers', serve: checking, ...clientOf(serverAsClient),
    message: /^the server does not accept the client certificate `client\.example\.com`: its extendedKeyUsage does not allow TLS clients \(alert \w+ \(\d+\)\)$/ },
  { title: 'rule client-certificate-refused: absent where it is accepted', serve: checking, ...clientOf(client) },
  { title: 'rule client-certificate-requested: found', serve: () => tlsServer({ ...identity(leaf), requestCert: true, rejectUnauthorized: false, ca: clientRoot.pem }) },
  { title: 'rule client-certificate-requested: absent where it is demanded', serve: demanding },
  { title: 'rule chain-not-renewed: found beside the intermediate of an earlier certificate', serve: presenting(renewedLeaf, oldIntermediate) },
  { title: 'rule chain-not-renewed: found for a new leaf alone', serve: presenting(renewed), message: /^`www\.example\.com` is new, valid since 2030-05-20: if clients could connect before, its chain was lost when it was renewed$/ },
  { title: 'rule chain-not-renewed: absent for an old leaf alone', serve: presenting(leaf) },
  { title: 'rule chain-not-renewed: absent for a whole chain', serve: presenting(renewed, intermediate) },
  { title: 'rule chain-expires-soon: found', serve: presenting(intermediate.issue({ ...server, notAfter: soon }), intermediate) },
  { title: 'rule chain-expires-soon: found in an intermediate', serve: async () => {
    const ending = root.issue({ subject: 'Ending CA', ca: true, notAfter: soon })
    return presenting(ending.issue(server), ending)()
  }, message: /^`Ending CA` expires on 2030-06-20 \(position 1 of the path\), in 19 days/ },
  { title: 'rule chain-expires-soon: absent with fewer days asked for', serve: presenting(intermediate.issue({ ...server, notAfter: soon }), intermediate), options: { minDaysLeft: 19 } },
  { title: 'rule chain-anchor-expires-soon: found', serve: async () => {
    const authority = endingRoot.issue({ subject: 'Example Issuing CA', ca: true, keyName: 'under ending' })
    return presenting(authority.issue(server), authority)()
  }, options: { ca: endingRoot.pem } },
  { title: 'rule chain-anchor-expires-soon: absent for a root that lasts', serve: good },
  { title: 'rule chain-common-name-only: found', serve: presenting(intermediate.issue({ subject: NAME, server: true }), intermediate), ...byName },
  { title: 'rule chain-common-name-only: absent with a DNS name', serve: good, ...byName },
  { title: 'rule chain-duplicate-certificate: found', serve: presenting(leaf, leaf, intermediate) },
  { title: 'rule chain-duplicate-certificate: absent in a plain chain', serve: good },
  { title: 'rule chain-unrelated-certificate: found', serve: presenting(leaf, intermediate, certificate({ subject: 'Other CA', ca: true })) },
  { title: 'rule chain-unrelated-certificate: absent for the root', serve: presenting(leaf, intermediate, root) },
  { title: 'rule chain-root-sent: found', serve: presenting(leaf, intermediate, root) },
  { title: 'rule chain-root-sent: absent for a root of another chain', serve: presenting(leaf, intermediate, otherRoot) },
  { title: 'rule ocsp-staple-missing: found', serve: stapling(null) },
  { title: 'rule ocsp-staple-missing: absent with a staple', serve: stapling({}) },
  { title: 'rule ocsp-staple-revoked: found', serve: stapling({ status: 'revoked', days: 7 }), ...today },
  { title: 'rule ocsp-staple-revoked: absent for a good one', serve: stapling({ days: 7 }), ...today },
  { title: 'rule ocsp-staple-stale: found', serve: stapling({ days: 7 }) },
  { title: 'rule ocsp-staple-stale: found for one that is yet to hold', serve: stapling({ days: 7 }), options: { time: '2025-01-01T00:00:00Z' },
    message: /^the OCSP response that is stapled to `www\.example\.com` holds from \S+ on, which is yet to come: / },
  { title: 'rule ocsp-staple-stale: absent while it holds', serve: stapling({ days: 7 }), ...today },
  { title: 'rule ocsp-staple-stale: absent for one without an end', serve: stapling({}) },
  { title: 'rule ocsp-staple-useless: found for what is no response', serve: stapling(Buffer.from('no response')) },
  { title: 'rule ocsp-staple-useless: found for a fault', serve: stapling(Buffer.from('30030a0103', 'hex')), message: /^the OCSP response that is stapled to `www\.example\.com` holds no answer: tryLater: / },
  { title: 'rule ocsp-staple-useless: found for an unknown certificate', serve: stapling({ status: 'unknown', days: 7 }), ...today, message: /says that the responder does not know it: / },
  { title: 'rule ocsp-staple-useless: found for the answer about another', serve: stapling({ leaf, days: 7 }), ...today, message: /is about another certificate: / },
  { title: 'rule ocsp-staple-useless: found where another CA answers', serve: stapling({ responder: otherRoot, days: 7 }), ...today, message: /is not signed by the CA that issued it, nor in its name: / },
  { title: 'rule ocsp-staple-useless: absent for the answer of the issuer', serve: stapling({ days: 7 }), ...today },
  { title: 'rule server-name-decides: found', serve: named, ...byName },
  { title: 'rule server-name-decides: absent for one certificate', serve: good, ...byName },
  { title: 'rule protocol-legacy-offered: found', serve: openssl('-min_protocol', 'TLSv1', '-cipher', 'ALL:@SECLEVEL=0') },
  { title: 'rule protocol-legacy-offered: absent for current versions', serve: openssl('-min_protocol', 'TLSv1.2') },
  { title: 'rule cipher-suite-outdated: found', serve: () => opensslServer(['-tls1_2', '-cipher', 'AES128-SHA'], { cert: rsaLeaf.chainPem, key: rsaLeaf.key.pem }) },
  { title: 'rule cipher-suite-outdated: absent for an AEAD cipher', serve: openssl('-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256') },
  { title: 'rule observed-differs: found where the server changes between the two', serve: changing, options: { time: undefined, lookFurther: false } },
  { title: 'rule observed-differs: absent where it does not', serve: good, options: { time: undefined } },
]

/** What differs from run to run. @param {string} text */
const plain = (text) => text.replaceAll(/(?<=127\.0\.0\.\d:|port )\d+/g, 'PORT').replaceAll(/\b[0-9a-f]{8}\b/g, 'SHA').replaceAll(/0\.\d s/g, '0.N s')
  .replaceAll(/Node \d+/g, 'Node N').replaceAll(/`www\.example\.com:\d+`/g, '`www.example.com:PORT`')
  .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'TIME')
const byId = new Map(rules().map((rule) => [rule.id, rule]))
const said = (/** @type {import('..').Finding} */ { severity, rule, message }) => `${severity === 'info' ? 'note' : severity}[${rule}]: ${message}`

describe('rules about live endpoints', { concurrency: 4 }, () => {
  for (const { title, serve, options, target, message } of CASES) {
    test(title, async () => {
      const [, id, outcome] = /** @type {RegExpExecArray} */ (/^rule ([a-z0-9-]+): (found|absent)/.exec(title))
      const running = await serve()
      const [address, besides] = target?.(running) ?? [`https://${running.host}:${running.port}`, {}]
      const found = await diagnose(address, {
        ca: root.pem, env: {}, proxy: false, time: TIME, stageTimeout: STAGE, ...besides, ...running.options, ...options,
      }).finally(() => running.stop())
      const finding = found.findings.find(({ rule }) => rule === id)
      if (outcome === 'absent') return assert.equal(finding, undefined)
      const findings = found.findings.map(said).join('\n')
      assert.ok(finding, findings)
      if (message === undefined) assert.equal(plain(said(finding)), plain(String(byId.get(id)?.looks)))
      else assert.match(finding.message, message)
    })
  }
})

test('every rule of a connection or a session is found here, and absent, at a live endpoint', () => {
  const folder = path.join(__dirname, '..', 'crates', 'trust-anchors-core', 'src', 'findings', 'rules')
  const ids = ['connection.rs', 'session.rs'].flatMap((name) => [...fs.readFileSync(path.join(folder, name), 'utf8').matchAll(/^rule!\(\n {4}[A-Z_]+,\n {4}"([a-z-]+)",$/gm)].map(([, id]) => id))
  assert.ok(ids.length > 40)
  const titles = [...fs.readFileSync(__filename, 'utf8').matchAll(/'rule ([a-z-]+): (found|absent)/g)].map(([, id, outcome]) => `${id}: ${outcome}`)
  assert.deepEqual(ids.flatMap((id) => [`${id}: found`, `${id}: absent`]).filter((title) => !titles.includes(title)), [])
})

test('a missing intermediate is named by its issuer, with the address that the certificate gives', async () => {
  const issuerAddresses = ['http://ca.example.com/issuing.cer']
  const published = await tlsServer(identity(intermediate.issue({ ...server, issuerAddresses }), intermediate.issue({ ...server, issuerAddresses }).pem))
  const { findings } = await diagnose(`https://${LOOPBACK}:${published.port}`, { ca: root.pem, env: {}, proxy: false, time: TIME })
    .finally(() => published.stop())
  const missing = findings.find(({ rule }) => rule === 'chain-missing-intermediate')
  assert.match(String(missing?.message), /without its issuer `CN=Example Issuing CA`/)
  assert.equal(missing?.detail, 'the certificate names where its issuer\'s can be had: `http://ca.example.com/issuing.cer`')
})

test('a host name that does not match is told from an address, and from a common name', async () => {
  const detail = async (/** @type {object} */ names, /** @type {string} */ host) => {
    const running = await tlsServer(identity(intermediate.issue({ ...server, altNames: undefined, subject: 'db.example.com', ...names })))
    const { findings } = await diagnose(`https://${host}:${running.port}`, { ca: root.pem, env: {}, proxy: false, time: TIME, connectTo: `${LOOPBACK}:${running.port}` })
      .finally(() => running.stop())
    return findings.find(({ rule }) => rule === 'chain-host-name-mismatch')?.detail
  }
  assert.equal(await detail({ altNames: ['DNS:db.example.com'] }, LOOPBACK), 'an address is asked for, and the certificate has names alone: connect by one of them')
  assert.equal(await detail({ altNames: ['IP:192.0.2.7'] }, NAME), 'a name is asked for, and the certificate has addresses alone, beside which the common name counts')
  assert.equal(await detail({}, LOOPBACK), 'an address is asked for, and the certificate has no subjectAltName: addresses are looked for there alone')
  assert.equal(await detail({}, NAME), 'the certificate has no subjectAltName, so that Node compares its common name alone')
})

// A name with two addresses takes a process whose resolver knows it.
const BETWEEN = `
  const { diagnose } = require(${JSON.stringify(path.join(__dirname, '..'))})
  const [target, ca] = process.argv.slice(1)
  diagnose(target, { ca, env: {}, proxy: false, time: '${TIME}', allAddresses: true, lookFurther: false }).then(({ findings }) => console.log(JSON.stringify(findings)))`

/** @param {any[]} leaves one for each address @returns {Promise<import('..').Finding[]>} */
async function atAddresses(leaves) {
  const first = await tlsServer(identity(leaves[0]))
  const others = await Promise.all(leaves.slice(1).map((each, index) => tlsServer({ ...identity(each), host: `127.0.0.${index + 2}`, port: first.port })))
  const env = resolving(NAME, ['127.0.0.1', ...others.map(({ host }) => host)])
  const { stdout, stderr } = await runNode(24, ['-e', BETWEEN, `https://${NAME}:${first.port}`, root.pem], { env })
    .finally(() => Promise.all([first, ...others].map((each) => each.stop())))
  assert.equal(stderr, '')
  return JSON.parse(stdout)
}

test('rule addresses-differ: found', async () => {
  const findings = await atAddresses([leaf, intermediate.issue({ ...server, notAfter: '2029-01-01' })])
  assert.deepEqual(findings.filter(({ rule }) => rule === 'addresses-differ').map(said).map(plain), [plain(String(byId.get('addresses-differ')?.looks))])
})

test('rule addresses-differ: absent where all answer alike', async () => {
  const findings = await atAddresses([leaf, leaf])
  assert.deepEqual(findings.filter(({ rule }) => rule === 'addresses-differ'), [])
})

// What a Node does not survive takes another one.
const CRASHING = `
  const { diagnose } = require(${JSON.stringify(path.join(__dirname, '..'))})
  const [target, ca] = process.argv.slice(1)
  diagnose(target, { ca, env: {}, proxy: false, lookFurther: false }).then(({ findings }) => console.log(JSON.stringify(findings)))`
const onUnnamedCurve = intermediate.issue({ ...server, keyType: 'secp256k1' })

/** @param {number} node @returns {Promise<import('..').Finding[]>} */
async function onNode(node) {
  const running = await tlsServer(identity(onUnnamedCurve))
  const { stdout, stderr } = await runNode(node, ['-e', CRASHING, `https://${running.host}:${running.port}`, root.pem]).finally(() => running.stop())
  assert.equal(stderr, '')
  return JSON.parse(stdout)
}

test('rule observation-skipped: found on Node 24', async () => {
  const findings = await onNode(24)
  assert.deepEqual(findings.filter(({ rule }) => rule === 'observation-skipped').map(said).map(plain), [plain(String(byId.get('observation-skipped')?.looks))])
})

test('rule observation-skipped: absent on Node 22', async () => {
  const findings = await onNode(22)
  assert.deepEqual(findings.filter(({ rule }) => rule === 'observation-skipped'), [])
})
