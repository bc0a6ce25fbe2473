//! Where a broker is.

use std::fmt;
use std::str::FromStr;

/// Port of Kafka where an address names none.
const DEFAULT_PORT: u16 = 9092;

/// Host and port of a broker, not resolved yet.
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
    /// Name or IP address, an IPv6 one without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

impl Address {
    /// An address from its parts.
    pub fn new(host: impl Into<String>, port: u16) -> Self {
        Self {
            host: host.into(),
            port,
        }
    }

    /// The address that a broker advertises; brokers send ports as `int32`.
    pub(crate) fn advertised(host: &str, port: i32) -> Option<Self> {
        Some(Self::new(host, u16::try_from(port).ok()?))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') {
            write!(f, "[{host}]:{port}")
        } else {
            write!(f, "{host}:{port}")
        }
    }
}

/// The text is not `host`, `host:port` or `[IPv6]:port`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not host:port")]
pub struct ParseAddressError(String);

impl FromStr for Address {
    type Err = ParseAddressError;

    fn from_str(text: &str) -> Result<Self, ParseAddressError> {
        let error = || ParseAddressError(text.to_owned());
        let (host, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (host, rest) = rest.split_once(']').ok_or_else(error)?;
                match rest {
                    "" => (host, None),
                    _ => (host, Some(rest.strip_prefix(':').ok_or_else(error)?)),
                }
            }
            // More than one colon without brackets: an IPv6 address by itself.
            None if text.matches(':').count() > 1 => (text, None),
            None => match text.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (text, None),
            },
        };
        if host.is_empty() || host.contains(char::is_whitespace) {
            return Err(error());
        }
        let port = match port {
            Some(port) => port.parse().map_err(|_| error())?,
            None => DEFAULT_PORT,
        };
        Ok(Self::new(host, port))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_with_and_without_port_and_brackets() {
        for (text, host, port) in [
            ("a", "a", 9092),
            ("a:1", "a", 1),
            ("10.0.0.1:65535", "10.0.0.1", 65535),
            ("::1", "::1", 9092),
            ("[::1]:7", "::1", 7),
        ] {
            assert_eq!(text.parse(), Ok(Address::new(host, port)), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", ":1", "a:", "a:x", "a:65536", "[::1", "[::1]7", "a b:1"] {
            assert!(text.parse::<Address>().is_err(), "{text:?}");
        }
    }
}
