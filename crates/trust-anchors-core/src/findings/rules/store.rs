//! Rules about stores and their merge.

use std::path::Path;
use std::sync::Arc;

use crate::certificate::Certificate;
use crate::findings::{Actor, Finding, Fix, Rule, Severity, Shell, escape};
use crate::inspect::Format;
use crate::stores::distrust::Statement;
use crate::stores::system;

/// The rules of this area.
pub static RULES: &[&Rule] = &[
    &NO_SYSTEM_STORE,
    &SYSTEM_STORE_UNREADABLE,
    &SYSTEM_FILE_DAMAGED,
    &SYSTEM_FILE_NOT_PEM,
    &STORE_DIRECTORY_TOO_LARGE,
    &UNPARSABLE_CERTIFICATE,
    &DISTRUSTED_BY_SYSTEM,
    &EXPIRED_ANCHOR_LEFT_OUT,
    &LEAF_IN_STORE,
    &SERVER_CERTIFICATE_IN_SYSTEM_STORE,
    &REMOVED_BY_MOZILLA,
    &MOZILLA_NAME_CONSTRAINT,
    &SAME_SUBJECT_ANCHORS,
    &SAME_SUBJECT_CONFLICT,
    &NO_ANCHORS,
];

/// No certificate was found where the system's should be.
pub static NO_SYSTEM_STORE: Rule = Rule {
    id: "no-system-store",
    severity: Severity::Warning,
    actor: Actor::Client,
    title: "This system has no CA store",
    finds: "A system store was asked for and holds not one certificate: neither a bundle (`/etc/ssl/certs/ca-certificates.crt`, \
        `/etc/pki/tls/certs/ca-bundle.crt`, `/etc/ssl/cert.pem` …) nor a directory of certificates, or `SSL_CERT_FILE` and `SSL_CERT_DIR` point \
        where there are none. Slim container images ship without one.",
    why: "Node itself goes on with its bundled list, and `--use-system-ca` (Node 22.15, 23.8 and later) adds nothing and says nothing. A CA that \
        the company installs in the system store cannot be there, and every other program in the container (curl, git, Python, Go) trusts nobody.",
    looks: "warning[no-system-store]: no certificate in the system store: nothing stands in any of the places where a system keeps one; a CA that was installed on this system is not trusted\n\
\n\
  fix: Install the package that carries the system's CA store\n\
     bash:\n\
       apk add --no-cache ca-certificates\n\
     Dockerfile:\n\
       RUN apk add --no-cache ca-certificates",
    fix: "Install the package that carries the store.\n\n- Debian, Ubuntu: `apt-get update && apt-get install -y --no-install-recommends \
        ca-certificates`\n- Alpine: `apk add --no-cache ca-certificates`\n- Fedora, RHEL, Amazon Linux: `dnf install -y ca-certificates` \
        (`microdnf` in minimal images)\n- openSUSE, SLES: `zypper --non-interactive install ca-certificates ca-certificates-mozilla`\n- Arch: \
        `pacman -Sy --noconfirm ca-certificates`\n- An image without a package manager: copy the bundle from an earlier stage, `COPY \
        --from=debian:stable-slim /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt` after installing it there.",
    source: "Node `src/crypto/crypto_context.cc`, `GetOpenSSLSystemCertificates`; OpenSSL `X509_get_default_cert_file`, \
        `X509_get_default_cert_dir`.",
};

/// A named location or a file of the store could not be read.
pub static SYSTEM_STORE_UNREADABLE: Rule = Rule {
    id: "system-store-unreadable",
    severity: Severity::Warning,
    actor: Actor::Client,
    title: "A part of the system store cannot be read",
    finds: "A file or directory of the system store that exists by name but could not be read: `SSL_CERT_FILE` or `SSL_CERT_DIR` point nowhere or at \
        the wrong kind of file, permissions are missing, or the operating system reported an error.",
    why: "Node's `--use-system-ca` passes over a file that it cannot open, and prints one line for a directory. Its certificates are not trusted, \
        and connections that need them fail with `UNABLE_TO_GET_ISSUER_CERT_LOCALLY` or `SELF_SIGNED_CERT_IN_CHAIN`.",
    looks: "warning[system-store-unreadable]: `/etc/ssl/company.pem` does not exist: what it holds is not trusted\n\
  at /etc/ssl/company.pem",
    fix: "Correct the variable, or make the file readable for the user the process runs as: `chmod a+r FILE`, and `chmod a+rx` for each \
        directory above it.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` and `LoadCertsFromDir`.",
};

