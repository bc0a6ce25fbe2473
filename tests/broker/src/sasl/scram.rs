//! `Scram`: both sides prove that they know the password, and neither sends it (RFC 5802, KIP-84).

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::hash::{Hash, ITERATIONS};
use super::step::Step;
use super::users::{ScramCredential, Users};

const SALT_SIZE: usize = 16;
/// The number of characters in the broker's part of the nonce.
const NONCE_SIZE: usize = 24;

/// An exchange.
#[derive(Debug)]
pub(crate) struct Scram {
    hash: Hash,
    /// The first messages, once the client has sent its own.
    first: Option<First>,
}

#[derive(Debug)]
struct First {
    user: String,
    /// The header of the client's first message, which it must repeat in its second.
    header: String,
    /// The client's first message without that header, and the broker's.
    said: String,
    nonce: String,
    salted: Vec<u8>,
}

impl Scram {
    pub(super) fn new(hash: Hash) -> Self {
        Self { hash, first: None }
    }

    pub(super) fn name(&self) -> &'static str {
        match self.hash {
            Hash::Sha256 => "SCRAM-SHA-256",
            Hash::Sha512 => "SCRAM-SHA-512",
        }
    }

    /// Handles a message; `None` if it does not prove anything.
    pub(super) fn step(&mut self, message: &[u8], users: &Users) -> Option<Step> {
        let message = std::str::from_utf8(message).ok()?;
        match self.first.take() {
            None => self.first(message, users),
            Some(first) => self.last(message, first),
        }
    }

    fn first(&mut self, message: &str, users: &Users) -> Option<Step> {
        // `n,,n=user,r=nonce`: no channel binding, perhaps another identity, the user, the nonce.
        let (binding, rest) = message.split_once(',')?;
        let (identity, bare) = rest.split_once(',')?;
        if binding != "n" && binding != "y" {
            return None;
        }
        let user = attribute(bare, "n=")?
            .replace("=2C", ",")
            .replace("=3D", "=");
        let other = identity
            .strip_prefix("a=")
            .is_some_and(|other| other != user);
        let credential = users.credential(&user, self.hash).filter(|_| !other)?;
        let (iterations, salt, salted) = match credential {
            ScramCredential::Password(password) => {
                let mut salt = [0; SALT_SIZE];
                fastrand::fill(&mut salt);
                let salted = self.hash.pbkdf2(password.as_bytes(), &salt);
                (ITERATIONS, salt.to_vec(), salted)
            }
            ScramCredential::Salted {
                iterations,
                salt,
                salted,
            } => (*iterations, salt.clone(), salted.clone()),
        };
        let ours: String = (0..NONCE_SIZE).map(|_| fastrand::alphanumeric()).collect();
        let nonce = format!("{}{ours}", attribute(bare, "r=")?);
        let challenge = format!("r={nonce},s={},i={iterations}", BASE64.encode(salt));
        self.first = Some(First {
            user: user.clone(),
            header: format!("{binding},{identity},"),
            said: format!("{bare},{challenge}"),
            nonce,
            salted,
        });
        Some(Step {
            challenge: challenge.into_bytes(),
            user: None,
            expires_ms: None,
        })
    }

    fn last(&self, message: &str, first: First) -> Option<Step> {
        let hash = self.hash;
        let (unproven, proof) = message.rsplit_once(",p=")?;
        let bound = attribute(unproven, "c=")? == BASE64.encode(&first.header);
        if !bound || attribute(unproven, "r=")? != first.nonce {
            return None;
        }
        let said = format!("{},{unproven}", first.said);
        let client_key = hash.hmac(&first.salted, b"Client Key")?;
        let stored_key = hash.digest(&client_key);
        let signature = hash.hmac(&stored_key, said.as_bytes())?;
        let proof = BASE64.decode(proof).ok()?;
        if proof.len() != signature.len() {
            return None;
        }
        let proven: Vec<u8> = proof.iter().zip(&signature).map(|(a, b)| a ^ b).collect();
        if hash.digest(&proven) != stored_key {
            return None;
        }
        let server_key = hash.hmac(&first.salted, b"Server Key")?;
        let verifier = BASE64.encode(hash.hmac(&server_key, said.as_bytes())?);
        Some(Step {
            challenge: format!("v={verifier}").into_bytes(),
            user: Some(first.user),
            expires_ms: None,
        })
    }
}

/// The value of `name` in a message.
fn attribute<'a>(message: &'a str, name: &str) -> Option<&'a str> {
    let mut parts = message.split(',');
    parts.find_map(|part| part.strip_prefix(name))
}
