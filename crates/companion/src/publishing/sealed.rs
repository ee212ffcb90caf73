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
