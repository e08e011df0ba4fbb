//! Rules about who really answered: proxies that inspect TLS, and certificates that were not meant for anybody.

use super::rule;
use crate::findings::Rule;

/// The rules of this area.
pub static RULES: &[&Rule] = &[
    &BY_PROXY,
    &BY_ANTIVIRUS,
    &BY_DEBUGGING_PROXY,
    &REFUSED_SERVER,
    &SUSPECTED,
    &TRUSTED,
    &LOCAL_AUTHORITY,
    &STAGING,
    &DEFAULT_CERTIFICATE,
    &PUBLISHED_KEY,
];

rule!(
    BY_PROXY,
    "inspection-by-proxy",
    Error,
    Client,
    "A proxy or firewall inspects TLS with a CA that this process does not trust",
    "A certificate whose issuer bears the name under which a product for inspecting TLS signs: Zscaler, Netskope, Fortinet, Cisco Umbrella, Blue Coat, Sophos, Forcepoint and others; with no path to a \
trust anchor.",
    "Such a product ends the connection itself, reads what passes and makes a certificate for the server's name on the spot, signed by a CA of its own. Browsers and curl work, since that CA was put into the \
system's store; Node has its own list: `SELF_SIGNED_CERT_IN_CHAIN` where the product sends its root, otherwise `UNABLE_TO_GET_ISSUER_CERT_LOCALLY` or `UNABLE_TO_VERIFY_LEAF_SIGNATURE` (all versions). \
The server has nothing to do with it. Palo Alto Networks, Check Point and Barracuda have no name of their own there: their owners choose it, see [inspection-suspected](inspection-suspected.md).",
    "error[inspection-by-proxy]: Zscaler inspects the connection to `api.example.com`: the certificate is issued by `CN=Zscaler Intermediate Root CA (zscaler.net),OU=Zscaler Inc.,O=Zscaler Inc.,ST=California,C=US` and not by the CA of the server, and this process does not trust that",
    "Trust the CA of the inspection. Where the system's store has it, let Node use that store, or connect through the merged store; otherwise get the certificate from whoever runs the network, compare its \
fingerprint and name the file.\n\n```bash\nexport NODE_OPTIONS=--use-system-ca                                # Node 22.15 and later\nexport \
NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem          # any Node\n```\n\n```powershell\n$env:NODE_OPTIONS = '--use-system-ca'\n```\n\n```dockerfile\nCOPY company-ca.pem \
/etc/ssl/certs/company-ca.pem\nENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem\n```",
    "- The names that the products write: this package, `diagnose/issuers.rs`\n- OpenSSL `crypto/x509/x509_vfy.c`, `build_chain`"
);
rule!(
    BY_ANTIVIRUS,
    "inspection-by-antivirus",
    Error,
    Client,
    "A virus scanner on this machine inspects TLS with a CA that this process does not trust",
    "A certificate whose issuer bears the name under which Kaspersky, ESET, Avast, AVG, Norton, Bitdefender or AdGuard signs; with no path to a trust anchor.",
    "The scanner makes a CA when it is installed and puts it into the store of the system, and of browsers. Node has its own list and refuses what the scanner signs: `SELF_SIGNED_CERT_IN_CHAIN`, \
`UNABLE_TO_GET_ISSUER_CERT_LOCALLY` or `UNABLE_TO_VERIFY_LEAF_SIGNATURE` (all versions). In a container or WSL the system's store is another one, which lacks the CA as well.",
    "error[inspection-by-antivirus]: ESET inspects the connection to `api.example.com`: the certificate is issued by `CN=ESET SSL Filter CA,O=ESET\\, spol. s r. o.,C=SK` and not by the CA of the server, and this process does not trust that",
    "Let Node use the system's store, or exclude the program from the inspection in the settings of the scanner.\n\n```bash\nexport NODE_OPTIONS=--use-system-ca\n```\n\n```powershell\n$env:NODE_OPTIONS \
= '--use-system-ca'\n```",
    "- The names that the products write: this package, `diagnose/issuers.rs`\n- Node `src/crypto/crypto_context.cc`: `NewRootCertStore`"
);
rule!(
    BY_DEBUGGING_PROXY,
    "inspection-by-debugging-proxy",
    Error,
    Client,
    "A debugging proxy answers with a CA that this process does not trust",
    "A certificate whose issuer is the CA that mitmproxy, Charles, Fiddler, Burp Suite, Proxyman, HTTP Toolkit or ZAP makes on the machine of a developer; with no path to a trust anchor.",
    "The tool answers in place of the server. It stands in the way because of a proxy setting (`HTTPS_PROXY`, the settings of the system) or a redirection of packets, maybe one that somebody left behind.",
    "error[inspection-by-debugging-proxy]: Charles inspects the connection to `api.example.com`: the certificate is issued by `CN=Charles Proxy CA (1 Jan 2026\\, laptop),OU=https://charlesproxy.com/ssl,O=XK72 Ltd,L=Auckland,ST=Auckland,C=NZ` and not by the CA of the server, and this process does not trust that",
    "Where the tool is wanted, trust its CA in the process that is looked at, and there only. Where it is not, remove the proxy setting.\n\n```bash\nNODE_EXTRA_CA_CERTS=\"$HOME/.mitmproxy/mitmproxy-ca-cert.pem\" \
node app.js\nunset HTTPS_PROXY https_proxy\n```\n\n```powershell\nRemove-Item Env:HTTPS_PROXY\n```",
    "- The names that the products write: this package, `diagnose/issuers.rs`"
);
rule!(
    REFUSED_SERVER,
    "inspection-refused-server",
    Error,
    Server,
    "What inspects TLS could not verify the server itself",
    "A certificate from the second authority that Avast, AVG, Norton and Fortinet keep for servers whose certificates they could not verify.",
    "The inspection passes the fault on by signing with an authority that nobody trusts: adding it to a store would trust every server with a bad certificate. The certificate of the server itself is expired, \
incomplete, self-signed or from a CA that the product does not know; it cannot be seen from behind the inspection.",
    "error[inspection-refused-server]: Avast inspects the connection to `api.example.com` and could not verify the server itself: it signs with `OU=generated by Avast Antivirus for untrusted server certificates,O=Avast Web/Mail Shield,CN=Avast Web/Mail Shield Untrusted Root`, which nobody is to trust",
    "Look at the server from a network without the inspection, and mend what is found there. A server with a CA of the company has to be made known to the product, by whoever runs it.",
    "- The names that the products write: this package, `diagnose/issuers.rs`"
);
rule!(
    SUSPECTED,
    "inspection-suspected",
    Warning,
    Client,
    "A private CA signs for a public host: TLS is likely to be inspected",
    "A chain for a public host name that leads to no public root, and either a host of a service whose certificates come from public CAs, or two signs of an inspection: the CA is in the store of this \
machine, the certificate was made within a day or for less than six. A certificate with timestamps of public logs is never suspected.",
    "Gateways of Palo Alto Networks, Check Point, Barracuda and others sign with a CA that their owner names, so the name tells nothing. A private CA of the operator of the server looks the same where the host is \
not well known: the finding is a suspicion, and says by what.",
    "warning[inspection-suspected]: the certificate for `github.com` is issued by the private CA `CN=Example Root`: a proxy or virus scanner between this process and the server is likely to inspect TLS",
    "Compare the issuer with what is seen from another network. Where the inspection is real, trust its CA: through the system's store where that has it, else from whoever runs the network.\n\n```bash\nopenssl \
s_client -connect HOST:443 -servername HOST </dev/null | openssl x509 -noout -issuer\nexport NODE_OPTIONS=--use-system-ca\n```\n\n```powershell\n$env:NODE_OPTIONS = '--use-system-ca'\n```",
    "- RFC 3647; the lists of public roots that Node and Debian have shipped"
);
rule!(
    TRUSTED,
    "inspection-trusted",
    Info,
    Client,
    "TLS is inspected by a product whose CA this process trusts",
    "A certificate whose issuer bears the name of a product that inspects TLS, on a path to a trust anchor.",
    "The connection works, and somebody between reads it. What the product cannot pass on fails all the same: client certificates, pinned certificates, certificates of the server that it refuses.",
    "note[inspection-trusted]: Zscaler inspects the connection to `api.example.com`: the certificate is issued by `CN=Zscaler Intermediate Root CA (zscaler.net),OU=Zscaler Inc.,O=Zscaler Inc.,ST=California,C=US`, which this process trusts, and not by the CA of the server",
    "Nothing is to be done where the inspection is wanted. A program that pins the server's certificate, or sends one of its own, needs an exemption from whoever runs the network.",
    "- The names that the products write: this package, `diagnose/issuers.rs`"
);
rule!(
    LOCAL_AUTHORITY,
    "local-authority-not-trusted",
    Error,
    Client,
    "The certificate is from an authority that a tool made for itself, and this process does not trust that",
    "An issuer with the name that mkcert, Caddy, k3s, minikube, kubeadm, MySQL or Proxmox give to the CA they make at their installation; with no path to a trust anchor.",
    "Each installation has a CA of its own, whose certificate lies in a known place. Tools put it into the system's store at best (`mkcert -install`, `caddy trust`), and Node has its own list: \
`UNABLE_TO_VERIFY_LEAF_SIGNATURE`, or `SELF_SIGNED_CERT_IN_CHAIN` where the root is sent (all versions).",
    "error[local-authority-not-trusted]: the certificate of `api.example.com` is from the authority that mkcert made for itself, `CN=mkcert me@laptop,OU=me@laptop,O=mkcert development CA`, and this process does not trust that",
    "Trust the CA of that installation, in the processes that talk to it.\n\n```bash\nexport NODE_EXTRA_CA_CERTS=\"$(mkcert -CAROOT)/rootCA.pem\"                                           # mkcert\n\
export NODE_EXTRA_CA_CERTS=\"$HOME/.local/share/caddy/pki/authorities/local/root.crt\"              # Caddy\nexport \
NODE_EXTRA_CA_CERTS=/var/run/secrets/kubernetes.io/serviceaccount/ca.crt                     # in a pod\n```\n\n```powershell\n$env:NODE_EXTRA_CA_CERTS = \"$(mkcert -CAROOT)\\rootCA.pem\"\n```",
    "- The names that the tools write: this package, `diagnose/issuers.rs`"
);
rule!(
    STAGING,
    "staging-certificate",
    Error,
    Server,
    "The certificate is from an authority for trying out",
    "An issuer of the staging environment of Let's Encrypt: `(STAGING) …`, formerly `Fake LE …`.",
    "The staging environment has higher limits and roots that no client has. `certbot --staging` and the `acme-staging` address of other clients stay in the configuration when everything is seen to work.",
    "error[staging-certificate]: the certificate of `api.example.com` is from Let's Encrypt staging, issued by `CN=(STAGING) Artificial Apricot R3,O=(STAGING) Let's Encrypt,C=US`: it is for trying out, and no client trusts it",
    "Issue the certificate from the production environment, and reload the server.\n\n```bash\ncertbot certonly --force-renewal -d www.example.com   # without --staging and --test-cert\n```",
    "- Let's Encrypt, Staging Environment: https://letsencrypt.org/docs/staging-environment/"
);
rule!(
    DEFAULT_CERTIFICATE,
    "default-certificate",
    Error,
    Server,
    "The server shows a default certificate: none is configured for this name",
    "The self-signed certificate of Traefik, the Kubernetes ingress controller, Plesk or pfSense, one in the form of Debian's snakeoil for another name, or that of a gateway itself.",
    "Software that has no certificate for the name that was asked for shows the one it was installed with, and says nothing: `DEPTH_ZERO_SELF_SIGNED_CERT` in Node (all versions). A missing `tls` section, a secret in \
another namespace, a certificate that could not be issued yet, and a client that sends no server name look alike.",
    "error[default-certificate]: `api.example.com` shows the default certificate of Traefik, `TRAEFIK DEFAULT CERT`: none is configured for this name",
    "Configure the certificate of this name on the server. Trusting the default one does not help: it names no host, or the wrong one, and is made anew at the next start.",
    "- Traefik, `pkg/tls/generate`; ingress-nginx, `internal/ingress/controller`, `getDefaultSSLCertificate`\n- Debian, `make-ssl-cert(8)`"
);
rule!(
    PUBLISHED_KEY,
    "published-key",
    Error,
    Server,
    "The server shows a certificate whose private key everybody has",
    "A certificate from the tests of Node, whose key is in its source.",
    "Whoever can read what passes can pretend to be the server. Copied from an example or a test, such a certificate works as soon as its CA is trusted, so the finding stands for a good verdict too.",
    "error[published-key]: `api.example.com` shows a certificate from the tests of Node.js, issued by `emailAddress=ry@tinyclouds.org,CN=ca1,OU=Node.js,O=Joyent,L=SF,ST=CA,C=US`: everybody has its key, and can read what is sent",
    "Make a key and a certificate that nobody else has, and remove the CA of the tests from every trust store.\n\n```bash\nmkcert -cert-file server.pem -key-file server.key localhost 127.0.0.1 ::1\n```",
    "- Node `test/fixtures/keys`"
);
