'use strict'

const https = require('node:https')
const { isMainThread } = require('node:worker_threads')

const { runtime } = require('./runtime.js')

// By what has become of the wrapped `tls.createSecureContext`.
const LOST = {
  covered: { what: '`tls.createSecureContext`, to give it back as it was', why: 'another package has wrapped it since', instead: 'undo that first; until then an undone install passes everything on' },
  gone: { what: 'connections without a `ca` or `secureContext` of their own', why: 'another package has put back the `tls.createSecureContext` of before', instead: 'store.install() again' },
}

/** What takes no heed of `node:tls`. @type {Partial<Record<ReturnType<typeof runtime>, import('../index.js').InstallReport['unreachable'][number]>>} */
const ELSEWHERE = {
  bun: { what: 'fetch, WebSocket and Bun.connect', why: 'Bun has a list of its own for them', instead: 'fetch(url, { tls: { ca: store.ca } })' },
  deno: { what: 'fetch and Deno.connectTls', why: 'Deno has a list of its own for them', instead: 'fetch(url, { client: Deno.createHttpClient({ caCerts: store.ca }) })' },
}

/**
 * What an installed store cannot reach, and what does.
 *
 * @param {object} about
 * @param {import('../index.js').InstallReport['mechanism']} about.mechanism
 * @param {readonly string[]} [about.hosts] Those that the store trusts with certificates of their own.
 * @param {keyof typeof LOST} [about.lost]
 * @returns {import('../index.js').InstallReport}
 */
function report({ mechanism, hosts = [], lost }) {
  const { ca, secureContext } = /** @type {import('node:https').AgentOptions} */ (https.globalAgent.options)
  const isReplaced = ca !== undefined || secureContext !== undefined
  const elsewhere = ELSEWHERE[runtime()]
  const isReplacedInNewOnes = /** @type {import('node:https').AgentOptions} */ (new https.Agent().options).ca !== undefined
  return {
    mechanism,
    unreachable: [
      ...(lost === undefined ? [] : [LOST[lost]]),
      ...(elsewhere === undefined ? [] : [elsewhere]),
      ...(isReplaced
        ? [{ what: 'https.globalAgent', why: `it has ${ca === undefined ? 'a secureContext' : 'a ca'} of its own`, instead: 'https.globalAgent = store.agent()' }]
        : []),
      ...(isReplacedInNewOnes
        ? [{ what: 'agents that are made by `new https.Agent()`', why: 'another package gives each a ca', instead: 'store.agent()' }]
        : []),
      ...(hosts.length > 0
        ? [{ what: `what is trusted for ${hosts.join(', ')} only`, why: 'a default is the same for every host', instead: 'store.agent(), or ...store.connectOptions(host)' }]
        : []),
      { what: 'agents, clients and connections with a `ca` or `secureContext` of their own', why: 'what they are given replaces every default', instead: 'store.agent(), ...store.connectOptions(), or ca: store.ca' },
      { what: 'secure contexts that were made before', why: 'a context keeps the store it was made with', instead: 'make them after the store is installed' },
      { what: 'sessions that were verified before', why: 'a resumed session is not verified again', instead: 'new agents, where certificates must be judged anew at once' },
      { what: 'worker threads', why: `${isMainThread ? 'each' : 'every other one'} has defaults of its own`, instead: "require('trust-anchors/register') in the worker, which takes this store over" },
      { what: 'child processes', why: 'they start with what their environment says', instead: 'NODE_EXTRA_CA_CERTS with the file of `trust-anchors export`, or NODE_OPTIONS=--import=trust-anchors/register' },
    ],
  }
}

module.exports = { report }
