import trustAnchors from './index.js'

export const { explain, inspectCaFile, inspectCaFileSync, loadTrustStore, loadTrustStoreSync, preflight, preflightSync, verifyChain } = trustAnchors
export default trustAnchors
