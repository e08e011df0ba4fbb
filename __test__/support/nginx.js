'use strict'

/**
 * A real nginx on loopback, stopped by the test that started it.
 *
 *   const server = await startNginx({ certificate: leaf.chainPem, key: leaf.key.pem })
 *   server.port
 *   await server.stop()
 *
 *   const server = await startNginxListeners({ good: { … }, leafOnly: { … }, named: [{ … }, { …, name: 'b.test' }] })
 *   server.ports.leafOnly
 */

const { accepts, freePort, startProgram } = require('./servers/program')

/**
 * @typedef {object} Site
 * @property {string} certificate PEM, as it is to be sent
 * @property {string} key PEM
 * @property {string} [name] the server name it answers to; the first site of a port also answers to all others
 * @property {string} [clientAuthorities] PEM; the authorities of client certificates, which are then asked for
 * @property {'on' | 'optional'} [verifyClient]
 * @property {boolean} [plain] it speaks HTTP where TLS is expected
 * @property {string} [settings] more directives
 * @property {string} [body] what it answers
 */

/** @param {Site} site @returns {Promise<{ port: number, stop: () => Promise<void> }>} */
async function startNginx(site) {
  const { ports, stop } = await startNginxListeners({ only: site })
  return { port: ports.only, stop }
}

/**
 * @param {Record<string, Site | Site[]>} listeners one port each
 * @returns {Promise<{ ports: Record<string, number>, stop: () => Promise<void> }>}
 */
async function startNginxListeners(listeners) {
  const ports = {}
  const files = {}
  const servers = []
  for (const [name, sites] of Object.entries(listeners)) {
    ports[name] = await freePort()
    for (const [index, site] of [sites].flat().entries()) servers.push(serverBlock(`${name}-${index}`, ports[name], site, files))
  }
  files['nginx.conf'] = `
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr warn;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_session_cache shared:tests:1m;
${servers.join('')}}
`
  const { stop } = await startProgram('nginx', {
    files: () => files,
    args: (folder) => ['-p', folder, '-c', `${folder}/nginx.conf`, '-e', 'stderr'],
    ready: async () => (await Promise.all(Object.values(ports).map(accepts))).every(Boolean),
  })
  return { ports, stop }
}

function serverBlock(id, port, { certificate, key, name, clientAuthorities, verifyClient = 'on', plain = false, settings = '', body = 'hello' }, files) {
  files[`${id}.pem`] = certificate
  files[`${id}.key`] = key
  if (clientAuthorities) files[`${id}-clients.pem`] = clientAuthorities
  return `  server {
    listen 127.0.0.1:${port}${plain ? '' : ' ssl'};
    ${name ? `server_name ${name};` : ''}
    ssl_certificate ${id}.pem;
    ssl_certificate_key ${id}.key;
    ${clientAuthorities ? `ssl_client_certificate ${id}-clients.pem; ssl_verify_client ${verifyClient};` : ''}
    ${settings}
    location / { return 200 "${body.replaceAll('"', '\\"')}"; }
  }
`
}

module.exports = { startNginx, startNginxListeners }
