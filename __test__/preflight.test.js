'use strict'

// Every rule about the environment, found and absent, in real Nodes: each test shows what Node itself does beside what the preflight says.

const assert = require('node:assert/strict')
const { execFileSync, spawnSync } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const test = require('node:test')
const tls = require('node:tls')
const { pathToFileURL } = require('node:url')

const { forEachConcurrently, run, runNode } = require('./support/environment')
const { nodePath, nodes, unsupported } = require('./support/nodes')
const { certificate, pemBlock, pkcs12, revocationList, standardPki } = require('./support/pki')

const ROOT = path.join(__dirname, '..')
const skip = unsupported ?? false
const ALL = [18, 20, 22, 24, 26]
const TIME = '2026-06-01T00:00:00Z'
const pki = standardPki()

const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-preflight-')))
fs.chmodSync(folder, 0o755)
test.after(() => fs.rmSync(folder, { recursive: true, force: true }))

/** @type {Map<string, string | Buffer>} */
const written = new Map()

/**
 * Writes a file once: a test that runs on several Nodes at a time asks for it again while the first reads it.
 *
 * @param {string} name @param {string | Buffer} [text]
 */
function write(name, text = '') {
  const file = path.join(folder, name)
  if (written.get(name) === text) return file
  written.set(name, text)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, text)
  return file
}

const ca = write('ca.pem', pki.root.pem)
const other = write('other.pem', pki.otherRoot.pem)
const emptyDirectory = path.join(folder, 'empty')
fs.mkdirSync(emptyDirectory)
/** A system whose store is a public list: what this machine's own store holds has no say. */
const publicSystem = { SSL_CERT_FILE: write('public.pem', tls.rootCertificates.join('\n')), SSL_CERT_DIR: emptyDirectory }

/**
 * Runs the preflight in a Node, and asks that Node which of `candidates` (files with one self-signed certificate) it trusts.
 *
 * @param {number | string} node
 * @param {{ env?: Record<string, string>, args?: string[], cwd?: string, before?: string, options?: object, candidates?: string[],
 *   wrap?: [string, string[]], root?: string }} [how] `before`: program code that runs first; `wrap`: a command to run Node through
 */
async function look(node, { env, args = [], cwd = folder, before = '', options = {}, candidates = [ca], wrap, root = ROOT } = {}) {
  const script = `${before}
    const { preflightSync } = require(${JSON.stringify(root)})
    const report = preflightSync(${JSON.stringify({ time: TIME, ...options })})
    const loadedTls = (process.moduleLoadList ?? []).includes('NativeModule tls')
    const tls = require('tls')
    const trusts = ${JSON.stringify(candidates)}.map((file) => tls.createSecureContext({ cert: require('fs').readFileSync(file) }).context.getIssuer() !== null)
    process.stdout.write(JSON.stringify({ report, trusts, loadedTls, text: String(report) }))`
  const binary = typeof node === 'string' ? node : nodePath(node)
  const [command, first] = wrap ?? [binary, []]
  const result = await run(command, [...first, ...(wrap ? [binary] : []), ...args, '-e', script], { env, cwd })
  assert.equal(result.status, 0, `Node ${node} ended with ${result.signal ?? result.status}: ${result.stderr}`)
  const answer = JSON.parse(result.stdout)
  return { ...answer, stderr: result.stderr, ids: answer.report.findings.map(({ rule }) => rule) }
}

/** The finding of a rule. @param {{ report: { findings: { rule: string }[] } }} answer @param {string} rule */
function finding({ report }, rule) {
  const found = report.findings.find((entry) => entry.rule === rule)
  assert.ok(found, `${rule} is not among ${report.findings.map((entry) => entry.rule).join(', ') || 'no findings'}`)
  return found
}

/** The text of a fix's command for a shell. */
function command({ fixes }, shell, index = 0) {
  return fixes[index].commands.find((entry) => entry.shell === shell).text
}

/** @param {Iterable<number>} majors @param {(major: number) => Promise<void>} work */
async function onEach(majors, work) {
  await forEachConcurrently(majors, work)
}

const WARNING = /Warning: Ignoring extra certs from/

// ---- NODE_EXTRA_CA_CERTS: the value ----

test('rule extra-ca-file-missing: found for a file that is not there, of which Node warns', { skip }, () =>
  onEach(ALL, async (major) => {
    const answer = await look(major, { env: { NODE_EXTRA_CA_CERTS: path.join(folder, 'none.pem') } })
    assert.match(answer.stderr, WARNING)
    assert.deepEqual(answer.trusts, [false])
    assert.equal(answer.report.ok, false)
    assert.match(finding(answer, 'extra-ca-file-missing').message, /does not exist/)
    assert.equal(answer.report.trust.extra.trusted, false)
  }))

test('rule extra-ca-file-missing: absent for a file that is there, which Node trusts', { skip }, () =>
  onEach(ALL, async (major) => {
    const answer = await look(major, { env: { NODE_EXTRA_CA_CERTS: ca } })
    assert.equal(answer.stderr, '')
    assert.deepEqual(answer.trusts, [true])
    assert.equal(answer.report.ok, true, answer.ids.join())
    assert.deepEqual(answer.report.trust.extra, { trusted: true, certificates: 1, path: ca, reason: '`NODE_EXTRA_CA_CERTS`' })
  }))

const notRoot = process.getuid?.() === 0 ? false : 'only root can run a process as another user'
/** As the user nobody. @type {[string, string[]]} */
const asNobody = ['setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups']]
const packageCopy = path.join(folder, 'package')

/** The package where another user may read it, wherever this clone is. */
function copyPackage() {
  if (fs.existsSync(packageCopy)) return packageCopy
  fs.mkdirSync(packageCopy)
  for (const name of fs.readdirSync(ROOT)) {
    if (/^(index\.js|binding\.js|package\.json|preflight\.js|lib|.*\.node)$/.test(name)) {
      fs.cpSync(path.join(ROOT, name), path.join(packageCopy, name), { recursive: true })
    }
  }
  execFileSync('chmod', ['-R', 'a+rX', packageCopy])
  return packageCopy
}

/** A Node that another user may run. @param {number} major @param {string} name @param {(file: string) => void} [mark] */
function copyNode(major, name, mark) {
  const file = path.join(folder, `node${major}-${name}`)
  if (!fs.existsSync(file)) {
    fs.copyFileSync(nodePath(major), file)
    fs.chmodSync(file, 0o755)
    mark?.(file)
  }
  return file
}

test('rule extra-ca-file-unreadable: found for a file that the user may not read', { skip: skip || notRoot }, () =>
  onEach([18, 20, 24], async (major) => {
    const secret = write('secret.pem', pki.root.pem)
    fs.chmodSync(secret, 0o600)
    const answer = await look(copyNode(major, 'plain'), { env: { NODE_EXTRA_CA_CERTS: secret }, wrap: asNobody, root: copyPackage() })
    assert.match(answer.stderr, WARNING)
    assert.match(finding(answer, 'extra-ca-file-unreadable').message, /permission denied/)
    assert.equal(command(finding(answer, 'extra-ca-file-unreadable'), 'bash'), `chmod a+r ${secret}`)
  }))

test('rule extra-ca-file-unreadable: found below something that is no directory', { skip }, () =>
  onEach([20, 26], async (major) => {
    const answer = await look(major, { env: { NODE_EXTRA_CA_CERTS: `${ca}/ca.pem` } })
    assert.match(answer.stderr, WARNING)
    assert.match(finding(answer, 'extra-ca-file-unreadable').message, /not a directory/)
  }))

test('rule extra-ca-file-unreadable: absent after the command that mends it', { skip: skip || notRoot }, async () => {
  const mended = write('mended.pem', pki.root.pem)
  fs.chmodSync(mended, 0o600)
  const how = { env: { NODE_EXTRA_CA_CERTS: mended }, wrap: asNobody, root: copyPackage() }
  const before = await look(copyNode(24, 'plain'), how)
  assert.deepEqual(before.trusts, [false])
  execFileSync('sh', ['-c', command(finding(before, 'extra-ca-file-unreadable'), 'bash')])
  const after = await look(copyNode(24, 'plain'), how)
  assert.deepEqual(after.trusts, [true])
  assert.equal(after.ids.includes('extra-ca-file-unreadable'), false)
})

