import trustAnchors from './index.js'

export const { inspectCaFile, inspectCaFileSync } = trustAnchors
export default trustAnchors
