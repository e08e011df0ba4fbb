'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const test = require('node:test')

const { errorCodes, rules } = require('../binding.js')
const { FOLDER, pages } = require('../scripts/error-pages.js')

const catalogue = errorCodes()

test('the pages are what remaking them gives, and none is left over', () => {
  const wanted = pages(catalogue)
  assert.deepEqual(fs.readdirSync(FOLDER).sort(), [...wanted.keys()].sort(), 'run `npm run docs` and commit docs/errors')
  for (const [name, text] of wanted) {
    assert.equal(fs.readFileSync(path.join(FOLDER, name), 'utf8'), text, `docs/errors/${name} is not the generated one: run \`npm run docs\` and commit it`)
  }
})

test('every page is reached from the index, and every link leads somewhere', () => {
  const links = [...fs.readFileSync(path.join(FOLDER, 'README.md'), 'utf8').matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1])
  assert.deepEqual(links.sort(), catalogue.map(({ name }) => `${name}.md`).sort())
  for (const { name } of catalogue) {
    const text = fs.readFileSync(path.join(FOLDER, `${name}.md`), 'utf8')
    for (const [, target = ''] of text.matchAll(/\]\(([^):#]+)\)/g)) assert.ok(fs.existsSync(path.join(FOLDER, target)), `${name}: ${target}`)
    assert.equal((text.match(/^```/gm) ?? []).length % 2, 0, `${name}: an open fence`)
    assert.doesNotMatch(text, /\{host\}|\{port\}/, `${name}: a placeholder`)
    assert.doesNotMatch(text, /\.\.$|\.\. /m, `${name}: two final periods`)
  }
})

test('codes that a text names as codes have an entry, and rules exist', () => {
  const names = new Set(catalogue.flatMap(({ name, code, aliases }) => [name, code, ...aliases]))
  const known = new Set(rules().map(({ id }) => id))
  // Codes of other errors, which the texts only point at.
  const others = new Set(['ERR_OSSL_', 'ERR_SSL_', 'ERR_TLS_'])
  for (const { name, meaning, versions, hint, causes, rules: own } of catalogue) {
    const text = [meaning, versions, hint, ...causes.flatMap(({ title, tells }) => [title, tells])].join('\n')
    for (const [, code = ''] of text.matchAll(/`((?:ERR|CERT|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|INVALID|CRL|CA|EE)_[A-Z0-9_/]+)`/g)) {
      assert.ok(names.has(code) || others.has(code), `${name}: ${code}`)
    }
    for (const rule of own) assert.ok(known.has(rule), `${name}: ${rule}`)
    for (const [, rule = ''] of text.matchAll(/says `([a-z0-9-]+)`/g)) assert.ok(known.has(rule), `${name}: ${rule}`)
  }
})

test('program code in fixes is JavaScript that can be parsed', () => {
  const { Script } = require('node:vm')
  for (const { name, causes } of catalogue) {
    for (const { code } of causes.flatMap(({ fixes }) => fixes)) {
      if (code === undefined || /^#|^\w+ = /.test(code)) continue
      // Object literals and properties stand alone where they go into another call.
      const forms = [code, `(${code})`, `({ ${code} })`]
      assert.ok(forms.some((form) => { try { return new Script(`(async () => {${form}\n})`) } catch { return false } }), `${name}: ${code}`)
    }
  }
})

test('commands for a POSIX shell can be parsed by one', () => {
  const { spawnSync } = require('node:child_process')
  for (const { name, causes } of catalogue) {
    for (const { commands = [] } of causes.flatMap(({ fixes }) => fixes)) {
      for (const { shell, text } of commands) {
        if (shell !== 'bash') continue
        const { status, stderr } = spawnSync('bash', ['-n'], { input: text, env: { PATH: process.env.PATH } })
        assert.equal(status, 0, `${name}: ${text}\n${stderr}`)
      }
    }
  }
})
