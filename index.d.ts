/// <reference types="node" />
import type * as https from 'node:https'
import type * as tls from 'node:tls'

/** Where one copy of a certificate was found. */
export interface Source {
  /** `node`: the list compiled into this Node; `mozilla`: today's list, compiled into this package; `ca`: given inline. */
  store: 'node' | 'mozilla' | 'system' | 'extra' | 'ca'
  /** The file, when the store is made of files. */
  path?: string
  /** The line where the block begins, counted from 1; absent for a binary file. */
  line?: number
  /** The entry of `hosts` that named it; absent for what every host is trusted with. */
  host?: string
}

export interface PublicKey {
  /** In the words of Node's `KeyObject#asymmetricKeyType`, or a dotted object identifier. */
  algorithm: string
  /** Size in bits, where the algorithm has one that is known. */
  bits?: number
}

export interface Certificate {
  /** SHA-256 of the DER, lowercase hexadecimal: the certificate's identity. */
  sha256: string
  /** RFC 4514, control characters escaped. */
  subject: string
  /** RFC 4514, control characters escaped. */
  issuer: string
  /** Uppercase hexadecimal, as Node's `X509Certificate#serialNumber`. */
  serialNumber: string
  /** ISO 8601 in UTC; empty when the field cannot be read. */
  notBefore: string
  /** ISO 8601 in UTC; empty when the field cannot be read. */
  notAfter: string
  /** cA of basicConstraints. */
  ca: boolean
  /** Subject equals issuer and the authority key identifier fits, as OpenSSL decides it. */
  selfSigned: boolean
  publicKey: PublicKey
  /** The usual name (`sha256WithRSAEncryption`), or a dotted object identifier. */
  signatureAlgorithm: string
  /** As Node writes them: `DNS:…`, `IP Address:…`. */
  subjectAltNames: string[]
  /** Every place it was found in. */
  sources: Source[]
  /** PEM with a final newline. */
  pem: string
}

export interface Fix {
  /** One line, imperative. */
  title: string
  /**
   * The same for each place where it differs. `shell`: what it is written in; `config`: the own language of the program that `platform` names.
   * `platform`: what it is for, where `shell` does not say it: `Debian and Ubuntu`, `Kubernetes`, `nginx`.
   */
  commands?: { shell: 'bash' | 'powershell' | 'dockerfile' | 'yaml' | 'config' | 'javascript'; platform?: string; text: string }[]
  /** Program code. */
  code?: string
  /** A PEM text to put in place. */
  pem?: string
  /** How a fresh Node came to connect with it; absent where that was not tried. */
  proof?: Proof
}

export interface Finding {
  /** Stable identifier of the rule; `npx trust-anchors explain <rule>` shows its page. */
  rule: string
  /** `error`: Node fails or drops the file now; `warning`: works today and breaks on a stated condition; `info`: worth knowing. */
  severity: 'error' | 'warning' | 'info'
  /** Who must act. */
  actor: 'server' | 'client' | 'proxy' | 'clock'
  /** What is wrong, what was found, what follows. */
  message: string
  detail?: string
  location?: { path?: string; line?: number }
  /** SHA-256 of the certificate it is about. */
  certificate?: string
  /** The entry of a store's `hosts` that it is about. */
  host?: string
  /** The ways to mend it, safest first. */
  fixes: Fix[]
}

export interface InspectOptions {
  /**
   * Who reads the file: Node, or Bun (1.4.5) or Deno (2.9.6), which read `NODE_EXTRA_CA_CERTS` in ways of their own. Default `'node'` where `node` is given, and what
   * is running else.
   */
  runtime?: 'node' | 'bun' | 'deno'
  /** The Node whose reading is asked for: `'18'`, `'24.11.0'`; default the running one. */
  node?: string
  /** The time to judge dates by; default now. */
  time?: Date | string
  /** A certificate that expires within this many days is a finding; default 30. */
  minDaysLeft?: number
  /** For PKCS#12; without one the empty password is tried. */
  password?: string
}

export interface CaFileBlock {
  /** The label between the dashes, or what the bytes are. */
  label: string
  /** The line of its BEGIN, counted from 1. */
  line?: number
  /** The line of its END. */
  endLine?: number
  /** Its first byte in the file. */
  start?: number
  /** The byte after its last. */
  end?: number
  /** What Node, or the report's `runtime`, does with it: loads it, steps over it, stops reading there, or never sees it, or drops it with the whole file. */
  fate: 'loaded' | 'skipped' | 'stopped' | 'lost'
  /** The certificates in it, as indexes of `found`. */
  certificates: number[]
}

