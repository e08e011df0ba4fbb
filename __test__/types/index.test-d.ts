// Compiled by `tsc`, never run: the types as users write against them.

import * as https from 'node:https'
import * as tls from 'node:tls'
import { diagnose, explain, inspectCaFile, inspectCaFileSync, loadTrustStore, loadTrustStoreSync, preflight, preflightSync, verifyChain, type CaFileReport, type Certificate, type DiagnosedPerspective, type DiagnosedSession, type Diagnosis, type ExplainedCause, type Explanation, type Finding, type Forecast, type Outcome, type PathCertificate, type PerspectiveVerdict, type PreflightEndpoint, type PreflightReport, type StoreChange, type TrustStore, type Verdict, type Watcher, type VerifyInput } from '../../index.js'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false
type IsAny<T> = 0 extends 1 & T ? true : false
/** Fails to compile for anything but `true`. */
function holds<_ extends true>(): void {}

holds<Equal<ReturnType<typeof inspectCaFileSync>, CaFileReport>>()
holds<Equal<Awaited<ReturnType<typeof inspectCaFile>>, CaFileReport>>()
holds<Equal<ReturnType<typeof loadTrustStoreSync>, TrustStore>>()
holds<Equal<Awaited<ReturnType<typeof loadTrustStore>>, TrustStore>>()
holds<Equal<IsAny<CaFileReport['found'][number]>, false>>()
holds<Equal<CaFileReport['found'][number], Certificate>>()
holds<Equal<CaFileReport['repaired'], string | null>>()
holds<Equal<TrustStore['findings'], Finding[]>>()
holds<Equal<Finding['severity'], 'error' | 'warning' | 'info'>>()

const store: TrustStore = loadTrustStoreSync({ bundled: ['node', 'mozilla'], system: false, extra: ['a.pem', new URL('file:///b.pem')], ca: Buffer.from('') })
new https.Agent({ ca: store.ca })
const agent: https.Agent = store.agent({ keepAlive: true, cert: 'PEM', key: 'PEM' })
tls.connect({ host: 'localhost', port: 443, ...store.connectOptions() })
const context: tls.SecureContext = store.secureContext
loadTrustStoreSync({ hosts: { '*.corp.example': { extra: ['a.pem'], ca: Buffer.from('') }, 'out.corp.example': {} } })
tls.connect({ host: 'localhost', port: 443, ...store.connectOptions(new URL('https://localhost')) })
const ofHosts: (string | undefined)[] = store.hosts.flatMap(({ host, certificates, findings }) => [host, certificates[0]?.sources[0]?.host, findings[0]?.host])
// @ts-expect-error a host takes certificates
loadTrustStoreSync({ hosts: { localhost: 'a.pem' } })
const reasons: string[] = store.excluded.map(({ certificate, reason }) => `${certificate.subject} ${reason}`)
void [agent, context, reasons, ofHosts, inspectCaFile('file.pem', { signal: new AbortController().signal, node: '18', time: new Date(0), minDaysLeft: 7, password: '' })]

const watcher: Watcher = store.watch(({ added, findings, kept }: StoreChange) => void [added[0]?.subject, findings[0]?.rule, kept], { signal: new AbortController().signal, interval: 1000 })
void [watcher.closed, watcher.ready.then(() => watcher.close()), store.watch()]

// @ts-expect-error a store is made by loading
new (store.constructor as typeof TrustStore)()
// @ts-expect-error no such list
loadTrustStoreSync({ bundled: 'debian' })
// @ts-expect-error synchronous work cannot be aborted
inspectCaFileSync('file.pem', { signal: new AbortController().signal })
// @ts-expect-error the store stays
store.ca = []

holds<Equal<ReturnType<typeof explain>, Explanation>>()
holds<Equal<Explanation['causes'][number], ExplainedCause>>()
holds<Equal<IsAny<ExplainedCause['fixes'][number]>, false>>()
try {
  store.agent()
} catch (error) {
  const { causes: [cause], openssl, context: { host } }: Explanation = explain(error, { host: 'localhost', port: 443, node: '24', env: {}, time: new Date(0) })
  void [cause?.because, cause?.fixes[0]?.commands?.[0]?.text, openssl?.number, host]
}
// @ts-expect-error a port is a number
explain('CERT_HAS_EXPIRED', { port: '443' })

