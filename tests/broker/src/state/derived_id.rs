//! `derived_uuid`: an id that is derived from names.

use libkafka_protocol::Uuid;
use sha2::{Digest, Sha256};

/// An id that is always the same for these names, and that Kafka could have generated: it never
/// begins with a dash.
pub(crate) fn derived_uuid(names: &[&str]) -> Uuid {
    let mut hash = Sha256::new();
    for name in names {
        hash.update(name.len().to_be_bytes());
        hash.update(name);
    }
    loop {
        let digest: [u8; 32] = hash.clone().finalize().into();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        let id = Uuid::from(u128::from_be_bytes(bytes));
        if !id.to_string().starts_with('-') {
            return id;
        }
        hash.update(digest);
    }
}
