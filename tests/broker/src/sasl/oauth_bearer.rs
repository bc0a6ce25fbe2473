//! `OauthBearer`: the mechanism OAUTHBEARER, with a token that names its bearer (RFC 7628,
//! KIP-255). Tokens are the unsecured ones that Kafka's own default handler accepts: anyone can
//! make them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;

use super::step::Step;

/// The answer to an invalid token. The client must send another message before the end.
const INVALID: &[u8] = br#"{"status":"invalid_token"}"#;

/// An exchange.
#[derive(Debug, Default)]
pub(crate) struct OauthBearer {
    is_refused: bool,
}

impl OauthBearer {
    /// Handles a message that contains a token.
    ///
    /// # Errors
    /// Kafka's message to a client that it refuses; empty if it closes the connection instead.
    pub(super) fn step(&mut self, message: &[u8], now_ms: i64) -> Result<Step, String> {
        let failed = || {
            "Authentication failed during authentication due to invalid credentials with SASL mechanism OAUTHBEARER"
                .to_owned()
        };
        if self.is_refused {
            return Err(String::from_utf8_lossy(INVALID).into_owned());
        }
        let text = std::str::from_utf8(message).map_err(|_| failed())?;
        let (header, fields) = text.split_once('\u{1}').ok_or_else(failed)?;
        let identity = header
            .strip_prefix("n,")
            .and_then(|rest| rest.strip_suffix(','));
        let identity = identity.ok_or_else(failed)?;
        let token = fields
            .split('\u{1}')
            .find_map(|field| field.strip_prefix("auth="));
        let token = token.and_then(|auth| auth.split_once(' '));
        let (scheme, token) = token.ok_or_else(failed)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(String::new());
        }
        let Some((user, expires_ms)) = claims(token.trim(), now_ms) else {
            self.is_refused = true;
            return Ok(Step {
                challenge: INVALID.to_vec(),
                user: None,
                expires_ms: None,
            });
        };
        let claimed = identity.strip_prefix("a=").unwrap_or_default();
        if !claimed.is_empty() && claimed != user {
            return Err(format!(
                "Authentication failed: Client requested an authorization id ({claimed}) that is different from the token's principal name ({user})"
            ));
        }
        Ok(Step {
            challenge: Vec::new(),
            user: Some(user),
            expires_ms: Some(expires_ms),
        })
    }
}

/// The owner and expiry of an unsecured token; `None` if it is not valid now.
fn claims(token: &str, now_ms: i64) -> Option<(String, i64)> {
    let mut parts = token.split('.');
    let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || !signature.is_empty() {
        return None;
    }
    let decode = |part: &str| {
        let bytes = BASE64URL.decode(part.trim_end_matches('=')).ok()?;
        String::from_utf8(bytes).ok()
    };
    if text(&decode(header)?, "alg")? != "none" {
        return None;
    }
    let payload = decode(payload)?;
    let expires_ms = number(&payload, "exp")?;
    let issued_ms = number(&payload, "iat").unwrap_or(i64::MIN);
    let user = text(&payload, "sub").filter(|user| !user.is_empty())?;
    (issued_ms <= now_ms && now_ms < expires_ms).then_some((user, expires_ms))
}

/// What follows the name of a claim in the JSON of a token. Values that look like names of claims
/// are not treated specially: anyone can claim anything to this broker anyway.
fn claim<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = json.split_once(&format!("\"{name}\""))?;
    Some(rest.trim_start().strip_prefix(':')?.trim_start())
}

fn text(json: &str, name: &str) -> Option<String> {
    let (value, _) = claim(json, name)?.strip_prefix('"')?.split_once('"')?;
    Some(value.to_owned())
}

/// Converts seconds, which may have a fraction, to milliseconds.
fn number(json: &str, name: &str) -> Option<i64> {
    let value = claim(json, name)?;
    let end = value.find(|c: char| !(c.is_ascii_digit() || ".-+eE".contains(c)));
    let seconds: f64 = value[..end.unwrap_or(value.len())].parse().ok()?;
    Some((seconds * 1000.0) as i64)
}
