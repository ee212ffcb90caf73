// SPDX-License-Identifier: Apache-2.0
//! The compiled runtime that nodes keep, and what becomes of a node that finds it damaged.

use std::{
    env,
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{ensure, Result};
use kith_testkit::Node;

/// Bytes of a compiled runtime, at least.
const LEAST: u64 = 1 << 20;

#[test]
fn a_compiled_runtime_is_kept_and_used_and_one_that_a_power_cut_damaged_is_made_again() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let kept = dir.path().join("compiled");
    let start = |name: &str, typed: &Path| -> Result<Vec<(PathBuf, SystemTime)>> {
        let flags = ["--no-store", "--compiled-runtime", &typed.to_string_lossy()];
        Node::start(&dir.path().join(name), "dev", &flags)?.kill()?;
        compiled(&kept)
    };
    let first = start("first", &kept)?;
    ensure!(!first.is_empty(), "nothing was kept");
    // A node that compiled it again would have written it again.
    let second = start("second", &kept)?;
    ensure!(second == first, "{second:?}, not {first:?}");

    // Cut short, and of the length it had, but of pages that never reached the disk.
    for (left, filled) in [(0, false), (1_000, false), (0, true)] {
        for (file, _) in &first {
            let length = fs::metadata(file)?.len();
            let file = OpenOptions::new().write(true).open(file)?;
            file.set_len(left)?;
            if filled {
                file.set_len(length)?;
            }
        }
        let again = start("again", &from_here(&kept)?)?;
        ensure!(files(&again).eq(files(&first)), "{again:?}, not those of {first:?}");
        for file in files(&again) {
            ensure!(fs::read(file)?.iter().any(|byte| *byte != 0), "{} is still empty pages", file.display());
        }
    }
    Ok(())
}

/// The folder as it is typed by who stands where this process does, and so the node.
fn from_here(folder: &Path) -> Result<PathBuf> {
    let up: PathBuf = env::current_dir()?.components().skip(1).map(|_| "..").collect();
    Ok(up.join(folder.strip_prefix("/")?))
}

fn files(compiled: &[(PathBuf, SystemTime)]) -> impl Iterator<Item = &PathBuf> {
    compiled.iter().map(|(file, _)| file)
}

/// The files with compiled code, which is larger than all else that lies there, and when each was written.
fn compiled(folder: &Path) -> Result<Vec<(PathBuf, SystemTime)>> {
    let (mut folders, mut found) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let about = fs::metadata(&path)?;
            if about.is_dir() {
                folders.push(path);
            } else if about.len() > LEAST {
                found.push((path, about.modified()?));
            }
        }
    }
    found.sort();
    Ok(found)
}
