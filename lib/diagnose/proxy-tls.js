'use strict'

// A proxy that is spoken to over TLS is told where the connection goes, and credentials. So it is looked at first, and its certificate judged as that of
// any server: Node does the same in the handshake.

const net = require('node:net')

const { verdictOn } = require('../verify.js')
const { look } = require('./look.js')

/**
 * The proxy with what its certificates came to: the probe uses it when they were accepted, and says why it does not otherwise.
 *
 * @param {import('./proxy.js').Proxy | undefined} proxy
 * @param {import('./options.js').Asked} asked
 * @param {import('../trusted.js').Trusted} trusted
 * @returns {Promise<import('./proxy.js').Proxy | undefined>}
 */
async function judgedProxy(proxy, asked, trusted) {
  if (proxy === undefined || !proxy.isTls) return proxy
  const { host, port } = proxy
  const endpoint = { host, port, servername: net.isIP(host) ? undefined : host, startTls: undefined, alpn: [], connectTo: undefined }
  // The client certificate is for the server alone.
  const probe = await look(endpoint, undefined, { ...asked, allAddresses: false, lookFurther: false, cert: undefined, key: undefined, pfx: undefined })
  const certificates = probe.attempts()[probe.decisive()]?.session?.certificates ?? []
  // The probe comes to the same end, and tells of it.
  if (certificates.length === 0) return proxy
  const verdict = verdictOn(certificates, 'chain', trusted, { ...asked.question, hostname: host }, 'options')
  return verdict.ok ? { ...proxy, certificates } : { ...proxy, refusal: `its certificate is not accepted: ${verdict.code ?? 'the verdict is undetermined'}` }
}

module.exports = { judgedProxy }
