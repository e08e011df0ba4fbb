'use strict'

/**
 * A real mitmproxy, which stands for every proxy that looks into TLS; stopped by the test that started it. It makes its own authority when it
 * starts, as it does for its users.
 *
 *   const proxy = await startMitmproxy({ upstreamAuthority: root.pem })
 *   proxy.port, proxy.authority        // the CA certificate that its users are to trust, as PEM
 *   await proxy.stop()
 */

const fs = require('node:fs')
const path = require('node:path')

const { accepts, freePort, startProgram } = require('./program')

/**
 * @param {{ upstreamAuthority: string, reverse?: string }} options `upstreamAuthority`: what it trusts behind it, as PEM; `reverse`: the
 *   server in whose place it stands, `https://localhost:1234`; without it it is a proxy that takes CONNECT
 * @returns {Promise<{ port: number, authority: string, stop: () => Promise<void> }>}
 */
async function startMitmproxy({ upstreamAuthority, reverse }) {
  const port = await freePort()
  const { folder, stop } = await startProgram('mitmdump', {
    files: () => ({ 'upstream.pem': upstreamAuthority }),
    args: (home) => [
      '--quiet', '--listen-host', '127.0.0.1', '--listen-port', String(port), ...(reverse ? ['--mode', `reverse:${reverse}`] : []),
      '--set', `confdir=${home}`, '--set', `ssl_verify_upstream_trusted_ca=${home}/upstream.pem`,
    ],
    ready: () => accepts(port),
  })
  return { port, authority: fs.readFileSync(path.join(folder, 'mitmproxy-ca-cert.pem'), 'utf8'), stop }
}

module.exports = { startMitmproxy }
