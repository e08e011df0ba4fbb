'use strict'

// Where a change of files shows: in the directory of each, and of each link on the way to it.

const fs = require('node:fs/promises')
const path = require('node:path')

// Linux gives up after as many (`MAXSYMLINKS`).
const MOST_LINKS = 40

/**
 * How files are now.
 *
 * @typedef {object} Look
 * @property {string} signature Changes with any of them.
 * @property {Map<string, { path: string, names: Set<string> | null }>} directories By identity: those in which a change of these names shows, or of any.
 */

/** @param {unknown} error */
const isMissing = (error) => ['ENOENT', 'ENOTDIR'].includes(String(/** @type {{ code?: string }} */ (error).code))

/**
 * Looks at files and directories, whether they exist or not.
 *
 * @param {Iterable<string>} paths absolute
 * @returns {Promise<Look>}
 */
async function look(paths) {
  /** @type {Map<string, Set<string> | null>} */
  const noted = new Map()
  /** @type {Map<string, Promise<string>>} */
  const parents = new Map()

  /** @param {string} directory @param {string} [name] */
  function note(directory, name) {
    const names = noted.get(directory)
    if (name === undefined) noted.set(directory, null)
    else if (names === undefined) noted.set(directory, new Set([name]))
    else names?.add(name)
  }

  /** @param {string} given @param {number} [links] @returns {Promise<string>} */
  async function real(given, links = 0) {
    const parent = path.dirname(given)
    if (parent === given) return given
    const directory = await realDirectory(parent, links)
    const name = path.basename(given)
    const here = path.join(directory, name)
    const target = await fs.readlink(here).catch(() => undefined)
    if (target === undefined || links === MOST_LINKS) return here
    note(directory, name)
    return real(path.resolve(directory, target), links + 1)
  }

  /** @param {string} given @param {number} links */
  function realDirectory(given, links) {
    if (links > 0) return real(given, links)
    const known = parents.get(given) ?? real(given)
    parents.set(given, known)
    return known
  }

  const states = []
  for (const given of paths) {
    const here = await real(given)
    note(path.dirname(here), path.basename(here))
    const stats = await fs.stat(here, { bigint: true }).catch((/** @type {NodeJS.ErrnoException} */ error) => error)
    if (stats instanceof Error) states.push(`${here} ${stats.code}`)
    else {
      if (stats.isDirectory()) note(here)
      states.push(`${here} ${stats.dev} ${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`)
    }
  }
  return { signature: states.join('\n'), directories: await identified(noted) }
}

/**
 * A directory that does not exist is awaited where it would come.
 *
 * @param {Map<string, Set<string> | null>} noted
 */
async function identified(noted) {
  /** @type {Look['directories']} */
  const directories = new Map()
  for (const [given, wanted] of noted) {
    let directory = given
    let names = wanted
    for (;;) {
      try {
        const { dev, ino } = await fs.stat(directory, { bigint: true })
        const key = `${dev}:${ino}`
        const others = directories.get(key)
        const merged = names === null || others?.names === null ? null : new Set([...names, ...(others?.names ?? [])])
        directories.set(key, { path: directory, names: merged })
        break
      } catch (error) {
        const parent = path.dirname(directory)
        if (!isMissing(error) || parent === directory) break
        names = new Set([path.basename(directory)])
        directory = parent
      }
    }
  }
  return directories
}

module.exports = { look }