/** Values that Node takes to the letter, each a rule of its own: all found on every Node, none of them trusted. */
async function takenToTheLetter(rule, value, env = {}) {
  await onEach(ALL, async (major) => {
    const answer = await look(major, { env: { ...env, NODE_EXTRA_CA_CERTS: value } })
    assert.match(answer.stderr, WARNING)
    assert.deepEqual(answer.trusts, [false])
    assert.equal(answer.report.ok, false)
    finding(answer, rule)
  })
  // The command of the fix, in a real shell, makes Node trust the file.
  const answer = await look(24, { env: { ...env, NODE_EXTRA_CA_CERTS: value } })
  const text = command(finding(answer, rule), 'bash')
  const mended = execFileSync('bash', ['-c', `${text}\nprintf %s "$NODE_EXTRA_CA_CERTS"`], {
    env: { PATH: process.env.PATH, HOME: folder, NODE_EXTRA_CA_CERTS: value }, encoding: 'utf8',
  })
  const after = await look(24, { env: { ...env, NODE_EXTRA_CA_CERTS: mended } })
  assert.deepEqual(after.trusts, [true], `${text} gives ${mended}`)
  assert.equal(after.report.ok, true)
}

/** A file whose name looks like the fault, and is no fault. */
async function namesAFile(rule, name) {
  const file = write(name, pki.root.pem)
  await onEach([18, 24], async (major) => {
    const answer = await look(major, { cwd: path.dirname(file), env: { NODE_EXTRA_CA_CERTS: path.basename(file) } })
    assert.deepEqual(answer.trusts, [true])
    assert.equal(answer.ids.includes(rule), false)
    assert.equal(answer.report.ok, true)
  })
}

test('rule extra-ca-path-tilde: found, and its fix works', { skip }, () => takenToTheLetter('extra-ca-path-tilde', '~/ca.pem', { HOME: folder }))
test('rule extra-ca-path-tilde: absent for a file of that very name', { skip }, () => namesAFile('extra-ca-path-tilde', '~/~/ca.pem'.replace('~/~', '~dir/~')))
test('rule extra-ca-path-quoted: found, and its fix works', { skip }, () => takenToTheLetter('extra-ca-path-quoted', `"${ca}"`))
test('rule extra-ca-path-quoted: absent for a file of that very name', { skip }, () => namesAFile('extra-ca-path-quoted', '"quoted.pem"'))
test('rule extra-ca-path-blanks: found for a carriage return, and its fix works', { skip }, () => takenToTheLetter('extra-ca-path-blanks', `${ca}\r`))
test('rule extra-ca-path-blanks: found for a blank and for a line feed', { skip }, () =>
  onEach([18, 26], async (major) => {
    for (const [value, name] of [[`${ca} `, 'a blank'], [`${ca}\n`, 'a line feed'], [`${ca}\t`, 'a tab']]) {
      const answer = await look(major, { env: { NODE_EXTRA_CA_CERTS: value } })
      assert.match(answer.stderr, WARNING)
      assert.match(finding(answer, 'extra-ca-path-blanks').message, new RegExp(name))
    }
  }))
test('rule extra-ca-path-blanks: absent for a blank within the name', { skip }, () => namesAFile('extra-ca-path-blanks', 'company ca.pem'))
test('rule extra-ca-path-variable: found, and its fix works', { skip }, () => takenToTheLetter('extra-ca-path-variable', '${CERTS}/ca.pem', { CERTS: folder }))
test('rule extra-ca-path-variable: found for the form of cmd.exe', { skip }, async () => {
  finding(await look(24, { env: { NODE_EXTRA_CA_CERTS: '%CERTS%/ca.pem' } }), 'extra-ca-path-variable')
})
test('rule extra-ca-path-variable: absent for a file of that very name', { skip }, () => namesAFile('extra-ca-path-variable', '$CERTS.pem'))
test('rule extra-ca-path-url: found, and its fix works', { skip }, () => takenToTheLetter('extra-ca-path-url', pathToFileURL(ca).href))
test('rule extra-ca-path-url: absent for a path', { skip }, () => namesAFile('extra-ca-path-url', 'file.pem'))

test('rule extra-ca-path-list: found, and its fix works', { skip }, async () => {
  for (const separator of [':', ';', ',']) {
    const value = `${ca}${separator}${other}`
    const answer = await look(separator === ':' ? 18 : 24, { env: { NODE_EXTRA_CA_CERTS: value }, candidates: [ca, other] })
    assert.match(answer.stderr, WARNING)
    assert.deepEqual(answer.trusts, [false, false])
    const text = command(finding(answer, 'extra-ca-path-list'), 'bash').replaceAll('/etc/ssl/certs/company-ca.pem', path.join(folder, 'joined.pem'))
    const mended = execFileSync('bash', ['-c', `${text}\nprintf %s "$NODE_EXTRA_CA_CERTS"`], { env: { PATH: process.env.PATH }, encoding: 'utf8' })
    assert.deepEqual((await look(24, { env: { NODE_EXTRA_CA_CERTS: mended }, candidates: [ca, other] })).trusts, [true, true])
  }
})
test('rule extra-ca-path-list: absent for a file of that very name', { skip }, () => namesAFile('extra-ca-path-list', 'a.pem:b.pem'))

test('rule extra-ca-path-relative: found for a relative path, which works', { skip }, () =>
  onEach([18, 24], async (major) => {
    const answer = await look(major, { env: { NODE_EXTRA_CA_CERTS: 'ca.pem' } })
    assert.deepEqual(answer.trusts, [true])
    assert.equal(answer.report.ok, true)
    assert.equal(command(finding(answer, 'extra-ca-path-relative'), 'bash'), `export NODE_EXTRA_CA_CERTS=${ca}`)
  }))
test('rule extra-ca-path-relative: absent for an absolute path', { skip }, async () => {
  assert.equal((await look(24, { env: { NODE_EXTRA_CA_CERTS: ca } })).ids.includes('extra-ca-path-relative'), false)
})

test('rule extra-ca-path-moved: found after a change of directory, where Node 22 and later find nothing', { skip }, () =>
  onEach([22, 24, 26], async (major) => {
    const answer = await look(major, { env: { NODE_EXTRA_CA_CERTS: 'ca.pem', PWD: folder }, before: "process.chdir('/')" })
    assert.match(answer.stderr, WARNING)
    assert.deepEqual(answer.trusts, [false])
    assert.equal(command(finding(answer, 'extra-ca-path-moved'), 'bash'), `export NODE_EXTRA_CA_CERTS=${ca}`)
  }))
test('rule extra-ca-path-moved: absent on Node 18 and 20, which have opened the file by then', { skip }, () =>
  onEach([18, 20], async (major) => {
    const answer = await look(major, { env: { NODE_EXTRA_CA_CERTS: 'ca.pem', PWD: folder }, before: "process.chdir('/')" })
    assert.deepEqual(answer.trusts, [true])
    assert.equal(answer.report.ok, true, answer.ids.join())
  }))
test('rule extra-ca-path-moved: absent for an absolute path', { skip }, async () => {
  const answer = await look(24, { env: { NODE_EXTRA_CA_CERTS: ca, PWD: folder }, before: "process.chdir('/')" })
  assert.deepEqual(answer.trusts, [true])
  assert.equal(answer.report.ok, true)
})

test('rule extra-ca-inline-pem: found, and no character of the text is shown', { skip }, () =>
  onEach(ALL, async (major) => {
    const answer = await look(major, { env: { NODE_EXTRA_CA_CERTS: `${pki.root.key.pem}${pki.root.pem}` } })
    assert.match(answer.stderr, WARNING)
    assert.deepEqual(answer.trusts, [false])
    finding(answer, 'extra-ca-inline-pem')
    const late = await look(major, { before: `process.env.NODE_EXTRA_CA_CERTS = ${JSON.stringify(pki.root.key.pem)}` })
    finding(late, 'extra-ca-set-at-run-time')
    assert.equal(JSON.stringify(late.report).includes(pki.root.key.pem.split('\n')[1]), false)
    assert.equal(answer.text.includes(pki.root.key.pem.split('\n')[1]), false)
    assert.equal(JSON.stringify(answer.report).includes(pki.root.key.pem.split('\n')[1]), false)
  }))
test('rule extra-ca-inline-pem: absent for a file', { skip }, async () => {
  assert.deepEqual((await look(24, { env: { NODE_EXTRA_CA_CERTS: ca } })).ids.filter((id) => id.startsWith('extra-ca')), [])
})

test('the content of the extra file is inspected', { skip }, async () => {
  const answer = await look(24, { env: { NODE_EXTRA_CA_CERTS: write('der.pem', pki.root.der) } })
  assert.deepEqual(answer.trusts, [false])
  assert.equal(answer.report.trust.extra.certificates, 0)
  assert.ok(answer.report.findings.some(({ severity, location }) => severity === 'error' && location?.path === path.join(folder, 'der.pem')), answer.ids.join())
})

