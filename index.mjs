import trustAnchors from './index.js'

export const { inspectCaFile, inspectCaFileSync, loadTrustStore, loadTrustStoreSync } = trustAnchors
export default trustAnchors
