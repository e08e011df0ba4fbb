'use strict'

// The text of a verdict: what Node says, the path as a tree with each fault at its certificate, and the same chain seen from elsewhere.
// Whatever a certificate or an argument had a say in is escaped here once more.

const { columns, counted, escapeLine, surface, wrap, wrapName } = require('./layout.js')
const { paragraph, shortened } = require('./text.js')

/**
 * @typedef {import('../index.js').Verdict} Verdict
 * @typedef {import('../index.js').Certificate} Certificate
 * @typedef {import('../index.js').PathCertificate} PathCertificate
 * @typedef {import('../index.js').PerspectiveVerdict} PerspectiveVerdict
 * @typedef {import('../index.js').Source} Source
 * @typedef {import('./layout.js').Surface} Surface
 * @typedef {{ certificate: Certificate | null, path?: string, line?: number }} Sent a certificate of the message; null for one that nobody can read
 */

const GLYPHS = {
  unicode: { branch: '└─ ', trunk: '│  ', fault: '✗', unknown: '?', before: '·' },
  ascii: { branch: '`- ', trunk: '|  ', fault: 'x', unknown: '?', before: '-' },
}
// Further in, a tree is no easier to read, and a terminal has no room.
const DEEPEST = 6
// As many certificates of a path are drawn at either end; what is between them is counted.
const ENDS = 6
const DATES_SHOWN = 4

/** @param {number} position from 0 */
function ordinal(position) {
  const number = position + 1
  const teen = number % 100 >= 11 && number % 100 <= 13
  return `${number}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')}`
}

/** @param {Certificate['publicKey']} key */
function keyName({ algorithm, bits }) {
  const names = /** @type {Record<string, string>} */ ({ rsa: 'RSA', 'rsa-pss': 'RSA-PSS', ec: 'EC', dsa: 'DSA' })
  const name = names[algorithm] ?? algorithm
  return escapeLine(bits === undefined ? name : `${name}-${bits}`)
}

/** @param {{ path?: string, line?: number }} place */
function placeName({ path, line }) {
  if (path === undefined) return line === undefined ? '' : `line ${line}`
  return line === undefined ? escapeLine(path) : `${escapeLine(path)}:${line}`
}

/** @param {Certificate} certificate */
function validity({ notBefore, notAfter }) {
  const day = (/** @type {string} */ date) => date.slice(0, 10) || 'a date that cannot be read'
  return `${day(notBefore)} to ${day(notAfter)}`
}

const STORE_WORDS = { node: "Node's list", mozilla: "Mozilla's list", system: 'the system store', extra: 'NODE_EXTRA_CA_CERTS', ca: '`ca`' }

/**
 * `sent 1st (chain.pem:1)`, or the store that it was taken from.
 *
 * @param {PathCertificate} certificate
 * @param {readonly Sent[]} sent
 */
function origin({ presented, sources }, sent) {
  if (presented !== null) {
    const place = placeName(sent[presented] ?? {})
    return `sent ${ordinal(presented)}${place === '' ? '' : ` (${place})`}`
  }
  const shown = sources.slice(0, 2).map((source) => {
    const place = placeName(source)
    return `${STORE_WORDS[source.store]}${place === '' ? '' : ` (${place})`}`
  })
  const more = sources.length > 2 ? `, ${sources.length - 2} more` : ''
  return shown.length === 0 ? 'from the trust store' : `from ${shown.join(', ')}${more}`
}

/**
 * One error of OpenSSL in a line: the code where Node has one, and what OpenSSL says.
 *
 * @param {Verdict['errors'][number]} error
 */
const errorText = ({ code, openssl, reason }) => `${code} (OpenSSL ${openssl}): ${escapeLine(reason)}`

/**
 * The faults of each depth. The last error is the verdict's; the others were reported before it.
 *
 * @param {Verdict} verdict
 * @returns {Map<number, { decides: boolean, text: string }[]>}
 */
function faults({ code, depth, errors, mismatch, reason, stage, undetermined }) {
  /** @type {Map<number, { decides: boolean, text: string }[]>} */
  const found = new Map()
  /** @param {number} at @param {boolean} decides @param {string} text */
  const add = (at, decides, text) => {
    const list = found.get(at)
    if (list === undefined) found.set(at, [{ decides, text }])
    else list.push({ decides, text })
  }
  if (stage === 'verify') errors.forEach((error, index) => add(error.depth, index === errors.length - 1 && code !== null, errorText(error)))
  else if (stage === 'identity') add(0, true, `${code}: ${mismatch === null ? escapeLine(reason ?? '') : nameFault(mismatch)}`)
  if (undetermined !== null) add(depth ?? 0, true, `not known: ${escapeLine(undetermined)}`)
  return found
}

