'use strict'

/**
 * How the certificates of a case belong together: a plain chain to begin with, then what makes path building hard, then
 * what is sent and trusted, and what is asked about it. The entries of the three tables are `name: [weight, change]`.
 */

const der = require('../der')
const { Draft } = require('./drafts')
const { basicConstraints, extendedKeyUsage, generalName, keyUsageBits } = require('./extensions')
const { CERTIFICATE_FAULTS, DAY, KEY_TYPES, randomFault, weighted } = require('./faults')
const { plainName } = require('./names')

const HOSTS = ['www.example.com', 'www.example.com', 'example.com', 'a.www.example.com', 'www.example.org', '192.0.2.7', '2001:db8::7', 'localhost']
const ALL_HOSTS = [...HOSTS, 'WWW.EXAMPLE.COM', 'www.example.com.', 'x.www.example.com', 'example.net', 'xn--bcher-kva.example', 'b\u00fccher.example', '192.0.3.7', '10.1.2.3', '::1', '2001:DB8:0:0::7', '192.0.2.07', 'under_score.example.com', '*.example.com', 'com', 'w\\w.example.com']

/** Key types of a whole chain: mostly such as any security level takes, and cheap. */
const THEMES = [...Array(9).fill('ed25519'), ...Array(7).fill('p256'), 'rsa-2048', 'rsa-2048', 'rsa-2048', 'p384', 'mixed', 'mixed', 'any']
const SOUND_TYPES = ['ed25519', 'p256', 'p256', 'rsa-2048', 'p384', 'p224', 'p521']

/**
 * @typedef {object} Pki a case in the making
 * @property {number} time milliseconds at which the chain is judged
 * @property {'server' | 'client'} purpose
 * @property {string | null} hostname
 * @property {boolean} allowPartialTrustChain
 * @property {Draft[]} drafts the leaf first, then what issued it, up to the root, then all others
 * @property {number} levels how many of them are the plain chain
 * @property {Draft[]} chain what is sent
 * @property {Draft[]} trusted
 * @property {boolean} joined whether `ca` is one text
 */

function keyTypeOf(theme, random) {
  if (theme === 'mixed') return random.pick(SOUND_TYPES)
  return theme === 'any' ? random.pick(KEY_TYPES) : theme
}

