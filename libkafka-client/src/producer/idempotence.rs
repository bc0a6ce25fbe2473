//! Numbering of batches, for idempotent production to one partition (KIP-98).

use bytes::{Bytes, BytesMut};
use libkafka_batch::{Batch, Builder, ProducerInfo, Restamp};
use libkafka_protocol::Versions;
use libkafka_protocol::messages::InitProducerIdRequest;

use super::partition_producer::PartitionProducer;
use crate::cluster::{Client, Route};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;

/// # Idempotence
///
/// A producer that is [`idempotent`](crate::ProducerOptions::idempotent) numbers its batches as
/// they are [built](Self::build_numbered), and the broker accepts each number once and in order. So
/// a batch whose outcome is not known can be sent again, with the same number:
///
/// ```no_run
/// # use libkafka_client::{Client, ProducerOptions};
/// # use libkafka_client::batch::Builder;
/// # fn run(client: &mut Client, mut builder: Builder) -> Result<(), libkafka_client::Error> {
/// let options = ProducerOptions::new().idempotent(true);
/// let mut producer = client.producer_with("payments", 0, options)?;
/// let batch = producer.build_numbered(&mut builder)?;
/// while let Err(error) = producer.produce(batch.clone()) {
///     // ... give up some time
///     producer.refresh()?;
/// }
/// # Ok(())
/// # }
/// ```
///
/// - A batch that the broker already has counts as produced.
///   [`Produced::duplicate`](crate::Produced::duplicate) is set if the broker no longer knows its
///   offset ([`DUPLICATE_SEQUENCE_NUMBER`](crate::protocol::ErrorCode::DUPLICATE_SEQUENCE_NUMBER)).
/// - If the connection fails with several batches in flight, send all of them again, in their
///   order. Brokers recognise duplicates among the last five batches of a producer, so no more than
///   five may be in flight.
/// - [`OUT_OF_ORDER_SEQUENCE_NUMBER`](crate::protocol::ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER)
///   says that a batch before this one is missing. In a pipeline this follows the failure of
///   another batch: collect all answers, then send what failed again, in order, beginning with the
///   first. If no batch is missing on this side, the log has lost some, and with them what it knew
///   of this producer.
/// - In that case, and after
///   [`UNKNOWN_PRODUCER_ID`](crate::protocol::ErrorCode::UNKNOWN_PRODUCER_ID) or
///   [`INVALID_PRODUCER_EPOCH`](crate::protocol::ErrorCode::INVALID_PRODUCER_EPOCH), call
///   [`renew`](Self::renew) and stamp again what failed for certain. A batch whose outcome is not
///   known may then end up in the log twice.
impl PartitionProducer {
    /// Gets a new id from the cluster and numbers from 0 again. Makes the producer idempotent if it
    /// was not.
    ///
    /// # Errors
    /// [`Error::Uncollected`] if responses must be collected first, and the errors of
    /// [`Client::call`].
    pub fn renew(&mut self) -> Result<ProducerInfo, Error> {
        match self.in_flight() {
            0 => {}
            in_flight => return Err(Error::Uncollected { in_flight }),
        }
        let client = &mut self.partition.client;
        let deadline = client.deadline();
        let info = init_producer_id(client, deadline)?;
        self.producer_info = Some(info);
        Ok(info)
    }

    /// Builds the batch that `builder` holds, numbered with this producer's next sequence numbers,
    /// without copying it ([`Builder::build_numbered`]). Produce batches in the order in which they
    /// were numbered.
    ///
    /// # Errors
    /// [`Error::NotIdempotent`], and [`Error::Batch`] if the builder cannot build. No number is
    /// used up then.
    pub fn build_numbered(&mut self, builder: &mut Builder) -> Result<Bytes, Error> {
        let info = self.producer_info.as_mut().ok_or(Error::NotIdempotent)?;
        Ok(builder.build_numbered(info)?)
    }

    /// Numbers a batch that was built elsewhere with this producer's next sequence numbers: in
    /// place if the batch has no other owner, otherwise in a copy. A batch from
    /// [`Builder::build_bytes`] is always copied, because the builder owns it too;
    /// [`build_numbered`](Self::build_numbered) avoids that. Produce batches in the order in which
    /// they were numbered.
    ///
    /// # Errors
    /// [`Error::NotIdempotent`], and [`Error::Batch`] if it is not a whole batch of magic 2.
    pub fn stamp(&mut self, batch: impl Into<Bytes>) -> Result<Bytes, Error> {
        let info = self.producer_info.as_mut().ok_or(Error::NotIdempotent)?;
        let mut batch = match batch.into().try_into_mut() {
            Ok(batch) => batch,
            Err(shared) => BytesMut::from(&shared[..]),
        };
        stamp(info, &mut batch)?;
        Ok(batch.freeze())
    }

    /// The id of an idempotent producer, its epoch, and the number of the next batch.
    pub fn producer_info(&self) -> Option<ProducerInfo> {
        self.producer_info
    }
}

/// Numbers a batch, and uses up one number for each of its records.
fn stamp(info: &mut ProducerInfo, batch: &mut [u8]) -> Result<(), libkafka_batch::Error> {
    Restamp::new().producer(*info).apply(batch)?;
    // Its checksum was not in question: a damaged batch is for the broker to refuse.
    info.base_sequence = Batch::parse_unchecked(batch)?.header.next_sequence();
    Ok(())
}

/// Requests the id of a producer without a transactional id from the cluster.
fn init_producer_id(client: &mut Client, deadline: Deadline) -> Result<ProducerInfo, Error> {
    let request = InitProducerIdRequest {
        transactional_id: None,
        transaction_timeout_ms: i32::MAX,
        ..Default::default()
    };
    // Without a transactional id any broker can answer.
    let Answer { response, exchange } =
        client.exchange::<InitProducerIdRequest, _>(Route::Any, Versions::ALL, deadline, |_| {
            &request
        })?;
    exchange.check(response.error_code, None)?;
    Ok(ProducerInfo {
        id: response.producer_id,
        epoch: response.producer_epoch,
        base_sequence: Some(0),
        transactional: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_go_on_from_batch_to_batch_and_wrap_to_zero() {
        let mut builder = Builder::new();
        let mut info = ProducerInfo {
            id: 7,
            epoch: 1,
            base_sequence: Some(i32::MAX - 4),
            transactional: false,
        };
        for first in [i32::MAX - 4, i32::MAX - 1, 1, 4] {
            for _ in 0..3 {
                builder.add("key", "value").unwrap();
            }
            let mut batch = builder.build().unwrap().to_vec();
            stamp(&mut info, &mut batch).unwrap();
            let header = Batch::parse(&batch).unwrap().header;
            assert_eq!((header.producer_id, header.producer_epoch), (7, 1));
            assert_eq!(header.base_sequence, first);
        }
        let mut batch = Vec::new();
        for end in [i32::MAX - 2, i32::MAX] {
            builder.add("key", "value").unwrap();
            info.base_sequence = Some(end);
            batch.clear();
            batch.extend_from_slice(builder.build().unwrap());
            stamp(&mut info, &mut batch).unwrap();
            let next = if end == i32::MAX { 0 } else { end + 1 };
            assert_eq!(info.base_sequence, Some(next));
        }
    }
}
