'use strict'

// What this Node's own `tls.connect` comes to, beside what is predicted.

const tls = require('node:tls')

/**
 * One real handshake; nothing is sent through it.
 *
 * @param {{ hostname: string, port: number, servername: string | undefined, address: string, timeout: number, signal?: AbortSignal }} to
 * @param {import('node:tls').SecureContextOptions | { secureContext: import('node:tls').SecureContext }} trust
 * @returns {Promise<import('../../index.js').ObservedOutcome>}
 */
function observe({ hostname, port, servername, address, timeout, signal }, trust) {
  return new Promise((resolve) => {
    const done = (/** @type {(Error & { code?: string }) | undefined} */ error) => {
      socket.destroy()
      signal?.removeEventListener('abort', abort)
      resolve({ ok: error === undefined, code: error?.code ?? null, message: error?.message ?? null, node: process.versions.node })
    }
    const abort = () => done(new Error('aborted'))
    const socket = tls.connect({ host: address, port, servername: servername ?? '', rejectUnauthorized: true, checkServerIdentity: (_, certificate) => tls.checkServerIdentity(hostname, certificate), ...trust })
    socket.setTimeout(timeout, () => done(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })))
    socket.once('secureConnect', () => done(undefined))
    socket.on('error', done)
    signal?.addEventListener('abort', abort, { once: true })
  })
}

module.exports = { observe }