/// A PEM file of the store has a fault at which Node stops.
pub static SYSTEM_FILE_DAMAGED: Rule = Rule {
    id: "system-file-damaged",
    severity: Severity::Warning,
    actor: Actor::Client,
    title: "Node reads a file of the system store only in part",
    finds: "A PEM file of the system store with a fault in it: Node stops there, so certificates behind the fault are lost to \
        `--use-system-ca`. The merged store holds them.",
    why: "Node reads each file with a loop of OpenSSL's `PEM_read_bio_X509` and ends it at the first block that cannot be read. For files of the \
        system store it says nothing at all.",
    looks: "warning[system-file-damaged]: Node reads 1 of the 3 certificates in `/etc/ssl/certs/company.pem`, without a word about the rest; the merged store holds them all\n\
  at /etc/ssl/certs/company.pem",
    fix: "Write the file anew from its certificates: `trust-anchors inspect FILE --fix OUT` shows the fault and makes a clean copy. On Debian correct \
        the file under `/usr/local/share/ca-certificates` and run `update-ca-certificates --fresh`.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile`; OpenSSL `PEM_read_bio_ex` in `crypto/pem/pem_lib.c`.",
};

/// A file of the store holds certificates in a form that nobody reads there.
pub static SYSTEM_FILE_NOT_PEM: Rule = Rule {
    id: "system-file-not-pem",
    severity: Severity::Warning,
    actor: Actor::Client,
    title: "A file of the system store is not PEM",
    finds: "A file in the system store that holds certificates as DER, PKCS#7 or PKCS#12.",
    why: "OpenSSL, and Node with `--use-system-ca`, look for PEM alone in a system store. The file is passed over without a word, so the \
        certificate that somebody installed is not trusted. The merged store leaves it out as well: putting a file there did not make \
        the system trust it.",
    looks: "warning[system-file-not-pem]: `/etc/ssl/certs/company.cer` is der, not PEM: neither Node nor OpenSSL reads the 1 certificate in it\n\
  at /etc/ssl/certs/company.cer",
    fix: "Convert the file to PEM and let the system install it:\n\n- Debian, Ubuntu, Alpine: `openssl x509 -inform der -in company.cer -out \
        /usr/local/share/ca-certificates/company.crt && update-ca-certificates`\n- Fedora, RHEL: `cp company.cer \
        /etc/pki/ca-trust/source/anchors/ && update-ca-trust` (takes DER as it is)",
    source: "OpenSSL `by_file.c` and `by_dir.c` (`X509_FILETYPE_PEM`); Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile`.",
};

/// A directory is far larger than a store.
pub static STORE_DIRECTORY_TOO_LARGE: Rule = Rule {
    id: "store-directory-too-large",
    severity: Severity::Warning,
    actor: Actor::Client,
    title: "A directory holds far more than a CA store, and was read in part",
    finds: "A directory of certificates with more than 20,000 entries, a file in it of more than 16 MB, or more than 64 MB of files. What is beyond \
        was not read.",
    why: "Node's `--use-system-ca` reads every regular file of the directory, however many there are, before the first connection: seconds of start-up \
        time and unbounded memory. Usually the variable names the wrong directory.",
    looks: "warning[store-directory-too-large]: `/var/lib` holds more than 20000 entries: what is beyond was not read\n\
  at /var/lib",
    fix: "Point `SSL_CERT_DIR`, or the `extra` option, at a directory that holds CA certificates alone.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromDir`.",
};

/// Bytes in a certificate block that are no certificate.
pub static UNPARSABLE_CERTIFICATE: Rule = Rule {
    id: "unparsable-certificate",
    severity: Severity::Warning,
    actor: Actor::Client,
    title: "OpenSSL refuses a certificate of the store",
    finds: "A `CERTIFICATE` block whose base64 is in order but whose content OpenSSL does not take for a certificate.",
    why: "OpenSSL's `d2i_X509` fails on it. In `NODE_EXTRA_CA_CERTS` and in a file of the system store that ends the reading, and everything behind it is \
        lost to Node. The merged store leaves it out and goes on.",
    looks: "warning[unparsable-certificate]: a block holds something that OpenSSL does not take for a certificate: left out of the merged store\n\
  at /etc/ssl/certs/company.pem:27",
    fix: "Get the certificate again from whoever issued it, and replace the block.",
    source: "OpenSSL `d2i_X509` in `crypto/x509/x_x509.c`; RFC 5280 section 4.1.",
};

