'use strict'

// Where each client library looks for TLS options, as its releases in the tests do: what stands elsewhere it passes over without a word.

/** @typedef {Record<string, unknown>} Options */

/** @typedef {import('../binding.js').NativeIneffective} Ineffective */

/**
 * The options of the TLS clients of one set of options, and what their library passes over.
 *
 * @typedef {{ tls: Options[], ineffective: Ineffective[] }} Read
 */

/**
 * @typedef {object} Library
 * @property {string} where Behind "reads TLS options"
 * @property {(name: string) => string} instead What to write for an option.
 * @property {readonly string[]} [objects] The paths of the objects that hold them; an empty one is the options themselves.
 * @property {readonly string[]} [agents] The paths of the agents whose own options count.
 * @property {readonly string[]} [others] What is looked for beside `PLACES`.
 * @property {readonly string[]} [means] Places that mean something else to it, or make it fail by itself.
 * @property {readonly string[]} [names] The only options that it takes; all of them where it is left out.
 * @property {readonly string[]} [elsewhere] Options that it takes at the top level as well.
 * @property {boolean} [isStrict] It refuses what it does not know.
 * @property {(options: Options) => Options} [translate] Where its names for them are its own.
 * @property {string} [authority] Its name for `ca`.
 * @property {(options: Options) => Ineffective[]} [more]
 */

// What a program gives to say whom it trusts and who it is.
const OF_TRUST = ['ca', 'cert', 'checkServerIdentity', 'ciphers', 'crl', 'key', 'maxVersion', 'minVersion', 'pfx', 'rejectUnauthorized', 'secureContext', 'servername']
// Where libraries have them, and where people therefore put them.
const PLACES = ['', 'connect', 'connection', 'https', 'socket', 'ssl', 'sslOptions', 'tls', 'tlsOptions']
const AGENTS = ['agent', 'agent.https', 'httpAgent', 'httpsAgent']

/** @param {unknown} value */
const objectOf = (value) => /** @type {Options} */ (typeof value === 'object' && value !== null ? value : {})

/** @param {Options} options @param {string} place */
const at = (options, place) => (place === '' ? options : objectOf(place.split('.').reduce((/** @type {unknown} */ value, key) => objectOf(value)[key], options)))

/** What an agent connects with. @param {Options} options @param {string} place */
const ofAgent = (options, place) => objectOf(at(options, place).options)

/** @param {Options} options */
const given = (options) => OF_TRUST.filter((name) => options[name] !== undefined)

/** @param {(name: string) => string} call */
const agentOf = (call) => (/** @type {string} */ name) => call(`new https.Agent({ ${name} })`)

const OF_AN_AGENT = 'of its `agent` alone'