const LISTED_NAMES = 8

/** @param {NonNullable<Verdict['mismatch']>} mismatch */
function nameFault({ host, compared, dnsNames, addresses, commonNames }) {
  const names = { addresses, 'dns-names': dnsNames, 'common-names': commonNames, nothing: [] }[compared]
  const words = { addresses: 'address', 'dns-names': 'DNS name', 'common-names': 'common name', nothing: 'name' }[compared]
  const asked = `\`${escapeLine(host)}\``
  if (names.length === 0) return `${asked} is asked for, and the certificate has no ${compared === 'addresses' ? 'addresses' : 'name to compare with'}`
  const shown = names.slice(0, LISTED_NAMES).map((name) => `\`${escapeLine(shortened(name))}\``)
  const more = names.length > LISTED_NAMES ? ` and ${names.length - LISTED_NAMES} more` : ''
  return `${asked} is asked for, and the certificate is for the ${words}${names.length === 1 ? '' : words.endsWith('s') ? 'es' : 's'} ${shown.join(', ')}${more}`
}

/**
 * The path, the leaf first, each certificate below the one that it issued.
 *
 * @param {Verdict} verdict
 * @param {readonly Sent[]} sent
 * @param {Surface} to
 */
function tree(verdict, sent, to) {
  const { path } = verdict
  const glyphs = GLYPHS[to.unicode ? 'unicode' : 'ascii']
  const found = faults(verdict)
  const missing = missingIssuer(verdict)
  const rows = path.length + (missing === undefined ? 0 : 1)
  /** @param {number} depth */
  const indent = (depth) => '   '.repeat(Math.max(0, Math.min(depth, DEEPEST) - 1))
  /** @param {number} depth */
  const head = (depth) => `  ${indent(depth)}${depth === 0 ? '' : glyphs.branch}`
  /** @param {number} depth */
  const below = (depth) => `  ${indent(depth)}${depth === 0 ? '' : '   '}${depth + 1 < rows && depth < DEEPEST ? glyphs.trunk : '   '}`
  const out = []
  // What has no fault in a path longer than any that works is counted.
  const isShown = (/** @type {number} */ depth) => path.length <= 2 * ENDS + 1 || depth < ENDS || depth >= path.length - ENDS || found.has(depth)
  let skipped = 0
  const flush = () => {
    if (skipped > 0) out.push(`  ${indent(DEEPEST)}${to.paint('dim', `${glyphs.branch}… ${counted(skipped, 'more certificate')}`)}`)
    skipped = 0
  }
  path.forEach((certificate, depth) => {
    if (!isShown(depth)) {
      skipped += 1
      return
    }
    flush()
    const wrong = found.get(depth) ?? []
    const decides = wrong.some((fault) => fault.decides)
    const number = `${depth} `
    const start = head(depth)
    const margin = below(depth)
    const names = wrapName(escapeLine(shortened(certificate.subject || '(empty subject)')), to.rows - columns(start) - number.length)
    names.forEach((line, index) => {
      const painted = decides ? to.paint('red', line) : to.paint('bold', line)
      out.push(index === 0 ? `${start}${number}${painted}` : `${margin}${' '.repeat(Math.max(0, columns(start) + number.length - columns(margin)))}${painted}`)
    })
    const facts = `${origin(certificate, sent)}; ${keyName(certificate.publicKey)}; ${validity(certificate)}`
    out.push(...wrap(facts, to.width - columns(margin)).map((line) => margin + to.paint('dim', line)))
    for (const { decides: last, text } of wrong) {
      const mark = last ? glyphs.fault : glyphs.before
      const lines = wrap(text, to.width - columns(margin) - 2)
      lines.forEach((line, index) => {
        const shown = `${index === 0 ? `${mark} ` : '  '}${line}`
        out.push(margin + (last ? to.paint('red', shown) : to.paint('yellow', shown)))
      })
    }
  })
  flush()
  if (missing !== undefined) {
    const start = head(path.length)
    const lines = wrapName(escapeLine(shortened(missing || '(empty name)')), to.rows - columns(start) - 2)
    const gap = ' '.repeat(columns(start) + 2)
    lines.forEach((line, index) => out.push(index === 0 ? `${start}${to.paint('yellow', `${glyphs.unknown} ${line}`)}` : gap + to.paint('yellow', line)))
    out.push(...wrap('the issuer: neither sent nor in the trust store', to.width - columns(gap)).map((line) => gap + to.paint('dim', line)))
  }
  return out
}

