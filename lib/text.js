'use strict'

// Text for people. Loaded only where text is asked for. Everything that a file, a certificate or the environment had a say in is escaped
// here once more, whoever escaped it before.

const { columns, counted, escapeLine, escapeLines, surface, wrap, wrapName } = require('./layout.js')
const { TITLES } = require('./runtime.js')

/**
 * @typedef {import('../index.js').Finding} Finding
 * @typedef {import('../index.js').Certificate} Certificate
 * @typedef {import('../index.js').CaFileReport} CaFileReport
 * @typedef {import('../index.js').CaFileBlock} CaFileBlock
 * @typedef {import('./layout.js').Surface} Surface
 * @typedef {import('./layout.js').Style} Style
 */

/** @type {Record<Finding['severity'], Style>} */
const SEVERITY_STYLES = { error: 'red', warning: 'yellow', info: 'blue' }
/** @type {Record<CaFileBlock['fate'], Style>} */
const FATE_STYLES = { loaded: 'green', skipped: 'dim', stopped: 'red', lost: 'red' }
const FORMATS = {
  pem: 'PEM',
  der: 'DER',
  pkcs7: 'PKCS#7',
  pkcs12: 'PKCS#12',
  directory: 'a directory',
  pipe: 'a pipe',
  device: 'a device',
  empty: 'an empty file',
  unreadable: 'a file that cannot be read',
  unknown: 'no format that is known',
}
const SHELLS = { bash: 'bash', powershell: 'PowerShell', dockerfile: 'Dockerfile', yaml: 'YAML', config: 'configuration', javascript: 'JavaScript' }
const NAME_LIMIT = 400

/** @param {string} name */
function shortened(name) {
  const characters = [...name]
  if (characters.length <= NAME_LIMIT) return name
  return `${characters.slice(0, NAME_LIMIT).join('')}… (${characters.length - NAME_LIMIT} more characters)`
}

/**
 * `2 errors, 1 warning`, without what there is none of.
 *
 * @param {Finding[]} findings
 */
function tally(findings) {
  /** @param {Finding['severity']} severity */
  const count = (severity) => findings.filter((finding) => finding.severity === severity).length
  const parts = []
  if (count('error') > 0) parts.push(counted(count('error'), 'error'))
  if (count('warning') > 0) parts.push(counted(count('warning'), 'warning'))
  if (count('info') > 0) parts.push(counted(count('info'), 'note'))
  return parts.length === 0 ? 'no findings' : parts.join(', ')
}

/**
 * Puts `first` before the first line and blanks before the others.
 *
 * @param {string} first
 * @param {string[]} lines
 */
function hanging(first, lines, size = columns(first)) {
  return lines.map((line, index) => (index === 0 ? `${first}${line}` : `${' '.repeat(size)}${line}`))
}

/**
 * @param {number} indent
 * @param {string} text
 * @param {Surface} to
 */
function paragraph(indent, text, to) {
  return text.split('\n').flatMap((line) => wrap(escapeLine(line), to.width - indent).map((part) => (part === '' ? '' : ' '.repeat(indent) + part)))
}

/**
 * `error[rule]: message`, wrapped.
 *
 * @param {Finding} finding
 * @param {number} indent
 * @param {Surface} to
 * @param {string} [place]
 */
function statement(finding, indent, to, place = '') {
  const style = SEVERITY_STYLES[finding.severity]
  const label = finding.severity === 'info' ? 'note' : finding.severity
  const head = `${label}[${finding.rule}]:`
  const [first = '', ...rest] = wrap(`${head} ${escapeLine(place + finding.message)}`, to.width - indent - 2)
  const painted = first.startsWith(head) ? to.paint(style, head) + first.slice(head.length) : first
  return [' '.repeat(indent) + painted, ...rest.map((line) => ' '.repeat(indent + 2) + line)]
}

/**
 * A way to mend it: its title, then what can be copied. Nothing that can be copied is ever wrapped.
 *
 * @param {import('../index.js').Fix} fix
 * @param {number} indent
 * @param {string} head
 * @param {Surface} to
 */
