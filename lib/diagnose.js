'use strict'

// `diagnose`: from an address to the cause, the fix and the proof.

const { clientOptionsOf } = require('./diagnose/client-options.js')
const { connectionCode } = require('./diagnose/code.js')
const { Diagnosis } = require('./diagnose/diagnosis.js')
const { addressOf, certificatesOf, failureOf, sessionOf, timingsOf } = require('./diagnose/facts.js')
const { findingsOf } = require('./diagnose/findings.js')
const { look } = require('./diagnose/look.js')
const { comesToTls, hazardOf, observe, wayTo } = require('./diagnose/observe.js')
const { diagnoseOptions } = require('./diagnose/options.js')
const { proxyFor } = require('./diagnose/proxy.js')
const { judgedProxy } = require('./diagnose/proxy-tls.js')
const { targetOf } = require('./diagnose/target.js')
const { trustedByDefault, trustedByOption } = require('./trusted.js')
const { validateObject } = require('./validate.js')
const { examinedOn, verdictOn } = require('./verify.js')

/**
 * What the observation connects with: the trust of the verdict, beside what else makes a TLS context. None, and a context can be shared.
 *
 * @typedef {(context: import('node:tls').SecureContextOptions | undefined) => import('node:tls').ConnectionOptions} ObservedTrust
 */

/**
 * @param {unknown} target
 * @param {unknown} [options]
 * @returns {Promise<import('../index.js').Diagnosis>}
 */
async function diagnose(target, options) {
  const { ca } = validateObject(options, 'options')
  // As in Node, nothing and an empty string stand for what the process trusts by itself.
  if (ca === undefined || ca === '') return diagnoseWith(target, options, trustedByDefault(), (context) => ({ ...context }))
  return diagnoseWith(target, options, trustedByOption(ca, true, 'options.ca'), (context) => ({ ca: /** @type {string} */ (ca), ...context }))
}

/**
 * @param {unknown} target
 * @param {unknown} options
 * @param {import('./trusted.js').Trusted} trusted
 * @param {ObservedTrust} observedTrust
 * @returns {Promise<import('../index.js').Diagnosis>}
 */
async function diagnoseWith(target, options, trusted, observedTrust) {
  const asked = diagnoseOptions(options)
  const place = targetOf(target, asked)
  asked.signal?.throwIfAborted()
  return place.kind === 'chain' ? chainDiagnosis(place, asked, trusted) : endpointDiagnosis(place, asked, trusted, observedTrust)
}

/**
 * @param {import('./diagnose/target.js').Endpoint} endpoint
 * @param {import('./diagnose/options.js').Asked} asked
 * @param {import('./trusted.js').Trusted} trusted
 * @param {ObservedTrust} observedTrust
 */
async function endpointDiagnosis(endpoint, asked, trusted, observedTrust) {
  const end = performance.now() + asked.timeout
  const proxy = await judgedProxy(proxyFor(endpoint, asked), asked, trusted)
  const probe = await look(endpoint, proxy, asked)
  const attempts = probe.attempts()
  const decisive = probe.decisive()
  const attempt = /** @type {import('../binding.js').AttemptFacts} */ (attempts[decisive])
  // Certificates that TLS 1.3 encrypts are not there when the handshake was not completed.
  const judge = (/** @type {import('../binding.js').AttemptFacts} */ { session }) =>
    session === undefined || session.certificates.length === 0 ? null : examinedOn(session.certificates, trusted, { ...asked.question, hostname: endpoint.hostname })
  const verdict = judge(attempt)
  const failure = failureOf(attempt.failure)
  const way = attempt.address === undefined ? null : wayTo(endpoint, proxy, attempt, { timeout: Math.max(1, Math.ceil(end - performance.now())) })
  const isObserved = asked.observe && asked.isHereAndNow && way !== null && comesToTls(attempt)
  const notObserved = isObserved ? hazardOf(attempt, verdict) : undefined
  const observed = isObserved && notObserved === undefined ? await observe({ ...way, signal: asked.signal }, observedTrust(asked.context)) : null
  const options = asked.tlsOptions && await clientOptionsOf(asked.tlsOptions, observed === null || way === null ? null : { ...way, signal: asked.signal }, asked.context)
  asked.signal?.throwIfAborted()
  const findings = findingsOf({ probe, verdict, observed, notObserved, options }, asked, trusted)
  const sent = once(() => probe.chain(decisive))
  const { completion, mending } = await mendingOf({ verdict, sent, findings, protocol: endpoint.protocol, hostname: endpoint.hostname, trusted }, asked, {
    proxy: asked.proxy === undefined ? undefined : proxy,
    reach: way === null || !asked.isNow ? null : { to: way, options: asked.context ?? {} },
    timeout: end - performance.now(),
  })
  const { node } = asked.question
  const unjudged = probe.code(decisive, node)
  const code = connectionCode({ verdict, failure, unjudged, isComplete: attempt.session?.complete ?? false, observed })
  const diagnosis = new Diagnosis({
    target: endpoint.shown,
    endpoint: {
      protocol: endpoint.protocol,
      host: endpoint.host,
      port: endpoint.port,
      servername: endpoint.servername ?? null,
      starttls: endpoint.startTls ?? null,
      proxy: proxy?.shown ?? null,
      address: attempt.address ?? null,
    },
    node,
    ok: (verdict?.ok ?? false) && failure === null && unjudged === null && (observed?.ok ?? true),
    code,
    verdict,
    observed,
    get chain() { return sent() },
    session: sessionOf(attempt),
    failure,
    addresses: !asked.allAddresses ? [] : attempts.map((each, position) => {
      const own = each === attempt ? verdict : judge(each)
      const ended = failureOf(each.failure)
      const ownUnjudged = probe.code(position, node)
      return addressOf(each, own, connectionCode({ verdict: own, failure: ended, unjudged: ownUnjudged, isComplete: each.session?.complete ?? false, observed: null }))
    }),
    timings: timingsOf(attempt.timings),
    findings: mending.findings(),
    fetched: completion?.fetched ?? [],
    completed: completedOf(completion),
    proofs: [],
  }, seenFrom(asked, endpoint.hostname, trusted), mending)
  if (asked.prove && !diagnosis.ok) await diagnosis.prove({ timeout: Math.max(1, Math.ceil(end - performance.now())), signal: asked.signal })
  return diagnosis
}

