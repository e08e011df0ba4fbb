'use strict'

// The parts of the package that no single tool keeps in step: targets, platform packages, versions, entry points, workflows.

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { describe, it } = require('node:test')

const root = path.join(__dirname, '..')
const manifest = require('../package.json')

/** What npm has to know to select a platform package: the name of the folder, and its `os`, `cpu` and `libc`. */
const platforms = {
  'x86_64-unknown-linux-gnu': { folder: 'linux-x64-gnu', os: ['linux'], cpu: ['x64'], libc: ['glibc'] },
  'aarch64-unknown-linux-gnu': { folder: 'linux-arm64-gnu', os: ['linux'], cpu: ['arm64'], libc: ['glibc'] },
  'x86_64-unknown-linux-musl': { folder: 'linux-x64-musl', os: ['linux'], cpu: ['x64'], libc: ['musl'] },
  'aarch64-unknown-linux-musl': { folder: 'linux-arm64-musl', os: ['linux'], cpu: ['arm64'], libc: ['musl'] },
  'x86_64-apple-darwin': { folder: 'darwin-x64', os: ['darwin'], cpu: ['x64'], libc: undefined },
  'aarch64-apple-darwin': { folder: 'darwin-arm64', os: ['darwin'], cpu: ['arm64'], libc: undefined },
  'x86_64-pc-windows-msvc': { folder: 'win32-x64-msvc', os: ['win32'], cpu: ['x64'], libc: undefined },
  'aarch64-pc-windows-msvc': { folder: 'win32-arm64-msvc', os: ['win32'], cpu: ['arm64'], libc: undefined },
}
const targets = Object.keys(platforms)
const folders = Object.values(platforms).map((platform) => platform.folder)

function read(...segments) {
  return fs.readFileSync(path.join(root, ...segments), 'utf8')
}

function sorted(values) {
  return [...values].sort()
}

describe('platform packages', () => {
  it('exist for every target, and for nothing else', () => {
    assert.deepEqual(sorted(manifest.napi.targets), sorted(targets))
    assert.deepEqual(sorted(fs.readdirSync(path.join(root, 'npm'))), sorted(folders))
  })

  for (const [target, { folder, os, cpu, libc }] of Object.entries(platforms)) {
    it(`${folder} says where it runs and agrees with the main package`, () => {
      const platform = JSON.parse(read('npm', folder, 'package.json'))
      const binary = `${manifest.napi.binaryName}.${folder}.node`
      assert.equal(platform.name, `${manifest.napi.packageName}-${folder}`)
      assert.equal(platform.version, manifest.version)
      assert.deepEqual(platform.os, os)
      assert.deepEqual(platform.cpu, cpu)
      assert.deepEqual(platform.libc, libc)
      assert.equal(platform.main, binary)
      assert.deepEqual(platform.files, [binary, 'THIRD-PARTY-LICENSES.txt'])
      assert.equal(platform.license, manifest.license)
      assert.deepEqual(platform.engines, manifest.engines)
      assert.deepEqual(platform.repository, manifest.repository)
      assert.equal(platform.scripts, undefined, 'a platform package runs no script')
      assert.ok(read('npm', folder, 'README.md').includes(target))
      if (process.env.TRUST_ANCHORS_RELEASE) {
        const size = fs.statSync(path.join(root, 'npm', folder, binary)).size
        assert.ok(size > 100_000, `${binary} holds ${size} bytes`)
        assert.match(read('npm', folder, 'THIRD-PARTY-LICENSES.txt'), /^aws-lc-sys \d/m)
      }
    })
  }

  it('are the optional dependencies, at exactly this version', () => {
    const expected = Object.fromEntries(folders.map((folder) => [`${manifest.napi.packageName}-${folder}`, manifest.version]))
    assert.deepEqual(manifest.optionalDependencies, expected)
  })

  it('are all built and tested by the workflow, and covered by deny.toml', () => {
    const workflow = read('.github', 'workflows', 'ci.yml')
    const build = workflow.slice(workflow.indexOf('\n  build:'), workflow.indexOf('\n  test:'))
    const tests = workflow.slice(workflow.indexOf('\n  test:'))
    const pairs = [...build.matchAll(/- platform: (\S+)\n\s+target: (\S+)/g)].map(([, folder, target]) => `${target} ${folder}`)
    assert.deepEqual(sorted(pairs), sorted(Object.entries(platforms).map(([target, { folder }]) => `${target} ${folder}`)))
    const tested = [...tests.matchAll(/^\s+platform: \[(.*)\]$/gm)].flatMap(([, list]) => list.split(', '))
    assert.deepEqual(sorted(tested), sorted(folders))
    const policy = read('deny.toml')
    const covered = policy.slice(policy.indexOf('targets = ['), policy.indexOf('\n]')).match(/"[^"]+"/g)
    assert.deepEqual(sorted(covered.map((target) => JSON.parse(target))), sorted(targets))
  })
})

describe('versions', () => {
  it('are the same in package.json, package-lock.json and Cargo.toml', () => {
    const lock = JSON.parse(read('package-lock.json'))
    assert.equal(lock.version, manifest.version)
    assert.equal(lock.packages[''].version, manifest.version)
    const [, cargo] = /^\[(?:workspace\.)?package\]\n(?:(?!\[).*\n)*?version = "([^"]+)"/m.exec(read('Cargo.toml'))
    assert.equal(cargo, manifest.version)
  })

  it('are described by the changelog', () => {
    const released = read('CHANGELOG.md').includes(`## [${manifest.version}]`)
    const pending = read('CHANGELOG.md').includes('## [Unreleased]')
    assert.ok(process.env.TRUST_ANCHORS_RELEASE ? released : released || pending)
  })

})

