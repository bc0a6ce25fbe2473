//! `ProducerRecord`: a record with the topic that it goes to.

use std::time::{SystemTime, UNIX_EPOCH};

use libkafka_batch::{Field, Header, Headers, Record};

/// A record for a [`Producer`](crate::Producer) to send: all of it is borrowed.
///
/// ```
/// use libkafka_client::ProducerRecord;
///
/// let paid = ProducerRecord::new("orders", "order-1", "paid");
/// let tombstone = ProducerRecord::new("orders", "order-1", ());
/// let to_any_partition = ProducerRecord::new("logs", (), "started");
/// let to_partition_3 = ProducerRecord::new("logs", (), "started").partition(3);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[must_use]
pub struct ProducerRecord<'a> {
    /// The topic.
    pub topic: &'a str,
    /// The partition; `None` to let the producer's [`Partitioner`](crate::Partitioner) choose it.
    pub partition: Option<i32>,
    /// Milliseconds since 1970; `None` for the time of sending. If you have a time anyway, pass it:
    /// asking the clock costs more than everything else that is done for a small record.
    pub timestamp: Option<i64>,
    /// The key. Null and empty are different.
    pub key: Option<&'a [u8]>,
    /// The value. Null (a tombstone in a compacted topic) and empty are different.
    pub value: Option<&'a [u8]>,
    /// The headers, in order (KIP-82).
    pub headers: Headers<'a>,
}

impl<'a> ProducerRecord<'a> {
    /// A record with the time of sending and without headers. Key and value are text, bytes, an
    /// option of either, or `()` for null.
    pub fn new(topic: &'a str, key: impl Into<Field<'a>>, value: impl Into<Field<'a>>) -> Self {
        Self {
            topic,
            partition: None,
            timestamp: None,
            key: key.into().0,
            value: value.into().0,
            headers: Headers::default(),
        }
    }

    /// Sets the partition.
    pub fn partition(self, partition: i32) -> Self {
        Self {
            partition: Some(partition),
            ..self
        }
    }

    /// Sets the timestamp, in milliseconds since 1970.
    pub fn timestamp(self, timestamp: i64) -> Self {
        Self {
            timestamp: Some(timestamp),
            ..self
        }
    }

    /// Sets the headers.
    pub fn headers(self, headers: &'a [Header<'a>]) -> Self {
        Self {
            headers: headers.into(),
            ..self
        }
    }

    /// The record in the form of a batch.
    #[inline]
    pub(super) fn record(&self) -> Record<'a> {
        Record {
            timestamp: self.timestamp.unwrap_or_else(now),
            key: self.key,
            value: self.value,
            headers: self.headers,
            ..Record::default()
        }
    }
}

/// Milliseconds since 1970 by the system clock; 0 if it is set to an earlier time.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(i64::MAX)
}
