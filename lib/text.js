'use strict'

// Text for people. Loaded only where text is asked for.

/**
 * @param {import('../index.js').CaFileReport} report
 */
function caFileReport(report) {
  return `${report.path ?? 'bytes'}: Node loads ${report.loadedByNode.length} of ${report.found.length} certificates`
}

module.exports = { caFileReport }
