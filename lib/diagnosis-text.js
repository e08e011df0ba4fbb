'use strict'

// The text of a diagnosis: the answer, the chain with the fault at its place, the session, what is wrong and who mends it, and the same chain as
// others see it. Whatever a server, a certificate or an argument had a say in is escaped here once more.

const { columns, counted, escapeLine, surface, wrap, wrapName } = require('./layout.js')
const { findings, shortened } = require('./text.js')
const { message, printed, tree, unused } = require('./verdict-text.js')

/**
 * @typedef {import('../index.js').Diagnosis} Diagnosis
 * @typedef {import('../index.js').DiagnosedPerspective} DiagnosedPerspective
 * @typedef {import('./layout.js').Surface} Surface
 */

const STAGES = { dns: 'While looking up the name', tcp: 'While connecting', proxy: 'While asking the proxy', starttls: 'While asking for TLS', handshake: 'In the handshake' }
/** @type {Record<NonNullable<Diagnosis['failure']>['kind'], string>} */
const KINDS = {
  'not-found': 'it does not resolve',
  refused: 'the connection is refused',
  unreachable: 'there is no route',
  reset: 'the connection is reset',
  closed: 'the connection is closed without a word',
  'timed-out': 'there is no answer in time',
  alert: 'the server ends it with an alert',
  'plain-text': 'the server answers in plain text',
  'tls-instead': 'the server speaks TLS at once',
  declined: 'it is declined',
  oversized: 'the answer is larger than any that is read',
  malformed: 'the answer cannot be read',
  'nothing-shared': 'nothing in common with the server',
  other: 'it fails',
}
const AUTHORITIES_SHOWN = 4
const SHORT_ID = 16

const major = (/** @type {string} */ node) => String(Number.parseInt(node.replace(/^v/, ''), 10))
const safe = (/** @type {string} */ text) => escapeLine(shortened(text))
const bracketed = (/** @type {string} */ host) => (host.includes(':') ? `[${host}]` : host)

/** `host:port` of an endpoint, or what the target is called. @param {Diagnosis} diagnosis */
function nameOf({ endpoint, target }) {
  return safe(endpoint === null ? target : `${bracketed(endpoint.host)}:${endpoint.port}`)
}

/**
 * The answer in one sentence.
 *
 * @param {Diagnosis} diagnosis
 * @returns {{ text: string, ends: string, style: 'green' | 'red' | 'yellow' }} `ends`: what the text ends with and is painted
 */
function answer({ code, failure, node, observed, ok, verdict }) {
  const who = `Node ${major(node)}`
  if (ok) return { text: `${who} accepts it`, ends: 'accepts it', style: 'green' }
  if (verdict === null || (failure !== null && code !== verdict.code)) {
    const why = code ?? (failure === null ? 'no session' : KINDS[failure.kind])
    return { text: `${who} does not connect: ${why}`, ends: why, style: 'red' }
  }
  if (code !== null) return { text: `${who} refuses it: ${code}`, ends: code, style: 'red' }
  if (verdict.undetermined !== null) return { text: `what ${who} says is not known: ${safe(verdict.undetermined)}`, ends: 'not known', style: 'yellow' }
  return { text: `what is predicted and what ${safe(observed?.node ?? who)} observes differ`, ends: 'differ', style: 'yellow' }
}

/** @param {Diagnosis} diagnosis @param {Surface} to */
function headline(diagnosis, to) {
  const { ends, style, text } = answer(diagnosis)
  const [first = '', ...rest] = wrap(`${nameOf(diagnosis)}: ${text}`, to.width)
  const paint = (/** @type {string} */ line) => {
    const at = line.lastIndexOf(ends)
    return at < 0 ? line : line.slice(0, at) + to.paint(style, ends) + line.slice(at + ends.length)
  }
  return [paint(first), ...rest.map(paint)]
}

/** What the client prints, word for word where that is known. @param {Diagnosis} diagnosis @param {Surface} to */
function said({ code, failure, node, verdict }, to) {
  if (verdict === null || verdict.code === null || code !== verdict.code) {
    if (failure === null) return []
    const why = `${KINDS[failure.kind]}${failure.alert === null ? '' : ` (${alertWords(failure.alert)})`}${failure.text === null ? '' : `: ${safe(failure.text)}`}`
    return wrap(`${STAGES[failure.stage]}: ${why}`, to.width)
  }
  const text = printed(verdict, node)
  if (text === undefined) return []
  const head = 'Node prints: '
  return wrap(safe(text), to.width - head.length).map((line, index) => (index === 0 ? to.paint('yellow', head) + line : ' '.repeat(head.length) + line))
}

