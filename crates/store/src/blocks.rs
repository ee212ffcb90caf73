// SPDX-License-Identifier: Apache-2.0
//! How blocks lie on disk, and how a wrong one is kept from being served.
//!
//! One file a block: `blocks/<last two characters>/<cid>.data`. The file system is the index: nothing else can disagree with
//! it after a crash. A block is written aside and renamed, so a file is whole or absent; what was acknowledged was synced
//! before. Every read checks the hash.

use crate::content_id::{self, BlockError};
use bytes::Bytes;
use cid::Cid;
use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicU64, Ordering},
        Mutex, MutexGuard, PoisonError,
    },
    time::{Duration, SystemTime},
};
use thiserror::Error;

/// Locks that keep two writers of one block apart. More would only help with more disks than a machine has.
const STRIPES: usize = 64;
/// Files synced at the same time: journalling file systems commit them together.
const SYNC_THREADS: usize = 8;
/// The time of last use is written at most this often, so that a read is not also a write.
const TOUCH_AFTER: Duration = Duration::from_secs(600);

/// Bytes known to be the content of their identifier. There is no other way to make one than to hash.
#[derive(Clone, Debug)]
pub struct Block {
    cid: Cid,
    bytes: Bytes,
}

impl Block {
    /// The block of bytes made here.
    pub fn new(codec: u64, bytes: Bytes) -> Result<Self, BlockError> {
        if bytes.len() > content_id::MAX_BLOCK_BYTES {
            return Err(BlockError::TooLarge { bytes: bytes.len() });
        }
        Ok(Self { cid: content_id::of(codec, &bytes), bytes })
    }

    /// The block of bytes that came from elsewhere.
    pub fn verify(cid: Cid, bytes: Bytes) -> Result<Self, BlockError> {
        content_id::verify(&cid, &bytes)?;
        Ok(Self { cid, bytes })
    }

    /// Its identifier.
    pub fn cid(&self) -> &Cid {
        &self.cid
    }

    /// Its content.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

/// Why a block could not be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PutError {
    /// No room left.
    #[error("no room left on the disk of {}: free some space or lower the cache budget, then repeat the command", path.display())]
    DiskFull {
        /// The file that did not fit.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The system refused.
    #[error("cannot write {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl PutError {
    pub(crate) fn at(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::DiskFull { path, source }
            }
            _ => Self::Io { path, source },
        }
    }

    /// Whether freeing space would help.
    pub fn is_disk_full(&self) -> bool {
        matches!(self, Self::DiskFull { .. })
    }
}

/// Why a block could not be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum GetError {
    /// The stored bytes are not those of the identifier. They are not served; fetching from a peer replaces them.
    #[error("the stored block {} is damaged and was refused; fetch it again from a peer", path.display())]
    Damaged {
        /// The block.
        cid: Cid,
        /// Its file.
        path: PathBuf,
    },
    /// The system refused.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// A block as the directory shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) cid: Cid,
    pub(crate) bytes: u64,
    pub(crate) last_use: SystemTime,
}

/// The directory of blocks. All functions block on the disk.
#[derive(Debug)]
pub(crate) struct Blocks {
    root: PathBuf,
    aside: PathBuf,
    stripes: Vec<Mutex<()>>,
    next_aside: AtomicU64,
    count: AtomicU64,
    bytes: AtomicU64,
}

impl Blocks {
    /// Opens the directory, counts what is there and drops what a crash left half-written.
    pub(crate) fn open(root: PathBuf) -> io::Result<Self> {
        let aside = root.join(".aside");
        match fs::remove_dir_all(&aside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir_all(&aside)?,
        }
        let blocks = Self {
            root,
            aside,
            stripes: (0..STRIPES).map(|_| Mutex::new(())).collect(),
            next_aside: AtomicU64::new(0),
            count: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
        };
        blocks.for_each(|stored| blocks.counted(1, stored.bytes as i64))?;
        Ok(blocks)
    }

    /// The file of a block.
    pub(crate) fn path(&self, cid: &Cid) -> PathBuf {
        let name = cid.to_string();
        let shard = name.get(name.len().saturating_sub(2)..).unwrap_or_default();
        self.root.join(shard).join(format!("{name}.data"))
    }

    /// Blocks, and bytes in them.
    pub(crate) fn totals(&self) -> (u64, u64) {
        (self.count.load(Ordering::Relaxed), self.bytes.load(Ordering::Relaxed))
    }

    /// Whether there is a file for the block; what it holds is only known to [`Self::get`].
    pub(crate) fn has(&self, cid: &Cid) -> bool {
        self.path(cid).is_file()
    }

