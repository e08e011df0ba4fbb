import * as trustAnchors from './index.js'

export * from './index.js'
export default trustAnchors
