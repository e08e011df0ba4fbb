'use strict'

/**
 * @param {unknown} data
 */
function json(data) {
  try {
    return JSON.stringify(data, null, 2)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const { CommandError } = require('../cli/errors.js')
    throw new CommandError('the report is longer than one JSON text can be', ['name fewer files at a time, or use `--format text`'])
  }
}

module.exports = { json }
