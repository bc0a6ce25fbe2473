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
    /// The partition; `None` to have it chosen by the producer's
    /// [`Partitioner`](crate::Partitioner).
    pub partition: Option<i32>,
    /// Milliseconds since 1970; `None` for the time at which it is sent. Give one that you have
    /// anyway: asking the clock costs more than everything else that is done for a small record.
    pub timestamp: Option<i64>,
    /// The key; null and empty are different things.
    pub key: Option<&'a [u8]>,
    /// The value; null, a tombstone in a compacted topic, and empty are different things.
    pub value: Option<&'a [u8]>,
    /// The headers, in order (KIP-82).
    pub headers: Headers<'a>,
}

impl<'a> ProducerRecord<'a> {
    /// A record of the time at which it is sent, without headers. Key and value are text, bytes, an
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

    /// Sends it to this partition.
    pub fn partition(self, partition: i32) -> Self {
        Self {
            partition: Some(partition),
            ..self
        }
    }

    /// Sets its time, in milliseconds since 1970.
    pub fn timestamp(self, timestamp: i64) -> Self {
        Self {
            timestamp: Some(timestamp),
            ..self
        }
    }

    /// Sets its headers.
    pub fn headers(self, headers: &'a [Header<'a>]) -> Self {
        Self {
            headers: headers.into(),
            ..self
        }
    }

    /// It as it is in a batch.
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

/// Milliseconds since 1970 by the system's clock; 0 if it is set to before that.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(i64::MAX)
}
