'use strict'

// Every rule about CA files and their certificates, through the public API. What a finding says of Node is checked against a real Node: what
// it loads and prints for each file here, what it loads from the repaired copy, and how handshakes end.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const test = require('node:test')
const zlib = require('node:zlib')

const { inspectCaFile, inspectCaFileSync } = require('..')
const der = require('./support/der')
const { run, runNode } = require('./support/environment')
const { nodes, nodePath } = require('./support/nodes')
const { loadedBy } = require('./support/oracle')
const { certificate, pemBlock, pkcs12, pkcs7, revocationList, signingRequest, standardPki } = require('./support/pki')

const NODE = 24
const TIME = '2026-01-01'
const pki = standardPki()
const { root, otherRoot, thirdRoot, intermediate, leaf, rsaRoot } = pki
const [R, O, T] = [root.pem, otherRoot.pem, thirdRoot.pem]
const BEGIN = '-----BEGIN CERTIFICATE-----'
const END = '-----END CERTIFICATE-----'
const BOM = '\ufeff'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-inspect-'))
test.after(() => fs.rmSync(folder, { recursive: true, force: true }))
let files = 0

/** @param {string | Buffer} contents */
function written(contents, name = `${++files}.pem`) {
  const file = path.join(folder, name)
  fs.writeFileSync(file, contents)
  return file
}

/** @param {number} [major] */
function version(major = NODE) {
  const node = nodes.find((entry) => entry.major === major)
  assert.ok(node, `Node ${major} is not installed`)
  return node.version
}

const options = (/** @type {object} */ more = {}) => ({ node: version(), time: TIME, ...more })
const digests = (/** @type {{ sha256: string }[]} */ list) => list.map(({ sha256 }) => sha256)

/**
 * The report of a file that Node's own reading was found to agree with.
 *
 * @param {string} file
 * @param {object} [more]
 */
async function inspected(file, more) {
  const report = inspectCaFileSync(file, options(more))
  const real = await loadedBy(NODE, file)
  assert.deepEqual(digests(report.loadedByNode), real.loaded, 'what Node loads')
  assert.equal(report.nodeWarning, real.warning, 'what Node prints')
  if (report.repaired !== null) {
    const copy = written(report.repaired)
    const again = await loadedBy(NODE, copy)
    const kept = report.found.filter(({ ca, selfSigned }) => ca || selfSigned)
    assert.deepEqual(again, { loaded: digests(kept), members: null, warning: null, waited: false }, 'the repaired copy')
    assert.ok(!report.repaired.includes('PRIVATE KEY'))
  }
  return report
}

/**
 * @param {string} title
 * @param {string | Buffer | (() => string)} input contents, or a function that gives the name of a file
 * @param {{ line?: number, message?: RegExp, detail?: RegExp, fix?: RegExp, unrepaired?: boolean, options?: object }} [expected]
 */
function found(title, input, { line, message, detail, fix, unrepaired = false, options: more } = {}) {
  const [, rule] = /** @type {RegExpExecArray} */ (/^rule ([a-z0-9-]+): found/.exec(title))
  test(title, async () => {
    const file = typeof input === 'function' ? input() : written(input)
    const report = await inspected(file, more)
    const findings = report.findings.filter((finding) => finding.rule === rule)
    assert.equal(findings.length, 1, JSON.stringify(report.findings, null, 2))
    const [finding] = findings
    if (line !== undefined) assert.deepEqual(finding.location, { path: file, line })
    if (message) assert.match(finding.message, message)
    if (detail) assert.match(finding.detail ?? '', detail)
    if (fix) assert.match(JSON.stringify(finding.fixes), fix)
    if (unrepaired) assert.ok(!JSON.stringify(finding.fixes).includes('--fix'), 'there is nothing to repair')
    assert.doesNotMatch(finding.message, /\.$/)
  })
}

/**
 * @param {string} title
 * @param {string | Buffer | (() => string)} input
 * @param {object} [more]
 */
function absent(title, input, more) {
  const [, rule] = /** @type {RegExpExecArray} */ (/^rule ([a-z0-9-]+): absent/.exec(title))
  test(title, async () => {
    const report = await inspected(typeof input === 'function' ? input() : written(input), more)
    assert.deepEqual(report.findings.filter((finding) => finding.rule === rule), [])
  })
}

const rows = (/** @type {{ der: Buffer }} */ entry) => /** @type {string[]} */ (entry.der.toString('base64').match(/.{1,64}/g))
const indented = (/** @type {string} */ text, prefix = '  ') => text.replaceAll(/^(?=.)/gm, prefix)

// What stands under the name.

found('rule ca-file-missing: found for a name without a file', () => path.join(folder, 'none', 'ca.pem'), { message: /No such file or directory/, detail: /none`$/, unrepaired: true })
absent('rule ca-file-missing: absent for a file', R)

test('rule ca-file-not-readable: found for another user\'s file', { skip: process.getuid?.() !== 0 && 'only root can become another user' }, async () => {
  const file = written(R)
  fs.chmodSync(folder, 0o755)
  fs.chmodSync(file, 0o600)
  const script = `process.setgid(65534); process.setuid(65534)
    const report = require(${JSON.stringify(path.join(__dirname, '..'))}).inspectCaFileSync(${JSON.stringify(file)})
    const child = require('child_process').spawnSync(process.execPath, ['-e', "require('tls').createSecureContext()"], { env: { NODE_EXTRA_CA_CERTS: ${JSON.stringify(file)} } })
    console.log(JSON.stringify({ report, stderr: String(child.stderr) }))`
  const { stdout, stderr } = await runNode(process.execPath, ['-e', script])
  assert.equal(stderr, '')
  const { report, stderr: warning } = JSON.parse(stdout)
  assert.equal(`${report.nodeWarning}\n`, warning)
  assert.equal(report.format, 'unreadable')
  assert.equal(report.findings[0].rule, 'ca-file-not-readable')
  assert.match(JSON.stringify(report.findings[0].fixes), /chmod a\+r/)
})
absent('rule ca-file-not-readable: absent for one\'s own file', R)

found('rule ca-file-path-not-a-directory: found for a path through a file', () => path.join(written(R), 'ca.pem'), { message: /Not a directory/, detail: /\.pem`$/ })
absent('rule ca-file-path-not-a-directory: absent for a path through a link to a directory', () => {
  fs.symlinkSync(folder, path.join(folder, 'link'))
  return path.join(folder, 'link', path.basename(written(R)))
})

