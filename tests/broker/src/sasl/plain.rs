//! PLAIN: name and password, unencrypted (RFC 4616).

use super::step::Step;
use super::users::Users;

/// Handles the only message of the mechanism.
pub(super) fn step(message: &[u8], users: &Users) -> Result<Step, String> {
    let text = std::str::from_utf8(message);
    let text = text.map_err(|_| "Invalid SASL/PLAIN response: it is not UTF-8".to_owned())?;
    let tokens: Vec<&str> = text.split('\0').collect();
    let [identity, name, password] = tokens[..] else {
        return Err(format!(
            "Invalid SASL/PLAIN response: expected 3 tokens, got {}",
            tokens.len()
        ));
    };
    if name.is_empty() {
        return Err("Authentication failed: username not specified".to_owned());
    }
    if password.is_empty() {
        return Err("Authentication failed: password not specified".to_owned());
    }
    if users.password(name) != Some(password) {
        return Err("Authentication failed: Invalid username or password".to_owned());
    }
    if !(identity.is_empty() || identity == name) {
        return Err(
            "Authentication failed: Client requested an authorization id that is different from username"
                .to_owned(),
        );
    }
    Ok(Step {
        challenge: Vec::new(),
        user: Some(name.to_owned()),
        expires_ms: None,
    })
}
