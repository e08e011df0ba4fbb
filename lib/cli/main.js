'use strict'

const { escapeLine } = require('../layout.js')
const { contextOf } = require('./context.js')
const { CommandError } = require('./errors.js')
const { nearest } = require('../nearest.js')
const { parse } = require('./options.js')

/** @type {Record<string, () => import('./options.js').Command>} */
const COMMANDS = {
  preflight: () => require('./commands/preflight.js'),
  inspect: () => require('./commands/inspect.js'),
  diagnose: () => require('./commands/diagnose.js'),
  list: () => require('./commands/list.js'),
  export: () => require('./commands/export.js'),
  explain: () => require('./commands/explain.js'),
  run: () => require('./commands/run.js'),
  doctor: () => require('./commands/doctor.js'),
}
const DEFAULT_COMMAND = 'preflight'

const allCommands = () => Object.values(COMMANDS).map((load) => load())

/**
 * Runs the command line.
 *
 * @param {string[]} args without the program's name
 * @param {{ stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream, env: NodeJS.ProcessEnv }} process
 * @returns {Promise<number>} the exit code: 0, 1 or 2, and that of the command after `run`; never rejects
 */
async function main(args, process) {
  const context = contextOf(process)
  try {
    return await dispatch(args, context)
  } catch (error) {
    report(error, context)
    return 2
  }
}

/**
 * @param {string[]} args
 * @param {import('./context.js').Context} context
 */
async function dispatch(args, context) {
  const { commandHelp, generalHelp } = require('./help.js')
  const [first, ...rest] = args
  if (first === 'help') {
    if (rest[0] === undefined) return context.print(generalHelp(allCommands(), context.out)), 0
    return context.print(commandHelp(commandNamed(rest[0]), context.out)), 0
  }
  if (first === '--help' || first === '-h') return context.print(generalHelp(allCommands(), context.out)), 0
  const named = first !== undefined && !first.startsWith('-')
  const command = named ? commandNamed(first) : commandNamed(DEFAULT_COMMAND)
  const given = parse(command, named ? rest : args, allCommands())
  if (given.values.help === true) return context.print(commandHelp(command, context.out)), 0
  if (given.values.version === true) return context.print(require('../../package.json').version), 0
  return command.run(context, given)
}

/** @param {string} name */
function commandNamed(name) {
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (load) return load()
  const meant = nearest(name, Object.keys(COMMANDS))
  const hints = []
  if (require('node:fs').existsSync(name)) hints.push(`to inspect that file: \`trust-anchors inspect ${name}\``)
  else if (meant !== undefined) hints.push(`did you mean \`${meant}\`?`)
  hints.push(`the commands are ${Object.keys(COMMANDS).join(', ')}; \`trust-anchors --help\` says what they do`)
  throw new CommandError(`unknown command \`${name}\``, hints)
}

/**
 * @param {unknown} error
 * @param {import('./context.js').Context} context
 */
function report(error, context) {
  if (error instanceof CommandError) {
    context.say('error', escapeLine(error.message))
    for (const hint of error.hints) context.say('hint', escapeLine(hint))
    return
  }
  const { message, code, syscall, stack } = /** @type {NodeJS.ErrnoException} */ (error instanceof Error ? error : new Error(String(error)))
  const expected = syscall !== undefined || (typeof code === 'string' && /^ERR_(INVALID_ARG|OUT_OF_RANGE|TRUST_ANCHORS)/.test(code) && code !== 'ERR_TRUST_ANCHORS_INTERNAL')
  context.say('error', escapeLine(message))
  if (!expected) {
    // A fault of this program: where it happened is what a report about it needs.
    context.aside(() => (stack ?? '').split('\n').slice(1).map(escapeLine).join('\n'))
    context.say('hint', `this is a fault of trust-anchors; please report it at ${require('../../package.json').repository.url.replace(/^git\+|\.git$/g, '')}/issues`)
  }
}

module.exports = { main }
