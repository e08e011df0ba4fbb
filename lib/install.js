'use strict'

// The store as what every TLS connection of this thread trusts by default.
//
// Where Node lets its default list be replaced (`tls.setDefaultCACertificates`, 22.19 and 24.5), that is done. Elsewhere `tls.createSecureContext` is
// wrapped, which all of `tls`, `https`, `http2` and `fetch` call through the module's exports: agents made before are reached, too.

const { isNodesOwn, passing, shared, withoutOurs, wrap } = require('./wrapper.js')

/**
 * What is installed: a store, or what will become one when it is first needed.
 *
 * @typedef {object} Trust
 * @property {() => readonly string[]} ca All of it.
 * @property {(createSecureContext: import('./wrapper.js').CreateSecureContext) => string | undefined} addition What it has beyond Node's default
 *   context, where that and it come to the same.
 * @property {readonly string[]} [hosts] Whom it trusts with more than this.
 * @property {(listener: (mark: string) => void) => () => void} [onSwap] When it is replaced by another; the sessions of connections that are made from then on
 *   carry the mark.
 */

/**
 * Whether Node's default list can be replaced, and be put back as it was: with `--use-openssl-ca` Node does not say what it trusts.
 *
 * @param {typeof import('node:tls')} tls
 */
function isReplaceable(tls) {
  if (typeof tls.setDefaultCACertificates !== 'function') return false
  return shared().original !== undefined || tls.getCACertificates('default').length >= tls.rootCertificates.length
}

/** A place among the layers, which counts once it has a list. */
function newLayer() {
  /** @type {import('./wrapper.js').Layer} */
  const layer = { ca: undefined }
  shared().layers.push(layer)
  return layer
}

/** @param {import('./wrapper.js').Layer} layer */
function removeLayer(layer) {
  const { layers } = shared()
  if (layers.includes(layer)) layers.splice(layers.indexOf(layer), 1)
}

/**
 * @param {typeof import('node:tls')} tls
 * @param {Trust} trust
 * @param {import('./wrapper.js').Layer} layer
 */
function replaceDefault(tls, trust, layer) {
  const state = shared()
  const counting = () => state.layers.filter(({ ca }) => ca !== undefined)
  const show = (/** @type {readonly string[]} */ list) => {
    tls.setDefaultCACertificates([...list])
    state.shown = tls.getCACertificates('default')
  }
  const isOurs = () => sameList(state.shown, tls.getCACertificates('default'))
  if (counting().length === 0 || !isOurs()) state.original = tls.getCACertificates('default')
  show((layer.ca = trust.ca()))
  /** @type {{ mark: string, wrapper?: ReturnType<typeof wrap> } | undefined} */
  let tagged
  const forget = trust.onSwap?.((mark) => {
    layer.ca = trust.ca()
    if (counting().at(-1) === layer && isOurs()) show(layer.ca)
    if (tagged !== undefined) tagged.mark = mark
    else {
      /** @type {NonNullable<typeof tagged>} */
      const tag = (tagged = { mark })
      tag.wrapper = wrap(tls, (previous, options) => (options?.ca || options?.sessionIdContext ? previous(options) : withMark(tag.mark, options, previous)))
    }
  })
  return () => {
    forget?.()
    tagged?.wrapper?.undo()
    const wasOnTop = counting().at(-1) === layer
    removeLayer(layer)
    const { original } = state
    // Another list has been set since then: it is not ours to take away.
    if (wasOnTop && original !== undefined && isOurs()) show(counting().at(-1)?.ca ?? original)
    if (counting().length === 0) state.original = state.shown = undefined
  }
}

/**
 * @param {readonly string[] | undefined} one
 * @param {readonly string[]} other
 */
function sameList(one, other) {
  return one === other || (one?.length === other.length && one.every((pem, index) => pem === other[index]))
}

/**
 * @param {typeof import('node:tls')} tls
 * @param {Trust} trust
 * @param {() => boolean} [wake] Before the first context; false when it is to be asked again.
 */
