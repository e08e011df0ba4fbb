'use strict'

const { runtime } = require('./runtime.js')

/**
 * Whether this is no worker. Node's workers have functions that they refuse to run, and mark them (`lib/internal/process/worker_thread_only.js`); to load
 * `worker_threads` for it takes a fresh process more than a millisecond.
 */
const isMainThread = () => runtime() === 'node' && !('disabled' in process.chdir)

/** Makes the merged store this thread's default; it is read when the first connection needs it. */
function register() {
  const { install } = require('./install.js')
  const handed = isMainThread() ? undefined : require('./handover.js').received()
  if (handed !== undefined) return install(handed)
  /** @type {import('./install.js').Trust | undefined} */
  let loaded
  const load = () => {
    const { anchorsOf, loadTrustStoreSync } = require('./trust-store.js')
    return (loaded ??= anchorsOf(/** @type {import('./trust-store.js').TrustStore} */ (loadTrustStoreSync())))
  }
  // Bun and Deno make their connections without `tls.createSecureContext`, by which Node's need of the store shows.
  const isLazy = !['bun', 'deno'].includes(runtime())
  return install({ ca: () => load().ca(), addition: (createSecureContext) => load().addition(createSecureContext) }, { isLazy })
}

module.exports = { register }
