'use strict'

// `require('trust-anchors')` against an addon that exports nothing.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const { inTurn, milliseconds, root, timed } = require('./measure')

const EMPTY_ADDON = 'void *napi_register_module_v1(void *env, void *exports) { (void)env; return exports; }\n'
const MOST_MILLISECONDS = 2

async function run() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'empty-addon-'))
  try {
    const source = path.join(folder, 'empty.c')
    const addon = path.join(folder, 'empty.node')
    fs.writeFileSync(source, EMPTY_ADDON)
    execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', addon, source])
    const scripts = {}
    for (const node of [20, 24]) {
      scripts[`ours${node}`] = { node, script: timed(`require(${JSON.stringify(root)})`) }
      scripts[`empty${node}`] = { node, script: timed(`require(${JSON.stringify(addon)})`) }
    }
    const t = inTurn(scripts, 25)
    return [20, 24].map((node) => {
      const more = t[`ours${node}`] - t[`empty${node}`]
      return {
        what: `Node ${node}: require('trust-anchors') more than an empty addon`,
        figure: `${milliseconds(more)}  ${milliseconds(t[`ours${node}`])} - ${milliseconds(t[`empty${node}`])}`,
        target: `at most ${MOST_MILLISECONDS} ms`,
        met: more <= MOST_MILLISECONDS,
      }
    })
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

module.exports = { run }
