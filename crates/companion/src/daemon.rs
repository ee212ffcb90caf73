// SPDX-License-Identifier: Apache-2.0
//! The running companion: its parts are opened in order, joined, kept going, and closed in order.

mod dashboard;
mod errands;
pub(crate) mod link;

use std::{net::Ipv4Addr, path::PathBuf, sync::Arc, time::Duration};

use kith_proxy::{Limits, Pages, Proxy};
use kith_store::{identity::load_or_create_identity, Identity, Multiaddr, Store, StoreConfig};
use tokio::net::TcpListener;

use crate::{
    cli::{Global, UpArgs},
    companion::Companion,
    control::server,
    home::Home,
    person::Person,
    publishing::pending::Pending,
    reading::{Doubts, Reader},
    report::{Done, Failure},
    settings::Settings,
};
use link::Link;

/// How long parts may take to close before they are dropped.
const GRACE: Duration = Duration::from_secs(8);

/// Why the companion does not come up.
#[derive(Debug, thiserror::Error)]
enum UpError {
    #[error(
        "this machine does not know which community it belongs to. Run `kith init --community <chain specification>`"
    )]
    NoCommunity,
    #[error(
        "cannot listen on 127.0.0.1:{port}: {cause}. Is it in use? Choose another with --port, or 0 for a free one"
    )]
    Port { port: u16, cause: std::io::Error },
    #[error("cannot write {path}: {cause}")]
    Token { path: PathBuf, cause: std::io::Error },
}

/// A running companion's parts.
pub(crate) struct Parts {
    pub(crate) companion: Arc<Companion>,
    pub(crate) pages: Arc<Reader>,
    pub(crate) identity: Identity,
    pub(crate) home: Home,
}

/// Runs until it is told to stop.
pub(crate) async fn up(home: Home, settings: Settings, global: &Global, arguments: &UpArgs) -> Result<Done, Failure> {
    let person = Person::unlock(&home, global)?;
    let genesis = settings.genesis.ok_or(UpError::NoCommunity).map_err(Failure::usage)?;
    let control = server::listen(&home).await?;
    let listener = listen(arguments.port).await?;
    let port = listener.local_addr()?.port();
    let identity = load_or_create_identity(&home.path().join("device.key"))?;
    let (link, access, keep_link) = Link::open(&settings.node, Some(genesis)).await?;
    let mut config = StoreConfig::new(home.store(), identity.clone());
    config.listen = store_addresses(arguments.store_port);
    let store = Store::open(config, access).await?;
    let companion = Arc::new(Companion {
        link,
        genesis,
        store,
        person,
        port,
        submitting: tokio::sync::Mutex::default(),
        keying: tokio::sync::Mutex::default(),
        doubts: Doubts::default(),
        pending: Pending::default(),
    });
    let pages = Arc::new(Reader::new(Arc::clone(&companion)));
    let token = dashboard::Token::write(&home.api_token())?;
    let parts = Arc::new(Parts { companion, pages, identity, home });
    let proxy = Proxy::new(Arc::clone(&parts.pages) as Arc<dyn Pages>, Limits::default())
        .with_dashboard_api(dashboard::api(Arc::clone(&parts), token.clone()));
    announce(&parts, &token, global);

    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(keep_link);
    tasks.spawn(errands::run(Arc::clone(&parts)));
    tasks.spawn(server::serve(control, Arc::clone(&parts)));
    let served = kith_proxy::serve(listener, Arc::new(proxy), told_to_stop()).await;
    tasks.shutdown().await;
    let _ = tokio::time::timeout(GRACE, parts.companion.store.shutdown()).await;
    let _ = std::fs::remove_file(parts.home.control_socket());
    let _ = std::fs::remove_file(parts.home.api_token());
    served?;
    Ok(Done::new("", serde_json::json!({ "stopped": true })))
}

async fn listen(port: u16) -> Result<TcpListener, UpError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|cause| UpError::Port { port, cause })
}

/// Where members reach the store: on every interface, over TCP and QUIC.
fn store_addresses(port: u16) -> Vec<Multiaddr> {
    [format!("/ip4/0.0.0.0/tcp/{port}"), format!("/ip4/0.0.0.0/udp/{port}/quic-v1")]
        .iter()
        .filter_map(|address| address.parse().ok())
        .collect()
}

/// Says where everything is: one JSON line for programs, a few lines for people.
fn announce(parts: &Parts, token: &dashboard::Token, global: &Global) {
    let port = parts.companion.port;
    let dashboard = format!("http://localhost:{port}/#token={}", token.expose());
    let text = if global.json {
        serde_json::json!({
            "port": port,
            "dashboard": dashboard,
            "peer": parts.companion.store.local_peer().to_string(),
            "device": hex::encode(parts.identity.public()),
        })
        .to_string()
    } else {
        format!("The companion runs. Your dashboard: {dashboard}\nPages open at http://<name>.kith.localhost:{port}/. Stop with Ctrl-C.")
    };
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Ctrl-C, or a polite kill.
async fn told_to_stop() {
    use tokio::signal::unix::{signal, SignalKind};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {},
                _ = terminate.recv() => {},
            }
        }
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_in_use_is_named_with_the_way_out() {
        let taken = listen(0).await.unwrap();
        let port = taken.local_addr().unwrap().port();
        let refused = listen(port).await.unwrap_err();
        assert!(matches!(refused, UpError::Port { port: named, .. } if named == port));
        assert!(refused.to_string().contains("--port"), "{refused}");
    }

    #[test]
    fn the_store_listens_over_tcp_and_quic() {
        assert_eq!(store_addresses(4041).len(), 2);
    }
}
