'use strict'

// A store that follows its files. `fs.watch` says when to look, `stat` says whether anything is different, and a slow look at all of them finds what
// `fs.watch` does not tell (network and overlay file systems).

const fs = require('node:fs')
const path = require('node:path')
const { setImmediate: nextTurn } = require('node:timers/promises')

const { invalidType, validateAbortSignal, validateInteger, validateObject } = require('./validate.js')
const { look } = require('./watched-files.js')

// Writers that change several files, or one in steps, are given this long between two steps, and this long altogether.
const QUIET = 50
const LONGEST = 1000
const DEFAULT_INTERVAL = 30_000
// How often files are read again because they changed while they were read.
const MOST_READS = 5

// A file with one of these is one that was cut off or overwritten halfway, and not one that is what its owner wants.
const DAMAGE = new Set([
  'ca-file-changed', 'pem-bad-base64', 'pem-begin-damaged', 'pem-empty-block', 'pem-end-damaged', 'pem-end-missing', 'pem-not-a-certificate',
  'system-file-damaged', 'unparsable-certificate',
])

/** @typedef {import('./trust-store.js').TrustStore} TrustStore */
/** @typedef {import('../index.js').StoreChange} StoreChange */

/**
 * What a store lets its follower do.
 *
 * @typedef {object} Source
 * @property {TrustStore} store
 * @property {readonly string[]} named What was given to be read, files or directories.
 * @property {(store: TrustStore) => { part: TrustStore, host?: string }[]} parts The store itself, and those of some hosts.
 * @property {(store: TrustStore) => string[]} files What was read.
 * @property {() => Promise<TrustStore>} reload
 * @property {(next: TrustStore) => void} swap
 */

/** @type {WeakMap<TrustStore, Follower>} */
const followers = new WeakMap()

class Follower {
  /** @type {Source} */
  #source
  /** @type {Set<(change: StoreChange) => void>} */
  #listeners = new Set()
  /** @type {Map<string, fs.FSWatcher>} */
  #watchers = new Map()
  /** @type {import('./watched-files.js').Look['directories']} */
  #directories = new Map()
  /** @type {Set<string>} */
  #paths
  /** @type {string | undefined} */
  #signature
  #kept = false
  #isChecking = false
  #isStale = false
  #isClosed = false
  /** Fulfilled when the files have been looked at and are watched. @type {Promise<void>} */
  ready
  /** @type {NodeJS.Timeout | undefined} */
  #poll
  #interval = Infinity
  /** @type {NodeJS.Timeout | undefined} */
  #quiet
  #since = 0

  /** @param {Source} source */
  constructor(source) {
    this.#source = source
    this.#paths = this.#pathsOf(source.store)
    // What changed between the loading and now is found by loading once more.
    this.ready = this.#check()
  }

