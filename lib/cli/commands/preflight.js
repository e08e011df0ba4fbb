'use strict'

const { FORMAT, MIN_DAYS, STRICT, exitCode, formatted, sayExplain, wholeNumber } = require('../findings.js')

/** @type {import('../options.js').Command} */
const preflight = {
  name: 'preflight',
  usage: ['[preflight] [options]'],
  summary: 'Check what this environment makes a Node process trust: variables, flags, files and stores (the default)',
  about:
    'It looks at the variables that a process started from here would see (NODE_EXTRA_CA_CERTS, NODE_OPTIONS, SSL_CERT_FILE and their like), at the files they ' +
    'name, and at the stores of Node, of Mozilla and of the system. It opens no connection.',
  positionals: null,
  options: { 'min-days': MIN_DAYS, strict: STRICT, format: FORMAT },
  examples: [
    ['trust-anchors', 'Will TLS work from here?'],
    ['trust-anchors preflight --strict --min-days 60', 'In a deployment: fail for what works today and will not in two months'],
    ['trust-anchors preflight --format github', 'In a GitHub workflow'],
    ['trust-anchors preflight --format sarif > trust-anchors.sarif', 'For code scanning'],
  ],
  async run(context, { values }) {
    const minDaysLeft = wholeNumber(values['min-days'], '--min-days')
    const strict = values.strict === true
    const format = String(values.format ?? 'text')
    const { preflightSync } = require('../../../index.js')
    const report = preflightSync({ strict, ...(minDaysLeft === undefined ? {} : { minDaysLeft }) })
    if (format === 'text') {
      context.print(require('../../text.js').preflightReport(report, context.out))
      sayExplain(report.findings, context)
    } else if (format === 'json') context.print(require('../../reporters/json.js').json(report))
    else if (format === 'github' || format === 'sarif') context.print(formatted(format, report.findings))
    return exitCode(report.findings, strict)
  },
}

module.exports = preflight
