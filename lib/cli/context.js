'use strict'

const { DEFAULT_WIDTH, surface, wrap } = require('../layout.js')

const WIDEST = 120
const NARROWEST = 40
// As much as is read of a file.
const STDIN_LIMIT = 128 * 1024 * 1024

/**
 * What a command needs of the process it runs in.
 *
 * @typedef {ReturnType<typeof contextOf>} Context
 */

/**
 * @param {{ stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream, env: NodeJS.ProcessEnv }} process
 */
function contextOf({ stdin, stdout, stderr, env }) {
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error) => {
      // Whoever read it has seen enough (`| head`).
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EPIPE') throw error
    })
  }
  const out = streamSurface(stdout, env)
  const err = streamSurface(stderr, env)
  return {
    env,
    /** How text on stdout may look. */
    out,
    /**
     * Data.
     * @param {string} text
     */
    print(text) {
      stdout.write(text.endsWith('\n') || text === '' ? text : `${text}\n`)
    },
    /**
     * What is not data: one line, wrapped on a terminal.
     * @param {'error' | 'warning' | 'note' | 'hint'} kind
     * @param {string} text
     */
    say(kind, text) {
      const style = /** @type {const} */ ({ error: 'red', warning: 'yellow', note: 'blue', hint: 'cyan' })[kind]
      const [first = '', ...rest] = wrap(text, err.rows - kind.length - 2)
      const margin = ' '.repeat(kind.length + 2)
      stderr.write(`${[`${err.paint(style, `${kind}:`)} ${first}`, ...rest.map((line) => margin + line)].join('\n')}\n`)
    },
    /**
     * A text that is not data, such as a report beside data.
     * @param {(to: import('../layout.js').Surface) => string} make
     */
    aside(make) {
      stderr.write(`${make(err)}\n`)
    },
    /**
     * How far many targets are, for a terminal.
     * @param {number} total
     */
    progress: (total) => require('./progress.js').progressBar(stderr, err, total),
    /** Everything on standard input; undefined when it is more than is read of a file. */
    async readStdin() {
      if (stdin.isTTY) stderr.write('Reading standard input; Ctrl-D ends it\n')
      const chunks = []
      let size = 0
      for await (const chunk of stdin) {
        size += chunk.length
        if (size > STDIN_LIMIT) return undefined
        chunks.push(chunk)
      }
      return Buffer.concat(chunks)
    },
  }
}

/**
 * @param {NodeJS.WriteStream} stream
 * @param {NodeJS.ProcessEnv} env
 */
function streamSurface(stream, env) {
  const width = Math.min(WIDEST, Math.max(NARROWEST, (stream.isTTY && stream.columns) || DEFAULT_WIDTH))
  return surface({ width, rows: stream.isTTY ? width : Infinity, color: hasColor(stream, env), unicode: hasUnicode(env), shells: [process.platform === 'win32' ? 'powershell' : 'bash', 'dockerfile'] })
}

/**
 * Colour is for terminals. NO_COLOR (no-color.org: set and not empty) always wins; FORCE_COLOR asks for it elsewhere.
 *
 * @param {{ isTTY?: boolean }} stream
 * @param {NodeJS.ProcessEnv} env
 */
function hasColor(stream, env) {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return stream.isTTY === true && env.TERM !== 'dumb'
}

/**
 * Whether the terminal draws lines: a UTF-8 locale, and no terminal that says it can do nothing (POSIX.1-2017, 8.2, order of the variables).
 *
 * @param {NodeJS.ProcessEnv} env
 */
function hasUnicode(env) {
  if (env.TERM === 'dumb') return false
  if (process.platform === 'win32') return env.WT_SESSION !== undefined
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '')
}

module.exports = { contextOf, hasColor }