test('of the extra file\'s dates, those of private CAs are told and those of public roots are not', { skip }, async () => {
  const time = '2044-12-15'
  const bundle = write('dated.pem', `${tls.rootCertificates.join('\n')}\n${certificate({ subject: 'Lasting', ca: true, notAfter: '2070-01-01' }).pem}`)
  const open = await look(24, { env: { NODE_EXTRA_CA_CERTS: bundle }, options: { time } })
  assert.deepEqual(open.ids.filter((id) => /expire/.test(id)), [])
  const dated = write('private.pem', `${fs.readFileSync(bundle, 'utf8')}${pki.root.pem}`)
  const answer = await look(24, { env: { NODE_EXTRA_CA_CERTS: dated }, options: { time } })
  assert.equal(answer.report.findings.filter(({ rule }) => rule === 'certificate-expires-soon').length > 0, true, answer.ids.join())
})

// ---- NODE_EXTRA_CA_CERTS: when and by whom it is set ----

test('rule extra-ca-set-at-run-time: found when the program sets it, which changes nothing', { skip }, () =>
  onEach(ALL, async (major) => {
    const answer = await look(major, { before: `process.env.NODE_EXTRA_CA_CERTS = ${JSON.stringify(ca)}` })
    assert.deepEqual(answer.trusts, [false])
    assert.match(finding(answer, 'extra-ca-set-at-run-time').message, /by the program/)
    assert.equal(answer.report.trust.extra.trusted, false)
  }))
test('rule extra-ca-set-at-run-time: found when process.loadEnvFile sets it, with the line', { skip }, () =>
  onEach([20, 24], async (major) => {
    const cwd = path.dirname(write('loaded/.env', `# the company's\nNODE_EXTRA_CA_CERTS="${ca}"\n`))
    const answer = await look(major, { cwd, before: 'process.loadEnvFile()' })
    assert.deepEqual(answer.trusts, [false])
    const { message, location } = finding(answer, 'extra-ca-set-at-run-time')
    assert.match(message, /process\.loadEnvFile/)
    assert.deepEqual(location, { path: path.join(cwd, '.env'), line: 2 })
  }))
test('rule extra-ca-set-at-run-time: absent when the process starts with it', { skip }, () =>
  onEach(ALL, async (major) => {
    const cwd = path.dirname(write('same/.env', `NODE_EXTRA_CA_CERTS="${ca}"\n`))
    const answer = await look(major, { cwd, env: { NODE_EXTRA_CA_CERTS: ca } })
    assert.deepEqual(answer.trusts, [true])
    assert.equal(answer.report.ok, true)
  }))
test('rule extra-ca-set-at-run-time: absent in a child that is started after it was set', { skip }, async () => {
  const script = `process.env.NODE_EXTRA_CA_CERTS = ${JSON.stringify(ca)}
    const { execFileSync } = require('child_process')
    const child = 'process.stdout.write(JSON.stringify(require(${JSON.stringify(ROOT)}).preflightSync().findings.map(({ rule }) => rule)))'
    process.stdout.write(execFileSync(process.execPath, ['-e', child]))`
  const { stdout } = await runNode(24, ['-e', script])
  assert.equal(JSON.parse(stdout).includes('extra-ca-set-at-run-time'), false)
})

test('rule extra-ca-in-env-file: found for --env-file, with the line', { skip }, () =>
  onEach([20, 22, 24, 26], async (major) => {
    const file = write('extra.env', `OTHER=1\nexport NODE_EXTRA_CA_CERTS=${ca} # the company's\n`)
    for (const args of [[`--env-file=${file}`], ['--env-file', file]]) {
      const answer = await look(major, { args })
      assert.deepEqual(answer.trusts, [false])
      assert.deepEqual(finding(answer, 'extra-ca-in-env-file').location, { path: file, line: 2 })
      assert.equal(answer.ids.includes('extra-ca-set-at-run-time'), false)
    }
  }))
test('rule extra-ca-in-env-file: absent when the process has it from its environment', { skip }, () =>
  onEach([20, 24], async (major) => {
    const file = write('twice.env', `NODE_EXTRA_CA_CERTS=${other}\n`)
    const answer = await look(major, { args: [`--env-file=${file}`], env: { NODE_EXTRA_CA_CERTS: ca }, candidates: [ca, other] })
    assert.deepEqual(answer.trusts, [true, false])
    assert.equal(answer.report.ok, true)
  }))

test('rule extra-ca-changed-at-run-time: found when the program changes or deletes it, and Node keeps the first', { skip }, () =>
  onEach(ALL, async (major) => {
    for (const before of [`process.env.NODE_EXTRA_CA_CERTS = ${JSON.stringify(other)}`, 'delete process.env.NODE_EXTRA_CA_CERTS']) {
      const answer = await look(major, { env: { NODE_EXTRA_CA_CERTS: ca }, before, candidates: [ca, other] })
      assert.deepEqual(answer.trusts, [true, false])
      finding(answer, 'extra-ca-changed-at-run-time')
      assert.equal(answer.report.trust.extra.path, ca)
    }
  }))
test('rule extra-ca-changed-at-run-time: absent when the program sets it to what it is', { skip }, async () => {
  const answer = await look(24, { env: { NODE_EXTRA_CA_CERTS: ca }, before: 'process.env.NODE_EXTRA_CA_CERTS += ""' })
  assert.equal(answer.ids.includes('extra-ca-changed-at-run-time'), false)
})

test('rule extra-ca-emptied: found for an empty value, which Node takes for none', { skip }, () =>
  onEach(ALL, async (major) => {
    const answer = await look(major, { env: { NODE_EXTRA_CA_CERTS: '' } })
    assert.equal(answer.stderr, '')
    assert.deepEqual(answer.trusts, [false])
    assert.equal(finding(answer, 'extra-ca-emptied').severity, 'warning')
    assert.equal(answer.report.ok, true)
  }))
test('rule extra-ca-emptied: absent when it is not set', { skip }, () =>
  onEach(ALL, async (major) => {
    const answer = await look(major, { env: publicSystem })
    assert.deepEqual(answer.trusts, [false])
    assert.deepEqual(answer.report.findings.filter(({ severity }) => severity !== 'info'), [])
    assert.equal(answer.report.trust.extra.trusted, false)
  }))

test('rule extra-ca-not-in-every-context: found on Node 18 and 20, where a context with a CRL or a pfx forgets the file', { skip }, () =>
  onEach([18, 20], async (major) => {
    const answer = await look(major, { env: { NODE_EXTRA_CA_CERTS: ca } })
    finding(answer, 'extra-ca-not-in-every-context')
    assert.deepEqual(await inOwnStores(major), [false, false])
  }))
test('rule extra-ca-not-in-every-context: absent from Node 22 on, where it does not', { skip }, () =>
  onEach([22, 24, 26], async (major) => {
    const answer = await look(major, { env: { NODE_EXTRA_CA_CERTS: ca } })
    assert.equal(answer.ids.includes('extra-ca-not-in-every-context'), false)
    assert.deepEqual(await inOwnStores(major), [true, true])
  }))

/** Whether a context that is made with a CRL, and one that is made with a pfx which holds CAs, trust the extra certificate. @param {number} major */
async function inOwnStores(major) {
  const crl = write(`empty-${major}.crl`, pemBlock(revocationList(pki.root), 'X509 CRL'))
  const pfx = write(`client-${major}.p12`, pkcs12([pki.leaf, pki.intermediate], { key: pki.leaf, password: 'x' }))
  const script = `const fs = require('fs')
    const given = [{ crl: fs.readFileSync(${JSON.stringify(crl)}) }, { pfx: fs.readFileSync(${JSON.stringify(pfx)}), passphrase: 'x' }]
    process.stdout.write(JSON.stringify(given.map((options) => {
      const { context } = require('tls').createSecureContext(options)
      // The issuer is looked up in the store that the context has when it gets its certificate.
      context.setCert(fs.readFileSync(${JSON.stringify(ca)}))
      return context.getIssuer() !== null
    })))`
  const { stdout, stderr } = await runNode(major, ['-e', script], { env: { NODE_EXTRA_CA_CERTS: ca } })
  assert.equal(stderr, '')
  return JSON.parse(stdout)
}

// ---- privileges ----

