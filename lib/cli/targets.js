'use strict'

// What is to be diagnosed: files, and the addresses of live servers.

const fs = require('node:fs')

const { CommandError } = require('./errors.js')
const { STDIN } = require('./chain-file.js')

const CERTIFICATE_FILE = /\.(?:pem|crt|cer|der|p7b|p7c|p12|pfx|txt|key)$/i
const HOST_AND_PORT = /^(?:\[[0-9a-f:.%]+\]|[\p{L}\p{N}._-]+):\d{1,5}$/iu
const HOST = /^(?:localhost|[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+\.?)$/iu
const MOST_TARGETS = 100_000

/**
 * Whether an argument is the address of a server; what is there as a file is that file.
 *
 * @param {string} text
 */
function isAddress(text) {
  if (text === STDIN || fs.existsSync(text)) return false
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || HOST_AND_PORT.test(text) || require('node:net').isIP(text) !== 0) return true
  return HOST.test(text) && !CERTIFICATE_FILE.test(text)
}

/**
 * The targets that a file or standard input lists: one a line; blank lines and what follows a `#` at the beginning or after a blank do not count.
 *
 * @param {string} file
 * @param {import('./context.js').Context} context
 */
async function listedTargets(file, context) {
  const text = await readList(file, context)
  const found = text.split(/\r?\n/).flatMap((line, index) => {
    const target = line.replace(/(?:^|\s)#.*$/, '').trim()
    return target === '' ? [] : [{ target, place: `line ${index + 1} of ${file === STDIN ? 'standard input' : `\`${file}\``}` }]
  })
  if (found.length > MOST_TARGETS) throw new CommandError(`${found.length} targets are more than the ${MOST_TARGETS} that one run takes`)
  return found
}

/** @param {string} file @param {import('./context.js').Context} context */
async function readList(file, context) {
  if (file === STDIN) {
    const bytes = await context.readStdin()
    if (bytes === undefined) throw new CommandError('standard input is longer than 128 MiB, and no list of targets is')
    return bytes.toString()
  }
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    throw new CommandError(`cannot read the targets: ${/** @type {Error} */ (error).message}`)
  }
}

module.exports = { isAddress, listedTargets }
