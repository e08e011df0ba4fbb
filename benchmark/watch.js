'use strict'

// What a change of the files keeps the event loop from, with three agents of different options: by the side of the making of their contexts, which a
// change would have to wait for if it did not leave it to the connections that need them.

const { certificate } = require('../__test__/support/pki')
const { inTurn, milliseconds, times } = require('./measure')

const CHANGES = 15
const HELD = 3
const pems = JSON.stringify(['Rotated CA 1', 'Rotated CA 2'].map((subject) => certificate({ subject, ca: true }).pem))

const script = (options, install) => `
  const fs = require('node:fs'), os = require('node:os'), path = require('node:path'), tls = require('node:tls')
  const { monitorEventLoopDelay } = require('node:perf_hooks')
  const { loadTrustStoreSync } = require('.')
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'watch-'))
  const file = path.join(folder, 'ca.pem')
  const text = (turn) => ${options.bundled === false ? "tls.rootCertificates.join('\\n') + '\\n' + " : ''}${pems}[turn % 2]
  const write = (turn) => { fs.writeFileSync(file + '.new', text(turn)); fs.renameSync(file + '.new', file) }
  write(0)
  const store = loadTrustStoreSync({ ...${JSON.stringify(options)}, system: false, extra: file, env: {} })
  const held = ${install} ? [store.install()] : [{}, { minVersion: 'TLSv1.2' }, { maxVersion: 'TLSv1.3' }].map((given) => store.agent(given))
  const median = (numbers) => numbers.sort((one, other) => one - other)[numbers.length >> 1]
  const pause = () => new Promise((resolve) => setTimeout(resolve, 20))
  async function main() {
    let told
    const watcher = store.watch(() => told())
    await watcher.ready
    const alive = setInterval(() => {}, 1000)
    const stalls = [], makings = []
    for (let turn = 1; turn <= ${CHANGES}; turn += 1) {
      const delay = monitorEventLoopDelay({ resolution: 1 })
      delay.enable()
      await pause()
      delay.reset()
      const changed = new Promise((resolve) => { told = resolve })
      write(turn)
      await changed
      await pause()
      delay.disable()
      stalls.push(delay.max / 1e6)
      const begin = process.hrtime.bigint()
      for (let made = 0; made < ${HELD}; made += 1) tls.createSecureContext({ ca: [...store.ca] })
      makings.push(Number(process.hrtime.bigint() - begin) / 1e6)
    }
    clearInterval(alive)
    fs.rmSync(folder, { recursive: true })
    console.log(JSON.stringify({ stall: median(stalls), making: median(makings) }))
    held.length = 0
    process.exit()
  }
  main()
`

function run() {
  const rows = []
  for (const node of [20, 24]) {
    const figures = inTurn({
      beside: { node, script: script({}, false) },
      instead: { node, script: script({ bundled: false }, false) },
      installed: { node, script: script({}, true) },
    }, 3)
    const row = (what, { stall, making }) => ({
      what: `Node ${node}: ${what}`,
      figure: `${times(stall / making)}  (${milliseconds(stall)} at most at a time; the contexts ${milliseconds(making)})`,
      target: '<= 1x',
      met: stall <= making,
    })
    rows.push(
      row("a change of a file beside Node's list, three agents", figures.beside),
      row("a change of a file with 120 to 150 roots, three agents", figures.instead),
      row('a change of the installed default', figures.installed),
    )
  }
  return rows
}

module.exports = { run }
