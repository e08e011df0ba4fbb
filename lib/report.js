'use strict'

/**
 * What a CA file holds, and what Node makes of it.
 */
class CaFileReport {
  /**
   * @param {import('../binding.js').CaFileReport} native
   */
  constructor(native) {
    if (native.path !== undefined) this.path = native.path
    this.format = /** @type {import('../index.js').CaFileReport['format']} */ (native.format)
    this.loadedByNode = native.loadedByNode
    this.nodeWarning = native.nodeWarning ?? null
    this.found = native.found
    this.blocks = native.blocks
    this.findings = native.findings
    this.repaired = native.repaired ?? null
  }

  toString() {
    return require('./text.js').caFileReport(this)
  }
}

module.exports = { CaFileReport }
