'use strict'

// Which proxy a connection goes through: the `proxy` option, or what Node itself takes from the environment.
//
// Node's proxy support (`NODE_USE_ENV_PROXY=1` and `--use-env-proxy`; `ProxyConfig` in lib/internal/http.js) is the model, and `fetch`
// (undici's EnvHttpProxyAgent) and the libraries that read these variables by themselves agree with it except where noted:
//
// - `https_proxy` comes before `HTTPS_PROXY`, and an empty value counts as none. `ALL_PROXY` and `HTTP_PROXY` do not count; curl takes the
//   first, undici falls back to the second.
// - A value that begins with neither `http://` nor `https://` is passed over: SOCKS proxies, and `proxy:3128`, which curl takes as HTTP.
// - `no_proxy` before `NO_PROXY`: hosts, separated by commas. `*` is every host; `example.com` and `example.com:8443` are exactly that, where
//   curl includes what ends in `.example.com`; `.example.com` and `*.example.com` are the suffix, the former with the name itself;
//   `192.0.2.1-192.0.2.9` is a range. CIDR blocks, which curl knows, are not read.
// - Only HTTPS and WebSockets go through it: drivers of databases and mail do not read these variables. The `proxy` option is for everything.

const net = require('node:net')

const { invalidType, invalidValue } = require('../validate.js')
const { bracketed, withoutSecrets } = require('./target.js')

/**
 * @typedef {import('../../binding.js').NativeProxy & { shown: string }} Proxy `shown`: host and port, without credentials.
 */

const PROXIED = new Set(['https', 'wss'])

/**
 * @param {{ protocol: string, host: string, port: number, isDirect: boolean }} endpoint
 * @param {Record<string, unknown>} options `proxy` and `env` are looked at
 * @returns {Proxy | undefined}
 */
function proxyFor(endpoint, { proxy, env = process.env }) {
  if (proxy === false) return undefined
  if (proxy !== undefined) {
    if (typeof proxy !== 'string') throw invalidType('options.proxy', 'of type string or false', proxy)
    return parsed(proxy, 'options.proxy')
  }
  if (typeof env !== 'object' || env === null) throw invalidType('options.env', 'of type object', env)
  const variables = /** @type {Record<string, string | undefined>} */ (env)
  const [name, value] = ['https_proxy', 'HTTPS_PROXY'].map((it) => [it, variables[it]]).find(([, it]) => it) ?? []
  if (name === undefined || value === undefined || endpoint.isDirect || !PROXIED.has(endpoint.protocol)) return undefined
  if (!/^https?:\/\//.test(value)) return undefined
  return isBypassed(endpoint, variables.no_proxy || variables.NO_PROXY || '') ? undefined : parsed(value, `options.env.${name}`)
}

/**
 * `ProxyConfig.shouldUseProxy`, the other way round.
 *
 * @param {{ host: string, port: number }} endpoint
 * @param {string} list
 */
function isBypassed({ host, port }, list) {
  const name = host.toLowerCase()
  return list.split(',').map((entry) => entry.trim().toLowerCase()).some((entry) => {
    if (entry === '*' || entry === name || entry === `${name}:${port}`) return true
    if (entry.startsWith('.')) return name === entry.slice(1) || name.endsWith(entry)
    if (entry.startsWith('*.')) return name.endsWith(entry.slice(1))
    const [first = '', last = ''] = entry.split('-').map((it) => it.trim())
    if (![name, first, last].every((it) => net.isIPv4(it))) return false
    const number = numberOf(name)
    return numberOf(first) <= number && number <= numberOf(last)
  })
}

/** @param {string} address */
const numberOf = (address) => address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0)

/**
 * @param {string} text
 * @param {string} argument
 * @returns {Proxy}
 */
function parsed(text, argument) {
  // What is thrown must not show a password.
  const refused = (/** @type {string} */ expected) => invalidValue(argument, expected, withoutSecrets(text))
  if (/[\s\p{Cc}]/u.test(text)) throw refused('holds white space or control characters')
  /** @type {URL} */
  let url
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`)
  } catch {
    throw refused('is no address of a proxy: write http://HOST:PORT')
  }
  const { hostname, password, port, protocol, username } = url
  if (protocol !== 'http:' && protocol !== 'https:') throw refused('must be an HTTP proxy: http://HOST:PORT or https://HOST:PORT')
  const isTls = protocol === 'https:'
  const host = hostname.replace(/^\[|\]$/g, '')
  const reached = port === '' ? (isTls ? 443 : 80) : Number(port)
  return {
    host,
    port: reached,
    isTls,
    ...(username === '' && password === '' ? {} : { authorization: basic(username, password, refused) }),
    shown: `${bracketed(host)}:${reached}`,
  }
}

/**
 * RFC 7617.
 *
 * @param {string} username
 * @param {string} password
 * @param {(expected: string) => Error} refused
 */
function basic(username, password, refused) {
  try {
    return `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`
  } catch {
    throw refused('holds a user or password in which a % is not followed by two hexadecimal digits: write %25 for a %')
  }
}

module.exports = { proxyFor }
