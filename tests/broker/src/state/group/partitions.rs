//! [`Partitions`]: a set of partitions.

use std::collections::BTreeSet;

use libkafka_protocol::Uuid;

/// Topic ids and partitions.
pub(crate) type Partitions = BTreeSet<(Uuid, i32)>;
