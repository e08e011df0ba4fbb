'use strict'

// A server in a process of its own, whose private root every client process trusts through NODE_EXTRA_CA_CERTS. It answers with one octet over TLS, or
// with a short response over HTTPS, and closes.

const { spawn } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const { cleanEnvironment } = require('../__test__/support/environment')
const { nodePath } = require('../__test__/support/nodes')
const { standardPki } = require('../__test__/support/pki')

const SERVER = `
  const { protocol, cert, key, clientCa } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
  const asking = clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true }
  const options = { cert, key, maxVersion: 'TLSv1.3', ...asking }
  const server = protocol === 'https'
    ? require('node:https').createServer(options, (request, response) => response.writeHead(200, { Connection: 'close' }).end('x'))
    : require('node:tls').createServer(options, (socket) => socket.on('error', () => {}).end('x'))
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1', 1024, () => console.log(server.address().port))
`

/**
 * @template Result
 * @param {{ protocol: 'tls' | 'https', asksForCertificate?: boolean }} how
 * @param {(server: { port: number, env: Record<string, string>, client: { cert: string, key: string } }) => Result | Promise<Result>} use `client`: a
 *   certificate that the server accepts where it asks for one.
 * @returns {Promise<Result>}
 */
async function withServer({ protocol, asksForCertificate = false }, use) {
  const { root, leaf } = standardPki()
  const client = root.issue({ subject: 'client', extendedKeyUsage: ['clientAuth'] })
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'benchmark-'))
  const extra = path.join(folder, 'root.pem')
  fs.writeFileSync(extra, root.pem)
  const server = spawn(nodePath(24), ['-e', SERVER], { env: cleanEnvironment(), stdio: ['pipe', 'pipe', 'inherit'] })
  try {
    server.stdin.end(JSON.stringify({ protocol, cert: leaf.chainPem, key: leaf.key.pem, clientCa: asksForCertificate ? root.pem : undefined }))
    const [line] = await once(server.stdout, 'data')
    return await use({ port: Number(String(line)), env: { NODE_EXTRA_CA_CERTS: extra }, client: { cert: client.pem, key: client.key.pem } })
  } finally {
    server.kill()
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

module.exports = { withServer }
