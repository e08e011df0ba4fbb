'use strict'

// npm runs `prepare` in a clone after `npm install`, and once more when the first `npx trust-anchors` links the clone into npm's cache.
// The addon is there by then; building it again would cost seconds, and a failure would leave a broken entry in that cache.

const { spawnSync } = require('node:child_process')
const { readdirSync } = require('node:fs')
const path = require('node:path')

const root = path.join(__dirname, '..')
const built = readdirSync(root).some((name) => name.endsWith('.node'))

if (!(process.env.npm_command === 'exec' && built)) {
  const { status, error } = spawnSync('npm run build', { cwd: root, shell: true, stdio: 'inherit' })
  if (error) throw error
  process.exitCode = status ?? 1
}
