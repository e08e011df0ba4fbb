// Compiled by `tsc`, never run: the types of the ES module.

import trustAnchors, { inspectCaFileSync, loadTrustStoreSync, preflight, preflightSync, verifyChain, type PreflightReport, type Verdict } from '../../index.mjs'

const store: trustAnchors.TrustStore = trustAnchors.loadTrustStoreSync()
const same: typeof trustAnchors.loadTrustStoreSync = loadTrustStoreSync
const report: PreflightReport = preflightSync({ minDaysLeft: 14, strict: true, time: '2030-01-01' })
const later: Promise<PreflightReport> = preflight({ signal: new AbortController().signal })
const ok: boolean = report.ok
const verdict: Verdict = verifyChain({ chain: '' })
void [store, same, later, ok, verdict, inspectCaFileSync(new Uint8Array()).format]

// @ts-expect-error synchronous work cannot be aborted
preflightSync({ signal: new AbortController().signal })
