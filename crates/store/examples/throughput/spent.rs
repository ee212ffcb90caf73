// SPDX-License-Identifier: Apache-2.0
//! What becomes of the files of a round that is over, so that the next one finds the machine as this one did.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

/// Empties all files below `dir` and leaves them there: their memory is free for the next round, while removing thousands of
/// files would make new ones slow for minutes on an ext4 without a journal.
pub(crate) fn empty(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            empty(&entry.path())?;
        } else {
            File::options().write(true).open(entry.path())?.set_len(0)?;
        }
    }
    Ok(())
}