export interface CaFileReport {
  path?: string
  /** Whose reading this is: what is said of Node here, in the names of fields too, is said of it. */
  runtime: 'node' | 'bun' | 'deno'
  format: 'pem' | 'der' | 'pkcs7' | 'pkcs12' | 'directory' | 'pipe' | 'device' | 'empty' | 'unreadable' | 'unknown'
  /**
   * Exactly what Node adds from `NODE_EXTRA_CA_CERTS`, in order; what is in the file twice is loaded twice, each with its own line. With
   * `runtime: 'bun' | 'deno'`, what that one adds.
   */
  loadedByNode: Certificate[]
  /** What Node, or `runtime`, prints about it; null when it says nothing. */
  nodeWarning: string | null
  /**
   * Everything that is really in there, each certificate once with all its places. Not among it: what is commented out, and
   * `TRUSTED CERTIFICATE` blocks whose settings keep servers from being trusted.
   */
  found: Certificate[]
  /** Every block, in the order of the file. */
  blocks: CaFileBlock[]
  findings: Finding[]
  /**
   * Clean PEM of what in `found` can anchor something (CAs and self-signed certificates), when Node does not load all of it. Never a private
   * key.
   */
  repaired: string | null
  toString(): string
}

/**
 * What a CA file holds, what Node loads from it as `NODE_EXTRA_CA_CERTS`, what is lost, and the repaired file. Whatever is wrong with the
 * file is a finding: the promise rejects for wrong arguments and an aborted signal only.
 */
export function inspectCaFile(pathOrBytes: string | URL | Uint8Array, options?: InspectOptions & { signal?: AbortSignal }): Promise<CaFileReport>
export function inspectCaFileSync(pathOrBytes: string | URL | Uint8Array, options?: InspectOptions): CaFileReport

export interface TrustStoreOptions {
  /**
   * Default both: what this Node ships (`tls.rootCertificates`), so that nothing which works today breaks, refreshed with the Mozilla list
   * compiled into this package.
   */
  bundled?: 'node' | 'mozilla' | ReadonlyArray<'node' | 'mozilla'> | false
  /** What the operating system trusts; default true. */
  system?: boolean
  /** Default true: the file of `NODE_EXTRA_CA_CERTS`. Paths of files or directories are read besides it; false reads neither. */
  extra?: boolean | string | URL | ReadonlyArray<string | URL>
  /** More certificates: PEM (several blocks allowed) or DER. */
  ca?: string | Uint8Array | ReadonlyArray<string | Uint8Array>
  /** Default true: what the system explicitly distrusts is not brought back by `bundled`. */
  honorSystemDistrust?: boolean
  /**
   * Certificates that are trusted for some hosts only, besides what all are trusted with. A key is a host name (`git.corp.example`), `*.` and a domain (every
   * name below it, however deep, and not the domain itself), an IP address, or a network (`10.0.0.0/8`: addresses that are connected to as such, not names
   * that lead there). Case, a final dot and the spelling of an address make no difference; international names may be written as they are. The most specific
   * key counts, alone: `{}` takes a host out of a wider key. What counts is the name that Node holds the certificate against: `servername` where it is given.
   */
  hosts?: Record<string, HostTrustOptions>
  /** Where `NODE_EXTRA_CA_CERTS`, `SSL_CERT_FILE` and `SSL_CERT_DIR` are looked up; default `process.env`. */
  env?: Record<string, string | undefined>
  /** The time to judge dates by; default now. */
  time?: Date | string
  /** An extra certificate that expires within this many days is a finding; default 30. */
  minDaysLeft?: number
  /** The Node whose reading of `NODE_EXTRA_CA_CERTS` the findings speak of; default the running one. */
  node?: string
}

export interface HostTrustOptions {
  /** Paths of files or directories. */
  extra?: string | URL | ReadonlyArray<string | URL>
  /** PEM (several blocks allowed) or DER. */
  ca?: string | Uint8Array | ReadonlyArray<string | Uint8Array>
}

/** What some hosts are trusted with beyond the rest. */
export interface HostTrust {
  /** The key of `hosts`. */
  readonly host: string
  readonly certificates: Certificate[]
  readonly excluded: Excluded[]
  readonly findings: Finding[]
}

/** Options of one connection, or of a client that connects to one host. */
export interface ConnectOptions {
  secureContext: tls.SecureContext
  /**
   * Node's own check of the name, for a host that is trusted with certificates of its own; a connection to a host that is not ends in
   * `ERR_TRUST_ANCHORS_OTHER_HOST`.
   */
  checkServerIdentity?: (hostname: string, certificate: tls.PeerCertificate) => Error | undefined
}

export interface Excluded {
  certificate: Certificate
  /** Why it is not in `ca`. */
  reason: string
}

