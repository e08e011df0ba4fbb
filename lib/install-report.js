'use strict'

const https = require('node:https')
const { isMainThread } = require('node:worker_threads')

/**
 * What an installed store cannot reach, and what does.
 *
 * @param {import('../index.js').InstallReport['mechanism']} mechanism
 * @param {readonly string[]} [hosts] Those that the store trusts with certificates of their own.
 * @returns {import('../index.js').InstallReport}
 */
function report(mechanism, hosts = []) {
  const { ca, secureContext } = /** @type {import('node:https').AgentOptions} */ (https.globalAgent.options)
  const isReplaced = ca !== undefined || secureContext !== undefined
  return {
    mechanism,
    unreachable: [
      ...(isReplaced
        ? [{ what: 'https.globalAgent', why: `it has ${ca === undefined ? 'a secureContext' : 'a ca'} of its own`, instead: 'https.globalAgent = store.agent()' }]
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
