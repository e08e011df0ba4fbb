'use strict'

// The rules about chains: each with a chain that has the fault, on which Node 24 really ends in that code, and the closest chain that is fine.

const assert = require('node:assert/strict')
const { before, describe, test } = require('node:test')

const { verifyChain } = require('..')
const der = require('./support/der')
const { judge } = require('./support/judge')
const nodes = require('./support/nodes')
const { certificate, pemBlock, standardPki } = require('./support/pki')

const pki = standardPki()
const time = '2030-06-01T00:00:00Z'
const NODE = '24'

const server = { subject: 'www.example.com', server: true, altNames: ['DNS:www.example.com', 'DNS:example.com'] }
const root = certificate({ subject: 'Example Root', ca: true })
const intermediate = root.issue({ subject: 'Example Issuing CA', ca: true })
const leaf = intermediate.issue(server)
const selfSigned = certificate({ ...server, keyName: 'self-signed' })
const invalidBasicConstraints = { oid: '2.5.29.19', critical: true, value: Buffer.from('garbage') }
const unknownCritical = { oid: '1.3.6.1.4.1.32473.1.9', critical: true, value: der.octetString(Buffer.from('?')) }

/** A root that was made anew under the name of another one, without key identifiers. */
const bare = { subjectKeyIdentifier: false, authorityKeyIdentifier: false }
const oldTwin = certificate({ subject: 'Twin Root', ca: true, keyName: 'old twin', ...bare })
const newTwin = certificate({ subject: 'Twin Root', ca: true, keyName: 'new twin', ...bare })
const twinLeaf = newTwin.issue({ ...server, ...bare })

/** A `TRUSTED CERTIFICATE` that is rejected for servers. */
const SERVER_AUTHENTICATION = der.objectIdentifier('1.3.6.1.5.5.7.3.1')
const EMAIL_PROTECTION = der.objectIdentifier('1.3.6.1.5.5.7.3.4')
const rejecting = pemBlock(Buffer.concat([root.der, der.sequence(der.element(0xa0, SERVER_AUTHENTICATION))]), 'TRUSTED CERTIFICATE')
const mailOnly = pemBlock(Buffer.concat([root.der, der.sequence(der.sequence(EMAIL_PROTECTION))]), 'TRUSTED CERTIFICATE')
const trusting = pemBlock(Buffer.concat([root.der, der.sequence(der.sequence(SERVER_AUTHENTICATION))]), 'TRUSTED CERTIFICATE')

/** Under a root of its own: what the intermediate and the leaf have besides. */
function chainOf(intermediateOptions, leafOptions = {}) {
  const authority = root.issue({ subject: 'Other Issuing CA', ca: true, ...intermediateOptions })
  return [authority.issue({ ...server, ...leafOptions }).der, authority.der]
}

/** Keys with an exponent of 3072 bits, which takes some ten milliseconds a signature; the signatures are not theirs. */
const RSA_SHA256 = der.sequence(der.objectIdentifier('1.2.840.113549.1.1.11'), der.nullValue())
const slowKey = { ...root.key, signatureAlgorithm: () => RSA_SHA256, sign: () => Buffer.alloc(384, 1) }
const slow = {
  ca: true,
  issuerKey: slowKey,
  publicKey: der.sequence(
    der.sequence(der.objectIdentifier('1.2.840.113549.1.1.1'), der.nullValue()),
    der.bitString(der.sequence(der.integer(2n ** 3072n - 1n), der.integer(2n ** 3072n - 3n))),
  ),
}
const slowRoot = certificate({ subject: 'Slow Root', ...slow })
const slowPath = [1, 2, 3, 4].reduce((path, number) => [path[0].issue({ subject: `Slow CA ${number}`, ...slow }), ...path], [slowRoot])