export interface TrustStore {
  /** PEM, without duplicates, in the order that serves every leaf: for `https.Agent({ ca })`, axios, pg… Frozen: spread it to add to it. */
  readonly ca: string[]
  /** In the order of `ca`. */
  readonly certificates: Certificate[]
  readonly excluded: Excluded[]
  /** Those of `hosts` included, each with its `host`. */
  readonly findings: Finding[]
  /** What is trusted for some hosts only: none of it is in `ca`, `certificates`, `secureContext` and `toPem()`. */
  readonly hosts: readonly HostTrust[]
  /** The store parsed once by Node, to be shared by every connection. */
  readonly secureContext: tls.SecureContext
  /**
   * An agent that trusts this store, with a session cache of its own. Options that shape a secure context (`cert`, `key`, `ciphers`,
   * `minVersion` …) give this agent a context of its own; `ca` and `secureContext` throw `ERR_INVALID_ARG_VALUE`. With `hosts`, each connection trusts what is
   * trusted for the name that it verifies.
   */
  agent(options?: https.AgentOptions): https.Agent
  /**
   * For undici's `connect`, ws, pg's `ssl`, ioredis, `tls.connect`…
   *
   * @param host where it connects to, a name or an IP address; without it, what `hosts` names is not trusted
   */
  connectOptions(host?: string | URL): ConnectOptions
  /** `ca` as one PEM text. */
  toPem(): string
  /** What Node says about a chain with this store as its trust, that of `hostname` where it has its own. The store is indexed once. */
  verifyChain(chain: VerifyInput['chain'], options?: VerifyOptions): Verdict
  /**
   * Makes this store what the thread trusts by default: `tls`, `https`, `http2`, `fetch` and what is built on them, agents that exist included.
   * Returns what undoes it, whatever was installed before or since.
   */
  install(): Uninstall
  /**
   * Follows the files and directories the store was made from, and reads them again off the main thread when one changes. The store then becomes what
   * was read: its properties, `secureContext` wherever it was handed to, its agents, and the installed default. Connections that are made from then on are verified by it and
   * resume no earlier session; those in flight go on. A reading that loses all of a source, or finds a file damaged, changes nothing. Never keeps the process alive.
   */
  watch(onChange?: (change: StoreChange) => void, options?: WatchOptions): Watcher
  /** `diagnose` with this store as its trust. */
  diagnose(target: unknown, options?: Omit<DiagnoseOptions, 'ca'>): Promise<Diagnosis>
  /** What of this store expires within some days, and with `chain`, when the verdict on it changes. */
  forecast(options?: ForecastOptions): Forecast
  toJSON(): { certificates: Certificate[]; excluded: Excluded[]; findings: Finding[]; hosts: readonly HostTrust[] }
  toString(): string
}

export interface WatchOptions {
  /** Ends the watching, as `close()` does. */
  signal?: AbortSignal
  /** Milliseconds between two looks at all files, for file systems that do not tell of changes; default 30,000. */
  interval?: number
}

export interface Watcher {
  close(): void
  readonly closed: boolean
  /** Fulfilled when the files are watched, and what changed since the store was loaded has been read; never rejected. */
  readonly ready: Promise<void>
}

/** What came of reading the files of a store again. */
export interface StoreChange {
  store: TrustStore
  /** Whether the store stays as it was, because what was read would lose all of a source or is damaged: `findings` say what is wrong with it. */
  kept: boolean
  /** Of what was read. */
  findings: Finding[]
  /** Empty when the store stays as it was. The sources of those that some hosts are trusted with name the key of `hosts`. */
  added: Certificate[]
  /** Empty when the store stays as it was. */
  removed: Certificate[]
}

export interface Uninstall {
  (): void
  /** What the installed store cannot reach, as things are when it is asked for. */
  readonly report: InstallReport
}

export interface InstallReport {
  /** Node's own call where it has one (22.19, 24.5 and later), else a wrapped `tls.createSecureContext`. */
  readonly mechanism: 'setDefaultCACertificates' | 'createSecureContext'
  readonly unreachable: { what: string; why: string; instead: string }[]
}

export interface ForecastOptions extends Omit<VerifyOptions, 'perspectives'> {
  /** How far to look; default 90. */
  days?: number
  /** A chain whose verdict is followed. */
  chain?: VerifyInput['chain']
}

export interface Forecast {
  /** ISO 8601. */
  readonly from: string
  /** ISO 8601. */
  readonly until: string
  /** What of the store expires, the first one first; where it was read from is in `sources`. */
  readonly expiring: { certificate: Certificate; expires: string; daysLeft: number }[]
  /** The chain's verdict at first, and each change of it; null when no chain was given. */
  readonly chain: { now: Outcome; changes: VerdictChange[] } | null
  toString(): string
}

/** The verdict from a date on. */
export interface VerdictChange extends Outcome {
  /** ISO 8601: the first second of it. */
  readonly time: string
  /** The certificate whose validity begins or ends then. */
  readonly certificate: Certificate
  /** Whether it ends. */
  readonly expires: boolean
  /** One line. */
  readonly text: string
}

/** A program that `childEnv` knows the variables of. Java has none: its trust is a key store of its own (`keytool -importcert -cacerts`). */
export type Tool =
  | 'node' | 'openssl' | 'curl' | 'git' | 'npm' | 'yarn' | 'pnpm' | 'pip' | 'requests' | 'aws' | 'cargo' | 'deno' | 'bun' | 'go' | 'ruby'

