'use strict'

/**
 * Lets every client library fail in every way that it can, in the Node that runs this, and prints what `explain` makes of the library's error: one
 * line of JSON each. The environment decides what the process trusts.
 */

const dns = require('node:dns')
const net = require('node:net')

const { explain } = require('../..')
const { FAMILIES, failures } = require('./failures')
const libraries = require('./libraries')

const major = Number(process.versions.node.split('.')[0])

/** A host with an address in each family, which no resolver has to be asked for. */
const { lookup } = dns
dns.lookup = (host, options, callback) => {
  if (host !== FAMILIES) return lookup(host, options, callback)
  const addresses = [{ address: '127.0.0.1', family: 4 }, { address: '::1', family: 6 }]
  return process.nextTick(() => (options.all ? callback(null, addresses) : callback(null, addresses[0].address, 4)))
}
// The default from Node 20 on.
net.setDefaultAutoSelectFamily(true)

async function main() {
  for (const library of libraries.filter(({ since = 18 }) => major >= since)) {
    for (const failure of failures.filter(({ only = () => true }) => only(library))) {
      const server = await failure.start(library.peer)
      let thrown = null
      try {
        await library.connect({ host: failure.address ?? server.host, port: server.port })
      } catch (error) {
        thrown = error
      } finally {
        await server.stop()
      }
      const explanation = thrown && explain(thrown)
      const port = server.port
      process.stdout.write(`${JSON.stringify({ library: library.name, title: failure.title, port, thrown: String(thrown), explanation })}\n`)
    }
  }
}

main()
