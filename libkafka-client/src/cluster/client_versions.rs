//! Versions that clients may speak: some are for brokers among themselves.

use libkafka_protocol::{ApiKey, Versions};

/// The versions of an API that a client may speak, as Java's client has them.
pub(super) fn client_versions(api: ApiKey) -> Versions {
    match api {
        // From version 4 on it is for brokers that verify transactions, which takes the right to
        // cluster actions (KIP-890).
        ApiKey::ADD_PARTITIONS_TO_TXN => Versions::new(0, 3),
        _ => Versions::ALL,
    }
}
