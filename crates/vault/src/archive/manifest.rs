// SPDX-License-Identifier: Apache-2.0
//! Which files does a resource hold, and which plaintext bytes are theirs?

use std::ops::Range;

use super::path::{self, PathFault};
use super::{HEADER_LEN, MAX_ENTRIES, MAX_MANIFEST_LEN, MAX_MEDIA_TYPE_LEN};
use crate::pad::{padded_len, MAX_PLAINTEXT_LEN};
use crate::shape::sealed_len;

const MAGIC: &[u8; 8] = b"KITH-ARC";
const FORMAT: u32 = 1;

/// Why a list of files cannot be an archive, or bytes are not one.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArchiveError {
    /// A path that must not be in an archive.
    #[error("the path {path:?} cannot be published: {fault}; rename it")]
    Path {
        /// The path.
        path: String,
        /// What is wrong with it.
        fault: PathFault,
    },
    /// One path twice, or a path that is a file and a folder.
    #[error("{path:?} is there twice, or as file and as folder; rename one")]
    Conflict {
        /// The path.
        path: String,
    },
    /// A media type that could not stand in an HTTP header.
    #[error("the media type of {path:?} must be 1 to {MAX_MEDIA_TYPE_LEN} printable ASCII characters")]
    MediaType {
        /// The file's path.
        path: String,
    },
    /// Too many files, too long a list of names, or too many bytes.
    #[error("too many files or bytes for one resource; publish it as several")]
    TooLarge,
    /// Not the header of an archive of this format.
    #[error("this is not an archive this version of the program can read; update it")]
    Header,
    /// The manifest ends early, has bytes left over, is not sorted, or is not UTF-8.
    #[error("the list of files is malformed; ask the owner to publish again")]
    Malformed,
    /// The archive's length is not that of the files it lists.
    #[error("the list of files does not match the resource's length; ask the owner to publish again")]
    Length,
    /// A range beyond the file.
    #[error("bytes {start}..{end} are not within the file's {size} bytes")]
    Range {
        /// First byte asked for.
        start: u64,
        /// One past the last byte asked for.
        end: u64,
        /// The file's size in bytes.
        size: u64,
    },
}

/// A file to be put in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSpec {
    /// Relative, `/`-separated path.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// Media type as it is to stand in `Content-Type`.
    pub media_type: String,
}

/// A file in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Relative, `/`-separated path.
    pub path: String,
    /// Where the file's first byte lies in the plaintext.
    pub offset: u64,
    /// Size in bytes.
    pub size: u64,
    /// Media type as it is to stand in `Content-Type`.
    pub media_type: String,
}

impl Entry {
    /// The plaintext bytes of `range` of this file, for [`Opener::plan`](crate::Opener::plan).
    ///
    /// # Errors
    /// [`ArchiveError::Range`] when the range is reversed or reaches beyond the file.
    pub fn plaintext_range(&self, range: Range<u64>) -> Result<Range<u64>, ArchiveError> {
        if range.start > range.end || range.end > self.size {
            return Err(ArchiveError::Range { start: range.start, end: range.end, size: self.size });
        }
        Ok(self.offset + range.start..self.offset + range.end)
    }
}

/// The files of a resource, sorted by path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    entries: Vec<Entry>,
    encoded_len: usize,
}

impl Manifest {
    /// Lays out files in an archive.
    ///
    /// # Errors
    /// Any of [`ArchiveError::Path`], [`ArchiveError::Conflict`], [`ArchiveError::MediaType`] and
    /// [`ArchiveError::TooLarge`].
    pub fn new(mut files: Vec<FileSpec>) -> Result<Self, ArchiveError> {
        if files.len() > MAX_ENTRIES {
            return Err(ArchiveError::TooLarge);
        }
        files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        let encoded_len = 4 + files.iter().map(encoded_entry_len).sum::<usize>();
        Self::lay_out(files, encoded_len)
    }

    /// Reads the manifest's length in bytes from the first [`HEADER_LEN`] bytes of the plaintext.
    ///
    /// # Errors
    /// [`ArchiveError::Header`], or [`ArchiveError::TooLarge`] before anything of that length is fetched.
    pub fn encoded_len_in(header: &[u8; HEADER_LEN]) -> Result<usize, ArchiveError> {
        let mut input = Input(header);
        if input.take(MAGIC.len())? != MAGIC || input.u32()? != FORMAT {
            return Err(ArchiveError::Header);
        }
        let len = input.u32()? as usize;
        if len > MAX_MANIFEST_LEN {
            return Err(ArchiveError::TooLarge);
        }
        Ok(len)
    }