export interface ChildEnvOptions {
  /** Whose variables; default all. */
  tools?: readonly Tool[]
  /** Where the bundle is kept; default the cache folder of this user. It must belong to this user. */
  directory?: string
  /** Where the cache folder is looked up; default `process.env`. */
  env?: Record<string, string | undefined>
}

/**
 * The variables by which child processes and other tools find a store, which is written to a file for them: named by what it holds, written at once
 * and whole, and removed when no call has asked for it for 30 days.
 *
 * @param store default the merged store
 */
export function childEnv(store?: TrustStore, options?: ChildEnvOptions): Record<string, string>

export interface InspectTlsOptionsOptions {
  /**
   * Whose options they are, since each library has its TLS options in a place of its own: `fetch` is for its second argument, `undici` for those of an `Agent`, `Pool` or
   * `ProxyAgent`, `axios`, `got`, `ky` for those of `create` or `extend`, `superagent` for those of its `agent()`, `@grpc/grpc-js` for those of a channel, `knex` for those of
   * pg or mysql2 in it, `amqplib` for the second argument of `connect`, the others for those of a connection or client. Default `node`: `tls.connect`, `https`,
   * and whatever hands its options on to them.
   */
  library?:
    | 'node' | 'undici' | 'fetch' | 'ky' | 'axios' | 'got' | 'node-fetch' | 'superagent' | 'ws' | 'socket.io-client' | '@grpc/grpc-js' | 'pg' | 'knex' | 'mysql2' | 'mariadb'
    | 'ioredis' | 'redis' | 'mongodb' | 'nodemailer' | 'mqtt' | 'amqplib' | 'kafkajs' | 'ldapts'
  /** Hosts with certificates of public authorities that the program connects to with these options. */
  publicHosts?: readonly string[]
  /** The Node whose defaults and reading count; default the running one. */
  node?: string
}

/**
 * What is wrong with the options that a program passes to its TLS client, whichever server they are for: a `ca` from which Node reads nothing or a part, what it refuses, what has no
 * effect where it stands, and what weakens the connection. Nothing is connected to; `diagnose(target, { tlsOptions })` holds options against a server.
 */
export function inspectTlsOptions(options: object, how?: InspectTlsOptionsOptions): Promise<Finding[]>

/** Reads the stores off the main thread and merges them. Rejects for wrong arguments and an aborted signal only. */
export function loadTrustStore(options?: TrustStoreOptions & { signal?: AbortSignal }): Promise<TrustStore>
export function loadTrustStoreSync(options?: TrustStoreOptions): TrustStore

export interface PreflightOptions {
  /**
   * The environment to judge: that of a process which is yet to be started from here, with no flags. Default: this process, as it is, with
   * what it was started with.
   */
  env?: Record<string, string | undefined>
  /** A certificate of the extra file, or of an endpoint, that expires within this many days is a finding; default 30. */
  minDaysLeft?: number
  /** `ok` is false for warnings too; default false. */
  strict?: boolean
  /** The time to judge dates by; default now. */
  time?: Date | string
  /** The Node to judge for: `'20'`, `'24.11.0'`; default the running one. */
  node?: string
}

/** What only `preflight` takes: `preflightSync`, which opens no connection, throws `ERR_INVALID_ARG_VALUE` for endpoints. */
export interface PreflightNetworkOptions extends PreflightOptions {
  /**
   * Servers that the program will connect to, as `diagnose` takes them: each is looked at once, all in parallel, and judged by what this process trusts. Not
   * together with `env`, which speaks of another process.
   */
  endpoints?: ReadonlyArray<string | URL>
  /** Milliseconds for all endpoints together; one that has not answered by then has failed; default 10,000. */
  timeout?: number
  /** Ends everything at once; the promise rejects with its reason. */
  signal?: AbortSignal
}

/** What became of an endpoint; `diagnose` says more of it. */
export interface PreflightEndpoint {
  /** As it was given, without user, password, path and query. */
  target: string
  /** Whether Node connects, as far as that is predicted. */
  ok: boolean
  /** The `code` of Node's error; null when there is none. */
  code: string | null
  findings: Finding[]
}

/** What a process trusts of one store. */
export interface PreflightStore {
  trusted: boolean
  /** How many certificates it has; absent when that is not known, or there is no such store. */
  certificates?: number
  /** The file, of the extra store. */
  path?: string
  /** Why it is trusted, or is not. */
  reason: string
}

