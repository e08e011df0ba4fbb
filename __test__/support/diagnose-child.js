'use strict'

// Diagnoses what standard input asks for, `[{ target, options }]` as JSON, and prints what each came to: see live-diagnosis.js.

const { diagnose } = require('../..')

/** As many at a time, so that a peer that is slow by design holds none of the others up. */
const CONCURRENCY = 8

const BYTES = 'base64:'

/** @param {string} name @param {unknown} value */
const revive = (name, value) => (typeof value === 'string' && value.startsWith(BYTES) ? Buffer.from(value.slice(BYTES.length), 'base64') : value)

async function main() {
  let input = ''
  for await (const chunk of process.stdin) input += chunk
  const questions = JSON.parse(input, revive)
  const answers = new Array(questions.length)
  const queue = [...questions.keys()]
  const work = async () => {
    for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
      const { target, options } = questions[index]
      const began = performance.now()
      try {
        const diagnosis = await diagnose(target, options)
        answers[index] = { diagnosis: diagnosis.toJSON(), text: diagnosis.toString() }
      } catch (error) {
        answers[index] = { error: error.stack }
      }
      answers[index].milliseconds = Math.round(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work))
  process.stdout.write(JSON.stringify(answers))
}

main()
