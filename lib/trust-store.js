'use strict'

const binding = require('./native.js')
const { trustStoreOptions } = require('./options.js')
const { invalidValue, validateInteger, validateObject, validateTime } = require('./validate.js')

const END = '-----END CERTIFICATE-----\n'

/**
 * The blocks of a clean PEM text. Slices of one string cost a fresh process half a millisecond less than as many strings made one by one.
 *
 * @param {string} pem
 */
function certificatesOf(pem) {
  const blocks = []
  for (let start = 0, end; start < pem.length; start = end) {
    end = pem.indexOf(END, start) + END.length
    blocks.push(pem.slice(start, end))
  }
  return blocks
}

/**
 * Loaded late: a fresh process that makes no context has no use for it.
 *
 * @template {object} T
 * @returns {import('./living.js').Living<T>}
 */
function living() {
  const { Living } = require('./living.js')
  return new Living()
}

/** The parts of a store by which perspectives ask for it; the bundled list is asked of the perspective's Node. */
const PARTS = ['system', 'extra', 'ca']
const DEFAULT_FORECAST_DAYS = 90
const SECONDS_A_DAY = 24 * 60 * 60

/**
 * What a store trusts, indexed for verification: all of it, or these parts.
 *
 * @type {(store: TrustStore, names?: string[]) => import('../binding.js').NativeTrust}
 */
let nativeTrustOf

/**
 * What a store's contexts are made of.
 *
 * @type {(store: TrustStore) => import('./install.js').Trust}
 */
let anchorsOf

/** @typedef {{ load: () => Promise<TrustStore>, named: readonly string[] }} Origin How a store is loaded once more, and the files and directories it was given. */

/**
 * Bundled, system and extra certificates as one store. Files are read when it is made; the merge with Node's own list waits for the first use,
 * so that a program which makes no TLS connection never loads `tls`.
 */
class TrustStore {
  #native
  #withNodeRoots
  #merged
  /** @type {string[]} */
  #ca = []
  /** @type {import('../index.js').Certificate[] | undefined} */
  #certificates
  /** @type {import('../index.js').Excluded[] | undefined} */
  #excluded
  /** @type {import('../index.js').Finding[] | undefined} */
  #findings
  /** @type {import('node:tls').SecureContext | undefined} */
  #secureContext
  /** @type {Map<string, import('../binding.js').NativeTrust>} */
  #trusts = new Map()
  /** @type {import('./hosts.js').Hosts | undefined} */
  #hosts
  /** @type {import('../index.js').HostTrust[] | undefined} */
  #hostTrusts
  #origin
  /** This and the stores of some hosts. @type {{ part: TrustStore, host?: string }[]} */
  #parts
  /** @type {import('./living.js').Living<import('node:tls').SecureContext> | undefined} */
  #contexts
  /** What the contexts were made with. @type {WeakMap<import('node:tls').SecureContext, import('node:tls').SecureContextOptions | undefined>} */
  #shapes = new WeakMap()
  /** @type {import('./living.js').Living<import('node:https').Agent> | undefined} */
  #agents
  /** Tells the sessions of this state of the store from those of earlier ones. @type {string | undefined} */
  #mark
  /** @type {Set<(mark: string) => void>} */
  #swapped = new Set()

  static {
    nativeTrustOf = (store, names) => store.#trust(names)
    anchorsOf = (store) => store.#anchors()
  }

  /**
   * @param {object} loaded
   * @param {import('../binding.js').NativeTrustStore} loaded.native
   * @param {boolean} loaded.isMerged Whether it was given Node's list when it was loaded.
   * @param {boolean} loaded.withNodeRoots
   * @param {Origin} [loaded.origin] A store of some hosts has none: it follows with the whole.
   * @param {import('./hosts.js').Entry[]} [loaded.hosts] Whole stores: what all hosts are trusted with is in each.
   */
  constructor({ native, isMerged, withNodeRoots, origin, hosts = [] }) {
    this.#native = native
    this.#merged = isMerged
    this.#origin = origin
    this.#withNodeRoots = withNodeRoots
    this.#parts = [{ part: this }, ...hosts.flatMap(({ store, text }) => (store === undefined ? [] : [{ part: store, host: text }]))]
    if (hosts.length > 0) this.#hosts = new (require('./hosts.js').Hosts)(hosts)
  }

