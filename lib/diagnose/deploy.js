'use strict'

// A CA file for Node, as it is put in place where Node runs.

const path = require('node:path')

/**
 * @typedef {import('../../index.js').Fix} Fix
 * @typedef {NonNullable<Fix['commands']>} Commands
 */

const NAME = 'extra-ca.pem'
const HOST_PATH = `/etc/ssl/${NAME}`

/** @param {string} text */
const bash = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)
/** @param {string} text */
const powershell = (text) => `'${text.replace(/['\u2018-\u201b]/g, '$&$&')}'`

/**
 * The variable for the programs that are started from here.
 *
 * @param {string} file
 * @param {string | undefined} present What NODE_EXTRA_CA_CERTS names already: Node reads that one file alone, so that the new one has to hold it too.
 * @returns {Commands}
 */
function inShells(file, present) {
  const windows = process.platform === 'win32'
  const inPowershell = windows || file === NAME ? (file === NAME ? `C:\\certs\\${NAME}` : file) : file
  if (present === undefined || path.resolve(present) === file) {
    return [
      { shell: 'bash', text: `export NODE_EXTRA_CA_CERTS=${file === NAME ? `"$PWD/${NAME}"` : bash(file)}` },
      { shell: 'powershell', text: `$env:NODE_EXTRA_CA_CERTS = ${powershell(inPowershell)}` },
    ]
  }
  return [
    { shell: 'bash', text: `(cat ${bash(present)}; echo; cat ${bash(file)}) > all-ca.pem\nexport NODE_EXTRA_CA_CERTS="$PWD/all-ca.pem"` },
    {
      shell: 'powershell',
      text: `Get-Content -Raw ${powershell(present)}, ${powershell(inPowershell)} | Set-Content -Encoding ascii all-ca.pem\n$env:NODE_EXTRA_CA_CERTS = "$PWD\\all-ca.pem"`,
    },
  ]
}

/** Any image: neither a shell nor a package is needed. @param {string} source */
const image = (source) => `COPY --chmod=644 ${source} ${HOST_PATH}\nENV NODE_EXTRA_CA_CERTS=${HOST_PATH}`

/** What the file is called beside a Dockerfile. @param {string} file */
function sourceOf(file) {
  const name = path.basename(file)
  return /^\w[\w.-]*$/.test(name) ? name : NAME
}

/**
 * A CA that Node trusts from now on, and where it helps the other programs of the same place too.
 *
 * @param {string} file
 * @param {string} pem
 * @param {string | undefined} present
 * @returns {Commands}
 */
function trustCommands(file, pem, present) {
  const source = sourceOf(file)
  const anchor = `/usr/local/share/ca-certificates/${NAME.replace('.pem', '.crt')}`
  return [
    ...inShells(file, present),
    { shell: 'dockerfile', text: image(source) },
    {
      shell: 'dockerfile',
      platform: 'Debian and Ubuntu',
      text: `COPY --chmod=644 ${source} ${anchor}\nRUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && update-ca-certificates && rm -rf /var/lib/apt/lists/*\nENV NODE_EXTRA_CA_CERTS=${anchor}`,
    },
    {
      shell: 'dockerfile',
      platform: 'Alpine',
      // The package is fetched by TLS, which may be what the CA is needed for.
      text: `COPY --chmod=644 ${source} ${anchor}\nRUN cat ${anchor} >> /etc/ssl/certs/ca-certificates.crt && apk add --no-cache ca-certificates && update-ca-certificates\nENV NODE_EXTRA_CA_CERTS=${anchor}`,
    },
    {
      shell: 'dockerfile',
      platform: 'RHEL and Fedora',
      text: `COPY --chmod=644 ${source} /etc/pki/ca-trust/source/anchors/${NAME}\nRUN update-ca-trust\nENV NODE_EXTRA_CA_CERTS=/etc/pki/ca-trust/source/anchors/${NAME}`,
    },
    { shell: 'dockerfile', platform: 'distroless', text: image(source) },
    {
      shell: 'yaml',
      platform: 'docker-compose',
      text: `services:\n  app:\n    environment:\n      NODE_EXTRA_CA_CERTS: ${HOST_PATH}\n    volumes:\n      - ./${source}:${HOST_PATH}:ro`,
    },
    { shell: 'yaml', platform: 'Kubernetes', text: kubernetes(pem) },
    {
      shell: 'yaml',
      platform: 'GitHub Actions',
      text: `steps:\n  - uses: actions/checkout@v4\n  - run: echo "NODE_EXTRA_CA_CERTS=$GITHUB_WORKSPACE/${source}" >> "$GITHUB_ENV"\n    shell: bash`,
    },
    { shell: 'config', platform: 'systemd', text: `# /etc/systemd/system/app.service.d/ca.conf\n[Service]\nEnvironment=NODE_EXTRA_CA_CERTS=${HOST_PATH}` },
  ]
}

/**
 * The file as a ConfigMap, and what the pods of a Deployment need to see it: a patch for `kubectl patch --patch-file`.
 *
 * @param {string} pem
 */
function kubernetes(pem) {
  const data = pem.trimEnd().split('\n').map((line) => `    ${line}`).join('\n')
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: extra-ca
data:
  ${NAME}: |
${data}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
spec:
  template:
    spec:
      containers:
        - name: app
          env:
            - name: NODE_EXTRA_CA_CERTS
              value: /etc/extra-ca/${NAME}
          volumeMounts:
            - name: extra-ca
              mountPath: /etc/extra-ca
              readOnly: true
      volumes:
        - name: extra-ca
          configMap:
            name: extra-ca`
}

/**
 * @param {string} file As the variable names it: absolute, or the name that the fix gives it.
 * @param {string} pem
 * @param {{ isStopgap: boolean, present?: string }} options `isStopgap`: it goes when the server is mended, and needs no other place
 * @returns {Commands}
 */
function clientCommands(file, pem, { isStopgap, present }) {
  return isStopgap ? [...inShells(file, present), { shell: 'dockerfile', text: image(sourceOf(file)) }] : trustCommands(file, pem, present)
}

/** @param {string | undefined} file */
const named = (file) => (file === undefined ? NAME : path.resolve(file))

module.exports = { clientCommands, named }
