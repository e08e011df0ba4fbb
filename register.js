'use strict'

// `node --import trust-anchors/register app.js`, or --require, or in NODE_OPTIONS.
require('./lib/register.js').register()
