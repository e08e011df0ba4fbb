'use strict'

// Checks the Rust dependencies against deny.toml without a network: licences, sources, banned and duplicate crates, and the
// advisories recorded in scripts/advisories.json. What `cargo deny check` adds to it is named in docs/architecture.md.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')

const semver = require('semver')
const spdxSatisfies = require('spdx-satisfies')
const toml = require('smol-toml')

const root = path.join(__dirname, '..')
const cratesIo = 'registry+https://github.com/rust-lang/crates.io-index'

/**
 * @typedef {{ id: string, name: string, version: string, license: string | null, source: string | null,
 *   dependencies: { name: string, req: string, source: string | null, path?: string }[] }} Package
 * @typedef {{ packages: Package[], workspace_members: string[], resolve: { nodes: { id: string }[] } }} Metadata
 * @typedef {{ reviewed: Record<string, string>, advisories: { id: string, package: string, informational?: string,
 *   patched: string[], unaffected: string[] }[] }} Advisories
 */

/**
 * Everything that breaks the policy, one sentence each; empty when nothing does.
 *
 * @param {Metadata} metadata what `cargo metadata` prints, resolved for the platforms that are published
 * @param {any} policy deny.toml, parsed
 * @param {Advisories} advisories what is known of each crate
 * @returns {string[]}
 */
function violations(metadata, policy, advisories) {
  const resolved = new Set(metadata.resolve.nodes.map((node) => node.id))
  const members = new Set(metadata.workspace_members)
  const ours = metadata.packages.filter((entry) => members.has(entry.id))
  const foreign = metadata.packages.filter((entry) => resolved.has(entry.id) && !members.has(entry.id))
  return [
    ...ours.flatMap((entry) => wildcards(entry)),
    ...foreign.flatMap((entry) => [
      ...licence(entry, policy.licenses.allow),
      ...origin(entry),
      ...banned(entry, policy.bans.deny),
      ...affected(entry, policy.advisories.ignore, advisories),
    ]),
    ...duplicates(foreign, policy.bans.skip),
    ...unused(foreign, policy, advisories),
  ]
}

/** @param {Package} entry @param {string[]} allow */
function licence(entry, allow) {
  if (!entry.license) return [`${label(entry)} names no licence`]
  // Cargo still accepts the old spelling with a slash, SPDX does not.
  const expression = entry.license.replaceAll('/', ' OR ')
  let allowed
  try {
    allowed = spdxSatisfies(expression, allow)
  } catch (error) {
    return [`${label(entry)} has a licence that is no SPDX expression: ${entry.license} (${/** @type {Error} */ (error).message})`]
  }
  return allowed ? [] : [`${label(entry)} is licensed under ${entry.license}, which deny.toml does not allow`]
}

/** @param {Package} entry */
function origin(entry) {
  return entry.source === cratesIo ? [] : [`${label(entry)} comes from ${entry.source ?? 'a path outside the workspace'}, not from crates.io`]
}

/** @param {Package} entry @param {{ crate: string, reason?: string }[]} deny */
function banned(entry, deny) {
  const rule = deny.find((candidate) => matches(entry, candidate.crate))
  return rule ? [`${label(entry)} is banned: ${rule.reason ?? 'see deny.toml'}`] : []
}

/** @param {Package} entry */
function wildcards(entry) {
  return entry.dependencies
    .filter((dependency) => dependency.req === '*' && !dependency.path)
    .map((dependency) => `${entry.name} depends on ${dependency.name} without a version`)
}

/** @param {Package} entry @param {{ id: string }[]} ignore @param {Advisories} advisories */
function affected(entry, ignore, advisories) {
  if (!Object.hasOwn(advisories.reviewed, entry.name)) {
    return [`${label(entry)} was never looked up in the RustSec database: do so, and record the date in scripts/advisories.json`]
  }
  const ignored = new Set(ignore.map((item) => item.id))
  return advisories.advisories
    .filter((advisory) => advisory.package === entry.name && !ignored.has(advisory.id))
    .filter((advisory) => ![...advisory.patched, ...advisory.unaffected].some((range) => within(entry.version, range)))
    .map((advisory) => `${label(entry)} is affected by ${advisory.id}${advisory.informational ? ` (${advisory.informational})` : ''}`)
}

/** Cargo separates the comparators of a range by commas, npm's semver by blanks. @param {string} version @param {string} range */
function within(version, range) {
  return semver.satisfies(version, range.replaceAll(',', ' '), { includePrerelease: true })
}

