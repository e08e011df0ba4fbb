'use strict'

// What `diagnose` tells people to paste, pasted: servers with the whole chain in their configuration, which every Node must accept then, and the places
// in which a CA file is given to Node.

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, describe, test } = require('node:test')

const yaml = require('js-yaml')

const { serverFix } = require('../lib/diagnose/chain-files.js')
const { clientCommands, named } = require('../lib/diagnose/deploy.js')
const { cleanEnvironment, run } = require('./support/environment.js')
const { tlsServer } = require('./support/loopback.js')
const { nodes } = require('./support/nodes.js')
const { certificate } = require('./support/pki.js')
const { accepts, freePort, startProgram } = require('./support/servers/program.js')

const root = certificate({ subject: 'Deploy Root', ca: true })
const intermediate = root.issue({ subject: 'Deploy Intermediate', ca: true })
const leaf = intermediate.issue({ subject: 'localhost', server: true, altNames: ['DNS:localhost', 'IP:127.0.0.1'] })

const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-deploy-')))
after(() => fs.rmSync(folder, { recursive: true, force: true }))

/** @param {string} name @param {string} contents */
function file(name, contents) {
  const target = path.join(folder, name)
  fs.mkdirSync(path.dirname(target), { recursive: true })
  fs.writeFileSync(target, contents)
  return target
}

/** A connection that ends with `connected`, or with the code of its error. @param {number} port */
const connecting = (port) => `
  const socket = require('tls').connect({ port: ${port}, host: '127.0.0.1', servername: 'localhost' }, () => { console.log('connected'); socket.destroy() })
  socket.on('error', (error) => console.log(error.code))`

const asCertificate = ({ pem, options }) => ({ pem, subject: `CN=${options.subject}` })

