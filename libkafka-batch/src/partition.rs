//! `partition_for_key`: the partition to which Kafka's clients send the records of a key.

/// The partition, out of `partitions`, to which Kafka's Java client sends records with this key:
/// the [`murmur2`] hash of the key without its sign, modulo the number of partitions.
///
/// Most clients can do the same (in librdkafka it is the partitioner `murmur2`), so all records of
/// a key are in one partition, whoever produced them. The partition depends on the number of
/// partitions: keys move when a topic grows.
///
/// A null key is not an empty key. Records without a key may go to any partition, which the caller
/// chooses; those with an empty key all go to the partition that this returns for `b""`.
///
/// ```
/// use libkafka_batch::partition_for_key;
///
/// assert_eq!(partition_for_key(b"wu", 10), 0);
/// ```
///
/// # Panics
/// If `partitions` is not greater than 0.
pub fn partition_for_key(key: &[u8], partitions: i32) -> i32 {
    assert!(
        partitions > 0,
        "the number of partitions must be greater than 0"
    );
    // Not the absolute value: Java's `toPositive` drops the sign bit.
    (murmur2(key) & i32::MAX) % partitions
}

/// The MurmurHash2 of a key as Kafka computes it (`Utils.murmur2`): 32 bits, with its own seed.
///
/// ```
/// assert_eq!(libkafka_batch::murmur2(b"foobar"), -790_332_482);
/// ```
pub fn murmur2(key: &[u8]) -> i32 {
    const SEED: u32 = 0x9747_b28c;
    const M: u32 = 0x5bd1_e995;
    const R: u32 = 24;

    // Java's length is 32 bits wide.
    let mut hash = SEED ^ key.len() as u32;
    let (words, rest) = key.as_chunks::<4>();
    for word in words {
        let mut k = u32::from_le_bytes(*word).wrapping_mul(M);
        k ^= k >> R;
        hash = hash.wrapping_mul(M) ^ k.wrapping_mul(M);
    }
    if !rest.is_empty() {
        for (i, byte) in rest.iter().enumerate() {
            hash ^= u32::from(*byte) << (8 * i);
        }
        hash = hash.wrapping_mul(M);
    }
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(M);
    hash ^= hash >> 15;
    hash as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Those of Kafka's `UtilsTest.testMurmur2`, and what its class says of the empty key.
    #[test]
    fn hashes_are_those_of_kafka() {
        for (key, hash) in [
            ("21", -973_932_308),
            ("foobar", -790_332_482),
            ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            (
                "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8",
                -58_897_971,
            ),
            ("abc", 479_470_107),
            ("", 275_646_681),
        ] {
            assert_eq!(murmur2(key.as_bytes()), hash, "{key}");
        }
    }

    #[test]
    fn keys_go_where_kafka_puts_them() {
        assert_eq!(partition_for_key(b"", 12), 9);
        assert_eq!(partition_for_key(b"wu", 10), 0);
        assert_eq!(partition_for_key(b"anything", 1), 0);
        // A negative hash: its sign is dropped, where the absolute value would give 8.
        assert_eq!(partition_for_key(b"21", 10), (-973_932_308 & i32::MAX) % 10);
        assert_eq!(partition_for_key(b"21", i32::MAX), -973_932_308 & i32::MAX);
    }
}
