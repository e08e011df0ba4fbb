'use strict'

// The package as a user gets it: the packed main package and the packed platform package of this machine, installed into an empty
// folder without a network, a compiler or cargo, and used from there.

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, it } = require('node:test')

const licences = require('../scripts/third-party-licenses')

const root = path.join(__dirname, '..')
const manifest = require('../package.json')

const platform = hostPlatform()
const platformPackage = `${manifest.napi.packageName}-${platform}`
const binary = `${manifest.napi.binaryName}.${platform}.node`

describe(`the packed package on ${platform}`, () => {
  let workplace
  let folder
  let tarballs
  let contents

  before(() => {
    workplace = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-tarball-')))
    folder = path.join(workplace, 'empty')
    fs.mkdirSync(folder)
    fs.mkdirSync(path.join(workplace, 'home'))
    const packed = [pack(root, workplace), pack(stagePlatformPackage(workplace), workplace)]
    contents = packed.map((entry) => entry.files.map((file) => file.path).sort())
    tarballs = packed.map((entry) => path.join(workplace, entry.filename))
    npmTool('npm-cli.js', ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs], folder, withoutCompiler(workplace))
  })

  after(() => fs.rmSync(workplace, { recursive: true, force: true }))

  it('holds what is used at run time, and its licences', () => {
    const [files] = contents
    const needed = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE-APACHE', 'LICENSE-MIT', 'binding.js', manifest.main, manifest.types]
      .concat(Object.values(manifest.bin), Object.values(manifest.exports).flatMap(leaves).filter((file) => !file.includes('*')))
      .map((file) => path.posix.normalize(file))
    assert.deepEqual(needed.filter((file) => !files.includes(file)), [])
  })

  it('holds no binary, no source, no test, and nothing else that only a clone needs', () => {
    const [files] = contents
    const allowed = /^(package\.json|README\.md|CHANGELOG\.md|LICENSE-(APACHE|MIT)|[a-z-]+\.(js|mjs|d\.ts|d\.mts)|(lib|bin)\/[a-z/-]+\.(js|mjs|d\.ts|json|css)|docs\/rules\/[a-z0-9-]+\.md)$/
    assert.deepEqual(files.filter((file) => !allowed.test(file)), [])
  })

  it('has two files more than npm’s own in the platform package', () => {
    assert.deepEqual(contents[1], [binary, licences.FILE, 'README.md', 'package.json'].sort())
  })

  it('has the licences of what is in the binary, with their texts', () => {
    const text = fs.readFileSync(path.join(folder, 'node_modules', platformPackage, licences.FILE), 'utf8')
    for (const name of ['The Rust standard library', 'aws-lc-sys', 'napi', 'rustls', 'tokio', 'webpki-root-certs']) assert.match(text, new RegExp(`^${name} \\d`, 'm'))
    for (const words of ['Community Data License Agreement', 'Apache License', 'Permission is hereby granted, free of charge']) assert.ok(text.includes(words), words)
    for (const tool of ['napi-derive', 'cc', 'syn']) assert.doesNotMatch(text, new RegExp(`^${tool} \\d`, 'm'))
  })

  it('installs as two packages and nothing more', () => {
    const installed = fs.readdirSync(path.join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))
    assert.deepEqual(installed.sort(), [platformPackage.split('/')[0], manifest.name].sort())
    const scope = path.join(folder, 'node_modules', platformPackage, '..')
    assert.deepEqual(fs.readdirSync(scope), [path.basename(platformPackage)])
  })

  it('loads the platform package’s binary, with require', () => {
    const answer = node(['--eval', `
      const anchors = require('trust-anchors')
      const store = anchors.loadTrustStoreSync({ system: false, extra: false })
      const loaded = Object.keys(require.cache).filter((file) => file.endsWith('.node'))
      console.log(JSON.stringify({ names: Object.keys(anchors).length, anchors: store.ca.length, loaded }))`])
    const { names, anchors, loaded } = JSON.parse(answer)
    assert.ok(names > 0)
    assert.ok(anchors > 100, `${anchors} bundled anchors`)
    assert.deepEqual(loaded, [path.join(folder, 'node_modules', platformPackage, binary)])
  })

  it('works with import, and asynchronously', () => {
    const answer = node(['--input-type=module', '--eval', `
      import { loadTrustStore, inspectCaFile } from 'trust-anchors'
      const store = await loadTrustStore({ system: false, extra: false })
      const report = await inspectCaFile(Buffer.from(store.toPem()))
      console.log(JSON.stringify({ anchors: store.ca.length, loaded: report.loadedByNode.length }))`])
    const { anchors, loaded } = JSON.parse(answer)
    assert.ok(anchors > 100)
    assert.equal(loaded, anchors)
  })

  it('checks a process that requires its preflight', () => {
    assert.equal(node(['--require', 'trust-anchors/preflight', '--print', '"started"']), 'started')
  })

  it('runs with npx', () => {
    assert.equal(npx(['--version']).trim().split(' ').pop(), manifest.version)
    const listed = JSON.parse(npx(['list', '--store', 'mozilla', '--format', 'json']))
    assert.ok(JSON.stringify(listed).includes('"sha256"'))
  })

  const clone = fs.existsSync(path.join(root, 'node_modules'))
  it('runs with npx in a clone too, without a second build', { skip: !clone && 'this checkout was not installed' }, () => {
    const version = npmTool('npx-cli.js', ['--offline', 'trust-anchors', '--version'], root, withoutCompiler(workplace))
    assert.equal(version.trim().split(' ').pop(), manifest.version)
  })

  it('had no compiler at hand', { skip: process.platform === 'win32' && 'there is no sh to ask' }, () => {
    const script = 'for tool in cargo rustc cc gcc clang make python3; do command -v $tool; done; echo none'
    assert.equal(execFileSync('sh', ['-c', script], { env: withoutCompiler(workplace), encoding: 'utf8' }).trim(), 'none')
  })

  /** Runs the Node under test in the folder of the installation. */
  function node(args) {
    return execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: withoutCompiler(workplace), input: '' }).trim()
  }

  /** Runs the installed command line as a user would. */
  function npx(args) {
    return npmTool('npx-cli.js', ['--offline', '--no', 'trust-anchors', '--', ...args], folder, withoutCompiler(workplace))
  }
})

