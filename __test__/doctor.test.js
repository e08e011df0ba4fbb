'use strict'

// What `trust-anchors doctor` reads of a machine, made to order in a folder.

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, describe, it } = require('node:test')

const { runNode } = require('./support/environment')
const { certificate, writeTree } = require('./support/pki')

const PROGRAM = path.join(__dirname, '..', 'bin', 'trust-anchors.js')

describe('doctor', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'doctor-'))
  const home = path.join(folder, 'home')
  const project = path.join(home, 'project')
  const company = certificate({ subject: { O: 'Acme', CN: 'Acme Root' }, ca: true })
  const other = certificate({ subject: 'Other Root', ca: true })
  const good = path.join(folder, 'good.pem')
  const bad = path.join(folder, 'bad.pem')
  after(() => fs.rmSync(folder, { recursive: true, force: true }))

  writeTree(folder, {
    'good.pem': other.pem + company.pem,
    'bad.pem': other.pem,
    'company.pem': company.pem,
    'gitconfig': `[http]\n\tsslCAInfo = ${bad}\n[http "https://git.internal/"]\n\tsslCAInfo = ${good}\n`,
    home: {
      '.npmrc': `registry=https://npm.internal/\ncafile=${bad}\n`,
      '.curlrc': `cacert = "${good}"\n`,
      '.aws': { config: `[default]\nca_bundle = ${path.join(folder, 'gone.pem')}\n` },
      '.config': { pip: { 'pip.conf': `[global]\ncert = ${good}\n` } },
      project: { '.npmrc': `cafile=\${HOME}/../good.pem\n`, '.yarnrc.yml': `nodeLinker: node-modules\nhttpsCaFilePath: "${bad}"\n` },
    },
  })

  const doctor = (args = [], env = {}) => runNode(process.execPath, [PROGRAM, 'doctor', ...args], {
    cwd: project,
    env: { HOME: home, NODE_EXTRA_CA_CERTS: path.join(folder, 'company.pem'), SSL_CERT_DIR: '', SSL_CERT_FILE: '', GIT_CONFIG_GLOBAL: path.join(folder, 'gitconfig'), GIT_CONFIG_NOSYSTEM: '1', ...env },
  })

  it('finds each file, says whether it exists, and what is missing from it', async () => {
    const { status, stdout, stderr } = await doctor(['--format', 'json'])
    assert.equal(status, 1, stderr)
    const { needed, settings } = JSON.parse(stdout)
    assert.deepEqual(needed.map(({ sha256 }) => sha256), [company.sha256])
    const told = Object.fromEntries(settings.filter(({ tool }) => tool !== 'git').map((setting) => [setting.tool, setting]))
    const state = ({ exists, missing }) => (!exists ? 'gone' : missing.length > 0 ? 'incomplete' : 'complete')
    assert.deepEqual(Object.fromEntries(Object.entries(told).map(([tool, setting]) => [tool, state(setting)])), {
      Node: 'complete', 'VS Code': 'complete', npm: 'complete', pnpm: 'complete', yarn: 'incomplete', pip: 'complete', curl: 'complete', 'AWS CLI': 'gone',
    })
    assert.equal(told.npm.origin, `${path.join(project, '.npmrc')}:1`)
    assert.equal(told.yarn.origin, `${path.join(project, '.yarnrc.yml')}:2`)
  })

  it('reads what git itself would use', async (context) => {
    try {
      execFileSync('git', ['--version'], { stdio: 'ignore' })
    } catch {
      return context.skip('git is not installed')
    }
    const { settings } = JSON.parse((await doctor(['--format', 'json'])).stdout)
    const git = settings.filter(({ tool }) => tool === 'git')
    assert.deepEqual(git.map(({ setting, missing }) => [setting, missing.length]), [['http.sslcainfo', 1], ['http.https://git.internal/.sslcainfo', 0]])
  })

  it('lets a variable go before a file', async () => {
    const env = { npm_config_cafile: bad, GIT_SSL_CAINFO: good, AWS_CA_BUNDLE: good, PIP_CERT: bad, REQUESTS_CA_BUNDLE: good, YARN_HTTPS_CA_FILE_PATH: good, SSL_CERT_FILE: good }
    const { settings } = JSON.parse((await doctor(['--format', 'json'], env)).stdout)
    const by = Object.fromEntries(settings.map(({ tool, setting }) => [tool, setting]))
    assert.deepEqual([by.npm, by.git, by['AWS CLI'], by.pip, by.requests, by.yarn, by['OpenSSL, Go, Ruby']], [
      'npm_config_cafile', 'GIT_SSL_CAINFO', 'AWS_CA_BUNDLE', 'PIP_CERT', 'REQUESTS_CA_BUNDLE', 'YARN_HTTPS_CA_FILE_PATH', 'SSL_CERT_FILE',
    ])
  })

  it('shows it within 80 columns, with a way out', async () => {
    const { stdout } = await doctor()
    assert.match(stdout, /What this machine adds to the public lists: `CN=Acme Root,O=Acme`/)
    assert.match(stdout, /does not exist/)
    assert.match(stdout, /trust-anchors export -o all-ca\.pem/)
    const quiet = await runNode(process.execPath, [PROGRAM, 'doctor'], { cwd: folder, env: { HOME: folder, SSL_CERT_DIR: '', SSL_CERT_FILE: '', GIT_CONFIG_GLOBAL: '/dev/null', PIP_CONFIG_FILE: '/dev/null' } })
    assert.match(quiet.stdout, /has no CA beyond the public lists/)
  })
})
