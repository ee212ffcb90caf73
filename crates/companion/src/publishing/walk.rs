// SPDX-License-Identifier: Apache-2.0
//! What of a folder is published: its regular files, by path, in one order.

use std::{
    io,
    path::{Path, PathBuf},
};

/// Files of one publication at most: what an archive holds.
const MAX_FILES: usize = kith_vault::archive::MAX_ENTRIES;
/// Folders inside folders at most.
const MAX_DEPTH: usize = 64;

/// A file to publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Where it is.
    pub(crate) file: PathBuf,
    /// Its path inside the publication, parts joined by `/`.
    pub(crate) path: String,
    /// Bytes.
    pub(crate) size: u64,
    /// From its ending.
    pub(crate) media_type: String,
}

/// Why a folder cannot be published.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WalkError {
    #[error("cannot read {path}: {cause}")]
    Io { path: PathBuf, cause: io::Error },
    #[error("{path} is a link or a device. Publish files and folders; replace the link by what it points to")]
    NotAFile { path: PathBuf },
    #[error("{path} has a name that is not Unicode. Rename it")]
    NotUnicode { path: PathBuf },
    #[error("{path} holds nothing to publish")]
    Empty { path: PathBuf },
    #[error("{path} holds more than {MAX_FILES} files, or folders more than {MAX_DEPTH} deep. Publish parts of it")]
    TooMany { path: PathBuf },
}

/// Lists a folder, or a single file, sorted by path.
pub(crate) fn walk(root: &Path) -> Result<Vec<Found>, WalkError> {
    let mut found = Vec::new();
    let about = metadata(root)?;
    if about.is_file() {
        let name = name_of(root)?;
        found.push(Found { path: name, size: about.len(), media_type: media_type(root), file: root.into() });
    } else {
        enter(root, root, String::new(), 0, &mut found)?;
    }
    if found.is_empty() {
        return Err(WalkError::Empty { path: root.into() });
    }
    found.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn enter(root: &Path, folder: &Path, prefix: String, depth: usize, found: &mut Vec<Found>) -> Result<(), WalkError> {
    if depth > MAX_DEPTH {
        return Err(WalkError::TooMany { path: root.into() });
    }
    let io = |cause| WalkError::Io { path: folder.into(), cause };
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let file = entry.map_err(io)?.path();
        let path = format!("{prefix}{}", name_of(&file)?);
        let about = metadata(&file)?;
        if about.is_dir() {
            enter(root, &file, format!("{path}/"), depth + 1, found)?;
        } else if about.is_file() {
            found.push(Found { path, size: about.len(), media_type: media_type(&file), file });
        } else {
            return Err(WalkError::NotAFile { path: file });
        }
        if found.len() > MAX_FILES {
            return Err(WalkError::TooMany { path: root.into() });
        }
    }
    Ok(())
}

fn metadata(path: &Path) -> Result<std::fs::Metadata, WalkError> {
    std::fs::symlink_metadata(path).map_err(|cause| WalkError::Io { path: path.into(), cause })
}

fn name_of(path: &Path) -> Result<String, WalkError> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.map(str::to_owned).ok_or_else(|| WalkError::NotUnicode { path: path.into() })
}

/// Text is published as UTF-8: that is what people write.
pub(crate) fn media_type(path: &Path) -> String {
    let guessed = mime_guess::from_path(path).first_or_octet_stream();
    let text = guessed.type_() == mime_guess::mime::TEXT || guessed.subtype() == mime_guess::mime::JAVASCRIPT;
    if text {
        format!("{}; charset=utf-8", guessed.essence_str())
    } else {
        guessed.essence_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let file = dir.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        dir
    }

    #[test]
    fn files_come_sorted_with_their_paths_sizes_and_types() {
        let dir = folder(&[("index.html", "<p>"), ("bilder/grüße aus köln.png", "x"), ("a/b/c.txt", "abc")]);
        let found = walk(dir.path()).unwrap();
        let seen: Vec<_> = found.iter().map(|f| (f.path.as_str(), f.size, f.media_type.as_str())).collect();
        let expected = [
            ("a/b/c.txt", 3, "text/plain; charset=utf-8"),
            ("bilder/grüße aus köln.png", 1, "image/png"),
            ("index.html", 3, "text/html; charset=utf-8"),
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_single_file_is_published_under_its_name() {
        let dir = folder(&[("song.ogg", "la")]);
        assert_eq!(walk(&dir.path().join("song.ogg")).unwrap()[0].path, "song.ogg");
    }

    #[test]
    fn links_and_empty_folders_are_refused() {
        let dir = folder(&[]);
        assert!(matches!(walk(dir.path()), Err(WalkError::Empty { .. })));
        std::os::unix::fs::symlink("/etc/passwd", dir.path().join("link")).unwrap();
        assert!(matches!(walk(dir.path()), Err(WalkError::NotAFile { .. })));
        assert!(matches!(walk(&dir.path().join("nothing")), Err(WalkError::Io { .. })));
    }

    #[test]
    fn names_that_are_not_unicode_and_folders_without_end_are_refused() {
        use std::os::unix::ffi::OsStrExt;
        let dir = folder(&[]);
        let odd = dir.path().join(std::ffi::OsStr::from_bytes(b"\xff"));
        std::fs::write(&odd, "x").unwrap();
        assert!(matches!(walk(dir.path()), Err(WalkError::NotUnicode { .. })));
        std::fs::remove_file(odd).unwrap();
        std::fs::create_dir_all(dir.path().join("d/".repeat(MAX_DEPTH + 2))).unwrap();
        assert!(matches!(walk(dir.path()), Err(WalkError::TooMany { .. })));
    }
}