/** The chain that all others start from. What it leaves out at random is not at fault. */
function plainPki(random) {
  const time = Date.UTC(random.between(2021, 2029), random.below(12), random.between(1, 28), random.below(24), random.below(60), random.below(60))
  const purpose = random.chance(0.8) ? 'server' : 'client'
  const hostname = purpose === 'client' || random.chance(0.15) ? null : random.pick(HOSTS)
  const levels = random.pick([1, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 5, 6, 7])
  const theme = random.pick(THEMES)
  const identifiers = random.pick(['both', 'both', 'both', 'none', 'subject', 'some'])
  const drafts = []
  let issuer = null
  for (let level = levels - 1; level >= 0; level--) {
    const isLeaf = level === 0
    const isRoot = level === levels - 1
    const label = isLeaf ? 'leaf' : isRoot ? 'root' : `ca${level}`
    const subject = isLeaf
      ? plainName(random.pick([{ CN: hostname && !hostname.includes(':') ? hostname : 'a leaf' }, { O: 'Example', CN: 'a leaf' }, { O: 'Example', CN: hostname ?? 'client' }]))
      : plainName({ O: 'Example', CN: isRoot ? 'Test Root' : `Test CA ${level}` })
    const draft = newDraft({ label, subject, issuer, key: { type: keyTypeOf(theme, random), name: `${label} ${random.below(2)}` } }, random, time)
    if (isLeaf && levels > 1) {
      if (random.chance(0.7)) draft.set('basicConstraints', basicConstraints(false), random.chance(0.7))
      if (random.chance(0.7)) draft.set('keyUsage', keyUsageBits(random.pick([['digitalSignature'], ['digitalSignature', 'keyEncipherment'], ['keyAgreement', 'digitalSignature']])), random.chance(0.8))
    } else if (!isLeaf) {
      const below = level - 1
      draft.set('basicConstraints', basicConstraints(true, random.chance(0.15) ? below + random.below(2) : undefined), random.chance(0.85))
      if (random.chance(0.8)) draft.set('keyUsage', keyUsageBits(['keyCertSign', 'cRLSign']), random.chance(0.85))
    }
    if (isLeaf) {
      if (random.chance(0.75)) draft.set('extendedKeyUsage', extendedKeyUsage(random.chance(0.3) ? ['serverAuth', 'clientAuth'] : [purpose === 'server' ? 'serverAuth' : 'clientAuth']))
      if (hostname && (random.chance(0.9) || hostname.includes(':'))) {
        const names = [/^[\d.]+$|:/.test(hostname) ? generalName(`IP:${hostname}`) : generalName(`DNS:${hostname}`)]
        if (random.chance(0.3)) names.push(generalName('DNS:other.example.com'))
        if (random.chance(0.1)) names.push(generalName('email:user@example.com'), generalName('URI:https://www.example.com/'))
        draft.set('subjectAltName', der.sequence(...names))
      }
    } else if (random.chance(0.1)) {
      draft.set('extendedKeyUsage', extendedKeyUsage(['serverAuth', 'clientAuth']))
    }
    const draw = () => identifiers === 'both' || (identifiers === 'some' && random.chance(0.5))
    if (draw() || (identifiers === 'subject' && !isLeaf)) draft.setSubjectKeyIdentifier()
    if (draw() && (!isRoot || random.chance(0.4))) draft.setAuthorityKeyIdentifier()
    drafts.unshift(draft)
    issuer = draft
  }
  const [leaf] = drafts
  const trusted = levels === 1 ? [leaf] : [drafts[levels - 1]]
  const chain = levels === 1 ? [leaf] : drafts.slice(0, -1)
  return { time, purpose, hostname, allowPartialTrustChain: random.chance(0.12), drafts, levels, chain, trusted, joined: random.chance(0.2) }
}

function newDraft(fields, random, time) {
  const draft = new Draft({
    notBefore: time - random.between(1, 1000) * DAY - random.below(86_400) * 1000,
    notAfter: time + random.between(1, 2000) * DAY,
    ...fields,
  })
  draft.serial = BigInt(random.between(1, 2 ** 31)) << BigInt(random.pick([0, 32, 64]))
  return draft
}

/** A new authority beside the chain. */
function authority(pki, random, label, subject, issuer = null) {
  const { time } = pki
  const draft = newDraft({ label, subject, issuer, key: { type: random.pick(['ed25519', 'p256']), name: label } }, random, time)
  draft.set('basicConstraints', basicConstraints(true), true)
  if (random.chance(0.6)) draft.set('keyUsage', keyUsageBits(['keyCertSign', 'cRLSign']), true)
  if (random.chance(0.6)) draft.setSubjectKeyIdentifier()
  if (random.chance(0.5)) draft.setAuthorityKeyIdentifier()
  pki.drafts.push(draft)
  return draft
}

function insert(list, draft, random) {
  list.splice(random.pick([0, list.length, random.below(list.length + 1)]), 0, draft)
}

/** Puts a certificate among those that are sent, those that are trusted, or both. */
function place(pki, draft, random) {
  const where = random.pick(['sent', 'sent', 'trusted', 'trusted', 'both'])
  if (where !== 'trusted') pki.chain.splice(Math.min(pki.chain.length, random.pick([1, 1, pki.chain.length, random.between(1, pki.chain.length + 1)])), 0, draft)
  if (where !== 'sent') insert(pki.trusted, draft, random)
}

