'use strict'

// The text of an explanation. Whatever came from the error, a certificate or the environment is escaped here once more.

const { escapeLine, surface, wrap } = require('./layout.js')
const { paragraph, remedy } = require('./text.js')

/**
 * @typedef {import('../index.js').Explanation} Explanation
 * @typedef {import('./layout.js').Surface} Surface
 */

// As many causes are shown with their fixes when nothing speaks for any of them.
const SHOWN = 3
const ACTORS = { client: 'here', server: 'on the server', proxy: 'on the proxy', clock: 'on this machine' }

/**
 * `CODE (OpenSSL 20: reason)`.
 *
 * @param {Explanation} explanation
 */
function heading({ code, name, openssl }) {
  const shown = code === name || name === null ? (code ?? 'unknown error') : code === null ? name : `${code}: ${name}`
  return openssl === undefined ? escapeLine(shown) : `${escapeLine(shown)} (OpenSSL ${openssl.number}: ${openssl.reason})`
}

/** @param {Explanation['context']} context */
function place({ host, port }) {
  if (host === undefined) return undefined
  const shown = host.includes(':') ? `[${host}]` : host
  return escapeLine(port === undefined ? shown : `${shown}:${port}`)
}

/**
 * One cause: its title and what speaks for it, how to tell, and the fixes.
 *
 * @param {Explanation['causes'][number]} cause
 * @param {number} number
 * @param {boolean} whole with its fixes
 * @param {boolean} brief without what would tell it, where something does
 * @param {Surface} to
 */
function causeLines(cause, number, whole, brief, to) {
  const head = `${number}. `
  const inner = head.length + 2
  const out = wrap(`${cause.title} (to mend ${ACTORS[cause.actor]})`, to.width - inner).map((line, at) => (at === 0 ? `  ${head}${to.paint('bold', line)}` : ' '.repeat(inner) + to.paint('bold', line)))
  if (cause.because !== undefined) {
    const label = `${cause.likelihood}: `
    const style = cause.likelihood === 'likely' ? 'yellow' : 'dim'
    out.push(...paragraph(inner, `${label}${cause.because}`, to).map((line, at) => (at === 0 ? line.replace(label, to.paint(style, label)) : line)))
  }
  if (!whole) return out
  if (!brief || cause.because === undefined) out.push(...paragraph(inner, cause.tells, to))
  for (const fix of cause.fixes) out.push('', ...remedy(fix, inner, 'fix: ', to))
  return out
}

/**
 * @param {Explanation} explanation
 * @param {Surface} [to]
 * @param {{ all?: boolean }} [options] `all`: every cause with its fixes
 */
function explanation(explanation, to = surface(), { all = false } = {}) {
  const { title, meaning, hint, versions, causes, avoid, rules, context, nearest, page } = explanation
  const out = [...wrap(heading(explanation), to.width).map((line) => to.paint('red', line)), ...wrap(title, to.width).map((line) => to.paint('bold', line))]
  const at = place(context)
  if (at !== undefined) out.push(`${to.paint('dim', `at ${at}`)}`)
  out.push('', ...paragraph(2, meaning, to))
  if (hint !== undefined) out.push('', ...paragraph(2, hint, to))
  if (versions !== undefined && all) out.push('', ...paragraph(2, versions, to))
  const likely = causes.filter(({ likelihood }) => likelihood === 'likely').length
  const shown = all ? causes.length : likely > 0 ? likely : Math.min(SHOWN, causes.length)
  if (causes.length > 0) out.push('', to.paint('bold', causes.length === 1 ? 'Cause' : 'Causes, the likeliest first'))
  causes.forEach((cause, index) => {
    if (index > 0 && index <= shown) out.push('')
    out.push(...causeLines(cause, index + 1, index < shown, !all, to))
  })
  if (avoid.length > 0) {
    out.push('', to.paint('bold', 'What not to do'))
    for (const line of avoid) out.push(...wrap(line, to.width - 4).map((part, index) => `${index === 0 ? '  - ' : '    '}${part}`))
  }
  if (nearest.length > 0) out.push('', `Near it: ${nearest.join(', ')}`)
  if (all && rules.length > 0) out.push('', ...paragraph(0, `Rules that find its causes: ${rules.join(', ')}`, to))
  if (page !== null) out.push('', to.paint('dim', all || shown === causes.length ? page : `everything about it: \`npx trust-anchors explain ${explanation.name}\``))
  return out.join('\n')
}

module.exports = { explanation }
