'use strict'

// Chains in files, diagnosed without a connection.

const { diagnosis: textOf } = require('../verdict-text.js')
const { judge } = require('./diagnose.js')

/**
 * @typedef {import('../../index.js').Finding} Finding
 * @typedef {import('../../index.js').Verdict} Verdict
 * @typedef {import('./chain-file.js').ChainFile} ChainFile
 * @typedef {import('./diagnose.js').Trust} Trust
 * @typedef {import('./diagnose.js').Result} Result
 * @typedef {{ chain: ChainFile, diagnosis: import('../verdict-text.js').Diagnosis }} Diagnosed
 * @typedef {import('../../index.js').VerifyOptions & { node: string, purpose: 'server' | 'client', time: string, allowPartialTrustChain: boolean }} FileQuestion
 */

/**
 * @param {ChainFile} chain
 * @param {FileQuestion} question
 * @param {Trust} trust
 * @returns {Result}
 */
function diagnoseFile(chain, question, trust) {
  const diagnosed = diagnoseOne(chain, question, trust)
  const { findings, verdict } = diagnosed.diagnosis
  return {
    ok: verdict.ok,
    findings,
    explains: verdict.code === null ? undefined : (entryOf(verdict) ?? undefined),
    text: (to) => textOf(diagnosed.diagnosis, to),
    json: () => asJson(diagnosed),
    page: () => asPage(diagnosed.diagnosis),
  }
}

/**
 * @param {ChainFile} chain
 * @param {FileQuestion} question
 * @param {Trust} trust
 * @returns {Diagnosed}
 */
function diagnoseOne(chain, question, trust) {
  const { verdict, perspectives } = judge(chain.pieces, trust, question)
  for (const element of verdict.path) {
    const known = element.presented === null ? trust.sourcesOf(element.sha256) : []
    // A list is read as a `ca` option; where it stands in that says nothing.
    element.sources = known.length > 0 ? known : element.sources.filter(({ store }) => store !== 'ca')
  }
  const findings = verdict.findings.map((finding) => {
    const location = finding.location ?? placeOf(finding, chain.sent, verdict)
    return location === undefined ? finding : { ...finding, location }
  })
  return {
    chain,
    diagnosis: {
      name: chain.name,
      format: chain.format,
      question: { ...question, store: trust.name, trust: trust.words },
      verdict,
      perspectives,
      sent: chain.sent,
      notes: chain.notes,
      findings,
    },
  }
}

/**
 * Where the certificate of a finding stands: in the chain's file, or in that of the store it was taken from.
 *
 * @param {Finding} finding
 * @param {readonly import('../verdict-text.js').Sent[]} sent
 * @param {Pick<Verdict, 'depth' | 'path' | 'stage'>} verdict
 * @returns {Finding['location']}
 */
function placeOf({ actor, certificate: sha256 }, sent, { depth, path: elements, stage }) {
  if (sha256 === undefined) return undefined
  // What ends a handshake is nobody's certificate.
  if (stage === 'handshake' && depth !== null) return located(sent[depth])
  const inChain = sent.find(({ certificate }) => certificate?.sha256 === sha256)
  const inStore = elements.find((entry) => entry.sha256 === sha256)?.sources.find(({ path }) => path !== undefined)
  // Who must act has the file.
  return located(actor === 'server' ? (inChain ?? inStore) : (inStore ?? inChain))
}

/** @param {{ path?: string, line?: number } | undefined} place */
function located(place) {
  const { line, path } = place ?? {}
  if (path === undefined && line === undefined) return undefined
  return { ...(path === undefined ? {} : { path }), ...(line === undefined ? {} : { line }) }
}

/**
 * What `explain` knows the verdict by: its code, or where Node calls many errors `UNSPECIFIED`, OpenSSL's name of it.
 *
 * @param {Verdict} verdict
 */
function entryOf({ code, reason }) {
  if (code !== 'UNSPECIFIED' || reason === null) return code
  return require('../../index.js').explain({ code, reason, message: reason }, { env: {} }).name ?? code
}

/**
 * As a diagnosis without a connection.
 *
 * @param {Diagnosed['diagnosis']} diagnosis
 * @returns {import('../reporters/html.js').Diagnosis}
 */
function asPage({ name, question, verdict, perspectives, sent, findings }) {
  return {
    target: name,
    endpoint: null,
    node: question.node,
    ok: verdict.ok,
    code: verdict.code,
    verdict,
    observed: null,
    chain: sent.flatMap(({ certificate }) => certificate ?? []),
    session: null,
    failure: null,
    addresses: [],
    timings: { dns: null, tcp: null, proxy: null, starttls: null, handshake: null },
    findings,
    completed: null,
    proofs: [],
    perspectives: [...perspectives],
  }
}

/** @param {Diagnosed} diagnosed */
function asJson({ chain, diagnosis: { question, verdict, perspectives, sent, findings } }) {
  const { ok, code, reason, stage, depth, errors, path, mismatch, undetermined } = verdict
  const used = new Set(path.map(({ presented }) => presented))
  const { trust, ...asked } = question
  return {
    ...(chain.path === undefined ? {} : { file: chain.path }),
    format: chain.format,
    privateKeys: chain.keys,
    question: asked,
    verdict: { ok, code, reason, stage, depth, errors, path, mismatch, undetermined },
    sent: sent.map(({ certificate, line }, position) => ({
      position,
      ...(line === undefined ? {} : { line }),
      sha256: certificate?.sha256 ?? null,
      subject: certificate?.subject ?? null,
      used: used.has(position),
    })),
    perspectives,
    findings,
  }
}

module.exports = { diagnoseFile }
