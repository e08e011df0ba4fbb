import trustAnchors from './index.js'

export const { childEnv, diagnose, explain, inspectCaFile, inspectCaFileSync, inspectTlsOptions, loadTrustStore, loadTrustStoreSync, preflight, preflightSync, verifyChain } = trustAnchors
export default trustAnchors
