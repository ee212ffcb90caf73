// SPDX-License-Identifier: Apache-2.0
//! How does a key file reach the disk so that a crash leaves the old one or the new one, never neither?

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Owner only.
const FILE_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o700;
/// Any access of others.
const OTHERS: u32 = 0o077;
/// Others could put a file of theirs in the place of ours.
const OTHERS_WRITE: u32 = 0o022;

/// Why a file was not written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiskError {
    /// A file that others can read, or a folder they can change.
    #[error("others have access to {path} (mode {mode:o}); run `chmod go-rwx` on it")]
    OpenToOthers {
        /// The file or folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A key file is there already.
    #[error("{path} exists already and is not overwritten; choose another name or move it away")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// No file name.
    #[error("{path} is not a file name; give one")]
    NotAFile {
        /// What was given.
        path: PathBuf,
    },
    /// More than a key file can hold.
    #[error("{path} is larger than any key file; check that it is one")]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("cannot {act} {path}: {source}")]
    Io {
        /// What was tried.
        act: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// The operating system's answer.
        source: io::Error,
    },
}

/// Writes a file that must not exist yet. `unique` names the temporary file beside it.
///
/// The file appears by a hard link, which unlike a rename never replaces one that appeared meanwhile.
pub(crate) fn write_new(path: &Path, bytes: &[u8], unique: &str) -> Result<(), DiskError> {
    let folder = folder_of(path)?;
    make_folder(folder)?;
    let temporary = write_temporary(path, bytes, unique)?;
    let linked = fs::hard_link(&temporary, path).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => DiskError::Exists { path: path.to_owned() },
        _ => DiskError::Io { act: "create", path: path.to_owned(), source },
    });
    fs::remove_file(&temporary).map_err(at("remove", &temporary))?;
    linked?;
    sync_folder(folder)
}

/// Writes a file in the place of the one that is there. `unique` names the temporary file beside it.
pub(crate) fn replace(path: &Path, bytes: &[u8], unique: &str) -> Result<(), DiskError> {
    let folder = folder_of(path)?;
    check_mode(folder, OTHERS_WRITE)?;
    let temporary = write_temporary(path, bytes, unique)?;
    fs::rename(&temporary, path).map_err(at("replace", path))?;
    sync_folder(folder)
}

/// Reads a file of at most `max_len` bytes that only its owner can open.
pub(crate) fn read(path: &Path, max_len: u64) -> Result<Vec<u8>, DiskError> {
    let file = File::open(path).map_err(at("open", path))?;
    check_mode(path, OTHERS)?;
    let mut bytes = Vec::new();
    file.take(max_len + 1).read_to_end(&mut bytes).map_err(at("read", path))?;
    if bytes.len() as u64 > max_len {
        return Err(DiskError::TooLarge { path: path.to_owned() });
    }
    Ok(bytes)
}

fn write_temporary(path: &Path, bytes: &[u8], unique: &str) -> Result<PathBuf, DiskError> {
    let name = path.file_name().ok_or_else(|| DiskError::NotAFile { path: path.to_owned() })?;
    let temporary = path.with_file_name(format!(".{}.{unique}.tmp", name.to_string_lossy()));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(FILE_MODE)
        .open(&temporary)
        .map_err(at("create", &temporary))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(at("write", &temporary))?;
    Ok(temporary)
}

fn folder_of(path: &Path) -> Result<&Path, DiskError> {
    match path.parent() {
        None => Err(DiskError::NotAFile { path: path.to_owned() }),
        Some(folder) if folder.as_os_str().is_empty() => Ok(Path::new(".")),
        Some(folder) => Ok(folder),
    }
}

fn make_folder(folder: &Path) -> Result<(), DiskError> {
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder).map_err(at("create", folder))?;
    check_mode(folder, OTHERS_WRITE)
}

fn check_mode(path: &Path, forbidden: u32) -> Result<(), DiskError> {
    let mode = fs::metadata(path).map_err(at("look at", path))?.permissions().mode() & 0o777;
    if mode & forbidden != 0 {
        return Err(DiskError::OpenToOthers { path: path.to_owned(), mode });
    }
    Ok(())
}

/// A new name is on disk only once its folder is.
fn sync_folder(folder: &Path) -> Result<(), DiskError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(at("write", folder))
}

fn at<'a>(act: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> DiskError + 'a {
    move |source| DiskError::Io { act, path: path.to_owned(), source }
}
