//! SCRAM: both sides prove that they know the password and neither sends it (RFC 5802, KIP-84).

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256, Sha512};

use super::step::{Step, Users};

/// As many as Kafka asks for by default.
const ITERATIONS: u32 = 4096;
const SALT_SIZE: usize = 16;
/// Characters of our part of the nonce.
const NONCE_SIZE: usize = 24;

#[derive(Debug, Clone, Copy)]
pub(super) enum Hash {
    Sha256,
    Sha512,
}

/// An exchange.
#[derive(Debug)]
pub(crate) struct Scram {
    hash: Hash,
    /// What has been said, once the client has said its first.
    first: Option<First>,
}

#[derive(Debug)]
struct First {
    user: String,
    /// The header of the client's first message, to be said again in its second.
    header: String,
    /// The client's first message without that, and ours.
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

    /// Takes a message; `None` if it proves nothing.
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
        let password = users.get(&user).filter(|_| !other)?;
        let mut salt = [0; SALT_SIZE];
        fastrand::fill(&mut salt);
        let ours: String = (0..NONCE_SIZE).map(|_| fastrand::alphanumeric()).collect();
        let nonce = format!("{}{ours}", attribute(bare, "r=")?);
        let challenge = format!("r={nonce},s={},i={ITERATIONS}", BASE64.encode(salt));
        self.first = Some(First {
            user: user.clone(),
            header: format!("{binding},{identity},"),
            said: format!("{bare},{challenge}"),
            nonce,
            salted: self.hash.pbkdf2(password.as_bytes(), &salt),
        });
        Some(Step {
            challenge: challenge.into_bytes(),
            user: None,
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
        })
    }
}

impl Hash {
    fn digest(self, data: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(data).to_vec(),
            Self::Sha512 => Sha512::digest(data).to_vec(),
        }
    }

    fn hmac(self, key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Sha256 => hmac_of::<Hmac<Sha256>>(key, data),
            Self::Sha512 => hmac_of::<Hmac<Sha512>>(key, data),
        }
    }

    fn pbkdf2(self, password: &[u8], salt: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => {
                pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(password, salt, ITERATIONS).to_vec()
            }
            Self::Sha512 => {
                pbkdf2::pbkdf2_hmac_array::<Sha512, 64>(password, salt, ITERATIONS).to_vec()
            }
        }
    }
}

/// `None` for a key that the algorithm does not take; it takes all.
fn hmac_of<M: Mac + KeyInit>(key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let mut mac = <M as KeyInit>::new_from_slice(key).ok()?;
    mac.update(data);
    Some(mac.finalize().into_bytes().to_vec())
}

/// The value behind `name` in a message.
fn attribute<'a>(message: &'a str, name: &str) -> Option<&'a str> {
    let mut parts = message.split(',');
    parts.find_map(|part| part.strip_prefix(name))
}