const extra = (pki) => `x${pki.drafts.length - pki.levels + 1}`
const authorities = (pki) => (pki.levels > 1 ? pki.drafts.slice(1, pki.levels) : pki.drafts.slice(0, 1))

function twin(pki, random, draft = random.pick(authorities(pki))) {
  const copy = draft.copy(extra(pki))
  copy.serial = random.between(1, 2 ** 31)
  pki.drafts.push(copy)
  return copy
}

function copyWithFaults(pki, random, count) {
  const copy = twin(pki, random)
  for (let index = 0; index < count; index++) CERTIFICATE_FAULTS[randomFault(random)][1](copy, random, pki)
  return copy
}

const STRUCTURES = {
  'cross-signed': [8, (pki, random) => {
    const original = random.pick(authorities(pki))
    const other = authority(pki, random, extra(pki), plainName({ O: 'Example', CN: 'Other Root' }))
    const cross = twin(pki, random, original)
    Object.assign(cross, { issuer: other, issuerName: null })
    if (cross.find('authorityKeyIdentifier') || random.chance(0.3)) cross.setAuthorityKeyIdentifier()
    place(pki, cross, random)
    if (random.chance(0.75)) insert(pki.trusted, other, random)
    if (random.chance(0.4)) pki.trusted = pki.trusted.filter((draft) => draft !== pki.drafts[pki.levels - 1])
    if (random.chance(0.3)) pki.chain.push(other)
    if (random.chance(0.3)) pki.chain.push(pki.drafts[pki.levels - 1])
  }],
  'twin-other-key': [6, (pki, random) => {
    const copy = twin(pki, random)
    copy.key = { type: random.pick([copy.key.type, 'ed25519', 'p256']), name: 'twin' }
    if (copy.find('subjectKeyIdentifier')) copy.setSubjectKeyIdentifier()
    place(pki, copy, random)
  }],
  'twin-other-time': [8, (pki, random) => {
    const copy = twin(pki, random)
    const [before, after] = random.pick([[-900, -10], [-900, -1], [10, 900], [-5, 3000], [-3000, 5], [-10, 2], [0, 1], [-1, 0]])
    copy.notBefore = pki.time + before * DAY
    copy.notAfter = pki.time + after * DAY
    place(pki, copy, random)
    if (random.chance(0.3)) {
      const original = pki.drafts.find((draft) => draft.subject === copy.subject)
      if (original) original.notAfter = pki.time - random.between(1, 20) * DAY
    }
  }],
  'twin-with-fault': [9, (pki, random) => place(pki, copyWithFaults(pki, random, random.pick([1, 1, 2])), random)],
  'self-signed-variant': [4, (pki, random) => {
    const copy = twin(pki, random)
    Object.assign(copy, { issuer: null, issuerName: null })
    if (copy.find('authorityKeyIdentifier') && random.chance(0.7)) copy.setAuthorityKeyIdentifier()
    place(pki, copy, random)
  }],
  'self-issued': [6, (pki, random) => {
    const original = random.pick(authorities(pki))
    const rollover = authority(pki, random, extra(pki), original.subject, original)
    const child = pki.drafts.find((draft) => draft.issuer === original && draft !== rollover)
    if (child && random.chance(0.85)) {
      child.issuer = rollover
      pki.chain.splice(pki.chain.indexOf(child) + 1, 0, rollover)
    } else {
      place(pki, rollover, random)
    }
  }],
  loop: [3, (pki, random) => {
    const [one, other] = [random.pick(authorities(pki)), random.pick(authorities(pki))]
    const back = twin(pki, random, other)
    Object.assign(back, { issuer: one, issuerName: null })
    if (random.chance(0.6)) back.remove('authorityKeyIdentifier')
    place(pki, back, random)
    if (random.chance(0.6)) {
      const forth = twin(pki, random, one)
      Object.assign(forth, { issuer: other, issuerName: null })
      if (random.chance(0.6)) forth.remove('authorityKeyIdentifier')
      place(pki, forth, random)
    }
    if (random.chance(0.4)) pki.trusted = pki.trusted.filter((draft) => draft !== pki.drafts[pki.levels - 1])
  }],
  'same-subject-levels': [2, (pki, random) => {
    const list = authorities(pki)
    if (random.chance(0.5)) random.pick(list).subject = random.pick(list).subject
    else pki.drafts[0].subject = random.pick(list).subject
  }],
  'self-signed-leaf': [4, (pki, random) => {
    const [leaf] = pki.drafts
    Object.assign(leaf, { issuer: null })
    if (random.chance(0.7)) pki.chain = [leaf]
    if (random.chance(0.6)) insert(pki.trusted, leaf, random)
    if (random.chance(0.3)) {
      const other = leaf.copy(extra(pki))
      Object.assign(other, { serial: 99, key: { type: 'ed25519', name: 'second' } })
      if (random.chance(0.4)) other.notAfter = pki.time - DAY
      if (random.chance(0.3)) other.key = leaf.key
      pki.drafts.push(other)
      insert(pki.trusted, other, random)
    }
  }],
  'self-issued-leaf': [2, (pki, random) => {
    const [leaf] = pki.drafts
    if (leaf.issuer) leaf.subject = leaf.issuer.subject
    if (random.chance(0.3)) insert(pki.trusted, leaf, random)
  }],
  'authority-as-leaf': [2, (pki, random) => {
    const sent = random.pick(authorities(pki))
    pki.chain = [sent, ...pki.chain.filter((draft) => draft !== sent)]
    if (random.chance(0.5)) pki.chain.splice(1, 1)
  }],
  'second-leaf': [1, (pki, random) => {
    const other = pki.drafts[0].copy(extra(pki))
    other.serial = 4711
    pki.drafts.push(other)
    place(pki, other, random)
  }],
  unrelated: [3, (pki, random) => {
    const root = authority(pki, random, extra(pki), plainName({ O: 'Unrelated', CN: 'Root' }))
    const intermediate = authority(pki, random, extra(pki), plainName({ O: 'Unrelated', CN: 'CA' }), root)
    place(pki, intermediate, random)
    place(pki, root, random)
  }],
  many: [0.25, (pki, random) => {
    const original = random.pick(authorities(pki))
    const count = random.pick([20, 100, 300])
    const toTrusted = random.chance(0.6)
    const list = []
    for (let index = 0; index < count; index++) {
      const copy = original.copy(`many${index}`)
      copy.serial = index + 1
      if (random.chance(0.8)) copy.key = { type: 'ed25519', name: `many ${index % 5}` }
      if (random.chance(0.3)) copy.notAfter = pki.time + random.between(-20, 20) * DAY
      list.push(copy)
    }
    pki.drafts.push(list[0])
    if (toTrusted) pki.trusted.splice(random.below(pki.trusted.length + 1), 0, ...list)
    else pki.chain.splice(1, 0, ...list)
  }],
  deep: [0.15, (pki, random) => {
    const count = random.pick([20, 90, 97, 98, 99, 100, 101, 102, 110])
    let issuer = pki.drafts[pki.levels - 1]
    const list = []
    for (let index = 0; index < count; index++) {
      const draft = newDraft({ label: `deep${index}`, subject: plainName({ CN: `Deep ${index}` }), issuer, key: { type: 'ed25519', name: index % 4 } }, random, pki.time)
      draft.set('basicConstraints', basicConstraints(true), true)
      list.unshift(draft)
      issuer = draft
    }
    const [leaf] = pki.drafts
    leaf.issuer = issuer
    pki.drafts.push(list[0])
    if (random.chance(0.8)) pki.chain = [leaf, ...list]
    else pki.trusted.push(...list)
  }],
}

