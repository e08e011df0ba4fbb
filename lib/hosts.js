'use strict'

// Trust for some hosts only: which names a pattern covers, and agents and options that take the trust of the name that a connection verifies.

const net = require('node:net')
const { domainToASCII } = require('node:url')

const { invalidType, invalidValue } = require('./validate.js')

/** @typedef {import('./trust-store.js').TrustStore} TrustStore */

/**
 * @typedef {{ bits: bigint, width: number }} Address
 * @typedef {{ name: string } | { network: Address, prefix: number }} Pattern
 */

/** @typedef {{ text: string, pattern: Pattern, store: TrustStore | undefined }} Entry Without a store, what all hosts are trusted with. */

const NAME = /^[a-z\d_-]+(?:\.[a-z\d_-]+)*$/

/**
 * @param {string} text
 * @returns {Address | undefined}
 */
function addressOf(text) {
  const family = net.isIP(text)
  if (family === 4) return { bits: text.split('.').reduce((bits, octet) => (bits << 8n) | BigInt(octet), 0n), width: 32 }
  // A zone says nothing of who is at the other end.
  if (family === 0 || text.includes('%')) return undefined
  const [head = '', tail] = new URL(`https://[${text}]`).hostname.slice(1, -1).split('::')
  const groups = (/** @type {string} */ part) => (part === '' ? [] : part.split(':'))
  const [first, last] = [groups(head), groups(tail ?? '')]
  const all = [...first, ...Array.from({ length: 8 - first.length - last.length }, () => '0'), ...last]
  return { bits: all.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n), width: 128 }
}

/**
 * A host name as names are compared: in ASCII and lower case, without a final dot. Undefined for what is no name; what would become an address by being
 * converted stays what it is, since Node verifies it as a name.
 *
 * @param {string} host
 */
