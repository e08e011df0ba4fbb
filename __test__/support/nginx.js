'use strict'

/**
 * A real nginx on loopback, stopped by the test that started it.
 *
 *   const server = await startNginx({ certificate: leaf.chainPem, key: leaf.key.pem })
 *   server.port
 *   await server.stop()
 */

const { spawn } = require('node:child_process')
const fs = require('node:fs')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const { once } = require('node:events')

/** A port that nothing listens on at this moment. */
async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

const accepts = (port) => new Promise((resolve) => {
  const socket = net.connect(port, '127.0.0.1')
  socket.once('connect', () => { socket.destroy(); resolve(true) })
  socket.once('error', () => resolve(false))
})

async function startNginx({ certificate, key, body = 'hello' }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nginx-'))
  const port = await freePort()
  fs.writeFileSync(path.join(folder, 'chain.pem'), certificate)
  fs.writeFileSync(path.join(folder, 'key.pem'), key, { mode: 0o600 })
  fs.writeFileSync(path.join(folder, 'nginx.conf'), `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${folder}/chain.pem;
    ssl_certificate_key ${folder}/key.pem;
    ssl_session_cache shared:tests:1m;
    location / { return 200 "${body}"; }
  }
}
`)
  const child = spawn('nginx', ['-p', folder, '-c', path.join(folder, 'nginx.conf')], { stdio: ['ignore', 'ignore', 'pipe'] })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  let log = ''
  child.stderr.on('data', (chunk) => { log += chunk })
  const failed = new Promise((_, reject) => {
    child.once('error', (error) => reject(new Error(`nginx cannot be started: ${error.message}`)))
    child.once('exit', () => reject(new Error(`nginx ended early: ${log}`)))
  })
  failed.catch(() => {})
  const listening = (async () => {
    while (!(await accepts(port))) await new Promise((resolve) => setTimeout(resolve, 20))
  })()
  await Promise.race([listening, failed])
  return {
    port,
    async stop() {
      process.removeListener('exit', kill)
      if (child.exitCode === null) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

module.exports = { freePort, startNginx }
