// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! Which web pages may reach the RPC.
//!
//! A browser names the page in `Origin` and the server in `Host`. A page of a foreign origin is refused, over HTTP as over
//! WebSocket, where no CORS header would stop it; so is a name that was made to point at this machine (DNS rebinding).

use std::net::SocketAddr;

/// Stands for any port at the end of an allowed origin.
const ANY_PORT: &str = ":*";
/// Names under which the loopback interface is known.
const LOCAL_HOSTS: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Why a request is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// The page's origin is not allowed.
    #[error("this origin may not use the RPC: the operator allows origins with --rpc-cors")]
    Origin,
    /// The request does not name the server as the server knows itself.
    #[error(
        "this host name is not the RPC's: use localhost and the RPC's port, or start the node with --rpc-cors all"
    )]
    Host,
}

/// Who may come in.
#[derive(Clone, Debug)]
pub(super) enum Gate {
    /// Everybody: the operator said so.
    Open,
    /// Programs, and pages of these origins, that name the server by one of these hosts.
    Guarded {
        /// Origins, some ending in [`ANY_PORT`].
        origins: Vec<String>,
        /// Hosts with the port.
        hosts: Vec<String>,
    },
}

impl Gate {
    /// The gate of a server at `address`; no `origins` stand for all.
    pub(super) fn new(origins: Option<Vec<String>>, address: SocketAddr) -> Self {
        match origins {
            None => Self::Open,
            Some(origins) => {
                Self::Guarded { origins, hosts: LOCAL_HOSTS.map(|host| format!("{host}:{}", address.port())).to_vec() }
            }
        }
    }

    /// Whether a request with these headers may come in.
    pub(super) fn admit(&self, origin: Option<&[u8]>, host: Option<&[u8]>) -> Result<(), Refusal> {
        let Self::Guarded { origins, hosts } = self else { return Ok(()) };
        let host = host.ok_or(Refusal::Host)?;
        if !hosts.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(host)) {
            return Err(Refusal::Host);
        }
        match origin {
            // Browsers always send it where it matters; programs never do.
            None => Ok(()),
            Some(origin) if origins.iter().any(|allowed| matches(allowed.as_bytes(), origin)) => Ok(()),
            Some(_) => Err(Refusal::Origin),
        }
    }
}

/// Whether the origin is the allowed one, on any port if that is what is allowed.
fn matches(allowed: &[u8], origin: &[u8]) -> bool {
    let Some(base) = allowed.strip_suffix(ANY_PORT.as_bytes()) else { return allowed.eq_ignore_ascii_case(origin) };
    let Some((start, port)) = origin.split_at_checked(base.len()) else { return false };
    start.eq_ignore_ascii_case(base)
        && match port {
            [] => true,
            [b':', digits @ ..] => (1..=5).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: Option<&[u8]> = Some(b"127.0.0.1:9944");

    fn gate() -> Gate {
        let origins = ["http://localhost:*", "https://polkadot.js.org"].map(String::from).to_vec();
        Gate::new(Some(origins), SocketAddr::from(([127, 0, 0, 1], 9944)))
    }

    #[test]
    fn a_program_comes_in() {
        assert_eq!(gate().admit(None, HOST), Ok(()));
    }

    #[test]
    fn allowed_pages_come_in_on_any_port_where_that_is_allowed() {
        for origin in ["http://localhost", "http://localhost:3000", "https://polkadot.js.org", "HTTP://LOCALHOST:80"] {
            assert_eq!(gate().admit(Some(origin.as_bytes()), HOST), Ok(()), "{origin}");
        }
    }

    #[test]
    fn foreign_pages_and_look_alikes_are_refused() {
        for origin in [
            "https://evil.example",
            "null",
            "",
            "http://localhost.evil.example",
            "http://localhost:80.evil.example",
            "http://localhost:80@evil.example",
            "http://localhost:",
            "http://localhost:123456",
            "https://localhost:3000",
            "http://evil.kith.localhost:7780",
            "https://polkadot.js.org:444",
            "https://polkadot.js.org.evil.example",
        ] {
            assert_eq!(gate().admit(Some(origin.as_bytes()), HOST), Err(Refusal::Origin), "{origin}");
        }
    }

    #[test]
    fn names_that_were_made_to_point_here_are_refused() {
        for host in ["127.0.0.1.nip.io:9944", "evil.example:9944", "localhost:9945", "localhost", "", "127.0.0.1"] {
            assert_eq!(gate().admit(None, Some(host.as_bytes())), Err(Refusal::Host), "{host}");
        }
        assert_eq!(gate().admit(None, None), Err(Refusal::Host));
        for host in ["localhost:9944", "LocalHost:9944", "[::1]:9944"] {
            assert_eq!(gate().admit(None, Some(host.as_bytes())), Ok(()), "{host}");
        }
    }

    #[test]
    fn the_operator_may_open_the_gate() {
        let gate = Gate::new(None, SocketAddr::from(([0, 0, 0, 0], 9944)));
        assert_eq!(gate.admit(Some(b"https://any.example"), Some(b"any.example")), Ok(()));
    }
}
