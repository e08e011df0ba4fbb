'use strict'

// The store for other programs: a bundle in a file, and the variables by which each of them finds it.

const { createHash, randomBytes } = require('node:crypto')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const { invalidType, invalidValue, validateObject, validateString } = require('./validate.js')

/**
 * Which variables each tool reads; docs/run.md says in which version each was tried. What each of them names replaces what the tool trusts by itself, except
 * Node's and Deno's, which add to it; the bundle holds all there is.
 */
const TOOLS = /** @type {const} */ ({
  node: ['NODE_EXTRA_CA_CERTS'],
  openssl: ['SSL_CERT_FILE'],
  curl: ['CURL_CA_BUNDLE'],
  git: ['GIT_SSL_CAINFO'],
  npm: ['npm_config_cafile'],
  yarn: ['npm_config_cafile', 'YARN_HTTPS_CA_FILE_PATH'],
  // Up to 10, 11, and 12, which is no Node program.
  pnpm: ['npm_config_cafile', 'pnpm_config_cafile', 'NODE_EXTRA_CA_CERTS'],
  pip: ['PIP_CERT'],
  requests: ['REQUESTS_CA_BUNDLE'],
  aws: ['AWS_CA_BUNDLE'],
  cargo: ['CARGO_HTTP_CAINFO'],
  deno: ['DENO_CERT'],
  bun: ['NODE_EXTRA_CA_CERTS'],
  go: ['SSL_CERT_FILE'],
  ruby: ['SSL_CERT_FILE'],
})

const NAMES = /** @type {(keyof typeof TOOLS)[]} */ (Object.keys(TOOLS))
/** Every variable, each once. */
const VARIABLES = [...new Set(NAMES.flatMap((name) => [...TOOLS[name]]))]

const BUNDLE = /^[0-9a-f]{64}\.pem$/
const KEPT_FOR = 30 * 24 * 60 * 60 * 1000

/**
 * The per-user folder for what can be made again.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function cacheFolder(env) {
  if (process.platform === 'win32') return path.join(env.LOCALAPPDATA || path.join(os.homedir(), 'AppData', 'Local'), 'trust-anchors')
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches', 'trust-anchors')
  // A relative one counts for nothing (XDG Base Directory Specification).
  const given = env.XDG_CACHE_HOME
  return path.join(given !== undefined && path.isAbsolute(given) ? given : path.join(os.homedir(), '.cache'), 'trust-anchors')
}

/**
 * Makes the folder, and makes sure that nobody else can put a bundle into it.
 *
 * @param {string} folder
 */
function ownFolder(folder) {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (process.platform === 'win32') return
  const { mode, uid } = fs.statSync(folder)
  if (uid !== process.getuid?.()) throw failed(`\`${folder}\` belongs to another user, who could change what is trusted: name another directory`)
  if ((mode & 0o022) !== 0) fs.chmodSync(folder, mode & 0o755)
}

/** @param {string} message */
function failed(message) {
  return Object.assign(new Error(message), { code: 'ERR_TRUST_ANCHORS_FAILED' })
}

/**
 * The text in a file that is named by what it holds. A file that is there and holds it is used again.
 *
 * @param {string} folder
 * @param {string} text
 */
function bundleFile(folder, text) {
  ownFolder(folder)
  const name = `${createHash('sha256').update(text).digest('hex')}.pem`
  const file = path.join(folder, name)
  if (isText(file, text)) {
    // Bundles in use stay young.
    fs.utimesSync(file, new Date(), new Date())
  } else {
    const temporary = path.join(folder, `.${name}.${randomBytes(6).toString('hex')}`)
    try {
      fs.writeFileSync(temporary, text, { flag: 'wx', mode: 0o644 })
      fs.renameSync(temporary, file)
    } finally {
      fs.rmSync(temporary, { force: true })
    }
  }
  removeOld(folder, name)
  return file
}

/** @param {string} file @param {string} text */
function isText(file, text) {
  const found = fs.lstatSync(file, { throwIfNoEntry: false })
  return found !== undefined && found.isFile() && found.size === Buffer.byteLength(text) && fs.readFileSync(file, 'utf8') === text
}

/** @param {string} folder @param {string} current */
function removeOld(folder, current) {
  const before = Date.now() - KEPT_FOR
  for (const name of fs.readdirSync(folder)) {
    if (name === current || !BUNDLE.test(name)) continue
    const file = path.join(folder, name)
    const found = fs.statSync(file, { throwIfNoEntry: false })
    if (found !== undefined && found.mtimeMs < before) fs.rmSync(file, { force: true })
  }
}

/**
 * @param {unknown} tools
 * @returns {readonly (keyof typeof TOOLS)[]}
 */
function toolsOf(tools) {
  if (tools === undefined) return NAMES
  if (!Array.isArray(tools)) throw invalidType('options.tools', 'an instance of Array', tools)
  return tools.map((tool, index) => {
    const known = NAMES.find((name) => name === tool)
    if (known === undefined) throw invalidValue(`options.tools[${index}]`, `must be one of: ${NAMES.map((name) => `'${name}'`).join(', ')}`, tool)
    return known
  })
}

/**
 * @param {import('../index.js').TrustStore} [store]
 * @param {import('../index.js').ChildEnvOptions} [options]
 * @returns {Record<string, string>}
 */
function childEnv(store, options) {
  const given = validateObject(options, 'options')
  const tools = toolsOf(given.tools)
  const env = given.env === undefined ? process.env : validateObject(given.env, 'options.env')
  const folder = given.directory === undefined ? cacheFolder(/** @type {NodeJS.ProcessEnv} */ (env)) : validateString(given.directory, 'options.directory')
  const { TrustStore, loadTrustStoreSync } = require('./trust-store.js')
  if (store !== undefined && !(store instanceof TrustStore)) throw invalidType('store', 'an instance of TrustStore', store)
  const text = (store ?? loadTrustStoreSync()).toPem()
  if (text === '') throw failed('the store holds no certificate, and an empty bundle would make every connection fail')
  const file = bundleFile(path.resolve(folder), text)
  return Object.fromEntries([...new Set(tools.flatMap((tool) => [...TOOLS[tool]]))].map((name) => [name, file]))
}

module.exports = { TOOLS, VARIABLES, childEnv }
