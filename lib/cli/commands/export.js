'use strict'

const { counted, escapeLine } = require('../../layout.js')
const { CommandError } = require('../errors.js')
const { load, sayStoreFindings } = require('../stores.js')

/** @type {import('../options.js').Command} */
const exportBundle = {
  name: 'export',
  usage: ['export [-o FILE [--force]]'],
  summary: 'Write the merged store as PEM, for tools that want one bundle file',
  about: 'The bundle holds what `trust-anchors list` lists, in an order that serves every leaf, and in a form that Node, OpenSSL, curl, git and Python read whole.',
  positionals: null,
  options: {
    output: { short: 'o', value: 'FILE', about: 'Write to FILE at once and whole, and prove it by reading it back; default and `-` standard output' },
    force: { about: 'Let FILE replace a file that exists' },
  },
  examples: [
    ['trust-anchors export -o /etc/ssl/merged.pem', 'One bundle for everything on this machine'],
    ['NODE_EXTRA_CA_CERTS=/etc/ssl/merged.pem node app.js', 'And a Node that uses it'],
    ['trust-anchors export | openssl storeutl -noout -certs /dev/stdin', 'To another program'],
  ],
  async run(context, { values }) {
    const out = values.output === undefined || values.output === '-' ? undefined : String(values.output)
    if (values.force === true && out === undefined) throw new CommandError('`--force` is about the file that `-o` writes, and there is no `-o FILE`')
    const store = load('merged')
    const { length } = store.certificates
    if (length === 0) throw new CommandError('no store holds a certificate, and an empty bundle would make every connection fail; nothing is written')
    if (out === undefined) {
      context.print(store.toPem())
      sayStoreFindings(store.findings.filter(({ severity }) => severity !== 'info'), context)
      return 0
    }
    const { writeFile } = require('../write.js')
    const { inspectCaFileSync } = require('../../../index.js')
    const read = new Map(store.certificates.flatMap(({ sources }) => sources).flatMap(({ store: kind, path }) => (path === undefined ? [] : [[path, kind]])))
    writeFile(out, store.toPem(), {
      force: values.force === true,
      inputs: [...read].map(([path, kind]) => ({ path: String(path), what: `a file that the ${kind} store was read from` })),
    })
    const loaded = inspectCaFileSync(out).loadedByNode
    if (loaded.length !== length || loaded.some(({ sha256 }, index) => sha256 !== store.certificates[index]?.sha256)) {
      throw new CommandError(`\`${out}\` does not read back as the merged store; do not use it`)
    }
    context.say('note', `wrote ${escapeLine(out)}; read back, Node loads all ${counted(length, 'certificate')} in it`)
    sayStoreFindings(store.findings.filter(({ severity }) => severity !== 'info'), context)
    return 0
  },
}

module.exports = exportBundle
