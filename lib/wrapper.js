'use strict'

// `tls.createSecureContext`, wrapped beside others that wrap it: other packages, and other copies of this one.

/** Where an installed store leaves its marks. @type {unique symbol} */
const INSTALLED = Symbol.for('trust-anchors.installed')

/** @typedef {typeof import('node:tls').createSecureContext} CreateSecureContext */

/** @typedef {CreateSecureContext & { [INSTALLED]?: { isActive: () => boolean, previous: Wrapped } }} Wrapped */

/**
 * Shared by every copy of this package in the thread, of whatever version: layers are undone in any order.
 *
 * @typedef {object} Shared
 * @property {1} version
 * @property {Layer[]} layers The last one that has a list counts.
 * @property {readonly string[] | undefined} original Node's list before the first one.
 * @property {readonly string[] | undefined} shown What Node gives back of the list that was set last.
 * @property {boolean} isPassing Whether a context is being made that every wrapper leaves as it is.
 */

/** @typedef {{ ca: readonly string[] | undefined }} Layer Without a list as long as nothing has needed it. */

/** @returns {Shared} */
function shared() {
  const holder = /** @type {Record<symbol, Shared>} */ (/** @type {unknown} */ (process))
  if (holder[INSTALLED] === undefined) {
    /** @type {Shared} */
    const value = { version: 1, layers: [], original: undefined, shown: undefined, isPassing: false }
    Object.defineProperty(process, INSTALLED, { value })
  }
  return /** @type {Shared} */ (holder[INSTALLED])
}

/**
 * Wraps `tls.createSecureContext`, so that others may wrap it again and both be undone in any order.
 *
 * @param {typeof import('node:tls')} tls
 * @param {(previous: CreateSecureContext, options: import('node:tls').SecureContextOptions | undefined, isOutermost: boolean) => import('node:tls').SecureContext} make
 */
function wrap(tls, make) {
  const previous = firstActive(tls.createSecureContext)
  let isActive = true
  /** @type {CreateSecureContext} */
  const createSecureContext = (options) => {
    if (isActive && !shared().isPassing) return make(previous, options, tls.createSecureContext === createSecureContext)
    takeAway(tls)
    return previous(options)
  }
  Object.defineProperty(createSecureContext, INSTALLED, { value: { isActive: () => isActive, previous } })
  tls.createSecureContext = createSecureContext
  return {
    undo() {
      isActive = false
      takeAway(tls)
    },
    /**
     * Whether another package has put its own function over this wrapper, or has taken it away.
     *
     * @returns {'covered' | 'gone' | undefined}
     */
    lost() {
      /** @type {Wrapped} */
      let layer = tls.createSecureContext
      for (; layer[INSTALLED] !== undefined; layer = layer[INSTALLED].previous) if (layer === createSecureContext) return undefined
      if (layer !== withoutOurs(previous)) return 'covered'
      return isActive ? 'gone' : undefined
    },
  }
}

/**
 * Takes the wrappers away that are undone. One that another package has wrapped stays where it is and passes everything on; it goes when that package gives
 * it back, with the next context.
 *
 * @param {typeof import('node:tls')} tls
 */
function takeAway(tls) {
  const outermost = firstActive(tls.createSecureContext)
  if (tls.createSecureContext !== outermost) tls.createSecureContext = outermost
}

/**
 * @param {Wrapped} create
 * @returns {Wrapped}
 */
function firstActive(create) {
  while (create[INSTALLED]?.isActive() === false) create = create[INSTALLED].previous
  return create
}

/**
 * What lies below the wrappers of installed stores: Node's own function, or that of another package which wraps it.
 *
 * @param {Wrapped} create
 * @returns {CreateSecureContext}
 */
function withoutOurs(create) {
  for (let layer = create[INSTALLED]; layer !== undefined; layer = create[INSTALLED]) create = layer.previous
  return create
}

/**
 * The same function without what installed stores make of it, wherever among those of other packages they lie.
 *
 * @param {CreateSecureContext} create
 * @returns {CreateSecureContext}
 */
const passing = (create) => (options) => {
  const state = shared()
  const before = state.isPassing
  state.isPassing = true
  try {
    // Node does without options; others that wrap its function (syswide-cas) do not.
    return create(options ?? {})
  } finally {
    state.isPassing = before
  }
}

/** `tls.createSecureContext` without what an installed store makes of it. */
const nodesOwn = () => passing(withoutOurs(require('node:tls').createSecureContext))

/**
 * Nothing but its text tells Node's function from another of the same name.
 *
 * @param {CreateSecureContext} create
 */
const isNodesOwn = (create) => /\bconfigSecureContext\b/.test(Function.prototype.toString.call(create))

module.exports = { isNodesOwn, nodesOwn, passing, shared, withoutOurs, wrap }
