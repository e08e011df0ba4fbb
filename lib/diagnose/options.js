'use strict'

// The options of `diagnose`, checked once.

const { invalidType, isBytes, validateAbortSignal, validateBoolean, validateInteger, validateNode, validateObject, validateOneOf,
  validateString, validateTime } = require('../validate.js')

const STARTTLS = ['postgres', 'mysql', 'smtp', 'imap', 'pop3', 'ldap']
const STAGE_TIMEOUT = 5_000
const DEADLINE = 20_000
const LONGEST = 600_000
const MIN_DAYS_LEFT = 30
const MOST_DAYS = 36_500

/**
 * @typedef {NonNullable<import('../../binding.js').NativeTarget['startTls']>} StartTls
 * @typedef {ReturnType<typeof diagnoseOptions>} Asked
 */

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {string | Uint8Array | undefined}
 */
function textOrBytes(value, name) {
  if (value === undefined || typeof value === 'string' || isBytes(value)) return value
  throw invalidType(name, 'of type string or an instance of Buffer or TypedArray', value)
}

/**
 * @param {unknown} value
 * @param {string} name
 */
function optionalString(value, name) {
  return value === undefined ? undefined : validateString(value, name)
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {boolean} otherwise
 */
function flag(value, name, otherwise) {
  return validateBoolean(value ?? otherwise, name)
}

/**
 * What Node makes a TLS context of, besides trust; undefined when it would be the usual one.
 *
 * @param {import('node:tls').SecureContextOptions & { allowPartialTrustChain?: boolean }} given
 */
function contextOf({ allowPartialTrustChain, ...identity }) {
  const wanted = Object.entries({ ...identity, allowPartialTrustChain: allowPartialTrustChain || undefined }).filter(([, value]) => value !== undefined)
  return wanted.length === 0 ? undefined : /** @type {import('node:tls').SecureContextOptions} */ (Object.fromEntries(wanted))
}

/** @param {unknown} options */
function diagnoseOptions(options) {
  const given = validateObject(options, 'options')
  const { perspectives, pfx, proxy, starttls } = given
  if (perspectives !== undefined && !Array.isArray(perspectives)) throw invalidType('options.perspectives', 'an instance of Array', perspectives)
  if (pfx !== undefined && !isBytes(pfx)) throw invalidType('options.pfx', 'an instance of Buffer or TypedArray', pfx)
  const node = validateNode(given.node, 'options.node').replace(/^v/, '')
  const now = validateTime(given.time, 'options.time')
  const allowPartialTrustChain = flag(given.allowPartialTrustChain, 'options.allowPartialTrustChain', false)
  const identity = {
    cert: textOrBytes(given.cert, 'options.cert'),
    key: textOrBytes(given.key, 'options.key'),
    pfx: /** @type {Buffer | undefined} */ (pfx),
    passphrase: optionalString(given.passphrase, 'options.passphrase'),
  }
  return {
    /** Whether what is asked is what this process does now, so that its own connection can be compared with it. */
    isHereAndNow: given.time === undefined && node === process.versions.node,
    isNow: given.time === undefined,
    now,
    question: {
      allowPartialTrustChain,
      node,
      perspectives: /** @type {unknown[] | undefined} */ (perspectives),
      time: new Date(now * 1000),
    },
    servername: optionalString(given.servername, 'options.servername'),
    connectTo: optionalString(given.connectTo, 'options.connectTo'),
    starttls: starttls === undefined || starttls === false ? starttls : /** @type {StartTls} */ (validateOneOf(starttls, 'options.starttls', STARTTLS)),
    proxy: proxy === undefined || proxy === false ? proxy : validateString(proxy, 'options.proxy'),
    env: given.env === undefined ? process.env : /** @type {Record<string, string | undefined>} */ (validateObject(given.env, 'options.env')),
    ...identity,
    context: contextOf(/** @type {import('node:tls').SecureContextOptions} */ ({ ...identity, allowPartialTrustChain })),
    allAddresses: flag(given.allAddresses, 'options.allAddresses', false),
    observe: flag(given.observe, 'options.observe', true),
    lookFurther: flag(given.lookFurther, 'options.lookFurther', true),
    fetchMissing: flag(given.fetchMissing, 'options.fetchMissing', false),
    prove: flag(given.prove, 'options.prove', given.fetchMissing === true),
    minDaysLeft: validateInteger(given.minDaysLeft ?? MIN_DAYS_LEFT, 'options.minDaysLeft', 0, MOST_DAYS),
    stageTimeout: validateInteger(given.stageTimeout ?? STAGE_TIMEOUT, 'options.stageTimeout', 1, LONGEST),
    timeout: validateInteger(given.timeout ?? DEADLINE, 'options.timeout', 1, LONGEST),
    signal: validateAbortSignal(given.signal, 'options.signal'),
    tlsOptions: given.tlsOptions === undefined ? undefined : validateObject(given.tlsOptions, 'options.tlsOptions'),
  }
}

module.exports = { LONGEST, STARTTLS, diagnoseOptions }
