'use strict'

/**
 * CA files with every fault, and every oddity that is none, that tells Node's reading apart from a reader's guess. They
 * are made when they are asked for; nothing here says what Node does with them, Node itself does (see parity.test.js),
 * and outcomes.json keeps what it answered.
 *
 *   const { namedFiles } = require('./ca-files')
 *   for (const { name, about, certificates, make } of namedFiles()) {
 *     const { value, ... } = make(folder)      // writes the file under `folder`; `value` is what a person would set
 *   }
 *
 * `certificates` are the names (of `standardPki`) of what can be found in the file with care, whatever Node says.
 * `contents` are the bytes or the text of a regular file. `make` may also give `cwd` (relative values), `fifo` (nobody writes to it), `unprivileged` (whoever may read everything
 * must not be asked).
 */

const crypto = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')
const zlib = require('node:zlib')

const der = require('../support/der')
const { certificate, pemBlock, pkcs12, pkcs7, revocationList, signingRequest, standardPki } = require('../support/pki')

const BOM = '\ufeff'

let files

function namedFiles() {
  files ??= [...build()]
  return files
}

function* build() {
  const pki = standardPki()
  const { root, otherRoot, thirdRoot, intermediate, leaf } = pki
  const [R, O, T] = [root.pem, otherRoot.pem, thirdRoot.pem]
  const base64 = (entry) => entry.der.toString('base64')
  const rows = (entry, width = 64) => base64(entry).match(new RegExp(`.{1,${width}}`, 'g'))
  const BEGIN = '-----BEGIN CERTIFICATE-----'
  const END = '-----END CERTIFICATE-----'
  /** A block from its parts, each line ended with `eol`. */
  const block = (entry, { begin = BEGIN, end = END, body = rows(entry), eol = '\n' } = {}) =>
    [begin, ...body, end, ''].join(eol)
  const foreign = (label, bytes = Buffer.from('not a certificate, and nobody looks inside')) => pemBlock(bytes, label)

  /** A regular file with these contents. */
  const file = (name, about, contents, certificates = ['root']) => ({
    name,
    about,
    certificates,
    contents,
    make(folder) {
      const value = path.join(folder, `${name}.pem`)
      fs.writeFileSync(value, contents)
      return { value }
    },
  })
  /** Anything else: `make` prepares the folder. */
  const place = (name, about, make, certificates = []) => ({ name, about, certificates, make })

  const both = ['root', 'otherRoot']
  const three = ['root', 'otherRoot', 'thirdRoot']

  // Files as they should be.
  yield file('one', 'one certificate', R)
  yield file('two', 'two certificates', R + O, both)
  yield file('three', 'three certificates', R + O + T, three)
  yield file('no-final-newline', 'no newline after END', R.trimEnd())
  yield file('two-no-final-newline', 'two, no newline after the last END', (R + O).trimEnd(), both)
  yield file('duplicates', 'the same certificate three times, another between', R + R + O + R, both)
  yield file('text-around', 'text before, between and after', `Root:\n${R}\nOther:\n${O}\nThat is all.\n`, both)
  yield file('utf8-text', 'text beyond ASCII around the blocks', `# Zertifikat für Ämter – 証明書\n${R}# été\n${O}`, both)
  yield file('latin1-text', 'text in Latin-1', Buffer.concat([Buffer.from('# caf\xe9\n', 'latin1'), Buffer.from(R)]))
  yield file('bag-attributes', 'what openssl pkcs12 writes before a block', `Bag Attributes\n    friendlyName: root\nsubject=CN = x\nissuer=CN = x\n${R}`)
  yield file('openssl-text', 'a textual dump before the block', `Certificate:\n    Data:\n        Version: 3 (0x2)\n${R}`)
  yield file('comments', 'comment lines', `# one\n# two\n${R}# three\n${O}`, both)
  yield file('blank-lines-between', 'blank lines between blocks', `\n\n${R}\n\n\n${O}\n\n`, both)
  yield file('form-feed-line', 'a form feed on a line of its own', `\f\n${R}`)
  yield file('control-z-line', 'a DOS end-of-file mark after the block', `${R}\x1a${''}\n${O}`, both)
  yield file('control-z-before', 'a DOS end-of-file mark before the block', `\x1a\n${R}`)
  yield file('stray-end', 'an END line before the first BEGIN', `${END}\n${R}`)
  yield file('stray-end-between', 'an END line between two blocks', `${R}${END}\n${O}`, both)
  yield file('begin-in-text', 'the words of a BEGIN line inside a sentence', `see ${BEGIN} below\n${R}`)
  yield file('many', 'three hundred blocks', (R + O + T).repeat(100), three)
  yield file('long-text-before', 'one megabyte of text before the block', `${'x'.repeat(99)}\n`.repeat(10_000) + R)
  yield file('long-line-before', 'one megabyte of text on one line before the block', `${'x'.repeat(1_000_000)}\n${R}`)

  // Line endings.
  yield file('crlf', 'CR LF', (R + O).replaceAll('\n', '\r\n'), both)
  yield file('cr-cr-lf', 'CR CR LF', (R + O).replaceAll('\n', '\r\r\n'), both)
  yield file('cr-only', 'CR alone', (R + O).replaceAll('\n', '\r'), both)
  yield file('lf-cr', 'LF CR', (R + O).replaceAll('\n', '\n\r'), both)
  yield file('crlf-mixed', 'the first block CR LF, the second LF', R.replaceAll('\n', '\r\n') + O, both)
  yield file('cr-only-then-lf', 'the first block CR alone, the second LF', R.replaceAll('\n', '\r') + O, both)
  yield file('lf-then-cr-only', 'the first block LF, the second CR alone', R + O.replaceAll('\n', '\r'), both)
  yield file('cr-only-crlf-at-end', 'CR alone, with one LF at the very end', `${R.replaceAll('\n', '\r').trimEnd()}\n${O}`, both)
  yield file('crlf-no-final', 'CR LF, none after END', R.replaceAll('\n', '\r\n').trimEnd())
  yield file('final-cr', 'LF, and END followed by CR alone', `${R.trimEnd()}\r`)
  yield file('unicode-line-separator', 'U+2028 in place of newlines', R.replaceAll('\n', '\u2028'))
  yield file('next-line', 'U+0085 before every LF', R.replaceAll('\n', '\u0085\n'))
  yield file('vertical-tab', 'VT in place of newlines', R.replaceAll('\n', '\v'))

  // How wide the lines are.
  for (const width of [1, 3, 4, 16, 48, 60, 63, 65, 66, 70, 76, 80, 128, 252, 253, 254, 255, 256, 508, 509, 512, 1024]) {
    yield file(`width-${width}`, `lines of ${width} characters`, pemBlock(root.der, 'CERTIFICATE', { width }) + O, both)
  }
  for (const width of [1, 63, 64, 65, 253, 254, 255]) {
    const contents = pemBlock(root.der, 'CERTIFICATE', { width, newline: '\r\n' }) + O
    yield file(`width-${width}-crlf`, `lines of ${width} characters with CR LF`, contents, both)
  }
  yield file('whole-body-on-one-line', 'the whole body on one line', pemBlock(root.der, 'CERTIFICATE', { width: Infinity }) + O, both)
  yield file('rsa-body-on-one-line', 'a longer body on one line', pemBlock(pki.rsaRoot.der, 'CERTIFICATE', { width: Infinity }) + O, ['rsaRoot', 'otherRoot'])
  {
    const text = base64(root)
    const uneven = (...widths) => {
      const found = []
      for (let offset = 0, turn = 0; offset < text.length; turn++) {
        const width = widths[turn % widths.length]
        found.push(text.slice(offset, offset + width))
        offset += width
      }
      return block(root, { body: found })
    }
    yield file('uneven-growing', 'lines of 10 to 100 characters', uneven(10, 20, 64, 65, 100) + O, both)
    yield file('uneven-short-first', 'a first line of 4 characters', uneven(4, 64, 64, 64, 64, 64, 64, 64, 64, 64) + O, both)
    yield file('uneven-not-multiples', 'lines that split groups of four', uneven(61, 3, 64, 7) + O, both)
    yield file('uneven-long-then-short', 'one line of 300, then short ones', uneven(300, 64, 64, 64, 64, 64, 64) + O, both)
  }

  // Labels.
  for (const label of ['X509 CERTIFICATE', 'TRUSTED CERTIFICATE', 'certificate', 'Certificate', 'CERT', 'CERTIFICATES', 'CERTIFICATE ', ' CERTIFICATE', 'X.509 CERTIFICATE', 'NEW CERTIFICATE', 'CA CERTIFICATE', 'PKCS7', 'CMS', 'CERTIFICATE REQUEST', 'ATTRIBUTE CERTIFICATE', '-', '']) {
    const name = label === '' ? 'empty' : label === '-' ? 'dash' : label.replaceAll(' ', '-').replaceAll('.', '_').replace(/^-/, 'leading-blank-').replace(/-$/, '-trailing-blank')
    yield file(`label-${name === 'certificate' ? 'lower-case' : name === 'Certificate' ? 'capitalised' : name.toLowerCase()}`, `the label is ${JSON.stringify(label)}`, pemBlock(root.der, label) + O, both)
  }
  yield file('label-x509-only', 'X509 CERTIFICATE alone', pemBlock(root.der, 'X509 CERTIFICATE'))
  yield file('label-trusted-only', 'TRUSTED CERTIFICATE alone', pemBlock(root.der, 'TRUSTED CERTIFICATE'))
  yield file('label-begin-x509-end-plain', 'BEGIN X509 CERTIFICATE, END CERTIFICATE', block(root, { begin: '-----BEGIN X509 CERTIFICATE-----' }) + O, both)
  yield file('label-begin-plain-end-x509', 'BEGIN CERTIFICATE, END X509 CERTIFICATE', block(root, { end: '-----END X509 CERTIFICATE-----' }) + O, both)
  yield file('label-begin-trusted-end-plain', 'BEGIN TRUSTED CERTIFICATE, END CERTIFICATE', block(root, { begin: '-----BEGIN TRUSTED CERTIFICATE-----' }) + O, both)
  yield file('label-extra-dashes-inside', 'a label that ends in dashes', block(root, { begin: `${BEGIN}-` }) + O, both)
  yield file('label-extra-dashes-both', 'six dashes at the end of BEGIN and of END', block(root, { begin: `${BEGIN}-`, end: `${END}-` }) + O, both)
  {
    const auxiliary = der.sequence(der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.3.1')))
    yield file('trusted-with-settings', 'TRUSTED CERTIFICATE with its trust settings', pemBlock(Buffer.concat([root.der, auxiliary]), 'TRUSTED CERTIFICATE') + O, both)
    yield file('trust-settings-under-plain-label', 'trust settings after the certificate, under the plain label', pemBlock(Buffer.concat([root.der, auxiliary])) + O, both)
  }

  // BEGIN and END lines.
  const begins = {
    'begin-four-dashes': ['four dashes before BEGIN', '----BEGIN CERTIFICATE-----'],
    'begin-six-dashes': ['six dashes before BEGIN', '------BEGIN CERTIFICATE-----'],
    'begin-four-dashes-after': ['four dashes at the end of BEGIN', '-----BEGIN CERTIFICATE----'],
    'begin-no-dashes-after': ['no dashes at the end of BEGIN', '-----BEGIN CERTIFICATE'],
    'begin-two-blanks': ['two blanks after BEGIN', '-----BEGIN  CERTIFICATE-----'],
    'begin-no-blank': ['no blank after BEGIN', '-----BEGINCERTIFICATE-----'],
    'begin-tab': ['a tab after BEGIN', '-----BEGIN\tCERTIFICATE-----'],
    'begin-lower-case': ['begin in lower case', '-----begin CERTIFICATE-----'],
    'begin-blank-after-dashes': ['a blank between the dashes and BEGIN', '----- BEGIN CERTIFICATE -----'],
    'begin-em-dashes': ['em dashes', '——BEGIN CERTIFICATE——'],
    'begin-hyphens': ['typographic hyphens', '‐‐‐‐‐BEGIN CERTIFICATE‐‐‐‐‐'],
    'begin-nbsp-inside': ['a no-break space after BEGIN', '-----BEGIN\u00a0CERTIFICATE-----'],
    'begin-indented': ['a blank before BEGIN', ' -----BEGIN CERTIFICATE-----'],
    'begin-tab-indented': ['a tab before BEGIN', '\t-----BEGIN CERTIFICATE-----'],
    'begin-quoted-mail': ['a quotation mark of mails before BEGIN', '> -----BEGIN CERTIFICATE-----'],
    'begin-double-quote': ['a double quote before BEGIN', '"-----BEGIN CERTIFICATE-----'],
    'begin-single-quote': ['a single quote before BEGIN', "'-----BEGIN CERTIFICATE-----"],
    'begin-assignment': ['an assignment before BEGIN', 'CA=-----BEGIN CERTIFICATE-----'],
    'begin-form-feed': ['a form feed before BEGIN', '\f-----BEGIN CERTIFICATE-----'],
    'begin-zero-width-space': ['a zero-width space before BEGIN', '\u200b-----BEGIN CERTIFICATE-----'],
    'begin-hash': ['BEGIN commented out', '#-----BEGIN CERTIFICATE-----'],
    'begin-trailing-blank': ['a blank after BEGIN line', `${BEGIN} `],
    'begin-trailing-tabs': ['tabs after BEGIN line', `${BEGIN}\t\t`],
    'begin-trailing-nbsp': ['a no-break space after BEGIN line', `${BEGIN}\u00a0`],
    'begin-trailing-zero-width': ['a zero-width space after BEGIN line', `${BEGIN}\u200b`],
    'begin-trailing-text': ['text after BEGIN line', `${BEGIN} # root`],
    'begin-trailing-backslash': ['a backslash after BEGIN line', `${BEGIN}\\`],
    'begin-trailing-quote': ['a double quote after BEGIN line', `${BEGIN}"`],
    'begin-with-body': ['the first base64 line on the BEGIN line', `${BEGIN}${rows(root)[0]}`],
    'begin-with-blank-and-body': ['the first base64 line on the BEGIN line, after a blank', `${BEGIN} ${rows(root)[0]}`],
  }
  for (const [name, [about, begin]] of Object.entries(begins)) {
    const body = name.includes('body') ? rows(root).slice(1) : rows(root)
    yield file(name, about, block(root, { begin, body }) + O, both)
  }
  yield file('begin-twice', 'BEGIN twice in a row', `${BEGIN}\n${R}${O}`, both)
  yield file('begin-nested', 'a whole block inside another', block(root, { body: [...rows(root).slice(0, 2), O.trimEnd(), ...rows(root).slice(2)] }) + T, ['otherRoot', 'thirdRoot'])
  yield file('begin-missing', 'no BEGIN line', block(root, { begin: '' }) + O, both)
  const ends = {
    'end-missing': ['no END line, another block after it', null],
    'end-four-dashes': ['four dashes before END', '----END CERTIFICATE-----'],
    'end-six-dashes': ['six dashes before END', '------END CERTIFICATE-----'],
    'end-four-dashes-after': ['four dashes at the end of END', '-----END CERTIFICATE----'],
    'end-six-dashes-after': ['six dashes at the end of END', '-----END CERTIFICATE------'],
    'end-no-dashes-after': ['no dashes at the end of END', '-----END CERTIFICATE'],
    'end-other-label': ['END names another label', '-----END CERT-----'],
    'end-key-label': ['END names a key', '-----END PRIVATE KEY-----'],
    'end-lower-case': ['end in lower case', '-----end CERTIFICATE-----'],
    'end-no-label': ['END without a label', '-----END -----'],
    'end-no-blank': ['no blank after END', '-----ENDCERTIFICATE-----'],
    'end-two-blanks': ['two blanks after END', '-----END  CERTIFICATE-----'],
    'end-indented': ['a blank before END', ' -----END CERTIFICATE-----'],
    'end-tab-indented': ['a tab before END', '\t-----END CERTIFICATE-----'],
    'end-trailing-blank': ['a blank after END line', `${END} `],
    'end-trailing-nbsp': ['a no-break space after END line', `${END}\u00a0`],
    'end-trailing-text': ['text after END line', `${END} # root`],
    'end-trailing-comma': ['a comma after END line', `${END},`],
    'end-trailing-quote': ['a double quote after END line', `${END}"`],
    'end-trailing-backslash': ['a backslash after END line', `${END}\\`],
    'end-double-dash-only': ['five dashes alone', '-----'],
    'end-em-dashes': ['em dashes', '——END CERTIFICATE——'],
  }
  for (const [name, [about, end]] of Object.entries(ends)) {
    yield file(name, about, block(root, end === null ? {} : { end }).replace(end === null ? `${END}\n` : '\u0000', '') + O + T, three)
  }
  yield file('end-missing-second-of-three', 'the second of three has no END', R + O.replace(`${END}\n`, '') + T, three)
  yield file('end-missing-last', 'the last block has no END', R + O.replace(`${END}\n`, ''), both)
  yield file('end-missing-last-with-blank-line', 'the last block has a blank line in place of END', `${R}${O.replace(`${END}\n`, '\n')}`, both)
  yield file('end-missing-only', 'one block, and no END', R.replace(`${END}\n`, ''))
  yield file('end-on-body-line', 'END on the last base64 line', `${R.replace(`\n${END}`, END)}${O}`, both)
  yield file('end-twice', 'END twice', `${R}${END}\n${O}`, both)
  yield file('glued', 'END and the next BEGIN on one line (cat of files without a final newline)', R.trimEnd() + O, both)
  yield file('glued-three', 'three blocks glued', R.trimEnd() + O.trimEnd() + T, three)
  yield file('glued-after-one', 'a good block, then two that are glued', R + O.trimEnd() + T, three)
  yield file('glued-with-blank', 'END, a blank, and the next BEGIN', `${R.trimEnd()} ${O}`, both)
  yield file('glued-after-key', 'a key glued to a certificate', leaf.key.pem.trimEnd() + R)
  yield file('truncated-in-body', 'cut off in the middle of the base64', R + O.slice(0, 300), ['root'])
  yield file('truncated-in-end', 'cut off inside the END line', R + O.trimEnd().slice(0, -7), both)
  yield file('truncated-in-begin', 'cut off inside the BEGIN line', R + BEGIN.slice(0, 15), ['root'])
  yield file('truncated-after-begin', 'cut off after the BEGIN line', `${R}${BEGIN}\n`, ['root'])
  yield file('truncated-at-begin', 'cut off after BEGIN, without a newline', `${R}${BEGIN}`, ['root'])

  // Blank lines inside a block.
  const withBlank = (at, blank = '') => block(root, { body: [...rows(root).slice(0, at), blank, ...rows(root).slice(at)] })
  const bodyRows = rows(root).length
  yield file('blank-after-begin', 'a blank line after BEGIN', withBlank(0) + O, both)
  yield file('blank-after-begin-only', 'a blank line after BEGIN, one block', withBlank(0))
  yield file('blank-after-begin-crlf', 'a blank line after BEGIN, CR LF', withBlank(0).replaceAll('\n', '\r\n') + O, both)
  yield file('blank-after-begin-spaces', 'a line of blanks after BEGIN', withBlank(0, '   ') + O, both)
  yield file('blank-after-begin-nbsp', 'a line with a no-break space after BEGIN', withBlank(0, '\u00a0') + O, both)
  for (const width of [1, 60, 63, 65, 76, 128, 253, 254, 255, Infinity]) {
    yield file(`blank-after-begin-width-${width === Infinity ? 'all' : width}`, `a blank line after BEGIN, then lines of ${width}`, pemBlock(root.der, 'CERTIFICATE', { width }).replace('\n', '\n\n') + O, both)
  }
  yield file('blank-twice-after-begin', 'two blank lines after BEGIN', withBlank(0, '\n') + O, both)
  yield file('blank-in-middle', 'a blank line in the middle', withBlank(3) + O, both)
  yield file('blank-after-first-row', 'a blank line after the first base64 line', withBlank(1) + O, both)
  yield file('blank-before-last-row', 'a blank line before the last base64 line', withBlank(bodyRows - 1) + O, both)
  yield file('blank-before-end', 'a blank line before END', withBlank(bodyRows) + O, both)
  yield file('blank-before-end-only', 'a blank line before END, one block', withBlank(bodyRows))
  yield file('blank-before-end-spaces', 'a line of blanks before END', withBlank(bodyRows, '  ') + O, both)
  yield file('blank-before-end-second', 'the second of three has a blank line before END', R + O.replace(END, `\n${END}`) + T, three)
  yield file('blank-after-begin-and-before-end', 'blank lines after BEGIN and before END', withBlank(0).replace(END, `\n${END}`) + O, both)
  yield file('double-spaced', 'a blank line after every line', R.replaceAll('\n', '\n\n') + O, both)
  yield file('blank-after-begin-short-row', 'a blank line after BEGIN and a short line in the middle', block(root, { body: ['', rows(root)[0], base64(root).slice(64, 100), ...base64(root).slice(100).match(/.{1,64}/g)] }) + O, both)
  yield file('blank-after-begin-short-last', 'a blank line after BEGIN; the short last line, then one more', block(root, { body: ['', ...rows(root), 'AAAA'] }) + O, both)

  // Blanks and other bytes in base64 lines.
  const eachRow = (change) => block(root, { body: rows(root).map(change) }) + O
  yield file('rows-trailing-blank', 'a blank after every base64 line', eachRow((row) => `${row} `), both)
  yield file('rows-trailing-tab', 'a tab after every base64 line', eachRow((row) => `${row}\t`), both)
  yield file('rows-leading-blank', 'a blank before every base64 line', eachRow((row) => ` ${row}`), both)
  yield file('rows-leading-tab', 'a tab before every base64 line', eachRow((row) => `\t${row}`), both)
  yield file('rows-leading-blanks-8', 'eight blanks before every base64 line', eachRow((row) => `        ${row}`), both)
  yield file('rows-inner-blank', 'a blank inside every base64 line', eachRow((row) => `${row.slice(0, 30)} ${row.slice(30)}`), both)
  yield file('rows-inner-tab', 'a tab inside every base64 line', eachRow((row) => `${row.slice(0, 30)}\t${row.slice(30)}`), both)
  yield file('rows-groups-of-four', 'blanks between groups of four', eachRow((row) => row.replace(/.{4}/g, '$& ')), both)
  yield file('rows-trailing-nbsp', 'a no-break space after every base64 line', eachRow((row) => `${row}\u00a0`), both)
  yield file('rows-leading-nbsp', 'a no-break space before every base64 line', eachRow((row) => `\u00a0${row}`), both)
  yield file('rows-inner-cr', 'a CR inside every base64 line', eachRow((row) => `${row.slice(0, 30)}\r${row.slice(30)}`), both)
  yield file('rows-inner-form-feed', 'a form feed inside every base64 line', eachRow((row) => `${row.slice(0, 30)}\f${row.slice(30)}`), both)
  yield file('rows-inner-vertical-tab', 'a vertical tab inside one base64 line', block(root, { body: rows(root).map((row, index) => (index === 2 ? `${row.slice(0, 9)}\v${row.slice(9)}` : row)) }) + O, both)
  yield file('rows-quoted', 'every line in quotes, joined by +', R.split('\n').map((row) => (row ? `"${row}\\n" +` : '')).join('\n') + O, both)
  yield file('rows-mail-quoted', 'every line quoted as in a mail', R.replace(/^(?=.)/gm, '> ') + O, both)
  yield file('rows-commented', 'every line commented out', R.replace(/^(?=.)/gm, '# ') + O, ['otherRoot'])
  yield file('rows-backslash', 'a backslash at the end of every base64 line', eachRow((row) => `${row}\\`), both)
  yield file('rows-numbered', 'line numbers', R.split('\n').map((row, index) => (row ? `${index + 1}\t${row}` : '')).join('\n') + O, ['otherRoot'])
  yield file('rows-diff', 'a plus sign before every line, as in a patch', R.replace(/^(?=.)/gm, '+') + O, both)
  yield file('rows-one-bad-byte', 'one byte outside the alphabet', R + O.replace(/\n(.{20})./, '\n$1!') + T, ['root', 'thirdRoot'])
  yield file('rows-url-alphabet', 'the URL alphabet of base64', block(root, { body: rows(root).map((row) => row.replaceAll('+', '-').replaceAll('/', '_')) }) + O, both)
  yield file('rows-ellipsis', 'an ellipsis in place of the middle', block(root, { body: [rows(root)[0], '...', rows(root)[bodyRows - 1]] }) + O, ['otherRoot'])
  yield file('rows-redacted', 'the body replaced by a placeholder', block(root, { body: ['<certificate goes here>'] }) + O, ['otherRoot'])
  yield file('rows-missing-one', 'one base64 line missing', block(root, { body: rows(root).filter((_, index) => index !== 3) }) + O, ['otherRoot'])
  yield file('rows-doubled-one', 'one base64 line twice', block(root, { body: rows(root).flatMap((row, index) => (index === 3 ? [row, row] : [row])) }) + O, ['otherRoot'])
  yield file('rows-swapped', 'two base64 lines swapped', block(root, { body: [rows(root)[1], rows(root)[0], ...rows(root).slice(2)] }) + O, ['otherRoot'])

  // Padding.
  const padded = [0, 1, 2].map((missing) => {
    for (let serial = 1n; ; serial *= 256n) {
      const made = certificate({ subject: 'Padding', ca: true, serial, keyType: 'ed25519' })
      if ((3 - (made.der.length % 3)) % 3 === missing) return made
    }
  })
  for (const [missing, entry] of padded.entries()) {
    const text = base64(entry)
    const put = (changed) => block(entry, { body: changed.match(/.{1,64}/g) }) + O
    yield file(`padding-${missing}`, `${missing} padding characters`, put(text), ['otherRoot'])
    yield file(`padding-${missing}-none`, `${missing} padding characters left out`, put(text.replace(/=+$/, '')), ['otherRoot'])
    yield file(`padding-${missing}-one-more`, `${missing} padding characters and one more`, put(`${text}=`), ['otherRoot'])
    yield file(`padding-${missing}-four-more`, `${missing} padding characters and four more`, put(`${text}====`), ['otherRoot'])
    yield file(`padding-${missing}-data-after`, `${missing} padding characters and data after them`, put(`${text}AAAA`), ['otherRoot'])
    yield file(`padding-${missing}-own-line`, 'the padding on a line of its own', block(entry, { body: [...text.replace(/=+$/, '').match(/.{1,64}/g), ...(missing ? ['='.repeat(missing)] : [])] }) + O, ['otherRoot'])
    yield file(`padding-${missing}-dash`, 'a dash ends the base64', put(`${text}-rest of the line`), ['otherRoot'])
  }
  yield file('padding-dash-in-middle', 'a dash in the middle of the base64', block(root, { body: rows(root).map((row, index) => (index === 4 ? `-${row}` : row)) }) + O, ['otherRoot'])
  yield file('padding-in-middle', 'padding in the middle of the base64', block(root, { body: rows(root).map((row, index) => (index === 2 ? `${row.slice(0, 60)}====` : row)) }) + O, ['otherRoot'])
  yield file('body-empty', 'an empty block, then a good one', `${BEGIN}\n${END}\n${O}`, ['otherRoot'])
  yield file('body-empty-between', 'a good block, an empty one, a good one', `${R}${BEGIN}\n${END}\n${O}`, both)
  yield file('body-blank-line', 'a block that holds one blank line', `${R}${BEGIN}\n\n${END}\n${O}`, both)
  yield file('body-dash-only', 'a block that holds one dash', `${R}${BEGIN}\n-\n${END}\n${O}`, both)
  yield file('body-padding-only', 'a block that holds padding alone', `${R}${BEGIN}\n====\n${END}\n${O}`, both)
  yield file('body-one-character', 'a block that holds one character', `${R}${BEGIN}\nA\n${END}\n${O}`, both)
  yield file('body-four-characters', 'a block that holds four characters', `${R}${BEGIN}\nAAAA\n${END}\n${O}`, both)
  yield file('key-empty-first', 'an empty key block before a certificate', `-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n${R}`)
  yield file('foreign-empty-first', 'an empty block of an unknown label before a certificate', `-----BEGIN FOO-----\n-----END FOO-----\n${R}`)

  // Lines around 254 bytes: Node reads longer ones in pieces.
  for (const length of [253, 254, 255, 508, 509, 762]) {
    yield file(`junk-${length}-before-begin`, `BEGIN after ${length} bytes on its line`, 'x'.repeat(length) + R + O, both)
    yield file(`junk-line-${length}`, `a line of ${length} bytes before BEGIN`, `${'x'.repeat(length)}\n${R}${O}`, both)
    yield file(`blanks-${length}-after-begin`, `${length} blanks after BEGIN on its line`, R.replace('\n', `${' '.repeat(length)}\n`) + O, both)
    yield file(`blanks-${length}-after-end`, `${length} blanks after END on its line`, `${R.trimEnd()}${' '.repeat(length)}\n${O}`, both)
    yield file(`blanks-${length}-in-body`, `a line of ${length} blanks in the body`, block(root, { body: [...rows(root).slice(0, 2), ' '.repeat(length), ...rows(root).slice(2)] }) + O, both)
    yield file(`blanks-${length}-after-row`, `${length} blanks after a base64 line`, block(root, { body: rows(root).map((row, index) => (index === 2 ? row + ' '.repeat(length) : row)) }) + O, both)
  }
  for (const fill of [226, 227, 228]) {
    yield file(`begin-ends-at-${fill + 27}`, `BEGIN after ${fill} bytes, so that it ends at ${fill + 27}`, 'x'.repeat(fill) + R + O, both)
    yield file(`label-of-${fill}`, `a label of ${fill} characters`, foreign('L'.repeat(fill)) + R)
  }
  yield file('label-of-238', 'a BEGIN line of exactly 254 bytes with its newline', foreign('L'.repeat(237)) + R)
  yield file('label-of-239', 'a BEGIN line of 254 bytes and its newline', foreign('L'.repeat(238)) + R)
  yield file('label-of-300', 'a label of 300 characters', foreign('L'.repeat(300)) + R)
  yield file('row-of-254-then-blank', 'a base64 line of exactly 254 bytes, then a blank line', block(root, { body: [base64(root).slice(0, 254), '', ...base64(root).slice(254).match(/.{1,64}/g)] }) + O, both)
  yield file('row-of-253-then-blank', 'a base64 line of 253 bytes, then a blank line', block(root, { body: [base64(root).slice(0, 253), '', ...base64(root).slice(253).match(/.{1,64}/g)] }) + O, both)
  yield file('end-after-254', 'END after a base64 line of exactly 254 bytes, on the same line', `${BEGIN}\n${base64(root).slice(0, -254)}\n${base64(root).slice(-254)}${END}\n${O}`, both)

  // Encodings.
  yield file('bom', 'a UTF-8 byte order mark', BOM + R + O, both)
  yield file('bom-crlf', 'a UTF-8 byte order mark, CR LF', (BOM + R + O).replaceAll('\n', '\r\n'), both)
  yield file('bom-twice', 'two byte order marks', BOM + BOM + R + O, both)
  yield file('bom-own-line', 'a byte order mark on a line of its own', `${BOM}\n${R}${O}`, both)
  yield file('bom-before-text', 'a byte order mark before a comment', `${BOM}# CA\n${R}${O}`, both)
  yield file('bom-second-block', 'a byte order mark before the second block', R + BOM + O, both)
  yield file('bom-second-block-after-text', 'a byte order mark before the second block, after text', `${R}text\n${BOM}${O}`, both)
  yield file('bom-each-block', 'a byte order mark before every block', BOM + R + BOM + O + BOM + T, three)
  yield file('bom-in-body', 'a byte order mark before a base64 line', block(root, { body: rows(root).map((row, index) => (index === 1 ? BOM + row : row)) }) + O, both)
  yield file('bom-before-end', 'a byte order mark before END', R.replace(END, BOM + END) + O, both)
  yield file('bom-only', 'a byte order mark and nothing else', BOM, [])
  yield file('bom-newline-only', 'a byte order mark and a newline', `${BOM}\n`, [])
  yield file('bom-after-key', 'a byte order mark between a key and a certificate', leaf.key.pem + BOM + R)
  yield file('utf16le', 'UTF-16, little endian, with a mark', Buffer.from(BOM + R + O, 'utf16le'), both)
  yield file('utf16be', 'UTF-16, big endian, with a mark', Buffer.from(BOM + R + O, 'utf16le').swap16(), both)
  yield file('utf16le-no-bom', 'UTF-16, little endian, without a mark', Buffer.from(R + O, 'utf16le'), both)
  yield file('utf16be-no-bom', 'UTF-16, big endian, without a mark', Buffer.from(R + O, 'utf16le').swap16(), both)
  yield file('utf16le-crlf', 'UTF-16 with CR LF', Buffer.from((BOM + R + O).replaceAll('\n', '\r\n'), 'utf16le'), both)
  yield file('utf16le-then-ascii', 'UTF-16, then ASCII', Buffer.concat([Buffer.from(BOM + R, 'utf16le'), Buffer.from(O)]), both)
  yield file('ascii-then-utf16le', 'ASCII, then UTF-16', Buffer.concat([Buffer.from(R), Buffer.from(O, 'utf16le')]), both)
  yield file('ebcdic-like', 'bytes beyond ASCII alone', Buffer.from(R, 'latin1').map((byte) => byte ^ 0x80), [])

  // NUL bytes.
  yield file('nul-line-start-first', 'a NUL at the start of the file', `\0${R}${O}`, both)
  yield file('nul-line-own', 'a line that starts with NUL between two blocks', `${R}\0\n${O}`, both)
  yield file('nul-before-begin', 'a NUL right before the second BEGIN', `${R}\0${O}`, both)
  yield file('nul-after-begin', 'a NUL after BEGIN on its line', R.replace('\n', '\0\n') + O, both)
  yield file('nul-in-begin', 'a NUL inside BEGIN', R.replace('BEGIN ', 'BEGIN\0 ') + O, both)
  yield file('nul-in-text', 'a NUL inside a text line', `text\0more\n${R}${O}`, both)
  yield file('nul-in-body', 'a NUL inside a base64 line', block(root, { body: rows(root).map((row, index) => (index === 2 ? `${row.slice(0, 32)}\0${row.slice(32)}` : row)) }) + O, both)
  yield file('nul-in-body-groups', 'NULs after every base64 line', block(root, { body: rows(root).map((row) => `${row}\0junk`) }) + O, both)
  yield file('nul-body-line-start', 'a base64 line that starts with NUL', block(root, { body: rows(root).map((row, index) => (index === 2 ? `\0${row}` : row)) }) + O, both)
  yield file('nul-after-end', 'a NUL and text after END on its line', `${R.trimEnd()}\0 text\n${O}`, both)
  yield file('nul-end-line-start', 'END after a NUL', R.replace(END, `\0${END}`) + O, both)
  yield file('nul-padding-at-end', 'the file padded with NULs', Buffer.concat([Buffer.from(R + O), Buffer.alloc(4096)]), both)
  yield file('nul-only', 'NULs alone', Buffer.alloc(4096), [])

  // Header lines inside a block.
  const headed = (headers, { label = 'CERTIFICATE', blank = true } = {}) =>
    pemBlock(root.der, label).replace('\n', `\n${headers.join('\n')}\n${blank ? '\n' : ''}`)
  yield file('header-comment', 'a header and a blank line', headed(['Comment: root']) + O, both)
  yield file('header-no-blank-line', 'a header and no blank line', headed(['Comment: root'], { blank: false }) + O, both)
  yield file('header-no-blank-line-only', 'a header and no blank line, one block', headed(['Comment: root'], { blank: false }))
  yield file('header-proc-type-clear', 'Proc-Type 4,MIC-CLEAR', headed(['Proc-Type: 4,MIC-CLEAR']) + O, both)
  yield file('header-proc-type-encrypted', 'Proc-Type 4,ENCRYPTED on a certificate', headed(['Proc-Type: 4,ENCRYPTED', 'DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF']) + O, both)
  yield file('header-proc-type-unknown-cipher', 'Proc-Type 4,ENCRYPTED with an unknown cipher', headed(['Proc-Type: 4,ENCRYPTED', 'DEK-Info: NOPE,0011']) + O, both)
  yield file('header-proc-type-short', 'Proc-Type alone', headed(['Proc-Type: 4,ENCRYPTED']) + O, both)
  yield file('header-proc-type-version', 'Proc-Type of another version', headed(['Proc-Type: 5,ENCRYPTED']) + O, both)
  yield file('header-proc-type-no-blank-line', 'Proc-Type without a blank line', headed(['Proc-Type: 4,ENCRYPTED'], { blank: false }) + O, both)
  for (const [cipher, size, block] of [['aes-128-cbc', 16, 16], ['aes-256-cbc', 32, 16], ['des-ede3-cbc', 24, 8]]) {
    const vector = Buffer.from('00112233445566778899aabbccddeeff', 'hex').subarray(0, block)
    // EVP_BytesToKey with MD5, one round, the vector as salt, and nothing for a password.
    const digests = [Buffer.alloc(0)]
    while (Buffer.concat(digests).length < size) {
      digests.push(crypto.createHash('md5').update(Buffer.concat([digests.at(-1), vector.subarray(0, 8)])).digest())
    }
    const encryption = crypto.createCipheriv(cipher, Buffer.concat(digests).subarray(0, size), vector)
    const encrypted = Buffer.concat([encryption.update(root.der), encryption.final()])
    const headers = `Proc-Type: 4,ENCRYPTED\nDEK-Info: ${cipher.toUpperCase()},${vector.toString('hex').toUpperCase()}\n\n`
    yield file(`header-encrypted-${cipher}-no-password`, `encrypted with ${cipher} and an empty password`, pemBlock(encrypted).replace('\n', `\n${headers}`) + O, both)
  }
  yield file('header-two', 'two headers', headed(['Comment: a', 'More: b']) + O, both)
  yield file('header-continued', 'a header continued on the next line', headed(['Comment: a', '  b']) + O, both)
  yield file('header-after-body', 'a header after the base64', block(root, { body: [...rows(root), 'Comment: root'] }) + O, both)
  yield file('header-in-body', 'a colon in the middle of the base64', block(root, { body: rows(root).map((row, index) => (index === 3 ? `${row.slice(0, 10)}:${row.slice(11)}` : row)) }) + O, ['otherRoot'])
  yield file('header-without-colon', 'text without a colon, then a blank line', headed(['just text']) + O, ['otherRoot'])
  yield file('header-colon-only', 'a line with a colon alone, then a blank line', headed([':']) + O, both)
  yield file('header-on-second-of-three', 'the second of three has a header', R + O.replace('\n', '\nComment: x\n\n') + T, three)
  yield file('pgp-block', 'a PGP block before the certificate', `-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: GnuPG v2\n\nmQENBFYAAAABCADAAAAA\n=AbCd\n-----END PGP PUBLIC KEY BLOCK-----\n${R}`)
  yield file('ssh2-block', 'an SSH2 public key before the certificate', `---- BEGIN SSH2 PUBLIC KEY ----\nComment: "x"\nAAAAB3NzaC1yc2E=\n---- END SSH2 PUBLIC KEY ----\n${R}`)

  // Other blocks before, between and after.
  const encryptedPkcs8 = leaf.key.privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-128-cbc', passphrase: 'secret' })
  const traditional = pki.rsaLeaf.key.privateKey.export({ format: 'pem', type: 'pkcs1', cipher: 'aes-128-cbc', passphrase: 'secret' })
  const others = {
    'private-key': ['a PKCS#8 key', leaf.key.pem],
    'rsa-private-key': ['an RSA key', pki.rsaLeaf.key.privateKey.export({ format: 'pem', type: 'pkcs1' })],
    'ec-private-key': ['an EC key', leaf.key.privateKey.export({ format: 'pem', type: 'sec1' })],
    'ec-parameters': ['EC parameters', foreign('EC PARAMETERS', der.objectIdentifier('1.2.840.10045.3.1.7'))],
    'encrypted-private-key': ['an encrypted PKCS#8 key', encryptedPkcs8],
    'proc-type-private-key': ['an encrypted RSA key with Proc-Type headers', traditional],
    'openssh-private-key': ['an OpenSSH key', foreign('OPENSSH PRIVATE KEY')],
    'public-key': ['a public key', leaf.key.publicKey.export({ format: 'pem', type: 'spki' })],
    csr: ['a signing request', pemBlock(signingRequest(), 'CERTIFICATE REQUEST')],
    crl: ['a revocation list', pemBlock(revocationList(root, [5n]), 'X509 CRL')],
    pkcs7: ['a PKCS#7 block', pemBlock(pkcs7([otherRoot]), 'PKCS7')],
    'unknown-label': ['a block of an unknown label', foreign('FOO BAR')],
    'dh-parameters': ['DH parameters', foreign('DH PARAMETERS')],
    'unknown-not-base64': ['a block of an unknown label that is not base64', '-----BEGIN FOO-----\n...redacted...\n-----END FOO-----\n'],
    'key-not-base64': ['a key whose body was replaced by a placeholder', '-----BEGIN PRIVATE KEY-----\n<redacted>\n-----END PRIVATE KEY-----\n'],
    'key-without-end': ['a key without END', leaf.key.pem.replace('-----END PRIVATE KEY-----\n', '')],
  }
  for (const [name, [about, text]] of Object.entries(others)) {
    yield file(`${name}-before`, `${about} before the certificate`, text + R)
    yield file(`${name}-between`, `${about} between two certificates`, R + text + O, both)
  }
  yield file('key-only', 'a private key alone', leaf.key.pem, [])
  yield file('csr-only', 'a signing request alone', pemBlock(signingRequest(), 'CERTIFICATE REQUEST'), [])
  yield file('crl-only', 'a revocation list alone', pemBlock(revocationList(root), 'X509 CRL'), [])
  yield file('server-file', 'a server file: key, leaf, intermediate, root', leaf.key.pem + leaf.pem + intermediate.pem + R, ['leaf', 'intermediate', 'root'])

  // Containers and things that are no PEM.
  yield file('empty', 'an empty file', '', [])
  yield file('newline-only', 'one newline', '\n', [])
  yield file('whitespace', 'blanks and newlines', '  \n\t\n \r\n', [])
  yield file('comments-only', 'comments alone', '# put your CA here\n#\n', [])
  yield file('garbage', 'random bytes', Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * 167 + (index >> 3) * 31) & 0xff)), [])
  yield file('html', 'an HTML page', '<!doctype html>\n<html><head><title>404</title></head><body>Not found</body></html>\n', [])
  yield file('json', 'JSON with the certificate in a string', JSON.stringify({ ca: R }), ['root'])
  yield file('json-pretty', 'indented JSON', JSON.stringify({ ca: [R, O] }, null, 2), both)
  yield file('literal-newlines', 'backslash n in place of newlines', R.replaceAll('\n', '\\n'))
  yield file('one-line-blanks', 'blanks in place of newlines', R.trimEnd().replaceAll('\n', ' '))
  yield file('one-line-nothing', 'no newlines at all', R.replaceAll('\n', ''))
  yield file('env-line', 'a quoted line of an env file', `CA="${R.replaceAll('\n', '\\n')}"\n`)
  yield file('yaml', 'indented in YAML', `ca: |\n${R.replace(/^(?=.)/gm, '  ')}`)
  yield file('yaml-folded-then-plain', 'indented, then a plain block', `ca: |\n${R.replace(/^(?=.)/gm, '  ')}${O}`, both)
  yield file('indented', 'every line indented by four blanks', (R + O).replace(/^(?=.)/gm, '    '), both)
  yield file('heredoc-tabs', 'every line indented by a tab', (R + O).replace(/^(?=.)/gm, '\t'), both)
  yield file('xml', 'inside an XML element', `<ca>${R}</ca>\n`)
  yield file('xml-own-lines', 'inside an XML element, on lines of its own', `<ca>\n${R}</ca>\n`)
  yield file('kubernetes-secret', 'base64 of the PEM, as in a Kubernetes secret', `${Buffer.from(R + O).toString('base64')}\n`, both)
  yield file('bare-base64', 'base64 without BEGIN and END', `${base64(root)}\n`)
  yield file('bare-base64-rows', 'base64 lines without BEGIN and END', `${rows(root).join('\n')}\n`)
  yield file('hex', 'the certificate in hexadecimal', `${root.der.toString('hex')}\n`, [])
  yield file('der', 'one certificate in DER', root.der)
  yield file('der-two', 'two certificates in DER', Buffer.concat([root.der, otherRoot.der]), both)
  yield file('der-then-pem', 'DER, then PEM', Buffer.concat([root.der, Buffer.from('\n'), Buffer.from(O)]), both)
  yield file('pem-then-der', 'PEM, then DER', Buffer.concat([Buffer.from(R), otherRoot.der]), both)
  yield file('pkcs7-pem', 'PKCS#7 in PEM', pemBlock(pkcs7([root, otherRoot]), 'PKCS7'), both)
  yield file('pkcs7-cms-pem', 'PKCS#7 labelled CMS', pemBlock(pkcs7([root, otherRoot]), 'CMS'), both)
  yield file('pkcs7-der', 'PKCS#7 in DER', pkcs7([root, otherRoot]), both)
  yield file('pkcs7-as-certificate', 'PKCS#7 under the label CERTIFICATE', pemBlock(pkcs7([root])) + O, both)
  yield file('pkcs12', 'PKCS#12 with an empty password', pkcs12([root, otherRoot]), both)
  yield file('pkcs12-plain', 'PKCS#12 without encryption', pkcs12([root], { plain: true }))
  yield file('pkcs12-password', 'PKCS#12 with a password', pkcs12([root], { password: 'secret' }), [])
  yield file('pkcs12-as-certificate', 'PKCS#12 under the label CERTIFICATE', pemBlock(pkcs12([root], { plain: true })) + O, both)
  yield file('gzip', 'PEM, compressed', zlib.gzipSync(R), [])
  yield file('zip-like', 'the start of a zip archive', Buffer.concat([Buffer.from('PK\x03\x04\n'), Buffer.from(R)]))
  yield file('java-keystore', 'the start of a Java key store', Buffer.concat([Buffer.from('feedfeed0000000200000001', 'hex'), root.der]), [])

  // What is inside the block.
  const damaged = (change) => {
    const bytes = Buffer.from(root.der)
    return pemBlock(change(bytes) ?? bytes)
  }
  const afterOne = (text) => R + text + T
  const inner = {
    'der-second-in-block': ['a second certificate in the same block', pemBlock(Buffer.concat([root.der, otherRoot.der]))],
    'der-trailing-bytes': ['bytes after the certificate', pemBlock(Buffer.concat([root.der, Buffer.from('trailing')]))],
    'der-trailing-zeros': ['zeros after the certificate', pemBlock(Buffer.concat([root.der, Buffer.alloc(16)]))],
    'der-leading-zero': ['a zero before the certificate', pemBlock(Buffer.concat([Buffer.alloc(1), root.der]))],
    'der-truncated': ['the last bytes missing', damaged((bytes) => bytes.subarray(0, -5))],
    'der-truncated-half': ['half of it missing', damaged((bytes) => bytes.subarray(0, bytes.length >> 1))],
    'der-outer-length-short': ['the outer length one too small', damaged((bytes) => void bytes.writeUInt16BE(bytes.readUInt16BE(2) - 1, 2))],
    'der-outer-length-long': ['the outer length one too large', damaged((bytes) => void bytes.writeUInt16BE(bytes.readUInt16BE(2) + 1, 2))],
    'der-outer-tag-set': ['a SET instead of a SEQUENCE', damaged((bytes) => void (bytes[0] = 0x31))],
    'der-text': ['text', pemBlock(Buffer.from('this is not a certificate'))],
    'der-octets': ['an OCTET STRING', pemBlock(der.octetString(root.der))],
    'der-wrapped': ['the certificate inside another SEQUENCE', pemBlock(der.sequence(root.der))],
    'der-tbs-only': ['the certificate without its signature', pemBlock(der.read(der.read(root.der).body).raw)],
    'der-public-key': ['a public key', pemBlock(root.key.spki)],
    'der-private-key': ['a private key', pemBlock(root.key.privateKey.export({ format: 'der', type: 'pkcs8' }))],
    'der-csr': ['a signing request', pemBlock(signingRequest())],
    'der-crl': ['a revocation list', pemBlock(revocationList(root))],
    'der-empty-sequence': ['an empty SEQUENCE', pemBlock(der.sequence())],
    'der-zero-byte': ['one zero byte', pemBlock(Buffer.alloc(1))],
    'der-base64-twice': ['base64 of base64', pemBlock(Buffer.from(base64(root)))],
    'der-pem-inside': ['a PEM block, base64 again', pemBlock(Buffer.from(R))],
  }
  for (const [name, [about, text]] of Object.entries(inner)) {
    yield file(name, `inside the block: ${about}`, afterOne(text), ['root', 'thirdRoot'])
  }
  {
    const { body } = der.read(root.der)
    const indefinite = Buffer.concat([Buffer.from([0x30, 0x80]), body, Buffer.from([0, 0])])
    const longForm = Buffer.concat([Buffer.from([0x30, 0x83, 0, body.length >> 8, body.length & 255]), body])
    const longest = Buffer.concat([Buffer.from([0x30, 0x88, 0, 0, 0, 0, 0, 0, body.length >> 8, body.length & 255]), body])
    yield file('ber-indefinite', 'an indefinite outer length', afterOne(pemBlock(indefinite)), ['root', 'thirdRoot'])
    yield file('ber-long-length', 'an outer length of three octets', afterOne(pemBlock(longForm)), ['root', 'thirdRoot'])
    yield file('ber-longest-length', 'an outer length of eight octets', afterOne(pemBlock(longest)), ['root', 'thirdRoot'])
  }

  // Certificates of every kind: Node looks at none of this when it loads them.
  for (const kind of [
    'intermediate', 'leaf', 'rsaRoot', 'ed25519Root', 'ed448Root', 'p192Root', 'p384Root', 'p521Root', 'secp256k1Root',
    'brainpoolRoot', 'weakKeyRoot', 'weakDigestRoot', 'md5Root', 'expiredRoot', 'futureRoot', 'selfSignedLeaf', 'snakeoil',
    'versionOneRoot', 'clientOnlyRoot', 'noCertSignRoot', 'constrainedRoot', 'unknownCriticalRoot', 'unknownKeyRoot',
    'brokenSignatureRoot', 'escapeRoot', 'crossSigned',
  ]) {
    const name = kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    yield file(`kind-${name}`, `a certificate of the kind ${kind}`, pki[kind].pem + O, [kind, 'otherRoot'])
  }
  yield file('kind-twins', 'two keys under one subject', pki.twinA.pem + pki.twinB.pem, ['twinA', 'twinB'])
  yield file('kind-bare-twins', 'two keys under one subject, no key identifiers', pki.bareTwinA.pem + pki.bareTwinB.pem, ['bareTwinA', 'bareTwinB'])
  yield file('kind-renewed', 'a root, its renewal and its expired twin', R + pki.renewedRoot.pem + pki.expiredTwin.pem, ['root', 'renewedRoot', 'expiredTwin'])
  {
    const made = (options) => certificate({ subject: 'Odd', ca: true, ...options })
    yield file('kind-negative-serial', 'a negative serial number', made({ serial: -5 }).pem + O, ['otherRoot'])
    yield file('kind-zero-serial', 'serial number zero', made({ serial: 0 }).pem + O, ['otherRoot'])
    yield file('kind-long-serial', 'a serial number of 64 octets', made({ serial: Buffer.alloc(64, 0x11) }).pem + O, ['otherRoot'])
    yield file('kind-padded-serial', 'a serial number with a needless leading zero', made({ serial: Buffer.from([0, 1]) }).pem + O, ['otherRoot'])
    yield file('kind-empty-serial', 'an empty serial number', made({ serial: Buffer.alloc(0) }).pem + O, ['otherRoot'])
    yield file('kind-version-4', 'version 4', made({ version: 4 }).pem + O, ['otherRoot'])
    yield file('kind-garbage-time', 'a validity that is no time', made({ notAfter: der.element(0x17, Buffer.from('garbage')) }).pem + O, ['otherRoot'])
    yield file('kind-short-time', 'a UTCTime without seconds', made({ notAfter: der.element(0x17, Buffer.from('4501010000Z')) }).pem + O, ['otherRoot'])
    yield file('kind-empty-time', 'an empty UTCTime', made({ notAfter: der.element(0x17) }).pem + O, ['otherRoot'])
    yield file('kind-time-as-integer', 'a validity that is an INTEGER', made({ notAfter: der.integer(1) }).pem + O, ['otherRoot'])
    yield file('kind-garbage-extension', 'basicConstraints that cannot be read', made({ ca: null, extensions: [{ oid: '2.5.29.19', critical: true, value: Buffer.from('garbage') }] }).pem + O, ['otherRoot'])
    const unreadable = { ca: null, extensions: [{ oid: '2.5.29.19', critical: true, value: Buffer.from('garbage') }] }
    yield file('kind-invalid-twin', 'two certificates of one subject, one with basicConstraints that cannot be read', made({}).pem + made(unreadable).pem, [])
    yield file('kind-invalid-twice', 'the same certificate twice, its basicConstraints cannot be read', made(unreadable).pem.repeat(2), [])
    yield file('kind-empty-subject', 'an empty subject', made({ subject: {} }).pem + O, ['otherRoot'])
    yield file('kind-huge', 'a certificate of 600 kB', made({ extensions: [{ oid: '1.3.6.1.4.1.32473.1.3', value: der.octetString(Buffer.alloc(600_000, 0x5a)) }] }).pem + O, ['otherRoot'])
  }

  // What the value names.
  const write = (folder, name, contents = R) => {
    const target = path.join(folder, name)
    fs.writeFileSync(target, contents)
    return target
  }
  const named = (name, about, value, certificates = []) => place(name, about, (folder) => ({ value: value(folder), cwd: folder }), certificates)
  yield named('path-missing', 'a file that does not exist', (folder) => path.join(folder, 'no-such-file.pem'))
  yield named('path-missing-folder', 'a file in a folder that does not exist', (folder) => path.join(folder, 'no-such-folder', 'ca.pem'))
  yield named('path-directory', 'a directory', (folder) => {
    fs.mkdirSync(path.join(folder, 'directory'), { recursive: true })
    write(path.join(folder, 'directory'), 'ca.pem')
    return path.join(folder, 'directory')
  })
  yield named('path-directory-slash', 'a directory, with a slash', (folder) => `${folder}/`)
  yield named('path-not-directory', 'a file used as a folder', (folder) => path.join(write(folder, 'plain.pem'), 'ca.pem'))
  yield named('path-file-slash', 'a file, with a slash', (folder) => `${write(folder, 'slash.pem')}/`)
  yield named('path-symlink', 'a symbolic link', (folder) => {
    write(folder, 'link-target.pem')
    fs.symlinkSync('link-target.pem', path.join(folder, 'link.pem'))
    return path.join(folder, 'link.pem')
  }, ['root'])
  yield named('path-symlink-dangling', 'a symbolic link to nothing', (folder) => {
    fs.symlinkSync('nowhere.pem', path.join(folder, 'dangling.pem'))
    return path.join(folder, 'dangling.pem')
  })
  yield named('path-symlink-loop', 'a symbolic link to itself', (folder) => {
    fs.symlinkSync('loop.pem', path.join(folder, 'loop.pem'))
    return path.join(folder, 'loop.pem')
  })
  yield named('path-too-long', 'a name of 300 characters', (folder) => path.join(folder, 'n'.repeat(300)))
  yield named('path-far-too-long', 'a path of 5000 characters', (folder) => `${folder}${'/d'.repeat(2500)}`)
  yield named('path-blanks', 'a name with blanks', (folder) => write(folder, 'my company ca.pem'), ['root'])
  yield named('path-non-ascii', 'a name beyond ASCII', (folder) => write(folder, 'zertifikat-ä-証明書.pem'), ['root'])
  yield named('path-line-feed', 'a name with a line feed', (folder) => write(folder, 'two\nlines.pem'), ['root'])
  yield named('path-percent', 'a name with percent signs', (folder) => write(folder, 'ca%20%s%n.pem'), ['root'])
  yield named('path-relative', 'a relative path', (folder) => {
    write(folder, 'relative.pem')
    return 'relative.pem'
  }, ['root'])
  yield named('path-relative-dot', 'a relative path with dots', (folder) => {
    write(folder, 'relative-dot.pem')
    return '././relative-dot.pem'
  }, ['root'])
  yield named('path-relative-missing', 'a relative path to nothing', () => 'nothing-here.pem')
  yield named('path-tilde', 'a path with a tilde', () => '~/ca.pem')
  yield named('path-variable', 'a path with a variable', () => '$HOME/ca.pem')
  yield named('path-quoted', 'a path in quotes', (folder) => `"${write(folder, 'quoted.pem')}"`)
  yield named('path-single-quoted', 'a path in single quotes', (folder) => `'${write(folder, 'single-quoted.pem')}'`)
  yield named('path-file-url', 'a file URL', (folder) => `file://${write(folder, 'url.pem')}`)
  for (const [name, separator] of [['colon', ':'], ['semicolon', ';'], ['comma', ',']]) {
    yield named(`path-list-${name}`, `two paths with a ${name}`, (folder) => [write(folder, `list-a-${name}.pem`), write(folder, `list-b-${name}.pem`, O)].join(separator))
  }
  yield named('path-trailing-blank', 'a path and a blank', (folder) => `${write(folder, 'blank.pem')} `)
  yield named('path-leading-blank', 'a blank and a path', (folder) => ` ${write(folder, 'leading.pem')}`)
  yield named('path-trailing-cr', 'a path and a CR', (folder) => `${write(folder, 'cr.pem')}\r`)
  yield named('path-trailing-lf', 'a path and a line feed', (folder) => `${write(folder, 'lf.pem')}\n`)
  yield named('path-inline-pem', 'the PEM itself', () => R)
  yield named('path-inline-pem-literal', 'the PEM itself with backslash n', () => R.replaceAll('\n', '\\n'))
  yield named('path-inline-base64', 'the certificate in base64', () => base64(root))
  yield named('path-dev-null', '/dev/null', () => '/dev/null')
  yield named('path-dev-zero', '/dev/zero', () => '/dev/zero')
  yield place('path-fifo', 'a FIFO nobody writes to', (folder) => {
    const value = path.join(folder, 'fifo')
    require('node:child_process').execFileSync('mkfifo', [value])
    return { value, fifo: true }
  })
  yield place('path-unreadable', 'a file without read permission', (folder) => {
    const value = write(folder, 'unreadable.pem')
    fs.chmodSync(value, 0o000)
    return { value, unprivileged: true }
  })
  yield place('path-unreadable-folder', 'a file in a folder that may not be entered', (folder) => {
    const closed = path.join(folder, 'closed')
    fs.mkdirSync(closed)
    const value = write(closed, 'ca.pem')
    fs.chmodSync(closed, 0o600)
    return { value, unprivileged: true }
  })
}

module.exports = { namedFiles }
