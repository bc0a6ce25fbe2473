//! `parse`: parses a list of bootstrap addresses, before anything is resolved.

use crate::address::Address;
use crate::error::Error;
use crate::escaped::Escaped;

/// What a configuration enables.
#[derive(Clone, Copy)]
pub(crate) struct Security {
    pub(crate) tls: bool,
    pub(crate) sasl: bool,
}

/// The schemes of Kafka's listeners, and whether they have TLS and SASL.
const SCHEMES: [(&str, Security); 4] = [
    ("PLAINTEXT", security(false, false)),
    ("SSL", security(true, false)),
    ("SASL_PLAINTEXT", security(false, true)),
    ("SASL_SSL", security(true, true)),
];

const fn security(tls: bool, sasl: bool) -> Security {
    Security { tls, sasl }
}

/// Parses the addresses in `text`, which are separated by commas. Empty entries are skipped.
///
/// # Errors
/// [`Error::Bootstrap`] for text that is not an address, and [`Error::Config`] if there is no
/// address at all, or a scheme that contradicts the configuration.
pub(crate) fn parse(text: &str, configured: Security) -> Result<Vec<Address>, Error> {
    let entries = text.split(',').map(str::trim);
    let mut addresses = Vec::new();
    for entry in entries.filter(|entry| !entry.is_empty()) {
        let address = match entry.split_once("://") {
            Some((scheme, address)) => {
                check_scheme(entry, scheme, configured)?;
                address
            }
            None => entry,
        };
        addresses.push(address.parse()?);
    }
    if addresses.is_empty() {
        return Err(refused("there is no address; write host:port".to_owned()));
    }
    Ok(addresses)
}

fn check_scheme(entry: &str, scheme: &str, configured: Security) -> Result<(), Error> {
    let entry = Escaped(entry);
    let known = SCHEMES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(scheme));
    let Some((_, wanted)) = known else {
        return Err(refused(format!(
            "\"{entry}\" has a scheme that no Kafka listener has; write host:port"
        )));
    };
    let what = match (configured, wanted) {
        (Security { tls: false, .. }, Security { tls: true, .. }) => {
            "means TLS, so set Config::tls"
        }
        (Security { tls: true, .. }, Security { tls: false, .. }) => {
            "means no TLS, so leave Config::tls unset"
        }
        (Security { sasl: false, .. }, Security { sasl: true, .. }) => {
            "means SASL, so set Config::sasl"
        }
        (Security { sasl: true, .. }, Security { sasl: false, .. }) => {
            "means no SASL, so leave Config::sasl unset"
        }
        _ => return Ok(()),
    };
    Err(refused(format!(
        "the scheme of \"{entry}\" {what}, or write host:port"
    )))
}

fn refused(reason: String) -> Error {
    Error::Config {
        option: "bootstrap",
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(result: Result<Vec<Address>, Error>) -> String {
        match result {
            Ok(addresses) => addresses.iter().map(|a| format!("{a} ")).collect(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn empty_entries_are_passed_over_and_a_list_of_nothing_else_is_refused() {
        for list in ["a:1,b:2", ",a:1,b:2", "a:1,b:2,", " a:1 ,, b:2 , "] {
            let addresses = parse(list, security(false, false));
            assert_eq!(text(addresses), "a:1 b:2 ", "{list}");
        }
        for list in ["", ",", " , ,"] {
            let refused = text(parse(list, security(false, false)));
            assert!(refused.contains("write host:port"), "{refused}");
        }
    }

    #[test]
    fn a_scheme_of_a_listener_is_taken_if_it_is_that_of_the_configuration() {
        for (i, (scheme, own)) in SCHEMES.into_iter().enumerate() {
            for (j, (_, configured)) in SCHEMES.into_iter().enumerate() {
                let result = text(parse(&format!("{scheme}://a:1,b"), configured));
                if i == j {
                    assert_eq!(result, "a:1 b:9092 ");
                } else {
                    let tls = own.tls != configured.tls;
                    let option = if tls { "Config::tls" } else { "Config::sasl" };
                    assert!(result.contains(option), "{result}");
                }
            }
        }
        assert_eq!(text(parse("sasl_ssl://a", security(true, true))), "a:9092 ");
    }

    #[test]
    fn other_schemes_and_separators_are_refused_with_what_to_write() {
        for list in ["kafka://h:9092", "http://h", "EXTERNAL://h:9092", "://h:1"] {
            let refused = text(parse(list, security(false, false)));
            assert!(refused.contains("write host:port"), "{refused}");
        }
        for list in [
            "h1:9092;h2:9092",
            "h1;h2",
            "PLAINTEXT://h1:1;PLAINTEXT://h2:1",
        ] {
            let refused = text(parse(list, security(false, false)));
            assert!(refused.contains("commas"), "{refused}");
        }
    }
}
