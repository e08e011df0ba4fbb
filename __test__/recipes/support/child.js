'use strict'

// Runs recipes one after the other in a fresh process, and says how each one ended. `{ extra, other, installed, tasks }` comes by standard input: the CA of
// the store and one that is not in it, whether the store is installed for the process, and for each recipe `{ name, form, target }`, or `{ library, way, target }` for a
// library that is given the CA in a place of its options.

const fs = require('node:fs')
const path = require('node:path')

const { nameOf, recipes } = require('../index.js')
const { libraries, optionsOf } = require('../places.js')
const { said } = require('./said.js')

/** Far above what any recipe takes. */
const LIMIT = 15_000
const DISPATCHERS = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')]

function codeOf({ name, form }) {
  const recipe = recipes.find((one) => nameOf(one) === name)
  return form === 'code' || form === 'unchanged' ? recipe[form] : recipe.pitfalls[form].code
}

/** With what `inspectTlsOptions` says of the options, which a library may change. */
async function attemptIn({ library: name, way, target }, { extra, other, store }) {
  const library = libraries.find(({ library }) => library === name)
  const known = { ...target, ca: fs.readFileSync(extra, 'utf8'), other: fs.readFileSync(other, 'utf8'), file: extra }
  const make = () => optionsOf(library, way, known)
  const result = await attempt(({ store: _, ...to }) => library.connect(make(), to), target, store)
  const findings = await require('trust-anchors').inspectTlsOptions(make(), { library: name })
  return { ...result, rules: findings.map(({ rule }) => rule) }
}

async function attempt(code, target, store) {
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
  const { extra, other, installed, tasks } = JSON.parse(fs.readFileSync(0, 'utf8'))
  const { loadTrustStoreSync } = require('trust-anchors')
  const store = loadTrustStoreSync({ extra, system: false })
  if (installed) store.install()
  // undici's dispatcher is the process's: one recipe's must not serve the next. It is there once fetch has been used.
  await fetch('data:,')
  const dispatchers = DISPATCHERS.filter((symbol) => globalThis[symbol] !== undefined).map((symbol) => [symbol, globalThis[symbol]])
  const results = []
  for (const task of tasks) {
    results.push(await ('way' in task ? attemptIn(task, { extra, other, store }) : attempt(codeOf(task), task.target, store)))
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
