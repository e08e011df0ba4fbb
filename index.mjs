import trustAnchors from './index.js'

export const { inspectCaFile, inspectCaFileSync, loadTrustStore, loadTrustStoreSync, preflight, preflightSync } = trustAnchors
export default trustAnchors
