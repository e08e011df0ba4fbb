'use strict'

// Runs recipes one after the other in a fresh process, and says how each one ended. `{ extra, installed, tasks }` comes by standard input: the CA of
// the store, whether it is installed for the process, and `{ name, form, target }`.

const fs = require('node:fs')
const path = require('node:path')

const { nameOf, recipes } = require('../index.js')
const { said } = require('./said.js')

/** Far above what any recipe takes. */
const LIMIT = 15_000
const DISPATCHERS = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')]

async function attempt({ name, form, target }, store) {
  const recipe = recipes.find((one) => nameOf(one) === name)
  const code = form === 'code' || form === 'unchanged' ? recipe[form] : recipe.pitfalls[form].code
  if (target.proxy) process.env.HTTPS_PROXY = target.proxy
  else delete process.env.HTTPS_PROXY
  let timer
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error('it came to no end')), LIMIT) })
  const stray = []
  const listen = (error) => stray.push(said(error))
  process.on('uncaughtException', listen)
  process.on('unhandledRejection', listen)
  try {
    await Promise.race([code({ store, ...target }), late])
    return { ok: true, stray }
  } catch (error) {
    return { ok: false, error: said(error), stray }
  } finally {
    clearTimeout(timer)
    // What comes too late for `await` comes now.
    await new Promise((resolve) => setImmediate(resolve))
    process.off('uncaughtException', listen)
    process.off('unhandledRejection', listen)
  }
}

async function main() {
  const { extra, installed, tasks } = JSON.parse(fs.readFileSync(0, 'utf8'))
  const { loadTrustStoreSync } = require('trust-anchors')
  const store = loadTrustStoreSync({ extra, system: false })
  if (installed) store.install()
  // undici's dispatcher is the process's: one recipe's must not serve the next. It is there once fetch has been used.
  await fetch('data:,')
  const dispatchers = DISPATCHERS.filter((symbol) => globalThis[symbol] !== undefined).map((symbol) => [symbol, globalThis[symbol]])
  const results = []
  for (const task of tasks) {
    results.push(await attempt(task, store))
    for (const [symbol, dispatcher] of dispatchers) globalThis[symbol] = dispatcher
  }
  fs.writeFileSync(path.resolve(process.argv[2]), JSON.stringify(results))
  // Clients that were refused may still be trying.
  process.exit(0)
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
