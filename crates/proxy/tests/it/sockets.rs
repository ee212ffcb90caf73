// SPDX-License-Identifier: Apache-2.0
//! What does a browser see on the wire when things go wrong?

use std::{io::ErrorKind, sync::Arc, time::Duration};

use axum::{routing::post, Router};
use kith_proxy::{
    ports::{ReadError, Visibility},
    serve, Limits, Proxy, ServeError,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

use crate::fake::{FakePages, FakeSite, Reading, Seen};

/// A proxy on a free port, stopped when dropped.
struct Running {
    port: u16,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<Result<(), ServeError>>,
}

async fn run(pages: FakePages, limits: Limits) -> Running {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let api = Router::new().route("/api/echo", post(|body: String| async { body }));
    let proxy = Arc::new(Proxy::new(Arc::new(pages), limits).with_dashboard_api(api));
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(serve(listener, proxy, async {
        let _ = stopped.await;
    }));
    Running { port, stop: Some(stop), served }
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(("127.0.0.1", self.port)).await.unwrap()
    }

    /// Sends a text in which `HOST` and `SITE` stand for our names, and reads to the end or the error.
    async fn say(&self, text: &str) -> (String, Option<ErrorKind>) {
        let mut socket = self.connect().await;
        let site = format!("garden.kith.localhost:{}", self.port);
        let text = text.replace("HOST", &format!("localhost:{}", self.port)).replace("SITE", &site);
        socket.write_all(text.as_bytes()).await.unwrap();
        read_all(&mut socket).await
    }

    async fn status(&self, text: &str) -> u16 {
        let (answer, _) = self.say(text).await;
        answer.split(' ').nth(1).unwrap_or_else(|| panic!("no answer to {text:?}: {answer:?}")).parse().unwrap()
    }
}

async fn read_all(socket: &mut TcpStream) -> (String, Option<ErrorKind>) {
    let mut got = Vec::new();
    let error = socket.read_to_end(&mut got).await.err().map(|error| error.kind());
    (String::from_utf8_lossy(&got).into_owned(), error)
}

fn garden(path: &str, media_type: &str, reading: Reading) -> (FakePages, Arc<Seen>) {
    let site = FakeSite::new(Visibility::Private).reading(path, media_type, vec![b'a'; 3_000_000], reading);
    let seen = site.seen.clone();
    (FakePages::default().site("garden", site), seen)
}

fn corrupt() -> ReadError {
    ReadError::Corrupt { cid: "bafy".into() }
}

#[tokio::test]
async fn broken_content_resets_the_connection() {
    for (path, media_type) in [("film", "video/mp4"), ("page.html", "text/html")] {
        let readings = [Reading::FailsAt(100_000, corrupt), Reading::EndsAt(100_000), Reading::StallsAt(100_000)];
        for reading in readings {
            let mut limits = Limits::default();
            limits.stall = Duration::from_millis(50);
            let running = run(garden(path, media_type, reading).0, limits).await;
            let (answer, error) = running.say(&format!("GET /{path} HTTP/1.1\r\nHost: SITE\r\n\r\n")).await;
            assert_eq!(error, Some(ErrorKind::ConnectionReset), "{path}: an end after {} bytes", answer.len());
        }
    }
}

#[tokio::test]
async fn whole_content_ends_cleanly() {
    let running = run(garden("page.html", "text/html", Reading::Honest).0, Limits::default()).await;
    let (answer, error) = running.say("GET /page.html HTTP/1.1\r\nHost: SITE\r\nConnection: close\r\n\r\n").await;
    assert_eq!(error, None);
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("0\r\n\r\n"));
}