/** @param {number} number */
const alertWords = (number) => `alert ${number}, ${require('./diagnose/code.js').alertName(number)}`

/** @param {Diagnosis} diagnosis @param {Surface} to */
function chainLines({ chain, verdict }, to) {
  if (verdict === null) return []
  const sent = chain.map((certificate) => ({ certificate }))
  const out = verdict.stage === 'handshake'
    ? ['', to.paint('bold', 'What is sent; the handshake ends at it'), ...message(verdict, sent, to)]
    : ['', to.paint('bold', 'The path, from the leaf'), ...tree(verdict, sent, to)]
  const left = unused(verdict, sent, to)
  return left.length === 0 ? out : [...out, '', to.paint('bold', 'Sent and not used'), ...left]
}

/** @param {NonNullable<NonNullable<Diagnosis['session']>['ocsp']>} ocsp */
function stapleWords({ nextUpdate, revokedAt, status }) {
  if (status === 'unreadable') return 'an OCSP response that cannot be read'
  const until = nextUpdate === null ? '' : ` until ${nextUpdate.slice(0, 10)}`
  return `OCSP: ${status}${status === 'revoked' && revokedAt !== null ? ` on ${revokedAt.slice(0, 10)}` : until}`
}

/**
 * The connection: a line about the session, and one for each fact that not every server has.
 *
 * @param {Diagnosis} diagnosis
 * @param {Surface} to
 */
function sessionLines({ addresses, endpoint, session }, to) {
  if (endpoint === null) return []
  const out = []
  /** @param {string} text */
  const line = (text) => out.push(...wrap(text, to.width - 2).map((part, index) => (index === 0 ? part : `  ${part}`)))
  const way = [
    endpoint.address === null ? '' : `with ${safe(endpoint.address)}`,
    endpoint.proxy === null ? '' : `through the proxy ${safe(endpoint.proxy)}`,
    endpoint.starttls === null ? '' : `after STARTTLS (${endpoint.starttls})`,
  ].filter((part) => part !== '').join(', ')
  if (session !== null) {
    const { alpn, cipherSuite, complete, group, ocsp, protocol } = session
    const parts = [protocol, cipherSuite, group, alpn === null ? null : safe(alpn), ocsp === null ? null : stapleWords(ocsp), way === '' ? null : way]
    line(`Session: ${parts.filter((part) => part !== null).join(', ')}${complete ? '' : '; read from its first answer, since the handshake was not completed'}`)
    const { clientCertificate, versions, withoutServername } = session
    const spoken = versions.filter((version) => version.cipherSuite !== null).map((version) => version.protocol)
    if (spoken.length > 0) line(`TLS versions: ${spoken.join(', ')}`)
    if (clientCertificate !== null) line(clientCertificateWords(clientCertificate))
    if (withoutServername !== null && !withoutServername.same) {
      const { certificate, failure } = withoutServername
      const instead = certificate !== null ? `sends another certificate: ${safe(certificate.subject)}` : failure === null ? 'answers otherwise' : `does not answer: ${KINDS[failure.kind]}`
      line(`Without a server name it ${instead}`)
    }
  } else if (way !== '') line(`Tried ${way}`)
  if (addresses.length > 1) out.push(...addressTable(addresses, to))
  return out.length === 0 ? [] : ['', ...out]
}

/** @param {NonNullable<NonNullable<Diagnosis['session']>['clientCertificate']>} request */
function clientCertificateWords({ authorities, refused, sent }) {
  const names = authorities.slice(0, AUTHORITIES_SHOWN).map((name) => `\`${safe(name)}\``).join(', ')
  const more = authorities.length > AUTHORITIES_SHOWN ? ` and ${authorities.length - AUTHORITIES_SHOWN} more` : ''
  const from = authorities.length === 0 ? '' : ` issued by ${names}${more}`
  const got = sent ? ', and gets one' : ', and gets none'
  const then = refused === null ? got : sent ? `, and refuses the one it gets: ${refused}` : `, and refuses to go on without: ${refused}`
  return `It asks for a client certificate${from}${then}`
}

