'use strict'

const assert = require('node:assert/strict')
const path = require('node:path')
const test = require('node:test')

const Ajv = require('ajv')

const { github } = require('../lib/reporters/github.js')
const { sarif } = require('../lib/reporters/sarif.js')

const SCHEMA = require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json')
const TOOL = { name: 'trust-anchors', version: '1.2.3', home: 'https://example.com/trust-anchors' }
const FOLDER = path.resolve('/work place')

/** @type {import('../binding.js').Rule} */
const RULE = {
  id: 'indented-block',
  severity: 'error',
  actor: 'client',
  title: 'A block is indented',
  finds: 'A block whose lines begin with blanks.',
  why: 'Node does not see it.',
  looks: 'error[indented-block]',
  fix: 'Take the blanks away:\n\n```sh\nsed -i "s/^ *//" ca.pem\n```',
  source: '- `PEM_read_bio_ex`',
}

/** @returns {import('../index.js').Finding} */
const finding = (/** @type {Partial<import('../index.js').Finding>} */ more = {}) => ({
  rule: 'indented-block',
  severity: 'error',
  actor: 'client',
  message: 'the block is indented',
  fixes: [],
  ...more,
})

/** @param {import('../index.js').Finding[]} findings */
const logOf = (findings) => JSON.parse(sarif(findings, { rules: [RULE], folder: FOLDER, tool: TOOL }))

const validator = new Ajv({ schemaId: 'id', allErrors: true, meta: false })
validator.addMetaSchema(require('ajv/lib/refs/json-schema-draft-04.json'))
const validate = validator.compile(SCHEMA)

/** @param {unknown} log */
function assertValid(log) {
  assert.ok(validate(log), JSON.stringify(validate.errors, null, 2))
}

test('the schema finds a fault in a log that has one', () => {
  const log = logOf([finding()])
  log.runs[0].results[0].level = 'info'
  assert.ok(!validate(log))
})

test('SARIF: a log without findings is valid', () => {
  const log = logOf([])
  assertValid(log)
  assert.deepEqual(log.runs[0].results, [])
})

test('SARIF: levels, places and rules of findings', () => {
  const log = logOf([
    finding({ location: { path: path.join(FOLDER, 'a folder', 'ca#1.pem'), line: 7 }, detail: 'more', fixes: [{ title: 'Mend it', commands: [{ shell: 'bash', text: 'mend' }] }] }),
    finding({ severity: 'warning', location: { path: '/elsewhere/ca 1.pem' }, certificate: 'ab'.repeat(32) }),
    finding({ severity: 'info', location: { line: 3 } }),
    finding({ rule: 'unknown-rule' }),
  ])
  assertValid(log)
  const [{ results, tool }] = log.runs
  assert.deepEqual(results.map((/** @type {{ level: string }} */ { level }) => level), ['error', 'warning', 'note', 'error'])
  assert.deepEqual(results[0].locations, [
    { physicalLocation: { artifactLocation: { uri: 'a%20folder/ca%231.pem', uriBaseId: '%SRCROOT%' }, region: { startLine: 7 } } },
  ])
  assert.equal(results[0].message.text, 'the block is indented\nmore\nFix: Mend it')
  assert.deepEqual(results[1].locations, [{ physicalLocation: { artifactLocation: { uri: 'file:///elsewhere/ca%201.pem' } } }])
  assert.equal(results[2].locations, undefined)
  assert.equal(results[2].message.text, 'line 3: the block is indented')
  assert.equal(results[0].ruleIndex, 0)
  assert.equal(results[3].ruleIndex, undefined)
  const [rule, ...more] = tool.driver.rules
  assert.deepEqual(more, [])
  assert.equal(rule.id, 'indented-block')
  assert.equal(rule.name, 'IndentedBlock')
  assert.equal(rule.helpUri, 'https://example.com/trust-anchors/blob/v1.2.3/docs/rules/indented-block.md')
  assert.equal(rule.defaultConfiguration.level, 'error')
  assert.doesNotMatch(rule.help.text, /```|^#/m)
})

test('SARIF: what the command line prints is valid, with findings of every severity and without any', async () => {
  const { run } = require('./support/environment.js')
  const program = path.join(__dirname, '..', 'bin', 'trust-anchors.js')
  for (const args of [['inspect', __filename], ['inspect', '/dev/null', 'missing.pem'], ['preflight']]) {
    const { stdout, status } = await run(process.execPath, [program, ...args, '--format', 'sarif'], { env: { NODE_EXTRA_CA_CERTS: '~/ca.pem', NODE_TLS_REJECT_UNAUTHORIZED: '0' } })
    assert.notEqual(status, 2)
    assertValid(JSON.parse(stdout))
  }
})

test('SARIF: a log with every rule of the catalogue is valid', () => {
  const rules = require('../binding.js').rules()
  const findings = rules.map(({ id, severity, actor, title }) => ({ rule: id, severity, actor, message: title, fixes: [] }))
  const log = JSON.parse(sarif(findings, { rules, folder: FOLDER, tool: TOOL }))
  assertValid(log)
  assert.equal(log.runs[0].tool.driver.rules.length, rules.length)
})

test('SARIF: a finding that moves to another line stays the same result; one of another certificate does not', () => {
  const at = (/** @type {number} */ line, /** @type {string} */ certificate) =>
    logOf([finding({ location: { path: 'ca.pem', line }, certificate })]).runs[0].results[0].partialFingerprints['ruleAndSubject/v1']
  assert.equal(at(1, 'aa'), at(9, 'aa'))
  assert.notEqual(at(1, 'aa'), at(1, 'bb'))
})

test('GitHub: one annotation a finding, with its file relative to the folder', () => {
  const text = github(
    [
      finding({ location: { path: path.join(FOLDER, 'certs', 'ca.pem'), line: 7 } }),
      finding({ severity: 'warning', location: { path: '/elsewhere/ca.pem' } }),
      finding({ severity: 'info', location: { line: 3 }, detail: 'more', fixes: [{ title: 'Mend it', commands: [{ shell: 'powershell', text: 'p' }, { shell: 'bash', text: 'one\ntwo\n' }] }] }),
    ],
    { folder: FOLDER },
  )
  assert.deepEqual(text.split('\n'), [
    '::error file=certs/ca.pem,line=7,title=trust-anchors%3A indented-block::the block is indented',
    '::warning file=/elsewhere/ca.pem,title=trust-anchors%3A indented-block::the block is indented',
    '::notice title=trust-anchors%3A indented-block::the block is indented%0Aline 3%0Amore%0Afix: Mend it%0A  one%0A  two',
  ])
  assert.equal(github([], { folder: FOLDER }), '')
})

test('GitHub: nothing in a finding can end its annotation or begin another', () => {
  const text = github(
    [finding({ message: '100% sure\r\n::add-mask::x', detail: 'a\n::error::b', location: { path: 'a,b:c%\n::stop-commands::x', line: 1 } })],
    { folder: FOLDER },
  )
  assert.equal(text.split(/[\r\n]/).length, 1)
  assert.equal(
    text,
    '::error file=a%2Cb%3Ac%25\\u{a}%3A%3Astop-commands%3A%3Ax,line=1,title=trust-anchors%3A indented-block::' +
      '100%25 sure\\u{d}\\u{a}::add-mask::x%0Aa%0A::error::b',
  )
})
