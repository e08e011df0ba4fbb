'use strict'

// What targets mean, and which proxy is in between.

const assert = require('node:assert/strict')
const { describe, it } = require('node:test')

const { NO_PROXY } = require('./live/no-proxy')
const { proxyFor } = require('../lib/diagnose/proxy.js')
const { targetOf } = require('../lib/diagnose/target.js')

const PEM = '-----BEGIN CERTIFICATE-----\nMAAwAA==\n-----END CERTIFICATE-----\n'

/** Protocol, host, port, STARTTLS and ALPN in one line. */
function summary(target, options) {
  const { protocol, host, port, startTls, alpn } = targetOf(target, options)
  return [protocol, host, port, startTls ?? '-', alpn.join(',') || '-'].join(' ')
}

function refusal(target, options) {
  try {
    targetOf(target, options)
  } catch (error) {
    return error
  }
  return assert.fail(`${String(target).slice(0, 100)} is taken`)
}

describe('a target', () => {
  for (const [target, expected] of [
    ['example.com', 'https example.com 443 - h2,http/1.1'],
    ['https://example.com/path?query#fragment', 'https example.com 443 - h2,http/1.1'],
    ['HTTPS://EXAMPLE.com:8443', 'https example.com 8443 - h2,http/1.1'],
    ['example.com/path', 'https example.com 443 - h2,http/1.1'],
    ['example.com.', 'https example.com. 443 - h2,http/1.1'],
    ['example.com:8443', 'tls example.com 8443 - -'],
    ['tls://example.com:8443', 'tls example.com 8443 - -'],
    ['wss://example.com/socket', 'wss example.com 443 - http/1.1'],
    ['db:5432', 'postgres db 5432 postgres -'],
    ['db:3306', 'mysql db 3306 mysql -'],
    ['mail:25', 'smtp mail 25 smtp -'],
    ['mail:587', 'smtp mail 587 smtp -'],
    ['mail:465', 'smtps mail 465 - -'],
    ['mail:143', 'imap mail 143 imap -'],
    ['mail:993', 'imaps mail 993 - -'],
    ['mail:110', 'pop3 mail 110 pop3 -'],
    ['mail:995', 'pop3s mail 995 - -'],
    ['directory:389', 'ldap directory 389 ldap -'],
    ['directory:636', 'ldaps directory 636 - -'],
    ['postgresql://user:password@db/name', 'postgresql db 5432 postgres -'],
    ['postgres://db:6432,other:5432/name', 'postgres db 6432 postgres -'],
    ['postgres://db/name?a=b&sslnegotiation=direct', 'postgres db 5432 - postgresql'],
    ['mariadb://db', 'mariadb db 3306 mysql -'],
    ['smtps://mail', 'smtps mail 465 - -'],
    ['smtp://mail:587', 'smtp mail 587 smtp -'],
    ['imap://mail', 'imap mail 143 imap -'],
    ['pop3s://mail', 'pop3s mail 995 - -'],
    ['ldap://directory/dc=example', 'ldap directory 389 ldap -'],
    ['rediss://:password@cache', 'rediss cache 6379 - -'],
    ['mongodb://user:p%40ss@one:27018,two/name', 'mongodb one 27018 - -'],
    ['mongodb+tls://one', 'mongodb one 27017 - -'],
    ['amqps://broker', 'amqps broker 5671 - -'],
    ['mqtts://broker', 'mqtts broker 8883 - -'],
    ['::1', 'https ::1 443 - h2,http/1.1'],
    ['[::1]:5432', 'postgres ::1 5432 postgres -'],
    ['https://[2001:db8::1]:8443/', 'https 2001:db8::1 8443 - h2,http/1.1'],
    ['[fe80::1%25eth0]:443', 'https fe80::1%eth0 443 - h2,http/1.1'],
    ['192.0.2.7:8443', 'tls 192.0.2.7 8443 - -'],
    ['127.1', 'https 127.0.0.1 443 - h2,http/1.1'],
    ['https://bücher.example', 'https xn--bcher-kva.example 443 - h2,http/1.1'],
    ['postgres://BÜCHER.example', 'postgres xn--bcher-kva.example 5432 postgres -'],
    [new URL('https://user:password@example.com/'), 'https example.com 443 - h2,http/1.1'],
  ]) {
    it(String(target), () => assert.equal(summary(target), expected))
  }

  it('is overridden by options', () => {
    assert.equal(summary('host:2525', { starttls: 'smtp' }), 'smtp host 2525 smtp -')
    assert.equal(summary('https://host', { starttls: 'ldap' }), 'ldap host 443 ldap -')
    assert.equal(summary('postgres://host', { starttls: false }), 'postgres host 5432 - postgresql')
    assert.equal(summary('host:587', { starttls: false }), 'smtps host 587 - -')
    assert.deepEqual(targetOf('host', { connectTo: '[::1]:8443' }).connectTo, { host: '::1', port: 8443 })
    assert.deepEqual(targetOf('host:636', { connectTo: 'other' }).connectTo, { host: 'other', port: 636 })
  })

  it('has a name for SNI and one for the comparison, as in Node', () => {
    const names = (target, options) => Object.entries(targetOf(target, options)).filter(([key]) => ['servername', 'hostname'].includes(key)).map(([, value]) => value)
    assert.deepEqual(names('host'), ['host', 'host'])
    assert.deepEqual(names('192.0.2.7'), [undefined, '192.0.2.7'])
    assert.deepEqual(names('192.0.2.7', { servername: 'Bücher.example' }), ['xn--bcher-kva.example', 'xn--bcher-kva.example'])
    assert.deepEqual(names('host', { servername: '' }), [undefined, 'host'])
    assert.deepEqual(names('host', { servername: '192.0.2.7' }), [undefined, '192.0.2.7'])
  })

  it('is shown without what may be secret', () => {
    assert.equal(targetOf('https://user:hunter2@example.com/hooks/hunter2?key=hunter2').shown, 'https://example.com')
    assert.equal(targetOf('user:hunter2@example.com:8443').shown, 'example.com:8443')
    for (const target of ['http://user:hunter2@example.com/', 'ftp://user:hunter2@example.com', 'https://user:hunter2@', 'https://user:hun/ter2@host', 'mongodb+srv://u:hunter2@host', 'https://u:hunter2@ho st']) {
      const { message } = refusal(target)
      assert.ok(!message.includes('hunter2') && !message.includes('ter2'), message)
    }
  })

  it('without TLS is refused, and what to write instead is said', () => {
    for (const [target, instead] of [
      ['http://example.com:80/x', 'https://example.com'], ['http://example.com:8080', 'https://example.com:8080'], ['ws://[::1]:1234', 'wss://[::1]:1234'],
      ['redis://:x@cache:6379', 'rediss://cache:6379'], ['amqp://broker', 'amqps://broker'], ['mqtt://broker:1883', 'mqtts://broker'],
    ]) {
      const { code, message } = refusal(target)
      assert.equal(code, 'ERR_INVALID_ARG_VALUE')
      assert.ok(message.includes(`no TLS: write ${instead}. `), message)
    }
    assert.match(refusal('mongodb+srv://u:p@cluster.example').message, /DNS SRV record, which is not looked up here: ask `dig \+short SRV _mongodb\._tcp\.cluster\.example`/)
  })

  it('that is no address is refused at once, whatever it is', () => {
    const odd = [
      '', ' ', '//', 'https://', 'https:///x', 'host:0', 'host:65536', `host:${'9'.repeat(400)}`, 'host:x', '[::1', '[::1]x', '[host]:1', 'a b', 'a\nb', 'a\0b', 'a%41', 'a^b',
      'tls://host', 'x'.repeat(254), 'x'.repeat(10_000_000), `${'a.'.repeat(5_000_000)}b`, `https://${'@'.repeat(1_000_000)}`, ':'.repeat(8_000), '['.repeat(8_000), 'javascript:alert(1)',
    ]
    for (const target of odd) assert.equal(refusal(target).code, 'ERR_INVALID_ARG_VALUE', String(target).slice(0, 50))
    for (const target of [undefined, null, 1, true, Symbol('x'), () => {}]) assert.equal(refusal(target).code, 'ERR_INVALID_ARG_TYPE')
    assert.equal(refusal('host', { connectTo: 'https://other' }).code, 'ERR_INVALID_ARG_VALUE')
    assert.equal(refusal('host', { starttls: 'nntp' }).code, 'ERR_INVALID_ARG_VALUE')
    assert.equal(refusal('host', { starttls: true }).code, 'ERR_INVALID_ARG_TYPE')
  })
})