function remedy(fix, indent, head, to) {
  const margin = ' '.repeat(indent)
  const size = columns(head)
  const lines = wrap(escapeLine(fix.title), to.width - indent - size)
  const out = hanging(margin + to.paint('green', head), lines, indent + size)
  const inner = margin + ' '.repeat(Math.min(5, size) + (size > 3 ? 0 : 2))
  if (fix.proof?.ok) out.push(inner + to.paint('green', `proved: Node ${escapeLine(fix.proof.node)} connects with it`))
  /** @param {string} text */
  const copyable = (text) => {
    const parts = escapeLines(text.replace(/\n$/, ''))
    // A here-document and a PEM block are only valid at the beginning of their lines.
    const flush = /<<|^-----BEGIN |@['"]$/m.test(text)
    for (const part of parts) out.push(flush || part === '' ? part : inner + part)
  }
  const all = fix.commands ?? []
  const wanted = to.everyPlatform ? all : all.filter(({ shell, platform }) => platform === undefined && to.shells.includes(shell))
  const shown = wanted.length > 0 ? wanted : all
  for (const { shell, platform, text } of shown) {
    const place = platform === undefined ? SHELLS[shell] : shell === 'dockerfile' ? `${SHELLS[shell]}, ${platform}` : platform
    if (shown.length > 1 || shell !== 'bash') out.push(`${inner.slice(2)}${to.paint('dim', `${place}:`)}`)
    copyable(text)
  }
  if (fix.code !== undefined) copyable(fix.code)
  if (fix.pem !== undefined) copyable(fix.pem)
  return out
}

/**
 * The first lines of a list that is longer than what it is about deserves.
 *
 * @param {string} detail
 * @param {Finding['severity']} severity
 */
function abridged(detail, severity) {
  const lines = detail.split('\n')
  const most = severity === 'info' ? 6 : 12
  return lines.length <= most + 1 ? detail : [...lines.slice(0, most), `and ${lines.length - most} more`].join('\n')
}

/** @param {NonNullable<Finding['location']>} location */
function place({ path, line }) {
  const at = path === undefined ? '' : escapeLine(path)
  return line === undefined ? at : at === '' ? `line ${line}` : `${at}:${line}`
}

/** @type {Record<Finding['actor'], string>} */
const ACTORS = { server: 'whoever runs the server', client: 'whoever runs this program', proxy: 'whoever runs the proxy', clock: "whoever sets this machine's clock" }

/**
 * @param {Finding} finding
 * @param {Surface} to
 * @param {{ actors?: boolean }} [options]
 */
function findingLines(finding, to, { actors = false } = {}) {
  const lines = statement(finding, 0, to)
  if (finding.location) {
    const at = place(finding.location)
    if (at !== '') lines.push(`  ${to.paint('dim', `at ${at}`)}`)
  }
  if (finding.detail !== undefined) lines.push(...paragraph(4, abridged(finding.detail, finding.severity), to))
  if (actors && finding.severity !== 'info') lines.push(`  ${to.paint('dim', `who must act: ${ACTORS[finding.actor]}`)}`)
  for (const fix of finding.fixes) lines.push('', ...remedy(fix, 2, 'fix: ', to))
  return lines
}

/** @param {Finding[]} list */
function bySeverity(list) {
  const order = { error: 0, warning: 1, info: 2 }
  return [...list].sort((one, other) => order[one.severity] - order[other.severity])
}

/**
 * Findings one after the other, the gravest first, each with its fixes, and their number at the end.
 *
 * @param {Finding[]} list
 * @param {Surface} [to]
 * @param {{ actors?: boolean }} [options] `actors`: whether to say who must act
 */
function findings(list, to = surface(), options = {}) {
  const blocks = bySeverity(list).map((finding) => findingLines(finding, to, options).join('\n'))
  return [...blocks, tally(list)].join('\n\n')
}

/**
 * What the process trusts, one line a store.
 *
 * @param {import('../index.js').PreflightReport} report
 * @param {Surface} to
 */
function trustTable({ node, runtime, trust }, to) {
  const out = [to.paint('bold', `What ${runtime === 'node' ? `Node ${escapeLine(node)}` : TITLES[runtime]} trusts here`)]
  /** @type {[string, import('../index.js').PreflightStore][]} */
  const stores = [['bundled', trust.bundled], ['system', trust.system], ['extra', trust.extra]]
  for (const [name, { trusted, certificates, path, reason }] of stores) {
    const count = certificates === undefined ? '' : counted(certificates, 'certificate')
    const file = path === undefined ? '' : `${count === '' ? '' : ' of '}${escapeLine(path)}`
    const what = `${count}${file}`
    const text = `${what === '' ? '' : `${what}: `}${escapeLine(reason)}`
    const [first = '', ...rest] = wrap(text, to.width - 15)
    out.push(`  ${name.padEnd(7)}  ${to.paint(trusted ? 'green' : 'dim', trusted ? 'yes' : 'no ')}  ${first}`, ...rest.map((line) => `${' '.repeat(16)}${line}`))
  }
  if (!trust.verifies) out.push(`  ${to.paint('red', 'Certificates are not verified: NODE_TLS_REJECT_UNAUTHORIZED turns it off')}`)
  return out
}

/**
 * @param {import('../index.js').PreflightEndpoint[]} endpoints
 * @param {Surface} to
 */
function endpointTable(endpoints, to) {
  if (endpoints.length === 0) return []
  const width = Math.min(50, Math.max(...endpoints.map(({ target }) => columns(escapeLine(target)))))
  const rows = endpoints.map(({ code, ok, target }) => {
    const end = ok ? to.paint('green', 'ok') : to.paint('red', escapeLine(code ?? 'does not connect'))
    return `  ${escapeLine(shortened(target)).padEnd(width)}  ${end}`
  })
  return ['', to.paint('bold', 'What connections come to'), ...rows]
}

/**
 * @param {import('../index.js').PreflightReport} report
 * @param {Surface} [to]
 */
function preflightReport(report, to = surface()) {
  const head = trustTable(report, to).join('\n')
  const none = 'No findings: nothing keeps this process from trusting what it is told to trust'
  const endpoints = endpointTable(report.endpoints, to)
  return `${[head, ...endpoints].join('\n')}\n\n${report.findings.length === 0 ? to.paint('green', none) : findings(report.findings, to)}`
}

/**
 * What Node makes of the file, in one sentence.
 *
 * @param {CaFileReport} report
 * @param {string} node
 */
function outcome({ found, loadedByNode, nodeWarning, findings: list }, node) {
  if (list.some(({ rule }) => rule === 'ca-file-pipe' || rule === 'ca-file-device')) return `${node} hangs on it`
  const all = found.length
  const loaded = loadedByNode.length
  const silence = nodeWarning === null ? ' and says nothing about it' : ''
  if (all === 0) return `${node} loads nothing from it${silence}`
  if (loaded === 0) return `${node} loads ${all === 1 ? 'not even the one certificate in it' : `none of the ${all} certificates in it`}${silence}`
  if (loaded < all) return `${node} loads ${loaded} of the ${all} certificates in it${silence}`
  return `${node} loads ${all === 1 ? 'the certificate in it' : `all ${all} certificates in it`}`
}

/**
 * The findings of each block, and those that belong to none.
 *
 * @param {CaFileReport} report
 */
function findingsByBlock({ blocks, found, findings: list }) {
  /** @type {Map<string | undefined, CaFileBlock>} */
  const byCertificate = new Map()
  for (const block of blocks) {
    for (const index of block.certificates) {
      const sha256 = found[index]?.sha256
      if (!byCertificate.has(sha256)) byCertificate.set(sha256, block)
    }
  }
  const byLine = blocks.filter(({ line }) => line !== undefined)
  /** @type {Map<CaFileBlock | undefined, Finding[]>} */
  const groups = new Map()
  for (const finding of list) {
    const line = finding.location?.line
    // A note about the file as a whole stands apart, whatever line it begins at.
    const apart = finding.severity === 'info' && finding.certificate === undefined
    const block = apart ? undefined : line !== undefined ? blockAt(byLine, line) : finding.certificate === undefined ? undefined : byCertificate.get(finding.certificate)
    const group = groups.get(block)
    if (group) group.push(finding)
    else groups.set(block, [finding])
  }
  return groups
}

/**
 * The first block that the line is in.
 *
 * @param {CaFileBlock[]} blocks in the order of the file
 * @param {number} line
 */
function blockAt(blocks, line) {
  const endOf = (/** @type {CaFileBlock | undefined} */ block) => block?.endLine ?? block?.line ?? 0
  let [low, high] = [0, blocks.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (endOf(blocks[middle]) < line) low = middle + 1
    else high = middle
  }
  const block = blocks[low]
  return block?.line !== undefined && block.line <= line ? block : undefined
}

/**
 * As much as fits, with the number of columns it may take.
 *
 * @param {string} text
 * @param {number} width
 */
function fitted(text, width) {
  if (columns(text) <= width) return text
  let cut = ''
  for (const character of text) {
    if (columns(cut) + columns(character) > width - 1) break
    cut += character
  }
  return `${cut.trimEnd()}…`
}

/**
 * The blocks in the order of the file: line, fate, and for each certificate its end and its name.
 *
 * @param {CaFileReport} report
 * @param {Map<CaFileBlock | undefined, Finding[]>} groups
 * @param {Surface} to
 */
function blockTable(report, groups, to) {
  const HEAD = ['Line', TITLES[report.runtime], 'Expires', 'What it is']
  const first = Math.max(4, ...report.blocks.map((block) => String(block.line ?? '').length))
  const indent = 2 + first + 2 + 7 + 2 + 10 + 2
  /** @param {string[]} cells */
  const row = ([line = '', fate = '', expires = '', what = ''], paint = (/** @type {string} */ text) => text) =>
    `  ${line.padStart(first)}  ${paint(fate.padEnd(7))}  ${expires.padEnd(10)}  ${what}`.trimEnd()
  const out = [to.paint('dim', row(HEAD))]
  for (const block of report.blocks) {
    // One line is enough for what is in order.
    const plain = block.fate === 'loaded' && !groups.has(block)
    /** @param {string} text */
    const name = (text) => (plain ? [fitted(escapeLine(text), to.rows - indent)] : wrapName(escapeLine(text), to.rows - indent))
    const label = shortened(block.label)
    const single = block.certificates.length === 1
    /** @type {{ expires: string, what: string[] }[]} */
    const entries = block.certificates.map((index, at) => {
      const certificate = report.found[index]
      const subject = shortened(certificate?.subject || '(empty subject)')
      const what = block.label === 'CERTIFICATE' ? name(subject) : single ? name(`${label}: ${subject}`) : [...(at === 0 ? [`${escapeLine(label)}:`] : []), ...name(subject)]
      return { expires: certificate?.notAfter.slice(0, 10) || '-', what }
    })
    if (entries.length === 0) {
      const note = /^(X509 |TRUSTED )?CERTIFICATE$/.test(block.label) ? ', nothing readable in it' : report.format === 'pem' ? ', not a certificate' : ', not opened'
      entries.push({ expires: '-', what: wrap(escapeLine(label) + note, to.width - indent) })
    }
    entries.forEach(({ expires, what }, index) => {
      const line = index === 0 ? String(block.line ?? '-') : ''
      out.push(row([line, block.fate, expires, what[0] ?? ''], (text) => to.paint(FATE_STYLES[block.fate], text)))
      for (const rest of what.slice(1)) out.push(' '.repeat(indent) + rest)
    })
    for (const finding of bySeverity(groups.get(block) ?? [])) {
      const line = finding.location?.line
      out.push(...statement(finding, first + 4, to, line === undefined || line === block.line ? '' : `line ${line}: `))
      if (finding.detail !== undefined) out.push(...paragraph(first + 6, finding.detail, to))
    }
  }
  return out
}

/**
 * The fixes, each once, with the rules and lines it mends.
 *
 * @param {Finding[]} list
 * @param {Surface} to
 */
function fixList(list, to) {
  /** @type {Map<string, { fix: import('../index.js').Fix, mends: Finding[] }>} */
  const distinct = new Map()
  for (const finding of bySeverity(list)) {
    for (const fix of finding.fixes) {
      const key = JSON.stringify(fix)
      const entry = distinct.get(key)
      if (entry) entry.mends.push(finding)
      else distinct.set(key, { fix, mends: [finding] })
    }
  }
  if (distinct.size === 0) return []
  const out = [to.paint('bold', distinct.size === 1 ? 'Fix' : 'Fixes')]
  let number = 0
  for (const { fix, mends } of distinct.values()) {
    number += 1
    const head = distinct.size === 1 ? '' : `${number}. `
    if (number > 1) out.push('')
    out.push(...remedy(fix, 2, head, to))
    out.push(...wrap(`for ${mended(mends)}`, to.width - 2 - columns(head)).map((line) => ' '.repeat(2 + columns(head)) + to.paint('dim', line)))
  }
  return out
}

/**
 * `rule in lines 3, 7 and 2 more; other-rule`.
 *
 * @param {Finding[]} list
 */
function mended(list) {
  /** @type {Map<string, number[]>} */
  const lines = new Map()
  for (const { rule, location } of list) {
    const numbers = lines.get(rule) ?? []
    if (location?.line !== undefined) numbers.push(location.line)
    lines.set(rule, numbers)
  }
  const parts = [...lines].map(([rule, numbers]) => {
    const [first] = numbers
    if (first === undefined) return rule
    if (numbers.length === 1) return `${rule} in line ${first}`
    const shown = numbers.length > 7 ? [...numbers.slice(0, 6), `${numbers.length - 6} more`] : numbers
    return `${rule} in lines ${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]}`
  })
  return parts.join('; ')
}

/**
 * The file as it is: each block with its line, what Node does with it and the fault under it; then the fixes.
 *
 * @param {CaFileReport} report
 * @param {{ to?: Surface, name?: string, node?: string }} [options] `name`: what to call bytes without a path; `node`: whose reading it is
 */
function caFileReport(report, { to = surface(), name = report.path ?? '(bytes)', node = TITLES[report.runtime] } = {}) {
  const out = [to.paint('bold', escapeLine(name))]
  const format = FORMATS[report.format] ?? report.format
  const size = report.blocks.length > 1 ? `, ${counted(report.blocks.length, 'block')}` : ''
  out.push(...wrap(`${format}${size}: ${outcome(report, node)}`, to.width))
  if (report.nodeWarning !== null) {
    const who = `${TITLES[report.runtime]} prints: `
    out.push(...hanging(to.paint('yellow', who), wrap(escapeLine(report.nodeWarning.replace(/\n$/, '')), to.width - who.length), who.length))
  }
  const groups = findingsByBlock(report)
  if (report.blocks.length > 0) out.push('', ...blockTable(report, groups, to))
  const others = bySeverity(groups.get(undefined) ?? [])
  if (others.length > 0) out.push('')
  for (const finding of others) {
    const line = finding.severity === 'info' ? undefined : finding.location?.line
    out.push(...statement(finding, 0, to, line === undefined ? '' : `line ${line}: `))
    if (finding.detail !== undefined) out.push(...paragraph(2, finding.detail, to))
  }
  const fixes = fixList(report.findings, to)
  if (fixes.length > 0) out.push('', ...fixes)
  out.push('', tally(report.findings))
  return out.join('\n')
}

/** Letters of the column that says which stores a certificate is in. */
const LETTERS = /** @type {const} */ ([
  ['node', 'n'],
  ['mozilla', 'm'],
  ['system', 's'],
  ['extra', 'e'],
  ['ca', 'c'],
])
const LEGEND = { node: "n = this Node's list", mozilla: "m = Mozilla's", system: 's = the system', extra: 'e = extra files', ca: 'c = given inline' }

/**
 * One row a certificate: where it is from, when it ends, the start of its fingerprint, its name; and below, the file of one that somebody
 * added.
 *
 * @param {Certificate[]} certificates
 * @param {Surface} to
 * @param {{ head?: boolean, stores?: boolean }} [options] `stores`: whether to tell the stores apart
 */
function certificateTable(certificates, to, { head = true, stores = false } = {}) {
  const letters = LETTERS.filter(([store]) => certificates.some(({ sources }) => sources.some((source) => source.store === store)))
  const first = stores ? Math.max(2, letters.length) + 2 : 0
  const indent = 2 + first + 12 + 10
  const out = []
  if (head && stores) out.push(...wrap(`in: ${letters.map(([store]) => LEGEND[store]).join(', ')}`, to.width), '')
  if (head) out.push(to.paint('dim', `  ${stores ? 'In'.padEnd(first) : ''}Expires     SHA-256   Subject`))
  for (const { sha256, subject, notAfter, sources } of certificates) {
    const found = new Set(sources.map(({ store }) => store))
    const where = stores ? letters.map(([store, letter]) => (found.has(store) ? letter : '-')).join('').padEnd(first) : ''
    const [line = '', ...more] = wrapName(escapeLine(shortened(subject || '(empty subject)')), to.rows - indent)
    out.push(`  ${where}${(notAfter.slice(0, 10) || '-').padEnd(12)}${sha256.slice(0, 8)}  ${line}`)
    for (const rest of more) out.push(' '.repeat(indent) + rest)
    for (const source of sources) {
      if (source.store === 'extra' && source.path !== undefined) out.push(' '.repeat(indent) + to.paint('dim', place(source)))
    }
  }
  return out
}

/**
 * The certificates of a store with where they come from, and what was left out.
 *
 * @param {{ certificates: Certificate[], excluded: { certificate: Certificate, reason: string }[], hosts?: readonly import('../index.js').HostTrust[] }} store
 * @param {{ to?: Surface, title?: string, empty?: string, stores?: boolean }} [options]
 */
function trustStore({ certificates, excluded, hosts = [] }, { to = surface(), title = 'the merged store', empty = 'nothing is trusted', stores = true } = {}) {
  const out = [to.paint('bold', `${title}: ${certificates.length === 0 ? 'no certificates' : counted(certificates.length, 'certificate')}`)]
  if (certificates.length === 0) out.push(...wrap(empty, to.width))
  else out.push(...(stores ? [] : ['']), ...certificateTable(certificates, to, { stores }))
  for (const { certificates: own, host } of hosts) {
    out.push('', to.paint('bold', `for ${escapeLine(host)} only: ${own.length === 0 ? 'no certificates' : counted(own.length, 'certificate')}`))
    if (own.length > 0) out.push(...certificateTable(own, to, { stores }))
  }
  const left = [...excluded, ...hosts.flatMap((host) => host.excluded)]
  if (left.length > 0) out.push('', to.paint('bold', `left out: ${counted(left.length, 'certificate')}`))
  for (const { certificate, reason } of left) {
    out.push(...certificateTable([certificate], to, { head: false }))
    out.push(...wrap(escapeLine(reason), to.width - 24).map((line) => ' '.repeat(24) + to.paint('dim', line)))
  }
  return out.join('\n')
}

/**
 * What expires when, a line each.
 *
 * @param {import('../index.js').Forecast} forecast
 */
function forecast({ from, until, expiring, chain }) {
  const lines = expiring.map(({ certificate, expires, daysLeft }) => {
    const places = certificate.sources.map(({ store, path }) => path ?? store)
    return `  ${expires.slice(0, 10)} (in ${counted(daysLeft, 'day')}) ${escapeLine(shortened(certificate.subject))}, from ${escapeLine([...new Set(places)].join(', '))}`
  })
  const head = `${counted(expiring.length, 'certificate')} of the store ${expiring.length === 1 ? 'expires' : 'expire'} from ${from.slice(0, 10)} to ${until.slice(0, 10)}`
  if (chain === null) return [head, ...lines].join('\n')
  const now = chain.now.ok ? 'ok' : chain.now.code ?? 'not known'
  return [head, ...lines, `the chain: ${now} at first${chain.changes.length === 0 ? ', and no change' : ''}`, ...chain.changes.map(({ text }) => `  ${escapeLine(text)}`)].join('\n')
}

module.exports = { bySeverity, caFileReport, certificateTable, findings, forecast, paragraph, preflightReport, remedy, shortened, tally, trustStore }
