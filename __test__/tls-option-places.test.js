'use strict'

// Every client library with the CA of its peer in every place of its options where somebody might put it: where the library passes it over, the connection is
// refused, and `inspectTlsOptions` has to say so of the same options; where it is read, the connection works, and nothing may be said.

const assert = require('node:assert/strict')
const { after, before, describe, it } = require('node:test')

const { FIRST_NODE } = require('./recipes')
const { libraries, waysOf } = require('./recipes/places')
const { outcomeOf, workspace } = require('./recipes/support/workspace')
const { forEachConcurrently } = require('./support/environment')
const { nodes, unsupported } = require('./support/nodes')

const RULE = 'client-option-ineffective'

describe('the places of TLS options', { skip: unsupported ?? false }, () => {
  let bench
  before(async () => {
    bench = await workspace()
  })
  after(() => bench?.stop())

  it('are those that each library reads', async () => {
    const read = new Set()
    const differences = (await forEachConcurrently(nodes, async ({ major }) => {
      const attempts = libraries
        .filter(({ since = FIRST_NODE }) => since <= major)
        .flatMap((library) => waysOf(library).map((way) => ({ library, way })))
      const targets = []
      try {
        for (const { library } of attempts) targets.push(await bench.meet(library.peer, { server: 'good' }))
        const tasks = attempts.map(({ library: { library }, way }, index) => {
          const { url, host, port, proxy } = targets[index]
          return { library, way, target: { url, host, port, proxy } }
        })
        const results = await bench.run(major, 'given', tasks)
        return attempts.flatMap(({ library, way }, index) => {
          const outcome = outcomeOf(results[index], targets[index], library.toldBy)
          const isSaid = results[index].rules.includes(RULE)
          if (outcome === 'connected') read.add(library.library)
          // Whatever is said of it beside.
          if (library.ownError?.test(outcome)) return []
          return outcome === (isSaid ? 'refused' : 'connected') ? [] : [`Node ${major}: ${library.library}, ${way}: ${outcome}, and ${isSaid ? RULE : 'nothing'} is said of it`]
        })
      } finally {
        await Promise.all(targets.map((target) => target.stop()))
      }
    })).flat()
    assert.deepEqual(differences, [])
    // Those of a gRPC channel are read nowhere: its credentials are made elsewhere.
    assert.deepEqual(libraries.map(({ library }) => library).filter((library) => !read.has(library)), ['@grpc/grpc-js'])
  })
})
