//! `Hash` and `Salting`: the functions that SCRAM consists of (RFC 5802).

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256, Sha512};

use crate::deadline::Deadline;
use crate::sasl_error::SaslError;

/// The number of rounds, a few milliseconds of work, between two checks of the deadline.
const ROUNDS_AT_ONCE: u32 = 1024;

#[derive(Debug, Clone, Copy)]
pub(super) enum Hash {
    Sha256,
    Sha512,
}

impl Hash {
    pub(super) fn digest(self, data: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(data).to_vec(),
            Self::Sha512 => Sha512::digest(data).to_vec(),
        }
    }

    pub(super) fn hmac(self, key: &[u8], data: &[u8]) -> Result<Vec<u8>, SaslError> {
        match self {
            Self::Sha256 => hmac::<Hmac<Sha256>>(key, data),
            Self::Sha512 => hmac::<Hmac<Sha512>>(key, data),
        }
    }

    /// Begins to salt a password.
    pub(super) fn salt(
        self,
        password: &str,
        salt: &[u8],
        iterations: u32,
    ) -> Result<Box<dyn Salting>, SaslError> {
        Ok(match self {
            Self::Sha256 => Box::new(Rounds::<Hmac<Sha256>>::new(password, salt, iterations)?),
            Self::Sha512 => Box::new(Rounds::<Hmac<Sha512>>::new(password, salt, iterations)?),
        })
    }
}

/// `Hi` of RFC 5802 in progress, which is PBKDF2 with a single block. The broker, which may be
/// hostile, chooses the number of rounds, so it can be interrupted for other work.
pub(super) trait Salting: Send {
    /// Continues until the deadline, or for some rounds if that has passed. Returns the salted
    /// password once it is done.
    fn advance(&mut self, deadline: Deadline) -> Option<Vec<u8>>;
}

struct Rounds<M> {
    mac: M,
    block: Vec<u8>,
    salted: Vec<u8>,
    left: u32,
}

impl<M: Mac + KeyInit + Clone> Rounds<M> {
    fn new(password: &str, salt: &[u8], iterations: u32) -> Result<Self, SaslError> {
        let mac = keyed::<M>(password.as_bytes())?;
        let first = mac.clone().chain_update(salt).chain_update([0, 0, 0, 1]);
        let block = first.finalize().into_bytes().to_vec();
        Ok(Self {
            mac,
            salted: block.clone(),
            block,
            left: iterations.saturating_sub(1),
        })
    }
}

impl<M: Mac + KeyInit + Clone + Send> Salting for Rounds<M> {
    fn advance(&mut self, deadline: Deadline) -> Option<Vec<u8>> {
        while self.left > 0 {
            let rounds = self.left.min(ROUNDS_AT_ONCE);
            for _ in 0..rounds {
                let mac = self.mac.clone().chain_update(&self.block);
                self.block.copy_from_slice(&mac.finalize().into_bytes());
                for (salted, byte) in self.salted.iter_mut().zip(&self.block) {
                    *salted ^= byte;
                }
            }
            self.left -= rounds;
            if self.left > 0 && deadline.is_past() {
                return None;
            }
        }
        Some(self.salted.clone())
    }
}

fn keyed<M: KeyInit>(key: &[u8]) -> Result<M, SaslError> {
    M::new_from_slice(key).map_err(|_| SaslError::Challenge("a key has an invalid length"))
}

fn hmac<M: Mac + KeyInit>(key: &[u8], data: &[u8]) -> Result<Vec<u8>, SaslError> {
    let mac = keyed::<M>(key)?.chain_update(data);
    Ok(mac.finalize().into_bytes().to_vec())
}
