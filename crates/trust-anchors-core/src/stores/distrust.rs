//! What the system explicitly distrusts: p11-kit's blocklists and `x-distrusted` objects, OpenSSL's `TRUSTED CERTIFICATE` blocks that
//! reject TLS servers, and the certificates that Debian's `ca-certificates.conf` deselects.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use memchr::memmem;

use super::system::{DIRECTORY_FILE_LIMIT, list, read_regular};
use crate::certificate::{Certificate, TrustedCertificate};
use crate::der;
use crate::inspect;
use crate::pem::plain;

/// What the directories below lie in; most systems have none of them.
const PARENTS: &[&str] = &[
    "etc/pki",
    "usr/share/pki",
    "etc/ca-certificates/trust-source",
    "usr/share/ca-certificates/trust-source",
];

/// Directories in which every certificate is distrusted (p11-kit's `trust` module; Fedora, Arch, openSUSE).
const BLOCKLISTS: &[&str] = &[
    "etc/pki/ca-trust/source/blocklist",
    "etc/pki/ca-trust/source/blacklist",
    "usr/share/pki/ca-trust-source/blocklist",
    "usr/share/pki/ca-trust-source/blacklist",
    "etc/ca-certificates/trust-source/blocklist",
    "etc/ca-certificates/trust-source/blacklist",
    "usr/share/ca-certificates/trust-source/blocklist",
    "usr/share/ca-certificates/trust-source/blacklist",
    "etc/pki/trust/blocklist",
    "etc/pki/trust/blacklist",
    "usr/share/pki/trust/blocklist",
    "usr/share/pki/trust/blacklist",
];

/// Directories whose objects may be marked as distrusted.
const TRUST_SOURCES: &[&str] = &[
    "etc/pki/ca-trust/source",
    "etc/pki/ca-trust/source/anchors",
    "usr/share/pki/ca-trust-source",
    "usr/share/pki/ca-trust-source/anchors",
    "etc/ca-certificates/trust-source",
    "etc/ca-certificates/trust-source/anchors",
    "usr/share/ca-certificates/trust-source",
    "usr/share/ca-certificates/trust-source/anchors",
    "etc/pki/trust",
    "etc/pki/trust/anchors",
    "usr/share/pki/trust",
    "usr/share/pki/trust/anchors",
];

/// Debian's list of the certificates to install; a line that starts with `!` deselects one.
const DEBIAN_SELECTION: &str = "etc/ca-certificates.conf";
/// Where that list's names are found.
const DEBIAN_CERTIFICATES: &str = "usr/share/ca-certificates";

/// Which certificates the system explicitly distrusts, and the file that says so.
#[derive(Debug, Clone, Default)]
pub struct Distrust {
    certificates: HashMap<Vec<u8>, Statement>,
    /// p11-kit distrusts every certificate of a distrusted one's key, and every one of its issuer and serial number
    /// (`check_trust_flags` in `trust/enumerate.c`).
    keys: HashMap<Vec<u8>, Statement>,
    issuers_and_serials: HashMap<(Vec<u8>, Vec<u8>), Statement>,
    /// Every file and directory that was read.
    pub visited: Vec<PathBuf>,
}

/// Where the system says that it distrusts a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The file.
    pub path: Arc<PathBuf>,
    /// The line, where the file has lines.
    pub line: Option<u32>,
}

impl Distrust {
    /// Reads what the system under `root` distrusts.
    pub fn read(root: &Path, options: &inspect::Options) -> Self {
        let mut distrust = Self::default();
        if cfg!(any(target_os = "macos", windows)) {
            return distrust;
        }
        for parent in PARENTS.iter().filter(|parent| root.join(parent).is_dir()) {
            let inside = |directory: &&&str| directory.starts_with(parent);
            for directory in BLOCKLISTS.iter().filter(inside) {
                distrust.blocklist(&root.join(directory), options);
            }
            for directory in TRUST_SOURCES.iter().filter(inside) {
                distrust.trust_source(&root.join(directory), options);
            }
        }
        distrust.debian_selection(root, options);
        distrust
    }

