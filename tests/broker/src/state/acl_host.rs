//! [`is_among`]: the hosts to which an ACL applies: one address, a block of addresses, or all.

use std::net::IpAddr;

/// Means all hosts.
const WILDCARD: &str = "*";

/// Whether an ACL with these `hosts` applies to a host.
pub(crate) fn is_among(hosts: &str, host: &str) -> bool {
    [WILDCARD, host].contains(&hosts)
        || block(hosts).is_some_and(|(first, length)| {
            let host = host.parse().ok().map(|host| bits(host, length));
            host == Some(bits(first, length))
        })
}

/// Refuses an invalid block of addresses, with Kafka's message.
pub(crate) fn check_host(hosts: &str) -> Result<(), String> {
    if hosts.contains('/') && block(hosts).is_none() {
        return Err(format!(
            "Invalid CIDR notation '{hosts}': Could not parse [{hosts}]"
        ));
    }
    Ok(())
}

/// A block of addresses in the notation of RFC 4632: an address of it, and the length of the
/// prefix in bits.
fn block(hosts: &str) -> Option<(IpAddr, u32)> {
    let (first, length) = hosts.split_once('/')?;
    let first: IpAddr = first.parse().ok()?;
    let most = if first.is_ipv4() { 32 } else { 128 };
    let length = length.parse().ok().filter(|length| *length <= most)?;
    Some((first, length))
}

/// Whether an address is one of IPv4, and its first bits.
fn bits(address: IpAddr, length: u32) -> (bool, u128) {
    let (bits, width) = match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    };
    let bits = bits.checked_shr(width - length.min(width)).unwrap_or(0);
    (address.is_ipv4(), bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_among_those_of_its_block() {
        for (hosts, host, is_in) in [
            ("*", "10.0.0.1", true),
            ("10.0.0.1", "10.0.0.1", true),
            ("10.0.0.1", "10.0.0.2", false),
            ("10.0.0.0/24", "10.0.0.255", true),
            ("10.0.0.9/24", "10.0.1.0", false),
            ("0.0.0.0/0", "10.0.1.0", true),
            ("0.0.0.0/0", "::1", false),
            ("fd00::/8", "fd12::1", true),
            ("fd00::/8", "fe00::1", false),
            ("::/0", "fe00::1", true),
            ("10.0.0.1/32", "10.0.0.1", true),
        ] {
            assert_eq!(is_among(hosts, host), is_in, "{hosts} {host}");
        }
    }

    #[test]
    fn a_block_that_cannot_be_is_refused() {
        for hosts in ["10.0.0.0/33", "10.0.0/8", "x/8", "10.0.0.0/", "::/129"] {
            assert!(check_host(hosts).is_err(), "{hosts}");
        }
    }
}
