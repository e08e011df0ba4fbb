'use strict'

/** A certificate before it is made: plain fields that faults change, and its DER once it is asked for. */

const der = require('../der')
const { mutatedDer } = require('../mutate')
const { sha1 } = require('../pki')
const { EXTENSIONS, extension } = require('./extensions')
const { signingKey } = require('./keys')
const { encodeName } = require('./names')

const keyIdentifier = (spki) => {
  try {
    return sha1(der.children(der.read(spki).body)[1].body.subarray(1))
  } catch {
    return sha1(spki)
  }
}

class Draft {
  /**
   * @param {object} fields
   * @param {string} fields.label what the case calls it
   * @param {import('./names').Name} fields.subject
   * @param {Draft | null} fields.issuer null: itself
   * @param {{ type: string, name: string | number }} fields.key
   * @param {number | Buffer} fields.notBefore milliseconds, or a whole Time element; likewise `notAfter`
   */
  constructor({ label, subject, issuer, key, notBefore, notAfter }) {
    this.label = label
    this.subject = subject
    this.issuer = issuer
    this.key = key
    this.notBefore = notBefore
    this.notAfter = notAfter
    /** @type {import('./names').Name | null} the issuer field, where it is not the issuer's subject */
    this.issuerName = null
    /** @type {Draft | null} whose key signs, where it is not the issuer's */
    this.signer = null
    /** @type {Buffer | ((spki: Buffer) => Buffer) | null} the public key it carries, where it is not its own */
    this.publicKey = null
    /** @type {string | undefined} */
    this.digest = undefined
    /** @type {{ identifier: Buffer, outer?: Buffer, sign?: (tbs: Buffer, key: any) => Buffer } | null} */
    this.algorithm = null
    /** @type {((signature: Buffer) => Buffer) | null} gives the BIT STRING's contents */
    this.changeSignature = null
    /** @type {number | Buffer | null} the number in the version field; a Buffer: the field itself; null: no field */
    this.version = 2
    /** @type {number | bigint | Buffer} */
    this.serial = 1
    this.uniqueIdentifiers = Buffer.alloc(0)
    /** @type {{ name: string, critical: boolean, value: Buffer | (() => Buffer), raw?: Buffer }[] | null} */
    this.extensions = []
    /** @type {((bytes: Buffer) => Buffer)[]} what happens to the part that is signed, and to the whole */
    this.tbsChanges = []
    this.changes = []
    /** @type {{ trust?: string[], reject?: string[], raw?: Buffer } | null} settings of a TRUSTED CERTIFICATE */
    this.trust = null
    this.made = null
  }

  /** The same certificate again, to be changed on its own. */
  copy(label) {
    const copy = new Draft(this)
    Object.assign(copy, this, { label, extensions: this.extensions && [...this.extensions], changes: [...this.changes], tbsChanges: [...this.tbsChanges], made: null })
    if (this.issuer === this) copy.issuer = copy
    return copy
  }

  get isSelfSigned() {
    return this.issuer === null
  }

  get spki() {
    const { spki } = signingKey(this.key.type, this.key.name)
    return Buffer.isBuffer(this.publicKey) ? this.publicKey : this.publicKey ? this.publicKey(spki) : spki
  }

  find(name) {
    return this.extensions?.find((entry) => entry.name === name)
  }

  remove(name) {
    this.extensions = this.extensions && this.extensions.filter((entry) => entry.name !== name)
  }

  /** Puts an extension in the place of one of that name, or at the end. */
  set(name, value, critical = false) {
    this.extensions ??= []
    const entry = { name, value, critical }
    const place = this.extensions.findIndex((other) => other.name === name)
    if (place === -1) this.extensions.push(entry)
    else this.extensions[place] = entry
  }

  /** The octets of its subject key identifier, or those it would have. */
  get keyIdentifier() {
    const own = this.find('subjectKeyIdentifier')
    try {
      if (own) return der.read(typeof own.value === 'function' ? own.value() : own.value).body
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
    }
    return keyIdentifier(this.spki)
  }

  setSubjectKeyIdentifier() {
    this.set('subjectKeyIdentifier', () => der.octetString(keyIdentifier(this.spki)))
  }

  setAuthorityKeyIdentifier() {
    this.set('authorityKeyIdentifier', () => der.sequence(der.implicit(0, (this.issuer ?? this).keyIdentifier)))
  }

  get serialElement() {
    return der.integer(this.serial)
  }

  get issuerField() {
    return encodeName(this.issuerName ?? (this.issuer ?? this).subject)
  }

  get der() {
    this.made ??= this.make()
    return this.made
  }

  make() {
    const signer = this.signer ?? this.issuer ?? this
    const key = signingKey(signer.key.type, signer.key.name)
    const digest = this.digest && key.digests.includes(this.digest) ? this.digest : key.digests[0]
    const identifier = this.algorithm?.identifier ?? key.algorithm(digest)
    const extensions = this.extensions?.map(({ name, critical, value, raw }) =>
      raw ?? extension(EXTENSIONS[name] ?? name, critical, typeof value === 'function' ? value() : value),
    )
    let tbs = der.sequence(
      ...(this.version === null ? [] : [Buffer.isBuffer(this.version) ? this.version : der.explicit(0, der.integer(this.version))]),
      this.serialElement,
      identifier,
      this.issuerField,
      der.sequence(der.time(this.notBefore), der.time(this.notAfter)),
      encodeName(this.subject),
      this.spki,
      this.uniqueIdentifiers,
      ...(extensions && extensions.length > 0 ? [der.explicit(3, der.sequence(...extensions))] : []),
    )
    for (const change of this.tbsChanges) tbs = change(tbs)
    const signature = this.algorithm?.sign ? this.algorithm.sign(tbs, key) : key.sign(tbs, digest)
    const bits = this.changeSignature ? this.changeSignature(signature) : Buffer.concat([Buffer.alloc(1), signature])
    let bytes = der.sequence(tbs, this.algorithm?.outer ?? identifier, der.element(0x03, bits))
    for (const change of this.changes) bytes = change(bytes)
    return bytes
  }

  /** Damages the bytes at random: what is signed (and is then signed as it is), or the whole. */
  damage(random, { signed }) {
    const list = signed ? this.tbsChanges : this.changes
    // The change is drawn when the certificate is made, from a stream that no other part draws from.
    list.push((bytes) => mutatedDer(bytes, random))
  }
}

module.exports = { Draft, keyIdentifier }