#[tokio::test]
async fn what_could_be_read_in_two_ways_is_refused() {
    let running = run(FakePages::default(), Limits::default()).await;
    let post = "POST /api/echo HTTP/1.1\r\nHost: HOST\r\nOrigin: http://HOST\r\nContent-Type: application/json\r\n";
    assert_eq!(running.status(&format!("{post}Content-Length: 2\r\nConnection: close\r\n\r\n{{}}")).await, 200);
    let cases = [
        (format!("{post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 411),
        (format!("{post}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n"), 411),
        (format!("{post}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 411),
        (format!("{post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}"), 400),
        (format!("{post}Content-Length: +2\r\n\r\n{{}}"), 400),
        ("GET / HTTP/1.1\r\nHost: HOST\r\nX: a\r\n b\r\n\r\n".into(), 400),
        ("GET / HTTP/1.1\r\nHost : HOST\r\n\r\n".into(), 400),
        ("GET / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 1\r\n\r\nx".into(), 400),
        ("GET / HTTP/1.0\r\nHost: HOST\r\n\r\n".into(), 505),
        ("TRACE / HTTP/1.1\r\nHost: HOST\r\n\r\n".into(), 405),
    ];
    for (text, status) in cases {
        assert_eq!(running.status(&text).await, status, "{text}");
    }
}

#[tokio::test]
async fn it_is_no_open_proxy() {
    let running = run(FakePages::default(), Limits::default()).await;
    for request in [
        "GET http://example.com/ HTTP/1.1\r\nHost: example.com\r\n",
        "GET http://example.com/ HTTP/1.1\r\nHost: HOST\r\n",
        "GET / HTTP/1.1\r\nHost: HOST\r\nHost: HOST\r\n",
        "GET / HTTP/1.1\r\n",
        "CONNECT HOST HTTP/1.1\r\nHost: HOST\r\n",
        "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: example.com\r\n",
    ] {
        assert_eq!(running.status(&format!("{request}Connection: close\r\n\r\n")).await, 421, "{request}");
    }
}

#[tokio::test]
async fn heads_are_bounded() {
    let running = run(FakePages::default(), Limits::default()).await;
    let limits = Limits::default();
    let large = format!("GET / HTTP/1.1\r\nHost: HOST\r\nX: {}\r\n\r\n", "x".repeat(limits.head_bytes));
    assert_eq!(running.status(&large).await, 431);
    let many = format!("GET / HTTP/1.1\r\nHost: HOST\r\n{}\r\n", "X: y\r\n".repeat(limits.headers));
    assert_eq!(running.status(&many).await, 431);
}

#[tokio::test]
async fn a_head_or_body_that_never_ends_is_given_up() {
    let mut limits = Limits::default();
    limits.head_read = Duration::from_millis(50);
    limits.body_read = Duration::from_millis(50);
    let running = run(FakePages::default(), limits).await;
    let (answer, _) = running.say("GET / HTTP/1.1\r\nHost: HO").await;
    assert_eq!(answer, "");
    let slow = "POST /api/echo HTTP/1.1\r\nHost: HOST\r\nOrigin: http://HOST\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{";
    assert_eq!(running.status(slow).await, 408);
}

#[tokio::test]
async fn a_browser_that_takes_nothing_is_given_up() {
    let mut limits = Limits::default();
    limits.write_stall = Duration::from_millis(50);
    let site = FakeSite::new(Visibility::Private).file("film", "video/mp4", vec![0; 64 << 20]);
    let seen = site.seen.clone();
    let running = run(FakePages::default().site("garden", site), limits).await;
    let mut socket = running.connect().await;
    let request = format!("GET /film HTTP/1.1\r\nHost: garden.kith.localhost:{}\r\n\r\n", running.port);
    socket.write_all(request.as_bytes()).await.unwrap();
    seen.dropped.notified().await;
}

#[tokio::test]
async fn work_ends_when_the_browser_leaves() {
    let (pages, seen) = garden("film", "video/mp4", Reading::StallsAt(100_000));
    let running = run(pages, Limits::default()).await;
    let mut socket = running.connect().await;
    let request = format!("GET /film HTTP/1.1\r\nHost: garden.kith.localhost:{}\r\n\r\n", running.port);
    socket.write_all(request.as_bytes()).await.unwrap();
    assert_eq!(socket.read(&mut [0]).await.unwrap(), 1);
    drop(socket);
    seen.dropped.notified().await;
}

#[tokio::test]
async fn connections_are_bounded() {
    let mut limits = Limits::default();
    limits.connections = 1;
    let running = run(FakePages::default(), limits).await;
    let mut first = running.connect().await;
    let request = format!("GET / HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", running.port);
    first.write_all(request.as_bytes()).await.unwrap();
    let mut byte = [0];
    assert_eq!(first.read(&mut byte).await.unwrap(), 1);
    let mut second = running.connect().await;
    let (answer, _) = read_all(&mut second).await;
    assert_eq!(answer, "");
}

#[tokio::test]
async fn only_loopback_is_served() {
    let listener = TcpListener::bind(("0.0.0.0", 0)).await.unwrap();
    let proxy = Arc::new(FakePages::default().proxy());
    let error = serve(listener, proxy, std::future::pending()).await.unwrap_err();
    assert!(matches!(error, ServeError::NotLoopback { .. }));
    assert!(error.to_string().contains("not a loopback address"));
}

#[tokio::test]
async fn a_listener_that_does_not_say_where_it_is_is_refused() {
    // No socket of the internet's has no address; one of another kind does not tell it as one.
    let (socket, _other_end) = std::os::unix::net::UnixStream::pair().unwrap();
    socket.set_nonblocking(true).unwrap();
    let listener = std::net::TcpListener::from(std::os::fd::OwnedFd::from(socket));
    let listener = TcpListener::from_std(listener).unwrap();
    let proxy = Arc::new(FakePages::default().proxy());
    let error = serve(listener, proxy, std::future::pending()).await.unwrap_err();
    assert!(matches!(error, ServeError::Listener { .. }));
    assert!(error.to_string().contains("own address"));
}

#[tokio::test]
async fn it_stops_when_told_even_with_idle_connections() {
    let mut running = run(FakePages::default(), Limits::default()).await;
    let mut idle = running.connect().await;
    let request = format!("GET / HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", running.port);
    idle.write_all(request.as_bytes()).await.unwrap();
    let mut byte = [0];
    assert_eq!(idle.read(&mut byte).await.unwrap(), 1);
    drop(running.stop.take());
    running.served.await.unwrap().unwrap();
    assert!(TcpStream::connect(("127.0.0.1", running.port)).await.is_err());
}
