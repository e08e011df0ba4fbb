'use strict'

// Every client library with every Node that it runs on, as docs/clients.md shows it: to a server of a CA that is in the store, and to one of a CA that
// is not. Once with the store given to the library, once with nothing but `store.install()`, and once with nothing but `trust-anchors/register`.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const { after, before, describe, it } = require('node:test')

const { FIRST_NODE, nameOf, recipes } = require('./recipes')
const { outcomeOf, workspace } = require('./recipes/support/workspace')
const { FILE, page } = require('../scripts/client-pages')
const { forEachConcurrently } = require('./support/environment')
const { nodes, unsupported } = require('./support/nodes')

/** What each connection meets: the server's certificate, and the proxy's where there is one. */
const MEETINGS = {
  proxied: [{ server: 'good', proxy: 'good' }, { server: 'bad', proxy: 'good' }, { server: 'good', proxy: 'bad' }],
  other: [{ server: 'good' }, { server: 'bad' }],
}

describe('client libraries', { skip: unsupported ?? false }, () => {
  let bench

  before(async () => {
    bench = await workspace()
  })
  after(() => bench?.stop())

  /** Runs these in one process, and gives how each ended. */
  async function outcomes(major, way, attempts) {
    const targets = []
    try {
      for (const { recipe, meeting } of attempts) targets.push(await bench.meet(recipe.peer, meeting))
      const tasks = attempts.map(({ recipe, form }, index) => {
        const { url, host, port, proxy } = targets[index]
        return { name: nameOf(recipe), form, target: { url, host, port, proxy } }
      })
      const results = await bench.run(major, way, tasks)
      return results.map((result, index) => outcomeOf(result, targets[index], attempts[index].recipe.toldBy))
    } finally {
      await Promise.all(targets.map((target) => target.stop()))
    }
  }

  const meetings = ({ peer }) => MEETINGS[peer === 'proxied' ? 'proxied' : 'other']
  const isSound = ({ server, proxy = 'good' }) => server === 'good' && proxy === 'good'
  const label = ({ recipe, form, meeting }) =>
    `${nameOf(recipe)}${typeof form === 'number' ? ` (pitfall ${form + 1})` : ''}: ${Object.entries(meeting).map(([who, kind]) => `${kind} ${who}`).join(', ')}`

  it('are told of the store, and trust what is in it and nothing else', async () => {
    const rounds = nodes.flatMap(({ major }) => ['given', 'installed', 'registered'].map((way) => ({ major, way })))
    const differences = (await forEachConcurrently(rounds, async ({ major, way }) => {
      const able = recipes.filter(({ since = FIRST_NODE }) => since <= major)
      const attempts = able.flatMap((recipe) => {
        const forms = way === 'given' ? ['code'] : recipe.unchanged ? ['unchanged'] : []
        const made = forms.flatMap((form) => meetings(recipe).map((meeting) => {
          const isReached = form === 'code' || recipe.reached === true
          return { recipe, form, meeting, expected: isSound(meeting) && isReached ? 'connected' : 'refused' }
        }))
        const pitfalls = (way === 'given' ? recipe.pitfalls ?? [] : []).map(({ outcome }, form) => ({
          recipe, form, meeting: meetings(recipe)[outcome === 'refused' ? 0 : 1], expected: outcome,
        }))
        return [...made, ...pitfalls]
      })
      const found = await outcomes(major, way, attempts)
      return attempts.flatMap((attempt, index) => (found[index] === attempt.expected
        ? []
        : [`Node ${major}, ${way}: ${label(attempt)}: ${found[index]}, not ${attempt.expected}`]))
    })).flat()
    assert.deepEqual(differences, [])
  })

  it('are on the page as they are tested', () => {
    assert.equal(fs.readFileSync(FILE, 'utf8'), page())
  })
})
