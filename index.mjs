import trustAnchors from './index.js'

export const { diagnose, explain, inspectCaFile, inspectCaFileSync, loadTrustStore, loadTrustStoreSync, preflight, preflightSync, verifyChain } = trustAnchors
export default trustAnchors