/** Whether files can be given these rights here, and count. */
function privilegesDoNotCount() {
  if (notRoot) return notRoot
  const probe = path.join(folder, 'id')
  fs.copyFileSync('/usr/bin/id', probe)
  fs.chmodSync(probe, 0o4755)
  const { stdout } = spawnSync(asNobody[0], [...asNobody[1], probe, '-u'], { encoding: 'utf8' })
  return stdout === '0\n' ? false : 'set-user-ID files do not count on the file system of the temporary folder'
}
const noPrivileges = skip || privilegesDoNotCount()
const noCapabilities = noPrivileges || (spawnSync('setcap', ['-h']).error ? 'setcap is not installed' : false)
const TRUST_SETTINGS = { NODE_EXTRA_CA_CERTS: ca, NODE_OPTIONS: '--use-openssl-ca' }

test('rule environment-ignored: found in a set-user-ID Node, which trusts no extra certificate', { skip: noPrivileges }, async () => {
  for (const major of [20, 24]) {
    const node = copyNode(major, 'set-user-id', (file) => fs.chmodSync(file, 0o4755))
    const answer = await look(node, { env: TRUST_SETTINGS, wrap: asNobody, root: copyPackage() })
    assert.equal(answer.stderr, '')
    assert.deepEqual(answer.trusts, [false])
    assert.match(finding(answer, 'environment-ignored').message, /NODE_EXTRA_CA_CERTS and NODE_OPTIONS have no effect.*set-user-ID/)
    assert.equal(answer.report.trust.bundled.trusted, true)
  }
})
test('rule environment-ignored: found in a Node with file capabilities', { skip: noCapabilities }, async () => {
  for (const capabilities of ['cap_net_raw+ep', 'cap_net_raw,cap_net_bind_service+ep']) {
    const node = copyNode(24, capabilities.replace(/\W/g, '-'), (file) => execFileSync('setcap', [capabilities, file]))
    const answer = await look(node, { env: { NODE_EXTRA_CA_CERTS: ca, NODE_USE_SYSTEM_CA: '1' }, wrap: asNobody, root: copyPackage() })
    assert.equal(answer.stderr, '')
    assert.deepEqual(answer.trusts, [false])
    assert.match(finding(answer, 'environment-ignored').message, /NODE_EXTRA_CA_CERTS and NODE_USE_SYSTEM_CA have no effect.*file capabilities/)
    assert.equal(answer.report.trust.system.trusted, false)
  }
})
test('rule environment-ignored: absent with cap_net_bind_service alone, and in a plain Node', { skip: noCapabilities }, async () => {
  const bind = copyNode(24, 'bind', (file) => execFileSync('setcap', ['cap_net_bind_service+ep', file]))
  for (const node of [bind, copyNode(24, 'plain')]) {
    const answer = await look(node, { env: { NODE_EXTRA_CA_CERTS: ca }, wrap: asNobody, root: copyPackage() })
    assert.deepEqual(answer.trusts, [true])
    assert.equal(answer.report.ok, true, answer.ids.join())
    assert.equal(answer.report.trust.extra.trusted, true)
  }
})

// ---- NODE_TLS_REJECT_UNAUTHORIZED ----

/** What a connection to a server that nobody trusts ends with, in a Node started like this. */
async function connect(major, { env, args = [], cwd = folder, chain = pki.leaf } = {}) {
  const server = tls.createServer({ key: chain.key.pem, cert: chain.chainPem, ciphers: 'DEFAULT@SECLEVEL=0' }, (socket) => socket.end())
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const script = `const socket = require('tls').connect({ port: ${server.address().port}, host: '127.0.0.1' }, () => { process.stdout.write('connected'); socket.destroy() })
      socket.on('error', (error) => process.stdout.write(error.code))`
    return await runNode(major, [...args, '-e', script], { env, cwd })
  } finally {
    server.close()
    await once(server, 'close')
  }
}

test('rule verification-disabled: found for 0 from the environment, an env file and the program', { skip }, () =>
  onEach([18, 20, 22, 24, 26], async (major) => {
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' }
    assert.equal((await connect(major, { env })).stdout, 'connected')
    const answer = await look(major, { env })
    assert.equal(answer.report.trust.verifies, false)
    assert.equal(answer.report.ok, false)
    assert.equal(command(finding(answer, 'verification-disabled'), 'bash'), 'unset NODE_TLS_REJECT_UNAUTHORIZED')
    assert.match(answer.text, /not verified/)
    finding(await look(major, { before: "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'" }), 'verification-disabled')
    if (major === 18) return
    const file = write(`off-${major}.env`, '\nNODE_TLS_REJECT_UNAUTHORIZED=0\n')
    const args = [`--env-file=${file}`]
    assert.equal((await connect(major, { args })).stdout, 'connected')
    const fromFile = finding(await look(major, { args }), 'verification-disabled')
    assert.deepEqual(fromFile.location, { path: file, line: 2 })
    execFileSync('sh', ['-c', command(fromFile, 'bash')])
    assert.notEqual((await connect(major, { args })).stdout, 'connected')
    assert.equal((await look(major, { args })).report.ok, true)
  }))