describe('what a server is told', () => {
  const fix = serverFix([leaf, intermediate].map(asCertificate), 'https')
  const rootFile = file('root.pem', root.pem)
  /** @param {string} at the folder of the files @param {string} platform @param {string} [protocol] */
  const snippet = (at, platform, protocol = 'https') => {
    const { commands = [] } = serverFix([leaf, intermediate].map(asCertificate), protocol)
    const { text } = commands.find((command) => command.platform === platform) ?? { text: '' }
    assert.notEqual(text, '', platform)
    return text.replaceAll(/\/etc\/(?:ssl|haproxy)\//g, `${at}/`)
  }

  test('is its own certificate, then the others', () => {
    assert.equal(fix.pem, leaf.pem + intermediate.pem)
    assert.match(fix.title, /its own certificate, then `CN=Deploy Intermediate`/)
  })

  /**
   * What each server needs besides, and what checks it.
   *
   * @type {Record<string, { command: string, conf: (at: string, port: number) => string, check: (conf: string) => string[], args: (conf: string) => string[] }>}
   */
  const servers = {
    nginx: {
      command: 'nginx',
      conf: (at, port) => {
        const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${at}/${name};`).join(' ')
        return `daemon off; pid ${at}/pid; error_log stderr; events {}
          http { access_log off; ${temporary} server { listen 127.0.0.1:${port} ssl; ${snippet(at, 'nginx')} location / { return 200; } } }`
      },
      check: (conf) => ['-t', '-q', '-c', conf],
      args: (conf) => ['-c', conf],
    },
    Apache: {
      command: 'apache2',
      conf: (at, port) => {
        const modules = ['mpm_event', 'authz_core', 'socache_shmcb', 'ssl'].map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`)
        return `ServerRoot ${at}\nServerName localhost\nPidFile ${at}/pid\nErrorLog ${at}/log\nMutex file:${at}\n${modules.join('\n')}
Listen 127.0.0.1:${port}\n<VirtualHost *:${port}>\nSSLEngine on\n${snippet(at, 'Apache')}\n</VirtualHost>\n`
      },
      check: (conf) => ['-t', '-f', conf],
      args: (conf) => ['-DFOREGROUND', '-f', conf],
    },
    HAProxy: {
      command: 'haproxy',
      conf: (at, port) => {
        const [, bind = ''] = snippet(at, 'HAProxy').split('\n')
        const timeouts = ['client', 'server', 'connect'].map((name) => `  timeout ${name} 5s\n`).join('')
        return `defaults\n  mode http\n${timeouts}frontend all\n  ${bind.replace(':443', `127.0.0.1:${port}`)}\n  http-request return status 200\n`
      },
      check: (conf) => ['-c', '-q', '-f', conf],
      args: (conf) => ['-db', '-f', conf],
    },
    Node: {
      command: process.execPath,
      conf: (at, port) => `const https = require('https'), fs = require('fs')\n${snippet(at, 'Node')}.listen(${port}, '127.0.0.1')`,
      check: (conf) => ['--check', conf],
      args: (conf) => [conf],
    },
  }
  for (const [name, { command, conf, check, args }] of Object.entries(servers)) {
    test(`lets every Node connect to ${name}`, async () => {
      const port = await freePort()
      const server = await startProgram(command, {
        files: (at) => ({ 'fullchain.pem': String(fix.pem), 'server.key': leaf.key.pem, 'conf.js': conf(at, port) }),
        before: async (at, prepare) => {
          const first = snippet(at, name).split('\n')[0] ?? ''
          if (first.startsWith('# ')) await prepare('bash', ['-c', first.slice(2)])
          await prepare(command, check(`${at}/conf.js`))
        },
        args: (at) => args(`${at}/conf.js`),
        ready: () => accepts(port),
      })
      try {
        for (const { path: node, version } of nodes) {
          const { stdout } = await run(node, ['-e', connecting(port)], { env: { NODE_EXTRA_CA_CERTS: rootFile } })
          assert.equal(stdout.trim(), 'connected', `Node ${version}`)
        }
      } finally {
        await server.stop()
      }
    })
  }

  test('is what PostgreSQL, MariaDB and Postfix read', () => {
    const read = (/** @type {string} */ program, /** @type {string[]} */ args, /** @type {object} */ options = {}) =>
      execFileSync(program, args, { env: cleanEnvironment(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], ...options })
    const postgres = fs.readdirSync('/usr/lib/postgresql').map((version) => `/usr/lib/postgresql/${version}/bin/postgres`)[0] ?? 'postgres'
    const conf = file('postgres/postgresql.conf', snippet(folder, 'postgresql.conf', 'postgres'))
    const chain = path.join(folder, 'fullchain.pem')
    // It does not run as root.
    const isRoot = process.getuid?.() === 0
    if (isRoot) for (const name of ['', 'postgres', 'postgres/postgresql.conf']) fs.chownSync(path.join(folder, name), 65534, 65534)
    assert.equal(read(postgres, ['-C', 'ssl_cert_file', `--config-file=${conf}`, '-D', path.dirname(conf)], isRoot ? { uid: 65534, gid: 65534 } : {}).trim(), chain)
    const mine = file('my.cnf', snippet(folder, 'my.cnf', 'mysql'))
    assert.match(read('mariadbd', [`--defaults-file=${mine}`, '--verbose', '--help']), new RegExp(`^ssl-cert +${chain}$`, 'm'))
    file('postfix/main.cf', `${snippet(folder, 'Postfix', 'smtp')}\n`)
    assert.equal(read('postconf', ['-c', path.join(folder, 'postfix'), '-h', 'smtpd_tls_cert_file']).trim(), chain)
  })
})

