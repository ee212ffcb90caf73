// SPDX-License-Identifier: Apache-2.0
//! Asks a running companion, and shows its progress.

use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::UnixStream,
};

use super::{Reply, Request};
use crate::{
    home::Home,
    progress::Step,
    report::{Done, Failure},
};

/// Why the companion did not answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    #[error("no companion runs for {home}. Start it with `kith up`")]
    NotRunning { home: PathBuf },
    #[error("the companion stopped answering: {0}. Repeat the command once `kith up` runs again")]
    Broken(#[source] std::io::Error),
    #[error("the companion speaks another language: {0}. Are `kith` and the running companion of one version?")]
    Unfamiliar(#[source] serde_json::Error),
    #[error("{0}")]
    Failed(String),
}

/// Sends a request and waits for its end.
pub(crate) async fn ask(home: &Home, request: &Request, quiet: bool) -> Result<Done, Failure> {
    let stream = UnixStream::connect(home.control_socket())
        .await
        .map_err(|_| Failure::unreachable(ClientError::NotRunning { home: home.path().into() }))?;
    let (read, mut write) = stream.into_split();
    let mut line = serde_json::to_vec(request)?;
    line.push(b'\n');
    write.write_all(&line).await.map_err(broken)?;
    let mut replies = BufReader::new(read).lines();
    let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
    while let Some(line) = replies.next_line().await.map_err(broken)? {
        match serde_json::from_str(&line).map_err(ClientError::Unfamiliar)? {
            Reply::Step(step) => show(&bar, step),
            Reply::Done { text, data } => {
                bar.finish_and_clear();
                return Ok(Done { text, data });
            }
            Reply::Failed { refused, message } => {
                bar.finish_and_clear();
                let cause = ClientError::Failed(message);
                return Err(if refused { Failure::refused(cause) } else { cause.into() });
            }
        }
    }
    Err(broken(std::io::ErrorKind::UnexpectedEof.into()))
}

fn broken(cause: std::io::Error) -> Failure {
    Failure::unreachable(ClientError::Broken(cause))
}

fn show(bar: &ProgressBar, step: Step) {
    match step {
        Step::Start { what, total } => {
            let style = ProgressStyle::with_template("{msg} {bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_length(total);
            bar.set_message(what);
        }
        Step::At(bytes) => bar.set_position(bytes),
        Step::Doing(what) => {
            bar.set_style(ProgressStyle::default_spinner());
            bar.set_message(what);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::{io::AsyncReadExt, net::UnixListener};

    /// What becomes of a request to a companion that answers with these bytes and hangs up.
    async fn answered(with: &'static str) -> Result<Done, Failure> {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::locate(Some(dir.path().to_owned()));
        let listener = UnixListener::bind(home.control_socket()).unwrap();
        let companion = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut byte = [0];
            while stream.read(&mut byte).await.unwrap() == 1 && byte != *b"\n" {}
            stream.write_all(with.as_bytes()).await.unwrap();
        });
        let outcome = ask(&home, &Request::Status, true).await;
        companion.await.unwrap();
        outcome
    }

    #[tokio::test]
    async fn without_a_companion_it_says_how_to_start_one() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::locate(Some(dir.path().to_owned()));
        let failure = ask(&home, &Request::Status, true).await.unwrap_err();
        assert!(failure.to_string().contains("kith up"), "{failure}");
    }

    #[tokio::test]
    async fn steps_come_before_the_outcome() {
        let said = "{\"step\":{\"doing\":\"waiting\"}}\n{\"done\":{\"text\":\"well\",\"data\":7}}\n";
        let done = answered(said).await.unwrap();
        assert_eq!((done.text.as_str(), done.data), ("well", 7.into()));
    }

    #[tokio::test]
    async fn a_refusal_stays_one_and_a_failure_too() {
        let refused = answered("{\"failed\":{\"refused\":true,\"message\":\"not yours\"}}\n").await.unwrap_err();
        assert!(refused.is_refusal() && refused.to_string() == "not yours");
        let failed = answered("{\"failed\":{\"refused\":false,\"message\":\"full\"}}\n").await.unwrap_err();
        assert!(!failed.is_refusal() && failed.to_string() == "full");
    }

    #[tokio::test]
    async fn a_companion_that_dies_or_babbles_is_told_from_one_that_answers() {
        let died = answered("").await.unwrap_err();
        assert!(died.to_string().contains("Repeat the command"), "{died}");
        let babbled = answered("hello\n").await.unwrap_err();
        assert!(babbled.to_string().contains("of one version"), "{babbled}");
    }
}
