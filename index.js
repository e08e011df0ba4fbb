'use strict'

// The public API. The addon is loaded here, so that a missing binary shows at once; everything else when it is first used.
require('./lib/native.js')

/** @type {typeof import('./index.js').childEnv} */
function childEnv(store, options) {
  return require('./lib/child-env.js').childEnv(store, options)
}

/** @type {typeof import('./index.js').diagnose} */
function diagnose(target, options) {
  return require('./lib/diagnose.js').diagnose(target, options)
}

/** @type {typeof import('./index.js').explain} */
function explain(errorOrCode, options) {
  return require('./lib/explain.js').explain(errorOrCode, options)
}

/** @type {typeof import('./index.js').verifyChain | undefined} */
let verify

/** @type {typeof import('./index.js').inspectCaFile} */
function inspectCaFile(pathOrBytes, options) {
  return require('./lib/inspect.js').inspectCaFile(pathOrBytes, options)
}

/** @type {typeof import('./index.js').inspectCaFileSync} */
function inspectCaFileSync(pathOrBytes, options) {
  return require('./lib/inspect.js').inspectCaFileSync(pathOrBytes, options)
}

/** @type {typeof import('./index.js').inspectTlsOptions} */
function inspectTlsOptions(options, how) {
  return require('./lib/inspect-tls-options.js').inspectTlsOptions(options, how)
}

/** @type {typeof import('./index.js').loadTrustStore} */
function loadTrustStore(options) {
  return require('./lib/trust-store.js').loadTrustStore(options)
}

/** @type {typeof import('./index.js').loadTrustStoreSync} */
function loadTrustStoreSync(options) {
  return require('./lib/trust-store.js').loadTrustStoreSync(options)
}

/** @type {typeof import('./index.js').preflight} */
function preflight(options) {
  return require('./lib/preflight.js').preflight(options)
}

/** @type {typeof import('./index.js').preflightSync} */
function preflightSync(options) {
  return require('./lib/preflight.js').preflightSync(options)
}

/** @type {typeof import('./index.js').verifyChain} */
function verifyChain(input) {
  return (verify ??= require('./lib/verify.js').verifyChain)(input)
}

// Assigned one by one, so that `import { … }` finds the names in this CommonJS file.
module.exports.childEnv = childEnv
module.exports.diagnose = diagnose
module.exports.explain = explain
module.exports.inspectCaFile = inspectCaFile
module.exports.inspectCaFileSync = inspectCaFileSync
module.exports.inspectTlsOptions = inspectTlsOptions
module.exports.loadTrustStore = loadTrustStore
module.exports.loadTrustStoreSync = loadTrustStoreSync
module.exports.preflight = preflight
module.exports.preflightSync = preflightSync
module.exports.verifyChain = verifyChain