    /// Whether nothing is distrusted.
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty() && self.keys.is_empty() && self.issuers_and_serials.is_empty()
    }

    /// Where the system says that it distrusts `certificate`.
    pub fn statement(&self, certificate: &Certificate) -> Option<&Statement> {
        if self.is_empty() {
            return None;
        }
        let issuer_and_serial = || {
            (
                certificate.issuer_der().to_vec(),
                certificate.serial_number_octets().to_vec(),
            )
        };
        self.certificates
            .get(certificate.der())
            .or_else(|| self.keys.get(certificate.subject_public_key_info()))
            .or_else(|| self.issuers_and_serials.get(&issuer_and_serial()))
    }

    /// Distrusts one certificate and no other.
    pub fn certificate(&mut self, certificate: &Certificate, statement: Statement) {
        self.certificates
            .entry(certificate.der().to_vec())
            .or_insert(statement);
    }

    /// Distrusts a certificate as p11-kit does.
    fn everything_of(&mut self, certificate: &Certificate, statement: &Statement) {
        self.certificate(certificate, statement.clone());
        self.keys
            .entry(certificate.subject_public_key_info().to_vec())
            .or_insert_with(|| statement.clone());
        self.issuer_and_serial(
            certificate.issuer_der(),
            certificate.serial_number_octets(),
            statement,
        );
    }

    fn issuer_and_serial(&mut self, issuer: &[u8], serial: &[u8], statement: &Statement) {
        self.issuers_and_serials
            .entry((issuer.to_vec(), serial.to_vec()))
            .or_insert_with(|| statement.clone());
    }

    fn blocklist(&mut self, directory: &Path, options: &inspect::Options) {
        for (path, bytes) in self.files(directory) {
            let path = Arc::new(path);
            if is_p11_kit(&bytes) {
                self.objects(&bytes, &path, true, options);
                continue;
            }
            for (certificate, line) in certificates(&bytes, options) {
                let statement = Statement {
                    path: Arc::clone(&path),
                    line,
                };
                self.everything_of(&certificate, &statement);
            }
        }
    }

    fn trust_source(&mut self, directory: &Path, options: &inspect::Options) {
        for (path, bytes) in self.files(directory) {
            let path = Arc::new(path);
            if is_p11_kit(&bytes) {
                self.objects(&bytes, &path, false, options);
            } else {
                self.rejected(&bytes, &path, options);
            }
        }
    }

    /// The regular files of a directory.
    fn files(&mut self, directory: &Path) -> Vec<(PathBuf, Vec<u8>)> {
        let Ok((names, _)) = list(directory) else {
            return Vec::new();
        };
        self.visited.push(directory.to_path_buf());
        let mut files = Vec::new();
        for name in names {
            let path = directory.join(name);
            if !std::fs::metadata(&path).is_ok_and(|metadata| metadata.is_file()) {
                continue;
            }
            if let Ok(Some(bytes)) = read_regular(&path, DIRECTORY_FILE_LIMIT) {
                self.visited.push(path.clone());
                files.push((path, bytes));
            }
        }
        files
    }

    /// The distrusted objects of a p11-kit file: all of them, or those marked `x-distrusted: true`.
    fn objects(
        &mut self,
        bytes: &[u8],
        path: &Arc<PathBuf>,
        all: bool,
        options: &inspect::Options,
    ) {
        if !all && memmem::find(bytes, b"x-distrusted").is_none() {
            return;
        }
        let text = String::from_utf8_lossy(bytes);
        let mut line = 1;
        for section in text.split_inclusive("[p11-kit-object-v1]") {
            let statement = Statement {
                path: Arc::clone(path),
                line: Some(line),
            };
            line +=
                u32::try_from(memchr::memchr_iter(b'\n', section.as_bytes()).count()).unwrap_or(0);
            let distrusted = section.lines().any(|line| {
                line.split_once(':').is_some_and(|(name, value)| {
                    name.trim() == "x-distrusted" && value.trim() == "true"
                })
            });
            if !all && !distrusted {
                continue;
            }
            for (certificate, _) in certificates(section.as_bytes(), options) {
                self.everything_of(&certificate, &statement);
            }
            let value = |wanted: &str| {
                section.lines().find_map(|line| {
                    let (name, value) = line.split_once(':')?;
                    (name.trim() == wanted).then(|| unquote(value.trim()))
                })
            };
            if let (Some(issuer), Some(serial)) = (value("issuer"), value("serial-number"))
                && let Some((serial, _)) = der::read_element(&serial)
            {
                self.issuer_and_serial(&issuer, serial.content, &statement);
            }
            if let Some(key) = value("public-key-info") {
                self.keys.entry(key).or_insert(statement);
            }
        }
    }

    /// The `TRUSTED CERTIFICATE` blocks of a PEM file that reject TLS servers (OpenSSL's `X509_CERT_AUX`).
    pub fn rejected(&mut self, bytes: &[u8], path: &Arc<PathBuf>, options: &inspect::Options) {
        if memmem::find(bytes, b"-----BEGIN TRUSTED CERTIFICATE-----").is_none() {
            return;
        }
        let mut scratch = Vec::new();
        for block in plain::blocks(bytes).unwrap_or_default() {
            if block.label != b"TRUSTED CERTIFICATE" {
                continue;
            }
            let Some(data) = plain::decode(block.body, &mut scratch) else {
                continue;
            };
            if let Ok(trusted) = TrustedCertificate::decode(&data, options.node.openssl())
                && trusted.rejects_servers()
            {
                let statement = Statement {
                    path: Arc::clone(path),
                    line: Some(block.line),
                };
                self.certificate(&trusted.certificate, statement);
            }
        }
    }

    fn debian_selection(&mut self, root: &Path, options: &inspect::Options) {
        let selection = root.join(DEBIAN_SELECTION);
        let Ok(Some(bytes)) = read_regular(&selection, DIRECTORY_FILE_LIMIT) else {
            return;
        };
        self.visited.push(selection.clone());
        let path = Arc::new(selection);
        for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
            let Some(name) = line.strip_prefix(b"!") else {
                continue;
            };
            let name = String::from_utf8_lossy(name.trim_ascii()).into_owned();
            if name.is_empty()
                || Path::new(&name)
                    .components()
                    .any(|part| part.as_os_str() == "..")
            {
                continue;
            }
            let file = root
                .join(DEBIAN_CERTIFICATES)
                .join(name.trim_start_matches('/'));
            let Ok(Some(bytes)) = read_regular(&file, DIRECTORY_FILE_LIMIT) else {
                continue;
            };
            self.visited.push(file);
            for (certificate, _) in certificates(&bytes, options) {
                let statement = Statement {
                    path: Arc::clone(&path),
                    line: Some(number),
                };
                self.certificate(&certificate, statement);
            }
        }
    }
}

