//! [`Users`]: who may authenticate, and how each proves who it is.

use std::collections::BTreeMap;

use super::hash::{Hash, ITERATIONS};

/// Who may authenticate.
#[derive(Debug, Clone, Default)]
pub(crate) struct Users {
    /// By PLAIN.
    passwords: BTreeMap<String, String>,
    scram: BTreeMap<(String, Hash), ScramCredential>,
}

/// What a broker knows of a user that proves by SCRAM who it is.
#[derive(Debug, Clone)]
pub(crate) enum ScramCredential {
    /// Salted anew each time.
    Password(String),
    /// As a client has salted it (KIP-554).
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
    /// Adds a user that knows a password, for all mechanisms.
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

    /// What a user of SCRAM is known by.
    pub(crate) fn credential(&self, name: &str, hash: Hash) -> Option<&ScramCredential> {
        self.scram.get(&(name.to_owned(), hash))
    }

    /// All of SCRAM: the user, the hash, and what the user is known by.
    pub(crate) fn credentials(&self) -> impl Iterator<Item = (&str, Hash, &ScramCredential)> {
        let all = self.scram.iter();
        all.map(|((name, hash), credential)| (name.as_str(), *hash, credential))
    }

    /// Sets what a user of SCRAM is known by; `None` takes it away.
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
