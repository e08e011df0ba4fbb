'use strict'

const assert = require('node:assert/strict')
const test = require('node:test')

const { explain } = require('../index.js')

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
