'use strict'

// The certificates that a server should have sent, from where the certificates themselves say that their issuer's is: caIssuers in
// authorityInfoAccess (RFC 5280 section 4.2.2.1). Nothing here is ever trusted: what is fetched is a link between what was sent and what is trusted.
//
// The addresses are the diagnosed server's choice, and any address is followed, one in a private network as well: a private CA publishes there.

const { inspectCaFileSync } = require('../inspect.js')
const { escapeLine } = require('../layout.js')
const { NativeTrust, issuerAddresses } = require('../native.js')
const { verdictOn } = require('../verify.js')

/**
 * @typedef {import('../../index.js').Certificate} Certificate
 * @typedef {import('../../index.js').Verdict} Verdict
 * @typedef {import('./proxy.js').Proxy} Proxy
 *
 * @typedef {object} Completion What following the addresses came to.
 * @property {Certificate[]} fetched The intermediates that were found, in the order of the chain.
 * @property {Certificate | null} root A self-signed certificate at the end of the addresses: no link, and not trusted for being there.
 * @property {Certificate[]} chain What the server should send, its own certificate first.
 * @property {Verdict} verdict On that chain.
 * @property {string[]} steps What was tried and what came of it, a line each.
 */

const MAX_HOPS = 5
const MAX_REDIRECTS = 3
const MAX_ADDRESSES = 4
const MAX_BYTES = 64 * 1024
// What CAs publish, and what RFC 5280 section 4.2.2.1 names; the inspector knows more.
const FORMATS = ['der', 'pem', 'pkcs7']
const NO_ISSUER = ['UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE']
// X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY and X509_V_ERR_CERT_SIGNATURE_FAILURE.
const SIGNATURE_ERRORS = [6, 7]

/** @param {Pick<Verdict, 'errors'>} verdict */
function lacksIssuer({ errors }) {
  return errors.some(({ code }) => NO_ISSUER.includes(code))
}

/**
 * The chain that a verdict followed, as a server sends it: without the root.
 *
 * @param {Verdict} verdict
 * @returns {Certificate[]}
 */
function linksOf({ path }) {
  return path.filter(({ selfSigned }, depth) => depth === 0 || !selfSigned)
}

/**
 * Follows the addresses until the chain reaches what is trusted, a root, or an end.
 *
 * @param {Verdict} verdict On what was sent.
 * @param {object} how
 * @param {(chain: string[]) => Verdict} how.judge The same question about another chain.
 * @param {Proxy} [how.proxy] To ask through, where the caller named one: the environment's is for the diagnosed server.
 * @param {number} how.stageTimeout Milliseconds for one address, redirects included.
 * @param {number} how.timeout Milliseconds for all of them.
 * @param {AbortSignal} [how.signal]
 * @returns {Promise<Completion>}
 */
async function complete(verdict, { judge, proxy, stageTimeout, timeout, signal }) {
  const end = performance.now() + timeout
  const links = linksOf(verdict)
  /** @type {Completion} */
  const completion = { fetched: [], root: null, chain: links, verdict, steps: [] }
  /** @type {Map<string, Promise<Answer>>} */
  const answers = new Map()
  const ask = (/** @type {string} */ address) => {
    const known = answers.get(address)
    if (known !== undefined) return known
    const answer = fetched(address, { proxy, timeout: Math.min(stageTimeout, end - performance.now()), signal })
    answers.set(address, answer)
    return answer
  }
  while (lacksIssuer(completion.verdict)) {
    const child = links[links.length - 1]
    if (child === undefined || child.selfSigned) break
    if (completion.fetched.length === MAX_HOPS) {
      completion.steps.push(`after ${MAX_HOPS} certificates the chain still leads to nothing that is trusted, and no further address is followed`)
      break
    }
    const next = await issuerOf(child, links, { ask, judge, steps: completion.steps })
    if (next === undefined) break
    if (next.certificate.selfSigned) {
      completion.root = next.certificate
      break
    }
    links.push(next.certificate)
    completion.fetched.push(next.certificate)
    completion.verdict = next.verdict
  }
  return completion
}