    /// Reads and verifies. `None` if the block is not here.
    pub(crate) fn get(&self, cid: &Cid) -> Result<Option<Block>, GetError> {
        let path = self.path(cid);
        let read = || -> io::Result<Option<Vec<u8>>> {
            let file = match File::open(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                opened => opened?,
            };
            let metadata = file.metadata()?;
            let mut bytes = Vec::with_capacity(metadata.len().min(content_id::MAX_BLOCK_BYTES as u64) as usize + 1);
            (&file).take(content_id::MAX_BLOCK_BYTES as u64 + 1).read_to_end(&mut bytes)?;
            touch(&file, &metadata);
            Ok(Some(bytes))
        };
        let Some(bytes) = read().map_err(|source| GetError::Io { path: path.clone(), source })? else {
            return Ok(None);
        };
        match Block::verify(*cid, bytes.into()) {
            Ok(block) => Ok(Some(block)),
            Err(_) => {
                tracing::warn!(target: "kith::store", path = %path.display(), "damaged block refused");
                Err(GetError::Damaged { cid: *cid, path })
            }
        }
    }

    /// Writes a block unless the same bytes are already there; damaged ones are replaced. Says how many bytes were added.
    ///
    /// The block survives the death of the process, but the death of the machine only after [`Self::sync`].
    pub(crate) fn put(&self, block: &Block) -> Result<u64, PutError> {
        let path = self.path(block.cid());
        let _alone = self.stripe(block.cid());
        let before = match fs::read(&path) {
            Ok(bytes) if bytes == block.bytes()[..] => return Ok(0),
            Ok(bytes) => Some(bytes.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(PutError::Io { path, source }),
        };
        let aside = self.aside.join(self.next_aside.fetch_add(1, Ordering::Relaxed).to_string());
        let written = write_new(&aside, block.bytes()).and_then(|()| rename_into(&aside, &path));
        if let Err(source) = written {
            // Nothing half-written may take room that is already short.
            let _ = fs::remove_file(&aside);
            return Err(PutError::at(&path, source));
        }
        let added = block.bytes().len() as u64;
        self.counted(i64::from(before.is_none()), added as i64 - before.unwrap_or(0) as i64);
        Ok(added)
    }

    /// Makes blocks survive the death of the machine.
    pub(crate) fn sync(&self, cids: &[Cid]) -> Result<(), PutError> {
        let mut paths: Vec<PathBuf> = cids.iter().map(|cid| self.path(cid)).collect();
        let mut shards: Vec<PathBuf> = paths.iter().filter_map(|path| path.parent().map(Path::to_owned)).collect();
        shards.sort();
        shards.dedup();
        shards.push(self.root.clone());
        paths.append(&mut shards);
        let share = paths.len().div_ceil(SYNC_THREADS).max(1);
        std::thread::scope(|scope| {
            let threads: Vec<_> = paths.chunks(share).map(|share| scope.spawn(|| sync_all(share))).collect();
            threads.into_iter().try_for_each(|thread| match thread.join() {
                Ok(synced) => synced,
                Err(panic) => std::panic::resume_unwind(panic),
            })
        })
    }

    /// Removes a block; says how many bytes that freed.
    pub(crate) fn remove(&self, cid: &Cid) -> io::Result<u64> {
        let path = self.path(cid);
        let _alone = self.stripe(cid);
        let bytes = match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            metadata => metadata?.len(),
        };
        fs::remove_file(&path)?;
        self.counted(-1, -(bytes as i64));
        Ok(bytes)
    }

    /// Visits every block, in no order. Files that are not blocks are passed over.
    pub(crate) fn for_each(&self, mut visit: impl FnMut(Stored)) -> io::Result<()> {
        for shard in fs::read_dir(&self.root)? {
            let shard = shard?;
            if !shard.file_type()?.is_dir() || shard.path() == self.aside {
                continue;
            }
            for file in fs::read_dir(shard.path())? {
                let file = file?;
                let name = file.file_name();
                let Some(cid) = name.to_str().and_then(|name| name.strip_suffix(".data")) else { continue };
                let Ok(cid) = content_id::parse(cid) else { continue };
                // A file that vanishes between the two calls was evicted.
                let Ok(metadata) = file.metadata() else { continue };
                visit(Stored { cid, bytes: metadata.len(), last_use: metadata.modified()? });
            }
        }
        Ok(())
    }

