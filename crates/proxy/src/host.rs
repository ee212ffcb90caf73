// SPDX-License-Identifier: Apache-2.0
//! Which origin does a request ask for?
//!
//! A rebinding page reaches loopback under its own name, so only our names count, to the letter: lower case, with the port,
//! without trailing dot. What differs in any way is not ours, whatever it might resolve to.

use http::{header::HOST, request::Parts, uri::Scheme};

use crate::{respond::Refusal, SiteName};

const DASHBOARD: &str = "localhost";
const SITE_SUFFIX: &str = ".kith.localhost";
/// The port a browser leaves out.
const HTTP_PORT: u16 = 80;

/// What an origin of ours shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `http://localhost:PORT`
    Dashboard,
    /// `http://<name>.kith.localhost:PORT`
    Site(SiteName),
}

impl Place {
    /// Reads the one `Host` header, and compares it with the request line where that names a host too.
    pub(crate) fn of(request: &Parts, port: u16) -> Result<Self, Refusal> {
        let mut hosts = request.headers.get_all(HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else { return Err(Refusal::WrongHost) };
        let host = host.to_str().map_err(|_| Refusal::WrongHost)?;
        let line_agrees = match (request.uri.authority(), request.uri.scheme()) {
            (None, None) => true,
            (Some(authority), Some(scheme)) => authority.as_str() == host && *scheme == Scheme::HTTP,
            _ => false,
        };
        if !line_agrees {
            return Err(Refusal::WrongHost);
        }
        Self::named(host, port).ok_or(Refusal::WrongHost)
    }

    fn named(host: &str, port: u16) -> Option<Self> {
        let bare = host.strip_suffix(&port_suffix(port))?;
        if bare == DASHBOARD {
            return Some(Self::Dashboard);
        }
        SiteName::try_from(bare.strip_suffix(SITE_SUFFIX)?).ok().map(Self::Site)
    }

    /// The origin as a browser writes it, such as `http://localhost:7780`.
    pub(crate) fn origin(&self, port: u16) -> String {
        let port = port_suffix(port);
        match self {
            Self::Dashboard => format!("http://{DASHBOARD}{port}"),
            Self::Site(name) => format!("http://{name}{SITE_SUFFIX}{port}"),
        }
    }
}

fn port_suffix(port: u16) -> String {
    if port == HTTP_PORT {
        String::new()
    } else {
        format!(":{port}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;
    use proptest::prelude::*;

    const PORT: u16 = 7780;

    fn place(target: &str, hosts: &[&str]) -> Result<Place, Refusal> {
        let request = hosts.iter().fold(Request::get(target), |request, host| request.header(HOST, *host));
        Place::of(&request.body(()).unwrap().into_parts().0, PORT)
    }

    #[test]
    fn our_names_are_known_to_the_letter() {
        let site = Place::Site(SiteName::try_from("garden").unwrap());
        assert_eq!(place("/", &["localhost:7780"]), Ok(Place::Dashboard));
        assert_eq!(place("/", &["garden.kith.localhost:7780"]), Ok(site.clone()));
        assert_eq!(place("http://garden.kith.localhost:7780/a", &["garden.kith.localhost:7780"]), Ok(site.clone()));
        assert_eq!(site.origin(PORT), "http://garden.kith.localhost:7780");
        assert_eq!(Place::Dashboard.origin(PORT), "http://localhost:7780");
    }

    #[test]
    fn a_browser_leaves_port_80_out() {
        assert_eq!(Place::named("localhost", 80), Some(Place::Dashboard));
        assert_eq!(Place::named("localhost:80", 80), None);
        assert_eq!(Place::Dashboard.origin(80), "http://localhost");
    }

    #[test]
    fn every_other_host_is_refused() {
        let hosts = [
            "",
            "localhost",
            "localhost:",
            "localhost:80",
            "localhost:77800",
            "localhost:07780",
            "localhost:7780 ",
            "localhost.:7780",
            "Localhost:7780",
            "localhost:7780,evil.example",
            "user@localhost:7780",
            "localhost@evil.example:7780",
            "evil.localhost:7780",
            "kith.localhost:7780",
            ".kith.localhost:7780",
            "garden.kith.localhost",
            "garden.kith.localhost:80",
            "garden.kith.localhost.:7780",
            "garden.KITH.localhost:7780",
            "Garden.kith.localhost:7780",
            "a.garden.kith.localhost:7780",
            "garden.kith.localhost.evil.example:7780",
            "-garden.kith.localhost:7780",
            "gärten.kith.localhost:7780",
            "evil.example:7780",
            "evil.example",
            "127.0.0.1:7780",
            "127.1:7780",
            "2130706433:7780",
            "0.0.0.0:7780",
            "[::1]:7780",
            "[::ffff:127.0.0.1]:7780",
            "127.0.0.1.nip.io:7780",
            "localhost.nip.io:7780",
            "garden.kith.127.0.0.1.nip.io:7780",
        ];
        for host in hosts {
            assert_eq!(place("/", &[host]), Err(Refusal::WrongHost), "{host}");
        }
        assert_eq!(place("/", &[]), Err(Refusal::WrongHost));
        assert_eq!(place("/", &["localhost:7780", "localhost:7780"]), Err(Refusal::WrongHost));
        assert_eq!(place("/", &["localhost:7780", "evil.example"]), Err(Refusal::WrongHost));
    }

    #[test]
    fn a_request_line_that_names_another_host_is_refused() {
        let ours = "localhost:7780";
        for target in [
            "http://evil.example/",
            "http://garden.kith.localhost:7780/",
            "https://localhost:7780/",
            "http://a@localhost:7780/",
            "http://LOCALHOST:7780/",
            "http://localhost/",
        ] {
            assert_eq!(place(target, &[ours]), Err(Refusal::WrongHost), "{target}");
            assert_eq!(place(target, &["evil.example"]), Err(Refusal::WrongHost), "{target}");
        }
        let connect = Request::connect("localhost:7780").header(HOST, ours).body(()).unwrap().into_parts().0;
        assert_eq!(Place::of(&connect, PORT), Err(Refusal::WrongHost));
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_exactly_the_origin_without_its_scheme(host in "[a-zA-Z0-9.:@-]{0,12}(localhost|\\.kith\\.localhost)?(:7780)?") {
            if let Some(place) = Place::named(&host, PORT) {
                prop_assert_eq!(place.origin(PORT), format!("http://{host}"));
            }
        }
    }
}
