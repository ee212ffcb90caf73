// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! Where the RPC listens, and what happens where it cannot.

use std::{
    io,
    net::{SocketAddr, TcpListener},
};

use sc_service::config::RpcEndpoint;
use socket2::{Domain, Protocol, Socket, Type};

/// Connections the system holds until they are accepted; who comes then has to try again.
const BACKLOG: i32 = 1_024;

/// Why nobody is answered at an address.
#[derive(Debug, thiserror::Error)]
#[error(
    "the RPC cannot listen on {address}: give an address of this machine and a free port, with --rpc-port or \
     --experimental-rpc-endpoint"
)]
pub(super) struct ListenError {
    address: SocketAddr,
    #[source]
    cause: io::Error,
}

/// Listens on the endpoint's port, or on any other if that one is taken and the endpoint allows it; nowhere if it is
/// optional and cannot be had.
pub(super) fn listen(endpoint: &RpcEndpoint) -> Result<Option<TcpListener>, ListenError> {
    let address = endpoint.listen_addr;
    let listener = bind(address).or_else(|error| {
        if !endpoint.retry_random_port || error.kind() != io::ErrorKind::AddrInUse {
            return Err(error);
        }
        tracing::warn!(target: "rpc", %address, "The RPC's port is taken: choosing another");
        bind(SocketAddr::new(address.ip(), 0))
    });
    match listener {
        Ok(listener) => Ok(Some(listener)),
        Err(error) if endpoint.is_optional => {
            tracing::debug!(target: "rpc", %address, %error, "Optional RPC endpoint left out");
            Ok(None)
        }
        Err(cause) => Err(ListenError { address, cause }),
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        // Otherwise `[::]` would take IPv4's connections as well, and the port could not be had for both.
        socket.set_only_v6(true)?;
    }
    // The connections of a node that has just been stopped must not keep the port from the next one.
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An endpoint as the command line describes it.
    fn endpoint(address: SocketAddr, options: &str) -> RpcEndpoint {
        format!("listen-addr={address}{options}").parse::<sc_cli::RpcEndpoint>().unwrap().into()
    }

    /// A port that is taken for as long as the listener lives.
    fn taken() -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    }

    #[test]
    fn all_interfaces_of_ipv4_and_ipv6_share_a_port() {
        if TcpListener::bind("[::]:0").is_err() {
            // A machine without IPv6: there is nothing to share with.
            return;
        }
        let ipv4 = listen(&endpoint("0.0.0.0:0".parse().unwrap(), "")).unwrap().unwrap();
        let port = ipv4.local_addr().unwrap().port();
        let ipv6 = listen(&endpoint(format!("[::]:{port}").parse().unwrap(), "")).unwrap().unwrap();
        assert_eq!(ipv6.local_addr().unwrap().port(), port);
    }

    #[test]
    fn a_taken_port_is_an_error_that_names_the_address_and_the_fix() {
        let (_taken, address) = taken();
        let error = listen(&endpoint(address, "")).unwrap_err();
        assert_eq!(error.cause.kind(), io::ErrorKind::AddrInUse);
        let said = error.to_string();
        assert!(said.contains(&address.to_string()) && said.contains("--rpc-port"), "{said}");
    }

    #[test]
    fn an_optional_endpoint_gives_way_to_who_has_the_port() {
        let (_taken, address) = taken();
        assert!(listen(&endpoint(address, ",optional=true")).unwrap().is_none());
    }

    #[test]
    fn another_port_is_chosen_only_where_that_is_allowed() {
        let (_taken, address) = taken();
        assert!(listen(&endpoint(address, ",retry-random-port=false")).is_err());
        let listener = listen(&endpoint(address, ",retry-random-port=true")).unwrap().unwrap();
        let chosen = listener.local_addr().unwrap();
        assert!(chosen.ip() == address.ip() && chosen.port() != address.port(), "{chosen}");
    }
}
