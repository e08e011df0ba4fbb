'use strict'

// What a target means: where to connect, what is spoken before TLS, which name is asked for.

const net = require('node:net')
const { domainToASCII } = require('node:url')

const { invalidType, invalidValue } = require('../validate.js')

/**
 * @typedef {object} Endpoint
 * @property {string} protocol `https`, `postgres`…
 * @property {string} host In ASCII, without brackets.
 * @property {number} port
 * @property {NonNullable<import('../../binding.js').NativeTarget['startTls']> | undefined} startTls
 * @property {string[]} alpn
 */

/** @type {Record<string, { port: number, startTls?: Endpoint['startTls'], alpn?: string[] }>} */
const PROTOCOLS = {
  https: { port: 443, alpn: ['h2', 'http/1.1'] },
}

/**
 * @param {unknown} target
 * @returns {Endpoint}
 */
function endpointOf(target) {
  if (typeof target !== 'string') throw invalidType('target', 'of type string', target)
  const url = parsed(/^[a-z][a-z0-9+.-]*:\/\//i.test(target) ? target : `https://${target}`)
  const protocol = url?.protocol.slice(0, -1) ?? ''
  const known = PROTOCOLS[protocol]
  if (url === undefined || known === undefined) throw invalidValue('target', 'is no address of a server', target)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return {
    protocol,
    host: net.isIP(host) ? host : domainToASCII(host),
    port: url.port === '' ? known.port : Number(url.port),
    startTls: known.startTls,
    alpn: known.alpn ?? [],
  }
}

/** @param {string} text */
function parsed(text) {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

module.exports = { endpointOf }