/// The system says that a certificate is not to be trusted.
pub static DISTRUSTED_BY_SYSTEM: Rule = Rule {
    id: "distrusted-by-system",
    severity: Severity::Warning,
    actor: Actor::Client,
    title: "The system explicitly distrusts a certificate of the store",
    finds: "A certificate that another source trusts (Node's bundled list, `NODE_EXTRA_CA_CERTS` …) and that this system distrusts by name: a p11-kit \
        blocklist, an object marked `x-distrusted`, a `TRUSTED CERTIFICATE` block that rejects TLS servers, or a `!` line in \
        `/etc/ca-certificates.conf`. It is left out of the merged store.",
    why: "Node never asks the system what it distrusts: the bundled list stays trusted even with `--use-system-ca`. Connections to servers under this \
        root work in plain Node and fail with the merged store (`UNABLE_TO_GET_ISSUER_CERT_LOCALLY`, `SELF_SIGNED_CERT_IN_CHAIN`).",
    looks: "warning[distrusted-by-system]: the system distrusts \"Example Root CA\" (198604d7…): left out of the merged store\n\
  at /etc/pki/ca-trust/source/blocklist/example.pem:1",
    fix: "Nothing, if the decision stands. To trust it again, take the file out of the blocklist (`rm FILE && update-ca-trust`) or the `!` out of \
        `/etc/ca-certificates.conf` (then `update-ca-certificates`). `honorSystemDistrust: false` leaves the system's decision aside for one \
        program.",
    source: "p11-kit `trust/enumerate.c`, `check_trust_flags`; OpenSSL `X509_CERT_AUX` (`crypto/x509/x_x509a.c`); Debian \
        `update-ca-certificates(8)`.",
};

/// The time of a certificate is over.
pub static EXPIRED_ANCHOR_LEFT_OUT: Rule = Rule {
    id: "expired-anchor-left-out",
    severity: Severity::Info,
    actor: Actor::Client,
    title: "An expired certificate is left out of the merged store",
    finds: "A certificate whose notAfter has passed. It is left out of the merged store, from whatever source it comes.",
    why: "Node keeps expired roots and refuses every chain that ends in one: `CERT_HAS_EXPIRED`, although the server's own certificate may be in order. An \
        expired certificate in the store can also stand in the way of a valid one of the same name that the server sends, because OpenSSL \
        looks in the store first. Without it the code is `UNABLE_TO_GET_ISSUER_CERT_LOCALLY` where nothing else verifies the chain.",
    looks: "note[expired-anchor-left-out]: \"Example Root CA\" (198604d7…) expired on 2024-05-01T00:00:00Z: left out of the merged store\n\
  at /etc/ssl/certs/Example_Root_CA.pem:1",
    fix: "Remove it from the file it comes from. Where servers still use it, they need a chain to a root that is valid.",
    source: "OpenSSL `x509_check_cert_time` and `get1_best_issuer` in `crypto/x509/x509_vfy.c`, `x509_lu.c`; RFC 5280 section 6.1.3.",
};

/// An end entity that is no anchor.
pub static LEAF_IN_STORE: Rule = Rule {
    id: "leaf-in-store",
    severity: Severity::Warning,
    actor: Actor::Client,
    title: "A server's certificate in the store anchors nothing",
    finds: "An end-entity certificate (no CA) that another certificate issued. It is left out of the merged store.",
    why: "OpenSSL trusts a chain when it ends in a self-signed certificate of the store. Trusting the server's own certificate does nothing when a CA issued \
        it: Node still answers `UNABLE_TO_VERIFY_LEAF_SIGNATURE` or `UNABLE_TO_GET_ISSUER_CERT_LOCALLY`.",
    looks: "warning[leaf-in-store]: \"www.example.com\" (63d5a622…) was issued by O=Example Ltd,CN=Example CA and is no CA: it can anchor nothing and is left out of the merged store\n\
  at /etc/ssl/certs/www.pem:1",
    fix: "Put the root certificate of its issuer in its place. `openssl s_client -connect HOST:443 -showcerts </dev/null` shows the chain the server \
        sends; the root itself comes from whoever runs the CA.",
    source: "OpenSSL `build_chain` and `check_trust` in `crypto/x509/x509_vfy.c`; RFC 5280 section 6.1.",
};

