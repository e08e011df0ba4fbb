'use strict'

/**
 * Distinguished names that can be spelled in more than one way: a list of relative names, each a list of
 * `{ type, tag, text }`.
 */

const der = require('../der')
const { NAME_TYPES } = require('../pki')

const UTF8 = 0x0c
const PRINTABLE = 0x13
const T61 = 0x14
const IA5 = 0x16
const UNIVERSAL = 0x1c
const BMP = 0x1e

/** @typedef {{ type: string, tag: number, text: string | Buffer }} Attribute */
/** @typedef {Attribute[][]} Name */

/** A string type's octets; text that the type cannot hold is cut to what fits an octet. */
function contents({ tag, text }) {
  if (Buffer.isBuffer(text)) return text
  if (tag === UTF8) return Buffer.from(text, 'utf8')
  if (tag === BMP) return Buffer.from(text, 'utf16le').swap16()
  if (tag === UNIVERSAL) {
    return Buffer.concat([...text].map((character) => {
      const octets = Buffer.alloc(4)
      octets.writeUInt32BE(character.codePointAt(0))
      return octets
    }))
  }
  return Buffer.from(text, 'latin1')
}

/** @param {Name} name */
function encodeName(name) {
  return der.sequence(
    ...name.map((relative) =>
      der.set(
        ...relative.map((attribute) =>
          der.sequence(
            der.objectIdentifier(NAME_TYPES[attribute.type] ?? attribute.type),
            der.element(attribute.tag, contents(attribute)),
          ),
        ),
      ),
    ),
  )
}

/** A name with one attribute a relative name: `plainName({ O: 'Example', CN: 'Root' })`. */
function plainName(attributes) {
  return Object.entries(attributes).map(([type, text]) => [
    { type, tag: type === 'C' ? PRINTABLE : type === 'emailAddress' || type === 'DC' ? IA5 : UTF8, text },
  ])
}

const copy = (name) => name.map((relative) => relative.map((attribute) => ({ ...attribute })))

function changeText(name, random, change) {
  const changed = copy(name)
  const attributes = changed.flat().filter(({ text }) => typeof text === 'string')
  if (attributes.length === 0) return changed
  change(random.pick(attributes))
  return changed
}

const swapCase = (text) => text.replace(/[a-z]/gi, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase()))

/** Ways to spell a name again. OpenSSL takes some of them for the same name, and some not. */
const RESPELLINGS = {
  case: (name, random) => changeText(name, random, (attribute) => (attribute.text = swapCase(attribute.text))),
  blanksAround: (name, random) => changeText(name, random, (attribute) => (attribute.text = ` ${attribute.text}  `)),
  blanksInside: (name, random) => changeText(name, random, (attribute) => (attribute.text = attribute.text.replace(' ', random.pick(['  ', ' \t ', '\n', '\v', '\u00a0', ''])))),
  stringType: (name, random) => changeText(name, random, (attribute) => (attribute.tag = random.pick([UTF8, PRINTABLE, T61, IA5, BMP, UNIVERSAL, 0x1a, 0x12, 0x1b]))),
  octetString: (name, random) => changeText(name, random, (attribute) => (attribute.tag = random.pick([0x04, 0x03]))),
  nonAsciiCase: (name, random) => changeText(name, random, (attribute) => (attribute.text = `${attribute.text} ${random.pick(['É', 'é'])}`)),
  order: (name) => copy(name).reverse(),
  joined: (name) => [copy(name).flat()],
  joinedReverse: (name) => [copy(name).flat().reverse()],
  otherType: (name, random) => changeText(name, random, (attribute) => (attribute.type = random.pick(['OU', 'O', '2.5.4.65']))),
  longer: (name, random) => changeText(name, random, (attribute) => (attribute.text += random.pick(['x', '\0', '.']))),
  withoutLast: (name) => copy(name).slice(0, -1),
}

/** @returns {Name} the name in another spelling, or nearly so */
function respell(name, random) {
  return RESPELLINGS[random.pick(Object.keys(RESPELLINGS))](name, random)
}

module.exports = { BMP, IA5, PRINTABLE, T61, UNIVERSAL, UTF8, encodeName, plainName, respell, swapCase }
