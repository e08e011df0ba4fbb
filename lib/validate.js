'use strict'

// Arguments are checked here, once, with the codes and the wording of Node's own `validate*` functions
// (lib/internal/validators.js).

/**
 * @param {unknown} value
 */
function described(value) {
  if (value == null) return `Received ${value}`
  if (typeof value === 'function') return `Received function ${value.name}`
  if (typeof value === 'object') {
    const name = value.constructor?.name
    return name ? `Received an instance of ${name}` : 'Received an object'
  }
  const shown = typeof value === 'string' ? `'${value.length > 28 ? `${value.slice(0, 25)}...` : value}'` : String(value)
  return `Received type ${typeof value} (${shown})`
}

/**
 * @param {new (message: string) => Error} Base
 * @param {string} code
 * @param {string} message
 */
function coded(Base, code, message) {
  const error = Object.assign(new Base(message), { code })
  error.name = Base.name
  return error
}

/**
 * @param {string} name
 * @param {string} expected
 * @param {unknown} value
 */
function invalidType(name, expected, value) {
  const kind = name.includes('.') ? 'property' : 'argument'
  return coded(TypeError, 'ERR_INVALID_ARG_TYPE', `The "${name}" ${kind} must be ${expected}. ${described(value)}`)
}

/**
 * @param {string} name
 * @param {string} expected
 * @param {unknown} value
 */
function invalidValue(name, expected, value) {
  const kind = name.includes('.') ? 'property' : 'argument'
  return coded(TypeError, 'ERR_INVALID_ARG_VALUE', `The ${kind} '${name}' ${expected}. ${described(value)}`)
}

/**
 * @param {unknown} value
 * @returns {value is Uint8Array}
 */
function isBytes(value) {
  return value instanceof Uint8Array
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {Record<string, unknown>}
 */
function validateObject(value, name) {
  if (value === undefined) return {}
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw invalidType(name, 'of type object', value)
  return /** @type {Record<string, unknown>} */ (value)
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {string}
 */
function validateString(value, name) {
  if (typeof value !== 'string') throw invalidType(name, 'of type string', value)
  return value
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {boolean}
 */
function validateBoolean(value, name) {
  if (typeof value !== 'boolean') throw invalidType(name, 'of type boolean', value)
  return value
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {number} min
 * @param {number} max
 * @returns {number}
 */
function validateInteger(value, name, min, max) {
  if (typeof value !== 'number') throw invalidType(name, 'of type number', value)
  if (!Number.isInteger(value) || value < min || value > max) {
    throw coded(RangeError, 'ERR_OUT_OF_RANGE',
      `The value of "${name}" is out of range. It must be an integer >= ${min} && <= ${max}. Received ${value}`)
  }
  return value
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {readonly string[]} choices
 * @returns {string}
 */
function validateOneOf(value, name, choices) {
  if (typeof value !== 'string' || !choices.includes(value)) {
    throw invalidValue(name, `must be one of: ${choices.map((choice) => `'${choice}'`).join(', ')}`, value)
  }
  return value
}

/**
 * A path as `node:fs` takes it (string or file URL), or the bytes themselves.
 *
 * @param {unknown} value
 * @param {string} name
 * @returns {string | Uint8Array}
 */
function validatePathOrBytes(value, name) {
  if (isBytes(value)) return value
  if (value instanceof URL) return require('node:url').fileURLToPath(value)
  if (typeof value !== 'string') throw invalidType(name, 'of type string or an instance of Buffer, TypedArray or URL', value)
  if (value.includes('\0')) throw invalidValue(name, 'must be a string without null bytes', value)
  return value
}

/**
 * Seconds since 1970 of a Date, an ISO 8601 string or now.
 *
 * @param {unknown} value
 * @param {string} name
 * @returns {number}
 */
function validateTime(value, name) {
  if (value === undefined) return Math.floor(Date.now() / 1000)
  if (typeof value !== 'string' && !(value instanceof Date)) throw invalidType(name, 'of type string or an instance of Date', value)
  const milliseconds = new Date(value).getTime()
  if (Number.isNaN(milliseconds)) throw invalidValue(name, 'must be a date or an ISO 8601 string', value)
  return Math.floor(milliseconds / 1000)
}

/**
 * A Node version: `24`, `24.11` or `24.11.0`; the running one when left out.
 *
 * @param {unknown} value
 * @param {string} name
 * @returns {string}
 */
function validateNode(value, name) {
  if (value === undefined) return process.versions.node
  const version = validateString(value, name)
  if (!/^v?(1[89]|[2-9]\d)(\.\d+){0,2}$/.test(version)) throw invalidValue(name, "must be a Node version from '18' on", value)
  return version
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {AbortSignal | undefined}
 */
function validateAbortSignal(value, name) {
  if (value === undefined) return undefined
  if (value === null || typeof value !== 'object' || !('aborted' in value)) throw invalidType(name, 'an instance of AbortSignal', value)
  return /** @type {AbortSignal} */ (value)
}

module.exports = {
  invalidType,
  invalidValue,
  isBytes,
  validateAbortSignal,
  validateBoolean,
  validateInteger,
  validateNode,
  validateObject,
  validateOneOf,
  validatePathOrBytes,
  validateString,
  validateTime,
}