const NO_ISSUER = new Set([2, 20, 21])

/**
 * The name of the issuer that was looked for in vain.
 *
 * @param {Verdict} verdict
 */
function missingIssuer({ errors, path }) {
  const last = path[path.length - 1]
  if (last === undefined || last.selfSigned) return undefined
  return errors.some(({ openssl, depth }) => NO_ISSUER.has(openssl) && depth === path.length - 1) ? last.issuer : undefined
}

/**
 * Where the handshake ends there is no path: what was sent, with the fault at what cannot be read.
 *
 * @param {Verdict} verdict
 * @param {readonly Sent[]} sent
 * @param {Surface} to
 */
function message({ code, depth, reason }, sent, to) {
  const { fault } = GLYPHS[to.unicode ? 'unicode' : 'ascii']
  const why = wrap(`${fault} ${code}: ${escapeLine(reason ?? '')}`, to.width - 6).map((line, index) => '     ' + (index === 0 ? '' : '  ') + to.paint('red', line))
  const out = sent.slice(0, 2 * ENDS).flatMap(({ certificate, ...place }, position) => {
    const name = certificate === null ? 'no certificate that can be read' : escapeLine(shortened(certificate.subject || '(empty subject)'))
    const where = placeName(place)
    const line = `  ${ordinal(position).padStart(4)}  ${fittedName(name, to, where)}${where === '' ? '' : `  ${to.paint('dim', where)}`}`
    return position === depth ? [line, ...why] : [line]
  })
  if (sent.length > 2 * ENDS) out.push(`        ${counted(sent.length - 2 * ENDS, 'more certificate')}`)
  return depth === null || depth >= Math.min(sent.length, 2 * ENDS) ? [...out, ...why] : out
}

/** @param {string} name @param {Surface} to @param {string} where */
function fittedName(name, to, where) {
  const room = to.rows - 10 - columns(where)
  return columns(name) <= room ? name : `${[...name].slice(0, Math.max(8, room - 1)).join('')}…`
}

/**
 * What was sent and is not part of the path, with the reason.
 *
 * @param {Verdict} verdict
 * @param {readonly Sent[]} sent
 * @param {Surface} to
 */
function unused({ path, stage }, sent, to) {
  if (stage === 'handshake') return []
  const used = new Set(path.map(({ presented }) => presented))
  const issuers = new Set(path.map(({ issuer }) => issuer))
  const rows = sent.flatMap(({ certificate, ...place }, position) => {
    if (used.has(position) || certificate === null) return []
    const twin = sent.findIndex((other) => other.certificate?.sha256 === certificate.sha256)
    const inStore = path.some((element) => element.sha256 === certificate.sha256 && element.presented === null)
    const why = twin < position ? `the same as the ${ordinal(twin)}` : inStore ? "the trust store's own copy is taken" :
      issuers.has(certificate.subject) ? 'another one of that name is taken' : 'issued nothing in the path'
    const where = placeName(place)
    return [[`  ${ordinal(position).padStart(4)}  `, escapeLine(shortened(certificate.subject || '(empty subject)')), `${where === '' ? '' : `${where}: `}${why}`]]
  })
  const out = rows.slice(0, 2 * ENDS).flatMap(([head = '', name = '', why = '']) => [
    ...wrapName(name, to.rows - head.length).map((line, index) => (index === 0 ? head : ' '.repeat(head.length)) + line),
    ...wrap(why, to.width - head.length).map((line) => ' '.repeat(head.length) + to.paint('dim', line)),
  ])
  return rows.length > 2 * ENDS ? [...out, `        ${counted(rows.length - 2 * ENDS, 'more certificate')}`] : out
}

/**
 * `CODE (cause)` of a perspective: what its text says after the place.
 *
 * @param {PerspectiveVerdict} perspective
 */
const saidBy = ({ text }) => escapeLine(text.slice(text.indexOf(': ') + 2))

/** @param {PerspectiveVerdict} perspective */
const rowName = ({ store, allowPartialTrustChain }) => (allowPartialTrustChain ? `${store}, partial chains` : store)

const major = (/** @type {string} */ node) => String(Number.parseInt(node.replace(/^v/, ''), 10))

