use super::prelude::*;

/// Gives a producer its id and epoch. With a transactional id it goes to the transaction
/// coordinator, which fences earlier producers of that name and ends what they left open; without
/// one any broker will do.
///
/// - v2 is the first flexible version (KIP-482)
/// - v3 adds `producer_id` and `producer_epoch`, so that a producer can recover by a new epoch
///   (KIP-360)
/// - v4 accepts PRODUCER_FENCED in the response (KIP-588)
/// - v5 accepts TRANSACTION_ABORTABLE in the response (KIP-890)
/// - v6 adds `enable2_pc` and `keep_prepared_txn` (KIP-939). Unstable in Kafka 4.4: brokers offer
///   it only with `unstable.api.versions.enable`
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    api_key = 22,
    versions = "0-6",
    flexible = "2+",
    broker = "transaction_coordinator"
)]
pub struct InitProducerIdRequest {
    /// Null: idempotent only.
    #[kafka(default = "")]
    pub transactional_id: Option<String>,
    /// Milliseconds after which the coordinator aborts a transaction that was left open.
    pub transaction_timeout_ms: i32,
    /// -1: a new producer.
    #[kafka(versions = "3+", default = -1)]
    pub producer_id: i64,
    /// -1: a new producer.
    #[kafka(versions = "3+", default = -1)]
    pub producer_epoch: i16,
    /// Whether an outside coordinator decides on commit or abort, so that the timeout does not
    /// apply.
    #[kafka(versions = "6+")]
    pub enable2_pc: bool,
    /// Whether to keep an open transaction rather than abort it.
    #[kafka(versions = "6+")]
    pub keep_prepared_txn: bool,
    pub unknown_tags: UnknownTags,
}

/// The id and epoch to write with.
///
/// - v1 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v2 is the first flexible version (KIP-482)
/// - v4 may carry PRODUCER_FENCED (KIP-588)
/// - v5 may carry TRANSACTION_ABORTABLE (KIP-890)
/// - v6 adds `ongoing_txn_producer_id` and `ongoing_txn_producer_epoch` (KIP-939)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 22, versions = "0-6", flexible = "2+")]
pub struct InitProducerIdResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    /// -1 on error.
    #[kafka(default = -1)]
    pub producer_id: i64,
    pub producer_epoch: i16,
    /// The id under which the kept transaction runs; -1: there is none.
    #[kafka(versions = "6+", default = -1)]
    pub ongoing_txn_producer_id: i64,
    /// The epoch under which the kept transaction runs; -1: there is none.
    #[kafka(versions = "6+", default = -1)]
    pub ongoing_txn_producer_epoch: i16,
    pub unknown_tags: UnknownTags,
}
