'use strict'

/**
 * Writes crates/trust-anchors-core/src/verify/identity/domain/tables.rs: what the URL parsers of Node 22 and 24 know of
 * each character of a host, asked of `url.domainToASCII` with one character at a time in hosts that tell the possible answers apart.
 *
 *   node scripts/domain-tables.js
 *
 * Fails when Node 26 answers otherwise than 24, and when Node 22 and 24 differ in more than which characters they allow.
 */

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const { nodePath } = require('../__test__/support/nodes')
const { cleanEnvironment } = require('../__test__/support/environment')

const target = path.join(__dirname, '..', 'crates', 'trust-anchors-core', 'src', 'verify', 'identity', 'domain', 'tables.rs')

/** Runs inside each Node; prints `[code point, what it becomes, direction, kinds]` of every character that is allowed. */
function ask() {
  const { domainToASCII } = require('url')
  const punycode = require('punycode')
  const [hebrew, arabic, arabicDigit, nonJoiner, joiner] = ['\u05d0', '\u0644', '\u0660', '\u200c', '\u200d']
  const isHost = (text) => domainToASCII(text) !== ''
  const toUnicode = (host) =>
    host.split('.').map((label) => (label.startsWith('xn--') ? punycode.decode(label.slice(4)) : label)).join('.')

  /** The bidirectional class, as far as the rules for right-to-left labels ask for it. */
  function direction(character) {
    if (!isHost(`q${character}q`)) return isHost(`${hebrew}1${character}${hebrew}`) ? 'RightToLeft' : 'ArabicNumber'
    if (!isHost(hebrew + character + hebrew)) {
      // Only Node 22 tells left-to-right characters from those whose class it does not know.
      return process.version.startsWith('v22') && !isHost(`a${character}${hebrew}`) ? 'Unknown' : 'LeftToRight'
    }
    if (!isHost(hebrew + arabicDigit + character + hebrew)) return 'EuropeanNumber'
    return isHost(hebrew + character) ? 'NonspacingMark' : 'Neutral'
  }

  /** What the other rules for labels ask for: a mark, a virama, what joins to the right or to the left of it. */
  function kinds(character, itsDirection) {
    const found = []
    const isFirst = isHost(`${character}q`) || isHost(character + hebrew) || itsDirection === 'ArabicNumber'
    if (!isFirst) found.push('mark')
    const isVirama = isHost(`q${character}${joiner}`)
    if (isVirama) found.push('virama')
    if (!isVirama && isHost(hebrew + character + nonJoiner + arabic)) found.push('joinsAfter')
    if (isHost(arabic + nonJoiner + character)) found.push('joinsBefore')
    return found
  }

  const allowed = []
  for (let number = 0x80; number < 0x110000; number++) {
    const character = String.fromCodePoint(number)
    if (/[\ud800-\udfff]/u.test(character)) continue
    if (character === nonJoiner || character === joiner) {
      allowed.push([number, character, 'LeftToRight', []])
      continue
    }
    const between = (host) => [...toUnicode(host)].slice(1, -1).join('')
    const host = domainToASCII(`q${character}q`) || domainToASCII(hebrew + character + hebrew)
    if (host === '') {
      // `<` is forbidden, and no longer there once it is one character with the stroke behind it.
      const struck = domainToASCII(`q${character}\u0338q`)
      if (struck !== '') allowed.push([number, between(struck).normalize('NFD').slice(0, -1), 'LeftToRight', []])
      continue
    }
    const becomes = between(host)
    if (becomes !== character) {
      allowed.push([number, becomes, 'LeftToRight', []])
      continue
    }
    const itsDirection = direction(character)
    allowed.push([number, character, itsDirection, kinds(character, itsDirection)])
  }
  process.stdout.write(JSON.stringify(allowed))
}

const evaluate = (major, script) =>
  JSON.parse(execFileSync(nodePath(major), ['--no-deprecation', '-e', script], { encoding: 'utf8', env: cleanEnvironment(), maxBuffer: Infinity }))
const answers = (major) => new Map(evaluate(major, `(${ask})()`).map(([number, ...rest]) => [number, rest]))