found('rule ca-file-symlink-loop: found for links that point at each other', () => {
  const [a, b] = ['loop-a', 'loop-b'].map((name) => path.join(folder, name))
  fs.symlinkSync(a, b)
  fs.symlinkSync(b, a)
  return a
}, { message: /Too many levels of symbolic links/, fix: /namei/ })
absent('rule ca-file-symlink-loop: absent for a link to a link to a file', () => {
  const [a, b] = ['chain-a', 'chain-b'].map((name) => path.join(folder, name))
  fs.symlinkSync(written(R), a)
  fs.symlinkSync(a, b)
  return b
})

found('rule ca-file-name-too-long: found for PEM text in place of a name', () => `/${R.replaceAll(/[\n/]/g, 'x')}`, { message: /File name too long/ })
absent('rule ca-file-name-too-long: absent for a name of 255 bytes', () => written(R, 'n'.repeat(255)))

found('rule ca-file-read-error: found for a file that opens and cannot be read', () => '/proc/self/mem', { message: /Input\/output error/ })
absent('rule ca-file-read-error: absent for a file without a size that can be read', () => '/proc/self/status')

found('rule ca-file-directory: found for a directory', () => folder, { message: /is a directory/, fix: /for file in/ })
absent('rule ca-file-directory: absent for a file in it', R)

test('rule ca-file-pipe: found for a FIFO, on which Node waits until somebody writes', async () => {
  const fifo = path.join(folder, 'fifo')
  const { execFileSync } = require('node:child_process')
  execFileSync('mkfifo', [fifo])
  const report = await inspectCaFile(fifo, options())
  assert.equal(report.format, 'pipe')
  assert.deepEqual([report.loadedByNode, report.nodeWarning], [[], null])
  const [finding] = report.findings
  assert.equal(finding.rule, 'ca-file-pipe')
  assert.match(finding.message, /Node hangs here/)
  for (const { major } of nodes) {
    assert.equal((await loadedBy(major, fifo, { fifo: true })).waited, true, `Node ${major} waits`)
  }
})
absent('rule ca-file-pipe: absent for a regular file', R)

test('rule ca-file-socket: found for a socket', async () => {
  const name = path.join(folder, 'socket')
  const server = net.createServer().listen(name)
  await new Promise((resolve) => server.once('listening', resolve))
  try {
    const report = await inspected(name)
    assert.equal(report.findings[0].rule, 'ca-file-socket')
    assert.match(report.nodeWarning ?? '', /No such device or address$/)
  } finally {
    server.close()
  }
})
absent('rule ca-file-socket: absent for a regular file', R)

test('rule ca-file-device: found for a device that does not end', () => {
  const report = inspectCaFileSync('/dev/urandom', options())
  assert.equal(report.format, 'device')
  assert.equal(report.findings[0].rule, 'ca-file-device')
  assert.match(report.findings[0].message, /Node hangs here/)
})
absent('rule ca-file-device: absent for /dev/null', () => '/dev/null')

test('rule ca-file-too-large: found for more than 128 MiB, and what stands at the start is in the report', async () => {
  const file = written(R)
  fs.truncateSync(file, 200 * 1024 * 1024)
  const report = await inspected(file)
  assert.equal(report.findings.filter(({ rule }) => rule === 'ca-file-too-large').length, 1)
  fs.truncateSync(file, 0)
})
absent('rule ca-file-too-large: absent for a bundle', R + O + T)

// A file that changes while it is read is in hostile.test.js.

found('rule ca-file-empty: found for an empty file', '', { message: /is empty/, unrepaired: true })
found('rule ca-file-empty: found for blanks', ' \n\t\n', { message: /nothing but blanks/ })
found('rule ca-file-empty: found for NULs', Buffer.alloc(4096), { message: /NUL/ })
found('rule ca-file-empty: found for a byte order mark alone', BOM)
found('rule ca-file-empty: found for /dev/null', () => '/dev/null', { message: /holds nothing/ })
found('rule ca-file-empty: found for /dev/zero', () => '/dev/zero', { message: /holds nothing/ })
absent('rule ca-file-empty: absent for a file with a comment', '# nothing here yet\n')

