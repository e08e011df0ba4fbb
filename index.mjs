import trustAnchors from './index.js'

export const { childEnv, diagnose, explain, inspectCaFile, inspectCaFileSync, loadTrustStore, loadTrustStoreSync, preflight, preflightSync, verifyChain } = trustAnchors
export default trustAnchors
