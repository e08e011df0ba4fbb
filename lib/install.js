'use strict'

// The store as what every TLS connection of this thread trusts by default.
//
// Where Node lets its default list be replaced (`tls.setDefaultCACertificates`, 22.19 and 24.5), that is done. Elsewhere `tls.createSecureContext` is
// wrapped, which all of `tls`, `https`, `http2` and `fetch` call through the module's exports: agents made before are reached, too.

const { CONTEXT_OPTIONS, INSTALLED: SHARED, contextOf } = require('./default-context.js')

/**
 * What is installed: a store, or what will become one when it is first needed.
 *
 * @typedef {object} Trust
 * @property {() => readonly string[]} ca All of it.
 * @property {(createSecureContext: import('./default-context.js').CreateSecureContext) => string | undefined} addition What it has beyond Node's default
 *   context, where that and it come to the same.
 * @property {readonly string[]} [hosts] Whom it trusts with more than this.
 * @property {(listener: (mark: string) => void) => () => void} [onSwap] When it is replaced by another; the sessions of connections that are made from then on
 *   carry the mark.
 */

/**
 * Shared by every copy of this package in the thread, of whatever version: layers are undone in any order.
 *
 * @typedef {object} Shared
 * @property {1} version
 * @property {Layer[]} layers The last one counts.
 * @property {readonly string[] | undefined} original Node's list before the first one.
 * @property {readonly string[] | undefined} shown What Node gives back of the list that was set last.
 */

/** @typedef {{ ca: readonly string[] }} Layer */

/** @returns {Shared} */
function shared() {
  const holder = /** @type {Record<symbol, Shared>} */ (/** @type {unknown} */ (process))
  if (holder[SHARED] === undefined) {
    /** @type {Shared} */
    const value = { version: 1, layers: [], original: undefined, shown: undefined }
    Object.defineProperty(process, SHARED, { value })
  }
  return /** @type {Shared} */ (holder[SHARED])
}

/**
 * Whether Node's default list can be replaced, and be put back as it was: with `--use-openssl-ca` Node does not say what it trusts.
 *
 * @param {typeof import('node:tls')} tls
 */
function isReplaceable(tls) {
  if (typeof tls.setDefaultCACertificates !== 'function') return false
  return shared().original !== undefined || tls.getCACertificates('default').length >= tls.rootCertificates.length
}

/**
 * @param {typeof import('node:tls')} tls
 * @param {Trust} trust
 */
function replaceDefault(tls, trust) {
  const state = shared()
  const layer = { ca: trust.ca() }
  const show = (/** @type {readonly string[]} */ list) => {
    tls.setDefaultCACertificates([...list])
    state.shown = tls.getCACertificates('default')
  }
  const isOurs = () => sameList(state.shown, tls.getCACertificates('default'))
  if (state.layers.length === 0 || !isOurs()) state.original = tls.getCACertificates('default')
  show(layer.ca)
  state.layers.push(layer)
  /** @type {{ mark: string, undo: () => void } | undefined} */
  let tagged
  const forget = trust.onSwap?.((mark) => {
    layer.ca = trust.ca()
    if (state.layers.at(-1) === layer && isOurs()) show(layer.ca)
    if (tagged !== undefined) tagged.mark = mark
    else {
      const tag = (tagged = { mark, undo: () => {} })
      tagged.undo = wrap(tls, (previous, options) => (options?.ca || options?.sessionIdContext ? previous(options) : withMark(tag.mark, options, previous)))
    }
  })
  return () => {
    forget?.()
    tagged?.undo()
    const place = state.layers.indexOf(layer)
    if (place === -1) return
    const wasOnTop = place === state.layers.length - 1
    state.layers.splice(place, 1)
    const { original } = state
    // Another list has been set since then: it is not ours to take away.
    if (wasOnTop && original !== undefined && isOurs()) show(state.layers.at(-1)?.ca ?? original)
    if (state.layers.length === 0) state.original = state.shown = undefined
  }
}

/**
 * @param {readonly string[] | undefined} one
 * @param {readonly string[]} other
 */
function sameList(one, other) {
  return one === other || (one?.length === other.length && one.every((pem, index) => pem === other[index]))
}

// Without any of these one context does for every connection; `tls.connect` always gives its default ciphers.
const SHAPING = CONTEXT_OPTIONS.filter((name) => name !== 'ciphers')

/** @typedef {import('./default-context.js').CreateSecureContext & { [SHARED]?: { isActive: () => boolean, previous: Wrapped } }} Wrapped */

/**
 * @param {typeof import('node:tls')} tls
 * @param {Trust} trust
 * @param {() => void} [onFirstUse]
 */