/**
 * The certificate that issued this one, from the addresses in it; of several, the one with which the chain is accepted.
 *
 * @param {Certificate} child
 * @param {Certificate[]} links
 * @param {object} how
 * @param {(address: string) => Promise<Answer>} how.ask
 * @param {(chain: string[]) => Verdict} how.judge
 * @param {string[]} how.steps
 */
async function issuerOf(child, links, { ask, judge, steps }) {
  const addresses = issuerAddresses(derOf(child))
  if (addresses.length === 0) steps.push(`\`${child.subject}\` does not say where its issuer's certificate can be had`)
  /** @type {{ certificate: Certificate, verdict: Verdict } | undefined} */
  let best
  for (const address of addresses.slice(0, MAX_ADDRESSES)) {
    const { certificates, failure } = await ask(address)
    if (certificates === undefined) {
      steps.push(`${escapeLine(address)}: ${failure}`)
      continue
    }
    const issuers = certificates.filter((certificate) => hasIssued(certificate, child))
    const [issuer] = issuers
    if (issuer === undefined) {
      const names = certificates.slice(0, 3).map(({ subject }) => `\`${subject}\``).join(', ')
      steps.push(`${escapeLine(address)}: it holds ${names}, and none of them issued \`${child.subject}\`: name, key identifier or signature differs`)
      continue
    }
    const fresh = issuers.filter(({ sha256 }) => !links.some((link) => link.sha256 === sha256))
    if (fresh.length === 0) {
      steps.push(`${escapeLine(address)}: it holds \`${issuer.subject}\`, which is in the chain already: the addresses lead in a circle`)
      continue
    }
    for (const certificate of fresh) {
      const verdict = judge([...links, certificate].map(({ pem }) => pem))
      const isBetter = best === undefined || (verdict.ok && !best.verdict.ok) || (best.certificate.selfSigned && !certificate.selfSigned)
      if (isBetter) best = { certificate, verdict }
    }
    if (best !== undefined) {
      steps.push(`${escapeLine(address)}: it holds \`${best.certificate.subject}\`, which issued \`${child.subject}\``)
      break
    }
  }
  return best
}

/**
 * Whether OpenSSL finds the one to be the other's issuer, and the signature fits.
 *
 * @param {Certificate} issuer
 * @param {Certificate} child
 */
function hasIssued(issuer, child) {
  const trust = NativeTrust.fromCa([issuer.pem])
  const trusted = { name: 'ca', trust, on: () => trust, part: () => trust }
  // From Node 24's viewpoint any certificate may end a path, which is the question here.
  const { path, errors, undetermined } = verdictOn([child.pem], 'chain', trusted, { node: '24', allowPartialTrustChain: true }, 'options')
  return path[1]?.sha256 === issuer.sha256 && undetermined === null && !errors.some(({ openssl }) => SIGNATURE_ERRORS.includes(openssl))
}

/** @param {Pick<Certificate, 'pem'>} certificate */
function derOf({ pem }) {
  return Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64')
}

/**
 * @typedef {{ certificates: Certificate[], failure?: undefined } | { certificates?: undefined, failure: string }} Answer
 */

/**
 * The certificates at an address.
 *
 * @param {string} address
 * @param {{ proxy?: Proxy, timeout: number, signal?: AbortSignal }} how
 * @returns {Promise<Answer>}
 */
async function fetched(address, { proxy, timeout, signal }) {
  signal?.throwIfAborted()
  if (timeout <= 0) return { failure: 'not asked, since the time for the whole is up' }
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), timeout)
  const abort = () => stop.abort()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    let url = followed(address)
    for (let redirects = 0; ; redirects++) {
      const { status, location, body, isPage } = await get(url, proxy, stop.signal)
      if (status === 200) return read(body, isPage)
      if (location === undefined) return { failure: `it answers ${status}` }
      if (redirects === MAX_REDIRECTS) return { failure: `it redirects more than ${MAX_REDIRECTS} times` }
      url = followed(location, url)
    }
  } catch (error) {
    signal?.throwIfAborted()
    if (stop.signal.aborted) return { failure: `no whole answer within ${timeout >= 1000 ? `${Math.round(timeout / 100) / 10} s` : `${Math.round(timeout)} ms`}` }
    if (error instanceof Refusal) return { failure: error.message }
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error)
    return { failure: `it cannot be had (${escapeLine(code ?? message)})` }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

