'use strict'

const { columns, surface, wrap } = require('../../layout.js')
const { CommandError } = require('../errors.js')
const { nearest } = require('../../nearest.js')

/**
 * @typedef {import('../../../binding.js').Rule} Rule
 * @typedef {import('../../layout.js').Surface} Surface
 */

/** @type {import('../options.js').Command} */
const explain = {
  name: 'explain',
  usage: ['explain [RULE | CODE | MESSAGE]', 'explain CODE --format json'],
  summary: 'Explain a finding or an error of a connection: what it means, who must act, what fixes it',
  about:
    'It takes the name in brackets of a finding; the code of an error, in any case, as Node or OpenSSL spell it; the number of one of OpenSSL\'s verification errors; or a whole line of a log. ' +
    'For errors, the causes are ranked by what the line and this environment tell.',
  positionals: { name: 'RULE, CODE or MESSAGE', least: 0, most: Infinity, about: 'Without one, all rules and errors are listed' },
  options: { format: { value: 'FORMAT', choices: ['text', 'json'], about: 'text (the default) or json' } },
  examples: [
    ['trust-anchors explain UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'What is behind an error?'],
    ['trust-anchors explain "Error: write EPROTO 8020:error:0A00010B:SSL routines:ssl3_get_record:wrong version number"', 'What does this line of a log say?'],
    ['trust-anchors explain ca-file-private-key', 'What is behind a finding?'],
    ['trust-anchors explain', 'Which rules and errors are there?'],
  ],
  async run(context, { positionals, values }) {
    const binding = require('../../native.js')
    /** @type {Rule[]} */
    const rules = binding.rules()
    const asked = positionals.join(' ')
    const asJson = values.format === 'json'
    /** @param {unknown} data @param {() => string} text */
    const print = (data, text) => context.print(asJson ? require('../../reporters/json.js').json(data) : text())
    if (asked === '') {
      const errors = binding.errorCodes()
      print({ rules, errors }, () => `${index(rules, context.out)}\n\n${errorIndex(errors, context.out)}`)
      return 0
    }
    const rule = rules.find((entry) => entry.id === asked.toLowerCase())
    if (rule) {
      print(rule, () => page(rule, context.out))
      return 0
    }
    const explanation = require('../../explain.js').explain(asked)
    if (!explanation.known) {
      const meant = nearest(asked, rules.map((entry) => entry.id)) ?? explanation.nearest[0]
      throw new CommandError(`there is no rule or error \`${asked}\``, [
        ...(meant === undefined ? [] : [`did you mean \`${meant}\`?`]),
        '`trust-anchors explain` lists them',
      ])
    }
    print(explanation, () => require('../../explanation-text.js').explanation(explanation, context.out, { all: true }))
    return 0
  },
}

/**
 * @param {import('../../../binding.js').ErrorCode[]} errors
 * @param {Surface} to
 */
function errorIndex(errors, to) {
  const out = [to.paint('bold', 'Errors of connections')]
  for (const { name, title } of errors) out.push(`  ${to.paint('red', name)}`, ...wrap(title, to.width - 6).map((line) => `      ${inline(line, to)}`))
  return out.join('\n')
}

const LABELS = /** @type {const} */ ({ error: ['error', 'red'], warning: ['warning', 'yellow'], info: ['note', 'blue'] })

/**
 * @param {Rule[]} rules
 * @param {Surface} to
 */
function index(rules, to) {
  const groups = /** @type {const} */ ([
    ['error', 'Errors: Node fails, or drops something, now'],
    ['warning', 'Warnings: it works today, and breaks on a stated condition'],
    ['info', 'Notes: facts worth knowing'],
  ])
  const out = []
  for (const [severity, title] of groups) {
    const members = rules.filter((rule) => rule.severity === severity)
    if (members.length === 0) continue
    if (out.length > 0) out.push('')
    out.push(to.paint('bold', title))
    for (const { id, title: about } of members) {
      out.push(`  ${to.paint(LABELS[severity][1], id)}`, ...wrap(about, to.width - 6).map((line) => `      ${inline(line, to)}`))
    }
  }
  return out.join('\n')
}

/**
 * The rule's page, as a terminal shows it.
 *
 * @param {Rule} rule
 * @param {Surface} [to]
 */
function page(rule, to = surface()) {
  const [label, style] = LABELS[rule.severity]
  const out = [to.paint(style, `${label}[${rule.id}]`), ...wrap(rule.title, to.width).map((line) => to.paint('bold', line))]
  const sections = /** @type {const} */ ([
    ['What it finds', rule.finds],
    ['Why Node rejects or ignores it', rule.why],
    ['How it looks', `\`\`\`text\n${rule.looks.replace(/\n$/, '')}\n\`\`\``],
    ['Fix', rule.fix],
    ['Source', rule.source],
  ])
  for (const [title, markdown] of sections) out.push('', to.paint('bold', title), ...body(markdown, to))
  return out.join('\n')
}

/**
 * Paragraphs re-flowed, lists hung, fenced code as it is.
 *
 * @param {string} markdown
 * @param {Surface} to
 */
function body(markdown, to) {
  /** @type {string[]} */
  const out = []
  /** @type {{ head: string, text: string } | null} */
  let block = null
  let fenced = false
  const flush = () => {
    if (block === null) return
    const { head, text } = block
    const size = 2 + columns(head)
    wrap(text, to.width - size).forEach((line, at) => out.push(`${at === 0 ? `  ${head}` : ' '.repeat(size)}${inline(line, to)}`))
    block = null
  }
  for (const line of markdown.trim().split('\n')) {
    const fence = /^\s*```(\w*)/.exec(line)
    if (fence) {
      flush()
      fenced = !fenced
      const name = fenced ? { powershell: 'PowerShell:', dockerfile: 'Dockerfile:' }[fence[1] ?? ''] : undefined
      if (name !== undefined) out.push(`  ${to.paint('dim', name)}`)
    } else if (fenced) out.push(line === '' ? '' : `    ${line}`)
    else if (line.trim() === '') {
      flush()
      if (out[out.length - 1] !== '') out.push('')
    } else {
      const item = /^(\s*)([-*]|\d+\.) +(.*)$/.exec(line)
      if (item) {
        flush()
        block = { head: `${item[1]}${item[2]} `, text: item[3] ?? '' }
      } else if (block === null) block = { head: '', text: line.trim() }
      else block.text += ` ${line.trim()}`
    }
  }
  flush()
  return out
}

/**
 * Marks of a line of Markdown: code stays in its backticks, which is how it is read without colour.
 *
 * @param {string} line
 * @param {Surface} to
 */
function inline(line, to) {
  return line
    .replace(/\[([^\]]+)\]\(([^)]+)\)/g, '$1 <$2>')
    .replace(/\*\*([^*]+)\*\*/g, (_, /** @type {string} */ text) => to.paint('bold', text))
    .replace(/`[^`]+`/g, (code) => to.paint('cyan', code))
}

module.exports = explain
