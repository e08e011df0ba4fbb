'use strict'

/**
 * @typedef {import('../../index.js').TrustStoreOptions} TrustStoreOptions
 */

const NONE = { bundled: /** @type {const} */ (false), system: false, extra: false }

/** @type {Record<'node' | 'mozilla' | 'system' | 'extra' | 'merged', { title: string, empty: string, options: TrustStoreOptions }>} */
const STORES = {
  node: { title: 'the list in this Node', empty: 'this Node ships no list', options: { ...NONE, bundled: 'node' } },
  mozilla: { title: "Mozilla's list in this package", empty: 'this package holds no list', options: { ...NONE, bundled: 'mozilla' } },
  system: {
    title: 'the system store',
    empty: 'the system has no CA store, or it is empty; on Debian and Alpine the package `ca-certificates` brings one',
    options: { ...NONE, system: true },
  },
  extra: {
    title: 'NODE_EXTRA_CA_CERTS',
    empty: 'NODE_EXTRA_CA_CERTS is not set, or Node loads nothing from what it names',
    options: { ...NONE, extra: true },
  },
  merged: { title: 'the merged store', empty: 'no store holds a certificate', options: {} },
}

const STORE_NAMES = /** @type {(keyof typeof STORES)[]} */ (Object.keys(STORES))

/** @param {keyof typeof STORES} name */
function load(name) {
  const { loadTrustStoreSync } = require('../../index.js')
  return loadTrustStoreSync(STORES[name].options)
}

/**
 * What is wrong with a store, beside the data.
 *
 * @param {import('../../index.js').Finding[]} findings
 * @param {import('./context.js').Context} context
 */
function sayStoreFindings(findings, context) {
  // That a store is empty is what its list shows.
  const told = findings.filter(({ rule }) => rule !== 'no-anchors')
  const grave = told.filter(({ severity }) => severity !== 'info')
  const notes = told.length - grave.length
  const text = require('../text.js')
  if (grave.length > 0) context.aside((to) => `\n${text.findings(grave, to)}`)
  if (notes > 0) context.say('hint', `\`trust-anchors list --format json\` has ${notes === 1 ? 'a note' : `${notes} notes`} about what is in the store`)
}

module.exports = { STORES, STORE_NAMES, load, sayStoreFindings }
