'use strict'

const assert = require('node:assert/strict')
const { describe, it } = require('node:test')

const { violations } = require('../scripts/check-dependencies.js')

const cratesIo = 'registry+https://github.com/rust-lang/crates.io-index'

/** What `violations` says about one or more crates beside a workspace of one. */
function check(crates, { policy = {}, advisories = [], reviewed, dependencies = [] } = {}) {
  const packages = crates.map((crate) => ({ license: 'MIT', source: cratesIo, dependencies: [], id: `${crate.name} ${crate.version}`, ...crate }))
  const workspace = { id: 'us', name: 'us', version: '1.0.0', license: 'MIT', source: null, dependencies }
  return violations(
    { packages: [workspace, ...packages], workspace_members: ['us'], resolve: { nodes: [workspace, ...packages].map(({ id }) => ({ id })) } },
    { licenses: { allow: ['MIT', 'ISC'] }, advisories: { ignore: policy.ignore ?? [] }, bans: { deny: policy.deny ?? [], skip: policy.skip ?? [] } },
    { reviewed: reviewed ?? Object.fromEntries(packages.map(({ name }) => [name, '2026-01-01'])), advisories },
  )
}

describe('the check of the Rust dependencies', () => {
  it('is content with an allowed licence from crates.io', () => {
    assert.deepEqual(check([{ name: 'a', version: '1.0.0' }]), [])
    assert.deepEqual(check([{ name: 'a', version: '1.0.0', license: 'GPL-3.0-only OR ISC' }]), [])
    assert.deepEqual(check([{ name: 'a', version: '1.0.0', license: 'MIT/Apache-2.0' }]), [])
  })

  it('names a licence that is missing, unreadable or not allowed', () => {
    assert.deepEqual(check([{ name: 'a', version: '1.0.0', license: null }]), ['a 1.0.0 names no licence'])
    assert.deepEqual(check([{ name: 'a', version: '1.0.0', license: 'MIT AND GPL-3.0-only' }]), [
      'a 1.0.0 is licensed under MIT AND GPL-3.0-only, which deny.toml does not allow',
    ])
    assert.match(check([{ name: 'a', version: '1.0.0', license: 'ask me' }]).join(), /^a 1\.0\.0 has a licence that is no SPDX expression: ask me/)
  })

  it('names a crate from elsewhere', () => {
    assert.deepEqual(check([{ name: 'a', version: '1.0.0', source: 'git+https://example.com/a' }]), [
      'a 1.0.0 comes from git+https://example.com/a, not from crates.io',
    ])
  })

  it('names a banned crate with the reason', () => {
    assert.deepEqual(check([{ name: 'openssl', version: '1.0.0' }], { policy: { deny: [{ crate: 'openssl', reason: 'ours only' }] } }), [
      'openssl 1.0.0 is banned: ours only',
    ])
  })

  it('names duplicates, unless they are skipped, and a skip that skips nothing', () => {
    const twice = [{ name: 'a', version: '1.0.0' }, { name: 'a', version: '2.3.4' }]
    assert.deepEqual(check(twice), ['a is built 2 times: 1.0.0, 2.3.4'])
    assert.deepEqual(check(twice, { policy: { skip: [{ crate: 'a@2' }] } }), [])
    assert.deepEqual(check(twice.slice(1), { policy: { skip: [{ crate: 'a@1' }] } }), ['deny.toml skips a@1, which is not a dependency'])
  })

  it('names a dependency without a version', () => {
    const dependencies = [{ name: 'a', req: '*', source: cratesIo }, { name: 'b', req: '^1', source: cratesIo }, { name: 'c', req: '*', source: null, path: 'c' }]
    assert.deepEqual(check([], { dependencies }), ['us depends on a without a version'])
  })

  it('names a crate that an advisory affects, and no other', () => {
    const advisories = [{ id: 'RUSTSEC-2020-0001', package: 'a', patched: ['>= 1.2.0', '>= 1.0.5, < 1.1.0'], unaffected: ['< 0.9.0'] }]
    for (const version of ['0.8.1', '1.0.5', '1.2.0', '2.0.0']) assert.deepEqual(check([{ name: 'a', version }], { advisories }), [], version)
    for (const version of ['0.9.0', '1.0.4', '1.1.0']) {
      assert.deepEqual(check([{ name: 'a', version }], { advisories }), [`a ${version} is affected by RUSTSEC-2020-0001`])
      assert.deepEqual(check([{ name: 'a', version }], { advisories, policy: { ignore: [{ id: 'RUSTSEC-2020-0001' }] } }), [])
    }
    assert.deepEqual(check([{ name: 'b', version: '1.1.0' }], { advisories }), [])
    assert.deepEqual(check([], { policy: { ignore: [{ id: 'RUSTSEC-1999-0001' }] } }), [
      'deny.toml ignores RUSTSEC-1999-0001, which scripts/advisories.json does not know',
    ])
  })

  it('names a crate that nobody looked up', () => {
    assert.deepEqual(check([{ name: 'a', version: '1.0.0' }], { reviewed: {} }), [
      'a 1.0.0 was never looked up in the RustSec database: do so, and record the date in scripts/advisories.json',
    ])
  })
})
