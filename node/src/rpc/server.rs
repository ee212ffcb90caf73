// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! How requests reach the methods: listening, the gate, limits, and the headers a browser wants.

mod browser;
mod client_ip;
mod listen;

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use futures::future::BoxFuture;
use http::{header, Request};
use hyper::body::Incoming;
use jsonrpsee::{
    core::BoxError,
    server::{
        serve_with_graceful_shutdown, stop_channel, ws, HttpResponse, PingConfig, RandomStringIdProvider,
        RpcServiceBuilder, Server as JsonRpcServer, ServerHandle, StopHandle, TowerServiceBuilder,
    },
    Methods, RpcModule,
};
use sc_rpc::DenyUnsafe;
use sc_rpc_server::{utils::deny_unsafe, Metrics, MiddlewareLayer, NodeHealthProxyLayer, RpcMetrics};
use sc_service::{
    config::{RpcEndpoint, RpcMethods},
    Configuration, Error as ServiceError,
};
use tokio::{net::TcpListener, runtime::Handle, sync::Semaphore};
use tower::{layer::util::Identity, Layer, Service};

use super::gate::Gate;

const MIB: u32 = 1024 * 1024;
/// Open sockets for each connection the operator allows: idle ones must not use up the node's files.
const SOCKETS_PER_CONNECTION: usize = 4;
/// How long to wait before accepting again when the system refuses: it is usually out of files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How often a WebSocket is asked whether it is alive, and how long it may be silent.
const PING_INTERVAL: Duration = Duration::from_secs(30);
const MAX_SILENCE: Duration = Duration::from_secs(60);
/// Missed answers after which a WebSocket is closed.
const MAX_MISSED_PINGS: usize = 3;
/// Characters of a subscription's random name.
const SUBSCRIPTION_ID_LENGTH: usize = 16;

/// Starts to listen on every endpoint of the configuration: what stops it, and the addresses.
pub(super) fn start(
    config: &Configuration,
    module: RpcModule<()>,
    runtime: &Handle,
) -> Result<(ServerHandle, Vec<SocketAddr>), ServiceError> {
    let metrics = RpcMetrics::new(config.prometheus_registry())?
        .map(|metrics| metrics.with_known_methods(module.method_names().collect::<Vec<_>>()));
    let (stop, handle) = stop_channel();
    let mut addresses = Vec::new();
    for endpoint in config.rpc.addr.clone().unwrap_or_default() {
        let listener = listen::listen(&endpoint).map_err(|error| ServiceError::Application(Box::new(error)))?;
        let Some(listener) = listener else { continue };
        let address = listener.local_addr()?;
        warn_if_exposed(&endpoint, address);
        let door =
            Arc::new(Door::new(endpoint, address, module.clone().into(), metrics.clone(), stop.clone(), runtime));
        runtime.spawn(serve(listener, door));
        addresses.push(address);
    }
    if addresses.is_empty() {
        return Err(ServiceError::Other(
            "the RPC has no address to listen on: check --experimental-rpc-endpoint".into(),
        ));
    }
    let listed: Vec<_> = addresses.iter().map(ToString::to_string).collect();
    tracing::info!(target: "rpc", "Running JSON-RPC server: addr={},", listed.join(","));
    Ok((handle, addresses))
}

/// Says so, loudly, where others than this machine may ask.
fn warn_if_exposed(endpoint: &RpcEndpoint, address: SocketAddr) {
    if address.ip().is_loopback() {
        return;
    }
    let methods = match endpoint.rpc_methods {
        RpcMethods::Unsafe => "every method, keys and files included",
        RpcMethods::Safe | RpcMethods::Auto => "safe methods only",
    };
    tracing::warn!(target: "rpc", %address, "The RPC can be reached from other machines, with {methods}");
}

/// Accepts connections until the server is stopped.
async fn serve(listener: std::net::TcpListener, door: Arc<Door>) {
    let listener = match TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => return tracing::error!(target: "rpc", %error, "The RPC cannot listen"),
    };
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = door.stop.clone().shutdown() => return,
        };
        let (socket, remote) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::debug!(target: "rpc", %error, "A connection was not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let Ok(permit) = door.sockets.clone().try_acquire_owned() else { continue };
        let stopped = door.stop.clone().shutdown();
        let connection = Arc::new(Connection { limit: door.rate_limit(), door: door.clone(), remote: remote.ip() });
        let service = tower::service_fn(move |request| {
            let connection = connection.clone();
            async move { connection.answer(request).await }
        });
        tokio::spawn(async move {
            if let Err(error) = serve_with_graceful_shutdown(socket, service, stopped).await {
                tracing::trace!(target: "rpc", %error, "A connection ended badly");
            }
            drop(permit);
        });
    }
}

/// One endpoint: who may come in, and what they find.
struct Door {
    gate: Gate,
    deny_unsafe: DenyUnsafe,
    endpoint: RpcEndpoint,
    service: TowerServiceBuilder<Identity, Identity>,
    methods: Methods,
    metrics: Option<RpcMetrics>,
    sockets: Arc<Semaphore>,
    stop: StopHandle,
}

