'use strict'

const path = require('node:path')

/**
 * A path as reports about a folder name it: relative with `/` when it is inside, else as it is.
 *
 * @param {string} file
 * @param {string} folder
 * @returns {{ inside: boolean, path: string }}
 */
function placed(file, folder) {
  const absolute = path.resolve(folder, file)
  const relative = path.relative(folder, absolute)
  const inside = relative !== '' && relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative)
  return inside ? { inside, path: relative.split(path.sep).join('/') } : { inside, path: absolute }
}

module.exports = { placed }
