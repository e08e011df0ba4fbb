'use strict'

/**
 * A real MariaDB with an empty database, stopped by the test that started it.
 *
 *   const server = await startMariaDb({ certificate: leaf.pem, key: leaf.key.pem })
 *   server.port
 *   await server.stop()
 */

const path = require('node:path')

const { answers, freePort, startProgram } = require('./program')

const SMALL = ['--innodb-log-file-size=4M', '--innodb-buffer-pool-size=8M', '--innodb-flush-method=nosync']

/**
 * @param {{ certificate?: string, key?: string, clientAuthorities?: string }} [options] without a certificate it speaks no TLS
 * @returns {Promise<{ port: number, stop: () => Promise<void> }>}
 */
async function startMariaDb({ certificate, key, clientAuthorities } = {}) {
  const port = await freePort()
  const data = (folder) => `--datadir=${path.join(folder, 'data')}`
  const tls = (folder) => {
    if (!certificate) return ['--skip-ssl']
    const authorities = clientAuthorities ? [`--ssl-ca=${folder}/clients.pem`] : []
    return [`--ssl-cert=${folder}/server.pem`, `--ssl-key=${folder}/server.key`, ...authorities]
  }
  const { stop } = await startProgram('mariadbd', {
    files: () => ({
      data: {},
      ...(certificate && key && { 'server.pem': certificate, 'server.key': key }),
      ...(clientAuthorities && { 'clients.pem': clientAuthorities }),
    }),
    before: (folder, prepare) => prepare('mariadb-install-db', [
      // A MariaDB that starts clears its folder for temporary tables of what others have there.
      '--no-defaults', data(folder), `--tmpdir=${folder}`, '--skip-test-db', '--skip-name-resolve', '--auth-root-authentication-method=normal', ...SMALL,
    ]),
    args: (folder) => [
      '--no-defaults', data(folder), `--tmpdir=${folder}`, `--socket=${folder}/socket`, `--pid-file=${folder}/pid`,
      '--bind-address=127.0.0.1', `--port=${port}`, '--skip-name-resolve', ...SMALL, ...tls(folder),
    ],
    ready: () => answers(port),
  })
  return { port, stop }
}

module.exports = { startMariaDb }
