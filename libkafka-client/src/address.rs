//! `Address`: the host and port of a broker.

use core::net::Ipv6Addr;
use std::fmt;
use std::str::FromStr;

use crate::escaped::Escaped;

/// The port of an address that does not name one.
const DEFAULT_PORT: u16 = 9092;

/// The host and port of a broker, not resolved yet.
///
/// ```
/// # use libkafka_client::Address;
/// let address: Address = "kafka-1.example:9093".parse()?;
/// assert_eq!((address.host.as_str(), address.port), ("kafka-1.example", 9093));
/// assert_eq!("[::1]".parse::<Address>()?.to_string(), "[::1]:9092");
/// # Ok::<(), libkafka_client::ParseAddressError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    /// A name or an IP address; IPv6 addresses without brackets.
    pub host: String,
    /// The TCP port.
    pub port: u16,
}

impl Address {
    /// Makes an address from its parts.
    pub fn new(host: impl Into<String>, port: u16) -> Self {
        Self {
            host: host.into(),
            port,
        }
    }

    /// The address that a broker advertises. Brokers send ports as `int32`.
    pub(crate) fn advertised(host: &str, port: i32) -> Option<Self> {
        let port = u16::try_from(port).ok().filter(|port| *port > 0)?;
        Some(Self::new(host, port))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        let is_ipv6 = host.contains(':');
        let host = Escaped(host);
        if is_ipv6 {
            write!(f, "[{host}]:{port}")
        } else {
            write!(f, "{host}:{port}")
        }
    }
}

/// An error for text that is not `host`, `host:port` or `[IPv6]:port`.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{}\" is not host:port: {reason}", Escaped(.text))]
pub struct ParseAddressError {
    text: String,
    reason: &'static str,
}

/// The same as [`Display`](fmt::Display).
impl fmt::Debug for ParseAddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Address {
    type Err = ParseAddressError;

    fn from_str(text: &str) -> Result<Self, ParseAddressError> {
        parse(text).map_err(|reason| ParseAddressError {
            text: text.to_owned(),
            reason,
        })
    }
}

fn parse(text: &str) -> Result<Address, &'static str> {
    if text.contains([',', ';']) {
        return Err("it is a list; separate bootstrap addresses with commas");
    }
    if text.contains("://") {
        return Err("it begins with a scheme");
    }
    let (host, port) = if let Some(rest) = text.strip_prefix('[') {
        let (host, rest) = rest.split_once(']').ok_or("the bracket is not closed")?;
        if !is_ipv6(host) {
            return Err("only an IPv6 address may be in brackets");
        }
        match rest {
            "" => (host, None),
            _ => {
                let port = rest.strip_prefix(':');
                (
                    host,
                    Some(port.ok_or("the bracket must be followed by a colon and the port")?),
                )
            }
        }
    } else if text.matches(':').count() > 1 {
        if !is_ipv6(text) {
            return Err("it has several colons and is not an IPv6 address");
        }
        (text, None)
    } else {
        let (host, port) = match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        };
        if host.is_empty() {
            return Err("the host is missing");
        }
        let is_of_host = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
        if !host.chars().all(is_of_host) {
            return Err("a host consists of letters, digits, dots, hyphens and underscores");
        }
        (host, port)
    };
    let port = port.map_or(Ok(DEFAULT_PORT), parse_port)?;
    Ok(Address::new(host, port))
}

fn parse_port(text: &str) -> Result<u16, &'static str> {
    // `u16` would take a sign.
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse() {
        Ok(port @ 1..) if is_number => Ok(port),
        _ => Err("the port is a number from 1 to 65535"),
    }
}

/// Whether the text is an IPv6 address, with or without a zone such as `%eth0`.
fn is_ipv6(text: &str) -> bool {
    let (address, zone) = match text.split_once('%') {
        Some((address, zone)) => (address, Some(zone)),
        None => (text, None),
    };
    let is_zone = |zone: &str| !zone.is_empty() && zone.chars().all(char::is_alphanumeric);
    address.parse::<Ipv6Addr>().is_ok() && zone.is_none_or(is_zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_with_and_without_port_and_brackets() {
        for (text, host, port) in [
            ("a", "a", 9092),
            ("a:1", "a", 1),
            ("kafka_1.my-net:09092", "kafka_1.my-net", 9092),
            ("10.0.0.1:65535", "10.0.0.1", 65535),
            ("::1", "::1", 9092),
            ("[::1]:7", "::1", 7),
            ("[fe80::1%eth0]:7", "fe80::1%eth0", 7),
        ] {
            assert_eq!(text.parse(), Ok(Address::new(host, port)), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            ":1",
            "a:",
            "a:x",
            "a:65536",
            "[::1",
            "[::1]7",
            "a b:1",
            "a:0",
            "a:+1",
            "a:-1",
            "a: 1",
            "a:b:1",
            "1:2:3",
            "[a]:1",
            "[10.0.0.1]:1",
            "::1%",
            "a;b",
            "a:1;b:1",
            "a,b",
            "a/b",
            "a:1/",
            "user@a:1",
            "kafka://a:1",
            "PLAINTEXT://a:1",
            "a\n:1",
            "\"a\":1",
        ] {
            let error = text.parse::<Address>().expect_err(text);
            assert!(!format!("{error:?}").contains('\n'), "{error}");
        }
    }

    #[test]
    fn a_broker_without_a_port_that_can_be_reached_is_nowhere() {
        for port in [i32::MIN, -1, 0, 65536] {
            assert_eq!(Address::advertised("a", port), None);
        }
    }
}
