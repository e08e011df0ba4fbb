'use strict'

// What is found about a real PostgreSQL and a real MariaDB, on every Node: a private CA, no TLS, client certificates.

const assert = require('node:assert/strict')

const { describeLive, startTogether } = require('./support/live-diagnosis')
const { certificate } = require('./support/pki')
const { startMariaDb } = require('./support/servers/mariadb')
const { startPostgres } = require('./support/servers/postgres')

const authority = (CN) => certificate({ subject: { O: 'Example', CN }, ca: true })
const root = authority('Example Database CA')
const strangeRoot = authority('Strange CA')
const intermediate = root.issue({ subject: { O: 'Example', CN: 'Example Issuing CA' }, ca: true })
const leaf = intermediate.issue({ subject: 'localhost', server: true, altNames: ['DNS:localhost'] })
const client = root.issue({ subject: 'a client', extendedKeyUsage: ['clientAuth'], keyUsage: ['digitalSignature'] })
const strangeClient = strangeRoot.issue({ subject: 'a strange client', extendedKeyUsage: ['clientAuth'], keyUsage: ['digitalSignature'] })

const identity = { certificate: leaf.chainPem, key: leaf.key.pem }
const clientIdentity = (entry) => ({ cert: entry.pem, key: entry.key.pem })
const trust = { ca: root.pem }

const at = (scheme, name, options) => (servers) => ({ target: `${scheme}://localhost:${servers[name].port}/data`, options })

const start = () => startTogether({
  postgres: startPostgres(identity),
  postgresPlain: startPostgres(),
  postgresClients: startPostgres({ ...identity, clientAuthorities: root.pem }),
  mariadb: startMariaDb(identity),
  mariadbPlain: startMariaDb(),
  mariadbClients: startMariaDb({ ...identity, clientAuthorities: root.pem }),
})

const speaks = (starttls) => ({ endpoint, timings, chain }) => {
  assert.equal(endpoint.starttls, starttls)
  assert.ok(timings.starttls !== null)
  assert.deepEqual(chain.map(({ sha256 }) => sha256), [leaf.sha256, intermediate.sha256])
}

/**
 * What both databases have in common. Neither ends the handshake for want of a client certificate, so that no more is known than that they ask.
 *
 * @param {string} name @param {string} scheme @param {string} starttls @param {string[]} authorities
 * @returns {import('./support/live-diagnosis').Case[]}
 */
const common = (name, scheme, starttls, authorities) => [
  { title: `${name} with its CA`, look: at(scheme, name, trust), code: null, rules: [], check: speaks(starttls) },
  { title: `${name} without its CA`, look: at(scheme, name), code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', rules: ['chain-root-not-trusted'], check: speaks(starttls) },
  {
    title: `${name} by its address`,
    look: (servers) => ({ target: `${scheme}://127.0.0.1:${servers[name].port}`, options: trust }),
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    rules: ['chain-host-name-mismatch'],
  },
  {
    title: `${name} without TLS`,
    look: at(scheme, `${name}Plain`, trust),
    code: null,
    ok: false,
    rules: ['starttls-declined'],
    check({ failure, chain }) {
      assert.deepEqual([failure.stage, failure.kind], ['starttls', 'declined'])
      assert.deepEqual(chain, [])
    },
  },
  {
    title: `${name} with client certificates, without one`,
    look: at(scheme, `${name}Clients`, trust),
    code: null,
    rules: [],
    infos: ['client-certificate-requested'],
    check: ({ session }) => assert.deepEqual(session.clientCertificate, { authorities, sent: false, refused: null }),
  },
  {
    title: `${name} with client certificates, with one`,
    look: at(scheme, `${name}Clients`, { ...trust, ...clientIdentity(client) }),
    code: null,
    rules: [],
    check: ({ session }) => assert.deepEqual([session.clientCertificate.sent, session.clientCertificate.refused], [true, null]),
  },
  {
    title: `${name} with client certificates, with one of another authority`,
    look: at(scheme, `${name}Clients`, { ...trust, ...clientIdentity(strangeClient) }),
    code: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
    verdict: null,
    rules: ['client-certificate-refused'],
    check: ({ session }) => assert.equal(session.clientCertificate.sent, true),
  },
]

/** @type {import('./support/live-diagnosis').Case[]} */
const cases = [
  ...common('postgres', 'postgres', 'postgres', ['CN=Example Database CA,O=Example']),
  {
    title: 'postgres, to which TLS is spoken at once',
    look: at('https', 'postgres', trust),
    code: 'ECONNRESET',
    rules: ['connection-closed'],
  },
  ...common('mariadb', 'mariadb', 'mysql', []),
  {
    title: 'mariadb, to which TLS is spoken at once',
    look: at('https', 'mariadb', trust),
    code: 'ERR_SSL_WRONG_VERSION_NUMBER',
    rules: ['plain-text-on-tls-port'],
  },
]

describeLive('databases', { start, cases })