export interface PreflightReport {
  /** Whether there is no error among the findings, with `strict` no warning, and every endpoint is ok. */
  ok: boolean
  /** The Node it was judged for. */
  node: string
  runtime: 'node' | 'bun' | 'deno' | 'electron'
  trust: {
    /** The list compiled into Node. */
    bundled: PreflightStore
    /** The system's store; with `--use-openssl-ca` OpenSSL's own locations. */
    system: PreflightStore
    /** `NODE_EXTRA_CA_CERTS`. */
    extra: PreflightStore
    /** Whether certificates are verified by default: false with `NODE_TLS_REJECT_UNAUTHORIZED=0`. */
    verifies: boolean
  }
  /** One for each of `options.endpoints`, in their order. */
  endpoints: PreflightEndpoint[]
  /** The gravest first; those of an endpoint begin with its name. */
  findings: Finding[]
  toString(): string
}

/**
 * What this process trusts, and what is wrong with that: its variables, flags and files, and the stores of Node, Mozilla and the system
 * against each other; of this process, the options of `https.globalAgent` too, which `preflightSync` leaves out. Opens no connection but those to `endpoints`. Rejects for
 * wrong arguments and an aborted signal only.
 */
export function preflight(options?: PreflightNetworkOptions): Promise<PreflightReport>
export function preflightSync(options?: PreflightOptions): PreflightReport

/** One way to arrive at an error. */
export interface ExplainedCause {
  /** Stable name; errors with the same cause share it. */
  id: string
  /** One line. */
  title: string
  /** `likely`: something known speaks for it; `unlikely`: something speaks against it; `possible`: neither. */
  likelihood: 'likely' | 'possible' | 'unlikely'
  /** What speaks for it or against it. */
  because?: string
  /** What tells it apart from the others: a fact, or a command to run. */
  tells: string
  /** Who must act. */
  actor: 'server' | 'client' | 'proxy' | 'clock'
  /** Safest first; commands and code hold the host and port of the error. */
  fixes: Fix[]
}

export interface Explanation {
  /** Whether the catalogue has a page for it. */
  known: boolean
  /** The `code` that Node gives such an error; null where it gives none. */
  code: string | null
  /** The entry's name: the code where that says everything, OpenSSL's name where Node says `UNSPECIFIED`; null when not `known`. */
  name: string | null
  /** OpenSSL's verification error behind it. */
  openssl?: { number: number; name: string; reason: string }
  /** Where in a connection it arises. */
  family?: 'trust' | 'identity' | 'certificate' | 'revocation' | 'plaintext' | 'handshake' | 'alert' | 'material' | 'options' | 'connection'
  /** One line. */
  title: string
  /** In plain words. */
  meaning: string
  /** Where Node's own hint leads astray. */
  hint?: string
  /** In which versions of Node it appears, and what changed. */
  versions?: string
  /** The likeliest first, by what the error carries and what this process is. */
  causes: ExplainedCause[]
  /** What not to do, and why. */
  avoid: string[]
  /** Rules of `inspect` and `preflight` that find its causes. */
  rules: string[]
  /** For an error that is not `known`: the codes that are spelled much like it. */
  nearest: string[]
  /** What was known of the connection and the process. */
  context: {
    /** The Node whose error it is taken for. */
    node: string
    /** The codes of the error and of what it wraps, the outermost first. */
    codes?: string[]
    message?: string
    host?: string
    port?: number
    /** The server's certificate, when the error carries it. */
    certificate?: Certificate
  }
  /** Its page; null when not `known`. */
  page: string | null
  toString(): string
}

export interface ExplainOptions {
  /** The host that the connection was for, when the error does not carry it. */
  host?: string
  port?: number
  /** The environment of the process that failed; default this process, as it is. */
  env?: Record<string, string | undefined>
  /** The Node that failed; default the running one. */
  node?: string
  /** When it failed; default now. */
  time?: Date | string
}

/**
 * What an error means, who must act and what fixes it. Takes a caught error (from https, tls, fetch, undici, axios, got, node-fetch, ws, database
 * drivers, an AggregateError: what they wrap is looked at), or a code, OpenSSL's number of it, or a line of a log. Opens no connection. Never
 * throws for an error, however odd; throws `ERR_INVALID_ARG_TYPE` for what is neither an object nor a string.
 */
export function explain(errorOrCode: unknown, options?: ExplainOptions): Explanation

/** How a chain is judged. */
export interface VerifyOptions {
  /** The host name or address that was asked for; left out, only the chain is judged. A server that judges a client looks at none. */
  hostname?: string
  /** The time to judge by; default now. */
  time?: Date | string
  /** `server` (default): a client judges a server; `client`: a server judges a client. */
  purpose?: 'server' | 'client'
  /** The Node that judges: `'20'` (the last release of that line), `'24.11.0'`; default the running one. */
  node?: string
  /** Node's option of that name (20.18, 22.9 and later; others ignore it): any certificate of the store ends a path; default false. */
  allowPartialTrustChain?: boolean
  /** Node's option of that name, for the security level in it (`'DEFAULT@SECLEVEL=1'`); default Node's own. */
  ciphers?: string
  /**
   * From where else the chain is looked at. Default: Node 18, 20, 22, 24 and 26, partial chains where they make a difference, and the dates of the next
   * ten years at which the verdict changes.
   */
  perspectives?: ReadonlyArray<Perspective>
}

