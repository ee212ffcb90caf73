// SPDX-License-Identifier: Apache-2.0
//! Which paths make a folder, and the order its directories are encoded in: from the deepest up.

use crate::unixfs::{node::Part, MAX_DEPTH, MAX_DIRECTORY_BYTES};
use std::collections::BTreeMap;
use thiserror::Error;

/// Bytes of one part of a path: what file systems allow.
const MAX_NAME_BYTES: usize = 255;

/// Why a path cannot be part of a folder.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PathError {
    /// Empty parts, `.`, `..`, a leading `/`, a zero byte, a part over 255 bytes, or too deep.
    #[error("{path:?} is not a plain relative path of at most {MAX_DEPTH} parts of {MAX_NAME_BYTES} bytes")]
    Invalid {
        /// The path.
        path: String,
    },
    /// The path is given twice, or is both a file and a folder.
    #[error("{path:?} is given twice, or is a file and a folder at once")]
    Taken {
        /// The path.
        path: String,
    },
    /// A directory with too many entries for one block.
    #[error("the folder {path:?} has too many entries ({bytes} bytes of names and identifiers, {MAX_DIRECTORY_BYTES} allowed); split it into subfolders")]
    TooManyEntries {
        /// The directory; empty for the root.
        path: String,
        /// Bytes of its entries' names and identifiers.
        bytes: usize,
    },
}

/// A folder that is being filled.
#[derive(Debug, Default)]
pub(super) struct Tree(BTreeMap<String, Entry>);

#[derive(Debug)]
enum Entry {
    Folder(Tree),
    /// `None` until the file was read.
    File(Option<Part>),
}

/// Turns a directory's entries, in order, into its node.
pub(super) type Encode<'a> = dyn FnMut(&[(String, Part)]) -> Part + 'a;

impl Tree {
    /// Makes room for a file, and the folders above it.
    pub(super) fn reserve(&mut self, path: &str) -> Result<(), PathError> {
        let invalid = || PathError::Invalid { path: path.to_owned() };
        let taken = || PathError::Taken { path: path.to_owned() };
        let parts: Vec<&str> = path.split('/').collect();
        let plain =
            |part: &&str| !matches!(*part, "" | "." | "..") && part.len() <= MAX_NAME_BYTES && !part.contains('\0');
        if parts.len() > MAX_DEPTH || !parts.iter().all(plain) {
            return Err(invalid());
        }
        let (name, folders) = parts.split_last().ok_or_else(invalid)?;
        let mut at = self;
        for folder in folders {
            match at.0.entry((*folder).to_owned()).or_insert_with(|| Entry::Folder(Self::default())) {
                Entry::Folder(tree) => at = tree,
                Entry::File(_) => return Err(taken()),
            }
        }
        match at.0.insert((*name).to_owned(), Entry::File(None)) {
            None => Ok(()),
            Some(_) => Err(taken()),
        }
    }

    /// Puts what was read in the place reserved for it.
    pub(super) fn fill(&mut self, path: &str, part: Part) {
        let mut at = self;
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        for folder in folders.split('/').filter(|folder| !folder.is_empty()) {
            match at.0.get_mut(folder) {
                Some(Entry::Folder(tree)) => at = tree,
                _ => return,
            }
        }
        if let Some(Entry::File(place)) = at.0.get_mut(name) {
            *place = Some(part);
        }
    }

    /// Encodes every directory, children first; returns the root.
    pub(super) fn encode(self, encode: &mut Encode<'_>) -> Result<Part, PathError> {
        self.encode_at("", encode)
    }

    /// Recursion ends at [`MAX_DEPTH`], which [`Self::reserve`] enforced.
    fn encode_at(self, path: &str, encode: &mut Encode<'_>) -> Result<Part, PathError> {
        let (mut entries, mut bytes) = (Vec::with_capacity(self.0.len()), 0);
        for (name, entry) in self.0 {
            let part = match entry {
                Entry::Folder(tree) => tree.encode_at(&format!("{path}/{name}"), encode)?,
                Entry::File(part) => part.expect("every reserved file was filled"),
            };
            bytes += name.len() + part.cid.encoded_len();
            entries.push((name, part));
        }
        if bytes > MAX_DIRECTORY_BYTES {
            return Err(PathError::TooManyEntries { path: path.to_owned(), bytes });
        }
        Ok(encode(&entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content_id::{of, RAW};
    use crate::unixfs::node::encode_directory;

    fn part() -> Part {
        Part { cid: of(RAW, b"x"), bytes: 1, tree_bytes: 1 }
    }

    #[test]
    fn paths_that_are_not_plain_are_refused() {
        let (long, deep) = ("n".repeat(256), vec!["d"; MAX_DEPTH + 1].join("/"));
        for path in ["", "/a", "a/", "a//b", ".", "a/..", "../a", "a\0b", &long, &deep] {
            assert_eq!(Tree::default().reserve(path), Err(PathError::Invalid { path: path.to_owned() }));
        }
    }

    #[test]
    fn a_path_has_one_meaning() {
        let mut tree = Tree::default();
        tree.reserve("a/b").unwrap();
        for path in ["a/b", "a", "a/b/c"] {
            assert_eq!(tree.reserve(path), Err(PathError::Taken { path: path.to_owned() }), "{path}");
        }
    }

    #[test]
    fn directories_are_bounded() {
        let mut tree = Tree::default();
        for i in 0..2000 {
            let path = format!("d/{i:0>200}");
            tree.reserve(&path).unwrap();
            tree.fill(&path, part());
        }
        let refused = tree.encode(&mut |entries| encode_directory(entries).1);
        assert_eq!(refused, Err(PathError::TooManyEntries { path: "/d".to_owned(), bytes: 2000 * 236 }));
    }
}
