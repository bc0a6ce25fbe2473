//! `client_versions`: the versions that clients may use; some are only for brokers.

use libkafka_protocol::{ApiKey, Versions};

/// The versions of an API that a client may use, according to Java's client.
pub(super) fn client_versions(api: ApiKey) -> Versions {
    match api {
        // From version 4 on it is for brokers that verify transactions, which takes the right to
        // cluster actions (KIP-890).
        ApiKey::ADD_PARTITIONS_TO_TXN => Versions::new(0, 3),
        _ => Versions::ALL,
    }
}
