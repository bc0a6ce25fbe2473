//! `Sequence`: where an idempotent producer stands in one partition.

use libkafka_batch::{Batch, ProducerInfo, Restamp};

/// Where an idempotent producer stands in one partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sequence {
    /// The id that the cluster gave it.
    pub producer_id: i64,
    /// Its epoch.
    pub producer_epoch: i16,
    /// The number of the record that comes next: 0 at first, and again after `i32::MAX`.
    pub next: i32,
}

impl Sequence {
    /// Numbers a batch, and takes its records' numbers.
    pub(crate) fn stamp(&mut self, batch: &mut [u8]) -> Result<(), libkafka_batch::Error> {
        let producer = ProducerInfo {
            id: self.producer_id,
            epoch: self.producer_epoch,
            base_sequence: Some(self.next),
            transactional: false,
        };
        Restamp::new().producer(producer).apply(batch)?;
        // Its checksum was not in question: a damaged batch is for the broker to refuse.
        let header = Batch::parse_unchecked(batch)?.header;
        self.next = header.next_sequence().unwrap_or(0);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use libkafka_batch::Builder;

    use super::*;

    #[test]
    fn sequences_go_on_from_batch_to_batch_and_wrap_to_zero() {
        let mut builder = Builder::new();
        let mut sequence = Sequence {
            producer_id: 7,
            producer_epoch: 1,
            next: i32::MAX - 4,
        };
        for first in [i32::MAX - 4, i32::MAX - 1, 1, 4] {
            for _ in 0..3 {
                builder.add("key", "value").unwrap();
            }
            let mut batch = builder.build().unwrap().to_vec();
            sequence.stamp(&mut batch).unwrap();
            let header = Batch::parse(&batch).unwrap().header;
            assert_eq!((header.producer_id, header.producer_epoch), (7, 1));
            assert_eq!(header.base_sequence, first);
        }
        let mut batch = Vec::new();
        for end in [i32::MAX - 2, i32::MAX] {
            builder.add("key", "value").unwrap();
            sequence.next = end;
            batch.clear();
            batch.extend_from_slice(builder.build().unwrap());
            sequence.stamp(&mut batch).unwrap();
            assert_eq!(sequence.next, if end == i32::MAX { 0 } else { end + 1 });
        }
    }
}
