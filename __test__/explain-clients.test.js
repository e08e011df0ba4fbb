'use strict'

// What `explain` makes of the errors of real client libraries, each failing against a server on loopback in each Node.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const test = require('node:test')

const { failures, root } = require('./live/failures')
const libraries = require('./live/libraries')
const { clientPath } = require('./support/clients')
const { forEachConcurrently, runNode } = require('./support/environment')
const { nodes, unsupported } = require('./support/nodes')

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-explain-'))
test.after(() => fs.rmSync(folder, { recursive: true, force: true }))
const rootFile = path.join(folder, 'root.pem')
fs.writeFileSync(rootFile, root.pem)

/** Every library and failure that a version can get to. @param {number} major */
const pairs = (major) =>
  libraries
    .filter(({ since = 18 }) => major >= since)
    .flatMap((library) => failures.filter(({ only = () => true }) => only(library)).map((failure) => ({ library, failure })))

/** @type {Map<number, any[]>} */
const observed = new Map()
const observing = forEachConcurrently(unsupported ? [] : nodes, async ({ major }) => {
  // Installed by this process, once: the others find it done.
  const clients = path.join(clientPath('axios'), '..', '..')
  const { status, stdout, stderr } = await runNode(major, ['--no-warnings', path.join(__dirname, 'live', 'observe-libraries.js')], {
    env: { NODE_EXTRA_CA_CERTS: rootFile, TRUST_ANCHORS_TEST_CLIENTS: clients },
  })
  assert.equal(stderr, '')
  assert.equal(status, 0)
  observed.set(major, stdout.trim().split('\n').map((line) => JSON.parse(line)))
})
observing.catch(() => {})

/** What a test looks at of an explanation; without one, the library did not fail as it was to. */
function told({ thrown, explanation }) {
  if (explanation === null) return `no error, but ${thrown}`
  return { known: explanation.known, code: explanation.code, host: explanation.context.host, actor: explanation.causes[0]?.actor }
}

for (const { major } of unsupported ? [] : nodes) {
  test(`Node ${major}: the errors of ${new Set(pairs(major).map(({ library }) => library.name)).size} libraries`, async (context) => {
    await observing
    const results = observed.get(major)
    assert.deepEqual(
      results.map(({ library, title }) => `${library}: ${title}`),
      pairs(major).map(({ library, failure }) => `${library.name}: ${failure.title}`),
    )
    for (const failure of failures) {
      await context.test(failure.title, () => {
        const here = results.filter(({ title }) => title === failure.title)
        const expected = pairs(major).filter((pair) => pair.failure === failure)
        assert.deepEqual(
          Object.fromEntries(here.map((result) => [result.library, told(result)])),
          Object.fromEntries(expected.map(({ library }) => {
            const { code, actor } = failure
            return [library.name, { known: true, code, host: hostOf(library, failure), actor }]
          })),
        )
      })
    }
  })
}

/** The host that the library's error tells. */
function hostOf({ tellsHost, hosts = {} }, { title, address, host }) {
  if (tellsHost) return address ?? '127.0.0.1'
  return title in hosts ? hosts[title] : host
}

test('real Nodes are there to fail in', { skip: unsupported ?? false }, () => assert.ok(nodes.length >= 5))
