//! What stands under a path, without reading it.

use std::fs::File;
use std::io;
use std::path::Path;

/// What stands under a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathStatus {
    /// A regular file that can be opened.
    File,
    /// A directory that can be listed.
    Directory,
    /// A pipe, socket or device; it is not opened.
    Other,
    /// Nothing.
    Missing,
    /// Something that cannot be opened, and what the system says about it.
    Unreadable(String),
}

/// Tells what stands under `path`; links are followed, as `open` follows them.
pub fn status(path: &Path) -> PathStatus {
    let opened = std::fs::metadata(path).and_then(|metadata| {
        if metadata.is_dir() {
            std::fs::read_dir(path).map(|_| PathStatus::Directory)
        } else if metadata.is_file() {
            File::open(path).map(|_| PathStatus::File)
        } else {
            Ok(PathStatus::Other)
        }
    });
    opened.unwrap_or_else(|error| match error.kind() {
        io::ErrorKind::NotFound => PathStatus::Missing,
        _ => PathStatus::Unreadable(reason(&error)),
    })
}

/// What the system says, without the number behind it.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text.get(..end).unwrap_or_default().to_lowercase(),
        None => text,
    }
}

/// The names in a directory; none when it cannot be listed.
pub fn names(directory: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_told_for_what_it_is() {
        assert_eq!(status(Path::new("/")), PathStatus::Directory);
        assert_eq!(status(Path::new("/no such file")), PathStatus::Missing);
        #[cfg(unix)]
        assert_eq!(status(Path::new("/dev/null")), PathStatus::Other);
        #[cfg(unix)]
        assert_eq!(
            status(Path::new("/dev/null/file")),
            PathStatus::Unreadable("not a directory".into())
        );
    }
}
