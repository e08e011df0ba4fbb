'use strict'

const { CommandError } = require('../errors.js')
const { FORMAT, MIN_DAYS, STRICT, exitCode, formatted, sayExplain, wholeNumber } = require('../findings.js')
const { secondsOf } = require('../values.js')

/** @type {import('../options.js').Command} */
const preflight = {
  name: 'preflight',
  usage: ['[preflight] [options]'],
  summary: 'Check what this environment makes a Node process trust: variables, flags, files and stores (the default)',
  about:
    'It looks at the variables that a process started from here would see (NODE_EXTRA_CA_CERTS, NODE_OPTIONS, SSL_CERT_FILE and their like), at the files they ' +
    'name, and at the stores of Node, of Mozilla and of the system. It opens no connection but to the endpoints that are named.',
  positionals: null,
  options: {
    endpoint: { value: 'TARGET', many: true, about: 'A server that the program will connect to: `https://example.com`, `postgres://db.internal`; may be given more than once' },
    timeout: { value: 'SECONDS', about: 'The longest that all endpoints together may take; default 10' },
    'min-days': MIN_DAYS,
    strict: STRICT,
    format: FORMAT,
  },
  examples: [
    ['trust-anchors', 'Will TLS work from here?'],
    ['trust-anchors preflight --endpoint https://example.com --endpoint postgres://db.internal', 'And will it reach what it needs?'],
    ['trust-anchors preflight --strict --min-days 60', 'In a deployment: fail for what works today and will not in two months'],
    ['trust-anchors preflight --format github', 'In a GitHub workflow'],
    ['trust-anchors preflight --format sarif > trust-anchors.sarif', 'For code scanning'],
  ],
  async run(context, { values, lists }) {
    const minDaysLeft = wholeNumber(values['min-days'], '--min-days')
    const strict = values.strict === true
    const format = String(values.format ?? 'text')
    const { preflight: look, preflightSync } = require('../../../index.js')
    const options = { strict, ...(minDaysLeft === undefined ? {} : { minDaysLeft }) }
    const timeout = secondsOf(values.timeout)
    const { endpoint: endpoints } = lists
    if (endpoints === undefined && timeout !== undefined) throw new CommandError('`--timeout` is about endpoints, and none is named')
    const report = endpoints === undefined ? preflightSync(options) : await look({ ...options, endpoints, ...(timeout === undefined ? {} : { timeout }) })
    if (format === 'text') {
      context.print(require('../../text.js').preflightReport(report, context.out))
      sayExplain(report.findings, context)
    } else if (format === 'json') context.print(require('../../reporters/json.js').json(report))
    else if (format === 'github' || format === 'sarif') context.print(formatted(format, report.findings))
    return report.endpoints.every(({ ok }) => ok) ? exitCode(report.findings, strict) : 1
  },
}

module.exports = preflight