/** @param {Diagnosis['addresses']} addresses @param {Surface} to */
function addressTable(addresses, to) {
  const width = Math.max(...addresses.map(({ address }) => columns(address ?? '')))
  return ['', to.paint('bold', 'Its addresses'), ...addresses.map(({ address, chain, code, failure, ok }) => {
    const end = ok ? to.paint('green', 'ok') : to.paint('red', code ?? (failure === null ? 'not known' : KINDS[failure.kind]))
    const leaf = chain[0] === undefined ? '' : to.paint('dim', `  ${chain[0].slice(0, SHORT_ID)}…`)
    return `  ${safe(address ?? '').padEnd(width)}  ${end}${leaf}`
  })]
}

/**
 * Who comes to which end; what the letters stand for is below. Other Node lines that say the same as this one share a row.
 *
 * @param {readonly DiagnosedPerspective[]} perspectives
 * @param {Surface} to
 */
function perspectiveTable(perspectives, to) {
  const rows = folded(perspectives)
  const width = Math.max(...rows.map(({ label }) => columns(label)))
  /** @type {Map<string, string>} */
  const letters = new Map()
  const out = rows.map(({ label, seen }) => {
    if (seen.ok) return `  ${label.padEnd(width)}  ${to.paint('green', 'ok')}`
    const words = saidBy(seen)
    const letter = letters.get(words) ?? String.fromCharCode(65 + Math.min(letters.size, 25))
    letters.set(words, letter)
    return `  ${label.padEnd(width)}  ${to.paint('red', letter)}`
  })
  if (letters.size > 0) out.push('')
  for (const [words, letter] of letters) {
    wrap(words, to.width - 5).forEach((line, index) => out.push(index === 0 ? `  ${to.paint('red', letter)}  ${line}` : `     ${line}`))
  }
  return out
}

/** `CODE (cause)`: what the text says after the place. @param {DiagnosedPerspective} perspective */
const saidBy = ({ text }) => safe(text.slice(text.indexOf(': ') + 2))

/** @param {readonly DiagnosedPerspective[]} perspectives */
function folded(perspectives) {
  const [asked] = perspectives
  const isLine = (/** @type {DiagnosedPerspective} */ seen) => seen !== asked && seen.store === asked?.store && seen.time === asked.time && /^Node \d+ /.test(seen.label)
  const others = perspectives.filter(isLine)
  const rows = perspectives.filter((seen) => !isLine(seen)).map((seen) => ({ label: safe(seen.label), seen }))
  const ends = [...new Set(others.map((seen) => (seen.ok ? 'ok' : saidBy(seen))))]
  for (const end of ends) {
    const same = others.filter((seen) => (seen.ok ? 'ok' : saidBy(seen)) === end)
    const [first] = same
    const nodes = same.map(({ node }) => major(node))
    const label = `Node ${nodes.length < 2 ? nodes.join('') : `${nodes.slice(0, -1).join(', ')} and ${nodes[nodes.length - 1]}`}`
    if (first !== undefined) rows.push({ label: `${label}, likewise`, seen: first })
  }
  return rows
}

/**
 * The table where it tells more than the answer does: for a refusal, and where a Node line comes to another end than the others.
 *
 * @param {Diagnosis} diagnosis
 * @param {Surface} to
 */
function elsewhere({ findings: found, perspectives, verdict }, to) {
  const [asked, ...others] = perspectives
  if (asked === undefined || verdict === null) return []
  if (verdict.stage === 'handshake') return []
  const isTold = verdict.ok ? others.some(({ differs, store }) => differs && store === asked.store) : true
  if (!isTold) return []
  const out = ['', to.paint('bold', 'As others see this chain')]
  if (perspectives.some(({ differs }) => differs)) out.push(...perspectiveTable(perspectives, to))
  else out.push(...wrap(`All of them come to the same end: ${folded(perspectives).slice(1).map(({ label }) => label).join('; ')}`, to.width - 2).map((line) => `  ${line}`))
  if (found.some(({ rule }) => rule === 'chain-missing-intermediate')) {
    out.push('', ...wrap('Browsers besides fetch or remember intermediates that a server leaves out, so a page may open there all the same', to.width).map((line) => to.paint('dim', line)))
  }
  return out
}

