//! [`Producers`]: the idempotent producers of a partition (KIP-98).

use std::collections::{HashMap, VecDeque};

use libkafka_batch::BatchHeader;
use libkafka_protocol::ErrorCode;

/// How many batches of a producer may be sent again without being stored twice.
const REMEMBERED: usize = 5;

/// The producers of one partition, by their ids.
#[derive(Debug, Default)]
pub(crate) struct Producers(HashMap<i64, Producer>);

/// The last batches of a producer.
#[derive(Debug)]
pub(crate) struct Producer {
    pub(crate) epoch: i16,
    /// The timestamp of its last batch or marker.
    pub(crate) last_timestamp: i64,
    /// The epoch of the coordinator that wrote its last marker, or -1.
    pub(crate) coordinator_epoch: i32,
    batches: VecDeque<Sent>,
}

/// A batch that was appended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sent {
    first_sequence: i32,
    last_sequence: i32,
    /// Its offset.
    pub(crate) base_offset: i64,
    /// Its greatest timestamp, or the time at which the broker appended it.
    pub(crate) timestamp: i64,
}

impl Producers {
    /// Checks whether a batch is the next one. Returns the batch that it duplicates, if it does.
    ///
    /// # Errors
    /// Kafka's error for a batch that is out of order, or from a producer that has been replaced.
    pub(crate) fn check(&self, header: &BatchHeader) -> Result<Option<Sent>, ErrorCode> {
        let Some(producer) = self.0.get(&header.producer_id) else {
            // Its records may all have been deleted; so any number may come.
            return Ok(None);
        };
        let first = header.base_sequence;
        let last = header.last_sequence().unwrap_or(-1);
        if header.producer_epoch == producer.epoch
            && let Some(sent) = producer
                .batches
                .iter()
                .find(|sent| (sent.first_sequence, sent.last_sequence) == (first, last))
        {
            return Ok(Some(*sent));
        }
        if header.producer_epoch < producer.epoch {
            return Err(ErrorCode::INVALID_PRODUCER_EPOCH);
        }
        let expected = match producer.batches.back() {
            Some(sent) if header.producer_epoch == producer.epoch => {
                sent.last_sequence.checked_add(1).unwrap_or(0)
            }
            _ => 0,
        };
        if first == expected {
            Ok(None)
        } else {
            Err(ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER)
        }
    }

    /// The epoch of a producer, if it has written here.
    pub(crate) fn epoch(&self, producer_id: i64) -> Option<i16> {
        Some(self.0.get(&producer_id)?.epoch)
    }

    /// Whether batches of a producer in its current epoch are known.
    pub(crate) fn has_batches(&self, producer_id: i64) -> bool {
        let producer = self.0.get(&producer_id);
        producer.is_some_and(|producer| !producer.batches.is_empty())
    }

    /// The number of producers.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (i64, &Producer)> {
        self.0.iter().map(|(id, producer)| (*id, producer))
    }

    /// Remembers the epoch of a transaction's marker: only a producer with this epoch, or a later
    /// one, may continue.
    pub(crate) fn ended_transaction(&mut self, header: &BatchHeader, coordinator_epoch: i32) {
        self.heard_of(header).coordinator_epoch = coordinator_epoch;
    }

    /// Remembers a batch that was appended.
    pub(crate) fn appended(&mut self, header: &BatchHeader) {
        let producer = self.heard_of(header);
        if producer.batches.len() == REMEMBERED {
            producer.batches.pop_front();
        }
        producer.batches.push_back(Sent {
            first_sequence: header.base_sequence,
            last_sequence: header.last_sequence().unwrap_or(-1),
            base_offset: header.base_offset,
            timestamp: header.max_timestamp,
        });
    }

    /// The producer of a batch, in the epoch of the batch.
    fn heard_of(&mut self, header: &BatchHeader) -> &mut Producer {
        let producer = self.0.entry(header.producer_id).or_insert(Producer {
            epoch: header.producer_epoch,
            last_timestamp: -1,
            coordinator_epoch: -1,
            batches: VecDeque::new(),
        });
        producer.last_timestamp = header.max_timestamp;
        if producer.epoch != header.producer_epoch {
            producer.epoch = header.producer_epoch;
            producer.batches.clear();
        }
        producer
    }
}

impl Producer {
    /// The sequence number of its last record in this epoch, or -1.
    pub(crate) fn last_sequence(&self) -> i32 {
        self.batches.back().map_or(-1, |sent| sent.last_sequence)
    }
}