function wrapContexts(tls, trust, onFirstUse) {
  /** @type {import('node:tls').SecureContext | undefined} */
  let common
  /** @type {string | undefined} */
  let mark
  let isActive = true
  const unwrap = wrap(tls, (previous, options) => {
    if (onFirstUse !== undefined) {
      const use = onFirstUse
      onFirstUse = undefined
      use()
      // Node's own list may be it from now on.
      if (!isActive) return tls.createSecureContext(options)
    }
    if (options?.ca) return previous(options)
    /** @type {import('./default-context.js').CreateSecureContext} */
    const make = (own) => contextOf(previous, trust, own)
    const made = (/** @type {typeof options} */ own) => (mark === undefined || own?.sessionIdContext ? make(own) : withMark(mark, own, make))
    return isOfConnection(/** @type {Record<string, unknown> | undefined} */ (options), tls) ? (common ??= made(undefined)) : made(options)
  })
  const forget = trust.onSwap?.((next) => {
    mark = next
    common = undefined
  })
  return () => {
    isActive = false
    common = undefined
    forget?.()
    unwrap()
  }
}

/**
 * @param {string} mark
 * @param {import('node:tls').SecureContextOptions | undefined} options
 * @param {import('./default-context.js').CreateSecureContext} create
 */
function withMark(mark, options, create) {
  const secureContext = create({ ...options, sessionIdContext: mark })
  require('./sessions.js').keepSessionsApart(secureContext, mark)
  return secureContext
}

/**
 * Wraps `tls.createSecureContext`, so that others may wrap it again and both be undone in any order.
 *
 * @param {typeof import('node:tls')} tls
 * @param {(previous: import('./default-context.js').CreateSecureContext, options?: import('node:tls').SecureContextOptions) => import('node:tls').SecureContext} make
 */
function wrap(tls, make) {
  const previous = tls.createSecureContext
  let isActive = true
  /** @type {typeof previous} */
  const createSecureContext = (options) => (isActive ? make(previous, options) : previous(options))
  Object.defineProperty(createSecureContext, SHARED, { value: { isActive: () => isActive, previous } })
  tls.createSecureContext = createSecureContext
  return () => {
    isActive = false
    // Wrapped again by somebody else, one that is undone stays where it is and does nothing.
    let outermost = /** @type {Wrapped} */ (tls.createSecureContext)
    while (outermost[SHARED]?.isActive() === false) outermost = outermost[SHARED].previous
    if (tls.createSecureContext !== outermost) tls.createSecureContext = outermost
  }
}

/**
 * Whether `tls.connect` asks for a context, with nothing that shapes it: such a context never leaves the connection, so that one may serve all. The
 * three are what `tls.connect` adds to the options of its caller (`lib/_tls_wrap.js`).
 *
 * @param {Record<string, unknown> | undefined} options
 * @param {typeof import('node:tls')} tls
 */
function isOfConnection(options, tls) {
  if (options === undefined || SHAPING.some((name) => options[name] !== undefined)) return false
  return options.minDHSize === 1024 && options.ciphers === tls.DEFAULT_CIPHERS && typeof options.checkServerIdentity === 'function'
}

/**
 * Makes a store what this thread trusts by default.
 *
 * @param {Trust} trust
 * @param {{ isLazy?: boolean }} [how] Lazily, the store is not asked for until a connection needs it.
 * @returns {import('../index.js').Uninstall}
 */
function install(trust, { isLazy = false } = {}) {
  const tls = require('node:tls')
  const mechanism = isReplaceable(tls) ? 'setDefaultCACertificates' : 'createSecureContext'
  /** @type {(() => void)[]} */
  const undo = []
  const handOver = () => {
    const { offer } = require('./handover.js')
    let retract = offer(trust)
    const forget = trust.onSwap?.(() => {
      retract()
      retract = offer(trust)
    })
    undo.push(() => {
      forget?.()
      retract()
    })
  }
  if (mechanism === 'createSecureContext') {
    undo.push(wrapContexts(tls, trust, isLazy ? handOver : undefined))
    if (!isLazy) handOver()
  } else if (isLazy) {
    const unwrap = wrapContexts(tls, trust, () => {
      unwrap()
      undo.push(replaceDefault(tls, trust))
      handOver()
    })
    undo.push(unwrap)
  } else {
    undo.push(replaceDefault(tls, trust))
    handOver()
  }
  const uninstall = () => undo.splice(0).forEach((step) => step())
  Object.defineProperty(uninstall, 'report', { get: () => require('./install-report.js').report(mechanism, trust.hosts), enumerable: true })
  return /** @type {import('../index.js').Uninstall} */ (uninstall)
}

module.exports = { install }
