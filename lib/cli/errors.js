'use strict'

/**
 * The command cannot be carried out: it is misspelled, or asks for what has no answer. Ends with exit code 2.
 */
class CommandError extends Error {
  /**
   * @param {string} message one line, no final period
   * @param {string[]} [hints] each one line
   */
  constructor(message, hints = []) {
    super(message)
    this.name = 'CommandError'
    this.hints = hints
  }
}

module.exports = { CommandError }
