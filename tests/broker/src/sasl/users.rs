//! [`Users`]: the users that may authenticate, and their credentials.

use std::collections::BTreeMap;

use super::hash::{Hash, ITERATIONS};

/// The users that may authenticate.
#[derive(Debug, Clone, Default)]
pub(crate) struct Users {
    /// Passwords for PLAIN.
    passwords: BTreeMap<String, String>,
    scram: BTreeMap<(String, Hash), ScramCredential>,
}

/// What a broker stores about a user of SCRAM.
#[derive(Debug, Clone)]
pub(crate) enum ScramCredential {
    /// A password, salted again each time.
    Password(String),
    /// A password that a client has salted (KIP-554).
    Salted {
        iterations: u32,
        salt: Vec<u8>,
        salted: Vec<u8>,
    },
}

impl ScramCredential {
    pub(crate) fn iterations(&self) -> u32 {
        match self {
            Self::Password(_) => ITERATIONS,
            Self::Salted { iterations, .. } => *iterations,
        }
    }
}

impl Users {
    /// Adds a user with a password, for all mechanisms.
    pub(crate) fn add(&mut self, name: &str, password: &str) {
        self.passwords.insert(name.to_owned(), password.to_owned());
        for hash in [Hash::Sha256, Hash::Sha512] {
            let credential = ScramCredential::Password(password.to_owned());
            self.scram.insert((name.to_owned(), hash), credential);
        }
    }

    /// The password of a user of PLAIN.
    pub(crate) fn password(&self, name: &str) -> Option<&str> {
        self.passwords.get(name).map(String::as_str)
    }

    /// The SCRAM credential of a user.
    pub(crate) fn credential(&self, name: &str, hash: Hash) -> Option<&ScramCredential> {
        self.scram.get(&(name.to_owned(), hash))
    }

    /// All SCRAM credentials: the user, the hash, and the credential.
    pub(crate) fn credentials(&self) -> impl Iterator<Item = (&str, Hash, &ScramCredential)> {
        let all = self.scram.iter();
        all.map(|((name, hash), credential)| (name.as_str(), *hash, credential))
    }

    /// Sets the SCRAM credential of a user; `None` removes it.
    pub(crate) fn set_credential(
        &mut self,
        name: &str,
        hash: Hash,
        credential: Option<ScramCredential>,
    ) {
        let key = (name.to_owned(), hash);
        match credential {
            Some(credential) => self.scram.insert(key, credential),
            None => self.scram.remove(&key),
        };
    }
}
