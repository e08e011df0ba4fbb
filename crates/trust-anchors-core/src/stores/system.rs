//! What the operating system trusts.
//!
//! On Linux and the BSDs the store is made of files. Read here is what Node's `--use-system-ca` reads (`SSL_CERT_FILE` or
//! OpenSSL's default file, then `SSL_CERT_DIR` or OpenSSL's default directory; each variable replaces its own default
//! alone, and an empty one switches its source off; `GetSystemStoreCACertificates` and `GetOpenSSLSystemCertificates` in
//! `crypto_context.cc`), with three departures: the locations that other distributions use are read too (those of
//! `openssl-probe`), because OpenSSL's compiled-in `/etc/ssl` is empty there; `SSL_CERT_DIR` may list several directories, as OpenSSL's
//! own and every other tool's reading of it allows; and a file that stands under several names is read once.
//!
//! On macOS and Windows `rustls-native-certs` asks the system, and what the two variables name is read beside it: Node knows neither variable
//! there, other tools take them for an addition or for the whole. (That library reads both variables of the process itself, and asks
//! the system only where neither is set.)

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::file;
use crate::findings::rules::store as rules;
use crate::findings::{Finding, escape};

/// No more entries of one directory are looked at: fifty times what a large store holds.
pub const DIRECTORY_ENTRY_LIMIT: usize = 20_000;
/// No more bytes are read of the files of one directory: fifty times what a large store holds.
pub const DIRECTORY_BYTE_LIMIT: u64 = 64 * 1024 * 1024;
/// A file of a directory that is larger than this is not read: it holds no certificates.
pub const DIRECTORY_FILE_LIMIT: u64 = 16 * 1024 * 1024;

/// Where to look.
#[derive(Debug, Clone)]
pub struct Options {
    /// `/`, or the root of a tree laid out like one.
    pub root: PathBuf,
    /// The value of `SSL_CERT_FILE`.
    pub certificate_file: Option<OsString>,
    /// The value of `SSL_CERT_DIR`.
    pub certificate_directory: Option<OsString>,
}

/// What there is to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locations {
    /// Bundles.
    pub files: Vec<PathBuf>,
    /// Directories of certificates.
    pub directories: Vec<PathBuf>,
}

/// A file of the store.
#[derive(Debug)]
pub struct SystemFile {
    /// The name it was read under.
    pub path: Arc<PathBuf>,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// Whether it was found by listing a directory.
    pub in_directory: bool,
}

