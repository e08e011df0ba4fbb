'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const test = require('node:test')

const { version } = require('../package.json')
const { run } = require('./support/environment.js')
const { certificate, pkcs12 } = require('./support/pki.js')

const PROGRAM = path.join(__dirname, '..', 'bin', 'trust-anchors.js')
const BUNDLE = '/etc/ssl/certs/ca-certificates.crt'

const root = certificate({ subject: 'Example Root', ca: true })
const other = certificate({ subject: 'Other Root', ca: true })
const expired = certificate({ subject: 'Expired Root', ca: true, notBefore: '2010-01-01', notAfter: '2015-01-01' })
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-cli-'))
test.after(() => fs.rmSync(folder, { recursive: true, force: true }))

/** @param {string} name @param {string | Buffer} contents */
function file(name, contents) {
  const full = path.join(folder, name)
  fs.mkdirSync(path.dirname(full), { recursive: true })
  fs.writeFileSync(full, contents)
  return full
}

/**
 * @param {string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
const cli = (args, options) => run(process.execPath, [PROGRAM, ...args], { cwd: folder, ...options })

/** @param {string} command @param {Parameters<typeof run>[2]} [options] */
const shell = (command, options) => run('/bin/bash', ['-c', command], { cwd: folder, ...options, env: { NODE: process.execPath, TRUST: PROGRAM, ...options?.env } })

/** Runs the command line on a terminal of 80 columns: the output is all that a person sees. */
const terminal = (/** @type {string} */ command, /** @type {Record<string, string>} */ env = {}) =>
  shell(`script --quiet --return --command 'stty cols 80; "$NODE" "$TRUST" ${command}' /dev/null`, { env: { TERM: 'xterm-256color', ...env } })

