#!/usr/bin/env node
'use strict'

const { main } = require('../lib/cli/main.js')

main(process.argv.slice(2), process).then((code) => {
  // Not process.exit(): what is still on its way to a pipe would be cut off.
  process.exitCode = code
})
