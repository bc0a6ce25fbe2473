//! The values of some integer fields, by Kafka's names for them. In the messages these fields are
//! plain integers, as in Kafka's schemas.

/// The kinds of configuration: `resource_type` in the requests that describe and change
/// configurations (`ConfigResource.Type` in Java).
pub mod config_resource_type {
    /// A topic, by name.
    pub const TOPIC: i8 = 2;
    /// A broker, by the decimal digits of its id. An empty name is the default of all brokers.
    pub const BROKER: i8 = 4;
    /// The log levels of a broker, by the decimal digits of its id (KIP-412).
    pub const BROKER_LOGGER: i8 = 8;
    /// A client metrics subscription (KIP-714).
    pub const CLIENT_METRICS: i8 = 16;
    /// A consumer group, by its id (KIP-848).
    pub const GROUP: i8 = 32;
}

/// How to change a configuration entry: `config_operation` of IncrementalAlterConfigs
/// (`AlterConfigOp.OpType` in Java, KIP-339).
pub mod alter_config_op {
    /// Sets the value.
    pub const SET: i8 = 0;
    /// Restores the default.
    pub const DELETE: i8 = 1;
    /// Adds items to a list.
    pub const APPEND: i8 = 2;
    /// Removes items from a list.
    pub const SUBTRACT: i8 = 3;
}

/// Which offset to look up, if not by time: negative values of `timestamp` in ListOffsets
/// (`ListOffsetsRequest` in Java).
pub mod list_offsets_timestamp {
    /// The end of the log: the high watermark, or the last stable offset for read-committed.
    pub const LATEST: i64 = -1;
    /// The start of the log.
    pub const EARLIEST: i64 = -2;
    /// The record with the greatest timestamp (KIP-734).
    pub const MAX_TIMESTAMP: i64 = -3;
    /// The start of what the broker itself still stores (KIP-405).
    pub const EARLIEST_LOCAL: i64 = -4;
    /// The end of what is in remote storage (KIP-1005).
    pub const LATEST_TIERED: i64 = -5;
    /// The start of what is not yet in remote storage.
    pub const EARLIEST_PENDING_UPLOAD: i64 = -6;
}