/** @param {Package[]} packages @param {{ crate: string }[]} skip */
function duplicates(packages, skip) {
  return [...groupByName(packages)].flatMap(([name, entries]) => {
    const left = entries.filter((entry) => !skip.some((item) => matches(entry, item.crate)))
    return left.length > 1 ? [`${name} is built ${left.length} times: ${left.map((entry) => entry.version).join(', ')}`] : []
  })
}

/** Whether a crate is the one that cargo-deny's `name@version` means. @param {Package} entry @param {string} specification */
function matches(entry, specification) {
  const [name, range] = specification.split('@')
  return entry.name === name && (range === undefined || within(entry.version, `=${range}`))
}

/**
 * An exception that excepts nothing any more would hide the next fault.
 *
 * @param {Package[]} packages @param {any} policy @param {Advisories} advisories
 */
function unused(packages, policy, advisories) {
  const known = new Set(advisories.advisories.map((advisory) => advisory.id))
  /** @type {{ crate: string }[]} */
  const skip = policy.bans.skip
  /** @type {{ id: string }[]} */
  const ignore = policy.advisories.ignore
  return [
    ...skip
      .filter((item) => !packages.some((entry) => matches(entry, item.crate)))
      .map((item) => `deny.toml skips ${item.crate}, which is not a dependency`),
    ...ignore
      .filter((item) => !known.has(item.id))
      .map((item) => `deny.toml ignores ${item.id}, which scripts/advisories.json does not know`),
  ]
}

/** @param {Package[]} packages */
function groupByName(packages) {
  /** @type {Map<string, Package[]>} */
  const groups = new Map()
  for (const entry of packages) groups.set(entry.name, [...(groups.get(entry.name) ?? []), entry])
  return groups
}

/** @param {Package} entry */
function label(entry) {
  return `${entry.name} ${entry.version}`
}

/**
 * What is built for any of the targets. Asked for one at a time: cargo 1.95 ends in a panic when it is asked for both Windows targets at once and a
 * crate belongs to one of them alone.
 *
 * @param {string[]} targets @returns {Metadata}
 */
function metadataOf(targets) {
  const each = targets.map(metadataOfOne)
  /** @template {{ id: string }} T @param {T[]} entries */
  const once = (entries) => [...new Map(entries.map((entry) => [entry.id, entry])).values()]
  return {
    packages: once(each.flatMap(({ packages }) => packages)),
    workspace_members: [...new Set(each.flatMap((one) => one.workspace_members))],
    resolve: { nodes: once(each.flatMap(({ resolve }) => resolve.nodes)) },
  }
}

/** @param {string} target @returns {Metadata} */
function metadataOfOne(target) {
  const metadata = JSON.parse(cargo(['metadata', '--format-version', '1', '--locked', '--all-features', '--filter-platform', target]))
  // The metadata count an optional crate that a feature only mentions (`ring?/alloc`); the tree knows what is built.
  const tree = cargo(['tree', '--workspace', '--locked', '--all-features', '--target', target, '--edges', 'all', '--prefix', 'none', '--format', '{p}'])
  const built = new Set(tree.split('\n').map((line) => /^(\S+) v(\S+)/.exec(line)?.slice(1).join(' ')))
  const packages = metadata.packages.filter((/** @type {Package} */ entry) => built.has(label(entry)))
  const ids = new Set(packages.map((/** @type {Package} */ { id }) => id))
  return { ...metadata, packages, resolve: { nodes: metadata.resolve.nodes.filter((/** @type {{ id: string }} */ { id }) => ids.has(id)) } }
}

/** @param {string[]} args */
function cargo(args) {
  return execFileSync('cargo', args, { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, stdio: ['ignore', 'pipe', 'inherit'] })
}

function main() {
  const policy = toml.parse(fs.readFileSync(path.join(root, 'deny.toml'), 'utf8'))
  const advisories = JSON.parse(fs.readFileSync(path.join(__dirname, 'advisories.json'), 'utf8'))
  const metadata = metadataOf(/** @type {any} */ (policy).graph.targets)
  const found = violations(metadata, policy, advisories)
  for (const sentence of found) console.error(`error: ${sentence}`)
  const [oldest] = Object.values(advisories.reviewed).sort()
  const count = metadata.resolve.nodes.length - metadata.workspace_members.length
  console.log(
    `${count} crates checked against deny.toml, and against the RustSec advisories recorded since ${oldest}: ` +
      (found.length === 0 ? 'nothing found' : found.length === 1 ? '1 violation' : `${found.length} violations`),
  )
  if (found.length > 0) process.exitCode = 1
}

if (require.main === module) main()

module.exports = { violations }