impl Door {
    fn new(
        endpoint: RpcEndpoint,
        address: SocketAddr,
        methods: Methods,
        metrics: Option<RpcMetrics>,
        stop: StopHandle,
        runtime: &Handle,
    ) -> Self {
        let ping =
            PingConfig::new().ping_interval(PING_INTERVAL).inactive_limit(MAX_SILENCE).max_failures(MAX_MISSED_PINGS);
        let service = JsonRpcServer::builder()
            .max_request_body_size(endpoint.max_payload_in_mb.saturating_mul(MIB))
            .max_response_body_size(endpoint.max_payload_out_mb.saturating_mul(MIB))
            .max_connections(endpoint.max_connections)
            .max_subscriptions_per_connection(endpoint.max_subscriptions_per_connection)
            .enable_ws_ping(ping)
            .set_message_buffer_capacity(endpoint.max_buffer_capacity_per_connection)
            .set_batch_request_config(endpoint.batch_config)
            .set_id_provider(RandomStringIdProvider::new(SUBSCRIPTION_ID_LENGTH))
            .custom_tokio_runtime(runtime.clone())
            .to_service_builder();
        let sockets = usize::try_from(endpoint.max_connections).unwrap_or(usize::MAX);
        Self {
            gate: Gate::new(endpoint.cors.clone(), address),
            deny_unsafe: deny_unsafe(&address, &endpoint.rpc_methods),
            service,
            methods,
            metrics,
            sockets: Arc::new(Semaphore::new(
                sockets.saturating_mul(SOCKETS_PER_CONNECTION).min(Semaphore::MAX_PERMITS),
            )),
            stop,
            endpoint,
        }
    }

    /// A fresh allowance of calls, for one connection.
    fn rate_limit(&self) -> MiddlewareLayer {
        match self.endpoint.rate_limit {
            Some(per_minute) => MiddlewareLayer::new().with_rate_limit_per_minute(per_minute),
            None => MiddlewareLayer::new(),
        }
    }
}

/// One connection through a door.
struct Connection {
    door: Arc<Door>,
    remote: IpAddr,
    limit: MiddlewareLayer,
}

impl Connection {
    /// Answers one request, or upgrades it to a WebSocket.
    async fn answer(&self, mut request: Request<Incoming>) -> io::Result<HttpResponse> {
        let door = &self.door;
        let origin = request.headers().get(header::ORIGIN).cloned();
        let authority = request.uri().authority().map(|authority| authority.as_str().as_bytes().to_vec());
        let host = request.headers().get(header::HOST).map(|host| host.as_bytes().to_vec()).or(authority);
        if let Err(refusal) = door.gate.admit(origin.as_ref().map(|origin| origin.as_bytes()), host.as_deref()) {
            return Ok(browser::refuse(&refusal));
        }
        if let Some(origin) = origin.as_ref().filter(|_| browser::is_preflight(&request)) {
            return Ok(browser::allow_preflight(origin));
        }
        request.extensions_mut().insert(door.deny_unsafe);
        // A concrete error: the compiler cannot show that a boxed one outlives the task.
        let answered = self.call(request).await.map_err(io::Error::other);
        answered.map(|mut response| {
            if let Some(origin) = origin {
                browser::allow(&origin, response.headers_mut());
            }
            response
        })
    }

    /// Lets the methods answer.
    fn call(&self, request: Request<Incoming>) -> BoxFuture<'static, Result<HttpResponse, BoxError>> {
        let door = &self.door;
        let is_websocket = ws::is_upgrade_request(&request);
        let mut layer = if self.is_exempt(&request) { MiddlewareLayer::new() } else { self.limit.clone() };
        if let Some(metrics) = door.metrics.clone() {
            layer = layer.with_metrics(Metrics::new(metrics, if is_websocket { "ws" } else { "http" }));
        }
        let middleware = RpcServiceBuilder::new().layer(layer.clone());
        let mut service =
            door.service.clone().set_rpc_middleware(middleware).build(door.methods.clone(), door.stop.clone());
        if is_websocket {
            let closed = service.on_session_closed();
            tokio::spawn(async move {
                let opened = Instant::now();
                layer.ws_connect();
                closed.await;
                layer.ws_disconnect(opened);
            });
        }
        NodeHealthProxyLayer.layer(service).call(request)
    }

    /// Whether the operator put the asker on the list of those without a rate limit.
    fn is_exempt(&self, request: &Request<Incoming>) -> bool {
        let endpoint = &self.door.endpoint;
        let proxied = endpoint.rate_limit_trust_proxy_headers.then(|| client_ip::named(request.headers())).flatten();
        let asker = proxied.unwrap_or(self.remote);
        endpoint.rate_limit_whitelisted_ips.iter().any(|network| network.contains(asker))
    }
}
