'use strict'

// Validity as a timeline: one bar a certificate, and the day on which it was judged.

const { shortName } = require('./chain.js')
const { line } = require('./text.js')

const DAY = 24 * 60 * 60 * 1000
const WIDTH = 900
const LABEL = 250
const ROW = 40
const TOP = 30
// Roots live for decades; the days around the leaf are what is looked for.
const SHOWN_BEFORE = 2 * 365 * DAY
const SHOWN_AFTER = 5 * 365 * DAY

/**
 * @param {{ subject: string, notBefore: string, notAfter: string, sha256: string }[]} certificates
 * @param {string} at ISO 8601
 */
function timeline(certificates, at) {
  const now = Date.parse(at)
  const dated = certificates
    .map((certificate) => ({ name: shortName(certificate.subject), from: Date.parse(certificate.notBefore), until: Date.parse(certificate.notAfter) }))
    .filter(({ from, until }) => Number.isFinite(from) && Number.isFinite(until))
  if (dated.length === 0 || !Number.isFinite(now)) return ''
  const start = Math.max(Math.min(now, ...dated.map(({ from }) => from)), now - SHOWN_BEFORE) - 20 * DAY
  const end = Math.min(Math.max(now, ...dated.map(({ until }) => until)), now + SHOWN_AFTER) + 20 * DAY
  const place = (/** @type {number} */ time) => LABEL + ((Math.min(Math.max(time, start), end) - start) / (end - start)) * (WIDTH - LABEL - 10)
  const height = TOP + dated.length * ROW + 26
  const bars = dated.map(({ name, from, until }, row) => {
    const y = TOP + row * ROW
    const isOut = now < from || now > until
    const left = place(from)
    const width = Math.max(place(until) - left, 3)
    const shown = name.length > 32 ? `${name.slice(0, 31)}…` : name
    const dates = `${day(from)} to ${day(until)}`
    return `<g><title>${line(name)}: ${dates}</title><text x="0" y="${y + 14}">${line(shown)}</text><rect class="bar${isOut ? ' out' : ''}" x="${left.toFixed(1)}" y="${y + 6}" width="${width.toFixed(1)}" height="14" rx="3"/><text class="quiet-text" x="0" y="${y + 31}">${dates}${isOut ? (now > until ? ': expired' : ': not valid yet') : ''}</text></g>`
  })
  const x = place(now).toFixed(1)
  const anchor = place(now) > WIDTH - 120 ? 'end' : 'start'
  return `<svg class="timeline" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${line(`Validity of ${dated.length} certificates around ${day(now)}: ${dated.map(({ name, from, until }) => `${name} ${day(from)} to ${day(until)}`).join('; ')}`)}">
<line class="axis" x1="${LABEL}" y1="${height - 20}" x2="${WIDTH - 10}" y2="${height - 20}"/>
<text class="quiet-text" x="${LABEL}" y="${height - 4}">${day(start)}</text><text class="quiet-text" x="${WIDTH - 10}" y="${height - 4}" text-anchor="end">${day(end)}</text>
${bars.join('\n')}
<line class="now" x1="${x}" y1="14" x2="${x}" y2="${height - 20}"/><text x="${x}" y="11" text-anchor="${anchor}" class="quiet-text">judged on ${day(now)}</text>
</svg>`
}

/** @param {number} time */
function day(time) {
  return new Date(time).toISOString().slice(0, 10)
}

module.exports = { timeline }
