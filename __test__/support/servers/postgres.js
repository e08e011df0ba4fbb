'use strict'

/**
 * A real PostgreSQL with an empty cluster, stopped by the test that started it.
 *
 *   const server = await startPostgres({ certificate: leaf.pem, key: leaf.key.pem, clientAuthorities: root.pem })
 *   server.port
 *   await server.stop()
 */

const fs = require('node:fs')
const path = require('node:path')

const { answers, freePort, startProgram } = require('./program')

/** Where Debian has the programs that it leaves out of PATH. */
const VERSIONS = '/usr/lib/postgresql'

/** The message that asks for TLS, to which a server that is up says yes or no in one octet. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])

function binary(name) {
  const versions = fs.existsSync(VERSIONS) ? fs.readdirSync(VERSIONS).map(Number).filter(Boolean).sort((a, b) => b - a) : []
  return versions.length === 0 ? name : path.join(VERSIONS, String(versions[0]), 'bin', name)
}

/**
 * @param {{ certificate?: string, key?: string, clientAuthorities?: string }} [options] without a certificate it speaks no TLS; with
 *   `clientAuthorities` it asks for client certificates, and lets in only who has one
 * @returns {Promise<{ port: number, stop: () => Promise<void> }>}
 */
async function startPostgres({ certificate, key, clientAuthorities } = {}) {
  const port = await freePort()
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    ssl: certificate ? 'on' : 'off',
    ...(certificate && { ssl_cert_file: '../server.pem', ssl_key_file: '../server.key' }),
    ...(clientAuthorities && { ssl_ca_file: '../clients.pem' }),
  }
  const { stop } = await startProgram(binary('postgres'), {
    files: () => ({
      ...(certificate && key && { 'server.pem': certificate, 'server.key': key }),
      ...(clientAuthorities && { 'clients.pem': clientAuthorities }),
    }),
    async before(folder, prepare) {
      const cluster = path.join(folder, 'cluster')
      await prepare(binary('initdb'), ['-D', cluster, '-U', 'owner', '-A', 'trust', '--no-sync', '--no-locale', '-E', 'UTF8', '--wal-segsize=1'])
      if (clientAuthorities) fs.writeFileSync(path.join(cluster, 'pg_hba.conf'), 'hostssl all all 127.0.0.1/32 trust clientcert=verify-ca\n')
    },
    args: (folder) => ['-D', path.join(folder, 'cluster'), ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`)],
    ready: () => answers(port, SSL_REQUEST),
    // An immediate shutdown, which takes its children with it.
    signal: 'SIGQUIT',
  })
  return { port, stop }
}

module.exports = { startPostgres }
