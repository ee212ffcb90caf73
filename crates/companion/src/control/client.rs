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
            Reply::Failed { kind, message } => {
                bar.finish_and_clear();
                return Err(Failure::of(kind, ClientError::Failed(message)));
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
            bar.set_position(0);
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
    use crate::report::Kind;
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
    async fn a_failure_keeps_its_kind_and_its_words_on_the_way() {
        let other = answered("{\"failed\":{\"kind\":\"other\",\"message\":\"full\"}}\n").await.unwrap_err();
        assert_eq!((other.kind(), other.to_string().as_str()), (Kind::Other, "full"));
        let usage = answered("{\"failed\":{\"kind\":\"usage\",\"message\":\"no name\"}}\n").await.unwrap_err();
        assert_eq!(usage.kind(), Kind::Usage);
        let refused = answered("{\"failed\":{\"kind\":\"refused\",\"message\":\"not yours\"}}\n").await.unwrap_err();
        assert_eq!((refused.kind(), refused.to_string().as_str()), (Kind::Refused, "not yours"));
        let away = answered("{\"failed\":{\"kind\":\"unreachable\",\"message\":\"no node\"}}\n").await.unwrap_err();
        assert_eq!(away.kind(), Kind::Unreachable);
    }

    #[test]
    fn work_of_a_known_size_has_a_bar_as_long_and_as_full() {
        let bar = ProgressBar::hidden();
        show(&bar, Step::Start { what: "encrypting".into(), total: 40 });
        show(&bar, Step::At(30));
        assert_eq!((bar.message().as_str(), bar.position(), bar.length()), ("encrypting", 30, Some(40)));
        // What follows without a size keeps its words, and the next work starts anew.
        show(&bar, Step::Doing("waiting".into()));
        assert_eq!(bar.message(), "waiting");
        show(&bar, Step::Start { what: "fetching".into(), total: 7 });
        assert_eq!((bar.message().as_str(), bar.position(), bar.length()), ("fetching", 0, Some(7)));
    }

    #[tokio::test]
    async fn a_companion_that_dies_or_babbles_is_told_from_one_that_answers() {
        let died = answered("").await.unwrap_err();
        assert!(died.to_string().contains("Repeat the command"), "{died}");
        let babbled = answered("hello\n").await.unwrap_err();
        assert!(babbled.to_string().contains("of one version"), "{babbled}");
    }
}