function wrapContexts(tls, trust, wake) {
  // Loaded with the first context: most programs that register a store are started for something else.
  /** @type {import('./connection-contexts.js').ConnectionContexts | undefined} */
  let common
  /** @type {boolean | undefined} */
  let isShareable
  /** @type {string | undefined} */
  let mark
  let isActive = true
  const wrapper = wrap(tls, (previous, options, isOutermost) => {
    if (wake !== undefined) {
      const use = wake
      wake = undefined
      if (!use()) wake = use
      // Node's own list may be it from now on.
      if (wake !== undefined || !isActive) return previous(options)
    }
    if (options?.ca) return previous(options)
    const { contextOf } = require('./default-context.js')
    const { ConnectionContexts, shapeOf } = require('./connection-contexts.js')
    /** @type {import('./wrapper.js').CreateSecureContext} */
    const make = (own) => contextOf(passing(previous), trust, own)
    const made = (/** @type {typeof options} */ own) => (mark === undefined || own?.sessionIdContext ? make(own) : withMark(mark, own, make))
    // Another package's function below looks at options that Node has not, and adds to one context what it does not add to the next. Whoever wraps this one
    // adds to what it gives: that is theirs alone.
    isShareable ??= isNodesOwn(withoutOurs(previous))
    const shape = isShareable && isOutermost ? shapeOf(/** @type {Record<string, unknown> | undefined} */ (options), tls) : undefined
    // From Node 26 on a context for one connection is closed with it.
    return shape === undefined ? made(options) : (common ??= new ConnectionContexts()).of(shape, () => made(/** @type {object} */ ({ ...options, singleUse: false })))
  })
  const forget = trust.onSwap?.((next) => {
    mark = next
    common = undefined
  })
  const undo = () => {
    isActive = false
    common = undefined
    forget?.()
    wrapper.undo()
  }
  return { undo, lost: wrapper.lost }
}

/**
 * @param {string} mark
 * @param {import('node:tls').SecureContextOptions | undefined} options
 * @param {import('./wrapper.js').CreateSecureContext} create
 */
function withMark(mark, options, create) {
  const secureContext = create({ ...options, sessionIdContext: mark })
  require('./sessions.js').keepSessionsApart(secureContext, mark)
  return secureContext
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
  /** @type {import('../index.js').InstallReport['mechanism']} */
  const mechanism = isReplaceable(tls) ? 'setDefaultCACertificates' : 'createSecureContext'
  /** @type {(() => void)[]} */
  const undo = []
  const handOver = () => {
    const { renew, retract } = require('./handover.js').offer(trust)
    const forget = trust.onSwap?.(renew)
    undo.push(() => {
      forget?.()
      retract()
    })
  }
  /** @type {ReturnType<typeof wrapContexts> | undefined} */
  let wrapper
  if (mechanism === 'createSecureContext') {
    wrapper = wrapContexts(tls, trust, isLazy ? () => (handOver(), true) : undefined)
    undo.push(wrapper.undo)
    if (!isLazy) {
      handOver()
      // The first connection does not wait for what it needs.
      require('./default-context.js')
      require('./connection-contexts.js')
    }
  } else {
    const layer = newLayer()
    const setList = () => {
      undo.push(replaceDefault(tls, trust, layer))
      handOver()
    }
    if (!isLazy) setList()
    else {
      const waiting = (wrapper = wrapContexts(tls, trust, () => {
        // What was installed since then counts, until it is undone.
        if (shared().layers.at(-1) !== layer) return false
        waiting.undo()
        setList()
        return true
      }))
      undo.push(waiting.undo, () => removeLayer(layer))
    }
  }
  // Of its own accord no program looks after the connections that this agent keeps.
  const forget = trust.onSwap?.(() => require('./retire.js').retire(require('node:https').globalAgent))
  undo.push(() => forget?.())
  const uninstall = () => undo.splice(0).forEach((step) => step())
  const about = () => ({ mechanism, hosts: trust.hosts, lost: wrapper?.lost() })
  Object.defineProperty(uninstall, 'report', { get: () => require('./install-report.js').report(about()), enumerable: true })
  return /** @type {import('../index.js').Uninstall} */ (uninstall)
}

module.exports = { install }
