'use strict'

// One look at an endpoint, which a signal ends at once.

const { abortable } = require('../abortable.js')
const { NativeProber } = require('../native.js')

/**
 * @param {import('./target.js').Endpoint} endpoint
 * @param {import('./proxy.js').Proxy | undefined} proxy
 * @param {import('./options.js').Asked} asked
 * @returns {Promise<import('../../binding.js').NativeProbe>}
 */
async function look({ alpn, connectTo, host, port, servername, startTls }, proxy, { allAddresses, lookFurther, signal, stageTimeout, timeout }) {
  const prober = new NativeProber(
    { host, port, serverName: servername, startTls, alpn, connectTo, proxy },
    { stageTimeout, deadline: timeout, allAddresses, lookFurther },
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
