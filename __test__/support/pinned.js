'use strict'

const fs = require('node:fs')
const path = require('node:path')

const { installOnce } = require('./install-once')

/**
 * The packages that a folder's package.json names, each at the version that it pins; installed by the first use.
 *
 * @param {string} folder
 * @param {string} variable an environment variable that may name a folder which already holds them
 * @returns {{ name: string, version: string, home: string }[]}
 */
function pinned(folder, variable) {
  const { dependencies } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))
  const place = process.env[variable] || folder
  if (place === folder) installOnce(folder)
  return Object.entries(dependencies).map(([name, specifier]) => {
    const version = specifier.slice(specifier.lastIndexOf('@') + 1)
    const home = path.join(place, 'node_modules', name)
    const found = JSON.parse(fs.readFileSync(path.join(home, 'package.json'), 'utf8')).version.replace(/^v/, '')
    if (found !== version) throw new Error(`${home} holds ${name} ${found}, and the tests are written for ${version}`)
    return { name, version, home }
  })
}

module.exports = { pinned }
