'use strict'

/**
 * A CA file that is replaced over and over under load, and what the requests of a client come to.
 *
 *   const rotation = await rotate(process.execPath, 'agent', 30)
 *   faultsOf(rotation)      // [] when nothing was wrong
 */

const path = require('node:path')

const { clientPath } = require('../clients')
const { runNode } = require('../environment')

/** How a client may be given the store. */
const WAYS = ['agent', 'undici', 'install']

/**
 * @typedef {object} Rotation
 * @property {string} node
 * @property {string} way
 * @property {number} rotations
 * @property {number} seconds
 * @property {number} judged requests that began after a change was told and ended before the next one: these are
 * @property {number} passed
 * @property {number} refused
 * @property {number} wronglyFailed
 * @property {number} wronglyPassed
 * @property {number} acrossChange requests that may come out either way
 * @property {Record<string, number>} otherEnds of both: neither an answer nor a refusal, by code
 * @property {number} verified connections that were verified
 * @property {number} resumed connections that took up a session
 * @property {number} inFlight requests that were on their way when their CA was taken away, and went on
 * @property {number} brokenInFlight those that did not
 * @property {{ median: number, most: number }} toldAfter milliseconds from the change of the file to its being told
 * @property {{ rotation: number, rss: number, heap: number, external: number, descriptors: number | null }[]} memory MiB, after a warm-up, at half and at the end
 */

/**
 * @param {number | string} node
 * @param {string} way
 * @param {number} rotations
 * @returns {Promise<Rotation>}
 */
async function rotate(node, way, rotations) {
  const args = ['--no-warnings', '--expose-gc', '--dns-result-order=ipv4first', path.join(__dirname, 'client.js'), way, String(rotations)]
  // A minute to begin with, and far more for each rotation than it takes.
  const limit = 60_000 + rotations * 2000
  const env = { TRUST_ANCHORS_TEST_CLIENTS: path.resolve(clientPath('undici'), '..', '..') }
  const { status, signal, stdout, stderr } = await runNode(node, args, { env, limit })
  if (status !== 0) throw new Error(`the rotation ended with ${signal ?? status}: ${stderr}`)
  return JSON.parse(stdout)
}

/** @param {Rotation} rotation */
function faultsOf({ wronglyFailed, wronglyPassed, brokenInFlight, otherEnds, memory }) {
  const [warm, , end] = memory
  return [
    ...(wronglyFailed > 0 ? [`${wronglyFailed} requests failed that should pass`] : []),
    ...(wronglyPassed > 0 ? [`${wronglyPassed} requests passed that should fail`] : []),
    ...(brokenInFlight > 0 ? [`${brokenInFlight} connections in flight did not go on`] : []),
    ...Object.entries(otherEnds).map(([code, count]) => `${count} requests ended in ${code}`),
    ...(end.descriptors > warm.descriptors ? [`${end.descriptors - warm.descriptors} descriptors more than after the warm-up`] : []),
  ]
}

module.exports = { WAYS, faultsOf, rotate }