    /// Reads a manifest from its bytes, those after the header; `plaintext_len` is the padded length in bytes of the
    /// plaintext it was found in.
    ///
    /// # Errors
    /// Any but [`ArchiveError::Header`] and [`ArchiveError::Range`].
    pub fn parse(bytes: &[u8], plaintext_len: u64) -> Result<Self, ArchiveError> {
        if bytes.len() > MAX_MANIFEST_LEN {
            return Err(ArchiveError::TooLarge);
        }
        let mut input = Input(bytes);
        let count = input.u32()? as usize;
        if count > MAX_ENTRIES {
            return Err(ArchiveError::TooLarge);
        }
        // Grows with what is really there, never with what the count claims.
        let mut files = Vec::new();
        for _ in 0..count {
            files.push(input.file()?);
        }
        if !input.0.is_empty() || !files.windows(2).all(|pair| pair[0].path <= pair[1].path) {
            return Err(ArchiveError::Malformed);
        }
        let manifest = Self::lay_out(files, bytes.len())?;
        if manifest.padded_len() != plaintext_len {
            return Err(ArchiveError::Length);
        }
        Ok(manifest)
    }

    /// The files, sorted by path.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The file at `path`.
    pub fn get(&self, path: &str) -> Option<&Entry> {
        self.entries.binary_search_by(|entry| entry.path.as_str().cmp(path)).ok().map(|at| &self.entries[at])
    }

    /// Header and manifest: what the plaintext begins with, before the files' bytes in the order of the entries.
    pub fn preamble(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER_LEN + self.encoded_len);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&FORMAT.to_le_bytes());
        out.extend_from_slice(&(self.encoded_len as u32).to_le_bytes());
        out.extend_from_slice(&(self.entries.len() as u32).to_le_bytes());
        for entry in &self.entries {
            out.extend_from_slice(&(entry.path.len() as u16).to_le_bytes());
            out.extend_from_slice(entry.path.as_bytes());
            out.extend_from_slice(&entry.size.to_le_bytes());
            out.push(entry.media_type.len() as u8);
            out.extend_from_slice(entry.media_type.as_bytes());
        }
        out
    }

    /// Length of preamble and files in bytes: what a [`Sealer`](crate::Sealer) is announced.
    pub fn plaintext_len(&self) -> u64 {
        let start = (HEADER_LEN + self.encoded_len) as u64;
        self.entries.last().map_or(start, |last| last.offset + last.size)
    }

    /// Length of the plaintext in bytes once padded.
    pub fn padded_len(&self) -> u64 {
        padded_len(self.plaintext_len())
    }

    /// Length of the sealed stream in bytes.
    pub fn sealed_len(&self) -> u64 {
        sealed_len(self.padded_len())
    }

    /// Checks sorted files and gives each its place.
    fn lay_out(files: Vec<FileSpec>, encoded_len: usize) -> Result<Self, ArchiveError> {
        if encoded_len > MAX_MANIFEST_LEN {
            return Err(ArchiveError::TooLarge);
        }
        check_files(&files)?;
        let mut entries = Vec::with_capacity(files.len());
        let mut offset = (HEADER_LEN + encoded_len) as u64;
        for FileSpec { path, size, media_type } in files {
            entries.push(Entry { path, offset, size, media_type });
            offset = offset.checked_add(size).filter(|end| *end <= MAX_PLAINTEXT_LEN).ok_or(ArchiveError::TooLarge)?;
        }
        Ok(Self { entries, encoded_len })
    }
}

fn encoded_entry_len(file: &FileSpec) -> usize {
    2 + file.path.len() + 8 + 1 + file.media_type.len()
}

fn check_files(files: &[FileSpec]) -> Result<(), ArchiveError> {
    for file in files {
        path::check(&file.path).map_err(|fault| ArchiveError::Path { path: file.path.clone(), fault })?;
        let printable = file.media_type.bytes().all(|b| (b' '..=b'~').contains(&b));
        if !printable || file.media_type.is_empty() || file.media_type.len() > MAX_MEDIA_TYPE_LEN {
            return Err(ArchiveError::MediaType { path: file.path.clone() });
        }
    }
    let twice = files.windows(2).find(|pair| pair[0].path == pair[1].path).map(|pair| pair[0].path.as_str());
    let is_file = |path: &str| files.binary_search_by(|file| file.path.as_str().cmp(path)).is_ok();
    let folder = || files.iter().flat_map(|file| path::folders(&file.path)).find(|folder| is_file(folder));
    match twice.or_else(folder) {
        Some(path) => Err(ArchiveError::Conflict { path: path.to_owned() }),
        None => Ok(()),
    }
}

/// Takes fields off the front of untrusted bytes; running out of bytes is [`ArchiveError::Malformed`].
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], ArchiveError> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(ArchiveError::Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const LEN: usize>(&mut self) -> Result<[u8; LEN], ArchiveError> {
        self.take(LEN)?.try_into().map_err(|_| ArchiveError::Malformed)
    }

    fn u32(&mut self) -> Result<u32, ArchiveError> {
        self.array().map(u32::from_le_bytes)
    }

    fn text(&mut self, len: usize) -> Result<String, ArchiveError> {
        std::str::from_utf8(self.take(len)?).map(str::to_owned).map_err(|_| ArchiveError::Malformed)
    }

    fn file(&mut self) -> Result<FileSpec, ArchiveError> {
        let path_len = u16::from_le_bytes(self.array()?);
        let path = self.text(path_len.into())?;
        let size = u64::from_le_bytes(self.array()?);
        let [media_type_len] = self.array()?;
        let media_type = self.text(media_type_len.into())?;
        Ok(FileSpec { path, size, media_type })
    }
}
