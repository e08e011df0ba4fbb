'use strict'

/**
 * `inspectCaFileSync` beside Node itself: what both make of the same file, and where they differ.
 *
 *   const { compareFile } = require('./support/parity')
 *   const { differences, compared } = await compareFile({ value, make options… })
 */

const { inspectCaFileSync } = require('../..')
const { NOBODY, loadedBy } = require('./oracle')
const nodesModule = require('./nodes')

const bytesOf = (certificate) => Buffer.from(certificate.pem.replace(/-----[^-]+-----/g, ''), 'base64')

/** Calls `work` in another folder and, when asked, as somebody who may not read everything. */
function inCircumstances({ cwd, unprivileged }, work) {
  const before = process.cwd()
  const demoted = unprivileged && process.getuid() === 0
  if (cwd) process.chdir(cwd)
  if (demoted) {
    process.setegid(NOBODY.gid)
    process.seteuid(NOBODY.uid)
  }
  try {
    return work()
  } finally {
    if (demoted) {
      process.seteuid(0)
      process.setegid(0)
    }
    if (cwd) process.chdir(before)
  }
}

/**
 * What the reader says for each Node.
 * @returns {{ major: number, loaded: string[], warning: string | null, report: object }[]}
 */
function readFor(place) {
  return inCircumstances(place, () =>
    nodesModule.nodes.map(({ major, version }) => {
      const report = inspectCaFileSync(place.value, { node: version, time: '2026-01-01T00:00:00Z' })
      const loaded = report.loadedByNode.map((certificate) => certificate.sha256)
      return { major, loaded, warning: report.nodeWarning, report }
    }),
  )
}

/**
 * Compares one file on every Node.
 *
 * @param {{ value: string, cwd?: string, fifo?: boolean, unprivileged?: boolean }} place see ca-files
 * @param {Buffer[]} [more] DER of certificates that might be loaded, and that the reader may have overlooked
 * @returns {Promise<{ differences: { node: number, about: string, expected: unknown, actual: unknown }[],
 *   answers: Map<number, object>, certificates: number, unobservable: number, readings: object[] }>}
 *   `certificates`: how many were compared; `unobservable`: how many Node 18 and 20 cannot tell about
 */
async function compareFile(place, more = []) {
  const readings = readFor(place)
  const candidates = new Map(more.map((bytes) => [bytes.toString('latin1'), bytes]))
  for (const { report } of readings) {
    for (const certificate of [...report.loadedByNode, ...report.found]) {
      const bytes = bytesOf(certificate)
      candidates.set(bytes.toString('latin1'), bytes)
    }
  }
  const result = { differences: [], answers: new Map(), certificates: 0, unobservable: 0, readings }
  for (const { major, loaded, warning } of readings) {
    const answer = await loadedBy(major, place.value, { ...place, candidates: [...candidates.values()] })
    result.answers.set(major, answer)
    const differ = (about, expected, actual) => result.differences.push({ node: major, about, expected, actual })
    if (warning !== answer.warning) differ('warning', answer.warning, warning)
    if (place.fifo && !answer.waited) differ('waiting', 'Node waits for a writer', 'it did not')
    if (answer.loaded) {
      result.certificates += answer.loaded.length
      if (answer.loaded.join() !== loaded.join()) differ('loaded', answer.loaded, loaded)
      continue
    }
    for (const [digest, isMember] of answer.members) {
      if (isMember === null) {
        result.unobservable++
        continue
      }
      result.certificates++
      if (isMember !== loaded.includes(digest)) differ('member', [digest, isMember], loaded)
    }
  }
  return result
}

module.exports = { compareFile, inCircumstances, readFor }