const shuffled = (list, random) => list.map((item) => [random.below(1e9), item]).sort(([one], [other]) => one - other).map(([, item]) => item)

const ARRANGEMENTS = {
  'drop-one': [6, (pki, random) => pki.chain.length > 1 && pki.chain.splice(random.between(1, pki.chain.length - 1), 1)],
  'drop-all': [3, (pki) => (pki.chain = pki.chain.slice(0, 1))],
  'root-sent': [7, (pki, random) => pki.chain.splice(random.chance(0.7) ? pki.chain.length : Math.min(1, pki.chain.length), 0, pki.drafts[pki.levels - 1])],
  'root-sent-only': [5, (pki) => {
    pki.chain.push(pki.drafts[pki.levels - 1])
    pki.trusted = pki.trusted.filter((draft) => draft !== pki.drafts[pki.levels - 1])
  }],
  'sent-shuffled': [5, (pki, random) => (pki.chain = [pki.chain[0], ...shuffled(pki.chain.slice(1), random)])],
  'sent-reversed': [2, (pki) => (pki.chain = [pki.chain[0], ...pki.chain.slice(1).reverse()])],
  'all-shuffled': [1, (pki, random) => (pki.chain = shuffled(pki.chain, random))],
  'sent-twice': [3, (pki, random) => pki.chain.splice(random.between(1, pki.chain.length), 0, random.pick(pki.chain))],
  'nothing-trusted': [1, (pki) => (pki.trusted = [])],
  'root-not-trusted': [4, (pki) => (pki.trusted = pki.trusted.filter((draft) => draft !== pki.drafts[pki.levels - 1]))],
  'authority-trusted': [6, (pki, random) => insert(pki.trusted, random.pick(authorities(pki)), random)],
  'authority-trusted-alone': [5, (pki, random) => {
    pki.trusted = [random.pick(authorities(pki))]
    if (random.chance(0.4)) pki.allowPartialTrustChain = true
  }],
  'authority-moved': [4, (pki, random) => {
    const draft = random.pick(authorities(pki))
    pki.chain = pki.chain.filter((each, index) => index === 0 || each !== draft)
    if (!pki.trusted.includes(draft)) insert(pki.trusted, draft, random)
  }],
  'leaf-trusted': [3, (pki, random) => {
    if (random.chance(0.4)) pki.trusted = []
    insert(pki.trusted, pki.drafts[0], random)
    if (random.chance(0.5)) pki.allowPartialTrustChain = true
  }],
  'everything-trusted': [2, (pki, random) => (pki.trusted = shuffled(pki.drafts, random))],
  'trusted-shuffled': [2, (pki, random) => (pki.trusted = shuffled(pki.trusted, random))],
  'trusted-twice': [2, (pki, random) => pki.trusted.length > 0 && insert(pki.trusted, random.pick(pki.trusted), random)],
}

const QUESTIONS = {
  'time-at-edge': [8, (pki, random) => {
    const draft = random.pick(pki.drafts)
    const edge = draft[random.pick(['notBefore', 'notAfter'])]
    if (typeof edge === 'number') pki.time = edge + random.pick([-1000, 0, 0, 1000])
  }],
  'time-far': [3, (pki, random) => (pki.time += random.pick([-3000, -1200, 1500, 4000, 10_000]) * DAY)],
  'host-other': [8, (pki, random) => (pki.hostname = random.pick(ALL_HOSTS))],
  'purpose-other': [4, (pki) => {
    pki.purpose = pki.purpose === 'server' ? 'client' : 'server'
    if (pki.purpose === 'client') pki.hostname = null
  }],
  'partial-chain': [6, (pki) => (pki.allowPartialTrustChain = true)],
}

module.exports = {
  ARRANGEMENTS,
  QUESTIONS,
  STRUCTURES,
  plainPki,
  randomArrangement: weighted(ARRANGEMENTS),
  randomQuestion: weighted(QUESTIONS),
  randomStructure: weighted(STRUCTURES),
}
