use super::prelude::*;

/// An entry of a segment's transaction index (`.txnindex`), after an int16 version. Brokers keep
/// these files; no request carries it.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0")]
pub struct AbortedTxn {
    pub producer_id: i64,
    /// The offset of the first record of the transaction.
    pub first_offset: i64,
    /// The offset of its abort marker.
    pub last_offset: i64,
    /// The last stable offset as it was at the abort.
    pub last_stable_offset: i64,
}
