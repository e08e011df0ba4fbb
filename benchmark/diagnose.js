'use strict'

// A diagnosis against what it is made of, a bare `tls.connect` that verifies, in CPU time of the whole process; and many of them against ssl-checker and
// `openssl s_client`, in time. The server is nginx, with an address of 127/8 for each endpoint; the chains are good, and their root is trusted by
// NODE_EXTRA_CA_CERTS. On one port each endpoint has a certificate of its own, as servers have, from one authority; on the other all have the
// same, whose signature is checked once. Nothing is observed: a second connection by Node costs what it costs.

const { spawn } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const { setTimeout: pause } = require('node:timers/promises')

const { cleanEnvironment } = require('../__test__/support/environment')
const { standardPki } = require('../__test__/support/pki')
const { inTurn, milliseconds, root, times } = require('./measure')

const ENDPOINTS = 1000
const CONCURRENCY = 64
const SEQUENTIAL = 150
const MOST_CPU = 2
const LEAST_FASTER = 5
const MOST_MEGABYTES = 200

const address = (index) => `127.1.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`

async function freePorts() {
  const servers = [net.createServer(), net.createServer()]
  await Promise.all(servers.map((server) => once(server.listen(0, '127.0.0.1'), 'listening')))
  const ports = servers.map((server) => server.address().port)
  servers.forEach((server) => server.close())
  return ports
}

/** nginx on as many addresses as there are endpoints: on one port they share a certificate, on the other each has its own. */
async function manyEndpoints(folder, { intermediate, leaf }) {
  const [shared, own] = await freePorts()
  const indices = Array.from({ length: ENDPOINTS }, (_, index) => index)
  fs.writeFileSync(path.join(folder, 'chain.pem'), leaf.chainPem)
  fs.writeFileSync(path.join(folder, 'key.pem'), leaf.key.pem, { mode: 0o600 })
  for (const index of indices) {
    // One key serves: what is checked is the authority's signature.
    const { subject, altNames, server } = leaf.options
    const { chainPem } = intermediate.issue({ subject, altNames, server, keyName: 'leaf', serial: 1_000_000 + index })
    fs.writeFileSync(path.join(folder, `chain-${index}.pem`), chainPem)
  }
  fs.writeFileSync(path.join(folder, 'nginx.conf'), `
daemon off;
worker_processes 1;
worker_rlimit_nofile 16384;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log crit;
events { worker_connections 8192; }
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  ssl_certificate_key ${folder}/key.pem;
  server {
    ${indices.map((index) => `listen ${address(index)}:${shared} ssl;`).join('\n    ')}
    ssl_certificate ${folder}/chain.pem;
  }
  ${indices.map((index) => `server { listen ${address(index)}:${own} ssl; ssl_certificate ${folder}/chain-${index}.pem; }`).join('\n  ')}
}
`)
  const server = spawn('nginx', ['-p', folder, '-c', path.join(folder, 'nginx.conf')], { env: cleanEnvironment(), stdio: ['ignore', 'ignore', 'inherit'] })
  for (let attempt = 0; attempt < 200 && !fs.existsSync(path.join(folder, 'nginx.pid')); attempt += 1) await pause(20)
  return { shared, own, stop: async () => (server.kill('SIGTERM'), once(server, 'exit')) }
}

const CPU = (port) => `
  const tls = require('node:tls')
  const { diagnose } = require(${JSON.stringify(root)})
  const target = 'localhost:${port}'
  const options = { connectTo: ${JSON.stringify(address(0))}, observe: false }
  const ways = {
    connect: () => new Promise((resolve, reject) => {
      const socket = tls.connect({ host: ${JSON.stringify(address(0))}, port: ${port}, servername: 'localhost' })
      socket.once('error', reject)
      socket.once('secureConnect', () => { socket.once('close', resolve); socket.resume(); socket.end() })
    }),
    diagnose: async () => {
      const { ok, findings } = await diagnose(target, options)
      if (!ok) throw new Error(JSON.stringify(findings))
    },
    brief: async () => {
      const { ok } = await diagnose(target, { ...options, lookFurther: false })
      if (!ok) throw new Error('not ok')
    },
  }
  const main = async () => {
    const figures = {}
    for (const way of Object.values(ways)) for (let round = 0; round < 20; round += 1) await way()
    for (const [name, way] of Object.entries(ways)) figures[name] = 0
    // In slices, in turn.
    for (let slice = 0; slice < 5; slice += 1) {
      for (const [name, way] of Object.entries(ways)) {
        const before = process.cpuUsage()
        for (let round = 0; round < ${SEQUENTIAL / 5}; round += 1) await way()
        const { user, system } = process.cpuUsage(before)
        figures[name] += (user + system) / 1000 / ${SEQUENTIAL}
      }
    }
    console.log(JSON.stringify(figures))
  }
  main()
`

