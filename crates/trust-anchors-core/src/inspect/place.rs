//! What stands under the path when it is no file that can be read.

use std::io;
use std::path::{Path, PathBuf};

use super::{CaFileReport, Format};
use crate::findings::Finding;
use crate::findings::rules::file::{self as rules, File};
use crate::pem::bun;
use crate::runtime::Runtime;
use crate::stores::file::{Content, Device};

/// The report on something that is no regular file.
pub(super) fn report(path: &Path, content: &Content, runtime: Runtime) -> CaFileReport {
    let file = File::at(path, runtime);
    let name = runtime.as_str();
    let place = |rule, message: String| rules::place(rule, &file, &message);
    let warned = |code: i32, format, finding| CaFileReport {
        // What the system says to somebody who reads such a thing.
        node_warning: Some(warning(path, &io::Error::from_raw_os_error(code), runtime)),
        ..nothing(path, format, finding)
    };
    match content {
        Content::Directory if runtime.takes_all_or_nothing() => warned(
            DIRECTORY_ERROR,
            Format::Directory,
            place(
                &rules::DIRECTORY,
                format!("is a directory: {name} warns and loads nothing from it"),
            ),
        ),
        Content::Directory => nothing(
            path,
            Format::Directory,
            place(
                &rules::DIRECTORY,
                format!("is a directory: {}", runtime.loads_nothing()),
            ),
        ),
        Content::Pipe => nothing(
            path,
            Format::Pipe,
            place(
                &rules::PIPE,
                format!(
                    "is a named pipe: {name} hangs here until somebody writes into it, for ever if nobody does"
                ),
            ),
        ),
        Content::Socket => warned(
            crate::stores::file::SOCKET_ERROR,
            Format::Pipe,
            place(
                &rules::SOCKET,
                format!("is a socket: {name} warns and loads nothing from it"),
            ),
        ),
        Content::Device(Device::Empty) => CaFileReport {
            node_warning: nothing_found(Some(path), runtime),
            ..nothing(
                path,
                Format::Device,
                rules::empty(&file, "is a device that holds nothing"),
            )
        },
        Content::Device(Device::Zeros) if !runtime.takes_all_or_nothing() => nothing(
            path,
            Format::Device,
            rules::empty(&file, "is a device that holds nothing"),
        ),
        Content::Device(_) | Content::Bytes { .. } => nothing(
            path,
            Format::Device,
            place(
                &rules::DEVICE,
                format!("is a device: {name} hangs here for as long as the device does not end"),
            ),
        ),
    }
}

/// The report on a path that the system does not open.
pub(super) fn unreadable(path: &Path, error: &io::Error, runtime: Runtime) -> CaFileReport {
    let finding = rules::unreadable(path, runtime, error, culprit(path, error).as_deref());
    CaFileReport {
        node_warning: Some(warning(path, error, runtime)),
        ..nothing(path, Format::Unreadable, finding)
    }
}

/// EISDIR, of which the standard library has no number.
const DIRECTORY_ERROR: i32 = if cfg!(windows) { 5 } else { 21 };

fn nothing(path: &Path, format: Format, finding: Finding) -> CaFileReport {
    CaFileReport {
        path: Some(path.to_path_buf()),
        format,
        loaded_by_node: Vec::new(),
        node_warning: None,
        found: Vec::new(),
        blocks: Vec::new(),
        findings: vec![finding],
        repaired: None,
    }
}

/// What is printed of a path that cannot be read. Node's OpenSSL has a text of its own for the system's errors (`ERR_error_string` of
/// `ERR_PACK(ERR_LIB_SYS, 0, errno)`), the same on Node 18 to 26.
fn warning(path: &Path, error: &io::Error, runtime: Runtime) -> String {
    let text = match runtime {
        Runtime::Node | Runtime::Electron => format!(
            "error:8{:07X}:system library::{}",
            error.raw_os_error().unwrap_or_default(),
            rules::strerror(error)
        ),
        Runtime::Bun => rules::strerror(error),
        Runtime::Deno => error.to_string(),
    };
    ignoring(Some(path), &text, runtime)
}

/// What is printed of a file that holds no certificate, where anything is.
pub(super) fn nothing_found(path: Option<&Path>, runtime: Runtime) -> Option<String> {
    (runtime == Runtime::Bun).then(|| ignoring(path, bun::NO_CERTIFICATE, runtime))
}

/// What is printed of a file that is dropped, or that is read in part, and why.
pub(super) fn ignoring(path: Option<&Path>, why: &str, runtime: Runtime) -> String {
    let name = path
        .map(|path| path.display().to_string())
        .unwrap_or_default();
    let (open, close) = match runtime {
        Runtime::Deno => ('"', '"'),
        _ => ('`', '`'),
    };
    format!("Warning: Ignoring extra certs from {open}{name}{close}, load failed: {why}")
}

/// The part of the path that is in the way: the first that is missing, that may not be entered, or that is no directory.
fn culprit(path: &Path, error: &io::Error) -> Option<PathBuf> {
    let in_the_way = |part: &Path| match error.kind() {
        io::ErrorKind::NotFound => std::fs::symlink_metadata(part).is_err(),
        io::ErrorKind::NotADirectory => std::fs::metadata(part).is_ok_and(|found| !found.is_dir()),
        io::ErrorKind::PermissionDenied => std::fs::read_dir(part)
            .is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied),
        _ => false,
    };
    let mut parts: Vec<&Path> = path.ancestors().skip(1).collect();
    parts.reverse();
    parts
        .into_iter()
        .filter(|part| !part.as_os_str().is_empty())
        .find(|part| in_the_way(part))
        .map(Path::to_path_buf)
}
