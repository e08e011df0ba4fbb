'use strict'

/**
 * A real squid that takes CONNECT, stopped by the test that started it.
 *
 *   const proxy = await startSquid({ user: 'someone', password: 'a secret', forbidden: [4433] })
 *   proxy.port, proxy.tlsPort
 *   await proxy.stop()
 */

const { run } = require('../environment')
const { accepts, freePort, startProgram } = require('./program')

const AUTHENTICATION = [
  'auth_param basic program /usr/lib/squid/basic_ncsa_auth users',
  'auth_param basic children 1 startup=1 queue-size=200',
  'auth_param basic realm proxy',
  'acl known proxy_auth REQUIRED',
]

/** It keeps nothing, and ends without waiting for its clients. */
const QUIET = [
  'access_log none',
  'cache_log cache.log',
  'cache_mem 0',
  'coredump_dir .',
  'max_filedescriptors 256',
  'netdb_filename none',
  'pid_filename squid.pid',
  'pinger_enable off',
  'shutdown_lifetime 0 seconds',
  'visible_hostname localhost',
]

/**
 * @param {object} [options]
 * @param {string} [options.user] with a password: it answers 407 without them
 * @param {string} [options.password]
 * @param {number[]} [options.forbidden] ports for which it answers 403
 * @param {string} [options.certificate] PEM; with a key, it also listens with TLS
 * @param {string} [options.key]
 * @returns {Promise<{ port: number, tlsPort: number, stop: () => Promise<void> }>}
 */
async function startSquid({ user, password, forbidden = [], certificate, key } = {}) {
  const port = await freePort()
  const tlsPort = await freePort()
  const ports = certificate ? [port, tlsPort] : [port]
  const users = user && `${user}:${await digest(password)}\n`
  const configuration = [
    `http_port 127.0.0.1:${port}`,
    ...(certificate ? [`https_port 127.0.0.1:${tlsPort} tls-cert=server.pem tls-key=server.key`] : []),
    ...(forbidden.length > 0 ? [`acl forbidden port ${forbidden.join(' ')}`, 'http_access deny forbidden'] : []),
    ...(user ? [...AUTHENTICATION, 'http_access allow known'] : ['http_access allow all']),
    ...QUIET,
    '',
  ]
  const { stop } = await startProgram('squid', {
    files: () => ({
      ...(certificate && key && { 'server.pem': certificate, 'server.key': key }),
      ...(user && { users }),
      'squid.conf': configuration.join('\n'),
    }),
    args: (folder) => ['-N', '-f', `${folder}/squid.conf`],
    ready: async () => (await Promise.all(ports.map(accepts))).every(Boolean),
    // What it is asked to end takes two seconds, and nothing of it is kept.
    signal: 'SIGKILL',
  })
  return { port, tlsPort, stop }
}

/** What squid keeps of a password. @param {string} password */
async function digest(password) {
  const { stdout } = await run('openssl', ['passwd', '-1', '-salt', 'squid', '-stdin'], { stdin: `${password}\n` })
  return stdout.trim()
}

module.exports = { startSquid }
