'use strict'

// The licences of what is linked into a platform's binary, with their texts: `node scripts/third-party-licenses.js` writes them into every folder of npm/
// before a release. Crates for building and testing are not in a binary.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')

const root = path.join(__dirname, '..')
const FILE = 'THIRD-PARTY-LICENSES.txt'
const LICENCE = /^(licen[cs]e|copying|copyright|notice|unlicense)/i
// A crate that brings a C library keeps that library's licences further down.
const DEEPEST = 4
const NOT_LINKED = new Set(['benches', 'examples', 'test', 'tests', 'fuzz', 'node_modules'])

/** @param {string} command @param {string[]} args */
const output = (command, args) => execFileSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, stdio: ['ignore', 'pipe', 'inherit'] })

/**
 * @param {string} target a target triple of Rust
 * @returns {{ name: string, version: string, license: string, from: string, texts: string[] }[]} by name; `license` as SPDX expression
 */
function linked(target) {
  const tree = output('cargo', ['tree', '--locked', '--target', target, '--edges', 'normal,no-proc-macro', '--prefix', 'none', '--format', '{p}'])
  const built = new Set(tree.split('\n').map((line) => /^(\S+) v(\S+)/.exec(line)?.slice(1).join(' ')))
  const metadata = JSON.parse(output('cargo', ['metadata', '--format-version', '1', '--locked', '--filter-platform', target]))
  const members = new Set(metadata.workspace_members)
  /** @type {{ id: string, name: string, version: string, license: string, repository: string | null, authors: string[], manifest_path: string }[]} */
  const packages = metadata.packages
  const crates = packages
    .filter(({ id, name, version }) => !members.has(id) && built.has(`${name} ${version}`))
    .map(({ name, version, license, repository, authors, manifest_path: manifest }) => ({
      name,
      version,
      license,
      from: [...(repository === null ? [] : [repository]), ...authors].join(', '),
      texts: textsIn(path.dirname(manifest), DEEPEST),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
  return [standardLibrary(), ...crates]
}

function standardLibrary() {
  const [version = ''] = /\d+\.\d+\.\d+/.exec(output('rustc', ['--version'])) ?? []
  const documents = path.join(output('rustc', ['--print', 'sysroot']).trim(), 'share', 'doc', 'rust')
  return { name: 'The Rust standard library', version, license: 'MIT OR Apache-2.0', from: 'https://github.com/rust-lang/rust', texts: fs.existsSync(documents) ? textsIn(documents, 1) : [] }
}

/**
 * @param {string} folder
 * @param {number} depth
 * @returns {string[]}
 */
function textsIn(folder, depth) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const place = path.join(folder, entry.name)
    if (entry.isDirectory()) return depth > 1 && !NOT_LINKED.has(entry.name) ? textsIn(place, depth - 1) : []
    return entry.isFile() && LICENCE.test(entry.name) && !/\.(rs|html|c|h|py|go)$/i.test(entry.name) ? [fs.readFileSync(place, 'utf8').replace(/\r\n/g, '\n').trim()] : []
  })
}

/**
 * One text for all: each crate with its licence, then every text once, with those that it came with.
 *
 * @param {ReturnType<typeof linked>} crates
 */
function notice(crates) {
  /** @type {Map<string, string[]>} */
  const holders = new Map()
  for (const { name, version, texts } of crates) {
    for (const text of texts) {
      // The same text is wrapped and indented in many ways.
      const key = [...holders.keys()].find((known) => plain(known) === plain(text)) ?? text
      holders.set(key, [...new Set([...(holders.get(key) ?? []), `${name} ${version}`])])
    }
  }
  const rule = `\n\n${'-'.repeat(80)}\n\n`
  const list = crates.map(({ name, version, license, from }) => `${name} ${version}\n  ${license}\n  ${from}`).join('\n')
  const texts = [...holders].map(([text, names]) => `${names.join(', ')}:\n\n${text}`)
  return `${[`This binary contains the following software, under these licences.\n\n${list}`, ...texts].join(rule)}\n`
}

/** @param {string} text */
const plain = (text) => text.replace(/\s+/g, ' ')

/** @param {string} folder a folder of npm/ */
function noticeOf(folder) {
  const target = /\*\*([\w-]+)\*\*/.exec(fs.readFileSync(path.join(root, 'npm', folder, 'README.md'), 'utf8'))?.[1]
  if (target === undefined) throw new Error(`npm/${folder}/README.md names no target`)
  return notice(linked(target))
}

function main() {
  for (const folder of fs.readdirSync(path.join(root, 'npm'))) fs.writeFileSync(path.join(root, 'npm', folder, FILE), noticeOf(folder))
}

if (require.main === module) main()

module.exports = { FILE, noticeOf }
