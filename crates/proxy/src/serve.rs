// SPDX-License-Identifier: Apache-2.0
//! How do connections come and go? On loopback only, bounded in number and time, and reset where an answer broke off.

mod socket;

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{watch, OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{app, Limits, Proxy, LOG_TARGET};
use socket::PatientSocket;

/// How long to wait when the machine has no file handle left for a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Why the proxy does not serve.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// Others than this machine could connect.
    #[error("the proxy serves this machine only, and {address} is not a loopback address; bind 127.0.0.1 or [::1]")]
    NotLoopback {
        /// Where the listener is bound.
        address: SocketAddr,
    },
    /// The listener does not say where it is bound.
    #[error("the listener's own address cannot be read")]
    Listener {
        /// What the system says.
        #[source]
        source: io::Error,
    },
}

/// Serves on a listener until `stop` is ready; then lets answers under way end, for a little while. The listener's port is the
/// one origins are checked against. Call it once for `127.0.0.1` and once for `[::1]` with the same `proxy`: browsers try both.
pub async fn serve(
    listener: TcpListener,
    proxy: Arc<Proxy>,
    stop: impl Future<Output = ()> + Send,
) -> Result<(), ServeError> {
    let address = listener.local_addr().map_err(|source| ServeError::Listener { source })?;
    if !address.ip().is_loopback() {
        return Err(ServeError::NotLoopback { address });
    }
    let limits = proxy.limits.clone();
    let app = app(proxy, address.port());
    let slots = Arc::new(Semaphore::new(limits.connections));
    let (stopping, stopped) = watch::channel(false);
    let mut open = JoinSet::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            Some(_) = open.join_next() => {}
            accepted = listener.accept() => match (accepted, Arc::clone(&slots).try_acquire_owned()) {
                (Ok((socket, _)), Ok(slot)) => {
                    open.spawn(connection(socket, app.clone(), limits.clone(), stopped.clone(), slot));
                }
                (Ok(_), Err(_)) => tracing::warn!(target: LOG_TARGET, limit = limits.connections, "too many connections"),
                (Err(error), _) => {
                    tracing::warn!(target: LOG_TARGET, %error, "no connection could be accepted");
                    sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop(listener);
    stopping.send_replace(true);
    let all_ended = async { while open.join_next().await.is_some() {} };
    if timeout(limits.grace, all_ended).await.is_err() {
        open.shutdown().await;
    }
    Ok(())
}

async fn connection(
    socket: TcpStream,
    app: Router,
    limits: Limits,
    mut stopped: watch::Receiver<bool>,
    _slot: OwnedSemaphorePermit,
) {
    let socket = TokioIo::new(PatientSocket::new(socket, limits.write_stall));
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_read)
        .max_headers(limits.headers)
        .max_header_size(limits.head_bytes)
        .serve_connection(socket, TowerToHyperService::new(app));
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = told_to_stop(&mut stopped) => {
            std::pin::Pin::new(&mut connection).graceful_shutdown();
            (&mut connection).await
        }
    };
    match ended {
        Ok(()) => {}
        // The answer to a malformed request is on its way: it may arrive.
        Err(error) if error.is_parse() => tracing::debug!(target: LOG_TARGET, %error, "malformed request"),
        Err(error) => {
            tracing::debug!(target: LOG_TARGET, %error, "connection reset");
            connection.into_parts().io.into_inner().reset();
        }
    }
}

async fn told_to_stop(stopped: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone, so that nothing is served any more either.
    drop(stopped.wait_for(|stopped| *stopped).await);
}
