'use strict'

const { randomBytes } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')

const { CommandError } = require('./errors.js')

/**
 * Writes a file so that whoever reads it sees the old contents or the new, never a part: into a temporary file beside it, to the disk,
 * then under its name. A symbolic link is followed, and stays.
 *
 * @param {string} name
 * @param {string} text
 * @param {{ force: boolean, inputs: { path: string, what: string }[] }} options `inputs`: files that are not replaced by accident, under
 *   whatever name: link, other case, `..`
 * @throws {CommandError} when there is something under that name already and `force` is not given, or it cannot be a file
 */
function writeFile(name, text, { force, inputs }) {
  const target = checkedTarget(name, force, inputs)
  const folder = path.dirname(target)
  const temporary = path.join(folder, `.${path.basename(target)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    const descriptor = fs.openSync(temporary, 'wx', 0o600)
    try {
      fs.writeFileSync(descriptor, text)
      fs.fchmodSync(descriptor, 0o644)
      fs.fsyncSync(descriptor)
    } finally {
      fs.closeSync(descriptor)
    }
    if (force) fs.renameSync(temporary, target)
    else publish(temporary, target)
    syncFolder(folder)
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error)
    if (code === 'EEXIST') throw exists(name)
    throw new CommandError(`cannot write \`${name}\`: ${message}`, code === 'ENOENT' ? [`create its folder first: \`mkdir -p ${folder}\``] : [])
  } finally {
    fs.rmSync(temporary, { force: true })
  }
}

/**
 * @param {string} name
 * @param {boolean} force
 * @param {{ path: string, what: string }[]} inputs
 * @returns {string} where to write: the name, or what the link of that name points at
 */
function checkedTarget(name, force, inputs) {
  const found = fs.statSync(name, { throwIfNoEntry: false, bigint: true })
  if (found === undefined) {
    // A link that points nowhere is something, too.
    if (fs.lstatSync(name, { throwIfNoEntry: false }) && !force) throw exists(name)
    return name
  }
  if (found.isDirectory()) throw new CommandError(`\`${name}\` is a directory, and a file is to be written`, [`name a file in it: \`${path.join(name, 'ca.pem')}\``])
  if (!found.isFile()) throw new CommandError(`\`${name}\` is not a regular file, and is left alone`)
  if (!force) {
    const input = inputs.find((entry) => {
      const stat = fs.statSync(entry.path, { throwIfNoEntry: false, bigint: true })
      return stat !== undefined && stat.dev === found.dev && stat.ino === found.ino
    })
    if (input) throw new CommandError(`\`${name}\` is ${input.what}, and is not overwritten`, ['write to another file, or give `--force` to replace it'])
    throw exists(name)
  }
  return fs.realpathSync(name)
}

/** @param {string} name */
function exists(name) {
  return new CommandError(`\`${name}\` exists already, and is not overwritten`, ['write to another file, or give `--force` to replace it'])
}

/**
 * Gives the temporary file its name, failing with EEXIST when the name was taken meanwhile: rename would replace it.
 *
 * @param {string} temporary
 * @param {string} target
 */
function publish(temporary, target) {
  try {
    fs.linkSync(temporary, target)
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error)
    if (code === 'EEXIST' || code === 'ENOENT') throw error
    // A file system without hard links.
    if (fs.existsSync(target)) throw Object.assign(new Error('file exists'), { code: 'EEXIST' })
    fs.renameSync(temporary, target)
  }
}

/** @param {string} folder */
function syncFolder(folder) {
  // Windows has no such thing, and some file systems refuse; the file itself is on the disk already.
  if (process.platform === 'win32') return
  try {
    const descriptor = fs.openSync(folder, 'r')
    try {
      fs.fsyncSync(descriptor)
    } finally {
      fs.closeSync(descriptor)
    }
  } catch {
    return
  }
}

module.exports = { writeFile }
