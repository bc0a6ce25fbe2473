//! `NameHasher`: a fast hash of topics' names.

use std::hash::{BuildHasherDefault, Hasher};

/// Hashes names by multiplying by eight bytes at a time, and numbers at once: only topics that the
/// caller sends to are looked up, so nobody else chooses them, and every record and every batch is.
#[derive(Default)]
pub(super) struct NameHasher(u64);

/// For a `HashMap`.
pub(super) type ByName = BuildHasherDefault<NameHasher>;

const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

impl NameHasher {
    #[inline]
    fn add(&mut self, word: u64) {
        let hash = (self.0 ^ word).wrapping_mul(ODD);
        self.0 = hash ^ (hash >> 32);
    }
}

impl Hasher for NameHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        let rest = rest
            .iter()
            .fold(0, |rest, byte| rest << 8 | u64::from(*byte));
        self.add(rest ^ (bytes.len() as u64) << 56);
    }

    #[inline]
    fn write_u8(&mut self, byte: u8) {
        self.add(u64::from(byte));
    }

    #[inline]
    fn write_i32(&mut self, number: i32) {
        self.add(u64::from(number as u32));
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::BuildHasher;

    use super::*;
    use crate::topic_partition::TopicPartition;

    #[test]
    fn partitions_and_topics_are_spread_over_a_table() {
        let hash = |topic: &str, partition| {
            let of = TopicPartition::new(topic, partition);
            ByName::default().hash_one(&of)
        };
        for bits in [|hash: u64| hash % 1024, |hash: u64| hash >> 54] {
            let partitions: HashSet<_> = (0..1024).map(|i| bits(hash("orders", i))).collect();
            let topics: HashSet<_> = (0..1024)
                .map(|i| bits(hash(&format!("topic-{i}"), 0)))
                .collect();
            // Chance fills 647 of 1,024 places.
            assert!(partitions.len() > 550, "{}", partitions.len());
            assert!(topics.len() > 550, "{}", topics.len());
        }
    }
}
