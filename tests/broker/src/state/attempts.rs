//! [`Attempts`]: the first batches of transactions that do not include the partition yet.

use std::collections::HashMap;

use libkafka_batch::BatchHeader;
use libkafka_protocol::ErrorCode;

/// The maximum number of producers that are remembered.
const MAX: usize = 1000;

/// The producers, by their ids, whose transaction did not include the partition when they sent a
/// batch. Kafka accepts nothing of such a producer that comes after that batch, until the batch
/// itself has been accepted: otherwise there would be a gap.
#[derive(Debug, Default)]
pub(crate) struct Attempts(HashMap<i64, Attempt>);

#[derive(Debug)]
struct Attempt {
    epoch: i16,
    lowest_sequence: i32,
    /// The request also adds the partition to the transaction (KIP-890).
    adds: bool,
}

impl Attempts {
    /// Remembers a transactional batch.
    pub(crate) fn remember(&mut self, header: &BatchHeader, adds: bool) {
        let (epoch, sequence) = (header.producer_epoch, header.base_sequence);
        if let Some(attempt) = self.0.get_mut(&header.producer_id) {
            if epoch > attempt.epoch {
                (attempt.epoch, attempt.lowest_sequence) = (epoch, sequence);
            } else if epoch == attempt.epoch {
                attempt.lowest_sequence = attempt.lowest_sequence.min(sequence);
            }
        } else if self.0.len() < MAX {
            let attempt = Attempt {
                epoch,
                lowest_sequence: sequence,
                adds,
            };
            self.0.insert(header.producer_id, attempt);
        }
    }

    /// Checks whether a batch comes after one that is missing. `is_first`: there are no others of
    /// its producer.
    ///
    /// # Errors
    /// Kafka's error code if it does.
    pub(crate) fn check(&self, header: &BatchHeader, is_first: bool) -> Result<(), ErrorCode> {
        let sequence = header.base_sequence;
        let leaves_gap = |attempt: &Attempt| {
            sequence > attempt.lowest_sequence || attempt.adds && is_first && sequence != 0
        };
        match self.0.get(&header.producer_id) {
            Some(attempt) if leaves_gap(attempt) => Err(ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER),
            _ => Ok(()),
        }
    }

    /// Forgets a producer, of whom a transactional batch or a marker has been appended.
    pub(crate) fn forget(&mut self, header: &BatchHeader) {
        let id = header.producer_id;
        let is_of_next = |attempt: &Attempt| attempt.adds && attempt.epoch == header.producer_epoch;
        // The marker of a transaction may come after the first batch of the next one.
        let stays = header.attributes.is_control() && self.0.get(&id).is_some_and(is_of_next);
        if !stays {
            self.0.remove(&id);
        }
    }
}
