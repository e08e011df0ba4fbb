'use strict'

// Makes docs/images/diagnosis.png: the page of a real diagnosis, of an nginx that sends its own certificate alone. Needs nginx and Chromium.
//
//   node scripts/screenshot.js         the picture, and on stdout what a terminal shows of the same server

const fs = require('node:fs')
const http = require('node:http')
const os = require('node:os')
const path = require('node:path')

const { openBrowser } = require('../__test__/support/browser')
const { runNode } = require('../__test__/support/environment')
const { startNginx } = require('../__test__/support/nginx')
const { certificate } = require('../__test__/support/pki')

const SHOWN = { width: 980, height: 1270 }

async function main() {
  const folder = path.join(os.tmpdir(), 'acme')
  // Shown in the picture, so a name that people may have; it must not be there yet.
  fs.mkdirSync(folder)
  const root = certificate({ subject: { O: 'Acme Corp', CN: 'Acme Root CA' }, ca: true, notBefore: '2020-01-01', notAfter: '2040-01-01' })
  const issuer = root.issue({ subject: { O: 'Acme Corp', CN: 'Acme Issuing CA' }, ca: true, pathLength: 0, notBefore: '2024-01-01', notAfter: '2034-01-01' })
  const published = http.createServer((_, response) => response.end(issuer.der)).listen(0, '127.0.0.1')
  await new Promise((resolve) => published.once('listening', resolve))
  const place = `http://localhost:${published.address().port}/acme-issuing.crt`
  const leaf = issuer.issue({ subject: 'api.acme.test', altNames: ['DNS:api.acme.test'], server: true, notBefore: '2026-06-01', notAfter: '2027-06-01', issuerAddresses: [place] })
  const nginx = await startNginx({ certificate: leaf.pem, key: leaf.key.pem })
  const page = path.join(folder, 'diagnosis.html')
  fs.writeFileSync(path.join(folder, 'acme-root.pem'), root.pem)
  try {
    const args = ['diagnose', `api.acme.test:${nginx.port}`, '--connect-to', `127.0.0.1:${nginx.port}`, '--fetch-missing', '--write-ca', 'acme-ca.pem', '--html', page]
    const { stdout } = await runNode(process.execPath, [path.join(__dirname, '..', 'bin', 'trust-anchors.js'), ...args], { cwd: folder, env: { NODE_EXTRA_CA_CERTS: path.join(folder, 'acme-root.pem') } })
    console.log(stdout)
    const { browser, close } = await openBrowser()
    const shown = await (await browser.newContext({ viewport: SHOWN, colorScheme: 'light' })).newPage()
    await shown.goto(`file://${page}`)
    const image = path.join(__dirname, '..', 'docs', 'images', 'diagnosis.png')
    fs.mkdirSync(path.dirname(image), { recursive: true })
    await shown.screenshot({ path: image })
    await close()
  } finally {
    await nginx.stop()
    published.close()
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

main()
