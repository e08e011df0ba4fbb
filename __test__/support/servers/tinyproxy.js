'use strict'

/**
 * A real tinyproxy that takes CONNECT, stopped by the test that started it.
 *
 *   const proxy = await startTinyproxy({ user: 'someone', password: 'a secret' })
 *   proxy.port
 *   await proxy.stop()
 */

const { accepts, freePort, startProgram } = require('./program')

/**
 * @param {{ user?: string, password?: string, connectPorts?: number[] }} [options] with `user` and `password` it answers 407 without them;
 *   with `connectPorts` it answers 403 for all others
 * @returns {Promise<{ port: number, stop: () => Promise<void> }>}
 */
async function startTinyproxy({ user, password, connectPorts = [] } = {}) {
  const port = await freePort()
  const { stop } = await startProgram('tinyproxy', {
    files: () => ({
      'tinyproxy.conf': [
        `Port ${port}`,
        'Listen 127.0.0.1',
        'Timeout 60',
        'LogLevel Error',
        'MaxClients 50',
        ...(user ? [`BasicAuth ${user} ${password}`] : []),
        ...connectPorts.map((allowed) => `ConnectPort ${allowed}`),
        '',
      ].join('\n'),
    }),
    args: (folder) => ['-d', '-c', `${folder}/tinyproxy.conf`],
    ready: () => accepts(port),
    // It heeds a request to end only when the next connection comes.
    signal: 'SIGKILL',
  })
  return { port, stop }
}

module.exports = { startTinyproxy }
