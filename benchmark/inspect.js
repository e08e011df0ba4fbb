'use strict'

// Node's reading of a 10 MB bundle on one core, in Rust, and the whole inspection as JavaScript sees it.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const { certificate, pemBlock } = require('../__test__/support/pki')
const { inTurn, milliseconds, root, timed } = require('./measure')

const LEAST_MEGABYTES_PER_SECOND = 100

/** 10 MB of different CA certificates: one, with the serial number changed. */
function bundle() {
  const { der } = certificate({ subject: 'Bundle Root', ca: true, keyType: 'rsa-2048', serial: Buffer.from('0123456789abcdef', 'hex') })
  const at = der.indexOf(Buffer.from('0123456789abcdef', 'hex'))
  const blocks = []
  let size = 0
  for (let number = 0; size < 10e6; number += 1) {
    const copy = Buffer.from(der)
    copy.writeUInt32BE(number, at + 4)
    blocks.push(pemBlock(copy))
    size += blocks[number].length
  }
  return blocks.join('')
}

/** Instructions that callgrind counts for one reading, or undefined where valgrind is not installed. */
function instructions(program, file, folder) {
  const count = (rounds) => {
    const output = path.join(folder, `callgrind.${rounds}`)
    execFileSync('valgrind', ['--tool=callgrind', `--callgrind-out-file=${output}`, program, file, String(rounds)], { stdio: 'ignore' })
    return Number(/^(?:summary|totals): (\d+)/m.exec(fs.readFileSync(output, 'utf8'))[1])
  }
  try {
    return count(2) - count(1)
  } catch {
    return undefined
  }
}

async function run() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bundle-'))
  try {
    const file = path.join(folder, 'bundle.pem')
    fs.writeFileSync(file, bundle())
    const cargo = ['build', '--release', '--locked', '-p', 'trust-anchors-core', '--example', 'node_reading', '--message-format=json']
    const built = execFileSync('cargo', cargo, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    const program = built.split('\n').filter(Boolean).map((line) => JSON.parse(line)).find(({ executable }) => executable).executable
    const { bytes, certificates, seconds } = JSON.parse(execFileSync(program, [file, '10'], { encoding: 'utf8' }))
    const speed = bytes / 1e6 / seconds
    const rows = [{
      what: `Node's reading of ${(bytes / 1e6).toFixed(1)} MB, ${certificates} certificates, one core`,
      figure: `${speed.toFixed(0)} MB/s`,
      target: `at least ${LEAST_MEGABYTES_PER_SECOND} MB/s`,
      met: speed >= LEAST_MEGABYTES_PER_SECOND,
    }]
    const counted = instructions(program, file, folder)
    if (counted !== undefined) rows.push({ what: 'callgrind: instructions a byte', figure: (counted / bytes).toFixed(2) })
    const t = inTurn({ whole: { node: 24, script: timed(`require(${JSON.stringify(root)}).inspectCaFileSync(${JSON.stringify(file)}).found.length`) } }, 3)
    rows.push({ what: 'the whole inspection in JavaScript, every certificate’s facts and the findings included', figure: milliseconds(t.whole) })
    return rows
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

module.exports = { run }
