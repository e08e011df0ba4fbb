'use strict'

/** @typedef {import('../index.js').Certificate} Certificate */

/**
 * A certificate with the one place that Node loads it from. It shares its texts with the one in `found`.
 *
 * @param {Certificate} certificate
 * @param {number} [line]
 * @returns {Certificate}
 */
function loaded(certificate, line) {
  const [source] = certificate.sources
  return source === undefined || certificate.sources.length === 1 ? certificate : { ...certificate, sources: [{ ...source, line }] }
}

/**
 * What a CA file holds, and what Node makes of it.
 */
class CaFileReport {
  /**
   * @param {import('../binding.js').CaFileReport} native
   * @param {import('../index.js').CaFileReport['runtime']} runtime
   */
  constructor(native, runtime) {
    if (native.path !== undefined) this.path = native.path
    this.runtime = runtime
    this.format = /** @type {import('../index.js').CaFileReport['format']} */ (native.format)
    const { found } = native
    this.loadedByNode = native.loadedByNode.map(({ index, line }) => loaded(/** @type {Certificate} */ (found[index]), line))
    this.nodeWarning = native.nodeWarning ?? null
    this.found = found
    this.blocks = native.blocks
    this.findings = native.findings
    this.repaired = native.repaired ?? null
  }

  toString() {
    return require('./text.js').caFileReport(this)
  }
}

module.exports = { CaFileReport }