/** What is not done, and why. */
class Refusal extends Error {}

/**
 * @param {string} address
 * @param {URL} [base] That redirects to it.
 */
function followed(address, base) {
  /** @type {URL} */
  let url
  try {
    url = new URL(address, base)
  } catch {
    throw new Refusal(`${base === undefined ? 'it is' : 'it redirects to what is'} no address`)
  }
  const subject = base === undefined ? 'it' : `it redirects to ${escapeLine(url.href)}, which`
  // RFC 5280 section 8: an address that needs certificates verified may need the very one that is missing.
  if (url.protocol === 'https:') throw new Refusal(`${subject} is not followed: to verify that server's certificate may take the one that is missing`)
  if (url.protocol !== 'http:') throw new Refusal(`${subject} is not followed: only http is`)
  if (url.username !== '' || url.password !== '') throw new Refusal(`${subject} is not followed: there is a user name in it`)
  return url
}

/**
 * @param {URL} url
 * @param {Proxy | undefined} proxy
 * @param {AbortSignal} signal
 * @returns {Promise<{ status: number, location?: string, body: Buffer, isPage: boolean }>}
 */
function get(url, proxy, signal) {
  return new Promise((resolve, reject) => {
    const headers = { accept: 'application/pkix-cert, application/pkcs7-mime, */*;q=0.1', connection: 'close' }
    // `agent: false`: the program's global agent may go through a proxy, or keep what it opens.
    const request = proxy === undefined
      ? require('node:http').get(url, { agent: false, headers, signal })
      : throughProxy(url, proxy, headers, signal)
    request.on('error', reject)
    request.on('response', (response) => {
      const { statusCode: status = 0, headers: answered } = response
      response.on('error', reject)
      const location = status >= 300 && status < 400 ? answered.location : undefined
      const isPage = /html/i.test(answered['content-type'] ?? '')
      const finish = (/** @type {Buffer} */ body) => {
        resolve({ status, ...(location === undefined ? {} : { location }), body, isPage })
        request.destroy()
      }
      // The words of a refusal are not read.
      if (status !== 200) return finish(Buffer.alloc(0))
      /** @type {Buffer[]} */
      const parts = []
      let length = 0
      response.on('data', (part) => {
        length += part.length
        parts.push(part)
        if (length <= MAX_BYTES) return
        reject(new Refusal(`it answers with more than ${MAX_BYTES / 1024} KiB`))
        request.destroy()
      })
      response.on('end', () => finish(Buffer.concat(parts)))
    })
  })
}

/**
 * @param {URL} url
 * @param {Proxy} proxy
 * @param {Record<string, string>} headers
 * @param {AbortSignal} signal
 */
function throughProxy(url, { host, port, isTls, authorization }, headers, signal) {
  const options = {
    host,
    port,
    path: url.href,
    headers: { ...headers, host: url.host, ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }) },
    agent: /** @type {const} */ (false),
    signal,
  }
  return isTls ? require('node:https').get(options) : require('node:http').get(options)
}

/**
 * @param {Buffer} body
 * @param {boolean} isPage
 * @returns {Answer}
 */
function read(body, isPage) {
  const { format, found } = inspectCaFileSync(body)
  if (FORMATS.includes(format) && found.length > 0) return { certificates: found }
  if (body.length === 0) return { failure: 'its answer is empty' }
  return { failure: isPage || /^\s*<(!doctype|html)/i.test(body.toString('latin1', 0, 64)) ? 'it answers with a web page, and no certificate' : 'there is no certificate in its answer' }
}

module.exports = { complete, linksOf, lacksIssuer }
