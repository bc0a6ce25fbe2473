//! `withhold_echo`: removes the sent secret from a broker's text.

/// The shortest secret to look for, in bytes: shorter text would be found anywhere.
const SHORTEST: usize = 3;

/// The text of a broker about an authentication, without the password or token in `sent` if the
/// broker echoes it: the text goes into errors and log lines.
pub(crate) fn withhold_echo(text: &str, sent: &[u8]) -> String {
    let sent = String::from_utf8_lossy(sent);
    secrets(&sent)
        .filter(|secret| secret.len() >= SHORTEST)
        .fold(text.to_owned(), |text, secret| {
            text.replace(secret, "(withheld)")
        })
}

/// The secrets in a message of a mechanism.
fn secrets(sent: &str) -> Box<dyn Iterator<Item = &str> + '_> {
    if let Some((_, password)) = sent.rsplit_once('\0') {
        // PLAIN: name, name and password.
        Box::new(std::iter::once(password))
    } else if sent.contains('\x01') {
        // OAUTHBEARER: a header, and keys with values, of which the first is the token.
        let values = sent.split('\x01').filter_map(|pair| pair.split_once('='));
        Box::new(values.map(|(_, value)| value.strip_prefix("Bearer ").unwrap_or(value)))
    } else {
        Box::new(std::iter::once(sent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_was_sent_is_withheld_and_the_name_is_not() {
        let plain = b"\0alice\0hunter2";
        let text = withhold_echo("alice: hunter2 is wrong, hunter2!", plain);
        assert_eq!(text, "alice: (withheld) is wrong, (withheld)!");
        let bearer = b"n,,\x01auth=Bearer abc.def\x01key=extra\x01\x01";
        let text = withhold_echo("bad token abc.def (extra)", bearer);
        assert_eq!(text, "bad token (withheld) ((withheld))");
        assert_eq!(withhold_echo("got n=me,r=1", b"n=me,r=1"), "got (withheld)");
    }

    #[test]
    fn other_text_stays_as_it_is() {
        assert_eq!(withhold_echo("wrong", b"\0a\0b"), "wrong");
        assert_eq!(withhold_echo("wrong", b""), "wrong");
    }
}
