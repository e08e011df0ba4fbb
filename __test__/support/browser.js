'use strict'

/**
 * A Chromium without a window, for the pages that the command line writes. Nothing is fetched but from the files of the test.
 *
 *   const { browser, close } = await openBrowser()
 *   await close()
 *
 * playwright-core and axe-core are at the versions that `__test__/browser/package-lock.json` pins, installed by the first use; the browser is Debian's
 * package `chromium`, or what `CHROMIUM_PATH` names.
 */

const { existsSync, readFileSync } = require('node:fs')
const path = require('node:path')

const { cleanEnvironment } = require('./environment')
const { installOnce } = require('./install-once')

const FOLDER = path.join(__dirname, '..', 'browser')
const BINARIES = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const ARGUMENTS = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-gpu']

const installed = (name) => {
  installOnce(FOLDER)
  return path.join(FOLDER, 'node_modules', name)
}

async function openBrowser() {
  const executablePath = BINARIES.find((binary) => binary !== undefined && existsSync(binary))
  if (executablePath === undefined) throw new Error("the test of the page needs Chromium: install Debian's package chromium, or set CHROMIUM_PATH")
  const { chromium } = require(installed('playwright-core'))
  // Chromium's own sandbox does not start for root, who runs tests in containers.
  const isRoot = process.getuid?.() === 0
  const browser = await chromium.launch({ executablePath, chromiumSandbox: !isRoot, args: ARGUMENTS, env: cleanEnvironment() })
  return { browser, close: () => browser.close() }
}

/** The text of axe-core, to be run in a page. */
const accessibilityScript = () => readFileSync(path.join(installed('axe-core'), 'axe.min.js'), 'utf8')

module.exports = { accessibilityScript, openBrowser }