test('rule verification-disabled: absent for every other value, with which Node verifies', { skip }, () =>
  onEach([18, 24], async (major) => {
    for (const value of ['', '1', 'true']) {
      const env = { NODE_TLS_REJECT_UNAUTHORIZED: value }
      assert.equal((await connect(major, { env })).stdout, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY')
      const answer = await look(major, { env })
      assert.equal(answer.report.trust.verifies, true)
      assert.deepEqual(answer.ids.filter((id) => id.startsWith('verification')), [])
    }
  }))

test('rule verification-switch-near-miss: found for values that look like a no, with which Node verifies', { skip }, () =>
  onEach([18, 20, 22, 24, 26], async (major) => {
    for (const value of ['false', '00', '0 ', 'no', 'off', '-0', '0x0', '"0"']) {
      const env = { NODE_TLS_REJECT_UNAUTHORIZED: value }
      assert.equal((await connect(major, { env })).stdout, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', value)
      const answer = await look(major, { env })
      finding(answer, 'verification-switch-near-miss')
      assert.equal(answer.report.trust.verifies, true)
    }
  }))
test('rule verification-switch-near-miss: absent for the value that does turn it off, and for 1', { skip }, async () => {
  for (const value of ['0', '1']) {
    const answer = await look(24, { env: { NODE_TLS_REJECT_UNAUTHORIZED: value } })
    assert.equal(answer.ids.includes('verification-switch-near-miss'), false)
  }
})

// ---- SSL_CERT_FILE, SSL_CERT_DIR ----

const hashedDirectory = path.dirname(write('hashed/ca.pem', pki.root.pem))
/** Links a directory's certificates by OpenSSL's hash of their subject. @param {string} directory */
function hashDirectory(directory) {
  execFileSync('openssl', ['rehash', directory], { stdio: 'ignore' })
}

test('rule ssl-cert-without-effect: found when Node does not read the variables', { skip }, () =>
  onEach(ALL, async (major) => {
    const answer = await look(major, { env: { SSL_CERT_FILE: ca, SSL_CERT_DIR: emptyDirectory } })
    assert.deepEqual(answer.trusts, [false])
    assert.match(finding(answer, 'ssl-cert-without-effect').message, /SSL_CERT_FILE and SSL_CERT_DIR are set/)
  }))
test('rule ssl-cert-without-effect: absent with --use-openssl-ca or the system store, which read them', { skip }, async () => {
  const env = { SSL_CERT_FILE: ca }
  await onEach(ALL, async (major) => {
    const answer = await look(major, { env: { ...env, NODE_OPTIONS: '--use-openssl-ca' } })
    assert.deepEqual(answer.trusts, [true])
    assert.equal(answer.ids.includes('ssl-cert-without-effect'), false)
  })
  await onEach([22, 24, 26], async (major) => {
    const answer = await look(major, { env: { ...env, NODE_USE_SYSTEM_CA: '1' } })
    assert.deepEqual(answer.trusts, [true])
    assert.equal(answer.ids.includes('ssl-cert-without-effect'), false)
  })
})

test('rule ssl-cert-missing: found when what is in effect points nowhere', { skip }, async () => {
  const missing = path.join(folder, 'nowhere')
  for (const [major, env, variable, fault] of [
    [24, { NODE_OPTIONS: '--use-system-ca', SSL_CERT_FILE: missing }, 'SSL_CERT_FILE', 'does not exist'],
    [24, { NODE_USE_SYSTEM_CA: '1', SSL_CERT_DIR: missing }, 'SSL_CERT_DIR', 'does not exist'],
    [22, { NODE_USE_SYSTEM_CA: '1', SSL_CERT_DIR: `${hashedDirectory}:${emptyDirectory}` }, 'SSL_CERT_DIR', 'a list'],
    [22, { NODE_USE_SYSTEM_CA: '1', SSL_CERT_DIR: ca }, 'SSL_CERT_DIR', 'a file and not a directory'],
    [18, { NODE_OPTIONS: '--use-openssl-ca', SSL_CERT_FILE: missing }, 'SSL_CERT_FILE', 'does not exist'],
    [20, { NODE_OPTIONS: '--use-openssl-ca', SSL_CERT_FILE: emptyDirectory }, 'SSL_CERT_FILE', 'a directory and not a file'],
  ]) {
    const answer = await look(major, { env })
    assert.deepEqual(answer.trusts, [false])
    const { message } = finding(answer, 'ssl-cert-missing')
    assert.ok(message.startsWith(variable) && message.includes(fault), message)
    assert.equal(answer.report.ok, false)
  }
})
test('rule ssl-cert-missing: absent when there is something', { skip }, async () => {
  const directory = await look(24, { env: { NODE_USE_SYSTEM_CA: '1', SSL_CERT_DIR: hashedDirectory } })
  assert.deepEqual(directory.trusts, [true])
  assert.equal(directory.ids.includes('ssl-cert-missing'), false)
  hashDirectory(hashedDirectory)
  const list = await look(18, { env: { NODE_OPTIONS: '--use-openssl-ca', SSL_CERT_DIR: `${emptyDirectory}:${hashedDirectory}` } })
  assert.deepEqual(list.trusts, [true])
  assert.equal(list.ids.includes('ssl-cert-missing'), false)
})

const platformBundle = '/etc/ssl/certs/ca-certificates.crt'
const noPlatformStore = skip || (fs.existsSync(platformBundle) ? false : `${platformBundle} does not exist`)
/** A root of the platform's store. */
function platformRoot() {
  const [block] = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----\n/.exec(fs.readFileSync(platformBundle, 'utf8'))
  return write('platform.pem', block)
}

test('rule ssl-cert-hides-system-store: found when another directory takes the place of the platform\'s', { skip: noPlatformStore }, () =>
  onEach([18, 20, 22, 24], async (major) => {
    const NODE_OPTIONS = '--use-openssl-ca'
    const candidates = [platformRoot()]
    assert.deepEqual((await look(major, { env: { NODE_OPTIONS }, candidates })).trusts, [true])
    const answer = await look(major, { env: { NODE_OPTIONS, SSL_CERT_DIR: emptyDirectory, SSL_CERT_FILE: ca }, candidates })
    assert.deepEqual(answer.trusts, [false])
    assert.match(finding(answer, 'ssl-cert-hides-system-store').message, /^SSL_CERT_DIR hides \d+ certificates of/)
  }))
test('rule ssl-cert-hides-system-store: absent when the same certificates come from elsewhere', { skip: noPlatformStore }, async () => {
  const env = { NODE_USE_SYSTEM_CA: '1', SSL_CERT_DIR: emptyDirectory, SSL_CERT_FILE: platformBundle }
  const answer = await look(24, { env, candidates: [platformRoot()] })
  assert.deepEqual(answer.trusts, [true])
  assert.equal(answer.ids.includes('ssl-cert-hides-system-store'), false)
})

test('rule openssl-store-empty: found when OpenSSL finds nothing, though files lie there', { skip }, () =>
  onEach([18, 24], async (major) => {
    // A certificate under a name without a hash is not found.
    const directory = path.dirname(write(`plain-${major}/ca.pem`, pki.root.pem))
    const env = { NODE_OPTIONS: '--use-openssl-ca', SSL_CERT_DIR: directory, SSL_CERT_FILE: write('empty.pem') }
    const before = await look(major, { env })
    assert.deepEqual(before.trusts, [false])
    finding(before, 'openssl-store-empty')
    assert.equal(before.report.trust.bundled.trusted, false)
  }))
test('rule openssl-store-empty: absent once the names are hashes', { skip }, async () => {
  const directory = path.dirname(write('rehashed/ca.pem', pki.root.pem))
  hashDirectory(directory)
  const answer = await look(24, { env: { NODE_OPTIONS: '--use-openssl-ca', SSL_CERT_DIR: directory, SSL_CERT_FILE: write('empty.pem') } })
  assert.deepEqual(answer.trusts, [true])
  assert.equal(answer.ids.includes('openssl-store-empty'), false)
})

// ---- NODE_USE_SYSTEM_CA, NODE_OPTIONS ----

/** The system's store with one private CA, and nothing else. */
const privateSystem = { SSL_CERT_FILE: ca, SSL_CERT_DIR: emptyDirectory }

test('rule system-ca-near-miss: found for values other than 1, which leave the store off', { skip }, () =>
  onEach([22, 24, 26], async (major) => {
    for (const value of ['true', 'yes', '2', '01', '1 ']) {
      const answer = await look(major, { env: { ...privateSystem, NODE_USE_SYSTEM_CA: value } })
      assert.deepEqual(answer.trusts, [false], value)
      finding(answer, 'system-ca-near-miss')
      assert.equal(answer.report.trust.system.trusted, false)
    }
  }))
test('rule system-ca-near-miss: absent for 1, which turns it on, and for 0', { skip }, () =>
  onEach([22, 24, 26], async (major) => {
    for (const [value, on] of [['1', true], ['0', false], ['', false]]) {
      const answer = await look(major, { env: { ...privateSystem, NODE_USE_SYSTEM_CA: value } })
      assert.deepEqual(answer.trusts, [on], value)
      assert.equal(answer.ids.includes('system-ca-near-miss'), false)
      assert.equal(answer.report.trust.system.trusted, on)
    }
  }))

test('rule system-ca-unsupported: found on Node 18 and 20, which do not know the variable', { skip }, () =>
  onEach([18, 20], async (major) => {
    const answer = await look(major, { env: { ...privateSystem, NODE_USE_SYSTEM_CA: '1' } })
    assert.equal(answer.stderr, '')
    assert.deepEqual(answer.trusts, [false])
    finding(answer, 'system-ca-unsupported')
    assert.equal(answer.report.ok, false)
  }))
test('rule system-ca-unsupported: absent where it is known, and judged by the version that is asked for', { skip }, async () => {
  const env = { ...privateSystem, NODE_USE_SYSTEM_CA: '1' }
  const answer = await look(24, { env })
  assert.deepEqual(answer.trusts, [true])
  assert.equal(answer.ids.includes('system-ca-unsupported'), false)
  for (const [node, expected] of [['20', true], ['22.18.0', true], ['22.19.0', false], ['24.5.0', true], ['24.6.0', false]]) {
    assert.equal((await look(24, { env, options: { node } })).ids.includes('system-ca-unsupported'), expected, node)
  }
})

test('rule system-ca-set-too-late: found in an env file and at run time', { skip }, () =>
  onEach([22, 24, 26], async (major) => {
    const file = write('system.env', 'NODE_USE_SYSTEM_CA=1\n')
    for (const how of [{ args: [`--env-file=${file}`] }, { before: "process.env.NODE_USE_SYSTEM_CA = '1'" }]) {
      const answer = await look(major, { env: privateSystem, ...how })
      assert.deepEqual(answer.trusts, [false])
      finding(answer, 'system-ca-set-too-late')
    }
  }))
test('rule system-ca-set-too-late: absent for NODE_OPTIONS in an env file, which count', { skip }, () =>
  onEach([22, 24, 26], async (major) => {
    const file = write('options.env', 'NODE_OPTIONS=--use-system-ca\nNODE_USE_SYSTEM_CA=1\n')
    const answer = await look(major, { env: privateSystem, args: [`--env-file=${file}`] })
    assert.deepEqual(answer.trusts, [true])
    assert.equal(answer.ids.includes('system-ca-set-too-late'), false)
    assert.equal(answer.report.trust.system.trusted, true)
  }))

test('rule system-ca-overruled: found for --no-use-system-ca and --use-openssl-ca', { skip }, () =>
  onEach([22, 24, 26], async (major) => {
    const env = { SSL_CERT_FILE: ca, NODE_USE_SYSTEM_CA: '1' }
    const off = await look(major, { env: { ...env, ...privateSystem }, args: ['--no-use-system-ca'] })
    assert.deepEqual(off.trusts, [false])
    finding(off, 'system-ca-overruled')
    if (major === 22) finding(await look(major, { env: { ...env, NODE_OPTIONS: '--use-openssl-ca' } }), 'system-ca-overruled')
  }))
test('rule system-ca-overruled: absent when variable and option agree', { skip }, () =>
  onEach([22, 24, 26], async (major) => {
    const answer = await look(major, { env: { ...privateSystem, NODE_USE_SYSTEM_CA: '1' }, args: ['--use-system-ca'] })
    assert.deepEqual(answer.trusts, [true])
    assert.equal(answer.ids.includes('system-ca-overruled'), false)
  }))

/** How a Node ends that starts with these options: status and the last words. */
async function starts(major, NODE_OPTIONS) {
  const { status, stderr } = await runNode(major, ['-e', '0'], { env: { NODE_OPTIONS } })
  return { status, stderr }
}
/** What the preflight says about a Node that is yet to start with them; asked in a Node that runs. */
async function foretells(major, NODE_OPTIONS) {
  const version = nodes.find((node) => node.major === major).version
  return look(24, { options: { env: { NODE_OPTIONS }, node: version }, candidates: [] })
}

test('rule system-ca-option-unsupported: found before Node 18 and 20 die of the option', { skip }, () =>
  onEach([18, 20], async (major) => {
    for (const text of ['--use-system-ca', '--use_system_ca', '--no-use-system-ca', '--title=x "--use-system-ca"']) {
      const { status, stderr } = await starts(major, text)
      assert.equal(status, 9)
      assert.match(stderr, /not allowed in NODE_OPTIONS/)
      finding(await foretells(major, text), 'system-ca-option-unsupported')
    }
    // A program that sets it for its children is told while it still runs.
    finding(await look(major, { before: "process.env.NODE_OPTIONS = '--use-system-ca'" }), 'system-ca-option-unsupported')
  }))
test('rule system-ca-option-unsupported: absent where Node starts with it', { skip }, () =>
  onEach([22, 24, 26], async (major) => {
    assert.equal((await starts(major, '--use-system-ca')).status, 0)
    assert.equal((await foretells(major, '--use-system-ca')).ids.includes('system-ca-option-unsupported'), false)
  }))

test('rule ca-options-conflict: found for options with which Node does not start', { skip }, () =>
  onEach([18, 20, 22, 24, 26], async (major) => {
    const pairs = ['--use-openssl-ca --use-bundled-ca', ...(major >= 24 ? ['--use-openssl-ca --use-system-ca'] : [])]
    for (const text of pairs) {
      const { status, stderr } = await starts(major, text)
      assert.equal(status, 9)
      assert.match(stderr, /can be used, not both/)
      finding(await foretells(major, text), 'ca-options-conflict')
    }
  }))
test('rule ca-options-conflict: absent for options that go together', { skip }, () =>
  onEach([18, 20, 22, 24, 26], async (major) => {
    const texts = ['--use-openssl-ca --no-use-openssl-ca --use-bundled-ca', ...(major >= 22 ? ['--use-bundled-ca --use-system-ca'] : [])]
    for (const text of texts) {
      assert.equal((await starts(major, text)).status, 0)
      assert.equal((await foretells(major, text)).ids.includes('ca-options-conflict'), false, text)
    }
  }))

test('rule ca-options-superseded: found on Node 22, where the system store is not added', { skip }, async () => {
  const answer = await look(22, { env: { NODE_OPTIONS: '--use-openssl-ca --use-system-ca', SSL_CERT_DIR: hashedDirectory, SSL_CERT_FILE: other }, candidates: [other] })
  assert.deepEqual(answer.trusts, [true])
  finding(answer, 'ca-options-superseded')
  assert.equal(answer.report.trust.bundled.trusted, false)
  const bundled = write('bundled.pem', tls.rootCertificates[0])
  const { trusts } = await look(22, { env: { NODE_OPTIONS: '--use-openssl-ca --use-system-ca', ...privateSystem }, candidates: [bundled] })
  assert.deepEqual(trusts, [false])
})
test('rule ca-options-superseded: absent with one of them, and where Node does not start with both', { skip }, async () => {
  assert.equal((await look(22, { env: { NODE_OPTIONS: '--use-openssl-ca' } })).ids.includes('ca-options-superseded'), false)
  assert.equal((await foretells(24, '--use-openssl-ca --use-system-ca')).ids.includes('ca-options-superseded'), false)
})

test('rule node-options-malformed: found for texts with which no Node starts', { skip }, () =>
  onEach(ALL, async (major) => {
    for (const text of ['--use-openssl-ca "', '"--use-openssl-ca\\', '--use-openssl-ca\t', '--use-openssl-ca\n', '--env-file=.env']) {
      assert.equal((await starts(major, text)).status, 9, text)
      finding(await foretells(major, text), 'node-options-malformed')
    }
  }))
test('rule node-options-malformed: absent for texts with which Node starts', { skip }, () =>
  onEach(ALL, async (major) => {
    for (const text of ['"--use-openssl-ca"', '--use-openssl-ca ', '  --title="a b" --use-openssl-ca', '--title=a\\b']) {
      assert.equal((await starts(major, text)).status, 0, text)
      assert.equal((await foretells(major, text)).ids.includes('node-options-malformed'), false, text)
    }
  }))

// ---- the security level ----

const weakKey = certificate({ subject: 'weak', keyType: 'rsa-1024' })
/** The security level that shows in what a context takes: 0 takes RSA-512 too, 1 RSA-1024, 2 RSA-2048, 3 none of them. */
const LEVEL = `
  const level = (() => {
    const takes = (key, cert) => { try { require('tls').createSecureContext({ key, cert }); return true } catch (error) { if (!/EE_KEY_TOO_SMALL/.test(error.code)) throw error; return false } }
    const weak = takes(${JSON.stringify(weakKey.key.pem)}, ${JSON.stringify(weakKey.pem)})
    const strong = takes(${JSON.stringify(pki.rsaRoot.key.pem)}, ${JSON.stringify(pki.rsaRoot.pem)})
    return !strong ? 3 : weak ? 1 : 2
  })()
  process.stdout.write(String(level))`

function openssl(name, section, level) {
  return write(name, `${section} = start\n[start]\nssl_conf = contexts\n[contexts]\nsystem_default = defaults\n[defaults]\nCipherString = DEFAULT@SECLEVEL=${level}\n`)
}

test('rule security-level-changed: found for what raises or lowers the level of contexts', { skip }, () =>
  onEach(ALL, async (major) => {
    const byDefault = major >= 24 ? 2 : 1
    const changed = byDefault === 2 ? 1 : 3
    const file = openssl(`level-${changed}.cnf`, 'nodejs_conf', changed)
    for (const how of [
      { args: [`--tls-cipher-list=DEFAULT@SECLEVEL=${changed}`] },
      { env: { NODE_OPTIONS: `--tls-cipher-list=DEFAULT@SECLEVEL=${changed}` } },
      { env: { OPENSSL_CONF: file } },
      { args: [`--openssl-config=${file}`] },
      { args: ['--openssl-shared-config'], env: { OPENSSL_CONF: openssl(`shared-${changed}.cnf`, 'openssl_conf', changed) } },
    ]) {
      const { stdout } = await runNode(major, [...(how.args ?? []), '-e', LEVEL], { env: how.env, cwd: folder })
      assert.equal(stdout, String(changed), JSON.stringify(how))
      const { message } = finding(await look(major, how), 'security-level-changed')
      assert.ok(message.includes(`security level to ${changed}, where this Node's default is ${byDefault}`), message)
    }
  }))
test('rule security-level-changed: absent where the level stays, and where an option gives it back', { skip }, () =>
  onEach(ALL, async (major) => {
    const byDefault = major >= 24 ? 2 : 1
    const other = byDefault === 2 ? 1 : 3
    const file = openssl(`level-${other}.cnf`, 'nodejs_conf', other)
    for (const how of [
      {},
      { env: { OPENSSL_CONF: openssl(`level-${byDefault}.cnf`, 'nodejs_conf', byDefault) } },
      // Not the section that Node reads.
      { env: { OPENSSL_CONF: openssl(`unread-${other}.cnf`, 'openssl_conf', other) } },
      { env: { OPENSSL_CONF: file }, args: [`--tls-cipher-list=DEFAULT@SECLEVEL=${byDefault}`] },
      { env: { OPENSSL_CONF: file }, args: [`--openssl-config=${openssl(`level-${byDefault}.cnf`, 'nodejs_conf', byDefault)}`] },
    ]) {
      const { stdout } = await runNode(major, [...(how.args ?? []), '-e', LEVEL], { env: how.env, cwd: folder })
      assert.equal(stdout, String(byDefault), JSON.stringify(how))
      assert.equal((await look(major, how)).ids.includes('security-level-changed'), false, JSON.stringify(how))
    }
  }))

test('rule openssl-config-missing: found for a file that is not there, of which Node says nothing', { skip }, () =>
  onEach([18, 24], async (major) => {
    const answer = await look(major, { env: { OPENSSL_CONF: '/nowhere/openssl.cnf' } })
    assert.equal(answer.stderr, '')
    finding(answer, 'openssl-config-missing')
    finding(await look(major, { args: ['--openssl-config=/nowhere/openssl.cnf'] }), 'openssl-config-missing')
  }))
test('rule openssl-config-missing: absent for a file that is there', { skip }, async () => {
  const answer = await look(24, { env: { ...publicSystem, OPENSSL_CONF: write('fine.cnf', '# nothing\n') } })
  assert.deepEqual(answer.report.findings.filter(({ severity }) => severity !== 'info'), [])
})

test('rule openssl-config-rejected: found before Node dies of the file', { skip }, () =>
  onEach([18, 24], async (major) => {
    for (const [text, line] of [['[ nodejs_conf\n', 1], ['nodejs_conf = a\nfoo\n', 2]]) {
      const OPENSSL_CONF = write(`rejected-${line}.cnf`, text)
      const { status, stderr } = await runNode(major, ['-e', '0'], { env: { OPENSSL_CONF } })
      assert.notEqual(status, 0)
      assert.match(stderr, /OpenSSL configuration error/)
      const answer = await look(major, { options: { env: { OPENSSL_CONF } } })
      assert.deepEqual(finding(answer, 'openssl-config-rejected').location, { path: OPENSSL_CONF, line })
    }
  }))
test('rule openssl-config-rejected: absent for a file that OpenSSL reads', { skip }, async () => {
  const OPENSSL_CONF = write('read.cnf', '# a comment\nname = value\n\n[unread]   # another\nb = "x # y"\nc = one \\\n  two\n')
  assert.equal((await runNode(24, ['-e', '0'], { env: { OPENSSL_CONF } })).status, 0)
  assert.equal((await look(24, { options: { env: { OPENSSL_CONF } } })).ids.includes('openssl-config-rejected'), false)
})

// ---- the stores ----

const inspection = certificate({ subject: { O: 'mitmproxy', CN: 'mitmproxy' }, ca: true })
const inspected = inspection.issue({ subject: '127.0.0.1', server: true, altNames: ['IP:127.0.0.1'] })

test('rule system-ca-not-trusted: found for a proxy\'s CA in the system store, and its fix works', { skip }, () =>
  onEach(ALL, async (major) => {
    const file = write('system/bundle.pem', `${tls.rootCertificates[0]}\n${pki.root.pem}${inspection.pem}`)
    const env = { SSL_CERT_FILE: file, SSL_CERT_DIR: emptyDirectory }
    assert.equal((await connect(major, { env, chain: inspected })).stdout, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    const answer = await look(major, { env })
    const { message, detail, fixes } = finding(answer, 'system-ca-not-trusted')
    assert.match(message, /2 private CAs, among them `mitmproxy`, \(mitmproxy\)/)
    assert.match(detail, /^mitmproxy \[mitmproxy\] in .*bundle\.pem\nRoot in /)
    assert.equal(answer.report.ok, true)
    if (major >= 22) {
      const [, name, value] = /^export (\w+)=(.*)$/.exec(command({ fixes }, 'bash'))
      const mended = { ...env, [name]: value }
      assert.equal((await connect(major, { env: mended, chain: inspected })).stdout, 'connected')
      assert.equal((await look(major, { env: mended })).ids.includes('system-ca-not-trusted'), false)
    }
  }))
test('rule system-ca-not-trusted: absent for public roots, and for a CA that is in the extra file', { skip }, async () => {
  // What Debian ships, where it does, among it roots that Node has never had; and what every Node ships.
  const shipped = '/usr/share/ca-certificates/mozilla'
  const debian = fs.existsSync(shipped) ? fs.readdirSync(shipped).map((name) => fs.readFileSync(path.join(shipped, name), 'utf8')) : []
  const bundle = write('system/public.pem', [...tls.rootCertificates, ...debian].join('\n'))
  await onEach(ALL, async (major) => {
    const open = await look(major, { env: { SSL_CERT_FILE: bundle, SSL_CERT_DIR: emptyDirectory } })
    assert.equal(open.ids.includes('system-ca-not-trusted'), false, open.text)
    const env = { SSL_CERT_FILE: write('system/mitm.pem', inspection.pem), SSL_CERT_DIR: emptyDirectory, NODE_EXTRA_CA_CERTS: write('system/mitm.pem', inspection.pem) }
    assert.equal((await connect(major, { env, chain: inspected })).stdout, 'connected')
    assert.equal((await look(major, { env })).ids.includes('system-ca-not-trusted'), false)
  })
})

test('a system without a store is told, with the package to install', { skip }, async () => {
  const answer = await look(24, { env: { SSL_CERT_FILE: '', SSL_CERT_DIR: emptyDirectory, NODE_USE_SYSTEM_CA: '1' } })
  const { fixes } = finding(answer, 'no-system-store')
  assert.ok(fixes.length > 0)
})

test('rule bundled-list-differs: found on a Node that is older than Mozilla\'s list, with the roots', { skip }, async () => {
  const answer = await look(20)
  const { detail, severity } = finding(answer, 'bundled-list-differs')
  assert.equal(severity, 'info')
  const missing = detail.split('\n').filter((line) => line.startsWith('+ ')).map((line) => line.slice(2))
  assert.ok(missing.length > 0)
  const script = "process.stdout.write(require('tls').rootCertificates.map((pem) => new (require('crypto').X509Certificate)(pem).subject).join('\\n'))"
  const { stdout } = await runNode(20, ['-e', script])
  for (const name of missing) assert.equal(stdout.split('\n').includes(`CN=${name}`), false, name)
})
test('rule bundled-list-differs: absent when the list is not known, and with --use-openssl-ca', { skip }, async () => {
  assert.equal((await look(24, { options: { node: '20' } })).ids.includes('bundled-list-differs'), false)
  assert.equal((await look(20, { env: { NODE_OPTIONS: '--use-openssl-ca' } })).ids.includes('bundled-list-differs'), false)
})

test('rule clock-implausible: found for times at which the roots themselves are not valid', { skip }, async () => {
  for (const [time, words] of [['1970-01-01T00:00:12Z', /which is already in use, begins on/], ['2021-01-01', /begins on/], ['2060-01-01', /would have expired/]]) {
    const { message, severity } = finding(await look(24, { options: { time } }), 'clock-implausible')
    assert.match(message, words)
    assert.equal(severity, 'error')
  }
  // What Node says of a certificate that begins later than its clock.
  const root = certificate({ subject: 'Later', ca: true, notBefore: '2070-01-01', notAfter: '2080-01-01' })
  const leaf = root.issue({ subject: '127.0.0.1', server: true, altNames: ['IP:127.0.0.1'], notBefore: '2070-01-01', notAfter: '2080-01-01' })
  const env = { NODE_EXTRA_CA_CERTS: write('later.pem', root.pem) }
  assert.equal((await connect(24, { env, chain: leaf })).stdout, 'CERT_NOT_YET_VALID')
})
test('rule clock-implausible: absent today and in years to come', { skip }, async () => {
  for (const time of [TIME, '2030-01-01']) assert.equal((await look(24, { options: { time } })).ids.includes('clock-implausible'), false)
})

// ---- the calls ----

test('the report says what is trusted, even when nothing is wrong', { skip }, () =>
  onEach(ALL, async (major) => {
    const { report, text } = await look(major, { env: { NODE_EXTRA_CA_CERTS: ca } })
    const counts = { 18: 150, 20: 144, 22: 119, 24: 121, 26: 121 }
    assert.equal(report.trust.bundled.certificates, counts[major])
    assert.equal(report.trust.bundled.trusted, true)
    assert.equal(report.trust.system.trusted, false)
    assert.equal(report.trust.verifies, true)
    assert.equal(report.runtime, 'node')
    assert.match(text, new RegExp(`^What Node ${report.node.replaceAll('.', '\\.')} trusts here\n  bundled  yes  ${counts[major]} certificates`))
    assert.match(text, /\n {2}extra {4}yes {2}1 certificate of /)
  }))

test('strict turns a warning into a no', { skip }, async () => {
  const env = { NODE_EXTRA_CA_CERTS: '' }
  assert.equal((await look(24, { env })).report.ok, true)
  assert.equal((await look(24, { env, options: { strict: true } })).report.ok, false)
})

test('preflight() answers as preflightSync() does, off the main thread', async () => {
  const { preflight, preflightSync } = require('..')
  const options = { env: { NODE_EXTRA_CA_CERTS: path.join(folder, 'none.pem') }, time: TIME }
  const report = await preflight(options)
  assert.deepEqual(JSON.parse(JSON.stringify(report)), JSON.parse(JSON.stringify(preflightSync(options))))
  assert.equal(report.ok, false)
  const controller = new AbortController()
  controller.abort()
  await assert.rejects(preflight({ signal: controller.signal }), { name: 'AbortError' })
})

test('arguments are checked', async () => {
  const { preflight, preflightSync } = require('..')
  for (const [options, code] of [
    [{ env: 'PATH=/' }, 'ERR_INVALID_ARG_TYPE'],
    [{ strict: 1 }, 'ERR_INVALID_ARG_TYPE'],
    [{ node: 'lts' }, 'ERR_INVALID_ARG_VALUE'],
    [{ time: 'later' }, 'ERR_INVALID_ARG_VALUE'],
    [{ minDaysLeft: -1 }, 'ERR_OUT_OF_RANGE'],
    ['strict', 'ERR_INVALID_ARG_TYPE'],
  ]) {
    assert.throws(() => preflightSync(options), { code }, JSON.stringify(options))
    await assert.rejects(preflight(options), { code }, JSON.stringify(options))
  }
})

// ---- --import and --require ----

const PRELOAD = path.join(ROOT, 'preflight.js')
const preload = {
  require: ['--require', PRELOAD],
  import: ['--import', pathToFileURL(PRELOAD).href],
}
const BROKEN = { NODE_EXTRA_CA_CERTS: path.join(folder, 'none.pem') }
const said = (stderr) => stderr.split('trust-anchors: before').length - 1

test('preloaded, it says on stderr what is wrong, once, and the program runs', { skip }, () =>
  onEach(ALL, async (major) => {
    const apps = [write('app.cjs', "console.log('ran', process.argv.length)"), write('app.mjs', "import 'node:path'; console.log('ran', process.argv.length)")]
    for (const args of [preload.require, preload.import, [...preload.require, ...preload.import]]) {
      for (const app of apps) {
        const { status, stdout, stderr } = await runNode(major, [...args, app], { env: BROKEN, cwd: folder })
        assert.equal(stdout, 'ran 2\n')
        assert.equal(status, 0)
        assert.equal(said(stderr), 1, stderr)
        assert.match(stderr, /error\[extra-ca-file-missing\]/)
        assert.match(stderr, /export NODE_EXTRA_CA_CERTS=/)
        assert.doesNotMatch(stderr, /PowerShell|Dockerfile/)
      }
    }
  }))

test('preloaded by its name, it is the same module to --import and to --require', { skip }, () =>
  onEach(ALL, async (major) => {
    const cwd = path.join(folder, `named-${major}`)
    fs.mkdirSync(path.join(cwd, 'node_modules'), { recursive: true })
    fs.symlinkSync(ROOT, path.join(cwd, 'node_modules', 'trust-anchors'))
    const app = write(`named-${major}/app.mjs`, "import 'trust-anchors/preflight'; console.log('ran')")
    for (const args of [['--import', 'trust-anchors/preflight'], ['--require', 'trust-anchors/preflight'], []]) {
      const { stdout, stderr } = await runNode(major, [...args, app], { env: BROKEN, cwd })
      assert.equal(stdout, 'ran\n')
      assert.equal(said(stderr), 1, stderr)
    }
  }))

test('preloaded, it is silent when nothing is wrong, and loads no tls', { skip }, () =>
  onEach(ALL, async (major) => {
    const app = write('quiet.cjs', "console.log(process.moduleLoadList.includes('NativeModule tls'), process.env.TRUST_ANCHORS_PREFLIGHT_PRINTED)")
    for (const args of Object.values(preload)) {
      const { status, signal, stdout, stderr } = await runNode(major, [...args, app], { env: { ...publicSystem, NODE_EXTRA_CA_CERTS: ca }, cwd: folder })
      assert.deepEqual({ status, signal, stdout, stderr }, { status: 0, signal: null, stdout: 'false undefined\n', stderr: '' }, `Node ${major} ${args[0]}`)
    }
  }))

test('preloaded, it speaks once for a process, its workers and its children', { skip }, () =>
  onEach([18, 20, 24, 26], async (major) => {
    const app = write('family.cjs', `
      const { Worker, isMainThread } = require('worker_threads')
      const { fork, execFileSync } = require('child_process')
      if (process.argv[2] === 'child' || !isMainThread) return console.log(isMainThread ? 'child' : 'worker')
      new Worker(__filename).on('exit', () => fork(__filename, ['child']).on('exit', () => console.log(execFileSync(process.execPath, [__filename, 'child'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim())))`)
    for (const args of Object.values(preload)) {
      const { stdout, stderr } = await runNode(major, [app], { env: { ...BROKEN, NODE_OPTIONS: args.join(' ') }, cwd: folder })
      assert.deepEqual(stdout.trim().split('\n'), ['worker', 'child', 'child'], stderr)
      assert.equal(said(stderr), 1, stderr)
    }
  }))

test('preloaded, it speaks again in a child that has another fault', { skip }, async () => {
  const app = write('changing.cjs', `
    if (process.argv[2] === 'child') return
    require('child_process').execFileSync(process.execPath, [__filename, 'child'], { stdio: 'inherit', env: { ...process.env, NODE_EXTRA_CA_CERTS: '~/none.pem' } })`)
  const { stderr } = await runNode(24, [app], { env: { ...BROKEN, NODE_OPTIONS: preload.require.join(' ') }, cwd: folder })
  assert.equal(said(stderr), 2, stderr)
  assert.match(stderr, /extra-ca-path-tilde/)
})

test('preloaded in strict mode, it ends the process with status 1; off, it does nothing', { skip }, async () => {
  const app = write('strict.cjs', "console.log('ran')")
  for (const args of Object.values(preload)) {
    const strict = await runNode(24, [...args, app], { env: { ...BROKEN, TRUST_ANCHORS_PREFLIGHT: 'strict' } })
    assert.deepEqual([strict.status, strict.stdout, said(strict.stderr)], [1, '', 1])
    const fine = await runNode(24, [...args, app], { env: { ...publicSystem, TRUST_ANCHORS_PREFLIGHT: 'strict', NODE_EXTRA_CA_CERTS: ca } })
    assert.deepEqual([fine.status, fine.stdout], [0, 'ran\n'], fine.stderr)
    const off = await runNode(24, [...args, app], { env: { ...BROKEN, TRUST_ANCHORS_PREFLIGHT: 'off' } })
    assert.deepEqual([off.status, off.stdout, off.stderr], [0, 'ran\n', ''])
  }
})

test('preloaded, it never keeps the program from running', { skip }, async () => {
  const app = write('robust.cjs', "console.log('ran')")
  // No stderr to write to, a working directory that is gone, an addon that does not load.
  const closed = await run('sh', ['-c', `exec "$0" "$@" 2>&-`, nodePath(24), ...preload.require, app], { env: BROKEN })
  assert.equal(closed.stdout, 'ran\n')
  const copy = path.join(folder, 'broken-package')
  fs.cpSync(copyPackage(), copy, { recursive: true })
  for (const name of fs.readdirSync(copy)) if (name.endsWith('.node')) fs.writeFileSync(path.join(copy, name), 'not a library')
  const broken = await runNode(24, ['--require', path.join(copy, 'preflight.js'), app])
  assert.deepEqual([broken.status, broken.stdout], [0, 'ran\n'], broken.stderr)
  assert.match(broken.stderr, /the preflight could not run/)
  const locked = await runNode(24, ['--permission', '--allow-fs-read=*', ...preload.require, app], { env: BROKEN })
  assert.deepEqual([locked.status, locked.stdout], [0, 'ran\n'], locked.stderr)
  assert.match(locked.stderr, /an addon needs --allow-addons/)
  assert.match((await runNode(24, ['--permission', '--allow-addons', '--allow-fs-read=*', ...preload.require, app], { env: BROKEN })).stderr, /extra-ca-file-missing/)
})
