'use strict'

// One page that holds everything: no script, style or image from elsewhere, so that it can be mailed, attached to a ticket and opened offline.

const { createHash } = require('node:crypto')
const { readFileSync } = require('node:fs')
const path = require('node:path')

const { chain } = require('./html/chain.js')
const { join, line, lines, prose } = require('./html/text.js')
const { timeline } = require('./html/timeline.js')

/**
 * @typedef {Pick<import('../../index.js').Diagnosis, 'target' | 'endpoint' | 'node' | 'ok' | 'code' | 'verdict' | 'observed' | 'chain' | 'session' | 'failure' | 'addresses' |
 *   'timings' | 'findings' | 'completed' | 'proofs'> & { perspectives: import('../../index.js').PerspectiveVerdict[] }} Diagnosis What a page shows.
 * @typedef {import('../../index.js').Finding} Finding
 * @typedef {import('../../index.js').Fix} Fix
 */

const ACTORS = { server: 'whoever runs the server', client: 'whoever runs this program', proxy: 'whoever runs the proxy in between', clock: "whoever sets this machine's clock" }
const SHELLS = /** @type {Record<string, string>} */ ({ bash: 'Shell', powershell: 'PowerShell', dockerfile: 'Dockerfile', yaml: 'YAML', config: 'Configuration', javascript: 'JavaScript' })
// So many ways to apply a fix are shown at once; the others are folded.
const SHOWN = 2
const SEVERITIES = { error: 'error', warning: 'warning', info: 'good to know' }

