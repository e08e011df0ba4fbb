'use strict'

// What is found about mail and directory servers, on every Node: a real Postfix, and IMAP, POP3 and LDAP as scripted peers speak them.

const assert = require('node:assert/strict')

const { describeLive, startTogether } = require('./support/live-diagnosis')
const { preambleServer, tlsServer } = require('./support/loopback')
const { certificate } = require('./support/pki')
const postfix = require('./support/servers/postfix')

const root = certificate({ subject: { O: 'Example', CN: 'Example Mail CA' }, ca: true })
const intermediate = root.issue({ subject: { O: 'Example', CN: 'Example Issuing CA' }, ca: true })
const leaf = intermediate.issue({ subject: 'localhost', server: true, altNames: ['DNS:localhost'] })
const expired = intermediate.issue({ subject: 'localhost', server: true, altNames: ['DNS:localhost'], notBefore: '2020-01-01', notAfter: '2021-01-01' })

const whole = { cert: leaf.chainPem, key: leaf.key.pem }
const leafOnly = { cert: leaf.pem, key: leaf.key.pem }

const at = (scheme, name, port = 'port') => (servers) => ({ target: `${scheme}://localhost:${servers[name][port]}` })

const speaks = (starttls) => ({ endpoint, chain }) => {
  assert.equal(endpoint.starttls, starttls)
  assert.equal(chain[0].sha256, leaf.sha256)
}
const declines = ({ failure, chain }) => {
  assert.deepEqual([failure.stage, failure.kind], ['starttls', 'declined'])
  assert.deepEqual(chain, [])
}

/**
 * The dialogues before TLS, each with an answer that agrees and one that declines: RFC 9051 section 6.2.1, RFC 2595 section 4, RFC 4511
 * section 4.14. Whoever closes before TLS begins says no more than that.
 */
const LDAP_AGREES = Buffer.from('300c02010178070a010004000400', 'hex')
/** `unavailable` (52). */
const LDAP_DECLINES = Buffer.from('300c02010178070a013404000400', 'hex')

/** The lines of a client, one at a time, answered until TLS begins. */
function lines(greeting, answer) {
  return async (socket, next) => {
    socket.write(greeting)
    for (;;) {
      const line = (await next()).toString('latin1')
      const { reply, done = false } = answer(line)
      socket.write(reply)
      if (done) return
    }
  }
}

/** What is no command is answered without a tag. */
const tagOf = (line) => /^[a-z0-9.]+(?= )/i.exec(line)?.[0] ?? '*'
const imap = lines('* OK localhost ready\r\n', (line) => (
  /STARTTLS/i.test(line)
    ? { reply: `${tagOf(line)} OK begin TLS\r\n`, done: true }
    : { reply: `* CAPABILITY IMAP4rev1 STARTTLS\r\n${tagOf(line)} OK done\r\n` }
))
const imapPlain = lines('* OK localhost ready\r\n', (line) => (
  /STARTTLS/i.test(line)
    ? { reply: `${tagOf(line)} BAD unknown command\r\n` }
    : { reply: `* CAPABILITY IMAP4rev1\r\n${tagOf(line)} OK done\r\n` }
))
const pop3 = lines('+OK localhost ready\r\n', (line) => (
  /^STLS/i.test(line) ? { reply: '+OK begin TLS\r\n', done: true } : { reply: '+OK\r\nUSER\r\nSTLS\r\n.\r\n' }
))
const pop3Plain = lines('+OK localhost ready\r\n', (line) => (
  /^STLS/i.test(line) ? { reply: '-ERR unknown command\r\n' } : { reply: '+OK\r\nUSER\r\n.\r\n' }
))
const ldap = async (socket, next) => {
  await next()
  socket.write(LDAP_AGREES)
}
const ldapPlain = async (socket, next) => {
  await next()
  socket.write(LDAP_DECLINES)
  await next()
}

const startScripted = () => startTogether({
  imap: preambleServer(imap, whole),
  imapLeafOnly: preambleServer(imap, leafOnly),
  imapPlain: preambleServer(imapPlain, null),
  imaps: tlsServer(whole),
  pop3: preambleServer(pop3, whole),
  pop3LeafOnly: preambleServer(pop3, leafOnly),
  pop3Plain: preambleServer(pop3Plain, null),
  ldap: preambleServer(ldap, whole),
  ldapLeafOnly: preambleServer(ldap, leafOnly),
  ldapPlain: preambleServer(ldapPlain, null),
})

/** @param {string} name @returns {import('./support/live-diagnosis').Case[]} */
const scripted = (name) => [
  { title: `${name} with a whole chain`, look: at(name, name), code: null, rules: [], check: speaks(name) },
  {
    title: `${name} with the leaf alone`,
    look: at(name, `${name}LeafOnly`),
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    rules: ['chain-missing-intermediate'],
    check: speaks(name),
  },
  { title: `${name} without STARTTLS`, look: at(name, `${name}Plain`), code: null, ok: false, rules: ['starttls-declined'], check: declines },
]

describeLive('scripted mail and directory servers', {
  start: startScripted,
  cases: [
    ...scripted('imap'),
    { title: 'imaps', look: at('imaps', 'imaps'), code: null, rules: [], check: speaks(null) },
    { title: 'imap, where TLS is spoken at once', look: (servers) => ({ target: at('imap', 'imaps')(servers).target, options: { stageTimeout: 1_000 } }), code: null, ok: false, rules: ['starttls-on-tls-port'] },
    { title: 'imaps, where TLS comes after STARTTLS', look: at('imaps', 'imap'), code: 'ERR_SSL_WRONG_VERSION_NUMBER', rules: ['plain-text-on-tls-port'] },
    ...scripted('pop3'),
    ...scripted('ldap'),
  ],
  options: { ca: root.pem },
})

describeLive('Postfix', {
  skip: postfix.unsupported,
  start: () => startTogether({
    whole: postfix.startPostfix({ certificate: leaf.chainPem, key: leaf.key.pem }),
    expired: postfix.startPostfix({ certificate: expired.chainPem, key: expired.key.pem }),
  }),
  cases: [
    { title: 'STARTTLS', look: at('smtp', 'whole'), code: null, rules: [], check: speaks('smtp') },
    { title: 'TLS from the first octet', look: at('smtps', 'whole', 'tlsPort'), code: null, rules: [], check: speaks(null) },
    { title: 'no STARTTLS', look: at('smtp', 'whole', 'plainPort'), code: null, ok: false, rules: ['starttls-declined'], check: declines },
    { title: 'TLS spoken to a port with STARTTLS', look: at('smtps', 'whole'), code: 'ERR_SSL_WRONG_VERSION_NUMBER', rules: ['plain-text-on-tls-port'] },
    { title: 'an expired certificate', look: at('smtp', 'expired'), code: 'CERT_HAS_EXPIRED', rules: ['chain-certificate-expired'] },
  ],
  options: { ca: root.pem },
})
