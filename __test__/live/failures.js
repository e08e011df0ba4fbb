'use strict'

/**
 * Connections of client libraries that fail, with what `explain` must find in the library's own error. The process trusts `root`.
 *
 *   start    the server, for what the library speaks
 *   address  what the library is told to connect to, when that is not the server's address
 *   code     of the error behind the library's one; null when the library itself says it
 *   host     what the error behind the library's one tells of it
 *   actor    who has to act, by the likeliest cause
 *   only     whether the library can get there
 */

const { LOOPBACK, rawServer, refusedPort } = require('../support/loopback')
const { certificate } = require('../support/pki')
const { leavingPeer, peerWithoutTls, startPeer } = require('./peers')

const SERVER = { subject: 'localhost', server: true, altNames: ['DNS:localhost', 'IP:127.0.0.1'] }
const EXPIRED = { notBefore: '2010-01-01', notAfter: '2015-01-01' }

const root = certificate({ subject: 'Trusted Root', ca: true })
const unknownRoot = certificate({ subject: 'Unknown Root', ca: true })
const chainOf = (authority) => authority.issue({ subject: `Intermediate of ${authority.options.subject}`, ca: true }).issue(SERVER)

const presenting = (entry, cert = entry.chainPem) => (kind) => startPeer(kind, { cert, key: entry.key.pem })
const sound = chainOf(root)

const FAMILIES = 'both-families.test'

module.exports = {
  FAMILIES,
  root,
  failures: [
    { title: 'an unknown root', start: presenting(chainOf(unknownRoot)), code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', actor: 'client' },
    { title: 'a missing intermediate', start: presenting(sound, sound.pem), code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', actor: 'server' },
    { title: 'an expired certificate', start: presenting(root.issue({ ...SERVER, ...EXPIRED })), code: 'CERT_HAS_EXPIRED', actor: 'server' },
    {
      title: 'a certificate for another host', start: presenting(root.issue({ ...SERVER, altNames: ['DNS:other.test'] })),
      code: 'ERR_TLS_CERT_ALTNAME_INVALID', host: LOOPBACK, actor: 'client',
    },
    {
      title: 'plain HTTP', start: () => rawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')),
      only: ({ peer }) => peer === 'tls', code: 'ERR_SSL_WRONG_VERSION_NUMBER', actor: 'client',
    },
    { title: 'a server without TLS', start: peerWithoutTls, only: ({ peer }) => ['postgresql', 'mysql'].includes(peer), code: null, actor: 'server' },
    { title: 'a server without STARTTLS', start: peerWithoutTls, only: ({ peer }) => peer === 'smtp', code: 'ETLS', actor: 'server' },
    { title: 'a server that hangs up', start: leavingPeer, code: 'ECONNRESET', host: LOOPBACK, actor: 'server' },
    { title: 'a port where nothing listens', start: refusedPort, code: 'ECONNREFUSED', host: LOOPBACK, actor: 'server' },
    {
      title: 'nothing listens in either address family', start: refusedPort, address: FAMILIES,
      only: ({ ownResolver }) => !ownResolver, code: 'ECONNREFUSED', host: LOOPBACK, actor: 'server',
    },
  ],
}