/// A snakeoil certificate.
pub static SERVER_CERTIFICATE_IN_SYSTEM_STORE: Rule = Rule {
    id: "server-certificate-in-system-store",
    severity: Severity::Info,
    actor: Actor::Client,
    title: "A server's self-signed certificate lies in the system store",
    finds: "A self-signed certificate that is no CA, in a directory of the system store and nowhere else; on Debian `ssl-cert-snakeoil.pem` of the package \
        `ssl-cert`, which local services use. It is left out of the merged store.",
    why: "Node's `--use-system-ca` and `--use-openssl-ca` read every file of `/etc/ssl/certs` and so trust it: whoever has its key, any service of this machine \
        that may read `/etc/ssl/private`, can pose as the host it names.",
    looks: "note[server-certificate-in-system-store]: \"localhost\" (434e3e43…) is a server's own certificate, no CA: left out of the merged store, while `--use-system-ca` and `--use-openssl-ca` trust it\n\
  at /etc/ssl/certs/ssl-cert-snakeoil.pem:1",
    fix: "Nothing, as a rule. To trust such a server on purpose, name the file: `extra: ['/etc/ssl/certs/ssl-cert-snakeoil.pem']`.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromDir`; OpenSSL `X509_check_ca`.",
};

/// Node ships a root that Mozilla has removed.
pub static REMOVED_BY_MOZILLA: Rule = Rule {
    id: "removed-by-mozilla",
    severity: Severity::Info,
    actor: Actor::Client,
    title: "Node trusts roots that Mozilla has removed",
    finds: "Roots in Node's bundled list (`tls.rootCertificates`) that Mozilla's list, as compiled into this package, no longer holds for TLS servers.",
    why: "Node's list is a copy of Mozilla's from the time of its release, and a release line keeps what it has. Mozilla removes roots that are being retired, \
        whose trust it has ended, or that it keeps for e-mail alone. They stay in the merged store, because merging takes nothing away that Node trusts.",
    looks: "note[removed-by-mozilla]: 31 roots that Node trusts are no longer in Mozilla's list\n\
    \"Entrust Root Certification Authority\" (73c17643…)\n\
    \"QuoVadis Root CA 2\" (85a0dd7d…)\n\
    and 29 more",
    fix: "Move to a newer Node, or ask for Mozilla's list alone: `loadTrustStoreSync({ bundled: 'mozilla' })`.",
    source: "Node `src/node_root_certs.h`; Mozilla's included CA list (CCADB) by way of `webpki-root-certs`.",
};

/// Mozilla limits a root to some names.
pub static MOZILLA_NAME_CONSTRAINT: Rule = Rule {
    id: "mozilla-name-constraint",
    severity: Severity::Info,
    actor: Actor::Client,
    title: "Mozilla trusts a root for some names alone, Node for all",
    finds: "A root of the store that Mozilla's products accept for certain domains only.",
    why: "The limit stands in Mozilla's code beside its list, not in the certificate. A `ca` array, `tls.rootCertificates` and OpenSSL's store carry certificates \
        alone, so Node accepts the root for every name.",
    looks: "note[mozilla-name-constraint]: Mozilla trusts \"TUBITAK Kamu SM SSL Kok Sertifikasi - Surum 1\" (46edc368…) for .tr alone; Node trusts it for every name",
    fix: "Nothing can be set in Node. A program that never talks to those domains can leave the root out.",
    source: "Mozilla's root store policy as carried by `webpki-roots`; RFC 5280 section 4.2.1.10.",
};

/// Several anchors of one subject that one order serves.
pub static SAME_SUBJECT_ANCHORS: Rule = Rule {
    id: "same-subject-anchors",
    severity: Severity::Info,
    actor: Actor::Client,
    title: "Several certificates of the store share a subject",
    finds: "Two or more certificates with the same subject: a CA that renewed its root or changed its key, or a root and its cross-signed twin. The merged store \
        gives them in the order that serves every leaf.",
    why: "OpenSSL takes the first certificate of the store whose subject and key identifier fit, and does not try the next one when the signature fails. Where each has a \
        subject key identifier of its own, or all have one key, the order of the merged store verifies all that they issued. Names are compared \
        without regard to case, white space and string type.",
    looks: "note[same-subject-anchors]: 2 certificates share the subject CN=Renewed Root: given in the order that serves every leaf\n\
    \"Renewed Root\" (b978e4be…), /etc/ssl/certs/renewed.pem, line 1\n\
    \"Renewed Root\" (c337ea70…), /etc/ssl/certs/renewed.pem, line 12",
    fix: "Nothing. Keep the order when the certificates are copied elsewhere.",
    source: "OpenSSL `X509_STORE_CTX_get1_issuer` in `crypto/x509/x509_lu.c`, `ossl_x509_likely_issued` in `crypto/x509/v3_purp.c`, \
        `x509_name_canon` in `crypto/x509/x_name.c`.",
};

