'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const test = require('node:test')

const { rules } = require('../binding.js')
const { FOLDER, SECTIONS, pages } = require('../scripts/rule-pages.js')

const ROOT = path.join(__dirname, '..')
const catalogue = rules()

/** Ways to turn verification off: in Node, npm, git, curl, wget, Python, Go, Docker, and in code. */
const UNSAFE = [
  /NODE_TLS_REJECT_UNAUTHORIZED['"]?\]?\s*(?:[=:]|\s)\s*['"]?0/,
  /rejectUnauthorized['"]?\s*[:=]\s*false/,
  /strict-ssl[\s=]+false/,
  /sslVerify[\s=]+false/i,
  /GIT_SSL_NO_VERIFY/,
  /--insecure\b/,
  /\bcurl\b[^\n]*\s-[a-zA-Z]*k\b/,
  /--no-check-certificate/,
  /verify\s*=\s*False/,
  /InsecureSkipVerify/,
  /--trusted-host/,
  /checkServerIdentity\s*(?::|=(?!=))\s*\(?[^)]*\)?\s*=>/,
  /SkipCertificateCheck/,
]

/** @param {string} text */
const unsafeIn = (text) => UNSAFE.map((pattern) => pattern.exec(text)?.[0]).filter((found) => found !== undefined)

/** @param {string} folder @param {RegExp} name @returns {string[]} */
function filesUnder(folder, name) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === 'target' ? [] : filesUnder(full, name)
    return name.test(entry.name) ? [full] : []
  })
}

test('the pages are what remaking them gives, and none is left over', () => {
  const wanted = pages(catalogue)
  assert.deepEqual(fs.readdirSync(FOLDER).sort(), [...wanted.keys()].sort(), 'run `npm run docs` and commit docs/rules')
  for (const [name, text] of wanted) {
    assert.equal(fs.readFileSync(path.join(FOLDER, name), 'utf8'), text, `docs/rules/${name} is not the generated one: run \`npm run docs\` and commit it`)
  }
})

test('there are rules', () => {
  assert.ok(catalogue.length > 0)
})

test('a page has the sections of a rule, each with something in it', () => {
  for (const rule of catalogue) {
    const text = fs.readFileSync(path.join(FOLDER, `${rule.id}.md`), 'utf8')
    const headings = [...text.matchAll(/^## (.*)$/gm)].map((match) => match[1])
    assert.deepEqual(headings, SECTIONS.map(([title]) => title), rule.id)
    for (const [title, field] of SECTIONS) assert.notEqual(rule[field].trim(), '', `${rule.id}: ${title}`)
    assert.match(rule.title, /^\S.*[^.\s]$/, `${rule.id}: a title is one line without a final period`)
    assert.ok(!rule.looks.includes('```'), `${rule.id}: \`looks\` is put into a fence, and must not have one`)
    for (const field of /** @type {const} */ (['finds', 'why', 'fix', 'source'])) {
      assert.equal((rule[field].match(/^```/gm) ?? []).length % 2, 0, `${rule.id}: an open fence in \`${field}\``)
      assert.doesNotMatch(rule[field].replace(/^```[^]*?^```/gm, ''), /^#/m, `${rule.id}: a heading in \`${field}\``)
    }
  }
})

test('where a page shows a finding, it is of that rule and severity, as the command line prints it', () => {
  const labels = { error: 'error', warning: 'warning', info: 'note' }
  for (const { id, severity, looks } of catalogue) {
    assert.doesNotMatch(looks, /^(error|warning|info|note): [a-z0-9-]+$/m, id)
    for (const [, label = '', rule] of looks.matchAll(/^(error|warning|info|note)\[([a-z0-9-]+)\]/gm)) assert.deepEqual([label, rule], [labels[severity], id])
  }
})

test('every page is reached from the index, and the index links to pages only', () => {
  const text = fs.readFileSync(path.join(FOLDER, 'README.md'), 'utf8')
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1])
  assert.deepEqual(links.sort(), catalogue.map(({ id }) => `${id}.md`).sort())
})

test('links from one page to another lead somewhere', () => {
  for (const { id } of catalogue) {
    const text = fs.readFileSync(path.join(FOLDER, `${id}.md`), 'utf8')
    for (const [, target = ''] of text.matchAll(/\]\(([^):#]+)\)/g)) assert.ok(fs.existsSync(path.join(FOLDER, target)), `${id}: ${target}`)
  }
})

test('the fix of no rule turns verification off', () => {
  for (const { id, fix } of catalogue) assert.deepEqual(unsafeIn(fix), [], id)
})

test('no fix of a finding turns verification off', () => {
  for (const file of filesUnder(path.join(ROOT, 'crates'), /\.rs$/)) {
    // What follows `Fix::new(`, up to the end of its statement: title, commands and code.
    for (const [text] of fs.readFileSync(file, 'utf8').matchAll(/Fix::new\([^]*?(?:;\n|\n\n)/g)) assert.deepEqual(unsafeIn(text), [], `${file}: ${text}`)
  }
})

test('no help, and no document beside the rules, turns verification off', () => {
  const files = [...filesUnder(path.join(ROOT, 'lib'), /\.js$/), ...filesUnder(path.join(ROOT, 'bin'), /\.js$/), ...filesUnder(path.join(ROOT, 'docs'), /\.md$/)]
  const rulePages = new Set([...pages(catalogue).keys()].map((name) => path.join(FOLDER, name)))
  for (const file of [...files, path.join(ROOT, 'README.md')]) {
    if (!fs.existsSync(file) || rulePages.has(file)) continue
    assert.deepEqual(unsafeIn(fs.readFileSync(file, 'utf8')), [], file)
  }
})

test('the patterns know what they look for', () => {
  for (const text of [
    'export NODE_TLS_REJECT_UNAUTHORIZED=0',
    "process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'",
    'ENV NODE_TLS_REJECT_UNAUTHORIZED 0',
    'new https.Agent({ rejectUnauthorized: false })',
    'npm config set strict-ssl false',
    'git config http.sslVerify false',
    'curl -sk https://example.com',
    'checkServerIdentity: () => undefined',
  ]) {
    assert.notDeepEqual(unsafeIn(text), [], text)
  }
  for (const text of ['unset NODE_TLS_REJECT_UNAUTHORIZED', 'rejectUnauthorized: true', 'curl -fsSL https://example.com -o k']) assert.deepEqual(unsafeIn(text), [], text)
})
