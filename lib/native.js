'use strict'

// The addon. The generated `binding.js` knows every platform and says what is missing, at more than 1 ms of a fresh process; so the file that is nearly
// always the right one is tried first.

/**
 * @returns {typeof import('../binding.js')}
 */
function load() {
  if (process.env.NAPI_RS_NATIVE_LIBRARY_PATH === undefined) {
    const suffix = process.platform === 'linux' ? '-gnu' : process.platform === 'win32' ? '-msvc' : ''
    const name = `${process.platform}-${process.arch}${suffix}`
    for (const id of [`../trust-anchors.${name}.node`, `@trust-anchors/binding-${name}`]) {
      try {
        return require(id)
      } catch (error) {
        // Deno says which of its permissions is missing (`--allow-ffi`). Anything else may be another C library, another platform, or nothing installed:
        // the generated loader tells them apart.
        if (error instanceof Error && error.name === 'NotCapable') throw error
      }
    }
  }
  return require('../binding.js')
}

module.exports = load()
