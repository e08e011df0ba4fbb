'use strict'

/** What people call them. */
const TITLES = { node: 'Node', bun: 'Bun', deno: 'Deno', electron: 'Electron' }

/**
 * Which program runs this. Bun, Deno and Electron say that they are a Node of some version, too (`process.versions.node`).
 *
 * @returns {'node' | 'bun' | 'deno' | 'electron'}
 */
function runtime() {
  const { versions } = process
  if (versions.bun !== undefined) return 'bun'
  if (versions.deno !== undefined) return 'deno'
  return versions.electron === undefined ? 'node' : 'electron'
}

module.exports = { TITLES, runtime }
