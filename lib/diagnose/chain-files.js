'use strict'

// What a server should send, and where servers take it from.

/**
 * @typedef {import('../../index.js').Certificate} Certificate
 * @typedef {import('../../index.js').Fix} Fix
 * @typedef {NonNullable<Fix['commands']>} Commands
 */

const CHAIN = '/etc/ssl/fullchain.pem'
const KEY = '/etc/ssl/server.key'

/** @type {Commands} */
const WEB = [
  { shell: 'config', platform: 'nginx', text: `ssl_certificate     ${CHAIN};\nssl_certificate_key ${KEY};` },
  // From 2.4.8 on; SSLCertificateChainFile is obsolete.
  { shell: 'config', platform: 'Apache', text: `SSLCertificateFile    ${CHAIN}\nSSLCertificateKeyFile ${KEY}` },
  { shell: 'config', platform: 'HAProxy', text: `# cat ${CHAIN} ${KEY} > /etc/haproxy/site.pem\nbind :443 ssl crt /etc/haproxy/site.pem` },
  {
    shell: 'javascript',
    platform: 'Node',
    text: `https.createServer({ cert: fs.readFileSync('${CHAIN}'), key: fs.readFileSync('${KEY}') })`,
  },
]

/** @type {Commands} */
const POSTGRES = [{ shell: 'config', platform: 'postgresql.conf', text: `ssl_cert_file = '${CHAIN}'\nssl_key_file = '${KEY}'` }]
/** @type {Commands} */
const MYSQL = [{ shell: 'config', platform: 'my.cnf', text: `[mysqld]\nssl_cert = ${CHAIN}\nssl_key = ${KEY}` }]
/** @type {Commands} */
const POSTFIX = [{ shell: 'config', platform: 'Postfix', text: `smtpd_tls_cert_file = ${CHAIN}\nsmtpd_tls_key_file = ${KEY}` }]
/** @type {Commands} */
const DOVECOT = [{ shell: 'config', platform: 'Dovecot 2.3', text: `ssl_cert = <${CHAIN}\nssl_key = <${KEY}` }]

/** @type {Record<string, Commands>} */
const BY_PROTOCOL = {
  postgres: POSTGRES, postgresql: POSTGRES, mysql: MYSQL, mariadb: MYSQL, smtp: POSTFIX, smtps: POSTFIX, imap: DOVECOT, imaps: DOVECOT, pop3: DOVECOT, pop3s: DOVECOT,
}

/**
 * The server's fix: its whole chain in one file.
 *
 * @param {Certificate[]} chain The server's own certificate first, without the root.
 * @param {string | undefined} protocol
 * @returns {Fix}
 */
function serverFix(chain, protocol) {
  const intermediates = chain.slice(1).map(({ subject }) => `\`${subject}\``)
  return {
    title: `On the server, send the whole chain: its own certificate, then ${intermediates.join(', then ')}. Write this to ${CHAIN}, and reload the server`,
    commands: BY_PROTOCOL[protocol ?? ''] ?? WEB,
    pem: chain.map(({ pem }) => pem).join(''),
  }
}

module.exports = { serverFix }
