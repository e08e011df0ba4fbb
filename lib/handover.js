'use strict'

// The store from one thread to the next: a worker has defaults of its own, which neither an installed store nor Node's own call reaches.

const { getEnvironmentData, isMainThread, setEnvironmentData } = require('node:worker_threads')

const KEY = 'trust-anchors.installed'

/** @typedef {{ version: 1, memory: SharedArrayBuffer, before?: Offer, isRetracted?: boolean }} Offer The last two stay in this thread. */

/**
 * Puts the store where workers that are started from now on find it. The text is shared between threads and not copied.
 *
 * @param {import('./install.js').Trust} trust
 */
function offer(trust) {
  /** @type {Offer} */
  const given = { version: 1, memory: memoryOf(trust) }
  Object.defineProperties(given, { before: { value: current() }, isRetracted: { value: false, writable: true } })
  setEnvironmentData(KEY, /** @type {any} */ (given))
  return {
    /** Says it again, once the store is another. */
    renew() {
      given.memory = memoryOf(trust)
    },
    retract() {
      given.isRetracted = true
      let last = current()
      while (last?.isRetracted) last = last.before
      setEnvironmentData(KEY, /** @type {any} */ (last))
    },
  }
}

/** @param {import('./install.js').Trust} trust */
function memoryOf(trust) {
  const bytes = Buffer.from(trust.ca().join(''))
  const memory = new SharedArrayBuffer(bytes.length)
  new Uint8Array(memory).set(bytes)
  return memory
}

/** @returns {Offer | undefined} */
function current() {
  return /** @type {Offer | undefined} */ (/** @type {unknown} */ (getEnvironmentData(KEY)))
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
  const ca = text.split(/(?<=-----END CERTIFICATE-----\n)/)
  return { ca: () => ca, addition: () => undefined }
}

module.exports = { offer, received }