/// Several anchors of one subject that no order serves.
pub static SAME_SUBJECT_CONFLICT: Rule = Rule {
    id: "same-subject-conflict",
    severity: Severity::Warning,
    actor: Actor::Client,
    title: "Two certificates of one subject stand in each other's way",
    finds: "Two certificates with the same subject and different keys that OpenSSL cannot tell apart, because one of them has no subject key identifier (or both have \
        the same); or two self-signed server certificates of one name.",
    why: "OpenSSL takes the first one that fits by name and key identifier and does not try the next one. What the other one issued fails with \
        `CERT_SIGNATURE_FAILURE`; a self-signed server certificate that is not the first of its name fails with `DEPTH_ZERO_SELF_SIGNED_CERT`. No order of the store \
        serves both. Certificates that name their issuer's key identifier or serial number are not affected.",
    looks: "warning[same-subject-conflict]: \"Twin Root\" (97184fcf…) and \"Twin Root\" (dabd995d…) have one subject and nothing by which OpenSSL could tell them apart: it takes the first, and certificates that the second issued will fail with CERT_SIGNATURE_FAILURE\n\
  at /etc/ssl/certs/old.pem:1\n\
    first: /etc/ssl/certs/new.pem, line 1\n\
    second: /etc/ssl/certs/old.pem, line 1",
    fix: "Leave out the certificate that is no longer used, and give each server the other one alone, in a store of its own: `new https.Agent({ ca: [...] })`. Whoever runs \
        the CA should issue roots with a subject key identifier, or change the name with the key.",
    source: "OpenSSL `X509_STORE_CTX_get1_issuer` in `crypto/x509/x509_lu.c`, `ossl_x509_likely_issued` in `crypto/x509/v3_purp.c`; RFC 5280 sections 4.2.1.1 and \
        4.2.1.2.",
};

/// Nothing is trusted.
pub static NO_ANCHORS: Rule = Rule {
    id: "no-anchors",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "The merged store is empty",
    finds: "Every source together gave no certificate that can be trusted.",
    why: "An empty `ca` array makes Node trust nobody: every TLS connection fails with `UNABLE_TO_GET_ISSUER_CERT_LOCALLY`, \
        `UNABLE_TO_VERIFY_LEAF_SIGNATURE` or `SELF_SIGNED_CERT_IN_CHAIN`.",
    looks: "error[no-anchors]: the merged store is empty: every connection will fail with UNABLE_TO_GET_ISSUER_CERT_LOCALLY or SELF_SIGNED_CERT_IN_CHAIN",
    fix: "Leave `bundled` at its default, or see in `excluded` and in the other findings why the certificates that were named are not there.",
    source: "Node `lib/internal/tls/secure-context.js`, `configSecureContext`; OpenSSL `build_chain` in `crypto/x509/x509_vfy.c`.",
};

/// A path and a line for people.
pub fn place(path: &Path, line: Option<u32>) -> String {
    let path = escape(&path.display().to_string());
    match line {
        Some(line) => format!("{path}, line {line}"),
        None => path,
    }
}

/// A certificate for people: its name in quotes and the start of its fingerprint.
fn named(certificate: &Certificate) -> String {
    let fingerprint = certificate.fingerprint();
    let start = fingerprint.get(..8).unwrap_or(&fingerprint);
    format!("\"{}\" ({start}…)", certificate.display_name())
}

fn where_found(certificate: &Certificate) -> String {
    let places = certificate
        .sources
        .iter()
        .filter_map(|source| source.path.as_ref().map(|path| place(path, source.line)));
    let places = some_of(places, " and ");
    if places.is_empty() {
        let stores = certificate
            .sources
            .iter()
            .map(|source| source.store.as_str().to_owned());
        return some_of(stores, " and ");
    }
    places
}

