'use strict'

// The chain drawn: the path from the leaf up, with the fault at its place, then what was sent and not used.

const { join, line } = require('./text.js')

/**
 * @typedef {import('../../../index.js').Certificate} Certificate
 * @typedef {import('../html.js').Diagnosis} Diagnosis
 */

// What ends a path for want of the certificate above it.
const ENDS_SHORT = new Set(['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_GET_ISSUER_CERT'])

/**
 * The common name, or all of the name where there is none.
 *
 * @param {string} name RFC 4514
 */
function shortName(name) {
  const common = /(?:^|,)CN=((?:\\.|[^,\\])*)/.exec(name)?.[1]
  return common === undefined ? name || '(no name)' : common.replace(/\\([ "#+,;<=>\\])/g, '$1')
}

/**
 * @param {import('../../../index.js').PathCertificate} element
 * @param {boolean} isAnchor
 */
function origin({ presented, sources }, isAnchor) {
  if (presented !== null) return `sent by the server, number ${presented + 1}`
  const place = sources.find(({ store }) => store !== 'ca')
  const words = { node: "Node's own list", mozilla: "Mozilla's list", system: 'the system store', extra: 'NODE_EXTRA_CA_CERTS', ca: 'the trust store' }
  const store = words[place?.store ?? 'ca']
  return `${isAnchor ? 'trust anchor' : 'taken'} from ${store}${place?.path === undefined ? '' : ` (${place.path}${place.line === undefined ? '' : `:${place.line}`})`}`
}

/** @param {Certificate} certificate */
function key({ publicKey: { algorithm, bits } }) {
  return `${algorithm.toUpperCase()}${bits === undefined ? '' : ` ${bits}`}`
}

/**
 * @param {Certificate} certificate
 * @param {string} role
 * @param {string} from
 * @param {string | undefined} fault
 */
function card(certificate, role, from, fault) {
  const isOne = certificate.subject === certificate.issuer
  return join(
    '<div class="card">',
    `<p><strong>${line(shortName(certificate.subject))}</strong> <span class="quiet">${line(role)}; ${line(from)}</span></p>`,
    fault === undefined ? '' : `<p class="bad"><span class="mark">fault</span> ${line(fault)}</p>`,
    `<p class="quiet">${isOne ? 'issued by itself' : `issued by ${line(shortName(certificate.issuer))}`}; valid ${line(certificate.notBefore.slice(0, 10))} to ${line(certificate.notAfter.slice(0, 10))}; ${line(key(certificate))}, ${line(certificate.signatureAlgorithm)}</p>`,
    '<details><summary>Details</summary><dl class="facts">',
    `<dt>Subject</dt><dd>${line(certificate.subject)}</dd><dt>Issuer</dt><dd>${line(certificate.issuer)}</dd>`,
    certificate.subjectAltNames.length > 0 && `<dt>Names</dt><dd>${line(certificate.subjectAltNames.slice(0, 50).join(', '))}</dd>`,
    `<dt>Serial number</dt><dd><code>${line(certificate.serialNumber)}</code></dd><dt>SHA-256</dt><dd><code>${line(certificate.sha256)}</code></dd>`,
    '</dl></details></div>',
  )
}

/** @param {Diagnosis} diagnosis */
function chain({ chain: sent, verdict }) {
  const path = verdict?.path ?? []
  const drawn = path.map((element, depth) => {
    const isLast = depth === path.length - 1
    const isAnchor = isLast && element.presented === null
    const isFault = verdict !== null && !verdict.ok && verdict.stage !== 'handshake' && verdict.depth === depth
    const role = depth === 0 ? 'leaf' : isAnchor || element.subject === element.issuer ? 'root' : 'intermediate'
    const fault = isFault ? `${verdict.code}: ${verdict.reason}` : undefined
    return `<li${isFault ? ' class="fault"' : ''}>${card(element, role, origin(element, isAnchor), fault)}</li>`
  })
  const top = path.at(-1)
  if (top !== undefined && verdict?.errors.some(({ code }) => ENDS_SHORT.has(code))) {
    drawn.push(
      `<li class="missing"><div class="card"><p><strong>${line(shortName(top.issuer))}</strong> <span class="quiet">not sent, and not in the trust store</span></p></div></li>`,
    )
  }
  const onPath = new Set(path.map(({ presented }) => presented))
  const unused = sent.map((certificate, position) => ({ certificate, position })).filter(({ position }) => !onPath.has(position))
  return join(
    drawn.length > 0 && `<ol class="chain">${drawn.join('\n')}</ol>`,
    drawn.length > 0 && unused.length > 0 && '<h3 class="gap">Sent and not used</h3>',
    unused.length > 0 && `<ol class="chain">${unused.map(({ certificate, position }) => `<li>${card(certificate, certificate.ca ? 'CA' : 'end entity', `number ${position + 1}`, undefined)}</li>`).join('\n')}</ol>`,
  )
}

module.exports = { chain, shortName }
