'use strict'

const { counted, wrap } = require('../../layout.js')
const { CommandError } = require('../errors.js')
const { listed } = require('../options.js')
const { nearest } = require('../../nearest.js')
const { STORES, STORE_NAMES, load, sayStoreFindings } = require('../stores.js')

/**
 * @typedef {import('../../../index.js').Certificate} Certificate
 * @typedef {keyof typeof STORES} StoreName
 */

/** @type {import('../options.js').Command} */
const list = {
  name: 'list',
  usage: ['list [--store STORE] [--format FORMAT]', 'list --diff STORE STORE [--format FORMAT]'],
  summary: 'List the trust anchors of a store with their sources, or what one store has and another lacks',
  about:
    'The stores: `node`, the list compiled into this Node; `mozilla`, Mozilla\'s list, compiled into this package; `system`, what the operating system trusts; ' +
    '`extra`, what NODE_EXTRA_CA_CERTS names; `merged` (default), all of them together, as `loadTrustStore()` gives them.',
  positionals: { name: 'STORE', least: 0, most: 1, about: 'The second store of --diff' },
  options: {
    store: { value: 'STORE', choices: STORE_NAMES, about: 'node, mozilla, system, extra or merged (default)' },
    diff: { value: 'STORE', choices: STORE_NAMES, about: 'Compare this store with the one named after it' },
    format: { value: 'FORMAT', choices: ['text', 'json'], about: '`text` (default) or `json`' },
  },
  examples: [
    ['trust-anchors list', 'What does the merged store hold, and where is it from?'],
    ['trust-anchors list --diff system node', 'Which CAs does the system trust that Node does not?'],
    ["trust-anchors list --store extra --format json | jq -r '.certificates[].subject'", 'The names in NODE_EXTRA_CA_CERTS'],
  ],
  async run(context, { values, positionals }) {
    const format = String(values.format ?? 'text')
    const [second] = positionals
    if (values.diff !== undefined) {
      if (values.store !== undefined) throw new CommandError('`--store` and `--diff` exclude each other', ['`--diff` names both stores: `--diff system node`'])
      if (second === undefined) throw new CommandError(`\`--diff\` needs two stores, and only \`${values.diff}\` is named`, [`for example \`--diff ${values.diff} node\``])
      return difference(/** @type {StoreName} */ (values.diff), storeNamed(second), format, context)
    }
    if (second !== undefined) {
      const hint = STORE_NAMES.includes(/** @type {StoreName} */ (second)) ? [`to list that store: \`trust-anchors list --store ${second}\``] : []
      throw new CommandError(`\`list\` takes an argument only after \`--diff\`, and \`${second}\` is one`, hint)
    }
    return oneStore(/** @type {StoreName} */ (values.store ?? 'merged'), format, context)
  },
}

/** @param {string} name */
function storeNamed(name) {
  if (STORE_NAMES.includes(/** @type {StoreName} */ (name))) return /** @type {StoreName} */ (name)
  const meant = nearest(name, STORE_NAMES)
  throw new CommandError(`a store must be ${listed(STORE_NAMES)}, and is \`${name}\``, meant === undefined ? [] : [`did you mean \`${meant}\`?`])
}

/**
 * @param {StoreName} name
 * @param {string} format
 * @param {import('../context.js').Context} context
 */
function oneStore(name, format, context) {
  const store = load(name)
  const { certificates, excluded, findings } = store
  if (format === 'json') {
    context.print(require('../../reporters/json.js').json({ store: name, certificates, excluded, findings }))
    return 0
  }
  const { title, empty } = STORES[name]
  context.print(require('../../text.js').trustStore(store, { to: context.out, title, empty, stores: name === 'merged' }))
  sayStoreFindings(findings, context)
  return 0
}

/**
 * @param {StoreName} one
 * @param {StoreName} other
 * @param {string} format
 * @param {import('../context.js').Context} context
 */
function difference(one, other, format, context) {
  const [left, right] = [load(one), load(other)]
  const without = (/** @type {Certificate[]} */ from, /** @type {Certificate[]} */ what) => {
    const known = new Set(what.map(({ sha256 }) => sha256))
    return from.filter(({ sha256 }) => !known.has(sha256))
  }
  const sides = [
    { name: one, lacks: other, certificates: left.certificates, only: without(left.certificates, right.certificates) },
    { name: other, lacks: one, certificates: right.certificates, only: without(right.certificates, left.certificates) },
  ]
  const shared = left.certificates.length - (sides[0]?.only.length ?? 0)
  if (format === 'json') {
    const stores = sides.map(({ name, certificates, only }) => ({ store: name, certificates: certificates.length, only }))
    context.print(require('../../reporters/json.js').json({ stores, shared }))
    return 0
  }
  const { certificateTable } = require('../../text.js')
  const to = context.out
  const out = wrap(
    `${STORES[one].title}: ${counted(left.certificates.length, 'certificate')}; ${STORES[other].title}: ${right.certificates.length}; in both: ${shared}`,
    to.width,
  )
  for (const { name, lacks, only } of sides) {
    out.push('')
    if (only.length === 0) out.push(`Nothing is in ${name} that is not in ${lacks}`)
    else out.push(to.paint('bold', `Only in ${name}, not in ${lacks}: ${only.length}`), ...certificateTable(only, to))
  }
  context.print(out.join('\n'))
  sayStoreFindings([...left.findings, ...right.findings], context)
  return 0
}

module.exports = list