/**
 * Certificates alone: a verdict, and nothing of a connection.
 *
 * @param {import('./diagnose/target.js').GivenChain} given
 * @param {import('./diagnose/options.js').Asked} asked
 * @param {import('./trusted.js').Trusted} trusted
 */
async function chainDiagnosis({ hostname, pieces, shown }, asked, trusted) {
  const verdict = verdictOn(pieces, 'target', trusted, { ...asked.question, hostname }, 'options')
  const sent = once(() => certificatesOf(pieces))
  const { completion, mending } = await mendingOf({ verdict, sent, findings: verdict.findings, protocol: undefined, hostname, trusted }, asked, { proxy: undefined, reach: null, timeout: asked.timeout })
  return new Diagnosis({
    target: shown,
    endpoint: null,
    node: asked.question.node,
    ok: verdict.ok,
    code: verdict.code,
    verdict,
    observed: null,
    get chain() { return sent() },
    session: null,
    failure: null,
    addresses: [],
    timings: timingsOf({}),
    findings: mending.findings(),
    fetched: completion?.fetched ?? [],
    completed: completedOf(completion),
    proofs: [],
  }, seenFrom(asked, hostname, trusted), mending)
}

/**
 * What mends it; with `fetchMissing`, the rest of the chain.
 *
 * @param {object} found
 * @param {import('../index.js').Verdict | null} found.verdict
 * @param {() => import('../index.js').Certificate[]} found.sent
 * @param {import('../index.js').Finding[]} found.findings
 * @param {string | undefined} found.protocol
 * @param {string | undefined} found.hostname
 * @param {import('./trusted.js').Trusted} found.trusted
 * @param {import('./diagnose/options.js').Asked} asked
 * @param {{ proxy: import('./diagnose/proxy.js').Proxy | undefined, reach: import('./diagnose/prove.js').Reach | null, timeout: number }} through
 */
async function mendingOf({ verdict, sent, findings, protocol, hostname, trusted }, { env, fetchMissing, question, signal, stageTimeout }, { proxy, reach, timeout }) {
  const { Mending } = require('./diagnose/mend.js')
  const about = { ...question, hostname }
  const completion = verdict === null || !fetchMissing ? null : await require('./diagnose/aia.js').complete(verdict, {
    judge: (chain) => verdictOn(chain, 'chain', trusted, about, 'options'),
    proxy,
    stageTimeout,
    timeout,
    signal,
  })
  const mending = new Mending({ material: { get sent() { return sent() }, verdict, completion, question: about }, findings, protocol, present: env.NODE_EXTRA_CA_CERTS || undefined, reach })
  return { completion, mending }
}

/**
 * What is made when it is first asked for: certificates as JavaScript has them cost more than the handshake that brought them.
 *
 * @template Value
 * @param {() => Value} make
 */
function once(make) {
  /** @type {Value | undefined} */
  let made
  return () => (made ??= make())
}

/**
 * @param {import('./diagnose/aia.js').Completion | null} completion
 * @returns {import('../index.js').CompletedChain | null}
 */
function completedOf(completion) {
  if (completion === null || completion.fetched.length === 0) return null
  const { chain, verdict: { ok, code } } = completion
  return { ok, code, chain, pem: chain.map(({ pem }) => pem).join('') }
}

/**
 * What perspectives start from.
 *
 * @param {import('./diagnose/options.js').Asked} asked
 * @param {string | undefined} hostname
 * @param {import('./trusted.js').Trusted} trusted
 */
function seenFrom({ now, question }, hostname, trusted) {
  const { allowPartialTrustChain, node, perspectives } = question
  return { trusted, asked: { hostname, client: false, now, allowPartialTrustChain, node, ciphers: undefined }, isChosen: perspectives !== undefined }
}

module.exports = { diagnose, diagnoseWith }
