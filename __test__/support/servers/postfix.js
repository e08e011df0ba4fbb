'use strict'

/**
 * A real Postfix that takes mail and delivers none, stopped by the test that started it. It can be started by root alone.
 *
 *   const server = await startPostfix({ certificate: leaf.chainPem, key: leaf.key.pem })
 *   server.port        // SMTP with STARTTLS
 *   server.tlsPort     // SMTP over TLS
 *   server.plainPort   // SMTP that offers no STARTTLS
 *   await server.stop()
 */

const { answers, freePort, startProgram } = require('./program')

/** What Debian leaves out of PATH. */
const MASTER = '/usr/lib/postfix/sbin/master'

/** Why there is none: give it to a test's `skip`; null when there is one. */
const unsupported = process.getuid?.() === 0 ? null : 'Postfix can be started by root alone'

/**
 * @param {{ certificate: string, key: string }} identity
 * @returns {Promise<{ port: number, tlsPort: number, plainPort: number, stop: () => Promise<void> }>}
 */
async function startPostfix({ certificate, key }) {
  const ports = [await freePort(), await freePort(), await freePort()]
  const [port, tlsPort, plainPort] = ports
  const { stop } = await startProgram(MASTER, {
    asRoot: true,
    files: (folder) => ({
      'server.pem': certificate,
      'server.key': key,
      'main.cf': settings(folder),
      'master.cf': services({ port, tlsPort, plainPort }),
      queue: {},
      data: {},
    }),
    async before(folder, prepare) {
      await prepare('chmod', ['755', folder])
      await prepare('chown', ['postfix', `${folder}/data`])
      await prepare('postfix', ['-c', folder, 'check'])
    },
    args: (folder) => ['-c', folder, '-s'],
    ready: async () => (await Promise.all([port, plainPort].map((each) => answers(each)))).every(Boolean),
  })
  return { port, tlsPort, plainPort, stop }
}

/** @param {string} folder */
const settings = (folder) => `
compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file = ${folder}/mail.log
maillog_file_prefixes = ${folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = localhost
mydestination =
alias_maps =
local_recipient_maps =
smtpd_relay_restrictions = reject
smtpd_tls_cert_file = ${folder}/server.pem
smtpd_tls_key_file = ${folder}/server.key
`

const services = ({ port, tlsPort, plainPort }) => `
postlog unix-dgram n - n - 1 postlogd
anvil unix - - n - 1 anvil
rewrite unix - - n - - trivial-rewrite
tlsmgr unix - - n 1000? 1 tlsmgr
127.0.0.1:${port} inet n - n - - smtpd -o smtpd_tls_security_level=may
127.0.0.1:${tlsPort} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
127.0.0.1:${plainPort} inet n - n - - smtpd -o smtpd_tls_security_level=none
`

module.exports = { startPostfix, unsupported }
