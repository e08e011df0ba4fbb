'use strict'

/**
 * What the loop over NODE_EXTRA_CA_CERTS makes of very many files, by calling the OpenSSL inside each Node binary instead
 * of starting Node for each file. Needs a C compiler (`cc`); see replay.c.
 *
 *   const { replay } = require('./support/replay')
 *   await replay(20, [bytes, …])      // [{ loaded: ['sha256', …], error: 'error:…' | null }, …]
 */

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const { runNode } = require('./environment')

let library

function build() {
  if (library) return library
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-replay-'))
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }))
  library = path.join(folder, 'replay.node')
  execFileSync('cc', ['-O2', '-Wall', '-shared', '-fPIC', path.join(__dirname, 'replay.c'), '-o', library])
  return library
}

/**
 * @param {number} major
 * @param {Buffer[]} files
 * @returns {Promise<{ loaded: string[], error: string | null }[]>} in the order of the files
 */
async function replay(major, files) {
  const input = files.flatMap((bytes) => {
    const length = Buffer.alloc(4)
    length.writeUInt32LE(bytes.length)
    return [length, bytes]
  })
  const script = `process.dlopen({ exports: {} }, ${JSON.stringify(build())})`
  const result = await runNode(major, ['-e', script], {
    stdin: Buffer.concat(input),
    // Node 18 and 20 look at the first error of the queue, later ones at the last.
    env: major >= 22 ? { REPLAY_LAST_ERROR: '1' } : {},
    limit: 600_000,
  })
  if (result.status !== 0) throw new Error(`Node ${major} ended with ${result.signal ?? result.status}: ${result.stderr}`)
  return result.stdout
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [loaded, error] = line.split(/;(.*)/)
      return { loaded: loaded === '' ? [] : loaded.split(','), error: error === '' ? null : error }
    })
}

module.exports = { replay }