/** @type {Record<string, Library>} */
const LIBRARIES = {
  node: {
    where: 'at the top level and of an `agent`',
    instead: (name) => `https.get(url, { ${name} })`,
    objects: [''],
    agents: ['agent'],
    means: ['agent.https', 'socket'],
  },
  undici: {
    where: 'in `connect` alone, and ProxyAgent in `requestTls` and `proxyTls`',
    instead: (name) => `new undici.Agent({ connect: { ${name} } })`,
    objects: ['connect', 'proxyTls', 'requestTls', 'tls'],
    more: (options) => (options.uri === undefined
      ? []
      : misplaced('ProxyAgent reads TLS options in `requestTls` and `proxyTls` alone', (name) => `new undici.ProxyAgent({ uri, requestTls: { ${name} } })`)(options, 'connect')),
  },
  fetch: { where: 'of its `dispatcher` alone', instead: (name) => `fetch(url, { dispatcher: new undici.Agent({ connect: { ${name} } }) })` },
  ky: { where: 'of its `dispatcher` alone', instead: (name) => `ky.create({ dispatcher: new undici.Agent({ connect: { ${name} } }) })` },
  axios: {
    where: 'from `httpsAgent` alone',
    instead: agentOf((agent) => `axios.create({ httpsAgent: ${agent} })`),
    agents: ['httpsAgent'],
    more: ({ adapter, dispatcher, fetchOptions, httpsAgent }) => [
      ...(adapter === 'fetch' && httpsAgent !== undefined
        ? [{ option: 'httpsAgent', because: 'the adapter `fetch` knows no agents', instead: "axios.create({ adapter: 'http', httpsAgent })" }]
        : []),
      ...(adapter !== 'fetch' && objectOf(fetchOptions).dispatcher !== undefined
        ? [{ option: 'fetchOptions.dispatcher', because: 'the adapter `http` knows no dispatchers', instead: "axios.create({ adapter: 'fetch', fetchOptions: { dispatcher } })" }]
        : []),
      ...(dispatcher === undefined
        ? []
        : [{ option: 'dispatcher', because: 'axios hands it on in `fetchOptions` alone', instead: "axios.create({ adapter: 'fetch', fetchOptions: { dispatcher } })" }]),
    ],
  },
  got: {
    where: 'in `https` and of `agent.https`',
    instead: (name) => `got(url, { https: { ${name} } })`,
    objects: ['https'],
    agents: ['agent.https'],
    isStrict: true,
    authority: 'https.certificateAuthority',
    translate: ({ alpnProtocols, certificate, certificateAuthority, certificateRevocationLists, signatureAlgorithms, ...rest }) =>
      ({ ...rest, ALPNProtocols: alpnProtocols, ca: certificateAuthority, cert: certificate, crl: certificateRevocationLists, sigalgs: signatureAlgorithms }),
  },
  'node-fetch': { where: OF_AN_AGENT, instead: agentOf((agent) => `fetch(url, { agent: ${agent} })`), agents: ['agent'], means: ['agent.https'], more: dispatcherOf('node-fetch') },
  superagent: {
    where: 'at the top level alone, and no others than `ca`, `cert`, `key`, `pfx` and `rejectUnauthorized`',
    instead: agentOf((agent) => `superagent.get(url).agent(${agent})`),
    objects: [''],
    names: ['ca', 'cert', 'key', 'pfx', 'rejectUnauthorized'],
    more: dispatcherOf('superagent'),
  },
  ws: {
    where: 'at the top level and of an `agent`',
    instead: (name) => `new WebSocket(url, { ${name} })`,
    objects: [''],
    agents: ['agent'],
    means: ['agent.https', 'socket'],
  },
  'socket.io-client': {
    where: 'at the top level and of an `agent`',
    instead: (name) => `io(url, { ${name} })`,
    objects: [''],
    agents: ['agent'],
    means: ['agent.https'],
  },
  '@grpc/grpc-js': {
    where: 'from its credentials, and none from the options of a channel',
    instead: (name) => (name === 'ca' ? 'grpc.credentials.createSsl(Buffer.from(ca))' : `grpc.credentials.createFromSecureContext(tls.createSecureContext({ ${name} }))`),
  },
  pg: {
    where: 'in `ssl` alone',
    instead: (name) => `new pg.Client({ ssl: { ${name} } })`,
    objects: ['ssl'],
    means: ['connection'],
    more: (options) => ofUrl(options, '', 'new pg.Client({ connectionString: urlWithoutSslMode, ssl: { ca } })'),
  },
  knex: {
    where: 'in `connection.ssl` alone',
    instead: (name) => `knex({ client, connection: { host, ssl: { ${name} } } })`,
    objects: ['connection.ssl'],
    others: ['connection.tls'],
    more: (options) => (options.client === 'mysql2'
      ? contextOfMysql(options, 'connection.', "knex({ client: 'mysql2', connection: { ssl: { ca: store.ca } } })")
      : ofUrl(objectOf(options.connection), 'connection.', "knex({ client: 'pg', connection: { connectionString: urlWithoutSslMode, ssl: { ca } } })")),
  },
  mysql2: {
    where: 'in `ssl` alone',
    instead: (name) => `mysql.createConnection({ ssl: { ${name} } })`,
    objects: ['ssl'],
    more: (options) => contextOfMysql(options, '', 'mysql.createConnection({ ssl: { ca: store.ca } })'),
  },
  mariadb: { where: 'in `ssl` alone', instead: (name) => `mariadb.createConnection({ ssl: { ${name} } })`, objects: ['ssl'] },
  ioredis: { where: 'in `tls` alone', instead: (name) => `new Redis({ tls: { ${name} } })`, objects: ['tls'] },
  redis: {
    where: 'in `socket` alone, where `tls` is `true`',
    instead: (name) => `createClient({ socket: { tls: true, ${name} } })`,
    objects: ['socket'],
    others: ['socket.tls'],
  },
  mongodb: {
    where: 'at the top level',
    instead: (name) => `new MongoClient(url, { ${name} })`,
    objects: [''],
    isStrict: true,
    translate: ({ tlsAllowInvalidCertificates, tlsInsecure, ...rest }) => {
      const verifies = tlsAllowInvalidCertificates !== true && tlsInsecure !== true
      return verifies ? rest : { ...rest, rejectUnauthorized: verifies }
    },
    more: ({ ca, secureContext, tlsCAFile }) => (tlsCAFile === undefined || (!ca && !secureContext)
      ? []
      : [{ option: 'tlsCAFile', because: `a \`${secureContext ? 'secureContext' : 'ca'}\` beside it takes its place`, instead: 'new MongoClient(url, { ca: [ca, fs.readFileSync(file)] })' }]),
  },
  nodemailer: {
    where: 'in `tls` alone',
    instead: (name) => `nodemailer.createTransport({ host, tls: { ${name} } })`,
    objects: ['tls'],
    means: ['connection', 'socket'],
    elsewhere: ['servername'],
  },
  mqtt: { where: 'at the top level alone', instead: (name) => `mqtt.connect(url, { ${name} })`, objects: [''], means: ['socket'] },
  amqplib: { where: 'at the top level of its second argument alone', instead: (name) => `amqp.connect(url, { ${name} })`, objects: [''], means: ['socket'] },
  kafkajs: { where: 'in `ssl` alone', instead: (name) => `new Kafka({ ssl: { ${name} } })`, objects: ['ssl'] },
  ldapts: { where: 'in `tlsOptions` alone', instead: (name) => `new Client({ url, tlsOptions: { ${name} } })`, objects: ['tlsOptions'] },
}