/** What is left out is as in the question. */
export interface Perspective {
  node?: string
  /**
   * Another store, or several as one. `bundled`: the list that the perspective's Node ships; `system`, `extra` and `ca`: what a `TrustStore` holds from
   * there, or this process's own; `merged`: all of them, or the whole `TrustStore`.
   */
  store?: StoreName | ReadonlyArray<StoreName>
  time?: Date | string
  allowPartialTrustChain?: boolean
}

export type StoreName = 'bundled' | 'system' | 'extra' | 'ca' | 'merged'

/** The end that Node comes to. */
export interface Outcome {
  readonly ok: boolean
  /** The `code` of Node's error; null when there is none, and where `undetermined` says why it is not known. */
  readonly code: string | null
  /** OpenSSL's text, which tells apart what Node calls `UNSPECIFIED`, or Node's about the host name. */
  readonly reason: string | null
  /** Where the connection ends: in the handshake, at the verification, or at the host name. */
  readonly stage: 'handshake' | 'verify' | 'identity' | null
  /** The position in the path, or at `handshake` in the chain, of what the code is about. */
  readonly depth: number | null
  /** What Node checks and this package cannot, so that the verdict is not known: `ok` is false then. Null for nearly all chains. */
  readonly undetermined: string | null
}

/** The verdict from another perspective. */
export interface PerspectiveVerdict extends Outcome {
  readonly node: string
  /** `ca`, `merged` for a `TrustStore`, `default` for what the process trusts by itself, or the names that were asked for, joined by `+`. */
  readonly store: string
  /** ISO 8601. */
  readonly time: string
  readonly allowPartialTrustChain: boolean
  /** Whether it comes to another end than the verdict itself. */
  readonly differs: boolean
  /** SHA-256 of the certificate that the code is about. */
  readonly certificate: string | null
  /** One line: from where, and what is said there. */
  readonly text: string
}

export interface VerifyInput extends VerifyOptions {
  /**
   * What the peer sent, the leaf first, then as it was sent: PEM with any number of blocks, or the DER of one certificate, or a list of these.
   */
  chain: string | Uint8Array | ReadonlyArray<string | Uint8Array>
  /**
   * What is trusted, as Node reads its `ca` option: PEM, each entry up to its first fault; whatever is not PEM is passed over. Left out, or an empty
   * string: what this process trusts by default; perspectives of other Node lines then have their line's own list in the place of this Node's.
   */
  ca?: string | Uint8Array | ReadonlyArray<string | Uint8Array>
}

/** One error of OpenSSL. The last one becomes the `code`. */
export interface VerifyError {
  /** The number of its `X509_V_ERR_…`. */
  openssl: number
  /** The `code` it has in Node. */
  code: string
  /** OpenSSL's text. */
  reason: string
  /** The position in the path, 0 being the leaf. */
  depth: number
}

export interface PathCertificate extends Certificate {
  /** The position among what the peer sent, from 0; null for one that was taken from the trust store, whose `sources` say where it is from. */
  presented: number | null
}

/** What a host name was compared with. */
export interface NameMismatch {
  /** The name or address asked for. */
  host: string
  /** What in the certificate it was compared with: Node looks at the common names only where there is no DNS name. */
  compared: 'addresses' | 'dns-names' | 'common-names' | 'nothing'
  dnsNames: string[]
  addresses: string[]
  commonNames: string[]
}

/** What Node says about a chain. */
export interface Verdict extends Outcome {
  /** Every error that OpenSSL reports, in its order. */
  readonly errors: VerifyError[]
  /** The path that is built, from the leaf to the last certificate reached. */
  readonly path: PathCertificate[]
  /** What the host name was compared with, when it does not match. */
  readonly mismatch: NameMismatch | null
  /** The same chain from elsewhere; see `VerifyOptions`. Worked out when it is first asked for. */
  readonly perspectives: PerspectiveVerdict[]
  /**
   * What is wrong, and what mends it: one finding for each fault that OpenSSL reports, the one that decides the code first, since mending that uncovers
   * the next. On a good chain what is worth knowing. Worked out when it is first asked for.
   */
  readonly findings: Finding[]
  toJSON(): Record<string, unknown>
  toString(): string
}

/**
 * What a Node TLS client says about a server's chain, or a server about a client's: its code, the errors before it, the path it builds. Opens no
 * connection and throws for wrong arguments only: whatever is wrong with the certificates is the verdict.
 */
export function verifyChain(input: VerifyInput): Verdict