/**
 * A row for each date and store, a column for each Node; what the letters stand for is below.
 *
 * @param {readonly PerspectiveVerdict[]} perspectives
 * @param {Surface} to
 */
function perspectiveTable(perspectives, to) {
  const nodes = [...new Set(perspectives.map(({ node }) => major(node)))].sort((one, other) => Number(one) - Number(other))
  /** @type {Map<string, { day: string, name: string, cells: Map<string, string> }>} */
  const rows = new Map()
  /** @type {Map<string, string>} */
  const letters = new Map()
  for (const perspective of perspectives) {
    const day = perspective.time.slice(0, 10)
    const name = rowName(perspective)
    const key = `${perspective.time} ${name}`
    const row = rows.get(key) ?? { day, name, cells: new Map() }
    rows.set(key, row)
    const said = saidBy(perspective)
    if (!perspective.ok && !letters.has(said)) letters.set(said, letters.size < 26 ? String.fromCharCode(65 + letters.size) : String(letters.size - 25))
    row.cells.set(major(perspective.node), perspective.ok ? 'ok' : /** @type {string} */ (letters.get(said)))
  }
  // The question itself stands first.
  const ASKED = ' (asked)'
  const first = Math.max(5, ...[...rows.values()].map(({ name }, index) => columns(name) + (index === 0 ? ASKED.length : 0)))
  const out = [to.paint('dim', `  ${'On'.padEnd(12)}${'Trust'.padEnd(first)}  Node${nodes.map((node) => node.padStart(4)).join('')}`)]
  let before = ''
  for (const { day, name, cells } of rows.values()) {
    const isAsked = before === ''
    const shown = nodes.map((node) => {
      const cell = cells.get(node) ?? ''
      return ' '.repeat(4 - cell.length) + to.paint(cell === 'ok' ? 'green' : 'red', cell)
    })
    out.push(`  ${(day === before ? '' : day).padEnd(12)}${`${name}${isAsked ? ASKED : ''}`.padEnd(first)}      ${shown.join('')}`)
    before = day
  }
  if (letters.size > 0) out.push('')
  for (const [said, letter] of letters) {
    wrap(said, to.width - 5).forEach((line, index) => out.push(index === 0 ? `  ${to.paint('red', letter.padEnd(2))} ${line}` : `     ${line}`))
  }
  return out
}

/**
 * `Node 18, 20 and 22 accept it, 24 and 26 do not`; undefined when all say the same.
 *
 * @param {readonly PerspectiveVerdict[]} perspectives of one store and time
 */
function lines(perspectives) {
  const words = (/** @type {string[]} */ list) => (list.length < 2 ? list.join('') : `${list.slice(0, -1).join(', ')} and ${list[list.length - 1]}`)
  const good = perspectives.filter(({ ok }) => ok).map(({ node }) => major(node))
  const bad = perspectives.filter(({ ok }) => !ok).map(({ node }) => major(node))
  if (good.length === 0 || bad.length === 0) return undefined
  return `Node ${words(good)} ${good.length === 1 ? 'accepts' : 'accept'} it, Node ${words(bad)} ${bad.length === 1 ? 'does' : 'do'} not`
}

/**
 * The perspectives of a verdict: a sentence when Node's versions disagree, and the table.
 *
 * @param {readonly PerspectiveVerdict[]} perspectives the one asked for first
 * @param {Surface} to
 */
function elsewhere(perspectives, to) {
  const [asked] = perspectives
  if (asked === undefined) return []
  const dates = [...new Set(perspectives.map(({ time }) => time))]
  const kept = new Set(dates.slice(0, DATES_SHOWN))
  const shown = perspectives.filter(({ time }) => kept.has(time))
  const sentence = lines(perspectives.filter(({ store, time, allowPartialTrustChain }) =>
    store === asked.store && time === asked.time && allowPartialTrustChain === asked.allowPartialTrustChain))
  const out = []
  if (sentence !== undefined) out.push(...wrap(sentence, to.width), '')
  out.push(...perspectiveTable(shown, to))
  if (dates.length > DATES_SHOWN) out.push('', to.paint('dim', `  and ${counted(dates.length - DATES_SHOWN, 'later change')}`))
  return out
}

/**
 * What Node says, in a line.
 *
 * @param {Pick<Verdict, 'ok' | 'code' | 'reason' | 'depth' | 'stage' | 'undetermined'>} verdict
 * @param {Surface} to
 */
