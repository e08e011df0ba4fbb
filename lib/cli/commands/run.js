'use strict'

const { spawn } = require('node:child_process')
const { constants } = require('node:os')

const { VARIABLES, childEnv } = require('../../child-env.js')
const { escapeLine } = require('../../layout.js')
const { CommandError } = require('../errors.js')

// What a terminal and a supervisor send. SIGKILL and SIGSTOP reach nobody's handler.
const PASSED = /** @type {NodeJS.Signals[]} */ (process.platform === 'win32' ? ['SIGINT', 'SIGTERM', 'SIGBREAK'] : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGWINCH'])

/** @type {import('../options.js').Command} */
const run = {
  name: 'run',
  usage: ['run -- COMMAND [ARGUMENT...]'],
  summary: 'Run a command with the merged store in the variables of Node, OpenSSL, curl, git, npm, pip, AWS CLI and others',
  about:
    'The bundle is a file in the cache of this user. What such a variable names already is read into it, so that nothing is lost. Signals are passed on, and the exit code is that of the command. ' +
    'Java reads no such variable: `keytool -importcert -cacerts -file ca.pem` is its way.',
  positionals: { name: 'COMMAND', least: 1, most: Infinity, about: 'The command and its arguments, after `--`' },
  options: {},
  examples: [
    ['trust-anchors run -- npm ci', 'Behind a proxy that inspects TLS'],
    ['trust-anchors run -- git clone https://git.internal/app.git', 'From a server with an internal CA'],
  ],
  async run(context, { positionals: [command = '', ...args] }) {
    const store = require('../../../index.js').loadTrustStoreSync({ extra: namedFiles(context.env), env: context.env })
    const env = { ...context.env, ...childEnv(store, { env: context.env }) }
    return await ended(command, args, env)
  },
}

/**
 * The files that variables name already. Node's and OpenSSL's are part of the merged store.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function namedFiles(env) {
  const { existsSync } = require('node:fs')
  const files = VARIABLES.filter((name) => name !== 'NODE_EXTRA_CA_CERTS' && name !== 'SSL_CERT_FILE').flatMap((name) => env[name] ?? [])
  return [...new Set(files)].filter((file) => existsSync(file))
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>}
 */
function ended(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: 'inherit' })
    /** @type {[NodeJS.Signals, () => void][]} */
    const handlers = PASSED.map((signal) => [signal, () => child.kill(signal)])
    for (const [signal, handler] of handlers) process.on(signal, handler)
    const release = () => handlers.forEach(([signal, handler]) => process.removeListener(signal, handler))
    child.once('error', (error) => {
      release()
      const { code } = /** @type {NodeJS.ErrnoException} */ (error)
      const why = code === 'ENOENT' ? 'there is no such program' : code === 'EACCES' ? 'it may not be run' : error.message
      reject(new CommandError(`cannot run \`${escapeLine(command)}\`: ${why}`))
    })
    child.once('exit', (code, signal) => {
      release()
      if (signal === null) return resolve(code ?? 0)
      // As a shell tells it, should this process outlive the signal that the command died of.
      const status = 128 + (constants.signals[signal] ?? 0)
      process.kill(process.pid, signal)
      setImmediate(() => resolve(status))
    })
  })
}

module.exports = run
