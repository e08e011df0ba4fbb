'use strict'

// Where the tools of a developer's machine are told which CAs to trust: their variables and their files, read and never run (but git, whose files
// include each other).

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

/**
 * @typedef {{ tool: string, setting: string, origin: string, file: string }} Setting One place that names a CA file.
 * @typedef {{ cwd: string, env: NodeJS.ProcessEnv, home: string }} Machine
 */

const MOST = 1024 * 1024

/** @param {string} file */
function text(file) {
  try {
    const found = fs.statSync(file)
    return found.isFile() && found.size <= MOST ? fs.readFileSync(file, 'utf8') : undefined
  } catch {
    return undefined
  }
}

/**
 * @param {string} tool
 * @param {string[]} names The first one that is set counts.
 * @param {Machine} machine
 * @returns {Setting[]}
 */
function variable(tool, names, { env, cwd }) {
  const name = names.find((each) => env[each])
  return name === undefined ? [] : [{ tool, setting: name, origin: 'environment', file: path.resolve(cwd, String(env[name])) }]
}

/**
 * The lines of a file that a pattern matches; its first group is the value.
 *
 * @param {string} tool
 * @param {string} setting
 * @param {string} file
 * @param {RegExp} pattern
 * @param {Machine} machine
 * @returns {Setting[]}
 */