function outcome({ ok, code, reason, depth, stage, undetermined }, to) {
  if (ok) return [to.paint('green', 'ok')]
  const head = code ?? 'not known'
  const where = depth === null ? '' : stage === 'handshake' ? ` at the ${ordinal(depth)} certificate` : ` at depth ${depth}`
  const [first = '', ...rest] = wrap(`${head}${where}: ${escapeLine(reason ?? undetermined ?? '')}`, to.width)
  const style = code === null ? 'yellow' : 'red'
  return [to.paint(style, head) + first.slice(head.length), ...rest]
}

/**
 * A verdict with its path and what is said elsewhere.
 *
 * @param {Verdict} verdict
 * @param {Surface} [to]
 */
function verdict(verdict, to = surface()) {
  const out = outcome(verdict, to)
  out.push(...(verdict.stage === 'handshake' ? [] : tree(verdict, [], to)))
  if (verdict.perspectives.some(({ differs }) => differs)) out.push('', ...elsewhere(verdict.perspectives, to))
  return out.join('\n')
}

// To whose messages Node 24 and later add where the system's store is (`TLSSocket.prototype._finishInit` leads to `lib/_tls_wrap.js`, `onConnectSecure`).
const HINTED = new Set(['DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT'])
const HINT = '; if the root CA is installed locally, try running Node.js with --use-system-ca'

/**
 * The error as a client prints it; undefined where that is not known word for word.
 *
 * @param {Verdict} verdict
 * @param {string} node
 */
function printed({ code, reason, stage }, node) {
  if (stage === 'verify') return `Error: ${reason}${Number(major(node)) >= 24 && HINTED.has(code ?? '') ? HINT : ''}`
  if (stage === 'identity') return `Error [${code}]: Hostname/IP does not match certificate's altnames: ${reason}`
  return undefined
}

/**
 * @typedef {object} Diagnosis
 * @property {string} name What the chain is called.
 * @property {string} format What the file is.
 * @property {{ hostname?: string, node: string, purpose: 'server' | 'client', time: string, allowPartialTrustChain: boolean, store: string, trust: string }} question
 * @property {Verdict} verdict
 * @property {readonly PerspectiveVerdict[]} perspectives The one asked for first.
 * @property {readonly Sent[]} sent
 * @property {readonly string[]} notes What else is worth knowing about the file.
 * @property {import('../index.js').Finding[]} findings
 */

/**
 * Everything about one chain.
 *
 * @param {Diagnosis} diagnosis
 * @param {Surface} [to]
 */
function diagnosis({ name, format, question, verdict: judged, perspectives, sent, notes, findings }, to = surface()) {
  const { hostname, node, purpose, time, trust } = question
  const out = [to.paint('bold', escapeLine(name))]
  const asked = purpose === 'client' ? 'a client' : hostname === undefined ? 'a server (host name not checked)' : `the server \`${escapeLine(hostname)}\``
  const day = time.endsWith('T00:00:00Z') ? time.slice(0, 10) : time
  out.push(...wrap(`${format}, ${counted(sent.length, 'certificate')}: what Node ${escapeLine(node)} says of ${asked} on ${day}, trusting ${escapeLine(trust)}`, to.width))
  for (const note of notes) out.push(...paragraph(0, note, to).map((line) => to.paint('dim', line)))
  out.push('', ...outcome(judged, to))
  const text = purpose === 'client' ? undefined : printed(judged, node)
  if (text !== undefined) {
    const head = 'Node prints: '
    wrap(escapeLine(shortened(text)), to.width - head.length).forEach((line, index) => out.push(index === 0 ? to.paint('yellow', head) + line : ' '.repeat(head.length) + line))
  }
  if (judged.stage === 'handshake') out.push('', to.paint('bold', 'What is sent; the handshake ends at it'), ...message(judged, sent, to))
  else if (judged.path.length > 0) out.push('', to.paint('bold', 'The path, from the leaf'), ...tree(judged, sent, to))
  const left = unused(judged, sent, to)
  if (left.length > 0) out.push('', to.paint('bold', 'Sent and not used'), ...left)
  const seen = elsewhere(perspectives, to)
  if (seen.length > 0) out.push('', to.paint('bold', 'On other versions, with other trust, at other times'), ...seen)
  if (findings.length > 0) out.push('', require('./text.js').findings(findings, to))
  return out.join('\n')
}

module.exports = { diagnosis, message, printed, tree, unused, verdict }