/** @param {Diagnosis} diagnosis @param {Surface} to */
function comparison({ code, observed, ok, verdict }, to) {
  if (observed === null || (verdict === null && observed.code === code)) return []
  const end = (/** @type {boolean} */ isOk, /** @type {string | null} */ its) => (isOk ? 'ok' : (its ?? 'not known'))
  const predicted = end(verdict?.ok ?? false, verdict?.code ?? null)
  const seen = end(observed.ok, observed.code)
  if (ok && seen === 'ok') return wrap(`Node ${safe(observed.node)} itself connects, too`, to.width).map((line) => to.paint('dim', line))
  if (predicted === seen || seen === code) return wrap(`Predicted and observed: Node ${safe(observed.node)} itself ends with ${safe(seen)}`, to.width).map((line) => to.paint('dim', line))
  return wrap(`Predicted: ${predicted}; observed by Node ${safe(observed.node)} itself: ${safe(seen)}`, to.width).map((line) => to.paint('yellow', line))
}

/** @param {Diagnosis['timings']} timings @param {Surface} to */
function timingLine({ dns, tcp, proxy, starttls, handshake }, to) {
  const parts = Object.entries({ DNS: dns, TCP: tcp, proxy, STARTTLS: starttls, handshake })
    .flatMap(([name, took]) => (took === null ? [] : [`${name} ${took < 10 ? took.toFixed(1) : Math.round(took)} ms`]))
  return parts.length === 0 ? [] : [to.paint('dim', parts.join(', '))]
}

/** @param {Diagnosis} diagnosis @param {Surface} to */
function proofLines({ fetched, proofs }, to) {
  const out = []
  for (const { subject } of fetched) out.push(...wrapName(`Fetched: ${safe(subject)}`, to.rows))
  for (const { code, node, ok, title } of proofs) {
    const end = ok ? to.paint('green', 'works') : to.paint('red', code ?? 'does not work')
    out.push(...wrap(`Tried with Node ${safe(node)}: ${safe(title)}:`, to.width - 16).map((line, index, all) => (index === all.length - 1 ? `${line} ${end}` : line)))
  }
  return out.length === 0 ? [] : ['', ...out]
}

/**
 * Everything about one target.
 *
 * @param {Diagnosis} diagnosis
 * @param {Surface} [to]
 */
function diagnosis(diagnosis, to = surface()) {
  const out = [...headline(diagnosis, to), ...said(diagnosis, to), ...chainLines(diagnosis, to), ...sessionLines(diagnosis, to)]
  if (diagnosis.findings.length > 0) out.push('', findings(diagnosis.findings, to, { actors: true }))
  out.push(...proofLines(diagnosis, to), ...elsewhere(diagnosis, to))
  const last = [...comparison(diagnosis, to), ...timingLine(diagnosis.timings, to)]
  return [...out, ...(last.length === 0 ? [] : ['', ...last])].join('\n')
}

const SUMMARY_NAME = 44
const SHORT_TABLE = 20
const SUMMARY_CODE = 36

/**
 * One line a target.
 *
 * @param {readonly Diagnosis[]} diagnoses
 * @param {Surface} to
 */
function summary(diagnoses, to) {
  const name = (/** @type {Diagnosis} */ diagnosis) => nameOf(diagnosis)
  const width = Math.min(SUMMARY_NAME, Math.max(...diagnoses.map((diagnosis) => columns(name(diagnosis)))))
  const ends = diagnoses.map((diagnosis) => (diagnosis.ok ? 'ok' : (diagnosis.code ?? answer(diagnosis).ends)))
  const broad = Math.min(SUMMARY_CODE, Math.max(...ends.map(columns)))
  const lines = diagnoses.map((diagnosis, index) => {
    const { chain: [leaf], findings: found, ok } = diagnosis
    const end = (ends[index] ?? '').padEnd(broad)
    const until = leaf === undefined || leaf.notAfter === '' ? '' : to.paint('dim', `until ${leaf.notAfter.slice(0, 10)}`)
    const rules = [...new Set(found.filter(({ severity }) => severity !== 'info').map(({ rule }) => rule))].join(', ')
    return `  ${name(diagnosis).padEnd(width)}  ${to.paint(ok ? 'green' : 'red', end)}  ${[until, rules].filter((part) => part !== '').join('  ')}`.trimEnd()
  })
  const good = diagnoses.filter(({ ok }) => ok).length
  const tally = to.paint('bold', `${counted(diagnoses.length, 'target')}: ${good} ok, ${diagnoses.length - good} not`)
  // A long table has scrolled away from what stands above it.
  return (diagnoses.length > SHORT_TABLE ? [...lines, '', tally] : [tally, ...lines]).join('\n')
}

module.exports = { diagnosis, summary }