/// The first ones, and how many more there are.
fn some_of(items: impl Iterator<Item = String>, separator: &str) -> String {
    const MOST: usize = 20;
    let mut shown: Vec<String> = Vec::new();
    let mut more = 0;
    for item in items {
        if shown.len() < MOST {
            shown.push(item);
        } else {
            more += 1;
        }
    }
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    shown.join(separator)
}

/// About a certificate, at the first place it was found in; the other places are the detail.
fn located(finding: Finding, certificate: &Certificate) -> Finding {
    let mut finding = finding.about(certificate.fingerprint());
    let mut places = certificate
        .sources
        .iter()
        .filter_map(|source| source.path.as_ref().map(|path| (path, source.line)));
    if let Some((path, line)) = places.next() {
        finding = finding.at(Some(path), line);
    }
    let others = some_of(
        places.map(|(path, line)| format!("also in {}", place(path, line))),
        "\n",
    );
    if !others.is_empty() {
        finding = finding.detail(others);
    }
    finding
}

/// No certificate in the system store. `release` is the text of `/etc/os-release`.
pub fn no_system_store(options: &system::Options, release: &str) -> Finding {
    let variables: Vec<&str> = [
        ("SSL_CERT_FILE", &options.certificate_file),
        ("SSL_CERT_DIR", &options.certificate_directory),
    ]
    .into_iter()
    .filter_map(|(name, value)| value.as_ref().map(|_| name))
    .collect();
    let what_follows = "a CA that was installed on this system is not trusted";
    if !variables.is_empty() {
        let quoted: Vec<String> = variables.iter().map(|name| format!("`{name}`")).collect();
        return Finding::new(
            &NO_SYSTEM_STORE,
            format!(
                "no certificate in the system store with {} as {} set: {what_follows}",
                quoted.join(" and "),
                if variables.len() == 1 {
                    "it is"
                } else {
                    "they are"
                }
            ),
        )
        .fix(
            Fix::new("Take the system's own store")
                .with(Shell::Bash, format!("unset {}", variables.join(" ")))
                .with(
                    Shell::PowerShell,
                    variables
                        .iter()
                        .map(|name| format!("Remove-Item Env:{name}"))
                        .collect::<Vec<_>>()
                        .join("; "),
                ),
        );
    }
    let finding = Finding::new(
        &NO_SYSTEM_STORE,
        format!(
            "no certificate in the system store: nothing stands in any of the places where a system keeps one; {what_follows}"
        ),
    );
    match install_command(release) {
        Some((command, run)) => finding.fix(
            Fix::new("Install the package that carries the system's CA store")
                .with(Shell::Bash, command)
                .with(Shell::Dockerfile, run),
        ),
        None => finding.fix(
            Fix::new("Copy a bundle from an image that has one").with(
                Shell::Dockerfile,
                "COPY --from=gcr.io/distroless/static-debian12 /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt",
            ),
        ),
    }
}

/// The commands that install the store: for a shell, and as a line of a Dockerfile.
fn install_command(release: &str) -> Option<(&'static str, &'static str)> {
    let field = |name: &str| {
        release.lines().find_map(|line| {
            let value = line.strip_prefix(name)?.strip_prefix('=')?;
            Some(value.trim().trim_matches(['"', '\'']))
        })
    };
    let identifier = field("ID")?;
    std::iter::once(identifier)
        .chain(field("ID_LIKE").unwrap_or_default().split_whitespace())
        .find_map(|identifier| match identifier {
            "debian" | "ubuntu" => Some((
                "apt-get update && apt-get install -y --no-install-recommends ca-certificates",
                "RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*",
            )),
            "alpine" | "wolfi" | "chainguard" => Some((
                "apk add --no-cache ca-certificates",
                "RUN apk add --no-cache ca-certificates",
            )),
            "fedora" | "rhel" | "centos" | "amzn" | "mariner" | "azurelinux" => Some((
                "dnf install -y ca-certificates || microdnf install -y ca-certificates",
                "RUN (dnf install -y ca-certificates || microdnf install -y ca-certificates)",
            )),
            "suse" | "opensuse" | "sles" => Some((
                "zypper --non-interactive install ca-certificates ca-certificates-mozilla",
                "RUN zypper --non-interactive install ca-certificates ca-certificates-mozilla",
            )),
            "arch" => Some((
                "pacman -Sy --noconfirm ca-certificates",
                "RUN pacman -Sy --noconfirm ca-certificates",
            )),
            "void" => Some(("xbps-install -Sy ca-certificates", "RUN xbps-install -Sy ca-certificates")),
            "gentoo" => Some(("emerge app-misc/ca-certificates", "RUN emerge app-misc/ca-certificates")),
            _ => None,
        })
}