    fn stripe(&self, cid: &Cid) -> MutexGuard<'_, ()> {
        let last = usize::from(cid.hash().digest().last().copied().unwrap_or_default());
        self.stripes[last % STRIPES].lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn counted(&self, blocks: i64, bytes: i64) {
        self.count.fetch_add(blocks as u64, Ordering::Relaxed);
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

fn touch(file: &File, metadata: &fs::Metadata) {
    let now = SystemTime::now();
    let used = metadata.modified().ok().and_then(|last| now.duration_since(last).ok());
    if used.is_some_and(|ago| ago > TOUCH_AFTER) {
        // Only the order of eviction suffers if this fails.
        let _ = file.set_modified(now);
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    File::create_new(path)?.write_all(bytes)
}

fn rename_into(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            to.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::rename(from, to)
        }
        renamed => renamed,
    }
}

fn sync_all(paths: &[PathBuf]) -> Result<(), PutError> {
    paths.iter().try_for_each(|path| {
        File::open(path).and_then(|file| file.sync_all()).map_err(|source| PutError::at(path, source))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content_id::RAW;

    fn opened() -> (tempfile::TempDir, Blocks) {
        let dir = tempfile::tempdir().unwrap();
        let blocks = Blocks::open(dir.path().join("blocks")).unwrap();
        (dir, blocks)
    }

    fn block(bytes: &'static [u8]) -> Block {
        Block::new(RAW, Bytes::from_static(bytes)).unwrap()
    }

    #[test]
    fn a_block_is_found_under_its_name() {
        let (dir, blocks) = opened();
        let block = block(b"hello\n");
        assert_eq!(blocks.put(&block).unwrap(), 6);
        assert_eq!(blocks.put(&block).unwrap(), 0);
        let file = dir.path().join("blocks/am/bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am.data");
        assert_eq!(fs::read(file).unwrap(), b"hello\n");
        assert_eq!(blocks.get(block.cid()).unwrap().unwrap().bytes(), block.bytes());
        assert_eq!(blocks.totals(), (1, 6));
        blocks.sync(&[*block.cid()]).unwrap();
    }

    #[test]
    fn a_flipped_byte_is_refused_and_can_be_replaced() {
        let (_dir, blocks) = opened();
        let block = block(b"hello");
        blocks.put(&block).unwrap();
        fs::write(blocks.path(block.cid()), b"hellO").unwrap();
        assert!(matches!(blocks.get(block.cid()), Err(GetError::Damaged { cid, .. }) if cid == *block.cid()));
        fs::write(blocks.path(block.cid()), vec![0; content_id::MAX_BLOCK_BYTES * 2]).unwrap();
        assert!(matches!(blocks.get(block.cid()), Err(GetError::Damaged { .. })));
        blocks.put(&block).unwrap();
        assert!(blocks.get(block.cid()).unwrap().is_some());
    }

    #[test]
    fn counts_survive_reopening_and_leftovers_do_not() {
        let (dir, blocks) = opened();
        blocks.put(&block(b"one")).unwrap();
        blocks.put(&block(b"three")).unwrap();
        fs::write(dir.path().join("blocks/.aside/9"), b"half").unwrap();
        fs::write(dir.path().join("blocks/README"), b"not a block").unwrap();
        drop(blocks);
        let blocks = Blocks::open(dir.path().join("blocks")).unwrap();
        assert_eq!(blocks.totals(), (2, 8));
        assert!(!dir.path().join("blocks/.aside/9").exists());
        assert_eq!(blocks.remove(block(b"one").cid()).unwrap(), 3);
        assert_eq!(blocks.remove(block(b"one").cid()).unwrap(), 0);
        assert_eq!(blocks.totals(), (1, 5));
    }

    #[test]
    fn a_failed_write_leaves_nothing_behind() {
        let (dir, blocks) = opened();
        let block = block(b"hello\n");
        // A file where the shard's directory should be: the rename cannot succeed.
        fs::write(dir.path().join("blocks/am"), b"").unwrap();
        assert!(matches!(blocks.put(&block), Err(PutError::Io { .. })));
        assert_eq!(fs::read_dir(dir.path().join("blocks/.aside")).unwrap().count(), 0);
        assert_eq!(blocks.totals(), (0, 0));
    }

    #[test]
    fn full_disks_are_named() {
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded, io::ErrorKind::FileTooLarge] {
            let error = PutError::at(Path::new("x"), kind.into());
            assert!(error.is_disk_full() && error.to_string().contains("free some space"));
        }
        assert!(!PutError::at(Path::new("x"), io::ErrorKind::PermissionDenied.into()).is_disk_full());
    }

    #[test]
    fn too_large_is_no_block() {
        let bytes = Bytes::from(vec![0; content_id::MAX_BLOCK_BYTES + 1]);
        assert_eq!(
            Block::new(RAW, bytes).unwrap_err(),
            BlockError::TooLarge { bytes: content_id::MAX_BLOCK_BYTES + 1 }
        );
    }
}