const [ada2, ada4, again] = [answers(22), answers(24), answers(26)]
const fail = (what) => {
  throw new Error(what)
}
if (JSON.stringify([...ada4]) !== JSON.stringify([...again])) fail('Node 24 and 26 differ')
const becomesOtherwise = []
for (const [number, [becomes, direction, kinds]] of ada2) {
  const [becomesLater, directionLater, kindsLater] = ada4.get(number) ?? fail(`U+${number.toString(16)} is allowed by Node 22 alone`)
  if (becomes !== becomesLater) becomesOtherwise.push([number, becomes, becomesLater])
  const isSame = direction === 'Unknown' ? directionLater === 'LeftToRight' : direction === directionLater
  if (!isSame || String(kinds) !== String(kindsLater)) fail(`U+${number.toString(16)}: ${direction} ${kinds}, ${directionLater} ${kindsLater}`)
}
if (JSON.stringify(becomesOtherwise) !== JSON.stringify([[0x1e9e, 'ss', 'ß']])) fail(`mapped otherwise: ${JSON.stringify(becomesOtherwise)}`)
/** What characters become that NFKC and lower case explain, in the Unicode of the oldest Node: later ones do not change it. */
const usual = evaluate(18, `
  const fold = (text) => text.normalize('NFKC').toLowerCase().normalize('NFKC')
  process.stdout.write(JSON.stringify(Array.from({ length: 0x110000 }, (_, number) => fold(String.fromCodePoint(number)))))
`)

/** Ranges of the numbers that pass. */
function ranges(passes) {
  const found = []
  for (const number of [...ada4.keys()].sort((a, b) => a - b)) {
    if (!passes(number, ada4.get(number))) continue
    const last = found.at(-1)
    if (last !== undefined && last[1] === number - 1) last[1] = number
    else found.push([number, number])
  }
  return found
}

const hex = (number) => `0x${number.toString(16)}`

/** Items in lines of at most 120 columns. */
function lines(items) {
  const text = []
  for (const item of items) {
    const last = text.at(-1)
    if (last !== undefined && last.length + item.length + 2 <= 120) text[text.length - 1] = `${last} ${item},`
    else text.push(`    ${item},`)
  }
  return text.join('\n')
}

function table(name, says, passes) {
  return `/// ${says}
#[rustfmt::skip]
pub static ${name}: &[(u32, u32)] = &[
${lines(ranges(passes).map(([first, last]) => `(${hex(first)}, ${hex(last)})`))}
];
`
}

const directions = ['RightToLeft', 'ArabicNumber', 'EuropeanNumber', 'NonspacingMark', 'Neutral', 'Unknown'].flatMap((direction) =>
  ranges((number) => (ada2.get(number) ?? ada4.get(number))[1] === direction).map(([first, last]) => [first, last, direction]),
).sort(([a], [b]) => a - b)
const exceptions = [...ada4].filter(([number, [becomes]]) => becomes !== '' && usual[number] !== becomes).sort(([a], [b]) => a - b)
const literal = (text) => `"${[...text].map((character) => `\\u{${character.codePointAt(0).toString(16)}}`).join('')}"`

fs.mkdirSync(path.dirname(target), { recursive: true })
fs.writeFileSync(target, `//! What the URL parsers of Node 22 (Ada 2.9) and of Node 24 and 26 (Ada 4.0) know of the characters of a host, measured with
//! \`url.domainToASCII\`. Made by \`scripts/domain-tables.js\`; do not edit. Ranges are sorted and hold both of their ends.

use super::Direction;
use super::Direction::{
    ArabicNumber, EuropeanNumber, Neutral, NonspacingMark, RightToLeft, Unknown,
};

${table('ALLOWED', 'Characters beyond ASCII that may stand in a host before it is mapped.', () => true)}
${table('ALLOWED_FROM_ADA_3', 'Those among them that Ada 2.9 refuses. Later ones do not normalize them.', (number) => !ada2.has(number))}
${table('IGNORED', 'Those among them that are left out.', (number, [becomes]) => becomes === '')}
/// What characters become where that is not their NFKC in lower case.
#[rustfmt::skip]
pub static MAPPED: &[(u32, &str)] = &[
${lines(exceptions.map(([number, [becomes]]) => `(${hex(number)}, ${literal(becomes)})`))}
];

/// Directions; all other characters go from left to right.
#[rustfmt::skip]
pub static DIRECTIONS: &[(u32, u32, Direction)] = &[
${lines(directions.map(([first, last, direction]) => `(${hex(first)}, ${hex(last)}, ${direction})`))}
];

${table('MARKS', 'Characters that no label begins with.', (number, [, , kinds]) => kinds.includes('mark'))}
${table('VIRAMAS', 'Characters that a joiner may follow.', (number, [, , kinds]) => kinds.includes('virama'))}
${table('JOINING_AFTER', 'Letters that may stand before a non-joiner.', (number, [, , kinds]) => kinds.includes('joinsAfter'))}
${table('JOINING_BEFORE', 'Letters that may stand behind a non-joiner.', (number, [, , kinds]) => kinds.includes('joinsBefore'))}`)
console.log(`${ada2.size} characters in Node 22, ${ada4.size} in Node 24 and 26, ${exceptions.length} mapped in a way of their own`)