/// What was read.
#[derive(Debug, Default)]
pub struct SystemStore {
    /// The files, bundles first, then each directory in the order of names.
    pub files: Vec<SystemFile>,
    /// Certificates that came without a file (macOS, Windows), in DER.
    pub certificates: Vec<Vec<u8>>,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Every file and directory that was read.
    pub visited: Vec<PathBuf>,
    /// The text that names the distribution (`os-release(5)`), read only when no file was.
    pub release: String,
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod defaults {
    /// OpenSSL's default file, which Node's official builds read.
    pub const OPENSSL_FILE: &str = "etc/ssl/cert.pem";
    /// The bundles of the distributions; the first that exists is the system's.
    pub const FILES: &[&str] = &[
        "etc/ssl/certs/ca-certificates.crt",
        "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "etc/pki/tls/certs/ca-bundle.crt",
        "etc/ssl/ca-bundle.pem",
        "etc/pki/tls/cacert.pem",
        "etc/ssl/cert.pem",
        "opt/etc/ssl/certs/ca-certificates.crt",
        "etc/ssl/certs/cacert.pem",
        "data/data/com.termux/files/usr/etc/tls/cert.pem",
    ];
    /// The directories of the distributions.
    pub const DIRECTORIES: &[&str] = &[
        "etc/ssl/certs",
        "etc/pki/tls/certs",
        "etc/security/certificates",
    ];
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod defaults {
    pub const OPENSSL_FILE: &str = "etc/ssl/cert.pem";
    pub const FILES: &[&str] = &[
        "usr/local/etc/ssl/cert.pem",
        "usr/local/share/certs/ca-root-nss.crt",
        "etc/openssl/certs/ca-certificates.crt",
        "etc/certs/ca-certificates.crt",
        "etc/ssl/cacert.pem",
        "etc/ssl/certs/ca-certificates.crt",
        "etc/ssl/cert.pem",
    ];
    pub const DIRECTORIES: &[&str] = &[
        "etc/ssl/certs",
        "usr/local/share/certs",
        "etc/openssl/certs",
        "etc/certs/CA",
    ];
}

/// Whether the platform's store is no set of files.
const ASKS_THE_SYSTEM: bool = cfg!(any(target_os = "macos", windows));

/// The locations that the variables name, and the platform's for those that are not set.
pub fn locations(options: &Options) -> Locations {
    let rooted = |path: &&str| options.root.join(path);
    let files = match &options.certificate_file {
        Some(path) => named(path).into_iter().collect(),
        None if ASKS_THE_SYSTEM => Vec::new(),
        None => {
            let openssl =
                Some(options.root.join(defaults::OPENSSL_FILE)).filter(|path| path.exists());
            let distribution = defaults::FILES
                .iter()
                .map(rooted)
                .find(|path| path.exists());
            let mut files: Vec<PathBuf> = distribution.into_iter().chain(openssl).collect();
            files.dedup();
            files
        }
    };
    let directories = match &options.certificate_directory {
        Some(value) if Path::new(value).is_dir() => vec![value.into()],
        Some(value) => std::env::split_paths(value)
            .filter(|path| !path.as_os_str().is_empty())
            .collect(),
        None if ASKS_THE_SYSTEM => Vec::new(),
        None => defaults::DIRECTORIES
            .iter()
            .map(rooted)
            .filter(|path| path.is_dir())
            .collect(),
    };
    Locations { files, directories }
}

fn named(path: &OsStr) -> Option<PathBuf> {
    (!path.is_empty()).then(|| path.into())
}

/// Reads the store of this platform.
pub fn read(options: &Options) -> SystemStore {
    let mut store = read_files(options);
    if ASKS_THE_SYSTEM {
        let mut native = native();
        store.certificates.append(&mut native.certificates);
        store.findings.append(&mut native.findings);
    }
    store
}

/// Reads a store that is made of files.
pub fn read_files(options: &Options) -> SystemStore {
    let locations = locations(options);
    let mut reader = Reader::default();
    for path in &locations.files {
        reader.bundle(path);
    }
    for path in &locations.directories {
        reader.directory(path);
    }
    if reader.store.files.is_empty() {
        reader.store.release = release(&options.root);
    }
    reader.store
}

fn release(root: &Path) -> String {
    ["etc/os-release", "usr/lib/os-release"]
        .iter()
        .find_map(|path| {
            read_regular(&root.join(path), DIRECTORY_FILE_LIMIT)
                .ok()
                .flatten()
        })
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default()
}

/// Asks the system. A panic of the library that asks is a finding, as its errors are.
fn native() -> SystemStore {
    let mut store = SystemStore::default();
    match std::panic::catch_unwind(rustls_native_certs::load_native_certs) {
        Ok(result) => {
            store.certificates = result
                .certs
                .iter()
                .map(|certificate| certificate.to_vec())
                .collect();
            store.findings.extend(result.errors.iter().map(|error| {
                rules::system_unreadable(
                    None,
                    &format!("the system's certificates: {}", escape(&error.to_string())),
                )
            }));
        }
        Err(_) => store.findings.push(rules::system_unreadable(
            None,
            "the system's certificates: the library that reads them failed",
        )),
    }
    store
}

#[derive(Default)]
struct Reader {
    store: SystemStore,
    seen: HashSet<Identity>,
}

/// A file, whatever its name.
#[cfg(unix)]
pub(super) type Identity = (u64, u64);
#[cfg(not(unix))]
pub(super) type Identity = PathBuf;

#[cfg(unix)]
fn identity(_path: &Path, metadata: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn identity(path: &Path, _metadata: &Metadata) -> Identity {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

impl Reader {
    fn bundle(&mut self, path: &Path) {
        self.store.visited.push(path.to_path_buf());
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => {
                if self.seen.insert(identity(path, &metadata)) {
                    match read_regular(path, file::READ_LIMIT) {
                        Ok(Some(bytes)) => self.push(path, bytes, false),
                        Ok(None) => self.unreadable(
                            path,
                            "is larger than 128 MB or changed its kind while it was read",
                        ),
                        Err(error) => self.unreadable(path, &describe(&error)),
                    }
                }
            }
            Ok(_) => self.unreadable(path, "is not a regular file"),
            Err(error) => self.unreadable(path, &describe(&error)),
        }
    }

    fn directory(&mut self, path: &Path) {
        self.store.visited.push(path.to_path_buf());
        let listing = match regular_files(path, &mut self.seen) {
            Ok(listing) => listing,
            Err(error) => return self.unreadable(path, &describe(&error)),
        };
        self.store.findings.extend(listing.findings);
        let read = on_two_threads(&listing.files, |(path, length)| {
            read_known(path, *length, DIRECTORY_FILE_LIMIT)
        });
        for ((path, _), bytes) in listing.files.iter().zip(read) {
            match bytes {
                Ok(Some(bytes)) => self.push(path, bytes, true),
                Ok(None) => {}
                Err(error) => self.unreadable(path, &describe(&error)),
            }
        }
    }

    fn push(&mut self, path: &Path, bytes: Vec<u8>, in_directory: bool) {
        if in_directory {
            self.store.visited.push(path.to_path_buf());
        }
        self.store.files.push(SystemFile {
            path: Arc::new(path.to_path_buf()),
            bytes,
            in_directory,
        });
    }

    fn unreadable(&mut self, path: &Path, what: &str) {
        self.store.findings.push(rules::system_unreadable(
            Some(path),
            &format!("`{}` {what}", escape(&path.display().to_string())),
        ));
    }
}

/// The regular files of a directory.
pub(super) struct Listing {
    /// Their names, each file once, and their lengths.
    pub files: Vec<(PathBuf, u64)>,
    /// What is beyond the limits.
    pub findings: Vec<Finding>,
}

/// Lists the regular files of a directory, links followed, that were not `seen` yet, as far as the limits go.
pub(super) fn regular_files(directory: &Path, seen: &mut HashSet<Identity>) -> io::Result<Listing> {
    let (names, complete) = list(directory)?;
    let mut files = Vec::with_capacity(names.len());
    let mut findings = Vec::new();
    if !complete {
        findings.push(rules::directory_limit(
            directory,
            &format!(
                "holds more than {DIRECTORY_ENTRY_LIMIT} entries: what is beyond was not read"
            ),
        ));
    }
    let probed = on_two_threads(&names, |name| {
        let path = directory.join(name);
        // `openssl rehash` links hashes to names of the same directory, which are read under those names.
        if complete
            && is_hash(name)
            && std::fs::read_link(&path).is_ok_and(|target| is_sibling(&target, &names))
        {
            return None;
        }
        // A dangling link is what a removed certificate leaves behind; Node passes over it in silence.
        let metadata = std::fs::metadata(&path).ok()?;
        metadata.is_file().then_some((path, metadata))
    });
    let mut total = 0;
    for (path, metadata) in probed.into_iter().flatten() {
        if !seen.insert(identity(&path, &metadata)) {
            continue;
        }
        if metadata.len() > DIRECTORY_FILE_LIMIT {
            findings.push(rules::directory_limit(
                &path,
                &format!("is {} bytes long and was not read", metadata.len()),
            ));
            continue;
        }
        total += metadata.len();
        if total > DIRECTORY_BYTE_LIMIT {
            findings.push(rules::directory_limit(
                &path,
                "stands behind 64 MB of other files in its directory: it and what follows was not read",
            ));
            break;
        }
        files.push((path, metadata.len()));
    }
    Ok(Listing { files, findings })
}

/// The results of `work` on each item, in order. Half of many items are worked on by a second thread: what a system store costs is
/// the system's calls, a few hundred of them.
fn on_two_threads<T: Sync, U: Send>(items: &[T], work: impl Fn(&T) -> U + Sync) -> Vec<U> {
    const FEW: usize = 64;
    let all = |items: &[T]| items.iter().map(&work).collect::<Vec<U>>();
    if items.len() < FEW {
        return all(items);
    }
    let (first, second) = items.split_at(items.len() / 2);
    std::thread::scope(|scope| {
        let other = std::thread::Builder::new().spawn_scoped(scope, || all(second));
        let mut results = all(first);
        match other.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(rest)) => results.extend(rest),
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            // No thread could be had.
            Err(_) => results.extend(all(second)),
        }
        results
    })
}

/// The names in a directory, in an order of their own: names that people gave before the hashes that `openssl rehash` makes.
/// Whether all were listed.
pub(super) fn list(path: &Path) -> io::Result<(Vec<OsString>, bool)> {
    let mut names = Vec::new();
    let mut complete = true;
    for entry in std::fs::read_dir(path)? {
        if names.len() == DIRECTORY_ENTRY_LIMIT {
            complete = false;
            break;
        }
        names.push(entry?.file_name());
    }
    names.sort_unstable();
    let (hashes, mut names): (Vec<OsString>, Vec<OsString>) =
        names.into_iter().partition(|name| is_hash(name));
    names.extend(hashes);
    Ok((names, complete))
}

/// Whether a link leads to another name of its own directory, which is no hash. `names` are in the order of [`list`].
fn is_sibling(target: &Path, names: &[OsString]) -> bool {
    let target = target.as_os_str();
    !is_hash(target)
        && names
            .binary_search_by(|name| (is_hash(name), name.as_os_str()).cmp(&(false, target)))
            .is_ok()
}

/// Whether it is a name like `002c0b4f.0`.
fn is_hash(name: &OsStr) -> bool {
    let Some((hash, number)) = name.as_encoded_bytes().split_at_checked(8) else {
        return false;
    };
    hash.iter().all(u8::is_ascii_hexdigit)
        && number.first() == Some(&b'.')
        && number.iter().skip(1).all(u8::is_ascii_digit)
}

/// The bytes of a regular file; `None` when it is no longer one, or longer than `limit`.
pub(super) fn read_regular(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let file = file::open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() || metadata.len() > limit {
        return Ok(None);
    }
    read_open(&file, metadata.len(), limit)
}

/// The same for a file that was seen to be a regular one of this length. Should another stand there by now: opening waits for no pipe,
/// and reading ends at the limit.
pub(super) fn read_known(path: &Path, length: u64, limit: u64) -> io::Result<Option<Vec<u8>>> {
    read_open(&file::open(path)?, length, limit)
}

fn read_open(mut file: &File, length: u64, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let length = usize::try_from(length).unwrap_or(0);
    let mut bytes = vec![0; length + 1];
    let mut filled = 0;
    // One read gets a whole file that does not grow; the byte more shows its end.
    while let Some(free) = bytes.get_mut(filled..).filter(|free| !free.is_empty()) {
        match file.read(free) {
            Ok(0) => break,
            Ok(count) if count < free.len() && filled + count == length => {
                filled += count;
                break;
            }
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(filled);
    if filled > length {
        file.take(limit.saturating_sub(filled as u64) + 1)
            .read_to_end(&mut bytes)?;
    }
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

fn describe(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "does not exist".into(),
        io::ErrorKind::PermissionDenied => "may not be read by this user".into(),
        _ => format!("cannot be read: {}", escape(&error.to_string())),
    }
}