// eslint-disable-next-line no-control-regex
const COLOR = /\x1b\[/
const healthy = file('healthy.pem', root.pem + other.pem)
const indented = file('indented.pem', root.pem + other.pem.replace(/^/gm, '    '))

test('--help of the program and of each command shows usage, options and examples on stdout', async () => {
  const general = await cli(['--help'])
  assert.equal(general.status, 0)
  assert.equal(general.stderr, '')
  for (const name of ['preflight', 'inspect', 'diagnose', 'list', 'export', 'explain']) {
    assert.match(general.stdout, new RegExp(`^  ${name} `, 'm'))
    const { status, stdout, stderr } = await cli([name, '--help'])
    assert.equal(status, 0, name)
    assert.equal(stderr, '')
    assert.match(stdout, /^Usage$/m)
    assert.match(stdout, /^Options$/m)
    assert.match(stdout, /^Examples$/m)
    assert.match(stdout, /^Exit code: /m)
    for (const line of stdout.split('\n')) assert.ok(line.length <= 80 || line.startsWith('    '), `${name}: more than 80 columns: ${line}`)
    assert.deepEqual(await cli(['help', name]), { status, signal: null, stdout, stderr })
    assert.deepEqual(await cli([name, '-h']), { status, signal: null, stdout, stderr })
  }
})

test('--version prints the version', async () => {
  for (const args of [['--version'], ['-v'], ['inspect', '--version']]) assert.deepEqual(await cli(args), { status: 0, signal: null, stdout: `${version}\n`, stderr: '' })
})

test('wrong usage ends with exit code 2, says what is wrong and what was probably meant, and prints no data', async () => {
  /** @type {[string[], RegExp, RegExp?][]} */
  const cases = [
    [['inspekt'], /unknown command `inspekt`/, /did you mean `inspect`\?/],
    [['frobnicate'], /unknown command `frobnicate`/, /the commands are preflight, inspect, diagnose, list, export, explain/],
    [['diagnose', 'http://example.com'], /has the scheme http:, which has no TLS: write https:\/\/example\.com/],
    [['run'], /`run` needs a COMMAND/],
    [['healthy.pem'], /unknown command `healthy.pem`/, /`trust-anchors inspect healthy.pem`/],
    [['help', 'nothing'], /unknown command `nothing`/],
    [['constructor'], /unknown command `constructor`/],
    [['inspect'], /`inspect` needs a FILE/, /`trust-anchors inspect --help` shows how it is used/],
    [['inspect', healthy, '--formt', 'json'], /unknown option `--formt` of `inspect`/, /did you mean `--format`\?/],
    [['inspect', healthy, '-x'], /unknown option `-x` of `inspect`/, /`trust-anchors inspect --help` lists the options/],
    [['inspect', healthy, '--endpoint', 'x'], /unknown option `--endpoint` of `inspect`/],
    [['inspect', healthy, '--constructor'], /unknown option `--constructor`/],
    [['inspect', healthy, '--store', 'node'], /unknown option `--store` of `inspect`/, /`--store` is an option of `diagnose` and `list`/],
    [['inspect', healthy, '--format', 'xml'], /`--format` must be text, json, github or sarif, and is `xml`/],
    [['inspect', healthy, '--format', 'jsn'], /`--format` must be/, /did you mean `json`\?/],
    [['inspect', healthy, '--format'], /`--format` needs a value: `--format FORMAT`/],
    [['inspect', healthy, '--strict=no'], /`--strict` takes no value, and was given `no`/],
    [['inspect', healthy, '--min-days', '-3'], /`--min-days` needs a value, and is followed by `-3`/, /write `--min-days=-3`/],
    [['inspect', healthy, '--min-days=-3'], /`--min-days` must be a whole number of days/],
    [['inspect', healthy, '--min-days', '1e3'], /`--min-days` must be a whole number of days/],
    [['inspect', healthy, '--node', '16'], /`--node` must be a Node version from 18 on, and is `16`/, /`24`/],
    [['inspect', healthy, '--node', 'lts'], /`--node` must be a Node version/],
    [['inspect', healthy, '--runtime', 'ruby'], /`--runtime` must be node, bun or deno, and is `ruby`/],
    [['inspect', healthy, '--runtime', 'bun', '--node', '24'], /`--node` is about Node, and `--runtime` asks for bun/],
    [['inspect', healthy, '--at', 'tomorrow'], /`--at` must be a date, and is `tomorrow`/, /2027-01-31/],
    [['inspect', healthy, '--at', '2027-02-45'], /`--at` must be a date/],
    [['inspect', healthy, '--password-file', 'missing'], /cannot read the password: ENOENT/],
    [['inspect', healthy, '--force'], /`--force` is about the file that `--fix` writes/],
    [['inspect', healthy, indented, '--fix', 'out.pem'], /`--fix` repairs one FILE, and 2 are named/],
    [['inspect', '-', '-'], /standard input \(`-`\) can be read once only/],
    [['inspect', ''], /a FILE is empty/, /is a variable in the command not set\?/],
    [['inspect', healthy, '--fix', ''], /the value of `--fix` is empty/],
    [['explain', 'one', 'two'], /there is no rule or error `one two`/, /`trust-anchors explain` lists them/],
    [['explain', 'no-such-rule'], /there is no rule or error `no-such-rule`/, /`trust-anchors explain` lists them/],
    [['explain', 'pem-indentd'], /there is no rule or error `pem-indentd`/, /did you mean `pem-indented`\?/],
    [['explain', 'UNABLE_TO_VERIFY_LEAF_SIGNATUR'], /there is no rule or error/, /did you mean `UNABLE_TO_VERIFY_LEAF_SIGNATURE`\?/],
    [['explain', 'CERT_HAS_EXPIRED', '--format', 'sarif'], /`--format` must be text or json, and is `sarif`/],
    [['preflight', 'now'], /`preflight` takes no arguments, and `now` is one too many/],
  ]
  for (const [args, message, hint] of cases) {
    const { status, stdout, stderr } = await cli(args)
    assert.equal(status, 2, args.join(' '))
    assert.equal(stdout, '', args.join(' '))
    assert.match(stderr, /^error: /, args.join(' '))
    assert.match(stderr, message)
    if (hint) assert.match(stderr, new RegExp(`^hint: .*${hint.source}`, 'm'))
  }
})

test('an argument with control characters is escaped in the error', async () => {
  const { stderr } = await cli(['\x1b[31mred\x07'])
  assert.match(stderr, /unknown command `\\u\{1b\}\[31mred\\u\{7\}`/)
  assert.doesNotMatch(stderr, COLOR)
})

test('after --, what looks like an option is a file', async () => {
  const { status, stdout } = await cli(['inspect', '--format', 'json', '--', '--strict'])
  assert.notEqual(status, 2)
  assert.equal(JSON.parse(stdout)[0].path, '--strict')
})

test("inspect reads this machine's bundle, and Node loads all of it", { skip: fs.existsSync(BUNDLE) ? false : `there is no ${BUNDLE}` }, async () => {
  const { status, stdout } = await cli(['inspect', BUNDLE])
  // 1: roots may have expired since the bundle was made.
  assert.ok(status === 0 || status === 1)
  const count = (fs.readFileSync(BUNDLE, 'utf8').match(/^-----BEGIN CERTIFICATE-----$/gm) ?? []).length
  assert.match(stdout, new RegExp(`^${BUNDLE}\n`))
  assert.match(stdout.replace(/\n/g, ' '), new RegExp(`Node ${process.versions.node} loads all ${count} certificates in it`))
  assert.equal((stdout.match(/^ +\d+ {2}loaded {3}\d{4}-\d\d-\d\d {2}\S/gm) ?? []).length, count, 'one row a certificate')
})

test('inspect shows each block with its line and fate, the fault under it, and the fixes apart', async () => {
  const broken = file('broken.pem', `# roots\n${root.pem}${root.key.pem}${other.pem.replace(/^(?=.)/gm, '    ')}${expired.pem}`)
  const { status, stdout, stderr } = await cli(['inspect', broken, '--at', '2026-06-01', '--node', '24'])
  assert.equal(status, 1)
  assert.equal(stderr, 'hint: `trust-anchors explain pem-indented` explains a rule\n')
  const lines = stdout.split('\n')
  const indexOf = (/** @type {RegExp} */ pattern) => {
    const index = lines.findIndex((line) => pattern.test(line))
    assert.notEqual(index, -1, `${pattern} in\n${stdout}`)
    return index
  }
  const at = (/** @type {string} */ text) => fs.readFileSync(broken, 'utf8').split('\n').indexOf(text) + 1
  assert.match(stdout.replace(/\n/g, ' '), /PEM, 4 blocks: Node 24 loads 2 of the 3 certificates in it and says nothing about it/)
  const order = [
    indexOf(new RegExp(`^ +${at('-----BEGIN CERTIFICATE-----')}  loaded   2045-01-01  CN=Example Root$`)),
    indexOf(new RegExp(`^ +${at('-----BEGIN PRIVATE KEY-----')}  skipped  -           PRIVATE KEY, not a certificate$`)),
    indexOf(/^ +warning\[ca-file-private-key\]:/),
    indexOf(new RegExp(`^ +${at('    -----BEGIN CERTIFICATE-----')}  lost     2045-01-01  CN=Other Root$`)),
    indexOf(/^ +error\[pem-indented\]: /),
    indexOf(/^ +\d+ {2}loaded {3}2015-01-01 {2}CN=Expired Root$/),
    indexOf(/^ +(?:error|warning)\[certificate-expired\]: /),
    indexOf(/^Fixes$/),
    indexOf(/^ +npx trust-anchors inspect \S+broken.pem --fix \S+$/),
    indexOf(/^\d errors?, \d warnings?$/),
  ]
  assert.deepEqual(order, [...order].sort((one, next) => one - next))
  assert.ok(!stdout.includes(root.key.pem.split('\n')[1] ?? ''), 'no part of the key is shown')
})

test('inspect reads a PKCS#12 file with the password of --password-file', async () => {
  const locked = file('locked.p12', pkcs12([root], { password: 'correct horse' }))
  assert.equal((await cli(['inspect', locked, '--format', 'json', '--password-file', file('wrong', 'wrong\n')])).stdout.includes(root.sha256), false)
  const { stdout } = await cli(['inspect', locked, '--format', 'json', '--password-file', file('right', 'correct horse\r\nnot this\n')])
  assert.deepEqual(JSON.parse(stdout)[0].found.map((/** @type {{ sha256: string }} */ { sha256 }) => sha256), [root.sha256])
  const fixed = await cli(['inspect', locked, '--fix', 'opened.pem'])
  assert.equal(fixed.status, 1)
  assert.match(fixed.stderr, /^hint: `--password-file FILE` opens a PKCS#12 file that has a password$/m)
  assert.equal((await cli(['inspect', locked, '--password-file', 'right', '--fix', 'opened.pem', '--at', '2026-06-01'])).status, 0)
  assert.ok(fs.readFileSync(path.join(folder, 'opened.pem'), 'utf8').endsWith(root.pem))
})

test('every file of the collection is shown within 80 columns and without control characters, and its clean copy is proved', async () => {
  const { Writable } = require('node:stream')
  const { main } = require('../lib/cli/main.js')
  const { inspectCaFileSync } = require('../index.js')
  const { caFileReport } = require('../lib/text.js')
  const { surface } = require('../lib/layout.js')
  const { namedFiles } = require('./ca-files/index.js')
  const to = surface({ width: 80, rows: 80 })
  for (const { name, make } of namedFiles()) {
    const place = fs.mkdtempSync(path.join(folder, 'named-'))
    const { value, cwd } = make(place)
    const input = cwd === undefined ? value : path.resolve(cwd, value)
    if (input === '' || input.includes('\0')) continue
    const report = inspectCaFileSync(input)
    const text = caFileReport(report, { to })
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/, name)
    const [shown = ''] = text.split(/^Fix(?:es)?$/m)
    for (const line of shown.split('\n').slice(1)) assert.ok([...line].length <= 80 || !/\S \S/.test(line.trim().replace(/`[^`]*`/g, '')), `${name}: ${line}`)
    if (report.found.length === 0) continue
    let said = ''
    const stream = () => Object.assign(new Writable({ write: (chunk, _encoding, done) => ((said += chunk), done()) }), { isTTY: false })
    const out = path.join(place, 'copy.pem')
    const code = await main(['inspect', input, '--fix', out], /** @type {any} */ ({ stdin: null, stdout: stream(), stderr: stream(), env: {} }))
    assert.ok(code < 2, `${name}: ${said}`)
    assert.match(said, /^note: wrote .* read back, Node loads /m, name)
    assert.deepEqual(new Set(inspectCaFileSync(out).loadedByNode.map(({ sha256 }) => sha256)), new Set(report.found.map(({ sha256 }) => sha256)), name)
  }
})

test('inspect --format json prints the reports of all files as an array', async () => {
  const { status, stdout, stderr } = await cli(['inspect', healthy, file('one.pem', root.pem), '--format', 'json', '--at', '2026-06-01'])
  assert.equal(status, 0)
  assert.equal(stderr, '')
  const [first, second] = JSON.parse(stdout)
  assert.equal(first.path, healthy)
  assert.deepEqual(first.loadedByNode.map((/** @type {{ sha256: string }} */ { sha256 }) => sha256), [root.sha256, other.sha256])
  assert.deepEqual(second.found.map((/** @type {{ sha256: string }} */ { sha256 }) => sha256), [root.sha256])
})

test('inspect reads standard input as `-`', async () => {
  const { status, stdout } = await cli(['inspect', '-', '--at', '2026-06-01'], { stdin: root.pem })
  assert.equal(status, 0)
  assert.match(stdout, /^\(standard input\)\n/)
  assert.match(stdout.replace(/\n/g, ' '), /loads the certificate in it/)
  const empty = await cli(['inspect', '-', '--format', 'json'], { stdin: '' })
  assert.deepEqual(JSON.parse(empty.stdout)[0].found, [])
})

test('inspect ends with 2 when standard input is longer than any CA file', async () => {
  const { status, stdout } = await shell('head -c 140000000 /dev/zero | "$NODE" "$TRUST" inspect - 2>&1')
  assert.equal(status, 2)
  assert.equal(stdout, 'error: standard input is longer than 128 MiB, and no CA file is\n')
})

test('colour is for terminals, never with NO_COLOR, and elsewhere only when asked for', { skip: process.platform === 'linux' ? false : 'util-linux `script` gives the terminal' }, async () => {
  const shown = `inspect ${healthy} --at 2026-06-01`
  assert.match((await terminal(shown)).stdout, COLOR)
  assert.doesNotMatch((await terminal(shown, { NO_COLOR: '1' })).stdout, COLOR)
  assert.doesNotMatch((await terminal(shown, { NO_COLOR: '1', FORCE_COLOR: '1' })).stdout, COLOR)
  assert.match((await terminal(shown, { NO_COLOR: '' })).stdout, COLOR)
  assert.doesNotMatch((await terminal(shown, { FORCE_COLOR: '0' })).stdout, COLOR)
  assert.doesNotMatch((await terminal(shown, { TERM: 'dumb' })).stdout, COLOR)
  assert.match((await terminal('inspekt')).stdout, COLOR)
  const args = ['inspect', healthy, '--at', '2026-06-01']
  const plain = await cli(args)
  assert.doesNotMatch(plain.stdout, COLOR)
  const forced = await cli(args, { env: { FORCE_COLOR: '1' } })
  assert.match(forced.stdout, COLOR)
  assert.doesNotMatch((await cli(args, { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout, COLOR)
  // eslint-disable-next-line no-control-regex
  assert.equal(forced.stdout.replace(/\x1b\[\d+m/g, ''), plain.stdout, 'colour changes nothing else')
})

test('a reader that stops early is no error', async () => {
  for (const output of ['inspect ca.pem --format json', 'inspect ca.pem', '--help']) {
    file('ca.pem', root.pem.repeat(300))
    const { stdout, stderr } = await shell(`"$NODE" "$TRUST" ${output} | head -n 1; echo "\${PIPESTATUS[0]}"`)
    assert.equal(stderr, '', output)
    assert.match(stdout, /^.+\n[01]\n$/, output)
  }
})

test('what is written to a closed stderr is no error either', async () => {
  const { stdout } = await shell('{ "$NODE" "$TRUST" inspekt 2>&1 >/dev/null; echo $? > code; } | true; cat code')
  assert.equal(stdout, '2\n')
})

test('a long output to a pipe arrives whole', async () => {
  file('ca.pem', root.pem.repeat(300))
  const { stdout } = await shell('"$NODE" "$TRUST" inspect ca.pem --format json | { sleep 0.2; cat; }')
  assert.equal(JSON.parse(stdout)[0].loadedByNode.length, 300)
})

test('--fix writes a clean copy with mode 0644 at once, proves it, and leaves nothing else behind', async () => {
  const place = fs.mkdtempSync(path.join(folder, 'fix-'))
  const input = path.join(place, 'in.pem')
  fs.writeFileSync(input, `text before\n${root.pem}`)
  const { status, stderr } = await cli(['inspect', input, '--fix', 'out.pem', '--at', '2026-06-01'], { cwd: place, env: { HOME: place } })
  assert.match(stderr, /^note: wrote out.pem; read back, Node loads the one certificate in it, as it did before$/m)
  assert.equal(status, 0)
  assert.equal(fs.readFileSync(path.join(place, 'out.pem'), 'utf8'), root.pem)
  assert.equal(fs.statSync(path.join(place, 'out.pem')).mode & 0o777, 0o644)
  assert.deepEqual(fs.readdirSync(place).sort(), ['in.pem', 'out.pem'])
})

test('--fix never replaces its input or another file, under whatever name, unless told to', async () => {
  const place = fs.mkdtempSync(path.join(folder, 'keep-'))
  const text = `text before\n${root.pem}`
  const at = (/** @type {string} */ name) => path.join(place, name)
  fs.writeFileSync(at('in.pem'), text)
  fs.symlinkSync('in.pem', at('link.pem'))
  fs.linkSync(at('in.pem'), at('hard.pem'))
  fs.symlinkSync('nowhere', at('dangling.pem'))
  fs.writeFileSync(at('other.pem'), 'precious')
  fs.mkdirSync(at('folder'))
  const fix = (/** @type {string} */ out, /** @type {string[]} */ ...more) => cli(['inspect', 'in.pem', '--fix', out, '--at', '2026-06-01', ...more], { cwd: place })
  /** @type {[string, RegExp][]} */
  const refused = [
    ['in.pem', /`in.pem` is the file that is inspected, and is not overwritten/],
    ['./folder/../in.pem', /is the file that is inspected/],
    ['link.pem', /`link.pem` is the file that is inspected/],
    ['hard.pem', /`hard.pem` is the file that is inspected/],
    ['other.pem', /`other.pem` exists already, and is not overwritten/],
    ['dangling.pem', /`dangling.pem` exists already/],
    ['folder', /`folder` is a directory/],
    ['/dev/null', /`\/dev\/null` is not a regular file/],
    ['missing/out.pem', /cannot write `missing\/out.pem`: ENOENT/],
  ]
  for (const [out, message] of refused) {
    const { status, stderr } = await fix(out)
    assert.equal(status, 2, out)
    assert.match(stderr, message)
    assert.match(stderr, /^error: /)
  }
  for (const out of ['folder', '/dev/null']) assert.equal((await fix(out, '--force')).status, 2, out)
  assert.equal(fs.readFileSync(at('in.pem'), 'utf8'), text)
  assert.equal(fs.readFileSync(at('other.pem'), 'utf8'), 'precious')
  assert.deepEqual(fs.readdirSync(place).sort(), ['dangling.pem', 'folder', 'hard.pem', 'in.pem', 'link.pem', 'other.pem'])

  assert.equal((await fix('other.pem', '--force')).status, 0)
  assert.equal(fs.readFileSync(at('other.pem'), 'utf8'), root.pem)
  assert.equal((await fix('link.pem', '--force')).status, 0)
  assert.ok(fs.lstatSync(at('link.pem')).isSymbolicLink(), 'the link stays')
  assert.equal(fs.readFileSync(at('in.pem'), 'utf8'), root.pem, 'and what it points at is replaced')
  assert.equal(fs.readFileSync(at('hard.pem'), 'utf8'), text, 'the old contents, under their other name, are whole')
  assert.equal((await fix('dangling.pem', '--force')).status, 0)
  assert.equal(fs.readFileSync(at('dangling.pem'), 'utf8'), root.pem)
})

test('--fix - gives the copy as data, and the report beside it', async () => {
  const { status, stdout, stderr } = await cli(['inspect', '-', '--fix', '-', '--at', '2026-06-01'], { stdin: `before\n${root.pem}` })
  assert.equal(status, 0)
  assert.equal(stdout, root.pem)
  assert.match(stderr, /^\(standard input\)\n/)
})

test('--fix of a file without certificates writes nothing and ends with 1', async () => {
  const { status, stderr } = await cli(['inspect', file('none.pem', 'nothing\n'), '--fix', 'none-fixed.pem'])
  assert.equal(status, 1)
  assert.match(stderr, /no certificate was found in \S*none.pem, so there is nothing to write to none-fixed.pem/)
  assert.ok(!fs.existsSync(path.join(folder, 'none-fixed.pem')))
})

/** @typedef {{ sha256: string, sources: { store: string, path?: string, line?: number }[] }} Listed */

test('list shows the merged store with the stores each certificate is in', async () => {
  const extra = file('extra.pem', root.pem + other.pem)
  const { status, stdout, stderr } = await cli(['list'], { env: { NODE_EXTRA_CA_CERTS: extra } })
  assert.equal(status, 0)
  assert.match(stderr, /^(hint: `trust-anchors list --format json` has .* notes? about what is in the store\n)?$/)
  assert.match(stdout, /^the merged store: \d+ certificates\nin: n = this Node's list, m = Mozilla's, .*e = extra files\n/)
  const row = (/** @type {{ sha256: string }} */ { sha256 }, /** @type {string} */ name, /** @type {number} */ line) =>
    new RegExp(`^  -+e +2045-01-01  ${sha256.slice(0, 8)}  CN=${name}\n +${extra}:${line}$`, 'm')
  assert.match(stdout, row(root, 'Example Root', 1))
  assert.match(stdout, row(other, 'Other Root', root.pem.split('\n').length))
})

test('list --store and --diff, as text and JSON', async () => {
  const extra = file('one-extra.pem', root.pem)
  const env = { NODE_EXTRA_CA_CERTS: extra }
  const listed = JSON.parse((await cli(['list', '--store', 'extra', '--format', 'json'], { env })).stdout)
  assert.equal(listed.store, 'extra')
  assert.deepEqual(listed.certificates.map((/** @type {Listed} */ { sha256 }) => sha256), [root.sha256])
  assert.deepEqual(listed.certificates[0].sources, [{ store: 'extra', path: extra, line: 1 }])
  for (const store of ['node', 'mozilla', 'system', 'merged']) {
    const { status, stdout } = await cli(['list', '--store', store, '--format', 'json'], { env })
    assert.equal(status, 0)
    const { certificates } = JSON.parse(stdout)
    const names = new Set(certificates.flatMap((/** @type {Listed} */ { sources }) => sources.map((source) => source.store)))
    if (store === 'merged') assert.ok(names.has('node') && names.has('mozilla') && names.has('extra'))
    else if (certificates.length > 0) assert.deepEqual([...names], [store])
  }
  const { stores, shared } = JSON.parse((await cli(['list', '--diff', 'merged', 'extra', '--format', 'json'], { env })).stdout)
  assert.equal(shared, 1)
  assert.equal(stores[0].store, 'merged')
  assert.equal(stores[0].only.length, stores[0].certificates - 1)
  assert.deepEqual(stores[1], { store: 'extra', certificates: 1, only: [] })
  const { status, stdout } = await cli(['list', '--diff', 'extra', 'node'], { env })
  assert.equal(status, 0)
  assert.match(stdout, /^NODE_EXTRA_CA_CERTS: 1 certificate; the list in this Node: \d+; in\s+both: 0\n\nOnly in extra, not in node: 1\n.*\n  2045-01-01  .* CN=Example Root\n/)
  assert.match((await cli(['list', '--diff', 'extra', 'merged'], { env })).stdout, /^Nothing is in extra that is not in merged$/m)
})

test('list and export say beside their data what is wrong with the store, and fix it', async () => {
  const leaf = root.issue({ subject: 'localhost', server: true })
  const env = { NODE_EXTRA_CA_CERTS: file('leaf.pem', root.pem + leaf.pem) }
  for (const args of [['list', '--store', 'extra'], ['export']]) {
    const { status, stdout, stderr } = await cli(args, { env })
    assert.equal(status, 0)
    assert.match(stderr, /^error\[certificate-is-leaf\]: /m)
    assert.match(stderr, /^ {2}fix: /m)
    assert.doesNotMatch(stdout, /warning|fix:/)
  }
  const { excluded } = JSON.parse((await cli(['list', '--store', 'extra', '--format', 'json'], { env })).stdout)
  assert.equal(excluded[0].certificate.sha256, leaf.sha256)
})

test('list of an empty store says why it may be empty', async () => {
  const { status, stdout, stderr } = await cli(['list', '--store', 'extra'])
  assert.equal(status, 0)
  assert.equal(stdout, 'NODE_EXTRA_CA_CERTS: no certificates\nNODE_EXTRA_CA_CERTS is not set, or Node loads nothing from what it names\n')
  assert.equal(stderr, '')
})

test('wrong usage of list and export', async () => {
  /** @type {[string[], RegExp][]} */
  const cases = [
    [['list', '--store', 'moz'], /`--store` must be node, mozilla, system, extra or merged, and is `moz`\nhint: did you mean `mozilla`\?/],
    [['list', '--diff', 'system'], /`--diff` needs two stores, and only `system` is named/],
    [['list', '--diff', 'system', 'nodes'], /a store must be .*, and is `nodes`\nhint: did you mean `node`\?/],
    [['list', '--diff', 'system', 'node', '--store', 'extra'], /`--store` and `--diff` exclude each other/],
    [['list', 'system'], /`list` takes an argument only after `--diff`, and `system` is one\nhint: to list that store: `trust-anchors list --store system`/],
    [['list', '--format', 'sarif'], /`--format` must be text or json, and is `sarif`/],
    [['export', 'file.pem'], /`export` takes no arguments/],
    [['export', '--force'], /`--force` is about the file that `-o` writes/],
  ]
  for (const [args, message] of cases) {
    const { status, stdout, stderr } = await cli(args)
    assert.equal(status, 2, args.join(' '))
    assert.equal(stdout, '')
    assert.match(stderr, message)
  }
})

test('on a terminal, rows are wrapped to its width; in a pipe, a certificate is one line', { skip: process.platform === 'linux' ? false : 'util-linux `script` gives the terminal' }, async () => {
  const shown = (await terminal('list --store mozilla', { NO_COLOR: '1' })).stdout.split(/\r?\n/)
  assert.ok(shown.length > 100)
  for (const line of shown) assert.ok([...line].length <= 80, line)
  const piped = (await cli(['list', '--store', 'mozilla'])).stdout.trimEnd().split('\n')
  for (const line of piped.slice(3)) assert.match(line, /^  \d{4}-\d\d-\d\d  [0-9a-f]{8}  \S/)
})

test('export writes what Node loads whole, and replaces nothing unless told to', async () => {
  const place = fs.mkdtempSync(path.join(folder, 'export-'))
  const extra = path.join(place, 'extra.pem')
  fs.writeFileSync(extra, root.pem)
  const options = { cwd: place, env: { NODE_EXTRA_CA_CERTS: extra } }
  const piped = await cli(['export'], options)
  assert.equal(piped.status, 0)
  assert.equal(piped.stderr, '')
  assert.deepEqual(await cli(['export', '-o', '-'], options), piped)
  const written = await cli(['export', '-o', 'all.pem'], options)
  assert.equal(written.status, 0)
  assert.equal(written.stdout, '')
  assert.match(written.stderr, /^note: wrote all.pem; read back, Node loads all \d+ certificates in it\n$/)
  assert.equal(fs.readFileSync(path.join(place, 'all.pem'), 'utf8'), piped.stdout)
  assert.ok(piped.stdout.includes(root.pem))
  const [report] = JSON.parse((await cli(['inspect', 'all.pem', '--format', 'json'], options)).stdout)
  assert.equal(report.loadedByNode.length, (piped.stdout.match(/BEGIN/g) ?? []).length)

  const again = await cli(['export', '-o', 'all.pem'], options)
  assert.equal(again.status, 2)
  assert.match(again.stderr, /`all.pem` exists already/)
  const source = await cli(['export', '-o', 'extra.pem'], options)
  assert.equal(source.status, 2)
  assert.match(source.stderr, /`extra.pem` is a file that the extra store was read from, and is not overwritten/)
  assert.equal(fs.readFileSync(extra, 'utf8'), root.pem)
  assert.equal((await cli(['export', '-o', 'all.pem', '--force'], options)).status, 0)
  assert.deepEqual(fs.readdirSync(place).sort(), ['all.pem', 'extra.pem'])
})

test('without a command, the preflight shows what Node trusts from here, and ends with 0 when nothing is an error', async () => {
  const { status, stdout } = await cli([])
  assert.equal(status, 0)
  assert.match(stdout, new RegExp(`^What Node ${process.versions.node} trusts here\n  bundled  yes  \\d+ certificates`))
  assert.match(stdout, /^ {2}extra {4}no /m)
  assert.equal((await cli(['preflight'])).stdout, stdout)
})

test('preflight ends with 1 for an error, in every format, with the fix beside it', async () => {
  const env = { NODE_EXTRA_CA_CERTS: path.join(folder, 'missing.pem') }
  const text = await cli([], { env })
  assert.equal(text.status, 1)
  assert.match(text.stdout, /^error\[extra-ca-file-missing\]: /m)
  assert.match(text.stdout, /^ {2}fix: /m)
  assert.match(text.stderr, /^hint: `trust-anchors explain extra-ca-file-missing` explains a rule$/m)
  const json = await cli(['--format', 'json'], { env })
  assert.equal(json.status, 1)
  const { ok, findings } = JSON.parse(json.stdout)
  assert.equal(ok, false)
  assert.equal(findings[0].rule, 'extra-ca-file-missing')
  const github = await cli(['preflight', '--format=github'], { env })
  assert.equal(github.status, 1)
  assert.match(github.stdout, /^::error file=missing.pem,title=trust-anchors%3A extra-ca-file-missing::/)
  for (const line of github.stdout.trimEnd().split('\n')) assert.match(line, /^::(error|warning|notice) /)
  const sarif = await cli(['--format', 'sarif'], { env })
  assert.equal(sarif.status, 1)
  const [{ results, tool }] = JSON.parse(sarif.stdout).runs
  assert.equal(results[0].ruleId, 'extra-ca-file-missing')
  assert.equal(tool.driver.rules[results[0].ruleIndex].id, 'extra-ca-file-missing')
})

test('preflight ends with 1 for a warning with --strict alone', async () => {
  const env = { NODE_EXTRA_CA_CERTS: healthy }
  // Their time is over in 2045: within 36,500 days.
  assert.equal((await cli(['--min-days', '36500'], { env })).status, 0)
  const { status, stdout } = await cli(['--min-days', '36500', '--strict'], { env })
  assert.equal(status, 1)
  assert.match(stdout, /^warning\[/m)
})

test('what turns verification off is an error, and no fix says to do it', async () => {
  const { status, stdout } = await cli(['--format', 'json'], { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } })
  assert.equal(status, 1)
  const { findings } = JSON.parse(stdout)
  assert.ok(findings.some((/** @type {{ rule: string }} */ { rule }) => rule === 'verification-disabled'))
  for (const { fixes } of findings) assert.doesNotMatch(JSON.stringify(fixes), /NODE_TLS_REJECT_UNAUTHORIZED=['"]?0|rejectUnauthorized['"]?: *false/)
})

test('explain lists all rules, and shows each within 80 columns but for what can be copied', async () => {
  const { Writable } = require('node:stream')
  const { main } = require('../lib/cli/main.js')
  const rules = require('../binding.js').rules()
  const index = await cli(['explain'])
  assert.equal(index.status, 0)
  for (const { id } of rules) {
    assert.match(index.stdout, new RegExp(`^  ${id}$`, 'm'))
    let text = ''
    const stream = () => Object.assign(new Writable({ write: (chunk, _encoding, done) => ((text += chunk), done()) }), { isTTY: false })
    assert.equal(await main(['explain', id], /** @type {any} */ ({ stdin: null, stdout: stream(), stderr: stream(), env: {} })), 0)
    const headings = text.match(/^(What it finds|Why Node rejects or ignores it|How it looks|Fix|Source)$/gm)
    assert.deepEqual(headings, ['What it finds', 'Why Node rejects or ignores it', 'How it looks', 'Fix', 'Source'], id)
    for (const line of text.split('\n')) assert.ok(line.length <= 80 || /^ {4}|`[^`]{60,}/.test(line) || !line.trim().includes(' '), `${id}: ${line}`)
  }
  const { status, stdout, stderr } = await cli(['explain', 'Verification-Disabled'])
  assert.equal(status, 0)
  assert.equal(stderr, '')
  assert.match(stdout, /^error\[verification-disabled\]\n/)
})

test('explain lists all errors, and shows each within 80 columns but for what can be copied', async () => {
  const { Writable } = require('node:stream')
  const { main } = require('../lib/cli/main.js')
  const index = await cli(['explain'])
  for (const { name, title, causes } of require('../binding.js').errorCodes()) {
    assert.match(index.stdout, new RegExp(`^  ${name}$`, 'm'))
    let text = ''
    const stream = () => Object.assign(new Writable({ write: (chunk, _encoding, done) => ((text += chunk), done()) }), { isTTY: false })
    assert.equal(await main(['explain', name], /** @type {any} */ ({ stdin: null, stdout: stream(), stderr: stream(), env: {} })), 0)
    assert.ok(text.replace(/\s+/g, ' ').includes(title), name)
    assert.ok(causes.length > 0 && /^Causes?/m.test(text), name)
    for (const line of text.split('\n')) assert.ok(line.length <= 80 || /^ {5}|^-----|`[^`]{50,}/.test(line) || !line.trim().includes(' '), `${name}: ${line}`)
  }
})

test('explain takes a line of a log, in one argument or several, and prints JSON', async () => {
  const line = 'Error: write EPROTO 8020DB:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl3_record.c:355:'
  for (const args of [[line], line.split(' ')]) {
    const { status, stdout, stderr } = await cli(['explain', ...args])
    assert.deepEqual([status, stderr], [0, ''])
    assert.match(stdout, /^ERR_SSL_WRONG_VERSION_NUMBER\nWhat answered does not speak TLS\n/)
  }
  const json = await cli(['explain', 'unable to get local issuer certificate', '--format', 'json'])
  const explanation = JSON.parse(json.stdout)
  assert.equal(explanation.name, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY')
  assert.equal(explanation.openssl.number, 20)
  const rule = await cli(['explain', 'PEM-INDENTED', '--format', 'json'])
  assert.equal(JSON.parse(rule.stdout).id, 'pem-indented')
})

test('explain ranks by the environment it runs in', async () => {
  const { stdout } = await cli(['explain', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'], { env: { NODE_EXTRA_CA_CERTS: '/nonexistent/ca.pem' } })
  assert.match(stdout, /^ {2}1\. NODE_EXTRA_CA_CERTS is set, but the CA in it is not loaded/m)
  assert.match(stdout, /likely: NODE_EXTRA_CA_CERTS names `\/nonexistent\/ca\.pem`/)
})