  /**
   * @param {(change: StoreChange) => void} listener
   * @param {number} interval
   */
  add(listener, interval) {
    this.#listeners.add(listener)
    if (interval >= this.#interval) return
    this.#interval = interval
    clearInterval(this.#poll)
    this.#poll = setInterval(() => this.#check(), interval).unref()
  }

  /** @param {(change: StoreChange) => void} listener */
  remove(listener) {
    if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return
    this.#isClosed = true
    clearInterval(this.#poll)
    clearTimeout(this.#quiet)
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
    followers.delete(this.#source.store)
  }

  /** @param {TrustStore[]} stores */
  #pathsOf(...stores) {
    const { files, named } = this.#source
    return new Set([...named, ...stores.flatMap((store) => files(store))].map((file) => path.resolve(file)))
  }

  #soon() {
    const now = performance.now()
    if (this.#quiet === undefined) this.#since = now
    clearTimeout(this.#quiet)
    const wait = Math.max(0, Math.min(QUIET, this.#since + LONGEST - now))
    this.#quiet = setTimeout(() => {
      this.#quiet = undefined
      this.#check()
    }, wait).unref()
  }

  async #check() {
    this.#isStale = true
    if (this.#isChecking) return
    this.#isChecking = true
    try {
      for (let reads = 0; this.#isStale && !this.#isClosed; ) {
        this.#isStale = false
        const { signature, directories } = await look(this.#paths)
        if (this.#isClosed) return
        // What happens between the look and the watch would go unseen.
        if (this.#follow(directories)) this.#isStale = true
        if (signature !== this.#signature && (await this.#read(signature, ++reads))) reads = 0
      }
    } catch (error) {
      warn('The trust store could not be read again', error)
    } finally {
      this.#isChecking = false
    }
  }

  /** @param {import('./watched-files.js').Look['directories']} directories @returns {boolean} whether there are new ones */
  #follow(directories) {
    this.#directories = directories
    for (const [key, watcher] of this.#watchers) {
      if (directories.has(key)) continue
      watcher.close()
      this.#watchers.delete(key)
    }
    let isNew = false
    for (const [key, directory] of directories) {
      if (this.#watchers.has(key)) continue
      const watcher = this.#open(key, directory.path)
      if (watcher === undefined) continue
      this.#watchers.set(key, watcher)
      isNew = true
    }
    return isNew
  }

  /** @param {string} key @param {string} directory */
  #open(key, directory) {
    try {
      const watcher = fs.watch(directory, { persistent: false }, (_event, name) => {
        const names = this.#directories.get(key)?.names
        // Of itself, a directory tells its own name.
        if (name === null || !names || names.has(name) || name === path.basename(directory)) this.#soon()
      })
      watcher.on('error', () => {
        watcher.close()
        if (this.#watchers.get(key) === watcher) this.#watchers.delete(key)
      })
      return watcher
    } catch {
      // No more watches, or no right to one: the slow look remains.
      return undefined
    }
  }

  /** @param {string} signature @param {number} reads @returns {Promise<boolean>} whether it was read whole */
  async #read(signature, reads) {
    const { parts, reload, store, swap } = this.#source
    const known = this.#paths
    const next = await reload()
    // What is compared is made on the main thread, a millisecond or two each: other work comes between.
    for (const { part } of [...parts(next), ...parts(store)]) {
      for (const name of /** @type {const} */ (['certificates', 'excluded', 'findings'])) {
        void part[name]
        await nextTurn()
      }
    }
    const now = await look(this.#paths)
    if (this.#isClosed) return false
    if (now.signature !== signature && reads < MOST_READS) {
      this.#isStale = true
      return false
    }
    this.#signature = signature
    const wasKept = this.#kept
    const others = parts(next)
    const pairs = parts(store).map(({ part, host }, index) => ({ part, host, other: others[index]?.part ?? next }))
    const losses = pairs.flatMap(({ part, host, other }) => lostPlaces(part, other, this.#source.named).map((place) => ({ place, host })))
    this.#kept = losses.length > 0 || pairs.some(({ part, other }) => isDamaged(part, other))
    const isSame = pairs.every(({ part, other }) => other.toPem() === part.toPem() && JSON.stringify(other.findings) === JSON.stringify(part.findings))
    if (this.#kept) this.#tell({ store, kept: true, findings: withLosses(next.findings, losses), added: [], removed: [] })
    else if (wasKept || !isSame) {
      const { findings } = next
      const [before, after] = [ofAll(store), ofAll(next)]
      swap(next)
      this.#tell({ store, kept: false, findings, added: without(after, before), removed: without(before, after) })
    }
    this.#paths = this.#pathsOf(store, next)
    // A file that was not known until now may have changed since it was read.
    if ([...this.#paths].join('\n') !== [...known].join('\n')) this.#isStale = true
    return true
  }

  /** @param {StoreChange} change */
  #tell(change) {
    for (const listener of [...this.#listeners]) {
      try {
        listener(change)
      } catch (error) {
        warn('A listener of a trust store threw', error)
      }
    }
  }
}

/** @param {string} what @param {unknown} error */
function warn(what, error) {
  process.emitWarning(`${what}: ${error instanceof Error ? error.message : String(error)}`, { code: 'TRUST_ANCHORS_WATCH' })
}

/** What all hosts are trusted with, and what some are beyond that. @param {TrustStore} store */
function ofAll(store) {
  return [...store.certificates, ...store.hosts.flatMap(({ certificates }) => certificates)]
}

/**
 * @param {import('../index.js').Certificate[]} certificates
 * @param {import('../index.js').Certificate[]} others
 */
function without(certificates, others) {
  const keyOf = (/** @type {import('../index.js').Certificate} */ { sha256, sources: [source] }) => `${sha256} ${source?.host}`
  const known = new Set(others.map(keyOf))
  return certificates.filter((certificate) => !known.has(keyOf(certificate)))
}

/**
 * Which of the named files and directories, and of the other stores, hold a certificate.
 *
 * @param {TrustStore} store
 * @param {readonly string[]} named
 */
function filled(store, named) {
  const found = new Set()
  for (const { sources } of [...store.certificates, ...store.excluded.map(({ certificate }) => certificate)]) {
    for (const { store: kind, path: file } of sources) {
      const from = file === undefined ? undefined : named.find((place) => file === place || file.startsWith(place.endsWith(path.sep) ? place : place + path.sep))
      found.add(from ?? kind)
    }
  }
  return found
}

/** @param {TrustStore} store */
function damages(store) {
  return store.findings.filter(({ rule }) => DAMAGE.has(rule)).map(({ rule, location }) => `${rule} ${location?.path}`)
}

/**
 * The sources that held certificates and hold none any more.
 *
 * @param {TrustStore} store
 * @param {TrustStore} next
 * @param {readonly string[]} named
 */
function lostPlaces(store, next, named) {
  const left = filled(next, named)
  return [...filled(store, named)].filter((place) => !left.has(place))
}

/**
 * Whether a file that was whole is damaged.
 *
 * @param {TrustStore} store
 * @param {TrustStore} next
 */
function isDamaged(store, next) {
  const known = new Set(damages(store))
  return damages(next).some((damage) => !known.has(damage))
}

/**
 * What was read says what is wrong with a file; that a directory is empty is wrong only because it was not.
 *
 * @param {import('../index.js').Finding[]} findings
 * @param {{ place: string, host?: string | undefined }[]} losses
 */
function withLosses(findings, losses) {
  const all = [...findings]
  for (const { place, host } of losses) {
    const isSystem = place === 'system'
    const rule = isSystem ? 'no-system-store' : 'ca-file-no-certificate'
    if (all.some(({ location, severity, ...other }) => (isSystem ? other.rule === rule : location?.path === place && severity !== 'info'))) continue
    all.push({
      rule,
      severity: isSystem ? 'warning' : 'error',
      actor: 'client',
      message: `${isSystem ? "the system's store" : `\`${place}\``} held certificates and holds none any more: the store goes on with those that it has`,
      fixes: [{ title: 'Put the certificates back; a program that is to do without them loads another store' }],
      ...(isSystem ? {} : { location: { path: place } }),
      ...(host === undefined ? {} : { host }),
    })
  }
  return all
}

/**
 * @param {Source} source
 * @param {unknown} onChange
 * @param {unknown} options
 * @returns {import('../index.js').Watcher}
 */
function watch(source, onChange, options) {
  if (onChange !== undefined && typeof onChange !== 'function') throw invalidType('onChange', 'of type function', onChange)
  const given = validateObject(options, 'options')
  const signal = validateAbortSignal(given.signal, 'options.signal')
  const interval = validateInteger(given.interval ?? DEFAULT_INTERVAL, 'options.interval', 100, 24 * 60 * 60 * 1000)
  const { store } = source
  /** @param {StoreChange} change */
  const listener = (change) => onChange?.(change)
  let closed = signal?.aborted === true
  const close = () => {
    if (closed) return
    closed = true
    signal?.removeEventListener('abort', close)
    followers.get(store)?.remove(listener)
  }
  let ready = Promise.resolve()
  if (!closed) {
    const follower = followers.get(store) ?? new Follower(source)
    followers.set(store, follower)
    follower.add(listener, interval)
    ready = follower.ready
    signal?.addEventListener('abort', close, { once: true })
  }
  return {
    close,
    ready,
    get closed() {
      return closed
    },
  }
}

module.exports = { watch }
