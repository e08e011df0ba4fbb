'use strict'

// `node --import trust-anchors/preflight app.js`, or `--require`: says on stderr what is wrong with the trust of this process, before the
// program runs. A worker is part of the process that has been looked at already.

if (require('node:worker_threads').isMainThread) require('./lib/preload.js').preload()
