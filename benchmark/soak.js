'use strict'

// `node benchmark/soak.js [rotations] [majors] [ways]`, as in `node benchmark/soak.js 1000 18,24 agent,install`: a CA file that changes over and over under
// load, with each Node and each way that a client is given the store. By hand: it takes three minutes for a thousand rotations of one. `__test__/soak.test.js`
// is the short form.

const { WAYS, faultsOf, rotate } = require('../__test__/support/rotation')
const { nodes } = require('../__test__/support/nodes')

// A context with Node's list takes 1.2 MiB: of 500 rotations, one leaked in fifteen would show.
const MOST_RSS = 40
const MOST_HEAP = 2

const [rotations = '1000', majors, ways = WAYS.join()] = process.argv.slice(2)

/** @param {import('../__test__/support/rotation').Rotation} rotation Memory that is taken once more after half of the way is not of the warm-up. */
function growthOf({ memory: [warm, half, end] }) {
  const heap = end.heap - warm.heap
  const rss = end.rss - half.rss
  return [
    ...(heap > MOST_HEAP ? [`the heap grew by ${heap.toFixed(1)} MiB`] : []),
    ...(rss > MOST_RSS ? [`the resident set grew by ${rss.toFixed(1)} MiB in the second half`] : []),
  ]
}

async function main() {
  const sum = { rotations: 0, judged: 0, passed: 0, refused: 0, wronglyFailed: 0, wronglyPassed: 0, acrossChange: 0, inFlight: 0, brokenInFlight: 0 }
  let faulty = 0
  for (const { major, version } of nodes.filter((node) => majors === undefined || majors.split(',').includes(String(node.major)))) {
    for (const way of ways.split(',')) {
      const rotation = await rotate(major, way, Number(rotations))
      for (const name of Object.keys(sum)) sum[name] += rotation[name]
      const faults = [...faultsOf(rotation), ...growthOf(rotation)]
      if (faults.length > 0) faulty += 1
      const { judged, passed, refused, acrossChange, resumed, inFlight, toldAfter, seconds, memory } = rotation
      const figures = (name) => memory.map((one) => one[name]).join(' ')
      console.log(`${version} ${way}: ${judged} judged (${passed} passed, ${refused} refused), ${acrossChange} across a change, ${resumed} resumed, ${inFlight} in flight went on; `
        + `told after ${toldAfter.median} ms (${toldAfter.most} at most); at ${figures('rotation')} rotations: RSS ${figures('rss')} MiB, heap ${figures('heap')} MiB, `
        + `descriptors ${figures('descriptors')}; ${seconds} s; ${faults.join('; ') || 'sound'}`)
    }
  }
  console.log(`\n${sum.rotations} rotations: ${sum.judged} requests judged, ${sum.passed} passed and ${sum.refused} refused as they should, ${sum.wronglyFailed} failed that should pass, `
    + `${sum.wronglyPassed} passed that should fail; ${sum.acrossChange} requests across a change; ${sum.inFlight} connections in flight went on, ${sum.brokenInFlight} did not; `
    + `${faulty === 0 ? 'no growth of memory or descriptors' : `${faulty} of the runs faulty`}`)
  process.exitCode = faulty === 0 ? 0 : 1
}

main()