function inFile(tool, setting, file, pattern, { env, home }) {
  const settings = []
  for (const [index, line] of (text(file) ?? '').split(/\r?\n/).entries()) {
    const value = pattern.exec(line)?.[1]
    if (value === undefined) continue
    const bare = value.trim().replace(/^(["'])(.*)\1$/, '$2').replace(/\$\{(\w+)\}/g, (whole, name) => env[name] ?? whole).replace(/^~(?=\/)/, home)
    if (bare !== '') settings.push({ tool, setting, origin: `${file}:${index + 1}`, file: path.resolve(path.dirname(file), bare) })
  }
  return settings
}

/** @param {string} from @returns {string[]} */
function upwards(from) {
  const parent = path.dirname(from)
  return parent === from ? [from] : [from, ...upwards(parent)]
}

/** @param {Machine} machine @returns {Setting[]} */
function npmLike(machine) {
  const { cwd, env, home } = machine
  const npmrc = [path.join(cwd, '.npmrc'), env.npm_config_userconfig || path.join(home, '.npmrc'), path.join(path.dirname(path.dirname(process.execPath)), 'etc', 'npmrc')]
  const pnpm = [...npmrc, path.join(env.XDG_CONFIG_HOME || path.join(home, '.config'), 'pnpm', 'rc')]
  const pattern = /^\s*cafile\s*=\s*(.+)$/
  const variables = ['npm_config_cafile', 'NPM_CONFIG_CAFILE']
  const of = (/** @type {string} */ tool, /** @type {string[]} */ names, /** @type {string[]} */ files) => {
    const named = variable(tool, names, machine)
    const settings = named.length > 0 ? named : files.flatMap((file) => inFile(tool, 'cafile', file, pattern, machine))
    // The file nearest to the project wins.
    return settings.slice(0, 1)
  }
  // pnpm 11 has a prefix of its own.
  return [...of('npm', variables, npmrc), ...of('pnpm', ['pnpm_config_cafile', ...variables], pnpm)]
}

/** @param {Machine} machine @returns {Setting[]} */
function yarn(machine) {
  const named = variable('yarn', ['YARN_HTTPS_CA_FILE_PATH'], machine)
  if (named.length > 0) return named
  const folders = [...new Set([...upwards(machine.cwd), machine.home])]
  return folders.flatMap((folder) => [
    ...inFile('yarn', 'httpsCaFilePath', path.join(folder, '.yarnrc.yml'), /^httpsCaFilePath:\s*(.+)$/, machine),
    ...inFile('yarn', 'cafile', path.join(folder, '.yarnrc'), /^cafile\s+(.+)$/, machine),
  ]).slice(0, 1)
}

/** @param {Machine} machine @returns {Setting[]} */
function git(machine) {
  const named = variable('git', ['GIT_SSL_CAINFO'], machine)
  if (named.length > 0) return named
  try {
    const output = execFileSync('git', ['config', '--show-origin', '--get-regexp', '^http\\.(.*\\.)?sslcainfo$'], { cwd: machine.cwd, env: machine.env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 10_000, maxBuffer: MOST })
    return output.split('\n').flatMap((line) => {
      const [origin, name, value] = /^(?:file:)?(\S.*?)\t(\S+) (.+)$/.exec(line)?.slice(1) ?? []
      return origin === undefined || name === undefined || value === undefined
        ? []
        : [{ tool: 'git', setting: name, origin, file: path.resolve(machine.cwd, value.replace(/^~(?=\/)/, machine.home)) }]
    })
  } catch {
    // Not installed, or nothing is set.
    return []
  }
}

/** @param {Machine} machine @returns {Setting[]} */
function python(machine) {
  const { env, home } = machine
  const files = [env.PIP_CONFIG_FILE ?? '', path.join(env.XDG_CONFIG_HOME || path.join(home, '.config'), 'pip', 'pip.conf'), path.join(home, '.pip', 'pip.conf'), '/etc/pip.conf']
  const pip = variable('pip', ['PIP_CERT'], machine)
  return [
    ...(pip.length > 0 ? pip : files.filter((file) => file !== '').flatMap((file) => inFile('pip', 'cert', file, /^\s*cert\s*[=:]\s*(.+)$/, machine)).slice(0, 1)),
    ...variable('requests', ['REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'], machine),
  ]
}

/** @param {Machine} machine @returns {Setting[]} */
function curl(machine) {
  const { env, home } = machine
  const files = [path.join(env.CURL_HOME || home, '.curlrc'), path.join(env.XDG_CONFIG_HOME || path.join(home, '.config'), 'curlrc')]
  const configured = files.flatMap((file) => inFile('curl', 'cacert', file, /^\s*(?:--)?cacert(?:\s*[=:]\s*|\s+)(.+)$/, machine))
  return configured.length > 0 ? configured.slice(0, 1) : variable('curl', ['CURL_CA_BUNDLE', 'SSL_CERT_FILE'], machine)
}

/** @param {Machine} machine @returns {Setting[]} */
function aws(machine) {
  const named = variable('AWS CLI', ['AWS_CA_BUNDLE'], machine)
  return named.length > 0 ? named : inFile('AWS CLI', 'ca_bundle', machine.env.AWS_CONFIG_FILE || path.join(machine.home, '.aws', 'config'), /^\s*ca_bundle\s*=\s*(.+)$/, machine)
}

/**
 * Docker's clients look for one folder a registry; the engine reads the same ones and the system's store.
 *
 * @param {Machine} machine
 * @returns {Setting[]}
 */
function docker({ home }) {
  return ['/etc/docker/certs.d', path.join(home, '.docker', 'certs.d')].flatMap((folder) => {
    try {
      return fs.readdirSync(folder).flatMap((host) =>
        fs.readdirSync(path.join(folder, host)).filter((name) => name.endsWith('.crt')).map((name) => ({ tool: 'Docker', setting: host, origin: folder, file: path.join(folder, host, name) })))
    } catch {
      return []
    }
  })
}

/**
 * Everything that names a CA file here.
 *
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [where]
 * @returns {Setting[]}
 */
function settings({ cwd = process.cwd(), env = process.env } = {}) {
  const machine = { cwd, env, home: env.HOME || env.USERPROFILE || os.homedir() }
  return [
    ...variable('Node', ['NODE_EXTRA_CA_CERTS'], machine),
    // Its extensions run in Electron's Node, which reads the variable of whoever starts it.
    ...variable('VS Code', ['NODE_EXTRA_CA_CERTS'], machine),
    ...npmLike(machine),
    ...yarn(machine),
    ...git(machine),
    ...python(machine),
    ...curl(machine),
    ...aws(machine),
    ...docker(machine),
    ...variable('OpenSSL, Go, Ruby', ['SSL_CERT_FILE'], machine),
  ]
}

/** What is looked at, in the order of `settings`. */
const TOOLS = ['Node', 'VS Code', 'npm', 'pnpm', 'yarn', 'git', 'pip', 'requests', 'curl', 'AWS CLI', 'Docker', 'OpenSSL, Go, Ruby']

module.exports = { TOOLS, settings }
