'use strict'

// One look at an endpoint, which a signal ends at once.

const { abortable } = require('../abortable.js')
const { NativeProber } = require('../native.js')
const { identityOf } = require('./identity.js')

/**
 * @param {Pick<import('./target.js').Endpoint, 'alpn' | 'connectTo' | 'host' | 'port' | 'servername' | 'startTls'>} endpoint
 * @param {import('./proxy.js').Proxy | undefined} proxy
 * @param {import('./options.js').Asked} asked
 * @returns {Promise<import('../../binding.js').NativeProbe>}
 */
async function look({ alpn, connectTo, host, port, servername, startTls }, proxy, asked) {
  const { allAddresses, lookFurther, signal, stageTimeout, timeout } = asked
  const prober = new NativeProber(
    { host, port, serverName: servername, startTls, alpn, connectTo, proxy },
    { stageTimeout, deadline: timeout, allAddresses, lookFurther, ...identityOf(asked) },
  )
  const cancel = () => prober.cancel()
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    const probe = await abortable(signal, () => prober.run())
    if (probe === null) throw signal?.reason
    return probe
  } finally {
    signal?.removeEventListener('abort', cancel)
  }
}

module.exports = { look }
