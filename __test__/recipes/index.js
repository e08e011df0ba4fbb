'use strict'

/**
 * How each client library is told to trust a store, as its users write it. `__test__/client-recipes.test.js` runs every one of these on every
 * Node that the library supports, and `scripts/client-pages.js` prints them: what the page shows is what the test ran.
 *
 * @typedef {object} Target where the peer of a recipe is, and the store
 * @property {import('../../index.js').TrustStore} store
 * @property {string} url
 * @property {string} host
 * @property {number} port
 * @property {string} proxy an address that begins with https:
 *
 * @typedef {object} Recipe
 * @property {string} library the package, or Node's own module
 * @property {string} [title] what tells it from the library's other recipes
 * @property {keyof typeof import('./support/peers.js').PEERS} peer who answers
 * @property {number} [since] the first Node that the library runs on; 18 where it is left out
 * @property {'peer' | 'code'} [toldBy] who says that the certificate was accepted: the code, by ending well, or the peer, which heard what
 *   comes after the handshake and then ended the connection
 * @property {(target: Target) => Promise<void>} code what the page shows; throws when the connection fails
 * @property {(target: Target) => Promise<void>} [unchanged] the same without a word about trust, for `store.install()` alone
 * @property {boolean} [reached] whether `store.install()` alone reaches that: the page says so
 * @property {string} [note]
 * @property {Pitfall[]} [pitfalls]
 *
 * @typedef {object} Pitfall what looks right and is not
 * @property {string} what
 * @property {string} instead
 * @property {'refused' | 'connected'} outcome what the library does: it refuses what the store trusts, or connects to what it does not
 * @property {(target: Target) => Promise<void>} code
 */

/** @type {Recipe[]} */
const recipes = [...require('./node.js'), ...require('./http.js'), ...require('./sockets.js'), ...require('./databases.js'), ...require('./messages.js')]

/** The name of a recipe, which no other has. @param {Recipe} recipe */
const nameOf = ({ library, title }) => (title === undefined ? library : `${library}, ${title}`)

module.exports = { FIRST_NODE: 18, nameOf, recipes }