/** Where a target is, and how it is looked at. */
export interface DiagnoseOptions extends Omit<VerifyOptions, 'hostname' | 'purpose' | 'ciphers'> {
  /** What to trust, as Node reads a `ca` option; default what this process trusts. A `TrustStore`'s own `diagnose` trusts that store. */
  ca?: VerifyInput['ca']
  /** The name for SNI and the comparison of names, as Node's option; default the target's host. */
  servername?: string
  /** Connect there in place of the target's host and port: `192.0.2.7`, `192.0.2.7:8443`, `[::1]:443`. */
  connectTo?: string
  /** The preamble before TLS; default what the target's scheme or port says. `false`: TLS from the first octet. */
  starttls?: 'postgres' | 'mysql' | 'smtp' | 'imap' | 'pop3' | 'ldap' | false
  /** An HTTP proxy, `http://user:password@proxy:3128` or `https://…`; default `HTTPS_PROXY` unless `NO_PROXY` names the host; `false`: none. */
  proxy?: string | false
  /** Where `HTTPS_PROXY` and `NO_PROXY` are looked up; default `process.env`. */
  env?: Record<string, string | undefined>
  /** A client certificate, as Node takes it. */
  cert?: string | Uint8Array
  key?: string | Uint8Array
  pfx?: Uint8Array
  passphrase?: string
  /** Look at every address of the name; default false. */
  allAddresses?: boolean
  /** Connect with this Node's own `tls.connect` too, and compare; default true. Not done where another `node` or `time` is asked for. */
  observe?: boolean
  /** Look at the answer without a server name and at the TLS versions offered; default true. Not at MySQL, which shuts out who asks too often. */
  lookFurther?: boolean
  /**
   * Follow the certificates' AIA addresses (`caIssuers`) to complete the chain; default false: nothing else is fetched. Over HTTP alone, at most
   * 64 KiB each and 5 certificates; through no proxy but the one that `proxy` names. The addresses are the server's choice, and those in a
   * private network are followed as well. Nothing that is fetched is trusted.
   */
  fetchMissing?: boolean
  /** Try the file that would make Node accept the server, in a fresh Node; default what `fetchMissing` is. */
  prove?: boolean
  /** A certificate that expires within this many days is a finding; default 30. */
  minDaysLeft?: number
  /** Milliseconds for a stage (5,000) and for everything (20,000). */
  stageTimeout?: number
  timeout?: number
  /** Ends everything at once; the promise rejects with its reason. */
  signal?: AbortSignal
  /**
   * The options that the program itself passes to its TLS client, when it is they that are in question. They change nothing of the verdict: what they
   * do beside it becomes findings. Their functions are never called.
   */
  tlsOptions?: Record<string, unknown>
}

/** The endpoint that was looked at. */
export interface DiagnosedEndpoint {
  /** `https`, `postgres`, `tls`… */
  readonly protocol: string
  readonly host: string
  readonly port: number
  /** The name sent as SNI; null for an address. */
  readonly servername: string | null
  readonly starttls: string | null
  /** Host and port, without credentials. */
  readonly proxy: string | null
  /** The address connected to; null when it came to none. */
  readonly address: string | null
}

export interface DiagnosedSession {
  /** Whether the handshake was completed; false when only the server's first flight could be read. */
  readonly complete: boolean
  /** `TLSv1.3`. */
  readonly protocol: string
  /** IANA name. */
  readonly cipherSuite: string
  /** IANA name of the key exchange group; null for a key exchange without one. */
  readonly group: string | null
  /** The group's name, `RSA`, or for a handshake that was not completed also `DHE, 1024 bits`. */
  readonly keyExchange: string
  readonly alpn: string | null
  readonly ocsp: DiagnosedOcsp | null
  /** Whether a client certificate was asked for. */
  readonly clientCertificate: { authorities: string[]; sent: boolean; refused: string | null } | null
  /** TLS versions asked for, the oldest first, with the suite that the server chose; null: it does not speak that one. Empty when that was not looked at. */
  readonly versions: { protocol: string; cipherSuite: string | null }[]
  /** What is answered without a server name; null when that was not looked at. */
  readonly withoutServername: { same: boolean; certificate: Certificate | null; failure: DiagnosedFailure | null } | null
}

/** A stapled OCSP response. */
export interface DiagnosedOcsp {
  /** `failed`: the responder gave no answer; `other-certificate`: its answer is about another one. */
  readonly status: 'good' | 'revoked' | 'unknown' | 'failed' | 'other-certificate' | 'unreadable'
  /** ISO 8601. */
  readonly producedAt: string | null
  readonly thisUpdate: string | null
  readonly nextUpdate: string | null
  readonly revokedAt: string | null
  /** Who signed it, as far as the certificates that were sent tell: the issuer, a responder in its name, or neither. */
  readonly signature: 'issuer' | 'responder' | 'invalid' | 'not-checked'
}

/** Where a connection ended. */
export interface DiagnosedFailure {
  readonly stage: 'dns' | 'tcp' | 'proxy' | 'starttls' | 'handshake'
  readonly kind:
    | 'not-found' | 'refused' | 'unreachable' | 'reset' | 'closed' | 'timed-out' | 'alert' | 'plain-text' | 'tls-instead' | 'declined'
    | 'oversized' | 'malformed' | 'nothing-shared' | 'other'
  readonly alert: number | null
  readonly text: string | null
}