/// A location could not be read; `what` is the subject and the verb.
pub fn system_unreadable(path: Option<&Path>, what: &str) -> Finding {
    Finding::new(
        &SYSTEM_STORE_UNREADABLE,
        format!("{what}: what it holds is not trusted"),
    )
    .at(path, None)
    .fix(Fix::new("Correct the path, or let this user read it"))
}

/// Node stops in a file of the system store.
pub fn system_file_damaged(path: &Path, loaded: usize, found: usize) -> Finding {
    let shown = escape(&path.display().to_string());
    Finding::new(
        &SYSTEM_FILE_DAMAGED,
        format!("Node reads {loaded} of the {found} certificates in `{shown}`, without a word about the rest; the merged store holds them all"),
    )
    .at(Some(path), None)
    .fix(Fix::new("See the fault, and make a clean copy").with(
        Shell::Bash,
        format!("npx trust-anchors inspect {} --fix clean.pem", quoted(path)),
    ))
}

/// A file of the system store holds certificates, but not as PEM.
pub fn system_file_not_pem(path: &Path, format: Format, found: usize) -> Finding {
    let shown = escape(&path.display().to_string());
    let certificates = if found == 1 {
        "certificate"
    } else {
        "certificates"
    };
    Finding::new(
        &SYSTEM_FILE_NOT_PEM,
        format!(
            "`{shown}` is {}, not PEM: neither Node nor OpenSSL reads the {found} {certificates} in it",
            format.as_str()
        ),
    )
    .at(Some(path), None)
    .fix(
        Fix::new("Convert it, and let the system install it").with(
            Shell::Bash,
            format!("npx trust-anchors inspect {} --fix /usr/local/share/ca-certificates/converted.crt && update-ca-certificates", quoted(path)),
        ),
    )
}

/// A path in single quotes for a POSIX shell.
fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', "'\\''"))
}

/// A directory, or a file in one, is beyond the limits; `what` is the rest of the sentence.
pub fn directory_limit(path: &Path, what: &str) -> Finding {
    Finding::new(
        &STORE_DIRECTORY_TOO_LARGE,
        format!("`{}` {what}", escape(&path.display().to_string())),
    )
    .at(Some(path), None)
    .fix(Fix::new(
        "Name a directory that holds CA certificates alone",
    ))
}

/// A block is no certificate.
pub fn unreadable_certificate(certificate: &Certificate) -> Finding {
    located(
        Finding::new(
            &UNPARSABLE_CERTIFICATE,
            "a block holds something that OpenSSL does not take for a certificate: left out of the merged store",
        ),
        certificate,
    )
    .fix(Fix::new(
        "Get the certificate again from whoever issued it, and replace the block",
    ))
}

/// The system distrusts a certificate.
pub fn distrusted(certificate: &Certificate, statement: &Statement) -> Finding {
    Finding::new(
        &DISTRUSTED_BY_SYSTEM,
        format!(
            "the system distrusts {}: left out of the merged store",
            named(certificate)
        ),
    )
    .at(Some(&statement.path), statement.line)
    .about(certificate.fingerprint())
    .fix(
        Fix::new("Leave the system's decision aside in one program, if the server is needed")
            .with_code("loadTrustStoreSync({ honorSystemDistrust: false })"),
    )
}

/// A certificate has expired.
pub fn expired(certificate: &Certificate) -> Finding {
    located(
        Finding::new(
            &EXPIRED_ANCHOR_LEFT_OUT,
            format!(
                "{} expired on {}: left out of the merged store",
                named(certificate),
                certificate.not_after_iso()
            ),
        ),
        certificate,
    )
    .fix(Fix::new("Remove it where it comes from"))
}

/// An end entity that another certificate issued.
pub fn cannot_anchor(certificate: &Certificate) -> Finding {
    located(
        Finding::new(
            &LEAF_IN_STORE,
            format!(
                "{} was issued by {} and is no CA: it can anchor nothing and is left out of the merged store",
                named(certificate),
                certificate.issuer()
            ),
        ),
        certificate,
    )
    .fix(Fix::new(
        "Put the root certificate of its issuer in its place",
    ))
}

