// SPDX-License-Identifier: Apache-2.0
//! What must not be lost: names for roots.
//!
//! One small file a pin: `pins/<name>`, holding the identifier of the root. A pin is written aside, synced and renamed, after
//! every block below it was synced: what a pin names survives the death of the machine.

use crate::{
    blocking,
    blocks::PutError,
    content_id::{self, CidError},
    dag::{self, Leaves, WalkError},
    Store,
};
use cid::Cid;
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};
use thiserror::Error;

/// Bytes of the longest name: escaped, it still fits a file name.
pub const MAX_NAME_BYTES: usize = 80;
/// Pins of one store; some 200 bytes of memory each.
pub const MAX_PINS: usize = 1 << 18;

/// Why a root could not be pinned.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PinError {
    /// The name is empty or too long.
    #[error("a pin's name has 1 to {MAX_NAME_BYTES} bytes, not {bytes}")]
    Name {
        /// Bytes of the name.
        bytes: usize,
    },
    /// No room for another name.
    #[error("there are {MAX_PINS} pins already; remove some first")]
    TooMany,
    /// The root is not an accepted identifier.
    #[error(transparent)]
    Root(#[from] CidError),
    /// Not all of the tree is here and sound.
    #[error("cannot pin an incomplete tree: {0}")]
    Tree(#[from] WalkError),
    /// The disk is full or refused.
    #[error(transparent)]
    Write(#[from] PutError),
}

/// Why a pin could not be removed.
#[derive(Debug, Error)]
#[error("cannot remove the pin file {}: {source}", path.display())]
pub struct UnpinError {
    /// The pin's file.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

impl Store {
    /// Names `root`, so that nothing below it is ever collected; replaces what the name stood for.
    ///
    /// The whole tree must be here. When this returns, the tree and the pin survive a crash of the machine.
    pub async fn pin(&self, name: &str, root: &Cid) -> Result<(), PinError> {
        let root = content_id::check(root)?;
        if name.is_empty() || name.len() > MAX_NAME_BYTES {
            return Err(PinError::Name { bytes: name.len() });
        }
        let (inner, name) = (self.inner().clone(), name.to_owned());
        // While this turn is held, nothing is collected between the walk and the commit.
        let turn = inner.cache.turn().await;
        blocking::run(move || {
            let _turn = turn;
            let mut cids = Vec::new();
            dag::walk(&inner.blocks, &root, Leaves::Present, |cid, _| {
                cids.push(*cid);
                Ok::<(), WalkError>(())
            })?;
            inner.blocks.sync(&cids)?;
            inner.pins.set(&name, root)?;
            inner.cache.reconsider();
            Ok(())
        })
        .await
    }

    /// Forgets a name; its blocks become cache. Says what it stood for.
    pub async fn unpin(&self, name: &str) -> Result<Option<Cid>, UnpinError> {
        let (inner, name) = (self.inner().clone(), name.to_owned());
        let turn = inner.cache.turn().await;
        blocking::run(move || {
            let _turn = turn;
            let root = inner.pins.remove(&name)?;
            inner.cache.recount();
            Ok(root)
        })
        .await
    }

    /// All names and their roots.
    pub fn pins(&self) -> BTreeMap<String, Cid> {
        self.inner().pins.all()
    }
}

/// The directory of pins, mirrored in memory.
#[derive(Debug)]
pub(crate) struct Pins {
    dir: PathBuf,
    names: Mutex<BTreeMap<String, Cid>>,
}

impl Pins {
    /// Reads all pins. A file that holds none is an error: forgetting it would let its tree be collected.
    pub(crate) fn open(dir: PathBuf) -> Result<Self, (PathBuf, io::Error)> {
        let mut names = BTreeMap::new();
        let read = || -> io::Result<Vec<PathBuf>> {
            fs::create_dir_all(&dir)?;
            fs::read_dir(&dir)?.map(|file| file.map(|file| file.path())).collect()
        };
        for path in read().map_err(|error| (dir.clone(), error))? {
            let file = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if file.starts_with('.') {
                continue;
            }
            let pin = unescape(file).zip(read_root(&path).map_err(|error| (path.clone(), error))?);
            let Some((name, root)) = pin else { return Err((path, io::ErrorKind::InvalidData.into())) };
            names.insert(name, root);
        }
        Ok(Self { dir, names: Mutex::new(names) })
    }

    pub(crate) fn all(&self) -> BTreeMap<String, Cid> {
        self.names().clone()
    }

    pub(crate) fn len(&self) -> usize {
        self.names().len()
    }

    fn set(&self, name: &str, root: Cid) -> Result<(), PinError> {
        let mut names = self.names();
        if names.len() >= MAX_PINS && !names.contains_key(name) {
            return Err(PinError::TooMany);
        }
        let path = self.dir.join(escape(name));
        let aside = self.dir.join(".aside");
        let write = || -> io::Result<()> {
            let mut file = File::create(&aside)?;
            writeln!(file, "{root}")?;
            file.sync_all()?;
            fs::rename(&aside, &path)?;
            File::open(&self.dir)?.sync_all()
        };
        write().map_err(|error| PutError::at(&path, error))?;
        names.insert(name.to_owned(), root);
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<Option<Cid>, UnpinError> {
        let mut names = self.names();
        if !names.contains_key(name) {
            return Ok(None);
        }
        let path = self.dir.join(escape(name));
        fs::remove_file(&path)
            .and_then(|()| File::open(&self.dir)?.sync_all())
            .map_err(|source| UnpinError { path, source })?;
        Ok(names.remove(name))
    }

    fn names(&self) -> MutexGuard<'_, BTreeMap<String, Cid>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read_root(path: &Path) -> io::Result<Option<Cid>> {
    Ok(content_id::parse(String::from_utf8_lossy(&fs::read(path)?).trim()).ok())
}

/// Small letters, digits, `-` and `_` stay; every other byte becomes `%xx`, so that no name leaves the directory.
fn escape(name: &str) -> String {
    name.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02x}"),
        })
        .collect()
}

fn unescape(file: &str) -> Option<String> {
    let (mut bytes, mut rest) = (Vec::new(), file.as_bytes());
    while let Some((&first, after)) = rest.split_first() {
        if first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = after.get(2..)?;
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    let name = String::from_utf8(bytes).ok()?;
    (escape(&name) == file).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use content_id::RAW;
    use proptest::prelude::*;

    #[test]
    fn pins_survive_reopening() {
        let dir = tempfile::tempdir().unwrap();
        let open = || Pins::open(dir.path().join("pins")).unwrap();
        let (one, two) = (content_id::of(RAW, b"1"), content_id::of(RAW, b"2"));
        let pins = open();
        pins.set("../site é", one).unwrap();
        pins.set("other", one).unwrap();
        pins.set("other", two).unwrap();
        assert_eq!(open().all(), BTreeMap::from([("../site é".to_owned(), one), ("other".to_owned(), two)]));
        assert_eq!(pins.remove("other").unwrap(), Some(two));
        assert_eq!(pins.remove("other").unwrap(), None);
        assert_eq!(open().len(), 1);
    }

    #[test]
    fn a_pin_that_cannot_be_read_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("site"), "not a cid").unwrap();
        let (path, _) = Pins::open(dir.path().to_owned()).unwrap_err();
        assert_eq!(path, dir.path().join("site"));
    }

    #[test]
    fn a_store_full_of_pins_takes_no_other_name() {
        let dir = tempfile::tempdir().unwrap();
        let root = content_id::of(RAW, b"x");
        let names: BTreeMap<String, Cid> = (0..MAX_PINS).map(|number| (number.to_string(), root)).collect();
        let pins = Pins { dir: dir.path().to_owned(), names: Mutex::new(names) };
        assert!(matches!(pins.set("another", root), Err(PinError::TooMany)));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        // A name that is there may stand for something else.
        pins.set("7", content_id::of(RAW, b"y")).unwrap();
        assert_eq!(pins.len(), MAX_PINS);
    }

    #[test]
    fn a_pin_that_cannot_be_removed_stays() {
        let dir = tempfile::tempdir().unwrap();
        let pins = Pins::open(dir.path().to_owned()).unwrap();
        let root = content_id::of(RAW, b"x");
        pins.set("site", root).unwrap();
        let path = dir.path().join("site");
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        let failed = pins.remove("site").unwrap_err();
        assert_eq!(failed.path, path);
        assert!(failed.to_string().contains("cannot remove the pin file"), "{failed}");
        assert_eq!(pins.all(), BTreeMap::from([("site".to_owned(), root)]));
    }

    proptest! {
        #[test]
        fn every_name_is_one_harmless_file(name in "\\PC{1,26}") {
            let file = escape(&name);
            prop_assert!(file.len() <= 240 && !file.contains(['/', '.']));
            prop_assert_eq!(unescape(&file), Some(name));
        }
    }
}
