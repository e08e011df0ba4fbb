'use strict'

const { parseArgs } = require('node:util')

const { CommandError } = require('./errors.js')
const { nearest } = require('../nearest.js')

/**
 * @typedef {{ value?: string, short?: string, choices?: readonly string[], many?: boolean, about: string }} OptionSpec
 *   `value`: what its value is called in the help; none for a switch; `many`: whether it may be given more than once
 * @typedef {{
 *   name: string,
 *   usage: string[],
 *   summary: string,
 *   about?: string,
 *   positionals: { name: string, least: number, most: number, about: string } | null,
 *   options: Record<string, OptionSpec>,
 *   examples: [command: string, about: string][],
 *   run: (context: import('./context.js').Context, given: Given) => Promise<number>,
 * }} Command
 * @typedef {{ values: Record<string, string | true | undefined>, lists: Record<string, string[]>, positionals: string[] }} Given
 *   `lists`: the values of those options that may be given more than once
 */

/** @type {Record<string, OptionSpec>} */
const COMMON = {
  help: { short: 'h', about: 'Print this help' },
  version: { short: 'v', about: 'Print the version of trust-anchors' },
}

/**
 * @param {Command} command
 * @param {string} [option]
 */
function helpHint(command, option) {
  return `\`trust-anchors ${command.name} --help\` ${option === undefined ? 'shows how it is used' : 'lists the options'}`
}

/**
 * The options and arguments of one command, checked.
 *
 * @param {Command} command
 * @param {string[]} args
 * @param {Iterable<Command>} commands all, to tell where an option belongs
 * @returns {Given}
 * @throws {CommandError}
 */
function parse(command, args, commands) {
  const specs = { ...command.options, ...COMMON }
  /** @type {Record<string, { type: 'string' | 'boolean', short?: string }>} */
  const options = {}
  for (const [name, { value, short }] of Object.entries(specs)) {
    options[name] = { type: value === undefined ? 'boolean' : 'string', ...(short === undefined ? {} : { short }) }
  }
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true })
  /** @type {Given} */
  const given = { values: {}, lists: {}, positionals: [] }
  for (const token of tokens) {
    if (token.kind === 'positional') given.positionals.push(token.value)
    if (token.kind !== 'option') continue
    const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined
    if (spec === undefined) throw unknownOption(command, token.rawName, commands)
    const value = checkedValue(command, spec, token)
    given.values[token.name] = value
    if (spec.many) (given.lists[token.name] ??= []).push(String(value))
  }
  if (given.values.help === true || given.values.version === true) return given
  // Arguments of another command may be empty.
  if (given.positionals.includes('') && command.name !== 'run') throw new CommandError(`a ${command.positionals?.name ?? 'argument'} is empty`, ['is a variable in the command not set?'])
  const { least, most, name } = command.positionals ?? { least: 0, most: 0, name: '' }
  const extra = given.positionals[most]
  if (extra !== undefined) {
    const why = most === 0 ? 'takes no arguments' : `takes ${most === 1 ? 'one' : most} ${name}`
    throw new CommandError(`\`${command.name}\` ${why}, and \`${extra}\` is one too many`, [helpHint(command)])
  }
  if (given.positionals.length < least) throw new CommandError(`\`${command.name}\` needs a ${name}`, [helpHint(command)])
  return given
}

/**
 * @param {Command} command
 * @param {OptionSpec} spec
 * @param {{ rawName: string, value?: string | undefined, inlineValue?: boolean | undefined }} token
 */
function checkedValue(command, spec, { rawName, value, inlineValue }) {
  if (spec.value === undefined) {
    if (value !== undefined) throw new CommandError(`\`${rawName}\` takes no value, and was given \`${value}\``, [helpHint(command, rawName)])
    return true
  }
  if (value === undefined) throw new CommandError(`\`${rawName}\` needs a value: \`${rawName} ${spec.value}\``, [helpHint(command, rawName)])
  if (value === '') throw new CommandError(`the value of \`${rawName}\` is empty`, ['is a variable in the command not set?'])
  if (!inlineValue && value.length > 1 && value.startsWith('-')) {
    throw new CommandError(`\`${rawName}\` needs a value, and is followed by \`${value}\``, [
      `if that is the value, write \`${rawName.startsWith('--') ? `${rawName}=${value}` : `${rawName}${value}`}\``,
    ])
  }
  if (spec.choices && !spec.choices.includes(value)) {
    const meant = nearest(value, spec.choices)
    throw new CommandError(`\`${rawName}\` must be ${listed(spec.choices)}, and is \`${value}\``, meant === undefined ? [] : [`did you mean \`${meant}\`?`])
  }
  return value
}

/**
 * @param {Command} command
 * @param {string} rawName
 * @param {Iterable<Command>} commands
 */
function unknownOption(command, rawName, commands) {
  const name = rawName.replace(/^-+/, '')
  const known = Object.keys({ ...command.options, ...COMMON })
  const hints = []
  const elsewhere = [...commands].filter((other) => other !== command && Object.hasOwn(other.options, name)).map((other) => `\`${other.name}\``)
  const meant = name.length > 1 ? nearest(name, known) : undefined
  if (elsewhere.length > 0) hints.push(`\`${rawName}\` is an option of ${listed(elsewhere, 'and')}`)
  else if (meant !== undefined) hints.push(`did you mean \`--${meant}\`?`)
  hints.push(helpHint(command, rawName))
  return new CommandError(`unknown option \`${rawName}\` of \`${command.name}\``, hints)
}

/**
 * `a, b or c`.
 *
 * @param {readonly string[]} words
 * @param {string} [last]
 */
function listed(words, last = 'or') {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words[words.length - 1]}`
}

module.exports = { COMMON, listed, parse }