/** The files behind an entry of the `exports` map. */
function leaves(conditions) {
  return typeof conditions === 'string' ? [conditions] : Object.values(conditions).flatMap(leaves)
}

/** The name that napi-rs gives this machine's platform. */
function hostPlatform() {
  const { platform: system, arch } = process
  if (system === 'darwin') return `darwin-${arch}`
  if (system === 'win32') return `win32-${arch}-msvc`
  const { glibcVersionRuntime } = process.report.getReport().header
  return `${system}-${arch}-${glibcVersionRuntime ? 'gnu' : 'musl'}`
}

/** A copy of the platform's folder in `npm/` with the binary and the licences in it, as the release puts them there. */
function stagePlatformPackage(workplace) {
  const built = path.join(root, binary)
  assert.ok(fs.existsSync(built), `${binary} is missing: run \`npm run build\``)
  const staged = path.join(workplace, 'platform')
  fs.cpSync(path.join(root, 'npm', platform), staged, { recursive: true })
  fs.copyFileSync(built, path.join(staged, binary))
  fs.writeFileSync(path.join(staged, licences.FILE), licences.noticeOf(platform))
  return staged
}

/** Packs a folder; scripts are left out, since `prepare` would build the addon once more. */
function pack(source, destination) {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination]
  const [packed] = JSON.parse(npmTool('npm-cli.js', args, source, withoutCompiler(destination)))
  // Older versions of npm report the name of a scoped package here, and flatten it in the name of the file.
  return { ...packed, filename: packed.filename.replace('@', '').replace('/', '-') }
}

/** One of npm's programs, run by the Node on PATH that npm belongs to: npm's minimum is above the oldest Node of the package. */
function npmTool(script, args, cwd, env) {
  const names = process.platform === 'win32' ? ['npm.cmd', 'node.exe'] : ['npm', 'node']
  const folders = process.env.PATH.split(path.delimiter)
  const [npm, interpreter] = names.map((name) => {
    const found = folders.map((entry) => path.join(entry, name)).find((file) => fs.existsSync(file))
    assert.ok(found, `${name} is not on PATH`)
    return fs.realpathSync(found)
  })
  const bin = npm.endsWith('.js') ? path.dirname(npm) : path.join(path.dirname(npm), 'node_modules', 'npm', 'bin')
  return execFileSync(interpreter, [path.join(bin, script), ...args], { cwd, env, encoding: 'utf8', input: '', stdio: ['pipe', 'pipe', 'inherit'] })
}

/** An environment whose PATH leads to the Node under test and a shell, and to no compiler; nothing else of the machine's. */
function withoutCompiler(workplace) {
  const common = { HOME: path.join(workplace, 'home'), npm_config_update_notifier: 'false', npm_config_cache: path.join(workplace, 'cache') }
  if (process.platform === 'win32') {
    const { SystemRoot, TEMP, TMP } = process.env
    return { ...common, USERPROFILE: common.HOME, SystemRoot, TEMP, TMP, PATH: [path.dirname(process.execPath), `${SystemRoot}\\System32`].join(path.delimiter) }
  }
  const bin = path.join(workplace, 'bin')
  if (!fs.existsSync(bin)) {
    fs.mkdirSync(bin)
    fs.symlinkSync(process.execPath, path.join(bin, 'node'))
    fs.symlinkSync('/bin/sh', path.join(bin, 'sh'))
  }
  return { ...common, PATH: bin }
}
