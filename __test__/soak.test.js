'use strict'

// The short form of benchmark/soak.js: a CA file that is replaced under load, with the store given in each way.

const assert = require('node:assert/strict')
const { describe, it } = require('node:test')

const { WAYS, faultsOf, rotate } = require('./support/rotation')

const ROTATIONS = 30

describe('a CA file that changes under load', () => {
  for (const way of WAYS) {
    it(`${way}: what should pass does, what should fail does, and what is on its way goes on`, async () => {
      const rotation = await rotate(process.execPath, way, ROTATIONS)
      assert.deepEqual(faultsOf(rotation), [], JSON.stringify(rotation))
      const { inFlight, judged, passed, refused } = rotation
      assert.equal(passed + refused, judged)
      assert.ok(passed >= 20 * ROTATIONS && refused >= 20 * ROTATIONS && inFlight >= ROTATIONS, JSON.stringify(rotation))
    })
  }
})