/** What one address of the name answered. */
export interface DiagnosedAddress {
  readonly address: string | null
  readonly ok: boolean
  readonly code: string | null
  /** SHA-256 of the certificates sent. */
  readonly chain: string[]
  readonly failure: DiagnosedFailure | null
}

/** What this Node's own `tls.connect` came to. */
export interface ObservedOutcome {
  readonly ok: boolean
  readonly code: string | null
  readonly message: string | null
  /** The running Node. */
  readonly node: string
}

/** The chain as somebody else sees it. */
export interface DiagnosedPerspective extends PerspectiveVerdict {
  /** Who that is: `curl and OpenSSL (the system store)`. */
  readonly label: string
}

/** A fix that was tried: the handshake of a fresh Node with it. */
export interface Proof {
  /** What was tried, in one line. */
  readonly title: string
  readonly ok: boolean
  readonly code: string | null
  /** Of the error; null when it connected. */
  readonly message: string | null
  readonly node: string
}

/** What the server should send. */
export interface CompletedChain {
  /** Whether Node accepts the server when it sends this. */
  readonly ok: boolean
  readonly code: string | null
  /** The server's own certificate first, without the root. */
  readonly chain: Certificate[]
  readonly pem: string
}

/** The least that a file needs to hold, for a Node with it in `NODE_EXTRA_CA_CERTS` and nothing else to accept the server. */
export interface SmallestCa {
  /** null when no file helps. */
  readonly pem: string | null
  readonly certificates: Certificate[]
  /** Those of them that no store of this machine holds and that end the chain: to be trusted when their operator confirms their SHA-256. */
  readonly unconfirmed: Certificate[]
  /** Why there is none. */
  readonly reason: string | null
}

export interface Diagnosis {
  /** As it was given, without user, password, path and query. */
  readonly target: string
  /** Null for a chain that was judged without a connection. */
  readonly endpoint: DiagnosedEndpoint | null
  /** The Node it was judged for. */
  readonly node: string
  /** Whether Node connects: as predicted and, where it was looked at, as observed. */
  readonly ok: boolean
  /** The `code` of Node's error: the verdict's, or that of the connection; null when there is none. */
  readonly code: string | null
  /** The verdict on the chain; null when the server sent none. */
  readonly verdict: Verdict | null
  readonly observed: ObservedOutcome | null
  /** The certificates in the order they were sent. */
  readonly chain: Certificate[]
  readonly session: DiagnosedSession | null
  readonly failure: DiagnosedFailure | null
  /** With `allAddresses` one for each address of the name. */
  readonly addresses: DiagnosedAddress[]
  /** Milliseconds; null for what was not reached. */
  readonly timings: { dns: number | null; tcp: number | null; proxy: number | null; starttls: number | null; handshake: number | null }
  /**
   * The same chain as others see it, the asked one first: this Node as it was started, with `--use-system-ca` and with the merged store, curl, browsers,
   * Node 18 to 26; or those of `options.perspectives`. Worked out when it is first asked for; empty when the server sent no chain.
   */
  readonly perspectives: DiagnosedPerspective[]
  /** The gravest first. */
  readonly findings: Finding[]
  /** The intermediates that `fetchMissing` found. */
  readonly fetched: Certificate[]
  /** The chain with these; null when none was found. */
  readonly completed: CompletedChain | null
  readonly proofs: Proof[]
  /**
   * The smallest PEM that makes Node accept the server, checked against a verdict. A root in it that the server sent is nobody's word but the
   * server's: compare its SHA-256 with what its operator says. Never the server's own certificate, unless `allowLeaf` says so.
   */
  smallestCa(options?: { allowLeaf?: boolean }): SmallestCa
  /**
   * Connects again, from a fresh Node with that PEM in `NODE_EXTRA_CA_CERTS`; null when there is no such PEM, or no server. Adds to `proofs`, and
   * a fix that is proved to `findings`.
   *
   * @param options `file`: where the PEM is written already; `node`: the program, default the running one; `timeout`: milliseconds for the
   *   connection, default that of the diagnosis
   */
  prove(options?: { allowLeaf?: boolean; file?: string; node?: string; timeout?: number; signal?: AbortSignal }): Promise<Proof | null>
  toJSON(): Record<string, unknown>
  toString(): string
}

/**
 * Connects, looks at the chain as it was sent, judges it as Node does, says who must act and what mends it. Sends nothing but the handshake and
 * its STARTTLS preamble.
 *
 * @param target `https://host`, `host:port`, `postgres://…`, `smtp://…` and their like; a caught error, whose host it is; a live `tls.TLSSocket`;
 *   or a chain as PEM or DER, which is judged without a connection.
 *
 * Rejects for wrong arguments and an aborted signal only: a server that cannot be reached is a finding.
 */
export function diagnose(target: unknown, options?: DiagnoseOptions): Promise<Diagnosis>