function nameOf(host) {
  const bare = host.endsWith('.') ? host.slice(0, -1) : host
  // The conversion is that of URLs, and takes a delimiter for the end of the host.
  const isAscii = /^[\x00-\x7f]*$/.test(bare)
  const name = isAscii ? bare.toLowerCase() : /[/?#@:%\\\s]/.test(bare) ? '' : domainToASCII(bare)
  return NAME.test(name) && net.isIP(name) === 0 ? name : undefined
}

/**
 * @param {string} text
 * @param {string} name What it is called in an error.
 * @returns {Pattern}
 */
function patternOf(text, name) {
  const [host = '', length, ...more] = text.split('/')
  const network = addressOf(host)
  if (network !== undefined) {
    const prefix = length === undefined ? network.width : /^\d{1,3}$/.test(length) ? Number(length) : -1
    if (more.length > 0 || prefix < 0 || prefix > network.width) throw invalidValue(name, 'must be an address with the length of a prefix, as in 10.0.0.0/8', text)
    if (prefixOf(network, prefix) << BigInt(network.width - prefix) !== network.bits) {
      throw invalidValue(name, 'must have no bits beyond its prefix, as in 10.0.0.0/8', text)
    }
    return { network, prefix }
  }
  if (text === '*') throw invalidValue(name, 'would stand for every host; give certificates for all of them to `extra` or `ca` of the store', text)
  const [star, suffix] = text.startsWith('*.') ? ['*.', text.slice(2)] : ['', text]
  const ascii = nameOf(suffix)
  if (ascii === undefined) throw invalidValue(name, 'must be a host name, *. and a domain, an IP address or a network: without scheme, port and path', text)
  return { name: star + ascii }
}

/**
 * @param {Address} address
 * @param {number} prefix
 */
function prefixOf({ bits, width }, prefix) {
  return bits >> BigInt(width - prefix)
}

/** @param {Pattern} pattern A text that two patterns share when they cover the same. */
function keyOf(pattern) {
  return 'name' in pattern ? pattern.name : `${pattern.network.width}:${pattern.network.bits}/${pattern.prefix}`
}

/**
 * The name that Node holds a certificate against (`onConnectSecure` of `lib/_tls_wrap.js`): not the one that is connected to.
 *
 * @param {{ servername?: unknown, host?: unknown, socket?: { _host?: unknown } | null }} options
 * @returns {unknown}
 */
function verifiedName({ servername, host, socket }) {
  return servername || host || socket?._host || 'localhost'
}

/**
 * The name in what was given as a host.
 *
 * @param {unknown} host
 */
function hostOf(host) {
  if (host instanceof URL) return bare(host.hostname)
  if (typeof host !== 'string') throw invalidType('host', 'of type string or an instance of URL', host)
  const name = bare(host)
  if (net.isIP(name) === 0 && nameOf(name) === undefined) throw invalidValue('host', 'must be a host name or an IP address, without scheme and port', host)
  return name
}

/**
 * The name that a diagnosis holds the certificate against; undefined where the diagnosis itself will say what is wrong with the target.
 *
 * @param {unknown} target
 * @param {Record<string, unknown>} options
 */
function targetName(target, options) {
  const { diagnoseOptions } = require('./diagnose/options.js')
  const { targetOf } = require('./diagnose/target.js')
  try {
    return targetOf(target, diagnoseOptions(options)).hostname
  } catch {
    return undefined
  }
}

/** @param {string} host An IPv6 address may be in the brackets of a URL. */
function bare(host) {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
}

/** The patterns of a store. */
class Hosts {
  /** @type {Map<string, Entry>} */
  #names = new Map()
  /** @type {(Entry & { pattern: { network: Address, prefix: number } })[]} */
  #networks = []

  /** @param {readonly Entry[]} entries */
  constructor(entries) {
    this.entries = entries
    for (const entry of entries) {
      const { pattern } = entry
      if ('name' in pattern) this.#names.set(pattern.name, entry)
      else this.#networks.push({ ...entry, pattern })
    }
    this.#networks.sort((one, other) => other.pattern.prefix - one.pattern.prefix)
  }

  /**
   * The most specific pattern that covers a host.
   *
   * @param {unknown} host
   * @returns {Entry | undefined}
   */
  entryOf(host) {
    if (typeof host !== 'string') return undefined
    const address = addressOf(host)
    if (address !== undefined) {
      return this.#networks.find(({ pattern: { network, prefix } }) => network.width === address.width && prefixOf(network, prefix) === prefixOf(address, prefix))
    }
    const name = nameOf(host)
    if (name === undefined) return undefined
    let entry = this.#names.get(name)
    for (let dot = name.indexOf('.'); entry === undefined && dot !== -1; dot = name.indexOf('.', dot + 1)) entry = this.#names.get(`*${name.slice(dot)}`)
    return entry
  }
}

/**
 * What a host's store has beyond the common one, and where it is from.
 *
 * @param {Entry} entry
 * @param {TrustStore} common
 * @returns {import('../index.js').HostTrust}
 */
function hostTrust({ text, store }, common) {
  if (store === undefined) return { host: text, certificates: [], excluded: [], findings: [] }
  const trusted = new Set(common.certificates.map(({ sha256 }) => sha256))
  const left = new Set(common.excluded.map(({ certificate: { sha256 } }) => sha256))
  const known = new Set(common.ownFindings.map((finding) => JSON.stringify(finding)))
  const placed = (/** @type {import('../index.js').Certificate} */ certificate) =>
    ({ ...certificate, sources: certificate.sources.map((source) => ({ ...source, host: text })) })
  return {
    host: text,
    certificates: store.certificates.filter(({ sha256 }) => !trusted.has(sha256)).map(placed),
    excluded: store.excluded.filter(({ certificate }) => !left.has(certificate.sha256)).map(({ certificate, reason }) => ({ certificate: placed(certificate), reason })),
    findings: store.ownFindings.filter((finding) => !known.has(JSON.stringify(finding))).map((finding) => ({ ...finding, host: text })),
  }
}

/**
 * An agent whose connections each take the context of the name that they verify. Sessions are kept by host and server name (`Agent#getName`), so that none
 * passes from one context to another.
 *
 * @param {import('node:https').AgentOptions} options With the context of all other hosts, for whoever takes an agent's options without its connections.
 * @param {(name: unknown) => import('node:tls').SecureContext} contextOf
 */
function hostAgent(options, contextOf) {
  const https = require('node:https')
  class HostAgent extends https.Agent {
    /**
     * @override
     * @param {any[]} args As `net.createConnection` takes them: options, or a port, a host and options; a callback.
     */
    createConnection(...args) {
      const given = /** @type {object} */ (args.find((arg) => typeof arg === 'object' && arg !== null) ?? {})
      /** @type {Record<string, unknown>} */
      const each = { ...given }
      if (typeof args[0] === 'number') each.port = args[0]
      if (typeof args[1] === 'string') each.host = args[1]
      Object.assign(each, { secureContext: contextOf(verifiedName(each)) })
      return super.createConnection(each, args.find((arg) => typeof arg === 'function'))
    }
  }
  return new HostAgent(options)
}

/**
 * Options for one host. Used for a connection to another one, they would have this host's authority vouch for it: that ends in an error.
 *
 * @param {Hosts} hosts
 * @param {Entry} entry
 * @param {TrustStore} store
 */
function connectOptionsOf(hosts, { text }, store) {
  return {
    secureContext: store.secureContext,
    /**
     * @param {string} hostname
     * @param {import('node:tls').PeerCertificate} certificate
     */
    checkServerIdentity(hostname, certificate) {
      if (hosts.entryOf(hostname)?.text === text) return require('node:tls').checkServerIdentity(hostname, certificate)
      const message = `These connect options are for the hosts of ${text}, and the connection is to ${hostname}`
      return Object.assign(new Error(message), { code: 'ERR_TRUST_ANCHORS_OTHER_HOST', host: hostname })
    },
  }
}

module.exports = { Hosts, connectOptionsOf, hostAgent, hostOf, hostTrust, keyOf, patternOf, targetName }