const pool = (work) => `
  const addresses = Array.from({ length: ${ENDPOINTS} }, (_, index) => '127.1.' + (1 + Math.floor(index / 250)) + '.' + (1 + (index % 250)))
  const all = async (one) => {
    let next = 0
    await Promise.all(Array.from({ length: ${CONCURRENCY} }, async () => {
      while (next < addresses.length) await one(addresses[next++])
    }))
  }
  const main = async () => {
    const { readdirSync } = require('node:fs')
    const begin = process.hrtime.bigint()
    const descriptors = await (${work})()
    console.log(JSON.stringify({
      took: Number(process.hrtime.bigint() - begin) / 1e6,
      cpu: (({ user, system }) => (user + system) / 1000)(process.cpuUsage()),
      megabytes: process.resourceUsage().maxRSS / 1024,
      left: readdirSync('/proc/self/fd').length - (descriptors ?? readdirSync('/proc/self/fd').length),
    }))
  }
  main()
`

const DIAGNOSE = (port, options) => pool(`async () => {
  const { diagnose } = require(${JSON.stringify(root)})
  // The first one starts the runtime, whose own descriptors stay.
  await diagnose(addresses[0] + ':${port}', { servername: 'localhost', observe: false })
  const open = readdirSync('/proc/self/fd').length
  await all(async (host) => {
    const { verdict } = await diagnose(host + ':${port}', { servername: 'localhost', observe: false, ...${JSON.stringify(options)} })
    if (!verdict.ok) throw new Error(verdict.code)
  })
  return open
}`)

const SSL_CHECKER = (port) => pool(`async () => {
  const checker = require(${JSON.stringify(path.join(__dirname, 'node_modules', 'ssl-checker'))})
  const check = checker.default ?? checker
  await all((host) => check(host, { port: ${port}, validateSubjectAltName: false }))
}`)

const S_CLIENT = (port, ca) => pool(`async () => {
  const { spawn } = require('node:child_process')
  await all((host) => new Promise((resolve, reject) => {
    const child = spawn('openssl', ['s_client', '-connect', host + ':${port}', '-servername', 'localhost', '-showcerts', '-CAfile', ${JSON.stringify(ca)}], { stdio: ['ignore', 'ignore', 'ignore'] })
    child.once('error', reject)
    child.once('exit', resolve)
  }))
}`)

async function run() {
  const pki = standardPki()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'diagnose-'))
  const extra = path.join(folder, 'root.pem')
  fs.writeFileSync(extra, pki.root.pem)
  const server = await manyEndpoints(folder, pki)
  const env = { NODE_EXTRA_CA_CERTS: extra }
  try {
    const rows = []
    for (const node of [20, 24]) {
      const { cpu } = inTurn({ cpu: { node, script: CPU(server.shared), env } }, 5)
      for (const [name, what] of [['diagnose', 'one diagnosis'], ['brief', 'one that looks no further than the handshake']]) {
        const ratio = cpu[name] / cpu.connect
        rows.push({ what: `Node ${node}: ${what} against a bare tls.connect, CPU time`, figure: `${times(ratio)}  ${milliseconds(cpu[name])} / ${milliseconds(cpu.connect)}`, target: `at most ${MOST_CPU}x`, met: ratio <= MOST_CPU })
      }
      const scripts = {
        ours: { node, script: DIAGNOSE(server.own, { lookFurther: false }), env },
        checker: { node, script: SSL_CHECKER(server.own), env },
        openssl: { node, script: S_CLIENT(server.own, extra), env },
        oursShared: { node, script: DIAGNOSE(server.shared, { lookFurther: false }), env },
        checkerShared: { node, script: SSL_CHECKER(server.shared), env },
        further: { node, script: DIAGNOSE(server.own, {}), env },
      }
      const figures = inTurn(scripts, 3)
      for (const [ours, peer, name] of [
        ['ours', 'checker', 'ssl-checker'],
        ['ours', 'openssl', 'openssl s_client'],
        ['oursShared', 'checkerShared', 'ssl-checker, one certificate'],
      ]) {
        const ratio = figures[peer].took / figures[ours].took
        rows.push({ what: `Node ${node}: ${ENDPOINTS} endpoints, ${CONCURRENCY} at a time, against ${name}`, figure: `${times(ratio)} faster  ${milliseconds(figures[ours].took)} / ${milliseconds(figures[peer].took)}${peer === 'openssl' ? '' : `; CPU time ${milliseconds(figures[ours].cpu)} / ${milliseconds(figures[peer].cpu)}`}`, target: `at least ${LEAST_FASTER}x`, met: ratio >= LEAST_FASTER })
      }
      rows.push({ what: `Node ${node}: the same with versions and SNI looked at`, figure: milliseconds(figures.further.took) })
      rows.push({ what: `Node ${node}: memory of it`, figure: `${figures.ours.megabytes.toFixed(0)} MB`, target: `under ${MOST_MEGABYTES} MB`, met: figures.ours.megabytes < MOST_MEGABYTES })
      rows.push({ what: `Node ${node}: descriptors left`, figure: String(figures.ours.left), target: 'none', met: figures.ours.left <= 0 })
    }
    return rows
  } finally {
    await server.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

module.exports = { run }