/** @param {string} name */
const asset = (name) => readFileSync(path.join(__dirname, 'html', name), 'utf8')
const digest = (/** @type {string} */ text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/**
 * @param {Diagnosis[]} diagnoses
 * @param {{ time: string }} about When it was made, ISO 8601.
 */
function html(diagnoses, { time }) {
  const style = asset('page.css')
  const script = asset('page.js')
  const [first] = diagnoses
  const title = diagnoses.length === 1 && first !== undefined ? `${first.target}: ${first.ok ? 'ok' : (first.code ?? 'no connection')}` : `${diagnoses.length} TLS endpoints`
  const policy = `default-src 'none'; style-src ${digest(style)}; script-src ${digest(script)}; base-uri 'none'; form-action 'none'`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${line(title)}</title>
<style>${style}</style>
</head>
<body>
${diagnoses.length === 1 ? '' : `<header><h1>${line(title)}</h1>${index(diagnoses)}</header>`}
<main>
${diagnoses.map((diagnosis, position) => target(diagnosis, position, diagnoses.length === 1, time)).join('\n')}
</main>
<footer><p>Made by trust-anchors ${line(require('../../package.json').version)} on ${line(time)}. The page loads nothing from elsewhere.</p></footer>
<div id="said" role="status" class="quiet gap"></div>
<script>${script}</script>
</body>
</html>
`
}

/** @param {Diagnosis[]} diagnoses */
function index(diagnoses) {
  const rows = diagnoses.map(
    ({ target: name, ok, code, findings }, position) =>
      `<tr><th scope="row"><a href="#target-${position + 1}">${line(name)}</a></th><td>${ok ? mark('good', 'ok') : mark('bad', code ?? 'no connection')}</td><td>${findings[0] === undefined ? '' : prose(findings[0].message)}</td></tr>`,
  )
  return table('Every target', ['Target', 'Node', 'First finding'], rows)
}

/**
 * @param {Diagnosis} diagnosis
 * @param {number} position
 * @param {boolean} isAlone
 * @param {string} time
 */
function target(diagnosis, position, isAlone, time) {
  const { findings, perspectives, proofs, target: name, verdict } = diagnosis
  const heading = isAlone ? 'h1' : 'h2'
  const judgedAt = perspectives[0]?.time ?? time
  const drawn = chain(diagnosis)
  const certificates = verdict !== null && verdict.path.length > 0 ? verdict.path : diagnosis.chain
  const dates = timeline(certificates, judgedAt)
  return join(
    `<section class="target" id="target-${position + 1}" aria-labelledby="name-${position + 1}">`,
    `<${heading} id="name-${position + 1}"${isAlone ? ' class="gap"' : ''}>${line(name)}</${heading}>`,
    answer(diagnosis),
    findings.length > 0 && `<h2>What is wrong, and what mends it</h2>${findings.map(finding).join('\n')}`,
    proofs.length > 0 && `<h2>Proof</h2><ul>${proofs.map(({ ok, code, title, node }) => `<li>${ok ? mark('good', 'proved') : mark('bad', code ?? 'failed')} ${prose(title)} <span class="quiet">(Node ${line(node)})</span></li>`).join('')}</ul>`,
    drawn !== '' && `<h2>The chain</h2>${drawn}`,
    diagnosis.completed !== null && `<h2>The chain that the server should send</h2><p>${diagnosis.completed.ok ? 'With it, Node connects.' : `With it, Node still ends with ${line(diagnosis.completed.code ?? 'an error')}.`}</p>${snippet(diagnosis.completed.pem)}`,
    dates !== '' && `<h2>Validity</h2><div class="scroll card" tabindex="0" role="region" aria-label="${line(`Validity as a timeline: ${name}`)}">${dates}</div>`,
    perspectives.length > 0 && `<h2>Seen from elsewhere</h2>${elsewhere(perspectives, name)}`,
    facts(diagnosis),
    '</section>',
  )
}

/** @param {Diagnosis} diagnosis */
function answer({ ok, code, endpoint, node, verdict, observed, failure, findings }) {
  const [first] = findings
  const says = ok
    ? `<strong>Node ${line(node)} ${endpoint === null ? 'accepts this chain' : 'connects'}.</strong>`
    : `<strong>Node ${line(node)} ${endpoint === null ? 'refuses this chain' : 'does not connect'}${code === null ? '' : `: ${line(code)}`}</strong>${verdict?.reason ? ` (${line(verdict.reason)})` : ''}`
  return join(
    `<div class="answer ${ok ? 'good' : 'bad'}"><p>${says}</p>`,
    first !== undefined && `<p>${prose(first.message)}</p>`,
    !ok && first !== undefined && `<p>To mend it: ${line(ACTORS[first.actor])}.</p>`,
    observed !== null && `<p class="quiet">Tried with Node ${line(observed.node)} itself: ${observed.ok ? 'it connects' : `<code>${line(observed.code ?? 'an error without a code')}</code>`}${(observed.code ?? null) === code || observed.ok === ok ? '' : ', which is not what was predicted'}.</p>`,
    failure !== null && `<p class="quiet">The connection ended at the stage <code>${line(failure.stage)}</code>: ${line(failure.kind)}${failure.text === null ? '' : ` (${line(failure.text)})`}.</p>`,
    '</div>',
  )
}

/** @param {Finding} finding */
function finding({ rule, severity, actor, message, detail, fixes, location }) {
  return join(
    `<article class="finding card ${severity}"><div class="head"><span class="mark">${SEVERITIES[severity]}</span><h3>${prose(message)}</h3></div>`,
    detail !== undefined && `<p>${prose(detail)}</p>`,
    location?.path !== undefined && `<p class="quiet">In <code>${line(location.path)}${location.line === undefined ? '' : `:${location.line}`}</code></p>`,
    `<p class="quiet">Rule <code>${line(rule)}</code>; to mend it: ${line(ACTORS[actor])}</p>`,
    ...fixes.map(fix),
    '</article>',
  )
}

/** @param {Fix} fix */
function fix({ title, commands = [], code, pem, proof }) {
  const [shown, folded] = [commands.slice(0, SHOWN), commands.slice(SHOWN)]
  const command = (/** @type {NonNullable<Fix['commands']>[number]} */ each) => snippet(each.text, commands.length > 1 || each.shell !== 'bash' ? labelOf(each) : undefined)
  return join(
    `<div class="fix"><h4>${prose(title)}</h4>`,
    proof !== undefined && `<p>${proof.ok ? `${mark('good', 'proved')} Node ${line(proof.node)} connects with it` : `${mark('bad', 'not proved')} Node ${line(proof.node)} ends with ${line(proof.code ?? 'an error')}`}</p>`,
    ...shown.map(command),
    folded.length > 0 && `<details><summary>${folded.length} more: ${line([...new Set(folded.map(labelOf))].join(', '))}</summary>${folded.map(command).join('\n')}</details>`,
    code !== undefined && snippet(code),
    pem !== undefined && `<details><summary>PEM</summary>${snippet(pem)}</details>`,
    '</div>',
  )
}

/** @param {NonNullable<Fix['commands']>[number]} command */
function labelOf({ platform, shell }) {
  return platform ?? SHELLS[shell] ?? shell
}

/**
 * @param {string} text
 * @param {string} [label]
 */
function snippet(text, label) {
  return `${label === undefined ? '' : `<p class="quiet">${line(label)}</p>`}<div class="snippet"><pre tabindex="0">${lines(text)}</pre><button type="button" data-copy hidden>Copy</button></div>`
}

/**
 * @param {import('../../index.js').PerspectiveVerdict[]} perspectives
 * @param {string} name
 */
function elsewhere(perspectives, name) {
  const rows = perspectives.map((perspective) => {
    const { ok, code, node, store, text, time, differs } = perspective
    const who = 'label' in perspective ? String(perspective.label) : text.split(': ')[0]
    // The code stands in a column of its own.
    const why = ok ? '' : (/\((.*)\)$/s.exec(text)?.[1] ?? '')
    return `<tr><th scope="row">${line(who)}</th><td>${ok ? mark('good', 'ok') : mark('bad', code ?? 'not known')}${differs ? ' <span class="quiet">differs</span>' : ''}</td><td>${prose(why)}</td><td>${line(`Node ${node}, ${store}, ${time.slice(0, 10)}`)}</td></tr>`
  })
  return table(`The chain of ${name} with other trust, other versions and at other times`, ['Who', 'Comes to', 'Why', 'Judged with'], rows)
}

/** @param {Diagnosis} diagnosis */
function facts({ endpoint, session, target: name, timings, addresses }) {
  /** @type {[string, string | null | undefined | false][]} */
  const rows = [
    ['Address', endpoint?.address],
    ['Name asked for (SNI)', endpoint && (endpoint.servername ?? 'none')],
    ['Before TLS', endpoint?.starttls],
    ['Proxy', endpoint?.proxy],
    ['Protocol', session && `${session.protocol}, ${session.cipherSuite}, ${session.keyExchange}`],
    ['ALPN', session?.alpn],
    ['Versions offered', session && session.versions.filter(({ cipherSuite }) => cipherSuite !== null).map(({ protocol }) => protocol).join(', ')],
    ['Without a name it sends', session?.withoutServername && (session.withoutServername.same ? 'the same certificates' : (session.withoutServername.certificate?.subject ?? 'nothing'))],
    ['Stapled OCSP response', session?.ocsp && `${session.ocsp.status}${session.ocsp.thisUpdate === null ? '' : `, of ${session.ocsp.thisUpdate}`}`],
    ['Client certificate', session && (session.clientCertificate === null ? 'not asked for' : `asked for${session.clientCertificate.authorities.length > 0 ? `, issued by ${session.clientCertificate.authorities.slice(0, 10).join('; ')}` : ''}`)],
    ['Time', Object.entries(timings).flatMap(([stage, took]) => (took === null ? [] : [`${stage} ${took.toFixed(1)} ms`])).join(', ')],
  ]
  const known = rows.filter(([, value]) => typeof value === 'string' && value !== '')
  return join(
    known.length > 0 && `<h2>The connection</h2><dl class="facts">${known.map(([name, value]) => `<dt>${line(name)}</dt><dd>${line(value)}</dd>`).join('')}</dl>`,
    addresses.length > 0 && table(`Every address of ${name}`, ['Address', 'Comes to'], addresses.map(({ address, ok, code, failure }) => `<tr><th scope="row">${line(address ?? 'none')}</th><td>${ok ? mark('good', 'ok') : mark('bad', code ?? failure?.kind ?? 'not known')}</td></tr>`)),
  )
}

/**
 * @param {string} caption
 * @param {string[]} columns
 * @param {string[]} rows
 */
function table(caption, columns, rows) {
  return `<div class="scroll" tabindex="0" role="region" aria-label="${line(caption)}"><table class="stack"><caption>${line(caption)}</caption><thead><tr>${columns.map((name) => `<th scope="col">${line(name)}</th>`).join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`
}

/**
 * @param {string} tone
 * @param {string} text
 */
function mark(tone, text) {
  return `<span class="mark ${tone}">${line(text)}</span>`
}

module.exports = { html }
