// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! Whose request a reverse proxy passes on. Asked only where the operator trusts the proxy's headers.

use std::net::{IpAddr, SocketAddr};

use http::{header, HeaderMap, HeaderName};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_REAL_IP: HeaderName = HeaderName::from_static("x-real-ip");

/// The first address named by `Forwarded` (RFC 7239), `X-Forwarded-For` or `X-Real-IP`, in this order.
pub(super) fn named(headers: &HeaderMap) -> Option<IpAddr> {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    text(&header::FORWARDED)
        .and_then(forwarded)
        .or_else(|| text(&X_FORWARDED_FOR).and_then(|list| address(list.split(',').next()?)))
        .or_else(|| text(&X_REAL_IP).and_then(address))
}

/// The `for` parameter of the first element.
fn forwarded(value: &str) -> Option<IpAddr> {
    value.split(',').next()?.split(';').find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        key.eq_ignore_ascii_case("for").then(|| address(value)).flatten()
    })
}

/// An address, perhaps quoted, in brackets, or with a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &'static str, value: &'static str) -> Option<IpAddr> {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        named(&headers)
    }

    #[test]
    fn each_header_is_understood() {
        let expected = Some(IpAddr::from([192, 0, 2, 60]));
        assert_eq!(of("forwarded", "proto=http;For=\"192.0.2.60:8080\", for=10.0.0.1"), expected);
        assert_eq!(of("x-forwarded-for", "192.0.2.60, 10.0.0.1"), expected);
        assert_eq!(of("x-real-ip", "192.0.2.60"), expected);
        assert_eq!(of("forwarded", "for=\"[2001:db8::1]:80\""), "2001:db8::1".parse().ok());
        assert_eq!(of("x-real-ip", "[2001:db8::1]"), "2001:db8::1".parse().ok());
    }

    #[test]
    fn nonsense_names_nobody() {
        for value in ["", "unknown", "for=_hidden", ";;,", "999.1.1.1", "for="] {
            assert_eq!(of("forwarded", value), None, "{value}");
            assert_eq!(of("x-forwarded-for", value), None, "{value}");
        }
        assert_eq!(named(&HeaderMap::new()), None);
    }
}
