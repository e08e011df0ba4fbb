'use strict'

// Verdicts of real Nodes on thousands of chains that were recorded once, where the file with them lies beside the project. No test depends on it.

const fs = require('node:fs')
const path = require('node:path')
const { gunzipSync } = require('node:zlib')

const FILE = process.env.TRUST_ANCHORS_ORACLE ?? path.join(__dirname, '..', '..', '..', 'shared', 'oracle', 'verdicts.jsonl.gz')

/**
 * The recorded cases, one object each; undefined where there is no such file.
 *
 * @returns {any[] | undefined}
 */
function recordedVerdicts() {
  if (!fs.existsSync(FILE)) return undefined
  return gunzipSync(fs.readFileSync(FILE)).toString('utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line))
}

module.exports = { FILE, recordedVerdicts }
