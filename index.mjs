import trustAnchors from './index.js'

export const { explain, inspectCaFile, inspectCaFileSync, loadTrustStore, loadTrustStoreSync, preflight, preflightSync } = trustAnchors
export default trustAnchors
