'use strict'

const assert = require('node:assert/strict')
const test = require('node:test')

const { errorCodes } = require('../binding.js')
const { explain } = require('../index.js')
const { certificate } = require('./support/pki.js')

const settings = { env: {}, node: '24', time: '2026-11-01T00:00:00Z' }

/** @param {string} code @param {string} message @param {object} [more] */
const failure = (code, message, more = {}) => Object.assign(new Error(message), { code }, more)

const leafAlone = () => failure('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate; if the root CA is installed locally, try running Node.js with --use-system-ca')

test('a code, its number, its name in OpenSSL and a line of a log give the same entry', () => {
  for (const given of [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ' unable_to_verify_leaf_signature ',
    'X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    '21',
    'unable to verify the first certificate',
    'Error: unable to verify the first certificate',
    '2026-11-01T00:00:00Z error [api] request to https://db.internal/ failed, reason: unable to verify the first certificate',
    '{"code":"UNABLE_TO_VERIFY_LEAF_SIGNATURE"}',
  ]) {
    const explanation = explain(given, settings)
    assert.equal(explanation.name, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', given)
    assert.deepEqual(explanation.openssl, { number: 21, name: 'X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE', reason: 'unable to verify the first certificate' })
    assert.equal(explanation.known, true)
  }
})

test('the error inside is found, however it is wrapped', () => {
  const inner = leafAlone()
  const cyclic = Object.assign(new Error('outer'), { cause: new Error('middle', { cause: inner }) })
  Object.assign(inner, { cause: cyclic })
  const wrapped = {
    'fetch: cause': new TypeError('fetch failed', { cause: leafAlone() }),
    'axios: code and cause': failure('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate', { isAxiosError: true, cause: leafAlone() }),
    'node-fetch: errno and a message of its own': Object.assign(new Error('request to https://db.internal:8443/ failed, reason: unable to verify the first certificate'), { errno: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', type: 'system' }),
    'nodemailer: another code': failure('ESOCKET', 'unable to verify the first certificate', { command: 'CONN' }),
    'mysql2: another code': failure('HANDSHAKE_SSL_ERROR', 'unable to verify the first certificate', { fatal: true }),
    'sequelize: parent': Object.assign(new Error('SequelizeConnectionError'), { parent: leafAlone(), original: leafAlone() }),
    'grpc: details': Object.assign(new Error('14 UNAVAILABLE: No connection established'), { code: 14, details: 'No connection established. Last error: unable to verify the first certificate' }),
    'AggregateError of attempts': new AggregateError([failure('ECONNREFUSED', 'connect ECONNREFUSED ::1:443'), leafAlone()], 'All attempts failed'),
    'a cycle': cyclic,
    'no prototype': Object.assign(Object.create(null), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }),
    frozen: Object.freeze(leafAlone()),
  }
  for (const [how, error] of Object.entries(wrapped)) assert.equal(explain(error, settings).name, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', how)
})

test('odd input is answered, never thrown at', () => {
  const thrower = new Proxy({}, { get() { throw new Error('no') }, has() { throw new Error('no') }, ownKeys() { throw new Error('no') }, getPrototypeOf() { throw new Error('no') } })
  const revoked = Proxy.revocable([], {})
  revoked.revoke()
  const endless = () => new Proxy({}, { get: (_, name) => (name === 'cause' || name === 'error' ? endless() : name === 'errors' ? [endless(), endless()] : undefined) })
  let deep = leafAlone()
  for (let depth = 0; depth < 10_000; depth++) deep = new Error('outer', { cause: deep })
  for (const error of [{}, [], new Error(''), thrower, { cause: revoked.proxy, errors: revoked.proxy }, endless(), deep, new Map(), { code: Symbol('x'), message: 5, cert: { raw: 'x' }, port: -1, errors: { length: 1e9 } }, { get code() { throw new Error('no') } }]) {
    const explanation = explain(error, settings)
    assert.equal(typeof String(explanation), 'string')
    assert.equal(explanation.known, false)
    assert.deepEqual(explanation.causes, [])
    JSON.stringify(explanation)
  }
})

test('what is neither an object nor a string is refused in the words of Node', () => {
  for (const wrong of [undefined, null, 20, true, 5n, () => {}, Symbol('x')]) {
    assert.throws(() => explain(wrong), { code: 'ERR_INVALID_ARG_TYPE', name: 'TypeError', message: /^The "errorOrCode" argument must be of type string or an instance of Error\. Received / })
  }
  assert.throws(() => explain('20', { port: 'x' }), { code: 'ERR_INVALID_ARG_TYPE' })
})

// ---- the catalogue ----

/** What `X509Pointer::ErrorCode` of Node names. */
const NAMED = [
  'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_CRL', 'UNABLE_TO_DECRYPT_CERT_SIGNATURE', 'UNABLE_TO_DECRYPT_CRL_SIGNATURE', 'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'CERT_SIGNATURE_FAILURE', 'CRL_SIGNATURE_FAILURE', 'CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED', 'CRL_NOT_YET_VALID', 'CRL_HAS_EXPIRED', 'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'ERROR_IN_CERT_NOT_AFTER_FIELD', 'ERROR_IN_CRL_LAST_UPDATE_FIELD', 'ERROR_IN_CRL_NEXT_UPDATE_FIELD', 'OUT_OF_MEM', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'CERT_CHAIN_TOO_LONG', 'CERT_REVOKED', 'INVALID_CA', 'PATH_LENGTH_EXCEEDED', 'INVALID_PURPOSE',
  'CERT_UNTRUSTED', 'CERT_REJECTED', 'HOSTNAME_MISMATCH',
]

/** Codes that a Node client or server ends in beside those of verification, as real Nodes spell them. */
const OTHERS = [
  'ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_TLS_CERT_ALTNAME_FORMAT', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'ERR_SSL_DATA_LENGTH_TOO_LONG', 'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_HTTPS_PROXY_REQUEST', 'EPROTO', 'ERR_SSL_UNSUPPORTED_PROTOCOL', 'ERR_SSL_NO_SHARED_CIPHER', 'ERR_SSL_NO_PROTOCOLS_AVAILABLE', 'ERR_SSL_DH_KEY_TOO_SMALL', 'ERR_TLS_DH_PARAM_SIZE',
  'ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED', 'ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM', 'ERR_SSL_NO_SHARED_SIGNATURE_ALGORITHMS', 'ERR_SSL_NO_SUITABLE_KEY_SHARE',
  'ERR_SSL_NO_APPLICATION_PROTOCOL', 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE', 'ERR_SSL_UNKNOWN_CIPHER_RETURNED', 'ERR_SSL_UNEXPECTED_MESSAGE', 'ERR_SSL_LENGTH_MISMATCH',
  'ERR_SSL_ILLEGAL_PADDING', 'ERR_SSL_ILLEGAL_ZERO_CONTENT', 'ERR_SSL_UTCTIME_IS_TOO_SHORT', 'ERR_SSL_TOO_LONG', 'ERR_SSL_TOO_SMALL', 'ERR_SSL_EXPLICIT_LENGTH_MISMATCH', 'ERR_SSL_DECODE_ERROR',
  'ERR_SSL_CERT_LENGTH_MISMATCH', 'ERR_TLS_HANDSHAKE_TIMEOUT', 'ERR_TLS_SESSION_ATTACK', 'ERR_TLS_RENEGOTIATION_DISABLED', 'ECONNRESET', 'ERR_TLS_PROTOCOL_VERSION_CONFLICT',
  'ERR_TLS_INVALID_PROTOCOL_VERSION', 'ERR_TLS_INVALID_PROTOCOL_METHOD', 'ERR_TLS_REQUIRED_SERVER_NAME', 'ERR_TLS_INVALID_CONTEXT', 'ERR_TLS_INVALID_STATE', 'ERR_TLS_SNI_FROM_SERVER',
  'ERR_TLS_ALPN_CALLBACK_INVALID_RESULT', 'ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS', 'ERR_SSL_NO_CIPHER_MATCH', 'ERR_OSSL_PEM_NO_START_LINE', 'ERR_OSSL_PEM_BAD_END_LINE',
  'ERR_OSSL_PEM_BAD_BASE64_DECODE', 'ERR_OSSL_BAD_DECRYPT', 'ERR_OSSL_X509_KEY_VALUES_MISMATCH', 'ERR_OSSL_UNSUPPORTED', 'ERR_OSSL_EVP_UNSUPPORTED', 'ERR_OSSL_ASN1_TOO_LONG',
  'ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED', 'ERR_SSL_EE_KEY_TOO_SMALL', 'ERR_SSL_CA_KEY_TOO_SMALL', 'ERR_SSL_CA_MD_TOO_WEAK', 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE',
]

test('every code that Node names has an entry, and a page of its own or of its family', () => {
  for (const code of NAMED) {
    const { known, name, code: given, openssl, page } = explain(code, settings)
    assert.deepEqual([known, name, given], [true, code, code])
    assert.ok(openssl)
    assert.match(String(page), new RegExp(`/docs/errors/${code}\\.md$`))
  }
  const entries = errorCodes()
  for (const code of OTHERS) {
    const { known, name } = explain(code, settings)
    assert.ok(known, code)
    const entry = entries.find((it) => it.name === name)
    assert.ok(entry && (entry.name === code || entry.aliases.includes(code)), `${code} is explained as ${name}`)
  }
})

test('every alert has an entry, in the spelling of every Node', () => {
  const alerts = {
    SSLV3_ALERT: ['UNEXPECTED_MESSAGE', 'BAD_RECORD_MAC', 'DECOMPRESSION_FAILURE', 'HANDSHAKE_FAILURE', 'NO_CERTIFICATE', 'BAD_CERTIFICATE', 'UNSUPPORTED_CERTIFICATE', 'CERTIFICATE_REVOKED', 'CERTIFICATE_EXPIRED', 'CERTIFICATE_UNKNOWN', 'ILLEGAL_PARAMETER'],
    TLSV1_ALERT: ['DECRYPTION_FAILED', 'RECORD_OVERFLOW', 'UNKNOWN_CA', 'ACCESS_DENIED', 'DECODE_ERROR', 'DECRYPT_ERROR', 'EXPORT_RESTRICTION', 'PROTOCOL_VERSION', 'INSUFFICIENT_SECURITY', 'INTERNAL_ERROR', 'INAPPROPRIATE_FALLBACK', 'USER_CANCELLED', 'NO_RENEGOTIATION', 'UNKNOWN_PSK_IDENTITY', 'NO_APPLICATION_PROTOCOL'],
    TLSV1: ['UNSUPPORTED_EXTENSION', 'CERTIFICATE_UNOBTAINABLE', 'UNRECOGNIZED_NAME', 'BAD_CERTIFICATE_STATUS_RESPONSE', 'BAD_CERTIFICATE_HASH_VALUE'],
    TLSV13_ALERT: ['MISSING_EXTENSION', 'CERTIFICATE_REQUIRED'],
  }
  for (const [prefix, names] of Object.entries(alerts)) {
    for (const name of names) {
      const code = `ERR_SSL_${prefix}_${name}`
      assert.equal(explain(code, settings).name, code)
      const words = `${prefix}_${name}`.toLowerCase().replaceAll('_', ' ')
      const line = `write EPROTO 40AC:error:0A000410:SSL routines:ssl3_read_bytes:${words}:../rec_layer_s3.c:1601:SSL alert number 0`
      assert.equal(explain(failure('EPROTO', line), settings).name, code)
      if (prefix !== 'SSLV3_ALERT') continue
      assert.equal(explain(code.replace('SSLV3', 'SSL/TLS'), settings).name, code)
      assert.equal(explain(failure('EPROTO', line.replace('sslv3', 'ssl/tls')), settings).name, code)
    }
  }
})

test('UNSPECIFIED is decoded by its reason, and every verification error of OpenSSL is known', () => {
  const reasons = {
    'CA certificate key too weak': [67, 'CA_KEY_TOO_SMALL'],
    'EE certificate key too weak': [66, 'EE_KEY_TOO_SMALL'],
    'CA signature digest algorithm too weak': [68, 'CA_MD_TOO_WEAK'],
    'unhandled critical extension': [34, 'UNHANDLED_CRITICAL_EXTENSION'],
    'key usage does not include certificate signing': [32, 'KEYUSAGE_NO_CERTSIGN'],
    'permitted subtree violation': [47, 'PERMITTED_VIOLATION'],
    'excluded subtree violation': [48, 'EXCLUDED_VIOLATION'],
    'name constraints minimum and maximum not supported': [49, 'SUBTREE_MINMAX'],
    'unsupported name constraint type': [51, 'UNSUPPORTED_CONSTRAINT_TYPE'],
    'unsupported or invalid name syntax': [53, 'UNSUPPORTED_NAME_SYNTAX'],
    'invalid or inconsistent certificate extension': [41, 'INVALID_EXTENSION'],
    'path loop': [55, 'PATH_LOOP'],
    'Certificate public key has explicit ECC parameters': [94, 'EC_KEY_EXPLICIT_PARAMS'],
    'issuer certificate lookup error': [70, 'UNSPECIFIED'],
  }
  for (const [reason, [number, name]] of Object.entries(reasons)) {
    const explanation = explain(failure('UNSPECIFIED', reason), settings)
    assert.deepEqual([explanation.code, explanation.openssl?.number, explanation.openssl?.reason, explanation.name], ['UNSPECIFIED', number, reason, name])
  }
  for (let number = 1; number <= 95; number++) {
    const { known, name, openssl } = explain(String(number), settings)
    assert.ok(known && openssl?.number === number, `${number}: ${name}`)
  }
  assert.equal(explain('UNSPECIFIED', settings).name, 'UNSPECIFIED')
  assert.equal(explain('0', settings).known, false)
})

test('errors without a code of their own are told by their words', () => {
  for (const [error, name] of /** @type {[Error, string][]} */ ([
    [new Error('mac verify failure'), 'PFX_MAC_VERIFY_FAILURE'],
    [new Error('not enough data'), 'PFX_NOT_PKCS12'],
    [failure('ERR_CRYPTO_UNSUPPORTED_OPERATION', 'Unsupported PKCS12 PFX data'), 'PFX_UNSUPPORTED'],
    [failure('ERR_CRYPTO_OPERATION_FAILED', 'Unable to load private key from PFX data'), 'PFX_WITHOUT_KEY'],
    [failure('ERR_CRYPTO_OPERATION_FAILED', 'Failed to parse CRL'), 'CRL_UNREADABLE'],
    [failure('ERR_CRYPTO_OPERATION_FAILED', 'Failed to set ECDH curve'), 'ECDH_CURVE_UNKNOWN'],
    [new Error('The server does not support SSL connections'), 'SERVER_WITHOUT_TLS'],
    [failure('ERR_INVALID_ARG_TYPE', 'The "options.ca" property must be of type string or an instance of Buffer'), 'TLS_OPTION_TYPE'],
  ])) assert.equal(explain(error, settings).name, name, error.message)
})

test('what is not known is said to be so, with what is spelled much like it', () => {
  const misspelled = explain('CERT_HAS_EXPIRD', settings)
  assert.deepEqual([misspelled.known, misspelled.name, misspelled.page, misspelled.nearest[0]], [false, null, null, 'CERT_HAS_EXPIRED'])
  const rare = explain(failure('ERR_SSL_SOMETHING_NEW', 'error:0A000FFF:SSL routines::something new'), settings)
  assert.deepEqual([rare.known, rare.code], [false, 'ERR_SSL_SOMETHING_NEW'])
  assert.match(rare.title, /^OpenSSL failed with a reason/)
  assert.equal(explain(failure('ERR_MODULE_NOT_FOUND', 'Cannot find module'), settings).known, false)
})

test('what real Nodes throw for keys, certificates and options is explained', () => {
  const tls = require('node:tls')
  const server = certificate({ subject: 'server.test', server: true, altNames: ['DNS:server.test'] })
  const other = certificate({ subject: 'other.test' })
  const options = /** @type {[string, object][]} */ ([
    ['ERR_OSSL_PEM_NO_START_LINE', { cert: '/etc/ssl/server.pem' }],
    ['ERR_OSSL_PEM_NO_START_LINE', { cert: server.pem.replaceAll('\n', '\\n') }],
    ['ERR_OSSL_PEM_BAD_END_LINE', { cert: server.pem.replace(/-----END.*\n/, '') }],
    ['ERR_OSSL_PEM_BAD_BASE64_DECODE', { cert: server.pem.replace(/\n..../, '\n!!!!') }],
    ['ERR_OSSL_UNSUPPORTED', { key: server.key.pem.replaceAll('\n', '\\n') }],
    ['ERR_OSSL_X509_KEY_VALUES_MISMATCH', { key: other.key.pem, cert: server.pem }],
    ['PFX_NOT_PKCS12', { pfx: 'x' }],
    ['ERR_TLS_PROTOCOL_VERSION_CONFLICT', { secureProtocol: 'TLSv1_2_method', minVersion: 'TLSv1.3' }],
    ['ERR_TLS_INVALID_PROTOCOL_VERSION', { minVersion: 'TLSv1.4' }],
    ['ERR_TLS_INVALID_PROTOCOL_METHOD', { secureProtocol: 'SSLv3_method' }],
    ['ERR_SSL_NO_CIPHER_MATCH', { ciphers: 'FOO' }],
    ['ECDH_CURVE_UNKNOWN', { ecdhCurve: 'nope' }],
    ['CRL_UNREADABLE', { crl: 'x' }],
    ['TLS_OPTION_TYPE', { ca: [1] }],
  ])
  for (const [name, option] of options) {
    /** @type {unknown} */
    let thrown
    try {
      tls.createSecureContext(option)
    } catch (error) {
      thrown = error
    }
    assert.ok(thrown instanceof Error, name)
    const explanation = explain(thrown, settings)
    assert.equal(explanation.name, name, `${/** @type {any} */ (thrown).code}: ${thrown.message}`)
    assert.equal(explanation.code ?? undefined, /** @type {any} */ (thrown).code)
  }
})

// ---- the ranking ----

/** @param {import('../index.js').Explanation} explanation */
const first = ({ causes: [cause] }) => /** @type {import('../index.js').ExplainedCause} */ (cause)
/** @param {import('../index.js').Explanation} explanation @param {string} id */
const cause = ({ causes }, id) => causes.find((it) => it.id === id)

test('without evidence, the causes stand in the order of the catalogue, and none is likelier', () => {
  const { causes } = explain('UNABLE_TO_VERIFY_LEAF_SIGNATURE', settings)
  const all = errorCodes().find(({ name }) => name === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  // Without the variable, its file cannot be at fault; nor can OpenSSL's store, which this process does not use.
  assert.deepEqual(causes.map(({ id }) => id), all?.causes.map(({ id }) => id).filter((id) => id !== 'extra-not-loaded' && id !== 'openssl-store'))
  assert.ok(causes.every(({ likelihood, because }) => likelihood === 'possible' && because === undefined))
})

test('a well-known public host behind an unknown issuer means interception', () => {
  const explanation = explain(failure('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain', { config: { url: 'https://api.github.com/users' } }), settings)
  assert.deepEqual([explanation.context.host, explanation.context.port], ['api.github.com', 443])
  assert.equal(first(explanation).id, 'intercepted')
  assert.equal(first(explanation).likelihood, 'likely')
  assert.equal(cause(explanation, 'private-ca')?.likelihood, 'unlikely')
})

test('the issuer of the certificate gives an inspecting product away', () => {
  const root = certificate({ subject: { O: 'Zscaler Inc.', CN: 'Zscaler Root CA' }, ca: true })
  const leaf = root.issue({ subject: 'shop.example', server: true, altNames: ['DNS:shop.example'] })
  const explanation = explain(failure('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate', { host: 'shop.example', cert: { raw: leaf.der } }), settings)
  assert.equal(first(explanation).id, 'intercepted')
  assert.match(String(first(explanation).because), /Zscaler/)
  assert.equal(explanation.context.certificate?.sha256, leaf.sha256)
  assert.equal(cause(explanation, 'missing-intermediate')?.likelihood, 'unlikely')
})

test('an internal host means a private CA, and a managed database its vendor', () => {
  assert.equal(first(explain('UNABLE_TO_GET_ISSUER_CERT_LOCALLY', { ...settings, host: 'ldap.corp', port: 636 })).id, 'private-ca')
  const rds = explain('SELF_SIGNED_CERT_IN_CHAIN', { ...settings, host: 'db.abc.eu-west-1.rds.amazonaws.com', port: 5432 })
  assert.equal(first(rds).id, 'managed-service')
  assert.match(String(first(rds).fixes[0]?.commands?.[0]?.text), /truststore\.pki\.rds\.amazonaws\.com/)
})

test('a CA file that is not loaded comes first, with its own fix', () => {
  const explanation = explain('UNABLE_TO_GET_ISSUER_CERT_LOCALLY', { ...settings, env: { NODE_EXTRA_CA_CERTS: '/nonexistent/ca.pem' } })
  assert.equal(first(explanation).id, 'extra-not-loaded')
  assert.match(String(first(explanation).because), /\/nonexistent\/ca\.pem.*`extra-ca-file-missing`/)
  assert.match(String(first(explanation).fixes[0]?.title), /absolute path/)
})

test('the name and the certificate tell how they miss each other', () => {
  /** @param {string} host @param {string[]} altNames @param {string} node */
  const missed = (host, altNames, node = '24') => {
    const leaf = certificate({ subject: 'leaf', server: true, altNames })
    return explain(failure('ERR_TLS_CERT_ALTNAME_INVALID', `Hostname/IP does not match certificate's altnames`, { host, cert: { raw: leaf.der } }), { ...settings, node })
  }
  assert.equal(first(missed('example.com', ['DNS:*.example.com'])).id, 'wildcard-depth')
  assert.equal(first(missed('a.b.example.com', ['DNS:*.example.com'])).id, 'wildcard-depth')
  assert.equal(first(missed('192.0.2.7', ['DNS:example.com'])).id, 'ip-address')
  assert.equal(first(missed('www.example.com', ['DNS:example.com'])).id, 'sibling-name')
  assert.equal(first(missed('api.default.svc', ['DNS:example.com'])).id, 'internal-name')
  assert.equal(first(missed('example.com', ['email:a@example.com'])).id, 'no-alternative-name')
  assert.equal(cause(missed('::1', ['IP:::1'], '24'), 'node-22-ipv6'), undefined)
  assert.equal(cause(missed('::1', ['IP:::1'], '22'), 'node-22-ipv6')?.likelihood, 'likely')
  // The message alone names them, too.
  const words = explain("Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: Host: shop.example.com. is not in the cert's altnames: DNS:*.example.net, DNS:*.shop.example.com", settings)
  assert.equal(words.context.host, 'shop.example.com')
  assert.equal(first(words).id, 'wildcard-depth')
})

test('the dates of the certificate and the clock are held against each other', () => {
  const leaf = certificate({ subject: 'leaf', server: true, notBefore: '2025-01-01', notAfter: '2026-10-29T00:00:00Z' })
  const error = failure('CERT_HAS_EXPIRED', 'certificate has expired', { cert: { raw: leaf.der } })
  const expired = explain(error, settings)
  assert.equal(first(expired).id, 'expired')
  assert.match(String(first(expired).because), /2026-10-29.*3 days ago/)
  assert.equal(cause(explain(error, { ...settings, time: '2026-10-01T00:00:00Z' }), 'expired')?.likelihood, 'unlikely')
  const clock = explain('CERT_NOT_YET_VALID', { ...settings, time: '2001-01-01T00:00:00Z' })
  assert.equal(first(clock).id, 'clock')
  assert.equal(first(clock).actor, 'clock')
})

test('ports and proxy variables tell what answers', () => {
  const wrong = failure('EPROTO', 'write EPROTO 8020DB:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl3_record.c:355:')
  assert.equal(first(explain(wrong, { ...settings, host: 'mail.example.com', port: 587 })).id, 'starttls')
  assert.match(String(first(explain(wrong, { ...settings, host: 'mail.example.com', port: 587 })).fixes[0]?.code), /host: 'mail\.example\.com', port: 587/)
  assert.equal(first(explain(wrong, { ...settings, host: 'localhost', port: 8080 })).id, 'plain-port')
  const proxied = explain(wrong, { ...settings, env: { HTTPS_PROXY: 'https://user:secret@proxy.corp:3128' } })
  assert.equal(first(proxied).id, 'proxy-scheme')
  assert.match(String(first(proxied).fixes[0]?.commands?.[0]?.text), /^export HTTPS_PROXY=http:\/\/proxy\.corp:3128$/)
  assert.doesNotMatch(JSON.stringify(proxied), /secret/)
  const spared = explain(wrong, { ...settings, host: 'db.corp', env: { HTTPS_PROXY: 'https://proxy.corp:3128', NO_PROXY: 'localhost,.corp' } })
  assert.notEqual(first(spared).id, 'proxy-scheme')
})

test('the version of Node and its flags count', () => {
  assert.equal(cause(explain(failure('UNSPECIFIED', 'CA certificate key too weak'), settings), 'security-level')?.likelihood, 'likely')
  assert.equal(cause(explain(failure('UNSPECIFIED', 'CA certificate key too weak'), { ...settings, node: '20' }), 'security-level')?.likelihood, 'unlikely')
  const held = explain('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', { ...settings, env: { NODE_OPTIONS: '--tls-max-v1.2' } })
  assert.equal(first(held).id, 'maximum-version')
})

test('where Node’s hint misleads, the explanation says so', () => {
  for (const code of ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_GET_ISSUER_CERT']) {
    assert.match(String(explain(code, settings).hint), /--use-system-ca/)
    assert.match(String(explain(code, settings)), /--use-system-ca/)
  }
  assert.match(String(explain(leafAlone(), settings).hint), /it changes nothing/)
})

test('this Node gives its hint where the catalogue says so, and only there', async () => {
  const tls = require('node:tls')
  const root = certificate({ subject: 'Hint Root', ca: true })
  const intermediate = root.issue({ subject: 'Hint Intermediate', ca: true })
  const leaf = intermediate.issue({ subject: 'hint.test', server: true, altNames: ['DNS:hint.test'] })
  const own = certificate({ subject: 'hint.test', server: true, altNames: ['DNS:hint.test'] })
  const hasHint = Number.parseInt(process.versions.node, 10) >= 24
  for (const [name, key, chain, ca, hinted] of /** @type {[string, string, string, string | undefined, boolean][]} */ ([
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', leaf.key.pem, leaf.pem, undefined, true],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', leaf.key.pem, leaf.pem + intermediate.pem, undefined, false],
    ['SELF_SIGNED_CERT_IN_CHAIN', leaf.key.pem, leaf.pem + intermediate.pem + root.pem, undefined, false],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', own.key.pem, own.pem, undefined, true],
    ['UNABLE_TO_GET_ISSUER_CERT', leaf.key.pem, leaf.pem + intermediate.pem, intermediate.pem, true],
  ])) {
    const error = await new Promise((resolve) => {
      const server = tls.createServer({ key, cert: chain }, (socket) => socket.on('error', () => {}).end())
      server.on('tlsClientError', () => {})
      server.listen(0, '127.0.0.1', () => {
        const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
        const socket = tls.connect({ host: '127.0.0.1', port, servername: 'hint.test', ...(ca === undefined ? {} : { ca }) }, () => resolve(undefined))
        socket.on('error', resolve)
        socket.on('close', () => server.close())
      })
    })
    assert.equal(error?.code, name)
    assert.equal(/--use-system-ca/.test(error.message), hasHint && hinted, error.message)
    assert.equal(explain(error, settings).name, name)
    const misleads = explain(error, settings).hint
    assert.equal(/^Node 24 and 26 suggest/.test(String(misleads)), hinted, misleads)
  }
})

test('nothing from the error reaches a terminal or a command as it is', () => {
  const nasty = '\u001b[31mred\u0007\u202e'
  const explanation = explain(failure('UNABLE_TO_VERIFY_LEAF_SIGNATURE', nasty, { host: `a.corp$(reboot)${nasty}`, port: 443 }), settings)
  // eslint-disable-next-line no-control-regex
  assert.doesNotMatch(String(explanation), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  assert.doesNotMatch(JSON.stringify(explanation.causes.flatMap(({ fixes }) => fixes)), /reboot/)
  assert.equal(typeof JSON.stringify(explanation), 'string')
})

test('passwords and keys that a message quotes are not passed on', () => {
  const { key } = certificate({ subject: 'secret.test' })
  const error = failure('ERR_OSSL_PEM_NO_START_LINE', `no start line in ${key.pem}, for https://user:hunter2@db.corp/`)
  const explanation = explain(error, settings)
  assert.equal(explanation.context.message, 'no start line in (private key)\n, for https://db.corp/')
  assert.doesNotMatch(JSON.stringify(explanation) + String(explanation), /hunter2|PRIVATE KEY-----/)
  assert.doesNotMatch(JSON.stringify(explain(`x ${key.pem.slice(0, 100)}`, settings)), new RegExp(key.pem.slice(40, 60).replace(/[+/]/g, '.')))
})

test('the text holds the likely causes with their fixes, and names the others', () => {
  const text = String(explain(failure('ERR_TLS_CERT_ALTNAME_INVALID', 'x', { host: 'db.corp' }), settings))
  assert.match(text, /^ERR_TLS_CERT_ALTNAME_INVALID\nThe certificate is trusted, but not for the name that was asked for\nat db\.corp\n/)
  assert.match(text, /^Causes, the likeliest first\n {2}1\. The server is reached under an internal name/m)
  assert.match(text, /^ {5}fix: /m)
  assert.match(text, /^What not to do$/m)
  for (const line of text.split('\n')) assert.ok(line.length <= 80 || /^ {5}/.test(line), line)
})
