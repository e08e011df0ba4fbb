//! Reading a file in bounded time and memory, whatever stands under its name.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

/// No more than this is read of one file: over 100,000 certificates.
pub const READ_LIMIT: u64 = 128 * 1024 * 1024;

/// What a path holds.
#[derive(Debug)]
pub enum Content {
    /// The bytes of a regular file or of a device that ends.
    Bytes {
        /// What was read, [`READ_LIMIT`] bytes at most.
        bytes: Vec<u8>,
        /// Whether there was more.
        truncated: bool,
        /// Whether size or modification time changed while it was read.
        changed: bool,
        /// What the system said when it stopped giving bytes before the end of the file.
        error: Option<io::Error>,
    },
    /// A directory.
    Directory,
    /// A named pipe: opening it waits for the other side, in Node for ever.
    Pipe,
    /// A socket, which cannot be opened.
    Socket,
    /// A device. Reading one may never end, so it is not opened.
    Device(Device),
}

/// The devices that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Device {
    /// One that holds nothing: `/dev/null`.
    Empty,
    /// One of NULs without an end, which OpenSSL takes for an empty file, since its first line starts with NUL: `/dev/zero` and `/dev/full`.
    Zeros,
    /// Any other.
    Other,
}

/// What the system says to somebody who opens a socket.
#[cfg(unix)]
pub const SOCKET_ERROR: i32 = libc::ENXIO;
/// What the system says to somebody who opens a socket.
#[cfg(not(unix))]
pub const SOCKET_ERROR: i32 = 6;

/// Reads what stands under `path`. Never waits: a pipe is not opened, and a file that becomes one in between is opened without
/// blocking and seen.
pub fn read(path: &Path) -> io::Result<Content> {
    if let Some(other) = special(&std::fs::metadata(path)?) {
        return Ok(other);
    }
    let file = open(path)?;
    let before = file.metadata()?;
    if let Some(other) = special(&before) {
        return Ok(other);
    }
    let mut bytes =
        Vec::with_capacity(usize::try_from(before.len().min(READ_LIMIT)).unwrap_or(0) + 1);
    let error = (&file).take(READ_LIMIT + 1).read_to_end(&mut bytes).err();
    let limit = usize::try_from(READ_LIMIT).unwrap_or(usize::MAX);
    let truncated = bytes.len() > limit;
    bytes.truncate(limit);
    let after = file.metadata()?;
    let changed = before.len() != after.len() || before.modified().ok() != after.modified().ok();
    Ok(Content::Bytes {
        bytes,
        truncated,
        changed,
        error,
    })
}

#[cfg(unix)]
pub(super) fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
        .open(path)
}

#[cfg(not(unix))]
pub(super) fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

#[cfg(unix)]
fn special(metadata: &Metadata) -> Option<Content> {
    use std::os::unix::fs::FileTypeExt;
    let kind = metadata.file_type();
    if kind.is_dir() {
        Some(Content::Directory)
    } else if kind.is_fifo() {
        Some(Content::Pipe)
    } else if kind.is_socket() {
        Some(Content::Socket)
    } else if kind.is_char_device() || kind.is_block_device() {
        Some(Content::Device(device(metadata)))
    } else {
        None
    }
}

/// Linux gives memory devices the major number 1: null is 3, zero 5, full 7. Elsewhere numbers say nothing, and what `/dev/null` is can
/// be asked.
#[cfg(unix)]
fn device(metadata: &Metadata) -> Device {
    use std::os::unix::fs::MetadataExt;
    let number = metadata.rdev();
    let is = |on_linux: &[u64], path: &str| match cfg!(target_os = "linux") {
        true => on_linux.contains(&number),
        false => std::fs::metadata(path).is_ok_and(|known| known.rdev() == number),
    };
    if is(&[0x103], "/dev/null") {
        Device::Empty
    } else if is(&[0x105, 0x107], "/dev/zero") {
        Device::Zeros
    } else {
        Device::Other
    }
}

#[cfg(not(unix))]
fn special(metadata: &Metadata) -> Option<Content> {
    metadata.is_dir().then_some(Content::Directory)
}