describe('a target that is no text', () => {
  it('can be a caught error', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED', address: '127.0.0.1', port: 5432 })
    assert.equal(summary(new TypeError('fetch failed', { cause: refused })), 'postgres 127.0.0.1 5432 postgres -')
    const mismatch = Object.assign(new Error('Hostname/IP does not match'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID', host: 'example.com', cert: { raw: Buffer.from([0x30, 0]) } })
    assert.equal(summary(mismatch), 'https example.com 443 - h2,http/1.1')
    delete mismatch.host
    assert.deepEqual(targetOf(mismatch).pieces, [Uint8Array.from([0x30, 0])])
    assert.match(refusal(new Error('self-signed certificate')).message, /neither a host nor a certificate/)
    assert.match(refusal({}).message, /neither a host nor a certificate/)
    assert.match(refusal(new Proxy({}, { get() { throw new Error('no') } })).message, /neither a host nor a certificate/)
  })

  it('can be certificates', () => {
    assert.deepEqual(targetOf(PEM), { kind: 'chain', shown: 'certificates', pieces: PEM, hostname: undefined })
    assert.deepEqual(targetOf(`Bag Attributes\n${PEM}`, { servername: 'Example.com' }).hostname, 'example.com')
    assert.equal(targetOf(Buffer.from([0x30, 0])).kind, 'chain')
    const root = { raw: Buffer.from([3]) }
    root.issuerCertificate = root
    const leaf = { raw: Buffer.from([1]), issuerCertificate: { raw: Buffer.from([2]), issuerCertificate: root } }
    assert.deepEqual(targetOf(leaf).pieces, [leaf.raw, leaf.issuerCertificate.raw, root.raw])
    const endless = () => ({ raw: Buffer.from([1]), get issuerCertificate() { return endless() } })
    assert.equal(targetOf(endless()).pieces.length, 100)
    const broken = { raw: Buffer.from([1]), get issuerCertificate() { throw new Error('no') } }
    assert.deepEqual(targetOf(broken).pieces, [broken.raw])
  })
})

describe('the proxy in between', () => {
  const https = (host = 'www.example.com', port = 443) => ({ protocol: 'https', host, port, isDirect: false })
  const shown = (endpoint, env) => proxyFor(endpoint, { env })?.shown

  it('is the option, for every protocol', () => {
    const { shown: place, ...proxy } = proxyFor({ ...https(), protocol: 'postgres' }, { proxy: 'http://us%40er:p%3Ass@[::1]:3128', env: {} })
    assert.deepEqual({ place, proxy }, {
      place: '[::1]:3128',
      proxy: { host: '::1', port: 3128, isTls: false, authorization: `Basic ${Buffer.from('us@er:p:ss').toString('base64')}` },
    })
    assert.deepEqual(proxyFor(https(), { proxy: 'proxy:3128' }), { host: 'proxy', port: 3128, isTls: false, shown: 'proxy:3128' })
    assert.deepEqual(proxyFor(https(), { proxy: 'https://proxy' }), { host: 'proxy', port: 443, isTls: true, shown: 'proxy:443' })
    assert.equal(proxyFor(https(), { proxy: false, env: { HTTPS_PROXY: 'http://proxy' } }), undefined)
    for (const proxy of ['', 'socks5://user:hunter2@proxy', 'http://u:hunter2@', 'http://u:hunter2%@proxy', 'http://u:hunter2@pro xy']) {
      assert.throws(() => proxyFor(https(), { proxy }), (error) => error.code === 'ERR_INVALID_ARG_VALUE' && !error.message.includes('hunter2'), proxy)
    }
  })

  it('is what Node takes from the environment', () => {
    assert.equal(shown(https(), { https_proxy: 'http://a:1', HTTPS_PROXY: 'http://b:1' }), 'a:1')
    assert.equal(shown(https(), { https_proxy: '', HTTPS_PROXY: 'http://b' }), 'b:80')
    for (const env of [{}, { HTTP_PROXY: 'http://a' }, { ALL_PROXY: 'http://a' }, { HTTPS_PROXY: 'a:1' }, { HTTPS_PROXY: 'socks://a' }]) assert.equal(shown(https(), env), undefined)
    for (const protocol of ['postgres', 'smtp', 'tls']) assert.equal(shown({ ...https(), protocol }, { HTTPS_PROXY: 'http://a' }), undefined)
    assert.equal(shown({ ...https(), protocol: 'wss' }, { HTTPS_PROXY: 'http://a' }), 'a:80')
    assert.equal(shown({ ...https(), isDirect: true }, { HTTPS_PROXY: 'http://a' }), undefined)
  })

  for (const [list, host, isBypassed] of NO_PROXY) {
    it(`NO_PROXY=${list} for ${host}`, () => {
      assert.equal(shown(https(host), { HTTPS_PROXY: 'http://a', NO_PROXY: list }) === undefined, isBypassed)
    })
  }
})