fn is_p11_kit(bytes: &[u8]) -> bool {
    memmem::find(bytes, b"[p11-kit-object-v1]").is_some()
}

/// The certificates in a file, whatever its form, with their lines.
fn certificates(bytes: &[u8], options: &inspect::Options) -> Vec<(Certificate, Option<u32>)> {
    if let Some(blocks) = plain::blocks(bytes)
        && !blocks.is_empty()
    {
        let mut scratch = Vec::new();
        return blocks
            .iter()
            .filter(|block| block.label.ends_with(b"CERTIFICATE"))
            .filter_map(|block| {
                let data = plain::decode(block.body, &mut scratch)?;
                let certificate = Certificate::decode(&data, options.node.openssl()).ok()?;
                Some((certificate, Some(block.line)))
            })
            .collect();
    }
    let report = inspect::inspect(inspect::Input::Bytes(bytes), options);
    report
        .found
        .iter()
        .map(|certificate| {
            let line = certificate.sources.first().and_then(|source| source.line);
            (Certificate::clone(certificate), line)
        })
        .collect()
}

/// A value of a p11-kit file: quoted, with `%xx` for octets (`p11_url_decode`).
fn unquote(value: &str) -> Vec<u8> {
    let value = value.trim_matches('"').as_bytes();
    let mut octets = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        let escaped = (*first == b'%')
            .then(|| {
                after
                    .get(..2)
                    .and_then(|digits| std::str::from_utf8(digits).ok())
            })
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match escaped {
            Some(octet) => {
                octets.push(octet);
                rest = after.get(2..).unwrap_or_default();
            }
            None => octets.push(*first),
        }
    }
    octets
}
