'use strict'

/**
 * A real HAProxy that takes TLS off in front of something that speaks in the clear: an HTTP proxy behind it is a proxy for `https://` URLs of
 * proxies. Stopped by the test that started it.
 *
 *   const front = await startHaproxy({ good: { certificate: leaf.chainPem, key: leaf.key.pem, to: proxy.port } })
 *   front.ports.good
 *   await front.stop()
 */

const { accepts, freePort, startProgram } = require('./program')

/**
 * @param {Record<string, { certificate: string, key: string, to: number }>} listeners one port each
 * @returns {Promise<{ ports: Record<string, number>, stop: () => Promise<void> }>}
 */
async function startHaproxy(listeners) {
  const ports = {}
  const files = {}
  const sections = []
  for (const [name, { certificate, key, to }] of Object.entries(listeners)) {
    ports[name] = await freePort()
    files[`${name}.pem`] = certificate + key
    sections.push(`listen ${name}
  bind 127.0.0.1:${ports[name]} ssl crt ${name}.pem
  server behind 127.0.0.1:${to}
`)
  }
  files['haproxy.cfg'] = `global
  maxconn 200
defaults
  mode tcp
  timeout connect 60s
  timeout client 60s
  timeout server 60s
${sections.join('')}`
  const { stop } = await startProgram('haproxy', {
    files: () => files,
    args: (folder) => ['-db', '-C', folder, '-f', `${folder}/haproxy.cfg`],
    ready: async () => (await Promise.all(Object.values(ports).map(accepts))).every(Boolean),
  })
  return { ports, stop }
}

module.exports = { startHaproxy }
