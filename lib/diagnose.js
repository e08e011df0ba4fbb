'use strict'

// `diagnose`: from an address to the cause, the fix and the proof.

const { diagnoseFindings, NativeProber } = require('./native.js')
const { Diagnosis } = require('./diagnose/diagnosis.js')
const { observe } = require('./diagnose/observe.js')
const { proxyFor } = require('./diagnose/proxy.js')
const { targetOf } = require('./diagnose/target.js')
const { trustedByDefault, trustedByOption } = require('./trusted.js')
const { validateAbortSignal, validateBoolean, validateInteger, validateNode, validateObject, validateTime } = require('./validate.js')
const { nativeOf, verdictOn } = require('./verify.js')

const STAGE_TIMEOUT = 5_000
const DEADLINE = 20_000
const MAX_DEADLINE = 600_000
const MAX_DAYS = 36_500

/**
 * @param {unknown} target
 * @param {unknown} [options]
 * @returns {Promise<import('../index.js').Diagnosis>}
 */
async function diagnose(target, options) {
  const given = validateObject(options, 'options')
  const trusted = given.ca === undefined || given.ca === '' ? trustedByDefault() : trustedByOption(given.ca, true)
  return diagnoseWith(target, given, trusted, given.ca === undefined ? {} : { ca: /** @type {string} */ (given.ca) })
}

/**
 * @param {unknown} target
 * @param {Record<string, unknown>} given
 * @param {import('./trusted.js').Trusted} trusted
 * @param {{ ca?: string, secureContext?: import('node:tls').SecureContext }} observedTrust
 */
async function diagnoseWith(target, given, trusted, observedTrust) {
  const signal = validateAbortSignal(given.signal, 'options.signal')
  const endpoint = targetOf(target, given)
  if (endpoint.kind === 'chain') return ofChain(endpoint, given, trusted)
  const proxy = proxyFor(endpoint, given)
  const timeout = validateInteger(given.timeout ?? DEADLINE, 'options.timeout', 1, MAX_DEADLINE)
  const prober = new NativeProber(
    { host: endpoint.host, port: endpoint.port, serverName: endpoint.servername, startTls: endpoint.startTls, alpn: endpoint.alpn, connectTo: endpoint.connectTo, proxy },
    {
      stageTimeout: validateInteger(given.stageTimeout ?? STAGE_TIMEOUT, 'options.stageTimeout', 1, MAX_DEADLINE),
      deadline: timeout,
      allAddresses: validateBoolean(given.allAddresses ?? false, 'options.allAddresses'),
      lookFurther: validateBoolean(given.lookFurther ?? true, 'options.lookFurther'),
    },
  )
  signal?.throwIfAborted()
  const cancel = () => prober.cancel()
  signal?.addEventListener('abort', cancel, { once: true })
  const probe = await prober.run().finally(() => signal?.removeEventListener('abort', cancel))
  if (probe === null) throw signal?.reason
  const attempts = probe.attempts()
  const attempt = /** @type {import('../binding.js').AttemptFacts} */ (attempts[probe.decisive()])
  const { session, failure } = attempt
  const verdict = session === undefined ? null : verdictOn(session.certificates, 'chain', trusted, { ...questionOf(given), hostname: endpoint.hostname }, 'options')
  const observed = validateBoolean(given.observe ?? true, 'options.observe') && attempt.address !== undefined
    ? await observe({ ...endpoint, address: attempt.address, timeout, signal }, observedTrust)
    : null
  const context = {
    observed: observed === null ? undefined : { ok: observed.ok, code: observed.code ?? undefined, message: observed.message ?? undefined },
    notObserved: undefined,
    now: validateTime(given.time, 'options.time'),
    minDaysLeft: validateInteger(given.minDaysLeft ?? 30, 'options.minDaysLeft', 0, MAX_DAYS),
    process: { node: validateNode(given.node, 'options.node') },
  }
  return /** @type {import('../index.js').Diagnosis} */ (new Diagnosis({
    target: endpoint.shown,
    endpoint: { protocol: endpoint.protocol, host: endpoint.host, port: endpoint.port, servername: endpoint.servername ?? null, starttls: endpoint.startTls ?? null, proxy: proxy?.shown ?? null, address: attempt.address ?? null },
    ok: (verdict?.ok ?? false) && failure === undefined && (observed?.ok ?? true),
    code: verdict?.code ?? observed?.code ?? null,
    verdict: /** @type {import('../index.js').Verdict | null} */ (verdict),
    observed,
    chain: probe.chain(probe.decisive()),
    session: session === undefined ? null : {
      complete: session.complete,
      protocol: session.protocol,
      cipherSuite: session.cipherSuite,
      group: session.group ?? null,
      alpn: session.alpn ?? null,
      ocsp: null,
      clientCertificate: session.clientCertificate === undefined ? null : { ...session.clientCertificate, refused: null },
      versions: attempt.versions.map(({ protocol, cipherSuite }) => ({ protocol, cipherSuite: cipherSuite ?? null })),
      withoutServername: null,
    },
    failure: failure === undefined ? null : { stage: failure.stage, kind: failure.kind, alert: failure.alert ?? null, text: failure.text ?? null },
    addresses: [],
    timings: {
      dns: attempt.timings.dns ?? null,
      tcp: attempt.timings.tcp ?? null,
      proxy: attempt.timings.proxy ?? null,
      starttls: attempt.timings.starttls ?? null,
      handshake: attempt.timings.handshake ?? null,
    },
    findings: diagnoseFindings(probe, verdict === null ? undefined : nativeOf(verdict), context),
    fetched: [],
    proofs: [],
  }))
}

/**
 * @param {import('./diagnose/target.js').GivenChain} chain
 * @param {Record<string, unknown>} given
 * @param {import('./trusted.js').Trusted} trusted
 */
function ofChain({ shown, pieces, hostname }, given, trusted) {
  const verdict = verdictOn(pieces, 'target', trusted, { ...questionOf(given), hostname }, 'options')
  return /** @type {import('../index.js').Diagnosis} */ (new Diagnosis({
    target: shown,
    endpoint: null,
    ok: verdict.ok,
    code: verdict.code,
    verdict: /** @type {import('../index.js').Verdict} */ (verdict),
    observed: null,
    chain: [],
    session: null,
    failure: null,
    addresses: [],
    timings: { dns: null, tcp: null, proxy: null, starttls: null, handshake: null },
    findings: verdict.findings,
    fetched: [],
    proofs: [],
  }))
}

/** @param {Record<string, unknown>} given */
function questionOf({ allowPartialTrustChain, node, perspectives, time }) {
  return { allowPartialTrustChain, node, perspectives, time }
}

module.exports = { diagnose, diagnoseWith }
