'use strict'

/**
 * The promise that `start` returns, or a rejection with the signal's reason as soon as it is aborted. Work that has begun runs to its end
 * unseen.
 *
 * @template T
 * @param {AbortSignal | undefined} signal
 * @param {() => Promise<T>} start
 * @returns {Promise<T>}
 */
function abortable(signal, start) {
  if (signal === undefined) return start()
  if (signal.aborted) return Promise.reject(signal.reason)
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    start().then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

module.exports = { abortable }