describe('what a client is told', () => {
  /** @param {Parameters<typeof clientCommands>[2]} options @param {string} [at] */
  const commandsOf = (options, at) => clientCommands(named(at), root.pem, options)
  /** @param {ReturnType<typeof commandsOf>} commands @param {string} place */
  const of = (commands, place) => {
    const { text } = commands.find(({ shell, platform }) => (platform ?? shell) === place) ?? { text: '' }
    assert.notEqual(text, '', place)
    return text
  }
  const everywhere = commandsOf({ isStopgap: false })

  test('for a while is the variable and nothing that stays', () => {
    assert.deepEqual(commandsOf({ isStopgap: true }).map(({ shell, platform }) => platform ?? shell), ['bash', 'powershell', 'dockerfile'])
  })

  for (const [name, present] of [['a file', undefined], ['a file beside the one that is there already', certificate({ subject: 'Present', ca: true }).pem.trimEnd()]]) {
    test(`lets every Node connect by ${name}, whatever it is called`, async () => {
      const server = await tlsServer({ cert: leaf.pem + intermediate.pem, key: leaf.key.pem })
      const odd = file("it's a $(file) \"here\"/ca file.pem", root.pem)
      const there = present === undefined ? undefined : file("what's there.pem", present)
      const text = of(commandsOf({ isStopgap: false, present: there }, odd), 'bash')
      execFileSync('bash', ['-n', '-c', text])
      for (const { path: node, version } of nodes) {
        const { stdout, stderr } = await run('bash', ['-c', `${text}\nexec "$@"`, 'bash', node, '-e', connecting(server.port)], { cwd: folder })
        assert.equal(stdout.trim(), 'connected', `Node ${version}: ${stderr}`)
      }
      await server.stop()
    })
  }

  test('in PowerShell keeps quotes quoted', () => {
    assert.ok(of(commandsOf({ isStopgap: false }, "/a/it's.pem"), 'powershell').endsWith("= '/a/it''s.pem'"))
  })

  test('in a Dockerfile copies, and names what was copied', () => {
    for (const place of ['dockerfile', 'Debian and Ubuntu', 'Alpine', 'RHEL and Fedora', 'distroless']) {
      const lines = of(everywhere, place).split('\n')
      const [, source, target] = /^COPY --chmod=644 (\S+) (\S+)$/.exec(lines[0] ?? '') ?? []
      assert.equal(source, 'extra-ca.pem')
      assert.equal(lines.at(-1), `ENV NODE_EXTRA_CA_CERTS=${target}`)
      for (const line of lines.slice(1, -1)) {
        const [, command = ''] = /^RUN (.+)$/.exec(line) ?? []
        assert.notEqual(command, '', line)
        execFileSync('sh', ['-n', '-c', command])
      }
    }
    // Without a shell nothing is run.
    assert.doesNotMatch(of(everywhere, 'distroless'), /RUN/)
  })

  test('in docker-compose mounts the file where the variable says', () => {
    const { services: { app } } = yaml.load(of(everywhere, 'docker-compose'))
    assert.deepEqual(app.volumes, [`./extra-ca.pem:${app.environment.NODE_EXTRA_CA_CERTS}:ro`])
  })

  test('in Kubernetes is a ConfigMap with the file, mounted where the variable says', () => {
    const [map, deployment] = yaml.loadAll(of(everywhere, 'Kubernetes'))
    const { containers: [{ env: [variable], volumeMounts: [mount] }], volumes: [volume] } = deployment.spec.template.spec
    assert.equal(map.data['extra-ca.pem'], root.pem)
    assert.deepEqual([volume.configMap.name, mount.name, variable.value], [map.metadata.name, volume.name, `${mount.mountPath}/extra-ca.pem`])
  })

  test('in GitHub Actions sets the variable of the steps that follow', () => {
    const { steps } = yaml.load(of(everywhere, 'GitHub Actions'))
    const variables = path.join(folder, 'github-env')
    execFileSync('bash', ['-e', '-c', steps[1].run], { env: cleanEnvironment({ GITHUB_ENV: variables, GITHUB_WORKSPACE: '/home/runner/a b' }) })
    assert.equal(fs.readFileSync(variables, 'utf8'), 'NODE_EXTRA_CA_CERTS=/home/runner/a b/extra-ca.pem\n')
  })

  test('in systemd is a drop-in that it reads', () => {
    const [head, ...dropIn] = of(everywhere, 'systemd').split('\n')
    assert.match(String(head), /^# \/etc\/systemd\/system\/app\.service\.d\/\w+\.conf$/)
    const unit = file('app.service', `[Unit]\nDescription=App\n${dropIn.join('\n')}\nExecStart=/bin/true\n`)
    const output = execFileSync('systemd-analyze', ['verify', '--man=no', unit], { env: cleanEnvironment(), encoding: 'utf8', stdio: 'pipe' })
    assert.equal(output, '')
  })
})