found('rule ca-file-html: found for a login page', '<!DOCTYPE html>\n<html><head><title>Sign in\u001b[31m</title></head><body></body></html>', { detail: /Sign in\\u\{1b\}\[31m/, unrepaired: true })
found('rule ca-file-html: found for an error page', '<html>\n<head><title>404 Not Found</title></head>', { detail: /404 Not Found/ })
absent('rule ca-file-html: absent for a page with a certificate in it', `<html><pre>\n${R}</pre></html>`)

found('rule ca-file-compressed: found for gzip', zlib.gzipSync(R), { message: /gzip/, fix: /gunzip -c/ })
found('rule ca-file-compressed: found for zip', Buffer.from('504b0304140000000800', 'hex'), { message: /zip/ })
absent('rule ca-file-compressed: absent for the unpacked file', R)

found('rule ca-file-java-keystore: found for JKS', Buffer.from('feedfeed0000000200000001', 'hex'), { fix: /keytool/ })
absent('rule ca-file-java-keystore: absent for PKCS#12', () => written(pkcs12([root])))

found('rule ca-file-no-certificate: found for a key alone', leaf.key.pem, { message: /it is a private key$/ })
found('rule ca-file-no-certificate: found for text', 'see the wiki\n', { message: /text without a PEM block/ })
found('rule ca-file-no-certificate: found for binary data', Buffer.from('7f454c4602010100', 'hex'), { message: /binary data/ })
found('rule ca-file-no-certificate: found for a signing request', pemBlock(signingRequest(), 'CERTIFICATE REQUEST'), { message: /a certificate signing request$/ })
found('rule ca-file-no-certificate: found for a revocation list in DER', revocationList(root), { message: /a certificate revocation list$/ })
found('rule ca-file-no-certificate: found for an SSH key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKXy root@example\n', { message: /SSH public key/ })
absent('rule ca-file-no-certificate: absent for a key and a certificate', leaf.key.pem + R)

found('rule ca-file-der: found for DER', root.der, { message: /`Root`, which is lost/, fix: /openssl x509 -inform DER/ })
found('rule ca-file-der: found for several certificates in DER', Buffer.concat([root.der, otherRoot.der, thirdRoot.der]), { message: /3 certificates, all lost: `Root`, `Other Root` and `Third Root`/ })
found('rule ca-file-der: found for DER behind PEM', Buffer.concat([Buffer.from(R), otherRoot.der]), { message: /`Other Root` is lost/ })
found('rule ca-file-der: found for DER before PEM', Buffer.concat([otherRoot.der, Buffer.from(`\n${R}`)]), { message: /`Other Root` is lost/ })
absent('rule ca-file-der: absent for PEM', R)

found('rule ca-file-pkcs7: found for DER', pkcs7([root, otherRoot]), { message: /2 certificates, all lost/, fix: /openssl pkcs7/ })
found('rule ca-file-pkcs7: found for PEM', pemBlock(pkcs7([root, otherRoot]), 'PKCS7'), { line: 1, message: /`Root` and `Other Root` are lost/ })
absent('rule ca-file-pkcs7: absent where its certificate is loaded from another block', R + pemBlock(pkcs7([root]), 'PKCS7'))

const passwordFile = () => written(pkcs12([root, otherRoot], { password: 'secret' }))
found('rule ca-file-pkcs12: found with the empty password', () => written(pkcs12([root, otherRoot])), { message: /2 certificates, all lost/, fix: /openssl pkcs12/ })
found('rule ca-file-pkcs12: found with RC2 and SHA-1, as older tools write it', () => written(pkcs12([root], { legacy: true })), { message: /`Root`/ })
found('rule ca-file-pkcs12: found without encryption', () => written(pkcs12([root], { plain: true })), { message: /`Root`/ })
found('rule ca-file-pkcs12: found with the password given', passwordFile, { options: { password: 'secret' } })
absent('rule ca-file-pkcs12: absent with another password', passwordFile, { password: 'wrong' })

found('rule ca-file-pkcs12-locked: found without its password', passwordFile, { message: /password does not open/, unrepaired: true })
found('rule ca-file-pkcs12-locked: found with RC2 and a wrong password', () => written(pkcs12([root], { legacy: true, password: 'secret' })), { options: { password: 'wrong' } })
absent('rule ca-file-pkcs12-locked: absent with its password', passwordFile, { password: 'secret' })

found('rule ca-file-private-key: found beside a certificate', R + leaf.key.pem, { line: R.split('\n').length, message: /holds a private key/, fix: /crl2pkcs7/ })
found('rule ca-file-private-key: found twice', leaf.key.pem + pki.rsaLeaf.key.pem + R, { message: /2 private keys/ })
found('rule ca-file-private-key: found in PKCS#12', () => written(pkcs12([leaf, root], { key: leaf })), { message: /holds a private key/ })
found('rule ca-file-private-key: found in DER', leaf.key.privateKey.export({ format: 'der', type: 'pkcs8' }))
absent('rule ca-file-private-key: absent with a public key', R + leaf.key.publicKey.export({ format: 'pem', type: 'spki' }))

test('no part of a private key is in a report, whatever is wrong with the file', () => {
  const key = pki.rsaLeaf.key.privateKey.export({ format: 'pem', type: 'pkcs8' })
  const secret = key.split('\n').slice(1, -2)
  const variants = [key, indented(key), key.replaceAll('\n', '\\n'), key.replace(/-----END.*/s, ''), Buffer.from(key).toString('base64'), key.split('\n').slice(1, -2).join('\n')]
  for (const variant of variants) {
    const report = inspectCaFileSync(Buffer.from(`${indented(R)}${variant}`), options())
    const text = `${JSON.stringify(report)}${report}`
    for (const row of secret) assert.ok(!text.includes(row))
    assert.ok(report.findings.some(({ rule }) => rule === 'ca-file-private-key'), variant)
  }
})

// What is wrong with blocks. Each fault in each file is told once, however many blocks it hits.

found('rule pem-commented-out: found for a block behind `#`', indented(R, '# ') + O, { line: 1, message: /a block is commented out/ })
absent('rule pem-commented-out: absent where only BEGIN has a `#`', `#${R}${O}`)
test('what is commented out is neither found nor repaired', () => {
  const report = inspectCaFileSync(Buffer.from(indented(R, '# ') + indented(O)), options())
  assert.deepEqual(digests(report.found), [otherRoot.sha256])
  assert.equal(inspectCaFileSync(Buffer.from(String(report.repaired)), options()).found.length, 1)
})

const utf16 = (/** @type {string} */ text) => Buffer.from(BOM + text, 'utf16le')
found('rule pem-utf16: found for little endian', utf16(R + O), { line: 1, message: /2 blocks are in UTF-16 .*: `Root` and `Other Root` are lost/, fix: /Set-Content -Encoding ascii/ })
found('rule pem-utf16: found for big endian without a mark', utf16(R).swap16().subarray(2), { message: /`Root` is lost/ })
found('rule pem-utf16: found for UTF-16 appended to ASCII', Buffer.concat([Buffer.from(R), utf16(O)]), { message: /`Other Root` is lost/ })
found('rule pem-utf16: found before ASCII, which is lost with it', Buffer.concat([utf16(R), Buffer.from(`\n${O}`)]), { message: /`Root` and `Other Root` are lost/ })
absent('rule pem-utf16: absent for ASCII padded with NULs', Buffer.concat([Buffer.from(R), Buffer.alloc(512)]))

found('rule pem-nul: found for a line that starts with NUL', `${R}\0\n${O}`, { line: R.split('\n').length, message: /without a warning: `Other Root` is lost/ })
found('rule pem-nul: found inside a block', R.replace(rows(root)[2], `\0${rows(root)[2]}`) + O, { line: 4, message: /Node warns/ })
absent('rule pem-nul: absent for padding at the end', `${R}${'\0'.repeat(64)}`)

found('rule pem-byte-order-mark: found in the second file of a `cat`', `${R}x\n${BOM}${O}`, { line: R.split('\n').length + 1, message: /`Other Root` is lost/ })
absent('rule pem-byte-order-mark: absent at the start of the file', BOM + R)

found('rule pem-carriage-returns: found for CR alone', (R + O).replaceAll('\n', '\r'), { line: 1, message: /2 blocks/, fix: /tr /i })
absent('rule pem-carriage-returns: absent for CR LF', (R + O).replaceAll('\n', '\r\n'))

found('rule pem-literal-newlines: found for JSON', JSON.stringify({ ca: R + O }), { line: 1, message: /`Root` and `Other Root` are lost/ })
found('rule pem-literal-newlines: found for a program', R.trimEnd().split('\n').map((row) => `"${row}\\n"`).join(' +\n'), { message: /`Root` is lost/ })
absent('rule pem-literal-newlines: absent for newlines', R)

found('rule pem-one-line: found for blanks in place of newlines', (R + O).replaceAll('\n', ' '), { line: 1, message: /`Root` and `Other Root` are lost/ })
found('rule pem-one-line: found for base64 on the BEGIN line', R.replace(`${BEGIN}\n`, BEGIN) + O, { line: 1, message: /`Root` is lost/ })
absent('rule pem-one-line: absent for the whole body on one line', pemBlock(root.der, 'CERTIFICATE', { width: Infinity }))

found('rule pem-glued-blocks: found for `cat` without a final newline', R.trimEnd() + O + T, { line: R.split('\n').length - 1, message: /Node warns and stops/, fix: /--fix/ })
absent('rule pem-glued-blocks: absent without the final newline of the file', R + O.trimEnd())

found('rule pem-indented: found for one block', indented(R) + O, { line: 1, message: /^a block is indented \(line 1\); Node passes by without a warning: `Root` is lost$/, fix: /sed/ })
found('rule pem-indented: found for several, told once', indented(R + O + T, '\t'), { message: /^3 blocks are indented \(lines 1, \d+, \d+\); .*: `Root`, `Other Root` and `Third Root` are lost$/ })
absent('rule pem-indented: absent where the base64 alone is indented', [BEGIN, ...rows(root).map((row) => `  ${row}`), END, ''].join('\n'))

found('rule pem-mail-quoted: found for a mail', indented(R, '> '), { line: 1, message: /`Root` is lost/ })
absent('rule pem-mail-quoted: absent for a quoted sentence before the block', `> see below\n${R}`)

found('rule pem-quoted: found for a quoted value', `"${R.trimEnd()}"\n`, { line: 1, message: /`Root` is lost/ })
absent('rule pem-quoted: absent for quotes on lines of their own', `"\n${R}"\n`)

found('rule pem-text-before-begin: found for an assignment', `CA=${R}`, { line: 1, message: /`Root` is lost/ })
found('rule pem-text-before-begin: found for a form feed', `\f${R}`)
found('rule pem-text-before-begin: found for a patch', indented(R, '+'))
absent('rule pem-text-before-begin: absent for text on the line before', `CA=\n${R}`)

found('rule pem-text-after-begin: found for a comment', R.replace(BEGIN, `${BEGIN} # root`), { line: 1, message: /`Root` is lost/ })
absent('rule pem-text-after-begin: absent for blanks', R.replace(BEGIN, `${BEGIN} \t`))

for (const [about, begin] of [['lower case', '-----begin certificate-----'], ['em dashes', '——BEGIN CERTIFICATE——'], ['four dashes', '----BEGIN CERTIFICATE-----'], ['two blanks', '-----BEGIN  CERTIFICATE-----']]) {
  found(`${'rule pem-begin-damaged: found'} for ${about}`, R.replace(BEGIN, begin) + O, { line: 1, message: /`Root` (is lost|and `Other Root` are lost)$/ })
}
found('rule pem-begin-damaged: found for no dashes behind the label', R.replace(BEGIN, BEGIN.replace(/-+$/, '')))
absent('rule pem-begin-damaged: absent for the line as it must be', R)

const trusted = (/** @type {Buffer} */ settings) => pemBlock(Buffer.concat([root.der, settings]), 'TRUSTED CERTIFICATE')
const serverAuth = der.objectIdentifier('1.3.6.1.5.5.7.3.1')
found('rule pem-trusted-label: found for a certificate that the settings trust', trusted(der.sequence(der.sequence(serverAuth))) + O, { line: 1, message: /`Root` is lost/ })
absent('rule pem-trusted-label: absent for a certificate that the settings reject', trusted(der.sequence(der.explicit(0, serverAuth))) + O)
test('a certificate that its trust settings reject for servers is neither found nor repaired', () => {
  const report = inspectCaFileSync(Buffer.from(trusted(der.sequence(der.explicit(0, serverAuth)))), options())
  assert.deepEqual([report.found, report.repaired], [[], null])
})

found('rule pem-other-label: found for a name of one\'s own', pemBlock(root.der, 'CA CERTIFICATE') + O, { line: 1, message: /`Root` is lost/ })
absent('rule pem-other-label: absent for X509 CERTIFICATE', pemBlock(root.der, 'X509 CERTIFICATE'))

found('rule pem-blank-line: found before END', R.replace(END, `\n${END}`) + O, { line: R.split('\n').length - 1, message: /Node stops reading there without a warning: `Root` and `Other Root` are lost/ })
found('rule pem-blank-line: found in the middle', R.replace(rows(root)[2], `\n${rows(root)[2]}`) + O, { line: 4, message: /Node warns and stops/ })
found('rule pem-blank-line: found behind BEGIN with long lines', pemBlock(root.der, 'CERTIFICATE', { width: 76 }).replace('\n', '\n\n') + O, { line: 2, message: /without a warning/ })
absent('rule pem-blank-line: absent behind BEGIN with lines of 64', R.replace('\n', '\n\n') + O)

found('rule pem-header: found for a comment and a blank line', R.replace('\n', '\nComment: root\n\n') + O, { line: 2, message: /Node warns and stops reading there: `Root` and `Other Root` are lost/ })
found('rule pem-header: found for a comment without a blank line', R.replace('\n', '\nComment: root\n') + O, { line: 2, message: /without a warning: `Root` and `Other Root` are lost/ })
absent('rule pem-header: absent for a comment before BEGIN', `Comment: root\n\n${R}`)

found('rule pem-end-missing: found at the end of the file', R + O.replace(`${END}\n`, ''), { message: /Node warns and stops reading there: `Other Root` is lost/ })
found('rule pem-end-missing: found before another block', R.replace(`${END}\n`, '') + O + T, { message: /Node takes it and the next block for one, without a warning: `Other Root` is lost/ })
absent('rule pem-end-missing: absent without a newline behind END', R.trimEnd())

found('rule pem-end-damaged: found for another label', R.replace(END, '-----END CERT-----') + O, { line: R.split('\n').length - 1, message: /Node warns and stops reading there: `Root` and `Other Root` are lost/ })
found('rule pem-end-damaged: found for an indented END', R.replace(END, ` ${END}`) + O + T, { message: /`Other Root`/ })
found('rule pem-end-damaged: found for four dashes', R.replace(END, `----END CERTIFICATE-----`) + O + T)
absent('rule pem-end-damaged: absent for blanks behind END', R.replace(END, `${END}  `) + O)

found('rule pem-bad-base64: found for a character that base64 does not have', R.replace(rows(root)[1], `${rows(root)[1].slice(0, 20)}*${rows(root)[1].slice(21)}`) + O, { line: 3, message: /the block is lost, and with it `Other Root`/ })
absent('rule pem-bad-base64: absent for blanks in the base64', R.replace(rows(root)[1], rows(root)[1].replace(/(.{20})/, '$1 ')))

found('rule pem-empty-block: found for BEGIN and END alone', `${BEGIN}\n${END}\n${O}`, { line: 1, message: /Node stops reading there without a warning: the block is lost, and with it `Other Root`/ })
found('rule pem-empty-block: found for an empty key', `-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n${O}`, { message: /`Other Root` is lost/ })
absent('rule pem-empty-block: absent for nothing between two blocks', `${R}\n\n${O}`)

found('rule pem-foreign-block: found for a PGP key', `-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: GnuPG v2\n\nmQENBFYAAAABCADAAAAA\n=AbCd\n-----END PGP PUBLIC KEY BLOCK-----\n${R}`, { line: 1, message: /Node warns and stops reading there: `Root` is lost/ })
found('rule pem-foreign-block: found for a key with its text taken out', `-----BEGIN PRIVATE KEY-----\n...redacted...\n-----END PRIVATE KEY-----\n${R}`, { line: 1, message: /`Root` is lost/ })
absent('rule pem-foreign-block: absent for a key', leaf.key.pem + R)

found('rule pem-not-a-certificate: found for a certificate cut short', pemBlock(root.der.subarray(0, -60)) + O, { line: 1, message: /`Other Root`/, detail: /cut short: \d+ of \d+ bytes/ })
found('rule pem-not-a-certificate: found for a key under the wrong label', pemBlock(leaf.key.privateKey.export({ format: 'der', type: 'pkcs8' })), { detail: /it is a private key/ })
absent('rule pem-not-a-certificate: absent for a broken signature', pki.brokenSignatureRoot.pem)

found('rule pem-second-certificate: found for two in one block', pemBlock(Buffer.concat([root.der, otherRoot.der])), { line: 1, message: /`Other Root` is lost/ })
absent('rule pem-second-certificate: absent for trust settings behind the certificate', pemBlock(Buffer.concat([root.der, der.sequence(der.sequence(serverAuth))])))

found('rule pem-no-armor: found for base64 alone', `${rows(root).join('\n')}\n`, { line: 1, message: /`Root` is lost/ })
found('rule pem-no-armor: found for the x5c of a key set', JSON.stringify({ x5c: [leaf, intermediate, root].map((entry) => entry.der.toString('base64')) }), { message: /3 times .*: `localhost`, `Intermediate` and `Root` are lost/ })
found('rule pem-no-armor: found where BEGIN is missing', R.replace(`${BEGIN}\n`, '') + O, { line: 1, message: /`Root` is lost/ })
absent('rule pem-no-armor: absent for a token that starts as a certificate does', `MII${'A'.repeat(200)}\n${R}`)

found('rule pem-base64-of-pem: found for the data of a secret', `ca.crt: ${Buffer.from(R + O).toString('base64')}\n`, { line: 1, message: /`Root` and `Other Root` are lost/, fix: /base64 -d/ })
absent('rule pem-base64-of-pem: absent for the decoded data', R + O)

// What the certificates can do. `handshake` shows that it is so.

/**
 * How a handshake ends with a server that presents `chain`, for a Node whose NODE_EXTRA_CA_CERTS is `extra`.
 *
 * @param {string} extra
 * @param {any} server the server's certificate
 * @param {number} [major]
 */
async function handshake(extra, server, major = NODE) {
  const script = `
    const tls = require('tls')
    const { cert, key } = JSON.parse(require('fs').readFileSync(0, 'utf8'))
    const server = tls.createServer({ cert, key, ciphers: 'DEFAULT@SECLEVEL=0' }, (socket) => socket.on('error', () => {}))
    server.on('tlsClientError', () => {})
    server.listen(0, '127.0.0.1', () => {
      const client = tls.connect({ port: server.address().port, host: '127.0.0.1', servername: 'localhost' }, () => end('ok'))
      client.on('error', (error) => end(error.code === 'UNSPECIFIED' ? error.code + ': ' + error.message : error.code))
      function end(text) { process.stdout.write(text); client.destroy(); server.close() }
    })`
  const { stdout, signal, stderr } = await runNode(major, ['-e', script], {
    env: { NODE_EXTRA_CA_CERTS: written(extra) },
    stdin: JSON.stringify({ cert: server.chainPem ?? server.pem, key: server.key.pem }),
  })
  return signal ?? (stdout || stderr)
}

/** A server's certificate from `issuer`. */
const issued = (/** @type {any} */ issuer, more = {}) => issuer.issue({ subject: 'localhost', server: true, altNames: ['DNS:localhost'], keyName: 'served', ...more })

const { expiredRoot, futureRoot, weakKeyRoot, weakDigestIntermediate, weakDigestRoot, selfSignedLeaf, clientOnlyRoot, serverOnlyRoot, anyUsageRoot, noCertSignRoot, secp256k1Root, p384Root, versionOneRoot } = pki

found('rule certificate-all-expired: found for a file without a valid certificate', expiredRoot.pem, { line: 1, message: /`Expired Root` expired on 2015-01-01T00:00:00Z.*CERT_HAS_EXPIRED/, unrepaired: true })
absent('rule certificate-all-expired: absent beside a valid one', expiredRoot.pem + R)
found('rule certificate-expired: found beside a valid one', expiredRoot.pem + R, { line: 1, message: /CERT_HAS_EXPIRED/ })
absent('rule certificate-expired: absent a second before notAfter', expiredRoot.pem + R, { time: '2014-12-31T23:59:59Z' })
test('a chain that ends in an expired root fails with CERT_HAS_EXPIRED', async () => {
  assert.equal(await handshake(expiredRoot.pem, issued(expiredRoot)), 'CERT_HAS_EXPIRED')
  assert.equal(await handshake(R, issued(root)), 'ok')
})

found('rule certificate-not-yet-valid: found', futureRoot.pem, { message: /not valid before 2060-01-01/ })
absent('rule certificate-not-yet-valid: absent at notBefore', futureRoot.pem, { time: '2060-01-01' })
test('a chain that ends in a future root fails with CERT_NOT_YET_VALID', async () => {
  assert.equal(await handshake(futureRoot.pem, issued(futureRoot)), 'CERT_NOT_YET_VALID')
})

found('rule certificate-expires-soon: found for one', R, { message: /expires on 2045-01-01T00:00:00Z \(in 1 day\)/, options: { time: '2044-12-30T12:00:00Z', minDaysLeft: 30 } })
absent('rule certificate-expires-soon: absent when there are more days', R, { time: '2044-11-01', minDaysLeft: 30 })
test('many certificates with one fault are one finding, a few are one each', () => {
  const many = Array.from({ length: 6 }, (_, index) => certificate({ subject: `Many ${index}`, ca: true, keyName: 'many' }).pem)
  const rule = (/** @type {string[]} */ list) => inspectCaFileSync(Buffer.from(list.join('')), options({ time: '2044-12-30' })).findings.filter((finding) => finding.rule === 'certificate-expires-soon')
  assert.equal(rule(many.slice(1)).length, 5)
  const [finding, ...rest] = rule(many)
  assert.deepEqual(rest, [])
  assert.match(finding.message, /^6 certificates expire within 30 days/)
  assert.match(finding.detail ?? '', /^`Many 0`, `Many 1`, `Many 2` and 3 more certificates$/)
})

const garbled = (more = {}) => certificate({ subject: 'Garbled Root', ca: null, extensions: [{ oid: '2.5.29.19', critical: true, value: Buffer.from('garbage') }], ...more })
found('rule certificate-invalid-extension: found for basicConstraints that cannot be read', garbled().pem, { message: /`Garbled Root` has an extension that OpenSSL cannot read/ })
absent('rule certificate-invalid-extension: absent for an extension that OpenSSL does not know', pki.unknownCriticalRoot.pem)
test('no chain reaches a root with an extension that cannot be read', async () => {
  for (const { major } of nodes) {
    assert.match(await handshake(garbled().pem, issued(garbled()), major), /^UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT_LOCALLY)$/)
  }
})

