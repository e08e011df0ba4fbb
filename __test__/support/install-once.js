'use strict'

/** Installs what a folder's package-lock.json pins, once, however many test files ask for it at the same time. */

const { spawnSync } = require('node:child_process')
const crypto = require('node:crypto')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const pause = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)

function isRunning(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Takes the lock, or gives false when another process holds it; the lock of a process that has ended counts for nothing. */
function takeLock(lock) {
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  let holder
  try {
    holder = fs.readFileSync(lock, 'utf8')
  } catch {
    return false
  }
  // An empty lock is one that is just being written.
  if (holder !== '' && !isRunning(Number(holder))) fs.rmSync(lock, { force: true })
  return false
}

/**
 * @param {string} folder holds package.json and package-lock.json
 * @param {string[]} [flags] more arguments of `npm ci`
 * @throws {Error} when npm cannot install: a test that needs the folder must fail then, and say why
 */
function installOnce(folder, flags = []) {
  const wanted = crypto
    .createHash('sha256')
    .update(fs.readFileSync(path.join(folder, 'package-lock.json')))
    .digest('hex')
  const stamp = path.join(folder, 'node_modules', '.installed')
  const isInstalled = () => fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted
  if (isInstalled()) return
  const id = crypto.createHash('sha256').update(fs.realpathSync(folder)).digest('hex').slice(0, 16)
  const lock = path.join(os.tmpdir(), `trust-anchors-install-${id}.lock`)
  while (!takeLock(lock)) {
    pause(250)
    if (isInstalled()) return
  }
  try {
    if (isInstalled()) return
    process.stderr.write(`Installing what the tests need into ${folder} (once)\n`)
    const { status, signal, stdout, stderr, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', ...flags], {
      cwd: folder,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    })
    if (status !== 0) {
      const reason = error ? error.message : `npm ci ended with ${signal ?? `status ${status}`}\n${stdout}${stderr}`
      throw new Error(
        `The tests need what ${path.join(folder, 'package-lock.json')} pins, and it could not be installed: ${reason}\n` +
          `Run this where a registry can be reached, then run the tests again: npm ci ${[...flags, '--prefix', folder].join(' ')}`,
      )
    }
    fs.writeFileSync(stamp, wanted)
  } finally {
    fs.rmSync(lock, { force: true })
  }
}

module.exports = { installOnce }
