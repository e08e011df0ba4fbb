'use strict'

/**
 * @param {unknown} data
 */
function json(data) {
  return JSON.stringify(data, null, 2)
}

module.exports = { json }