found('rule certificate-key-too-weak: found for RSA 1024', weakKeyRoot.pem, { message: /rsa 1024 bits/ })
found('rule certificate-key-too-weak: found for P-192', pki.p192Root.pem, { message: /ec 192 bits/ })
absent('rule certificate-key-too-weak: absent for RSA 2048', rsaRoot.pem)
test('rule certificate-key-weak: found on Node 22, where Node 24 refuses the key', () => {
  const rules = inspectCaFileSync(Buffer.from(weakKeyRoot.pem), options({ node: '22' })).findings.map(({ rule }) => rule)
  assert.deepEqual(rules, ['certificate-key-weak'])
})
absent('rule certificate-key-weak: absent on Node 24, which has its own rule', weakKeyRoot.pem)
test('a root with an RSA key of 1024 bits is refused by Node 24 and 26, and taken by 22', async () => {
  const server = issued(weakKeyRoot)
  assert.equal(await handshake(weakKeyRoot.pem, server, 22), 'ok')
  for (const major of [24, 26]) assert.match(await handshake(weakKeyRoot.pem, server, major), /^UNSPECIFIED: CA certificate key too weak/)
})

found('rule certificate-signature-too-weak: found for an intermediate with SHA-1', rsaRoot.pem + weakDigestIntermediate.pem, { message: /`Weak Digest Intermediate` is signed with sha1WithRSAEncryption/ })
absent('rule certificate-signature-too-weak: absent for a root\'s own signature', weakDigestRoot.pem)
test('a chain through an intermediate with SHA-1 fails, one to a root with SHA-1 does not', async () => {
  for (const { major } of nodes) {
    assert.match(await handshake(rsaRoot.pem + weakDigestIntermediate.pem, issued(weakDigestIntermediate), major), /^UNSPECIFIED: CA signature digest algorithm too weak/)
    assert.equal(await handshake(weakDigestRoot.pem, issued(weakDigestRoot), major), 'ok')
  }
})