describe('the main package', () => {
  it('has no runtime dependency and runs nothing when it is installed', () => {
    assert.equal(manifest.dependencies, undefined)
    assert.equal(manifest.peerDependencies, undefined)
    for (const script of ['preinstall', 'install', 'postinstall']) assert.equal(manifest.scripts[script], undefined, script)
  })

  it('keeps the public API out of the generator’s reach', () => {
    const mark = 'auto-generated by NAPI-RS'
    for (const file of ['index.js', 'index.d.ts']) assert.ok(!read(file).includes(mark), `${file} was overwritten by the generator`)
    for (const file of ['binding.js', 'binding.d.ts']) assert.ok(read(file).includes(mark), `${file} is not the generated file`)
  })

  it('offers each entry point with its types first, in files that exist', () => {
    for (const [subpath, conditions] of Object.entries(manifest.exports)) {
      if (typeof conditions === 'string') {
        assert.ok(fs.existsSync(path.join(root, conditions)), conditions)
        continue
      }
      assert.equal(Object.keys(conditions)[0], 'types', `${subpath} does not name its types first`)
      for (const file of leaves(conditions)) assert.ok(fs.existsSync(path.join(root, file)), `${subpath}: ${file}`)
    }
    assert.equal(manifest.main, manifest.exports['.'].require)
    assert.equal(manifest.types, manifest.exports['.'].types.require)
    for (const file of Object.values(manifest.bin)) assert.ok(read(file).startsWith('#!/usr/bin/env node\n'), file)
  })

  it('resolves by its own name, for require and for import', () => {
    for (const [subpath, conditions] of Object.entries(manifest.exports)) {
      if (subpath.includes('*')) continue
      const name = path.posix.join(manifest.name, subpath)
      const required = run(['--print', `require.resolve(${JSON.stringify(name)})`])
      assert.ok(leaves(conditions).includes(relative(required)), `require: ${subpath} → ${required}`)
      const imported = run(['--input-type=module', '--eval', `
        import { fileURLToPath } from 'node:url'
        console.log(fileURLToPath(import.meta.resolve(${JSON.stringify(name)})))`])
      assert.ok(leaves(conditions).includes(relative(imported)), `import: ${subpath} → ${imported}`)
    }
  })

  it('gives every declared name to require and to import, as the same value', () => {
    const declared = [...read('index.d.ts').matchAll(/^export (?:declare )?(?:abstract )?(?:function|class|const|enum) (\w+)/gm)]
    const names = sorted(new Set(declared.map(([, name]) => name)))
    assert.ok(names.length > 0)
    assert.deepEqual(sorted(Object.keys(require('trust-anchors'))), names)
    const program = `
      import { createRequire } from 'node:module'
      import { ${names.join(', ')} } from 'trust-anchors'
      import * as all from 'trust-anchors'
      const required = createRequire(${JSON.stringify(path.join(root, 'package.json'))})('trust-anchors')
      const imported = { ${names.join(', ')} }
      const different = Object.keys(imported).filter((name) => imported[name] !== required[name])
      console.log(JSON.stringify({ different, names: Object.keys(all).filter((name) => name !== 'default' && name !== 'module.exports') }))`
    const answer = JSON.parse(run(['--input-type=module', '--eval', program]))
    assert.deepEqual(answer.different, [])
    assert.deepEqual(sorted(answer.names), names)
  })
})

describe('docs/architecture.md', () => {
  /** The names in the first column of the tables under a heading. */
  function listed(heading) {
    const [, rest] = read('docs', 'architecture.md').split(`\n### ${heading}\n`)
    const rows = rest.split('\n### ')[0].matchAll(/^\| (`[^|]+`) \|/gm)
    return [...rows].flatMap(([, cell]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name))
  }

  it('gives the reason of every Rust dependency, and of no other', () => {
    const sections = ['Cargo.toml', path.join('crates', 'trust-anchors-core', 'Cargo.toml'), path.join('__test__', 'oracle', 'Cargo.toml')]
      .flatMap((file) => read(file).split(/^(?=\[)/m))
      .filter((section) => /^\[(target\..*\.)?(dev-|build-)?dependencies\]/.test(section))
    const names = sections.flatMap((section) => [...section.matchAll(/^([a-z0-9_-]+) = /gm)].map(([, name]) => name))
    const core = 'trust-anchors-core'
    assert.deepEqual(sorted(listed('Rust dependencies')), sorted(new Set(names)).filter((name) => name !== core))
  })

  it('gives the reason of every JavaScript dependency, and of no other', () => {
    const names = ['package.json', '__test__/nodes/package.json', '__test__/runtimes/package.json', '__test__/clients/package.json', '__test__/packages/package.json', '__test__/browser/package.json', 'benchmark/package.json'].flatMap((file) => {
      const { dependencies, devDependencies } = JSON.parse(read(file))
      return Object.keys({ ...dependencies, ...devDependencies })
    })
    assert.deepEqual(sorted(listed('JavaScript dependencies')), sorted(new Set(names)))
  })
})

/** The files behind an entry of the `exports` map, in its order. */
function leaves(conditions) {
  return typeof conditions === 'string' ? [conditions] : Object.values(conditions).flatMap(leaves)
}

function relative(file) {
  return `./${path.relative(fs.realpathSync(root), file).split(path.sep).join('/')}`
}

/** Runs this Node in the clone, with nothing of the machine's environment but PATH and HOME. */
function run(args) {
  const { PATH, HOME, SystemRoot } = process.env
  return execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', env: { PATH, HOME, SystemRoot }, input: '' }).trim()
}
