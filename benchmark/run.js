'use strict'

// Every figure that the project promises, measured against its peer in the same run and printed as a ratio. No test depends on these:
// times belong to the machine, ratios to the code.
//
//   npm run benchmark                 all of them
//   npm run benchmark -- load memory  some of them

const BENCHMARKS = [
  'require', 'register', 'load', 'connection', 'first-connection', 'contexts', 'throughput', 'memory', 'preflight', 'inspect', 'verify', 'bounds', 'diagnose',
  'watch',
]

const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => !BENCHMARKS.includes(name))
if (unknown.length > 0) {
  console.error(`no such benchmark: ${unknown.join(', ')}; there are ${BENCHMARKS.join(', ')}`)
  process.exit(2)
}

async function main() {
  let missed = 0
  for (const name of chosen.length > 0 ? chosen : BENCHMARKS) {
    console.log(`\n${name}`)
    for (const { what, figure, target, met } of await require(`./${name}.js`).run()) {
      if (met === false) missed += 1
      const verdict = met === undefined ? '' : met ? '  met   ' : '  MISSED'
      console.log(`${verdict.padEnd(8)}  ${what.padEnd(76)} ${figure}${target ? `   (${target})` : ''}`)
    }
  }
  console.log(`\n${missed === 0 ? 'every target met' : `${missed} missed`}`)
}

main()