/// A server's own certificate in a directory of the system store.
pub fn server_certificate_in_system_store(certificate: &Certificate) -> Finding {
    located(
        Finding::new(
            &SERVER_CERTIFICATE_IN_SYSTEM_STORE,
            format!(
                "{} is a server's own certificate, no CA: left out of the merged store, while `--use-system-ca` and `--use-openssl-ca` trust it",
                named(certificate)
            ),
        ),
        certificate,
    )
    .fix(
        Fix::new("Name the file, to trust that server on purpose").with_code(format!(
            "loadTrustStoreSync({{ extra: [{:?}] }})",
            certificate
                .sources
                .iter()
                .find_map(|source| source.path.as_ref())
                .map(|path| path.display().to_string())
                .unwrap_or_default()
        )),
    )
}

/// Node's list holds roots that Mozilla's does not.
pub fn removed_by_mozilla(certificates: &[Arc<Certificate>]) -> Finding {
    let message = match certificates {
        [one] => format!(
            "one root that Node trusts is no longer in Mozilla's list: {}",
            named(one)
        ),
        many => format!(
            "{} roots that Node trusts are no longer in Mozilla's list",
            many.len()
        ),
    };
    let names: Vec<String> = certificates
        .iter()
        .map(|certificate| named(certificate))
        .collect();
    Finding::new(&REMOVED_BY_MOZILLA, message)
        .detail(names.join("\n"))
        .fix(
            Fix::new("Ask for Mozilla's list alone, to drop them")
                .with_code("loadTrustStoreSync({ bundled: 'mozilla' })"),
        )
}

/// Mozilla constrains a root that Node trusts for every name.
pub fn mozilla_name_constraint(certificate: &Certificate, domains: &[String]) -> Finding {
    Finding::new(
        &MOZILLA_NAME_CONSTRAINT,
        format!(
            "Mozilla trusts {} for {} alone; Node trusts it for every name",
            named(certificate),
            escape(&domains.join(", "))
        ),
    )
    .about(certificate.fingerprint())
}

/// Certificates of one subject that one order serves.
pub fn same_subject(group: &[Arc<Certificate>]) -> Finding {
    let subject = group
        .first()
        .map(|certificate| certificate.subject())
        .unwrap_or_default();
    let names = some_of(
        group
            .iter()
            .map(|certificate| format!("{}, {}", named(certificate), where_found(certificate))),
        "\n",
    );
    Finding::new(
        &SAME_SUBJECT_ANCHORS,
        format!(
            "{} certificates share the subject {subject}: given in the order that serves every leaf",
            group.len()
        ),
    )
    .detail(names)
}

/// Two certificates of one subject that no order serves; `first` comes first, and `more` beside `second` are like it.
pub fn same_subject_conflict(first: &Certificate, second: &Certificate, more: usize) -> Finding {
    let (what, code) = if second.can_issue() {
        (
            "certificates that the second issued",
            "CERT_SIGNATURE_FAILURE",
        )
    } else {
        ("the server of the second", "DEPTH_ZERO_SELF_SIGNED_CERT")
    };
    located(
        Finding::new(
            &SAME_SUBJECT_CONFLICT,
            format!(
                "{} and {} have one subject and nothing by which OpenSSL could tell them apart: it takes the first, and {what} will fail with {code}",
                named(first),
                named(second)
            ),
        )
        .detail(format!(
            "first: {}\nsecond: {}{}",
            where_found(first),
            where_found(second),
            if more > 0 {
                format!("\nthe same is true of {more} more certificates with this subject")
            } else {
                String::new()
            }
        )),
        second,
    )
    .fix(
        Fix::new("Give each server a store with the one that it needs")
            .with_code("new https.Agent({ ca: [rootOfThisServer] })"),
    )
}

/// Nothing is left.
pub fn no_anchors() -> Finding {
    Finding::new(
        &NO_ANCHORS,
        "the merged store is empty: every connection will fail with UNABLE_TO_GET_ISSUER_CERT_LOCALLY or SELF_SIGNED_CERT_IN_CHAIN",
    )
    .fix(
        Fix::new("Trust what Node ships and the system's store")
            .with_code("loadTrustStoreSync()"),
    )
}