  #store() {
    if (!this.#merged) {
      this.#native.merge(this.#withNodeRoots ? require('./bundled.js').nodeRoots() : undefined)
      this.#merged = true
    }
    return this.#native
  }

  get ca() {
    if (!Object.isFrozen(this.#ca)) {
      this.#ca = certificatesOf(this.#store().toPem())
      // The secure context is made of it once: a later change would go unseen.
      Object.freeze(this.#ca)
    }
    return this.#ca
  }

  get certificates() {
    return (this.#certificates ??= this.#store().certificates())
  }

  get excluded() {
    return (this.#excluded ??= this.#store().excluded())
  }

  get findings() {
    return this.#hosts === undefined ? this.ownFindings : [...this.ownFindings, ...this.hosts.flatMap(({ findings }) => findings)]
  }

  /** Those that are about no single host. */
  get ownFindings() {
    return (this.#findings ??= this.#store().findings())
  }

  get hosts() {
    return (this.#hostTrusts ??= (this.#hosts?.entries ?? []).map((entry) => require('./hosts.js').hostTrust(entry, this)))
  }

  /**
   * The store that a host is trusted with.
   *
   * @param {unknown} host
   * @returns {TrustStore}
   */
  #of(host) {
    return this.#hosts?.entryOf(host)?.store ?? this
  }

  get secureContext() {
    return (this.#secureContext ??= this.#context())
  }

  /** What a context and the process's default are made of. */
  #anchors() {
    /** @type {{ native: unknown, pem: string | undefined } | undefined} */
    let known
    return {
      ca: () => this.ca,
      hosts: this.#hosts?.entries.map(({ text }) => text) ?? [],
      /** @param {import('./default-context.js').CreateSecureContext} createSecureContext */
      addition: (createSecureContext) => {
        if (!this.#withNodeRoots) return undefined
        if (known?.native !== this.#native) known = { native: this.#native, pem: require('./default-context.js').additionOf(this.#store(), createSecureContext) }
        return known.pem
      },
      /** @param {(mark: string) => void} listener */
      onSwap: (listener) => {
        this.#swapped.add(listener)
        return () => this.#swapped.delete(listener)
      },
    }
  }

  /** @param {import('node:tls').SecureContextOptions} [options] */
  #context(options) {
    const secureContext = this.#made(options, this.#mark)
    this.#shapes.set((this.#contexts ??= living()).add(secureContext), options)
    return secureContext
  }

  /**
   * @param {import('node:tls').SecureContextOptions | undefined} options
   * @param {string | undefined} mark
   */
  #made(options, mark) {
    const { contextOf } = require('./default-context.js')
    const { nodesOwn } = require('./wrapper.js')
    const secureContext = contextOf(nodesOwn(), this.#anchors(), mark === undefined ? options : { ...options, sessionIdContext: mark })
    if (mark !== undefined) require('./sessions.js').keepSessionsApart(secureContext, mark)
    return secureContext
  }

  /**
   * Becomes another store, for the connections that are made from now on.
   *
   * @param {TrustStore} next
   */
  #swap(next) {
    const mark = require('./sessions.js').newMark()
    this.#native = next.#store()
    this.#merged = true
    this.#mark = mark
    this.#ca = []
    this.#certificates = this.#excluded = this.#findings = this.#hostTrusts = undefined
    this.#trusts.clear()
    for (const context of this.#contexts ?? []) this.#renew(context, mark)
    for (const listener of this.#swapped) listener(mark)
    for (const agent of this.#agents ?? []) require('./retire.js').retire(agent)
  }

  /**
   * Whoever holds a context of this store holds the object that Node takes its own context from when a connection is made (`_tls_wrap.js`,
   * `_wrapHandle`): that is replaced, so that every copy follows. It is made by the first connection that takes it, since it costs up to 20 ms (150
   * certificates on OpenSSL 3.0), and many are held that are used no more.
   *
   * @param {import('node:tls').SecureContext} secureContext
   * @param {string} mark
   */
  #renew(secureContext, mark) {
    require('./sessions.js').keepSessionsApart(secureContext, mark)
    const settle = (/** @type {unknown} */ value) => Object.defineProperty(secureContext, 'context', { value, configurable: true, enumerable: true, writable: true })
    Object.defineProperty(secureContext, 'context', {
      configurable: true,
      enumerable: true,
      get: () => {
        settle(this.#made(this.#shapes.get(secureContext), this.#mark).context)
        return secureContext.context
      },
      set: settle,
    })
  }

  /**
   * @param {import('node:https').AgentOptions} [options]
   */
  agent(options) {
    const given = validateObject(options, 'options')
    for (const name of ['ca', 'secureContext']) {
      if (given[name] !== undefined) {
        throw invalidValue(`options.${name}`, 'would replace the store; give further certificates to loadTrustStore({ ca })', given[name])
      }
    }
    const https = require('node:https')
    const { CONTEXT_OPTIONS } = require('./default-context.js')
    const own = CONTEXT_OPTIONS.filter((name) => given[name] !== undefined)
    const contextOptions = Object.fromEntries(own.map((name) => [name, given[name]]))
    const contextOf = (/** @type {TrustStore} */ store) => (own.length === 0 ? store.secureContext : store.#context(contextOptions))
    const secureContext = contextOf(this)
    if (this.#hosts === undefined) return (this.#agents ??= living()).add(new https.Agent({ ...options, secureContext }))
    const contexts = new Map([[/** @type {TrustStore} */ (this), secureContext]])
    const agent = require('./hosts.js').hostAgent({ ...options, secureContext }, (name) => {
      const store = this.#of(name)
      const context = contexts.get(store) ?? contextOf(store)
      contexts.set(store, context)
      return context
    })
    return (this.#agents ??= living()).add(agent)
  }

  /** @returns {import('../index.js').Uninstall} */
  install() {
    return require('./install.js').install(this.#anchors())
  }

  /** @param {string | URL} [host] */
  connectOptions(host) {
    if (host === undefined) return { secureContext: this.secureContext }
    const { connectOptionsOf, hostOf } = require('./hosts.js')
    const entry = this.#hosts?.entryOf(hostOf(host))
    if (this.#hosts === undefined || entry?.store === undefined) return { secureContext: this.secureContext }
    return connectOptionsOf(this.#hosts, entry, entry.store)
  }

  /**
   * @param {(change: import('../index.js').StoreChange) => void} [onChange]
   * @param {import('../index.js').WatchOptions} [options]
   * @returns {import('../index.js').Watcher}
   */
  watch(onChange, options) {
    const { load, named } = /** @type {Origin} */ (this.#origin)
    const source = {
      store: this,
      named,
      parts: (/** @type {TrustStore} */ store) => store.#parts,
      files: (/** @type {TrustStore} */ store) => store.#parts.flatMap(({ part }) => part.#store().files()),
      reload: load,
      swap: (/** @type {TrustStore} */ next) => this.#parts.forEach(({ part }, index) => next.#parts[index] && part.#swap(next.#parts[index].part)),
    }
    return require('./watch.js').watch(source, onChange, options)
  }

  /**
   * @param {string[]} [names]
   */
  #trust(names = ['merged']) {
    const isAll = names.includes('merged')
    const sources = isAll ? undefined : PARTS.filter((name) => names.includes(name))
    const key = sources?.join() ?? 'merged'
    let trust = this.#trusts.get(key)
    if (trust === undefined) {
      trust = this.#store().trust(sources)
      this.#trusts.set(key, trust)
    }
    return trust
  }

  #trusted() {
    const { union } = require('./trusted.js')
    const trust = this.#trust()
    return {
      name: 'merged',
      trust,
      on: () => trust,
      part: (/** @type {string[]} */ names, /** @type {string} */ node) =>
        names.includes('merged') ? trust : union(names, node, (rest) => this.#trust(rest)),
    }
  }

  /**
   * @param {string | Uint8Array | ReadonlyArray<string | Uint8Array>} chain
   * @param {import('../index.js').VerifyOptions} [options]
   * @returns {import('../index.js').Verdict}
   */
  verifyChain(chain, options) {
    const given = validateObject(options, 'options')
    return require('./verify.js').verdictOn(chain, 'chain', this.#of(given.hostname).#trusted(), given, 'options')
  }

  /**
   * @param {unknown} target
   * @param {Omit<import('../index.js').DiagnoseOptions, 'ca'>} [options]
   */
  diagnose(target, options) {
    const given = validateObject(options, 'options')
    const store = this.#hosts === undefined ? this : this.#of(require('./hosts.js').targetName(target, given))
    return require('./diagnose.js').diagnoseWith(target, given, store.#trusted(), (context) =>
      (context === undefined ? store.connectOptions() : { ca: store.ca, ...context }))
  }

  /**
   * @param {import('../index.js').ForecastOptions} [options]
   * @returns {import('../index.js').Forecast}
   */
  forecast(options) {
    const { changes, iso } = require('./perspectives.js')
    const given = validateObject(options, 'options')
    const days = validateInteger(given.days ?? DEFAULT_FORECAST_DAYS, 'options.days', 1, 36500)
    const now = validateTime(given.time, 'options.time')
    const until = now + days * SECONDS_A_DAY
    const expiring = [...this.certificates, ...this.hosts.flatMap(({ certificates }) => certificates)]
      .map((certificate) => ({ certificate, at: Date.parse(certificate.notAfter) / 1000 }))
      .filter(({ at }) => at > now && at <= until)
      .sort((one, other) => one.at - other.at)
      .map(({ certificate, at }) => ({ certificate, expires: certificate.notAfter, daysLeft: Math.floor((at - now) / SECONDS_A_DAY) }))
    const { inputOf } = require('./verify.js')
    const input = given.chain === undefined ? null : inputOf(given.chain, 'options.chain', this.#of(given.hostname).#trusted(), { ...given, time: new Date(now * 1000) }, 'options')
    const chain = input === null ? null : changes(input, days)
    return new Forecast({ from: iso(now), until: iso(until), expiring, chain })
  }

  toPem() {
    return this.#store().toPem()
  }

  toJSON() {
    return { certificates: this.certificates, excluded: this.excluded, findings: this.findings, hosts: this.hosts }
  }

  toString() {
    return require('./text.js').trustStore(this)
  }
}

/**
 * What expires when.
 */
class Forecast {
  /**
   * @param {Omit<import('../index.js').Forecast, 'toString'>} facts
   */
  constructor({ from, until, expiring, chain }) {
    this.from = from
    this.until = until
    this.expiring = expiring
    this.chain = chain
  }

  toString() {
    return require('./text.js').forecast(this)
  }
}

/** @typedef {ReturnType<typeof trustStoreOptions>['native']} NativeOptions */

/**
 * Given the list, even an empty one, the native store is merged when it is loaded.
 *
 * @param {NativeOptions} native
 * @param {boolean} withNodeRoots
 */
const withList = (native, withNodeRoots) => ({ ...native, nodeRoots: withNodeRoots ? require('./bundled.js').nodeRoots() : '' })

/** Whether the program has loaded `tls` already, and with it Node's list; a runtime that does not tell has not. */
function hasTls() {
  const { moduleLoadList } = /** @type {{ moduleLoadList?: readonly string[] }} */ (/** @type {unknown} */ (process))
  return moduleLoadList?.includes('NativeModule tls') ?? false
}

/** What the first connection needs, so that it does not wait for it. */
function prepare() {
  require('./default-context.js')
  require('./living.js')
  require('./wrapper.js')
}

/** @type {typeof import('../index.js').loadTrustStoreSync} */
function loadTrustStoreSync(options) {
  const { hosts, native, withNodeRoots } = trustStoreOptions(options)
  // A program that never loads `tls` is spared both.
  const isMerged = hasTls()
  const load = (/** @type {NativeOptions} */ each) => binding.loadTrustStoreSync(isMerged ? withList(each, withNodeRoots) : each)
  const common = { isMerged, withNodeRoots }
  const entries = hosts.map((host) => ({ ...host, store: host.native && new TrustStore({ ...common, native: load(host.native) }) }))
  if (isMerged) prepare()
  return new TrustStore({ ...common, native: load(native), origin: originOf(options, native, hosts), hosts: entries })
}

/** @type {typeof import('../index.js').loadTrustStore} */
async function loadTrustStore(options) {
  const { hosts, native, signal, withNodeRoots } = trustStoreOptions(options)
  const { abortable } = require('./abortable.js')
  // The merge is done off the main thread, too.
  const load = (/** @type {NativeOptions} */ each) => binding.loadTrustStore(withList(each, withNodeRoots))
  const all = () => Promise.all([load(native), ...hosts.map((host) => host.native && load(host.native))])
  const loading = abortable(signal, all)
  prepare()
  const [whole, ...stores] = /** @type {[import('../binding.js').NativeTrustStore]} */ (await loading)
  const common = { isMerged: true, withNodeRoots }
  const entries = hosts.map((host, index) => ({ ...host, store: stores[index] && new TrustStore({ ...common, native: stores[index] }) }))
  return new TrustStore({ ...common, native: whole, origin: originOf(options, native, hosts), hosts: entries })
}

/**
 * @param {import('../index.js').TrustStoreOptions | undefined} options
 * @param {ReturnType<typeof trustStoreOptions>['native']} native the same, checked
 * @param {ReturnType<typeof trustStoreOptions>['hosts']} hosts
 * @returns {Origin}
 */
function originOf(options, { ca, env, extra, extraFromEnvironment, system }, hosts) {
  const { NODE_EXTRA_CA_CERTS: file = '', SSL_CERT_FILE: certificateFile = '', SSL_CERT_DIR: directory = '' } = env
  const ofHosts = hosts.flatMap(({ native }) => native?.extra ?? [])
  const named = [...extra, ...ofHosts, ...(extraFromEnvironment ? [file] : []), ...(system ? [certificateFile, ...directory.split(require('node:path').delimiter)] : [])].filter((place) => place !== '')
  const again = { ...options, ca, env, signal: undefined }
  return { named, load: () => /** @type {Promise<TrustStore>} */ (loadTrustStore(again)) }
}

module.exports = { TrustStore, anchorsOf, loadTrustStore, loadTrustStoreSync, nativeTrustOf }
