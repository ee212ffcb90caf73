// SPDX-License-Identifier: Apache-2.0
//! Answers the command line.

use std::{io, os::unix::fs::PermissionsExt, path::PathBuf, sync::Arc};

use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{unix::OwnedWriteHalf, UnixListener, UnixStream},
    sync::Semaphore,
};

use super::{Reply, Request, MAX_LINE};
use crate::{
    companion::Companion,
    daemon::Parts,
    home::Home,
    operations,
    progress::Progress,
    report::{Done, Kind},
};

/// Commands under way at once.
const MAX_COMMANDS: usize = 16;

/// Why the socket cannot be opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ControlError {
    #[error("a companion already runs for {home}. Stop it, or choose another --home")]
    AlreadyRunning { home: PathBuf },
    #[error("cannot open {path}: {cause}")]
    Socket { path: PathBuf, cause: io::Error },
}

/// Opens the socket; one left by a companion that was killed is replaced.
pub(crate) async fn listen(home: &Home) -> Result<UnixListener, ControlError> {
    let path = home.control_socket();
    if UnixStream::connect(&path).await.is_ok() {
        return Err(ControlError::AlreadyRunning { home: home.path().into() });
    }
    let socket = |cause| ControlError::Socket { path: path.clone(), cause };
    match std::fs::remove_file(&path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(socket(cause)),
        _ => {}
    }
    let listener = UnixListener::bind(&path).map_err(socket)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).map_err(socket)?;
    Ok(listener)
}

/// Answers until the future is dropped.
pub(crate) async fn serve(listener: UnixListener, parts: Arc<Parts>) {
    let slots = Arc::new(Semaphore::new(MAX_COMMANDS));
    let mut open = tokio::task::JoinSet::new();
    loop {
        while open.try_join_next().is_some() {}
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let parts = Arc::clone(&parts);
                open.spawn(async move {
                    if let Err(cause) = converse(stream, &parts).await {
                        tracing::debug!("the command line hung up: {cause}");
                    }
                    drop(slot);
                });
            }
            Err(cause) => tracing::warn!("the control socket does not accept: {cause}"),
        }
    }
}

/// One request: its steps as they come, then its outcome. Hanging up cancels the work.
async fn converse(stream: UnixStream, parts: &Parts) -> io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read.take(MAX_LINE));
    let mut line = String::new();
    lines.read_line(&mut line).await?;
    let request = match serde_json::from_str::<Request>(&line) {
        Ok(request) => request,
        Err(cause) => {
            let message = format!("not a request: {cause}");
            return say(&mut write, &Reply::Failed { kind: Kind::Other, message }).await;
        }
    };
    let (progress, mut steps) = Progress::channel();
    let mut work = std::pin::pin!(carry_out(request, parts, progress));
    let outcome = loop {
        tokio::select! {
            outcome = &mut work => break outcome,
            Some(step) = steps.recv() => say(&mut write, &Reply::Step(step)).await?,
        }
    };
    say(&mut write, &outcome).await
}

async fn carry_out(request: Request, parts: &Parts, progress: Progress) -> Reply {
    let companion: &Companion = &parts.companion;
    let outcome = match request {
        Request::Status => operations::status(parts).await,
        Request::Publish { path, name, visibility } => {
            operations::publish(companion, &path, &name, visibility, &progress).await
        }
        Request::Get { name, path, out } => operations::get(parts, &name, path.as_deref(), &out, &progress).await,
        Request::Link { name } => operations::link(parts, &name).await,
        Request::Grant { name, reader } => operations::grant(companion, &name, reader).await,
        Request::Follow { name } => operations::follow(companion, &name, &progress).await,
    };
    match outcome {
        Ok(Done { text, data }) => Reply::Done { text, data },
        Err(failure) => Reply::Failed { kind: failure.kind(), message: failure.to_string() },
    }
}

async fn say(write: &mut OwnedWriteHalf, reply: &Reply) -> io::Result<()> {
    let mut line = serde_json::to_vec(reply).unwrap_or_else(|_| json!({}).to_string().into_bytes());
    line.push(b'\n');
    write.write_all(&line).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_companion_a_home_and_a_dead_ones_socket_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::locate(Some(dir.path().to_owned()));
        let first = listen(&home).await.unwrap();
        let mode = std::fs::metadata(home.control_socket()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(matches!(listen(&home).await, Err(ControlError::AlreadyRunning { .. })));
        drop(first);
        assert!(home.control_socket().exists());
        listen(&home).await.unwrap();
    }

    #[tokio::test]
    async fn a_home_that_takes_no_socket_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let nowhere = Home::locate(Some(dir.path().join("nowhere")));
        assert!(matches!(listen(&nowhere).await, Err(ControlError::Socket { .. })));
        let home = Home::locate(Some(dir.path().to_owned()));
        std::fs::create_dir(home.control_socket()).unwrap();
        assert!(matches!(listen(&home).await, Err(ControlError::Socket { .. })));
    }
}
