// SPDX-License-Identifier: Apache-2.0
//! Files as one sealed stream: read, sealed and handed on piece by piece, never whole in memory.

use std::{
    fs::File,
    io::{self, Read},
    path::PathBuf,
};

use kith_vault::{
    archive::{ArchiveError, FileSpec, Manifest},
    Binding, ContentKey, SealError, Sealer,
};
use tokio::io::{AsyncRead, AsyncWriteExt};

use super::walk::Found;

/// Bytes read and sealed at once.
const PIECE: usize = 256 * 1024;
/// Bytes sealed and not yet taken by the store, at most.
const AHEAD: usize = 1024 * 1024;

/// Why a stream was not sealed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SealingError {
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error("cannot read {path}: {cause}")]
    Read { path: PathBuf, cause: io::Error },
    #[error("{path} changed while it was being published. Nothing was published; try again")]
    Changed { path: PathBuf },
    #[error("the store stopped taking the stream")]
    Abandoned,
}

/// A stream being sealed.
pub(crate) struct Sealing {
    /// Its bytes.
    pub(crate) stream: Box<dyn AsyncRead + Send + Unpin>,
    /// How it ended.
    pub(crate) outcome: tokio::task::JoinHandle<Result<(), SealingError>>,
    /// Its length in bytes.
    pub(crate) length: u64,
}

/// Starts sealing files, in the order of their paths.
pub(crate) fn seal(files: Vec<Found>, key: ContentKey, binding: Binding) -> Result<Sealing, SealingError> {
    let specs = files.iter().map(|found| FileSpec {
        path: found.path.clone(),
        size: found.size,
        media_type: found.media_type.clone(),
    });
    let manifest = Manifest::new(specs.collect())?;
    let sealer = Sealer::new(&key, binding, manifest.plaintext_len(), &mut rand::rngs::OsRng)?;
    let length = sealer.sealed_len();
    let (mut into, out) = tokio::io::duplex(AHEAD);
    let handle = tokio::runtime::Handle::current();
    let outcome = tokio::task::spawn_blocking(move || {
        pump(&files, &manifest, sealer, |piece| {
            handle.block_on(into.write_all(piece)).map_err(|_| SealingError::Abandoned)
        })
    });
    Ok(Sealing { stream: Box::new(out), outcome, length })
}

/// Seals preamble and files, giving each sealed piece away.
fn pump(
    files: &[Found],
    manifest: &Manifest,
    mut sealer: Sealer,
    mut give: impl FnMut(&[u8]) -> Result<(), SealingError>,
) -> Result<(), SealingError> {
    let mut sealed = Vec::with_capacity(PIECE * 2);
    let mut hand_on = |sealed: &mut Vec<u8>| {
        let given = give(sealed);
        sealed.clear();
        given
    };
    sealer.update(&manifest.preamble(), &mut sealed)?;
    hand_on(&mut sealed)?;
    let mut piece = vec![0; PIECE];
    for found in files {
        let read = |cause| SealingError::Read { path: found.file.clone(), cause };
        let mut file = File::open(&found.file).map_err(read)?;
        let mut left = found.size;
        loop {
            let taken = file.read(&mut piece).map_err(read)?;
            if taken as u64 > left || (taken == 0 && left > 0) {
                return Err(SealingError::Changed { path: found.file.clone() });
            }
            if taken == 0 {
                break;
            }
            left -= taken as u64;
            sealer.update(&piece[..taken], &mut sealed)?;
            hand_on(&mut sealed)?;
        }
    }
    sealer.finish(&mut sealed)?;
    hand_on(&mut sealed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    fn found(dir: &tempfile::TempDir, path: &str, bytes: usize, claimed: u64) -> Found {
        let file = dir.path().join(path);
        std::fs::write(&file, vec![7; bytes]).unwrap();
        Found { file, path: path.to_owned(), size: claimed, media_type: "text/plain".into() }
    }

    fn sealing(files: Vec<Found>) -> Result<Sealing, SealingError> {
        let key = ContentKey::generate(&mut rand::rngs::OsRng);
        seal(files, key, Binding { resource: 1, version: 1 })
    }

    /// Takes the stream to its end; its length and how it ended.
    async fn taken(files: Vec<Found>) -> (u64, u64, Result<(), SealingError>) {
        let mut sealing = sealing(files).unwrap();
        let mut sealed = Vec::new();
        sealing.stream.read_to_end(&mut sealed).await.unwrap();
        (sealed.len() as u64, sealing.length, sealing.outcome.await.unwrap())
    }

    #[tokio::test]
    async fn a_stream_is_as_long_as_it_was_said_to_be() {
        let dir = tempfile::tempdir().unwrap();
        let (length, said, outcome) = taken(vec![found(&dir, "a", 700_000, 700_000), found(&dir, "b", 0, 0)]).await;
        assert!(outcome.is_ok());
        assert_eq!(length, said);
    }

    #[tokio::test]
    async fn a_file_that_changed_meanwhile_is_named() {
        let dir = tempfile::tempdir().unwrap();
        for (bytes, claimed) in [(3, 5), (5, 3)] {
            let (_, _, outcome) = taken(vec![found(&dir, "a", bytes, claimed)]).await;
            assert!(matches!(outcome, Err(SealingError::Changed { path }) if path.ends_with("a")));
        }
    }

    #[tokio::test]
    async fn a_file_that_is_gone_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let gone = found(&dir, "a", 3, 3);
        std::fs::remove_file(&gone.file).unwrap();
        let (_, _, outcome) = taken(vec![gone]).await;
        assert!(matches!(outcome, Err(SealingError::Read { path, .. }) if path.ends_with("a")));
    }

    #[test]
    fn a_stream_of_another_length_than_announced_is_not_sealed() {
        let dir = tempfile::tempdir().unwrap();
        let files = [found(&dir, "a", 3, 3)];
        let spec = FileSpec { path: "a".into(), size: 3, media_type: "text/plain".into() };
        let manifest = Manifest::new(vec![spec]).unwrap();
        let (key, binding) = (ContentKey::generate(&mut rand::rngs::OsRng), Binding { resource: 1, version: 1 });
        for announced in [manifest.plaintext_len() - 1, manifest.plaintext_len() + 1] {
            let sealer = Sealer::new(&key, binding, announced, &mut rand::rngs::OsRng).unwrap();
            let outcome = pump(&files, &manifest, sealer, |_| Ok(()));
            assert!(matches!(outcome, Err(SealingError::Seal(_))), "{announced}");
        }
    }

    #[tokio::test]
    async fn a_stream_nobody_takes_is_given_up() {
        let dir = tempfile::tempdir().unwrap();
        let sealing = sealing(vec![found(&dir, "a", 2 * AHEAD, 2 * AHEAD as u64)]).unwrap();
        drop(sealing.stream);
        assert!(matches!(sealing.outcome.await.unwrap(), Err(SealingError::Abandoned)));
    }

    #[tokio::test]
    async fn two_files_of_one_name_are_no_archive() {
        let dir = tempfile::tempdir().unwrap();
        let one = found(&dir, "a", 3, 3);
        assert!(matches!(sealing(vec![one.clone(), one]), Err(SealingError::Archive(_))));
    }
}