found('rule certificate-is-leaf: found for a server\'s certificate', leaf.pem, { message: /`localhost` is no CA certificate.*issuer `CN=Intermediate/, unrepaired: true })
absent('rule certificate-is-leaf: absent for the server\'s own self-signed certificate', selfSignedLeaf.pem)
test('a server whose certificate is trusted, but not its CA, is refused', async () => {
  const server = issued(root)
  assert.match(await handshake(server.pem, server), /^UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(_LOCALLY)?)$/)
})
test('a server\'s certificate is not part of a repaired copy', () => {
  const report = inspectCaFileSync(Buffer.from(indented(leaf.pem + R)), options())
  assert.equal(report.found.length, 2)
  assert.deepEqual(digests(inspectCaFileSync(Buffer.from(String(report.repaired)), options()).found), [root.sha256])
})

found('rule certificate-self-signed-leaf: found', selfSignedLeaf.pem, { message: /trust the one server/ })
absent('rule certificate-self-signed-leaf: absent for a root of version 1, which is a CA', versionOneRoot.pem)
test('a self-signed certificate that is no CA is its own anchor', async () => {
  const own = certificate({ subject: 'localhost', server: true, altNames: ['DNS:localhost'], keyName: 'own' })
  assert.equal(await handshake(own.pem, own), 'ok')
  assert.equal(await handshake(versionOneRoot.pem, issued(versionOneRoot)), 'ok')
})

found('rule certificate-root-missing: found for an intermediate alone', intermediate.pem, { message: /`Intermediate` is an intermediate.*UNABLE_TO_GET_ISSUER_CERT$/ })
absent('rule certificate-root-missing: absent with its root', intermediate.pem + R)
test('rule certificate-root-missing: absent where the root is in the bundled list', async () => {
  const bundled = require('node:tls').rootCertificates.map((pem) => new (require('node:crypto').X509Certificate)(pem))
  const issuer = /** @type {import('node:crypto').X509Certificate} */ (bundled.find((entry) => entry.publicKey.asymmetricKeyType === 'ec'))
  // The intermediate with that root's name in the place of its issuer's; its signature is not looked at here.
  const [own, theirs] = [intermediate.der, issuer.raw].map((bytes) => der.certificateParts(bytes))
  const [tbs, ...rest] = der.children(der.read(intermediate.der).body)
  const parts = der.children(tbs.body).map(({ raw }) => (raw.equals(own.issuer) ? theirs.subject : raw))
  const { findings } = inspectCaFileSync(Buffer.from(pemBlock(der.sequence(der.sequence(...parts), ...rest.map(({ raw }) => raw)))), options())
  assert.deepEqual(findings.filter(({ rule }) => rule === 'certificate-root-missing'), [])
  assert.match(findings.map(({ rule }) => rule).join(), /^$/)
})
test('a chain through an intermediate whose root is not trusted fails with UNABLE_TO_GET_ISSUER_CERT', async () => {
  assert.equal(await handshake(intermediate.pem, leaf), 'UNABLE_TO_GET_ISSUER_CERT')
  assert.equal(await handshake(intermediate.pem + R, leaf), 'ok')
})

found('rule certificate-key-usage: found without keyCertSign', noCertSignRoot.pem, { message: /key usage does not include certificate signing/ })
absent('rule certificate-key-usage: absent without a key usage', certificate({ subject: 'No Usage', ca: true, keyUsage: null }).pem)
test('a chain to a root that may not sign certificates fails', async () => {
  assert.match(await handshake(noCertSignRoot.pem, issued(noCertSignRoot)), /^UNSPECIFIED: key usage does not include certificate signing/)
})

found('rule certificate-extended-key-usage: found for clientAuth alone', clientOnlyRoot.pem, { message: /INVALID_PURPOSE$/ })
found('rule certificate-extended-key-usage: found for anyExtendedKeyUsage, which does not count', anyUsageRoot.pem)
absent('rule certificate-extended-key-usage: absent with serverAuth', serverOnlyRoot.pem)
test('a chain to a root that is not for servers fails with INVALID_PURPOSE', async () => {
  assert.equal(await handshake(clientOnlyRoot.pem, issued(clientOnlyRoot)), 'INVALID_PURPOSE')
  assert.equal(await handshake(anyUsageRoot.pem, issued(anyUsageRoot)), 'INVALID_PURPOSE')
  assert.equal(await handshake(serverOnlyRoot.pem, issued(serverOnlyRoot)), 'ok')
})

found('rule certificate-curve-crashes: found for secp256k1', secp256k1Root.pem, { message: /secp256k1.*crashes this Node/ })
found('rule certificate-curve-crashes: found for brainpool', pki.brainpoolRoot.pem, { message: /brainpool/ })
absent('rule certificate-curve-crashes: absent for P-384', p384Root.pem)
test('rule certificate-curve-crashes-later: found on Node 22', () => {
  const rules = inspectCaFileSync(Buffer.from(secp256k1Root.pem), options({ node: '22' })).findings.map(({ rule }) => rule)
  assert.deepEqual(rules, ['certificate-curve-crashes-later'])
})
absent('rule certificate-curve-crashes-later: absent on Node 24, which has its own rule', secp256k1Root.pem)
test('a connection to a server whose chain ends on such a curve crashes Node 24 and 26, and not 22', async () => {
  const server = issued(secp256k1Root)
  assert.equal(await handshake(secp256k1Root.pem, server, 22), 'ok')
  for (const major of [24, 26]) assert.equal(await handshake(secp256k1Root.pem, server, major), 'SIGSEGV')
})

found('rule certificate-duplicate: found', R + O + R, { line: 1, message: /2 times \(lines 1, \d+\)/ })
absent('rule certificate-duplicate: absent for two certificates of one name', pki.twinA.pem + pki.twinB.pem)
test('a certificate that is in the file twice is loaded twice and found once, with both lines', async () => {
  const report = await inspected(written(R + O + R))
  assert.deepEqual(digests(report.loadedByNode), [root, otherRoot, root].map(({ sha256 }) => sha256))
  assert.deepEqual(report.found.map(({ sources }) => sources.length), [2, 1])
  assert.deepEqual(report.loadedByNode.map(({ sources }) => sources.length), [1, 1, 1])
  assert.equal(report.loadedByNode[2].sources[0].line, report.found[0].sources[1].line)
})

test('rule certificate-already-bundled: found for a root that Node carries', () => {
  const { rootCertificates } = require('node:tls')
  const { findings } = inspectCaFileSync(Buffer.from(rootCertificates.join('\n')), options())
  const hits = findings.filter(({ rule }) => rule === 'certificate-already-bundled')
  assert.equal(hits.length, 1)
  assert.match(hits[0].message, /^\d+ certificates are in Mozilla's list already/)
})
absent('rule certificate-already-bundled: absent for a private root', R)

// The fixes.

/** Files, and what of `R`, `O` and `T` is in them. @type {[string, () => string | Buffer, string[]][]} */
const broken = [
  ['DER', () => root.der, ['root']],
  ['PKCS#7 in DER', () => pkcs7([root, otherRoot]), ['root', 'otherRoot']],
  ['PKCS#7 in PEM', () => pemBlock(pkcs7([root, otherRoot]), 'PKCS7'), ['root', 'otherRoot']],
  ['PKCS#12', () => pkcs12([root, otherRoot]), ['root', 'otherRoot']],
  ['UTF-16, little endian', () => utf16(R + O), ['root', 'otherRoot']],
  ['UTF-16, big endian, without a mark', () => utf16(R + O).swap16().subarray(2), ['root', 'otherRoot']],
  ['UTF-16 behind ASCII', () => Buffer.concat([Buffer.from(R), utf16(O)]), ['root', 'otherRoot']],
  ['CR alone', () => (R + O).replaceAll('\n', '\r'), ['root', 'otherRoot']],
  ['an indented file', () => indented(R + O), ['root', 'otherRoot']],
  ['a mail', () => indented(R + O, '> '), ['root', 'otherRoot']],
  ['byte order marks', () => `${BOM}${R}x\n${BOM}${O}`, ['root', 'otherRoot']],
  ['JSON', () => JSON.stringify({ ca: R + O }), ['root', 'otherRoot']],
  ['strings of a program', () => R.trimEnd().split('\n').map((row) => `"${row}\\n"`).join(' +\n'), ['root']],
  ['base64 of PEM', () => Buffer.from(R + O).toString('base64'), ['root', 'otherRoot']],
  ['a key beside certificates', () => R + leaf.key.pem + O, ['root', 'otherRoot']],
  ['a key beside an indented certificate', () => leaf.key.pem + indented(R), ['root']],
  ['gzip', () => zlib.gzipSync(R + O), ['root', 'otherRoot']],
]
for (const [about, contents, names] of broken) {
  test(`each bash command that mends ${about} gives a file that Node loads whole`, async () => {
    const file = written(contents(), `it's broken ${++files}.pem`)
    const { findings } = inspectCaFileSync(file, options())
    const commands = findings.flatMap(({ fixes }) => fixes).flatMap((fix) => fix.commands ?? []).filter(({ shell }) => shell === 'bash').map(({ text }) => text)
    assert.ok(commands.length > 0)
    const program = path.join(__dirname, '..', 'bin', 'trust-anchors.js')
    const out = file.replace(/\.pem$/, '.clean.pem')
    for (const command of commands) {
      fs.rmSync(out, { force: true })
      const script = `set -e; openssl() { case $1 in pkcs12) shift; command openssl pkcs12 -passin pass: "$@";; *) command openssl "$@";; esac; }\n` +
        command.replaceAll('npx trust-anchors', `'${process.execPath}' '${program}'`)
      const { status, stderr } = await run('bash', ['-c', script])
      assert.equal(status, 0, `${command}\n${stderr}`)
      const real = await loadedBy(NODE, out)
      assert.deepEqual([real.loaded, real.warning], [names.map((name) => pki[name].sha256), null], command)
    }
  })
}