holds<Equal<ReturnType<typeof verifyChain>, Verdict>>()
holds<Equal<ReturnType<TrustStore['verifyChain']>, Verdict>>()
holds<Equal<ReturnType<TrustStore['forecast']>, Forecast>>()
holds<Equal<Verdict['code'], string | null>>()
holds<Equal<Verdict['stage'], 'handshake' | 'verify' | 'identity' | null>>()
holds<Equal<Verdict['path'][number], PathCertificate>>()
holds<Equal<IsAny<Verdict['errors'][number]>, false>>()
holds<Equal<PathCertificate['presented'], number | null>>()
holds<PerspectiveVerdict extends Outcome ? true : false>()
const input: VerifyInput = { chain: ['PEM', new Uint8Array()], hostname: 'localhost', time: new Date(0), purpose: 'client', node: '24', ciphers: 'DEFAULT@SECLEVEL=1' }
const verdict: Verdict = verifyChain({ ...input, ca: store.ca, perspectives: [{ node: '18', store: ['bundled', 'extra'], time: '2030-01-01', allowPartialTrustChain: true }] })
const numbers: [number, number][] = verdict.errors.map(({ openssl, depth }) => [openssl, depth])
const change = store.forecast({ days: 30, chain: 'PEM', hostname: 'localhost' }).chain?.changes[0]
void [numbers, change?.certificate.sha256, change?.time, String(store.verifyChain('PEM', { hostname: 'localhost' }))]

// @ts-expect-error a verdict stays what it is
verdict.ok = true
// @ts-expect-error no such purpose
verifyChain({ chain: 'PEM', purpose: 'mail' })
// @ts-expect-error no such store
verifyChain({ chain: 'PEM', perspectives: [{ store: 'mine' }] })
// @ts-expect-error a forecast looks from one place
store.forecast({ perspectives: [] })

holds<Equal<Awaited<ReturnType<typeof diagnose>>, Diagnosis>>()
holds<Equal<Awaited<ReturnType<TrustStore['diagnose']>>, Diagnosis>>()
holds<Equal<Diagnosis['code'], string | null>>()
holds<Equal<Diagnosis['verdict'], Verdict | null>>()
holds<Equal<Diagnosis['session'], DiagnosedSession | null>>()
holds<Equal<Diagnosis['perspectives'][number], DiagnosedPerspective>>()
holds<Equal<DiagnosedPerspective['label'], string>>()
holds<Equal<Diagnosis['findings'][number], Finding>>()
holds<Equal<IsAny<NonNullable<Diagnosis['failure']>['kind']>, false>>()
const looking: Promise<Diagnosis> = diagnose('postgres://db.internal', {
  ca: ['PEM'], servername: 'db', connectTo: '192.0.2.7:5432', starttls: false, proxy: false, env: {}, cert: 'PEM', key: Buffer.from(''), pfx: new Uint8Array(), passphrase: '',
  allAddresses: true, observe: false, lookFurther: false, minDaysLeft: 7, stageTimeout: 1000, timeout: 2000, signal: new AbortController().signal, node: '24', time: new Date(0),
  perspectives: [{ node: '18' }],
})
void [looking, store.diagnose(new URL('https://example.com'), { observe: false })]
// @ts-expect-error a store is its own trust
store.diagnose('https://example.com', { ca: 'PEM' })
// @ts-expect-error no such preamble
diagnose('https://example.com', { starttls: 'ftp' })

const checked: Promise<PreflightReport> = preflight({ endpoints: ['https://example.com', new URL('postgres://db.internal')], timeout: 3000, minDaysLeft: 30 })
holds<Equal<PreflightReport['endpoints'][number], PreflightEndpoint>>()
void checked
// @ts-expect-error what is synchronous cannot wait for a server
preflightSync({ endpoints: ['https://example.com'] })
