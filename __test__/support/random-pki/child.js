'use strict'

// Makes the cases of random-pki.js in a process of its own: reads `[[seed, number, [place, …]], …]`, writes one JSON line a case.

const fs = require('node:fs')

const { randomCase } = require('../random-pki')

for (const [seed, number, without] of JSON.parse(fs.readFileSync(0, 'utf8'))) {
  const { chain, ...others } = randomCase(seed, number, { without: new Set(without) })
  const line = Buffer.from(`${JSON.stringify({ ...others, chain: chain.map((bytes) => bytes.toString('base64')) })}\n`)
  for (let written = 0; written < line.length; ) written += fs.writeSync(1, line, written)
}
