'use strict'

/** Makes the merged store this thread's default; it is read when the first connection needs it. */
function register() {
  const { install } = require('./install.js')
  const handed = require('./handover.js').received()
  if (handed !== undefined) return install(handed)
  /** @type {import('./install.js').Trust | undefined} */
  let loaded
  const load = () => {
    const { anchorsOf, loadTrustStoreSync } = require('./trust-store.js')
    return (loaded ??= anchorsOf(/** @type {import('./trust-store.js').TrustStore} */ (loadTrustStoreSync())))
  }
  // Bun and Deno make their connections without `tls.createSecureContext`, by which Node's need of the store shows.
  const isLazy = !['bun', 'deno'].includes(require('./runtime.js').runtime())
  return install({ ca: () => load().ca(), addition: (createSecureContext) => load().addition(createSecureContext) }, { isLazy })
}

module.exports = { register }
