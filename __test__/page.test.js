'use strict'

// The page of a diagnosis, in a real browser: what it shows, that it loads nothing, and that everybody can use it.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, it } = require('node:test')
const { pathToFileURL } = require('node:url')

const { diagnose } = require('..')
const { html } = require('../lib/reporters/html')
const { accessibilityScript, openBrowser } = require('./support/browser')
const { runNode } = require('./support/environment')
const { refusedPort, tlsServer } = require('./support/loopback')
const { certificate } = require('./support/pki')

const TIME = '2026-06-01T00:00:00Z'
const HOSTILE = '<script>document.title = "taken"</script><img src=x onerror=alert(1)>\u202egnp.exe'

describe('the page of a diagnosis', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'page-'))
  const root = certificate({ subject: { O: 'Example', CN: 'Example Root' }, ca: true })
  const issuer = root.issue({ subject: { O: 'Example', CN: HOSTILE }, ca: true, notAfter: '2030-01-01' })
  const leaf = issuer.issue({ subject: 'localhost', altNames: ['DNS:localhost'], server: true, notBefore: '2026-05-01', notAfter: '2026-08-01' })
  const expired = issuer.issue({ subject: 'localhost', altNames: ['DNS:localhost'], server: true, notBefore: '2026-01-01', notAfter: '2026-04-01' })
  const servers = []
  let chromium
  let diagnoses

  const serve = async (presented, key) => {
    const server = await tlsServer({ cert: presented.map(({ pem }) => pem).join(''), key: key.pem })
    servers.push(server)
    return `localhost:${server.port}`
  }

  before(async () => {
    chromium = await openBrowser()
    const options = { ca: root.pem, time: TIME, connectTo: '127.0.0.1', observe: false }
    const nobody = await refusedPort()
    servers.push(nobody)
    const targets = [
      await serve([leaf], leaf.key),
      await serve([leaf, issuer, root], leaf.key),
      await serve([expired, issuer], expired.key),
      `localhost:${nobody.port}`,
    ]
    diagnoses = []
    for (const target of targets) diagnoses.push(await diagnose(target, options))
  })

  after(async () => {
    await chromium?.close()
    for (const server of servers) await server.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  /** Opens the page as a file, as a person would, and notes whatever it asks for and complains of. */
  async function open(shown, context = {}) {
    const file = path.join(folder, `${Math.random().toString(36).slice(2)}.html`)
    fs.writeFileSync(file, html(shown, { time: TIME }))
    const session = await chromium.browser.newContext({ viewport: { width: 1100, height: 900 }, ...context })
    const page = await session.newPage()
    const asked = []
    const complaints = []
    page.on('request', (request) => asked.push(request.url()))
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('dialog', (dialog) => (complaints.push(`dialog ${dialog.message()}`), dialog.dismiss()))
    await page.goto(pathToFileURL(file).href)
    return { page, asked, complaints, url: pathToFileURL(file).href, close: () => session.close() }
  }

  it('asks for nothing but itself, and complains of nothing', async () => {
    for (const shown of [...diagnoses.map((one) => [one]), diagnoses]) {
      const { asked, complaints, url, close } = await open(shown)
      assert.deepEqual(asked, [url])
      assert.deepEqual(complaints, [])
      await close()
    }
  })

  it('shows a hostile name as text', async () => {
    const { page, close } = await open([diagnoses[0]])
    assert.match(await page.title(), /^localhost:\d+: UNABLE_TO_VERIFY_LEAF_SIGNATURE$/)
    assert.equal(await page.locator('img').count(), 0)
    const text = await page.locator('main').innerText()
    assert.ok(text.includes('<img src=x onerror=alert(1)>\\u{202e}gnp.exe'), text.slice(0, 600))
    await close()
  })

  it('says what is wrong, where on the chain, and how it is mended', async () => {
    const { page, close } = await open([diagnoses[0]])
    assert.equal(await page.locator('h1').innerText(), diagnoses[0].target)
    assert.match(await page.locator('.answer').innerText(), /Node \S+ does not connect: UNABLE_TO_VERIFY_LEAF_SIGNATURE/)
    assert.match(await page.locator('.chain .fault').innerText(), /localhost[\s\S]*UNABLE_TO_VERIFY_LEAF_SIGNATURE/)
    assert.match(await page.locator('.chain .missing').innerText(), /not sent, and not in the trust store/)
    assert.equal(await page.locator('article.finding').count(), diagnoses[0].findings.length)
    assert.ok((await page.locator('tbody tr').count()) >= 5, 'the perspectives')
    await close()
    const late = await open([diagnoses[2]])
    assert.match(await late.page.locator('svg').textContent(), /expired/)
    await late.close()
    const none = await open([diagnoses[3]])
    assert.match(await none.page.locator('.answer').innerText(), /ECONNREFUSED|refused/)
    await none.close()
    const good = await open([diagnoses[1]])
    assert.match(await good.page.locator('.answer').innerText(), /Node \S+ connects/)
    await good.close()
  })

  it('copies a fix by mouse and by keyboard', async () => {
    const { page, close } = await open([diagnoses[0]], { permissions: ['clipboard-read', 'clipboard-write'] })
    const button = page.locator('.snippet button').first()
    const wanted = (await page.locator('.snippet pre').first().innerText()).trim()
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
    await button.click()
    await page.locator('#said', { hasText: 'Copied' }).waitFor()
    assert.equal((await clipboard()).trim(), wanted)
    await page.evaluate(() => navigator.clipboard.writeText(''))
    await button.focus()
    await page.keyboard.press('Enter')
    await page.waitForFunction(async () => (await navigator.clipboard.readText()) !== '')
    assert.equal((await clipboard()).trim(), wanted)
    await close()
  })

  it('is in order for axe, light and dark, on a desk and on a phone, and no wider than the screen', async () => {
    for (const colorScheme of ['light', 'dark']) {
      for (const viewport of [{ width: 1100, height: 900 }, { width: 360, height: 740 }]) {
        for (const shown of [[diagnoses[0]], diagnoses]) {
          const { page, close } = await open(shown, { colorScheme, viewport, bypassCSP: true })
          await page.evaluate(accessibilityScript())
          const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'] }))
          const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html: element }) => element.slice(0, 120)).join(' | ')}`)
          assert.deepEqual(found, [], `${colorScheme}, ${viewport.width}`)
          const width = await page.evaluate(() => document.documentElement.scrollWidth)
          assert.ok(width <= viewport.width, `${width} on ${viewport.width}`)
          const picture = await page.screenshot({ fullPage: true })
          assert.ok(picture.length > 10_000)
          if (process.env.TRUST_ANCHORS_SCREENSHOTS) fs.writeFileSync(path.join(process.env.TRUST_ANCHORS_SCREENSHOTS, `${colorScheme}-${viewport.width}-${shown.length}-${shown[0].ok}.png`), picture)
          await close()
        }
      }
    }
  })

  it('is written by the command line, of servers and of files, and never over another file by accident', async () => {
    const ca = path.join(folder, 'root.pem')
    const chain = path.join(folder, 'chain.pem')
    const out = path.join(folder, 'out.html')
    fs.writeFileSync(ca, root.pem)
    fs.writeFileSync(chain, leaf.pem)
    const run = (...args) => runNode(process.execPath, [path.join(__dirname, '..', 'bin', 'trust-anchors.js'), 'diagnose', '--ca', ca, '--at', '2026-06-01', ...args])
    const live = await run(diagnoses[0].target, '--connect-to', '127.0.0.1', '--html', out)
    assert.equal(live.status, 1)
    assert.match(live.stderr, /note: wrote .*out\.html/)
    assert.match(fs.readFileSync(out, 'utf8'), /Node \S+ does not connect: UNABLE_TO_VERIFY_LEAF_SIGNATURE/)
    const again = await run(chain, '--hostname', 'localhost', '--html', out)
    assert.equal(again.status, 2)
    assert.match(again.stderr, /exists already/)
    const forced = await run(chain, '--hostname', 'localhost', '--html', out, '--force')
    assert.equal(forced.status, 1)
    assert.match(fs.readFileSync(out, 'utf8'), /Node \S+ refuses this chain: UNABLE_TO_VERIFY_LEAF_SIGNATURE/)
  })

  it('has an index where there is more than one target', async () => {
    const { page, close } = await open(diagnoses)
    assert.equal(await page.locator('h1').innerText(), '4 TLS endpoints')
    await page.getByRole('link', { name: diagnoses[2].target }).click()
    assert.match(page.url(), /#target-3$/)
    await close()
  })
})
