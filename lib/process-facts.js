'use strict'

// What this process is, gathered for the preflight: nothing is judged here, and neither `tls` nor any other module with effects is loaded.

const fs = require('node:fs')
const path = require('node:path')

const { runtime } = require('./runtime.js')

/**
 * @typedef {import('../binding.js').PreflightFacts} PreflightFacts
 * @typedef {import('../binding.js').PreflightEnvFile} PreflightEnvFile
 */

// The variables that env files are searched for.
const VARIABLES = [
  'NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS', 'NODE_TLS_REJECT_UNAUTHORIZED', 'NODE_USE_SYSTEM_CA', 'OPENSSL_CONF', 'SSL_CERT_DIR', 'SSL_CERT_FILE',
]
const workingDirectoryAtLoad = workingDirectory()

/** The working directory; the root when it has been removed. */
function workingDirectory() {
  try {
    return process.cwd()
  } catch {
    return path.parse(__dirname).root
  }
}

/**
 * Without the entries whose value is no text. Windows takes a name in any case.
 *
 * @param {Record<string, unknown>} env
 * @returns {Record<string, string>}
 */
function textValues(env) {
  /** @type {Record<string, string>} */
  const values = {}
  for (const name of Object.keys(env)) {
    const value = env[name]
    if (typeof value === 'string') values[process.platform === 'win32' ? name.toUpperCase() : name] = value
  }
  return values
}

/**
 * The variables that the process was started with, before env files and the program added theirs. Linux keeps them.
 *
 * @returns {Record<string, string> | undefined}
 */
function environmentAtStart() {
  if (process.platform !== 'linux') return undefined
  let text
  try {
    text = fs.readFileSync('/proc/self/environ', 'utf8')
  } catch {
    // A privileged process may not read it, and /proc need not be mounted.
    return undefined
  }
  /** @type {Record<string, string>} */
  const values = {}
  for (const entry of text.split('\0')) {
    const end = entry.indexOf('=')
    // Of a name that stands there twice, getenv finds the first.
    if (end > 0 && !Object.hasOwn(values, entry.slice(0, end))) values[entry.slice(0, end)] = entry.slice(end + 1)
  }
  return values
}

/**
 * What `util.parseEnv` gives, for Nodes before 20.12. The forms that name a certificate file are simple.
 *
 * @param {string} text
 */
function parseSimple(text) {
  /** @type {Record<string, string>} */
  const values = {}
  for (const line of text.split('\n')) {
    const [, name, raw = ''] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*=\s*(.*)$/.exec(line) ?? []
    if (name === undefined) continue
    const quoted = /^(["'`])(.*?)\1/.exec(raw)
    values[name] = quoted ? (quoted[2] ?? '') : raw.replace(/\s*#.*$/, '').trim()
  }
  return values
}

/**
 * @param {string} file
 * @returns {PreflightEnvFile | undefined}
 */
function envFile(file) {
  let text
  try {
    text = fs.readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  const { parseEnv } = require('node:util')
  const values = typeof parseEnv === 'function' ? parseEnv(text) : parseSimple(text)
  const lines = text.split('\n')
  const variables = []
  for (const name of VARIABLES) {
    const value = values[name]
    if (value === undefined) continue
    // The last definition counts.
    const index = lines.findLastIndex((line) => new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`).test(line))
    variables.push(index < 0 ? { name, value } : { name, value, line: index + 1 })
  }
  return { path: file, variables }
}

/**
 * The files of `--env-file` and `--env-file-if-exists`.
 *
 * @param {string[]} execArgv
 * @param {string} cwd
 */
function envFiles(execArgv, cwd) {
  const files = []
  for (let index = 0; index < execArgv.length; index++) {
    const [, inline] = /^--env-file(?:-if-exists)?(?:=(.*))?$/s.exec(execArgv[index] ?? '') ?? [null, null]
    if (inline === null) continue
    const name = inline ?? execArgv[++index]
    const file = name === undefined ? undefined : envFile(path.resolve(cwd, name))
    if (file) files.push(file)
  }
  return files
}

/**
 * Where the process started, when a relative `NODE_EXTRA_CA_CERTS` is there and not here. A shell says so in PWD, which a parent that
 * starts its child elsewhere leaves as it was: only a place where the file is can be the right one.
 *
 * @param {string} cwd
 * @param {Record<string, string | undefined>} env
 */
function startingDirectory(cwd, env) {
  const value = env.NODE_EXTRA_CA_CERTS
  if (value === undefined || value === '' || path.isAbsolute(value) || fs.existsSync(path.join(cwd, value))) return undefined
  return [workingDirectoryAtLoad, env.PWD].find(
    (place) => place !== undefined && path.isAbsolute(place) && place !== cwd && fs.existsSync(path.join(place, value)),
  )
}

/** How this Node was built. Debian and Fedora have it use OpenSSL's own locations, and the system's OpenSSL. */
function build() {
  /** @type {{ target_defaults?: { defines?: string[] }, variables?: { node_shared_openssl?: boolean } }} */
  const config = process.config ?? {}
  return {
    opensslStore: config.target_defaults?.defines?.includes('NODE_OPENSSL_CERT_STORE') ?? false,
    sharedOpenssl: config.variables?.node_shared_openssl === true,
  }
}

/**
 * The facts of this process; or with `given`, of one that is yet to be started from here with that environment, without flags.
 *
 * @param {Record<string, unknown>} [given]
 * @returns {Omit<PreflightFacts, 'node' | 'now' | 'minDaysLeft'>}
 */
function processFacts(given) {
  const cwd = workingDirectory()
  const shared = { runtime: runtime(), platform: process.platform, ...build(), cwd }
  if (given !== undefined) {
    const env = textValues(given)
    return {
      ...shared, env, execArgv: [], envFiles: [], home: env.HOME ?? env.USERPROFILE, thisProcess: false, userDiffers: false, groupDiffers: false,
    }
  }
  const env = textValues(process.env)
  const envAtStart = environmentAtStart()
  const files = envFiles(process.execArgv, cwd)
  const changed = envAtStart !== undefined && VARIABLES.some((name) => env[name] !== undefined && env[name] !== envAtStart[name])
  return {
    ...shared,
    env,
    envAtStart,
    execArgv: process.execArgv,
    envFiles: files,
    dotenv: changed ? envFile(path.join(cwd, '.env')) : undefined,
    cwdAtStart: startingDirectory(cwd, envAtStart ?? env),
    home: env.HOME ?? env.USERPROFILE,
    thisProcess: true,
    userDiffers: process.getuid?.() !== process.geteuid?.(),
    groupDiffers: process.getgid?.() !== process.getegid?.(),
  }
}

module.exports = { processFacts }