test('no fix advises to turn verification off', () => {
  for (const rule of require('../binding.js').rules()) {
    assert.doesNotMatch(JSON.stringify(rule.fix), /rejectUnauthorized: *false|NODE_TLS_REJECT_UNAUTHORIZED=0/)
  }
})

// The collection that parity.test.js puts before real Nodes.

/** Files of which Node loads what a person would name, and loses something else, or a copy of it. @type {Record<string, string>} */
const LOSES_MORE = {
  'pkcs7-before': 'the PKCS#7 bundle holds a certificate of its own',
  'der-second-in-block': 'the second certificate of the block is another one',
  'rows-numbered': 'the numbered block cannot be read, and it is lost',
}
test('in each file of the collection all certificates are found, and whatever Node loses or prints is explained by a finding', () => {
  const { namedFiles } = require('./ca-files')
  const home = process.cwd()
  for (const { name, certificates, make } of namedFiles()) {
    const place = fs.mkdtempSync(path.join(folder, 'named-'))
    const { value, cwd, unprivileged } = make(place)
    if (unprivileged) continue
    try {
      if (cwd) process.chdir(cwd)
      const report = inspectCaFileSync(value, options())
      const wanted = certificates.map((/** @type {string} */ key) => pki[key].sha256)
      const [inFile, loaded] = [report.found, report.loadedByNode].map((list) => new Set(digests(list)))
      for (const sha256 of wanted) assert.ok(inFile.has(sha256), `${name}: not everything is found`)
      const errors = report.findings.filter(({ rule, severity }) => severity === 'error' && !rule.startsWith('certificate-'))
      const isLost = [...inFile, ...wanted].some((sha256) => !loaded.has(sha256))
      if (isLost || report.nodeWarning !== null) assert.ok(errors.length > 0, `${name}: not explained`)
      else if (wanted.length > 0 && !(name in LOSES_MORE)) assert.deepEqual(errors, [], `${name}: nothing is lost`)
      for (const { location, fixes, rule } of errors) {
        assert.equal(location?.path, value, name)
        assert.ok(fixes.length > 0 || !isLost || inFile.size === 0, `${name}: ${rule} has no fix`)
      }
    } finally {
      process.chdir(home)
    }
  }
})

