//! Idempotent production to one partition (KIP-98).

use bytes::{Bytes, BytesMut};
use libkafka_protocol::Versions;
use libkafka_protocol::messages::InitProducerIdRequest;

use super::partition_producer::PartitionProducer;
use super::sequence::Sequence;
use crate::cluster::{Client, Route};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;

/// # Idempotence
///
/// A producer that is [`idempotent`](Self::idempotent) numbers its batches by
/// [`stamp`](Self::stamp), and the broker takes each number once and in order. So a batch whose
/// outcome is not known is sent again, as it was stamped:
///
/// ```no_run
/// # use libkafka_client::{Client, Error};
/// # use bytes::Bytes;
/// # fn run(client: &mut Client, batch: Bytes) -> Result<(), Error> {
/// let mut producer = client.producer("payments", 0)?.idempotent()?;
/// let batch = producer.stamp(batch)?;
/// while let Err(error) = producer.produce(batch.clone()) {
///     // ... give up some time
///     producer.refresh()?;
/// }
/// # Ok(())
/// # }
/// ```
///
/// - A batch that the broker has already counts as produced, with
///   [`Produced::duplicate`](crate::Produced::duplicate) set where the broker no longer knows its
///   offset ([`DUPLICATE_SEQUENCE_NUMBER`](crate::protocol::ErrorCode::DUPLICATE_SEQUENCE_NUMBER)).
/// - When the connection fails with several batches in flight, send all of them again, in their
///   order. Brokers tell duplicates among the last five batches of a producer, so no more than
///   five may be in flight.
/// - [`OUT_OF_ORDER_SEQUENCE_NUMBER`](crate::protocol::ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER)
///   says that a batch before this one is missing. In a pipeline that is what follows another
///   batch's failure: collect all answers, then send again what failed, in order, beginning with
///   the first. If no batch is missing on this side, the log has lost some, and with them what it
///   knew of this producer.
/// - Then, and after
///   [`UNKNOWN_PRODUCER_ID`](crate::protocol::ErrorCode::UNKNOWN_PRODUCER_ID) or
///   [`INVALID_PRODUCER_EPOCH`](crate::protocol::ErrorCode::INVALID_PRODUCER_EPOCH), call
///   [`renew`](Self::renew) and stamp anew what failed for certain; a batch of which the outcome
///   is not known may then come to be in the log twice.
impl PartitionProducer {
    /// Gets an id from the cluster, with which [`stamp`](Self::stamp) numbers batches.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub fn idempotent(mut self) -> Result<Self, Error> {
        self.renew()?;
        Ok(self)
    }

    /// Gets a new id from the cluster and counts from 0 again.
    ///
    /// # Errors
    /// [`Error::InFlight`] if responses are to be collected first; else as [`Client::call`].
    pub fn renew(&mut self) -> Result<Sequence, Error> {
        match self.in_flight() {
            0 => {}
            in_flight => return Err(Error::InFlight { in_flight }),
        }
        let client = &mut self.partition.client;
        let deadline = client.deadline();
        let sequence = client.init_producer_id(deadline)?;
        self.sequence = Some(sequence);
        Ok(sequence)
    }

    /// Numbers a batch: gives it this producer's id and the next sequence numbers, in place
    /// where nobody else holds it. Batches have to be produced in the order in which they were
    /// stamped.
    ///
    /// # Errors
    /// [`Error::NotIdempotent`], and [`Error::Batch`] if it is not a whole batch of magic 2.
    pub fn stamp(&mut self, batch: impl Into<Bytes>) -> Result<Bytes, Error> {
        let sequence = self.sequence.as_mut().ok_or(Error::NotIdempotent)?;
        let mut batch = match batch.into().try_into_mut() {
            Ok(batch) => batch,
            Err(shared) => BytesMut::from(&shared[..]),
        };
        sequence.stamp(&mut batch)?;
        Ok(batch.freeze())
    }

    /// Where this producer stands, if it is idempotent.
    pub fn sequence(&self) -> Option<Sequence> {
        self.sequence
    }

    /// Goes on from where another producer stood.
    pub fn set_sequence(&mut self, sequence: Sequence) {
        self.sequence = Some(sequence);
    }
}

impl Client {
    fn init_producer_id(&mut self, deadline: Deadline) -> Result<Sequence, Error> {
        let request = InitProducerIdRequest {
            transactional_id: None,
            transaction_timeout_ms: i32::MAX,
            ..Default::default()
        };
        // Without a transactional id any broker can answer.
        let Answer { response, exchange } =
            self.exchange::<InitProducerIdRequest, _>(Route::Any, Versions::ALL, deadline, |_| {
                &request
            })?;
        exchange.check(response.error_code, None)?;
        Ok(Sequence {
            producer_id: response.producer_id,
            producer_epoch: response.producer_epoch,
            next: 0,
        })
    }
}
