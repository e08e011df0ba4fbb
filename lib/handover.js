'use strict'

// The store from one thread to the next: a worker has defaults of its own, which neither an installed store nor Node's own call reaches.

const { getEnvironmentData, isMainThread, setEnvironmentData } = require('node:worker_threads')

const KEY = 'trust-anchors.installed'

/**
 * Puts the store where workers that are started from now on find it. The text is shared between threads and not copied.
 *
 * @param {import('./install.js').Trust} trust
 * @returns {() => void} takes it away again
 */
function offer(trust) {
  const bytes = Buffer.from(trust.ca().join(''))
  const memory = new SharedArrayBuffer(bytes.length)
  new Uint8Array(memory).set(bytes)
  const given = { version: 1, memory }
  setEnvironmentData(KEY, given)
  return () => {
    if (getEnvironmentData(KEY) === given) setEnvironmentData(KEY, /** @type {any} */ (undefined))
  }
}

/**
 * The store that the thread which started this worker has installed.
 *
 * @returns {import('./install.js').Trust | undefined}
 */
function received() {
  if (isMainThread) return undefined
  const given = /** @type {unknown} */ (getEnvironmentData(KEY))
  if (typeof given !== 'object' || given === null || !('memory' in given) || !(given.memory instanceof SharedArrayBuffer)) return undefined
  const text = Buffer.from(given.memory).toString('latin1')
  const ca = text.split(/(?<=-----END CERTIFICATE-----\\n)/)
  return { ca: () => ca, addition: () => undefined }
}

module.exports = { offer, received }