test('of files damaged at random everything that is lost is explained, and the repaired copy holds it', () => {
  const { mutatedFile } = require('./support/mutate')
  for (let number = 0; number < 600; number++) {
    const report = inspectCaFileSync(mutatedFile('inspect', number), options())
    const [inFile, loaded] = [report.found, report.loadedByNode].map((list) => new Set(digests(list)))
    for (const sha256 of loaded) assert.ok(inFile.has(sha256), `file ${number}`)
    const isExplained = report.findings.some(({ severity }) => severity === 'error')
    assert.ok(isExplained || (inFile.size === loaded.size && report.nodeWarning === null), `file ${number}`)
    if (report.repaired === null) continue
    const copy = inspectCaFileSync(Buffer.from(report.repaired), options())
    assert.deepEqual(digests(copy.loadedByNode), digests(report.found.filter(({ ca, selfSigned }) => ca || selfSigned)), `file ${number}`)
  }
})

// The report as a whole.

test('blocks tell their lines, their bytes and their fate', () => {
  const text = `${R}${leaf.key.pem}${R.replace(BEGIN, `${BEGIN}\n`).replace(END, `\n${END}`)}${O}`
  const { blocks, found: certificates } = inspectCaFileSync(Buffer.from(text), options())
  assert.deepEqual(blocks.map(({ fate }) => fate), ['loaded', 'skipped', 'stopped', 'lost'])
  assert.deepEqual(blocks.map(({ label }) => label), ['CERTIFICATE', 'PRIVATE KEY', 'CERTIFICATE', 'CERTIFICATE'])
  for (const { line, start, end } of blocks) {
    assert.ok(text.slice(start, end).startsWith('-----BEGIN '))
    assert.equal(text.slice(0, start).split('\n').length, line)
    assert.match(text.slice(start, end), /-----END [A-Z ]+-----\n?$/)
  }
  assert.deepEqual(blocks.map((block) => block.certificates.map((index) => certificates[index].sha256)), [[root.sha256], [], [root.sha256], [otherRoot.sha256]])
})

