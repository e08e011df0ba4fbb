'use strict'

const { columns, wrap } = require('../layout.js')
const { COMMON } = require('./options.js')

/**
 * @typedef {import('../layout.js').Surface} Surface
 * @typedef {import('./options.js').Command} Command
 */

/**
 * Two columns, the second wrapped.
 *
 * @param {[string, string][]} rows
 * @param {Surface} to
 */
function table(rows, to) {
  const first = Math.min(28, Math.max(...rows.map(([name]) => columns(name))))
  return rows.flatMap(([name, about]) => {
    const lines = wrap(about, to.width - first - 4)
    const start = columns(name) > first ? [`  ${to.paint('cyan', name)}`] : []
    return [
      ...start,
      ...lines.map((line, index) => {
        const head = index === 0 && start.length === 0 ? to.paint('cyan', name) + ' '.repeat(first - columns(name)) : ' '.repeat(first)
        return `  ${head}  ${line}`
      }),
    ]
  })
}

/** @param {Record<string, import('./options.js').OptionSpec>} options */
function optionRows(options) {
  return Object.entries(options).map(
    ([name, { value, short, about }]) =>
      /** @type {[string, string]} */ ([`${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`, about]),
  )
}

const EXIT_CODES = 'Exit code: 0 fine, 1 a finding at the level asked for, 2 wrong usage or no answer.'

/**
 * @param {Command} command
 * @param {Surface} to
 */
function commandHelp(command, to) {
  const title = (/** @type {string} */ text) => to.paint('bold', text)
  const out = [...wrap(command.summary, to.width), '']
  out.push(title('Usage'), ...command.usage.map((usage) => `  trust-anchors ${usage}`), '')
  if (command.about !== undefined) out.push(...command.about.split('\n').flatMap((line) => wrap(line, to.width)), '')
  if (command.positionals) out.push(title('Arguments'), ...table([[command.positionals.name, command.positionals.about]], to), '')
  out.push(title('Options'), ...table(optionRows({ ...command.options, ...COMMON }), to), '')
  out.push(title('Examples'))
  for (const [text, about] of command.examples) out.push(...wrap(about, to.width - 2).map((line) => `  ${to.paint('dim', line)}`), `    ${text}`)
  out.push('', ...wrap(EXIT_CODES, to.width))
  return out.join('\n')
}

/**
 * @param {Iterable<Command>} commands
 * @param {Surface} to
 */
function generalHelp(commands, to) {
  const title = (/** @type {string} */ text) => to.paint('bold', text)
  const rows = [...commands].map((command) => /** @type {[string, string]} */ ([command.name, command.summary]))
  return [
    ...wrap('trust-anchors: what this Node.js process trusts, what keeps it from trusting more, and what fixes it.', to.width),
    '',
    title('Usage'),
    '  trust-anchors [COMMAND] [options]',
    '',
    title('Commands'),
    ...table(rows, to),
    '',
    ...wrap('Without a command, `preflight` runs. `trust-anchors COMMAND --help` shows the options and examples of a command.', to.width),
    '',
    title('Options'),
    ...table(optionRows(COMMON), to),
    '',
    ...wrap(EXIT_CODES, to.width),
  ].join('\n')
}

module.exports = { commandHelp, generalHelp }