/** proxyCertInfo with the policy that inherits everything. */
const proxyInformation = { oid: '1.3.6.1.5.5.7.1.14', critical: true, value: der.sequence(der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.21.1'))) }

const good = { chain: [leaf.der, intermediate.der], ca: [root.pem] }
const expired = { notAfter: '2030-01-01' }
const constrained = chainOf({ nameConstraints: { permitted: ['DNS:example.org'] } })

/**
 * `code` is Node's, null for a good chain; the ones without are no chain that could be sent.
 *
 * @type {{ title: string, code?: string | null, message?: RegExp, certificate?: string, input: Record<string, any> }[]}
 */
const CASES = [
  { title: 'rule chain-missing-intermediate: found', code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', input: { chain: [leaf.der], ca: [root.pem] },
    message: /^the server sent `www\.example\.com` without its issuer `CN=Example Issuing CA`, and the trust store does not hold that either/, certificate: leaf.sha256 },
  { title: 'rule chain-missing-intermediate: absent where the store holds the intermediate', code: null, input: { chain: [leaf.der], ca: [root.pem, intermediate.pem] } },
  { title: 'rule chain-root-not-trusted: found where the root was sent', code: 'SELF_SIGNED_CERT_IN_CHAIN', input: { chain: [leaf.der, intermediate.der, root.der], ca: [pki.root.pem] },
    message: /^the chain of `www\.example\.com` leads to `Example Root`, which was sent and is not in the trust store$/, certificate: root.sha256 },
  { title: 'rule chain-root-not-trusted: found where it was not', code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', input: { ...good, ca: [pki.root.pem] },
    message: /leads from `Example Issuing CA` to `CN=Example Root`, which was not sent and is not in the trust store$/, certificate: intermediate.sha256 },
  { title: 'rule chain-root-not-trusted: absent where it is', code: null, input: { chain: [leaf.der, intermediate.der, root.der], ca: [root.pem] } },
  { title: 'rule chain-self-signed-leaf: found', code: 'DEPTH_ZERO_SELF_SIGNED_CERT', input: { chain: [selfSigned.der], ca: [root.pem] },
    message: /^`www\.example\.com` is self-signed and not in the trust store/, certificate: selfSigned.sha256 },
  { title: 'rule chain-self-signed-leaf: absent where it is trusted', code: null, input: { chain: [selfSigned.der], ca: [selfSigned.pem] } },
  { title: 'rule chain-anchor-without-root: found', code: 'UNABLE_TO_GET_ISSUER_CERT', input: { ...good, ca: [intermediate.pem] },
    message: /^`Example Issuing CA` is in the trust store, and its issuer `CN=Example Root` is not/, certificate: intermediate.sha256 },
  { title: 'rule chain-anchor-without-root: absent where partial chains are allowed', code: null, input: { ...good, ca: [intermediate.pem], allowPartialTrustChain: true } },
  { title: 'rule chain-anchor-rejected: found', code: 'INVALID_PURPOSE', input: { ...good, ca: [rejecting] },
    message: /^the settings of the TRUSTED CERTIFICATE `Example Root` in `ca` keep it from vouching for TLS servers$/, certificate: root.sha256 },
  { title: 'rule chain-anchor-rejected: found where it is trusted for mail alone', code: 'INVALID_PURPOSE', input: { ...good, ca: [mailOnly] } },
  { title: 'rule chain-anchor-rejected: absent where it is trusted for servers', code: null, input: { ...good, ca: [trusting] } },
  { title: 'rule chain-certificate-expired: found', code: 'CERT_HAS_EXPIRED', input: { chain: chainOf({}, { notAfter: '2030-05-20' }), ca: [root.pem] },
    message: /^`www\.example\.com` expired on 2030-05-20 \(position 0 of the path\), 12 days before the time it is judged by$/ },
  { title: 'rule chain-certificate-expired: absent a second before', code: null, input: { ...good, time: new Date(Date.parse('2045-01-01') - 1000).toISOString() } },
  { title: 'rule chain-anchor-expired: found', code: 'CERT_HAS_EXPIRED', input: (() => {
    const old = certificate({ subject: 'Old Root', ca: true, ...expired })
    return { chain: [old.issue(server).der], ca: [old.pem] }
  })(), message: /^`Old Root` of the trust store expired on 2030-01-01 \(position 1 of the path\)$/ },
  { title: 'rule chain-anchor-expired: absent where one of the same key and name is valid', code: null, input: (() => {
    const old = certificate({ subject: 'Old Root', ca: true, ...expired })
    const renewed = certificate({ subject: 'Old Root', ca: true })
    return { chain: [old.issue(server).der], ca: [old.pem, renewed.pem] }
  })() },
  { title: 'rule chain-not-yet-valid: found', code: 'CERT_NOT_YET_VALID', input: { chain: chainOf({}, { notBefore: '2031-01-01' }), ca: [root.pem] },
    message: /^`www\.example\.com` is valid from 2031-01-01T00:00:00Z on, and is judged by 2030-06-01T00:00:00Z$/ },
  { title: 'rule chain-not-yet-valid: absent from its first second on', code: null, input: { chain: chainOf({}, { notBefore: '2030-06-01' }), ca: [root.pem] } },
  { title: 'rule chain-date-unreadable: found', code: 'ERROR_IN_CERT_NOT_AFTER_FIELD', input: {
    chain: chainOf({}, { notAfter: der.element(0x17, Buffer.from('450101000000+0000')) }), ca: [root.pem],
  }, message: /^notAfter of `www\.example\.com` is not a time/ },
  { title: 'rule chain-date-unreadable: absent with a time as it must be', code: null, input: { chain: chainOf({}, { notAfter: der.element(0x17, Buffer.from('450101000000Z')) }), ca: [root.pem] } },
  { title: 'rule chain-signature-invalid: found', code: 'CERT_SIGNATURE_FAILURE', input: { chain: chainOf({}, { signature: 'broken' }), ca: [root.pem] },
    message: /^the signature of `www\.example\.com` was not made with the key of `CN=Other Issuing CA`/ },
  { title: 'rule chain-signature-invalid: absent on the root, whose own is not looked at', code: null, input: (() => {
    const broken = certificate({ subject: 'Broken Root', ca: true, signature: 'broken' })
    return { chain: [broken.issue(server).der], ca: [broken.pem] }
  })() },
  { title: 'rule chain-same-subject-anchor: found', code: 'CERT_SIGNATURE_FAILURE', input: { chain: [twinLeaf.der], ca: [oldTwin.pem, newTwin.pem] },
    message: /^the trust store holds 2 certificates of the subject `CN=Twin Root`/, certificate: oldTwin.sha256 },
  { title: 'rule chain-same-subject-anchor: absent in the order that serves', code: null, input: { chain: [twinLeaf.der], ca: [newTwin.pem, oldTwin.pem] } },
  { title: 'rule chain-wrong-purpose: found', code: 'INVALID_PURPOSE', input: { chain: chainOf({}, { server: false, extendedKeyUsage: ['clientAuth'] }), ca: [root.pem] },
    message: /^`www\.example\.com` is not for TLS servers/ },
  { title: 'rule chain-wrong-purpose: found on a CA', code: 'INVALID_PURPOSE', input: { chain: chainOf({ extendedKeyUsage: ['clientAuth'] }), ca: [root.pem] },
    message: /^`Other Issuing CA` is not for TLS servers/ },
  { title: 'rule chain-wrong-purpose: absent without any', code: null, input: { chain: chainOf({}, { server: false, keyUsage: null }), ca: [root.pem] } },
  { title: 'rule chain-issuer-not-a-ca: found', code: 'INVALID_PURPOSE', input: { chain: chainOf({ ca: false }), ca: [root.pem] },
    message: /^`Other Issuing CA` issued the certificate below it and is no CA/ },
  { title: 'rule chain-issuer-not-a-ca: found by its keyUsage', code: 'UNSPECIFIED', input: { chain: chainOf({ keyUsage: ['digitalSignature'] }), ca: [root.pem] } },
  { title: 'rule chain-issuer-not-a-ca: absent on a CA', code: null, input: { chain: chainOf({ keyUsage: ['keyCertSign'] }), ca: [root.pem] } },
  { title: 'rule chain-path-length-exceeded: found', code: 'PATH_LENGTH_EXCEEDED', input: (() => {
    const narrow = certificate({ subject: 'Narrow Root', ca: true, pathLength: 0 })
    const below = narrow.issue({ subject: 'Below', ca: true })
    return { chain: [below.issue(server).der, below.der], ca: [narrow.pem] }
  })(), message: /^`Narrow Root` allows 0 intermediates below it, and there are more$/ },
  { title: 'rule chain-path-length-exceeded: absent where as many are allowed', code: null, input: (() => {
    const narrow = certificate({ subject: 'Narrow Root', ca: true, pathLength: 1 })
    const below = narrow.issue({ subject: 'Below', ca: true })
    return { chain: [below.issue(server).der, below.der], ca: [narrow.pem] }
  })() },
  { title: 'rule chain-unknown-critical-extension: found', code: 'UNSPECIFIED', input: { chain: chainOf({}, { extensions: [unknownCritical] }), ca: [root.pem] },
    message: /^`www\.example\.com` has a critical extension that OpenSSL does not know$/ },
  { title: 'rule chain-unknown-critical-extension: absent where it is not critical', code: null, input: { chain: chainOf({}, { extensions: [{ ...unknownCritical, critical: false }] }), ca: [root.pem] } },
  { title: 'rule chain-name-constraint-violated: found', code: 'UNSPECIFIED', input: { chain: constrained, ca: [root.pem] },
    message: /^a CA above `www\.example\.com` does not permit one of its names \(permitted subtree violation\)$/ },
  { title: 'rule chain-name-constraint-violated: absent where the name is permitted', code: null, input: { chain: chainOf({ nameConstraints: { permitted: ['DNS:example.com'] } }), ca: [root.pem] } },
  { title: 'rule chain-key-too-weak: found', code: 'UNSPECIFIED', input: { chain: chainOf({}, { keyType: 'rsa-1024' }), ca: [root.pem] },
    message: /^the key RSA-1024 of `www\.example\.com` is below security level 2 of Node 24, and not of Node 18, 20 and 22$/ },
  { title: 'rule chain-key-too-weak: absent for a key of 2048 bits', code: null, input: { chain: chainOf({}, { keyType: 'rsa-2048' }), ca: [root.pem] } },
  { title: 'rule chain-signature-too-weak: found', code: 'UNSPECIFIED', input: { chain: chainOf({}, { digest: 'sha1' }), ca: [root.pem] },
    message: /^`www\.example\.com` is signed with ecdsa-with-SHA1, whose digest is below security level 2 of Node 24$/i },
  { title: 'rule chain-signature-too-weak: absent on the root', code: null, input: (() => {
    const old = certificate({ subject: 'SHA-1 Root', ca: true, digest: 'sha1' })
    return { chain: [old.issue(server).der], ca: [old.pem] }
  })() },
  { title: 'rule chain-host-name-mismatch: found', code: 'ERR_TLS_CERT_ALTNAME_INVALID', input: { ...good, hostname: 'wwv.example.com' },
    message: /^the certificate is not for `wwv\.example\.com`; it is for `www\.example\.com` and `example\.com`$/, certificate: leaf.sha256 },
  { title: 'rule chain-host-name-mismatch: absent for one of its names', code: null, input: { ...good, hostname: 'EXAMPLE.com' } },
  { title: 'rule chain-too-long: found', input: { ...good, chain: [leaf.der, ...Array.from({ length: 400 }, () => intermediate.der)] },
    message: /^the certificates that were sent do not fit into a message of 102400 bytes/ },
  { title: 'rule chain-too-long: absent for a hundred certificates', code: null, input: { ...good, chain: [leaf.der, ...Array.from({ length: 100 }, () => intermediate.der)] } },
  { title: 'rule chain-undecodable-certificate: found', input: { ...good, chain: [leaf.der, intermediate.der.subarray(0, 40)] },
    message: /^certificate number 2 of what was sent cannot be decoded: / },
  { title: 'rule chain-undecodable-certificate: absent for what follows a certificate in a block', code: null, input: {
    ...good, chain: [leaf.der, pemBlock(Buffer.concat([intermediate.der, Buffer.from([0])]))],
  } },
  { title: 'rule chain-empty: found', input: { ...good, chain: [leaf.key.pem] }, message: /^the chain holds no certificate$/ },
  { title: 'rule chain-empty: absent beside a certificate', code: null, input: { ...good, chain: [leaf.key.pem + leaf.pem, intermediate.der] } },
  { title: 'rule chain-invalid-extension: found', code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', input: { chain: chainOf({ ca: null, extensions: [invalidBasicConstraints] }), ca: [root.pem] },
    message: /^`Other Issuing CA` has an extension that OpenSSL cannot read, or has it twice/ },
  { title: 'rule chain-invalid-extension: absent for policies, which are not read', code: null, input: {
    chain: chainOf({ extensions: [{ oid: '2.5.29.32', value: Buffer.from('garbage') }] }), ca: [root.pem],
  } },
  { title: 'rule chain-unusual-certificate: found', code: 'UNSPECIFIED', input: {
    chain: chainOf({}, { altNames: undefined, extensions: [proxyInformation] }), ca: [root.pem],
  }, message: /^`www\.example\.com`: / },
  { title: 'rule chain-unusual-certificate: absent on a usual one', code: null, input: good },
  { title: 'rule chain-not-judged: found', input: {
    chain: [slowPath[0].issue({ ...server, issuerKey: slowKey }), ...slowPath].map((made) => made.der), ca: [slowRoot.pem],
  }, message: /^the verdict is not known: the certificates take more work than any that are in use \(position \d of the path\)$/ },
  { title: 'rule chain-not-judged: absent where all is checked', code: null, input: good },
  { title: 'rule chain-input-not-read: found', input: { ...good, chain: [leaf.der, 'no certificate', intermediate.der] }, message: /^1 piece of the chain holds no certificate/ },
  { title: 'rule chain-input-not-read: found in a text without end', input: { ...good, chain: [leaf.pem + intermediate.pem + ' '.repeat(1 << 23)] }, message: /more than 4 MB/ },
  { title: 'rule chain-input-not-read: absent for words around the blocks', code: null, input: { ...good, chain: [`the leaf\n${leaf.pem}and its issuer\n${intermediate.pem}`] } },
  { title: 'rule chain-out-of-order: found', code: null, input: (() => {
    const second = intermediate.issue({ subject: 'Second CA', ca: true })
    return { chain: [second.issue(server).der, intermediate.der, second.der], ca: [root.pem] }
  })(), message: /^the certificates are not sent in the order of the path \(0, 2, 1\)/ },
  { title: 'rule chain-leaf-not-first: found', code: 'INVALID_PURPOSE', certificate: root.sha256, input: { ...good, chain: [root.der, intermediate.der, leaf.der] },
    message: /^the chain begins with the CA certificate `Example Root`; with `www\.example\.com`, certificate number 3 of it, in the first place Node accepts it$/ },
  { title: 'rule chain-leaf-not-first: absent where another order does not help', code: 'INVALID_PURPOSE', input: { ...good, chain: [root.der, selfSigned.der] } },
  { title: 'rule chain-leaf-not-first: absent for intermediates in any order', code: null, input: { ...good, chain: [leaf.der, pki.root.der, intermediate.der] } },
  { title: 'rule chain-out-of-order: absent with a certificate between that is not needed', code: null, input: { ...good, chain: [leaf.der, pki.root.der, intermediate.der] } },
]

const ask = (input) => ({ time, hostname: undefined, ...input })
const real = CASES.filter(({ code, input }) => code !== undefined && input.chain.every((piece) => Buffer.isBuffer(piece)))
let verdicts = new Map()

before(async () => {
  if (nodes.unsupported) return
  const answers = await judge(Number(NODE), real.map(({ input }) => ({ ...ask(input), partial: input.allowPartialTrustChain })))
  verdicts = new Map(real.map((entry, index) => [entry, answers[index]]))
})

describe('the rules about chains', () => {
  for (const entry of CASES) {
    test(entry.title, () => {
      const [, rule, outcome] = /^rule (\S+): (found|absent)/.exec(entry.title)
      const verdict = verifyChain({ ...ask(entry.input), node: NODE })
      if (entry.code !== undefined) assert.equal(verdict.code, entry.code)
      if (verdicts.has(entry)) assert.equal(verdicts.get(entry).code, entry.code, `a real Node ${NODE}`)
      const found = verdict.findings.filter((finding) => finding.rule === rule)
      assert.equal(found.length > 0, outcome === 'found', JSON.stringify(verdict.findings.map(({ rule, message }) => [rule, message])))
      if (outcome === 'absent') return
      if (entry.message) assert.match(found[0].message, entry.message)
      if (entry.certificate) assert.equal(found[0].certificate, entry.certificate)
      assert.ok(found[0].fixes.length > 0)
    })
  }

  test('every error has its finding, the one that decides the code first', () => {
    const chain = chainOf({}, { ...expired, digest: 'sha1', server: false, extendedKeyUsage: ['clientAuth'] })
    const verdict = verifyChain({ time, node: NODE, chain, ca: [pki.root.pem] })
    assert.deepEqual(verdict.findings.map(({ rule }) => rule), [
      'chain-certificate-expired', 'chain-signature-too-weak', 'chain-wrong-purpose', 'chain-root-not-trusted',
    ])
  })

  test('a root that was sent is offered as a file, with its fingerprint to compare', () => {
    const { findings } = verifyChain({ time, node: NODE, chain: [leaf.der, intermediate.der, root.der], ca: [pki.root.pem] })
    assert.equal(findings[0].fixes[0].pem, root.pem)
    assert.match(findings[0].fixes[0].title, new RegExp(root.sha256))
  })

  test('a name that looks as if it fitted tells why it does not', () => {
    const detail = (altNames, hostname, node = NODE) => {
      const { der } = intermediate.issue({ subject: 'db.example.com', server: true, altNames })
      const { findings } = verifyChain({ ...good, time, node, chain: [der, intermediate.der], hostname })
      return findings[0]?.detail
    }
    assert.match(detail(['DNS:*.example.com'], 'a.b.example.com'), /^the `\*` of `\*\.example\.com` stands for exactly one label/)
    assert.match(detail(['DNS:*.example.com'], 'example.com'), /not for the domain itself$/)
    assert.match(detail(['DNS:a.*.com'], 'a.b.com'), /^Node does not take the `\*` of `a\.\*\.com` for a wildcard/)
    assert.match(detail(['DNS:www.example.com'], 'db.example.com'), /^its common name `db\.example\.com` would fit/)
    assert.match(detail(['DNS:192.0.2.1'], '192.0.2.1'), /stands among its names/)
    assert.match(detail(['IP:192.0.2.1'], '::ffff:192.0.2.1'), /same IPv4 address/)
    assert.match(detail(['IP:2001:db8::1'], '2001:db8::1', '22.23.0'), /matches no IPv6 address/)
    assert.equal(detail(['IP:2001:db8::1'], '2001:db8::1', '22.22.0'), undefined)
    assert.equal(detail(['DNS:www.example.com'], 'other.example.com'), undefined)
  })

  test('the host stands in the commands, unless it is no plain name', () => {
    const commands = (hostname) => JSON.stringify(verifyChain({ time, node: NODE, chain: [leaf.der], ca: [root.pem], hostname }).findings)
    assert.match(commands('db.example.com'), /diagnose db\.example\.com:443 /)
    assert.doesNotMatch(commands('$(reboot)'), /reboot/)
  })
})