test('the repaired text has a comment with subject and dates above each certificate, and no trick in a subject gets out of it', async () => {
  const long = certificate({ subject: `${'x'.repeat(250)}-----BEGIN CERTIFICATE-----`, ca: true })
  const report = await inspected(written(indented(pki.escapeRoot.pem + long.pem + R)))
  const lines = String(report.repaired).split('\n')
  assert.equal(lines[lines.indexOf(BEGIN, lines.lastIndexOf(END) - 12) - 1], '# CN=Root,O=Trust Anchors Test, valid 2020-01-01 to 2045-01-01')
  for (const line of lines) assert.ok(Buffer.byteLength(line) < 254)
})

test('a file that Node loads whole is not repaired', () => {
  assert.equal(inspectCaFileSync(Buffer.from(R + O + R), options()).repaired, null)
})

test('the asynchronous call gives the same report, and stops at once when aborted', async () => {
  const file = written(indented(R) + O)
  assert.deepEqual(await inspectCaFile(file, options()), inspectCaFileSync(file, options()))
  await assert.rejects(inspectCaFile(file, { signal: AbortSignal.abort() }), { name: 'AbortError' })
})

test('what Node prints about paths is the same on every Node', async () => {
  const cases = [path.join(folder, 'none.pem'), path.join(written(R), 'x'), `/${'n'.repeat(300)}`, folder, '/dev/null', '/dev/zero']
  for (const { major, version: node } of nodes) {
    for (const file of cases) {
      const { warning } = await loadedBy(major, file)
      assert.equal(inspectCaFileSync(file, { node }).nodeWarning, warning, `Node ${major}, ${file.slice(0, 60)}`)
    }
  }
  assert.ok(nodePath(NODE))
})
