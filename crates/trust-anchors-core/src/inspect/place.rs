//! What stands under the path when it is no file that can be read.

use std::io;
use std::path::{Path, PathBuf};

use super::{CaFileReport, Format};
use crate::findings::Finding;
use crate::findings::rules::file::{self as rules, File};
use crate::stores::file::{Content, Device};

/// The report on something that is no regular file.
pub(super) fn report(path: &Path, content: &Content) -> CaFileReport {
    let file = File::at(path);
    match content {
        Content::Directory => nothing(
            path,
            Format::Directory,
            rules::place(
                &rules::DIRECTORY,
                path,
                "is a directory: Node loads nothing from it and says nothing",
            ),
        ),
        Content::Pipe => nothing(
            path,
            Format::Pipe,
            rules::place(
                &rules::PIPE,
                path,
                "is a named pipe: Node hangs here until somebody writes into it, for ever if nobody does",
            ),
        ),
        Content::Socket => {
            // What the system says to somebody who opens a socket.
            let error = io::Error::from_raw_os_error(crate::stores::file::SOCKET_ERROR);
            CaFileReport {
                node_warning: Some(warning(path, &error)),
                ..nothing(
                    path,
                    Format::Pipe,
                    rules::place(
                        &rules::SOCKET,
                        path,
                        "is a socket: Node warns and loads nothing from it",
                    ),
                )
            }
        }
        Content::Device(Device::Empty) => nothing(
            path,
            Format::Device,
            rules::empty(&file, "is a device that holds nothing"),
        ),
        Content::Device(Device::Other) | Content::Bytes { .. } => nothing(
            path,
            Format::Device,
            rules::place(
                &rules::DEVICE,
                path,
                "is a device: Node hangs here for as long as the device does not end",
            ),
        ),
    }
}

/// The report on a path that the system does not open.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> CaFileReport {
    let finding = rules::unreadable(path, error, culprit(path, error).as_deref());
    CaFileReport {
        node_warning: Some(warning(path, error)),
        ..nothing(path, Format::Unreadable, finding)
    }
}

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

/// OpenSSL's text for an error of the system (`ERR_error_string` of `ERR_PACK(ERR_LIB_SYS, 0, errno)`), the same on Node 18 to 26.
fn warning(path: &Path, error: &io::Error) -> String {
    format!(
        "Warning: Ignoring extra certs from `{}`, load failed: error:8{:07X}:system library::{}",
        path.display(),
        error.raw_os_error().unwrap_or_default(),
        rules::strerror(error)
    )
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
