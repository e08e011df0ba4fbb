'use strict'

// The rules about live endpoints: each with a server on loopback that has the fault, and the closest one that has not.

const assert = require('node:assert/strict')
const { describe, test } = require('node:test')

const { diagnose } = require('..')
const { refusedPort, tlsServer } = require('./support/loopback')
const { certificate } = require('./support/pki')

const TIME = '2030-06-01T00:00:00Z'
const HOST = '127.0.0.1'

const root = certificate({ subject: 'Example Root', ca: true })
const intermediate = root.issue({ subject: 'Example Issuing CA', ca: true })
const leaf = intermediate.issue({ subject: 'www.example.com', server: true, altNames: ['DNS:www.example.com', 'IP:127.0.0.1'] })

/**
 * What is found about a server, which is stopped afterwards.
 *
 * @param {{ host: string, port: number, stop: () => Promise<void> }} server
 * @param {import('..').DiagnoseOptions} [options]
 */
async function diagnosed(server, options) {
  try {
    return await diagnose(`https://${server.host}:${server.port}`, { ca: root.pem, env: {}, time: TIME, ...options })
  } finally {
    await server.stop()
  }
}

/** @typedef {{ title: string, serve: () => Promise<any>, options?: import('..').DiagnoseOptions, message?: RegExp }} Case */

/** @type {Case[]} */
const CASES = [
  { title: 'rule connection-refused: found', serve: refusedPort, message: /^nothing listens on port \d+ of `127\.0\.0\.1`: the connection is refused$/ },
  { title: 'rule connection-refused: absent where a server listens', serve: () => tlsServer({ cert: leaf.chainPem, key: leaf.key.pem, host: HOST }) },
]

describe('rules about live endpoints', { concurrency: 4 }, () => {
  for (const { title, serve, options, message } of CASES) {
    test(title, async () => {
      const [, id, outcome] = /** @type {RegExpExecArray} */ (/^rule ([a-z0-9-]+): (found|absent)/.exec(title))
      const { findings } = await diagnosed(await serve(), options)
      const finding = findings.find(({ rule }) => rule === id)
      if (outcome === 'absent') return assert.equal(finding, undefined)
      assert.ok(finding, `found: ${findings.map(({ rule }) => rule).join(', ')}`)
      assert.match(finding.message, /** @type {RegExp} */ (message))
    })
  }
})
