'use strict'

const binding = require('./native.js')
const { abortable } = require('./abortable.js')
const { inspectOptions } = require('./options.js')
const { CaFileReport } = require('./report.js')
const { isBytes, validatePathOrBytes } = require('./validate.js')

/** @type {typeof import('../index.js').inspectCaFileSync} */
function inspectCaFileSync(pathOrBytes, options) {
  const input = validatePathOrBytes(pathOrBytes, 'pathOrBytes')
  const { native } = inspectOptions(options)
  return new CaFileReport(binding.inspectCaFileSync(input, native), native.runtime)
}

/** @type {typeof import('../index.js').inspectCaFile} */
async function inspectCaFile(pathOrBytes, options) {
  const input = validatePathOrBytes(pathOrBytes, 'pathOrBytes')
  const { native, signal } = inspectOptions(options)
  // The bytes are copied before the work begins, so the caller may reuse its buffer.
  const copy = isBytes(input) ? Uint8Array.from(input) : input
  return new CaFileReport(await abortable(signal, () => binding.inspectCaFile(copy, native)), native.runtime)
}

module.exports = { inspectCaFile, inspectCaFileSync }
