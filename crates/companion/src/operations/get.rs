// SPDX-License-Identifier: Apache-2.0
//! Fetches a resource, or one file of it, to a folder: each file under another name until it is whole.

use std::{
    io,
    path::{Component, Path, PathBuf},
};

use futures::StreamExt;
use kith_proxy::{
    ports::{Entry, File, ReadError, Site},
    SiteName,
};
use serde_json::json;
use tokio::io::AsyncWriteExt;

use crate::{
    daemon::Parts,
    progress::Progress,
    report::{Done, Failure},
};

/// Why a resource was not written.
#[derive(Debug, thiserror::Error)]
enum GetError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("cannot write {path}: {cause}. What was fetched before it is complete; repeat the command to go on")]
    Write { path: PathBuf, cause: io::Error },
    #[error("`{path}` would be written outside the folder you named. It was not")]
    Outside { path: String },
}

/// Writes files below `out`.
pub(crate) async fn get(
    parts: &Parts,
    name: &str,
    path: Option<&str>,
    out: &Path,
    progress: &Progress,
) -> Result<Done, Failure> {
    let site = parts.pages.site(&SiteName::try_from(name)?).await?;
    let paths = match path {
        Some(path) => vec![path.to_owned()],
        None => site.files().await?,
    };
    let mut written = Vec::new();
    for path in paths {
        let Entry::File(file) = site.entry(&path).await? else { return Err(no_file(&path).into()) };
        let target = inside(out, &file.path)?;
        write(site.as_ref(), &file, &target, progress).await.map_err(failure)?;
        written.push(json!({ "path": file.path, "file": target, "bytes": file.size }));
    }
    let text = format!("{} files of {name} are in {}", written.len(), out.display());
    Ok(Done::new(text, json!({ "files": written })))
}

/// What could not be read fails as it does everywhere.
fn failure(cause: GetError) -> Failure {
    match cause {
        GetError::Read(cause) => cause.into(),
        other => other.into(),
    }
}

fn no_file(path: &str) -> GetError {
    ReadError::NoSuchPath { path: path.to_owned() }.into()
}

/// Where a file goes; never outside `out`, whatever its path says.
fn inside(out: &Path, path: &str) -> Result<PathBuf, GetError> {
    let plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    if !plain || path.is_empty() {
        return Err(GetError::Outside { path: path.to_owned() });
    }
    Ok(out.join(path))
}

async fn write(site: &dyn Site, file: &File, target: &Path, progress: &Progress) -> Result<(), GetError> {
    let failed = |cause| GetError::Write { path: target.to_owned(), cause };
    if let Some(folder) = target.parent() {
        tokio::fs::create_dir_all(folder).await.map_err(failed)?;
    }
    let mut staged = target.as_os_str().to_owned();
    staged.push(".part");
    let staged = PathBuf::from(staged);
    let mut sink = tokio::fs::File::create(&staged).await.map_err(failed)?;
    progress.start(&file.path, file.size);
    let mut done = 0;
    if file.size > 0 {
        let mut bytes = site.read(file, 0..file.size).await?;
        while let Some(piece) = bytes.next().await {
            let piece = piece?;
            sink.write_all(&piece).await.map_err(failed)?;
            done += piece.len() as u64;
            progress.set(done);
        }
    }
    sink.sync_all().await.map_err(failed)?;
    tokio::fs::rename(&staged, target).await.map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Kind;

    #[test]
    fn nothing_is_written_outside_the_folder() {
        let out = Path::new("/somewhere");
        assert_eq!(inside(out, "a/b c.txt").unwrap(), Path::new("/somewhere/a/b c.txt"));
        for path in ["../x", "/etc/passwd", "a/../../x", ""] {
            assert!(matches!(inside(out, path), Err(GetError::Outside { .. })), "{path}");
        }
    }

    #[test]
    fn bytes_that_nobody_delivers_are_out_of_reach() {
        let away = failure(ReadError::Unavailable { peers: 2, seconds: 20 }.into());
        assert_eq!(away.kind(), Kind::Unreachable);
        assert_eq!(failure(no_file("a")).kind(), Kind::Other);
    }
}