/** @param {string} because @param {(name: string) => string} instead */
function misplaced(because, instead) {
  return (/** @type {Options} */ options, /** @type {string} */ place) =>
    given(at(options, place)).map((name) => ({ option: place === '' ? name : `${place}.${name}`, because, instead: instead(name) }))
}

/** @param {string} library @returns {(options: Options) => Ineffective[]} */
function dispatcherOf(library) {
  return ({ dispatcher }) => (dispatcher === undefined ? [] : [{ option: 'dispatcher', because: `${library} knows no dispatchers`, instead: LIBRARIES[library]?.instead('ca') ?? '' }])
}

/** @param {Options} options @param {string} place @param {string} instead @returns {Ineffective[]} */
function ofUrl(options, place, instead) {
  const url = typeof options.connectionString === 'string' ? options.connectionString : ''
  const because = 'what the URL says of TLS (`sslmode` and the like) takes the place of `ssl`'
  return options.ssl !== undefined && /[?&]ssl(mode|cert|key|rootcert)?=/.test(url) ? [{ option: `${place}ssl`, because, instead }] : []
}

/** @param {Options} options @param {string} place @param {string} instead @returns {Ineffective[]} */
function contextOfMysql(options, place, instead) {
  const option = `${place}ssl.secureContext`
  return at(options, `${place}ssl`).secureContext === undefined ? [] : [{ option, because: 'mysql2 makes a context of its own', instead }]
}

/**
 * @param {string} name
 * @param {Options} options
 * @returns {Read}
 */
function readOptions(name, options) {
  const library = /** @type {Library} */ (LIBRARIES[name])
  const { agents = [], authority = 'ca', elsewhere = [], instead, isStrict = false, means = [], names = OF_TRUST, objects = [], others = [], translate = (/** @type {Options} */ own) => ({ ...own }), where } = library
  const because = `${name === 'node' ? 'Node' : name} reads TLS options ${where}`
  const found = misplaced(because, instead)
  const isPassedOver = (/** @type {string} */ place) => !isStrict && !objects.includes(place) && !means.includes(place)
  const ineffective = [...PLACES, ...others].filter(isPassedOver).flatMap((place) => found(options, place).filter(({ option }) => !elsewhere.includes(option)))
  if (objects.includes('')) ineffective.push(...found(options, '').filter(({ option }) => !names.includes(option)))
  if (!isStrict) {
    for (const place of AGENTS.filter((each) => !agents.includes(each) && !means.includes(each))) {
      if (given(ofAgent(options, place)).length > 0) ineffective.push({ option: place, because, instead: instead('ca') })
    }
  }
  ineffective.push(...(library.more?.(options) ?? []))

  const own = objects.map((place) => translate(at(options, place))).filter((each, index) => objects[index] === '' || Object.keys(each).length > 0)
  const ofAgents = agents.map((place) => ofAgent(options, place)).filter((each) => Object.keys(each).length > 0)
  const [first = {}, ...rest] = own
  // An agent's options stand over those of a request (Node's `lib/_http_agent.js`: `addRequest`).
  for (const agent of ofAgents) {
    // One that is there without a value stands over it, too.
    if (!first.ca || !('ca' in agent || agent.secureContext)) continue
    ineffective.push({ option: authority, because: `the \`agent\` beside it has a \`${agent.secureContext ? 'secureContext' : 'ca'}\` of its own`, instead: 'new https.Agent({ ca })' })
    delete first.ca
  }
  const tls = own.length + ofAgents.length === 0 ? [] : [Object.assign({}, first, ...ofAgents), ...rest]
  return { tls, ineffective }
}

module.exports = { LIBRARY_NAMES: Object.keys(LIBRARIES), readOptions }
