//! `crc32c`, `crc32`: the two checksums of Kafka's formats.

/// CRC-32C (Castagnoli), which covers a magic 2 batch from its attributes to its end.
///
/// The crate `crc32c` is always present; `crc-fast` replaces it if that feature is enabled.
#[inline]
pub(crate) fn crc32c(bytes: &[u8]) -> u32 {
    #[cfg(feature = "crc-fast")]
    return crc_fast::checksum(crc_fast::CrcAlgorithm::Crc32Iscsi, bytes) as u32;
    #[cfg(not(feature = "crc-fast"))]
    return crc32c::crc32c(bytes);
}

/// CRC-32 (IEEE), which covers a magic 0 or 1 message from its magic byte to its end.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    crc32fast::hash(bytes)
}

/// The CRC-32C of data whose first bytes change from `old` to `new` while the `rest` bytes after
/// them stay the same. `crc` is the checksum before the change.
///
/// A CRC is linear: the difference of two checksums is the checksum of the difference, shifted by
/// what follows. So the rest need not be read, and data that did not match its checksum before does
/// not match it afterwards either.
pub(crate) fn crc32c_replace(crc: u32, old: &[u8], new: &[u8], rest: usize) -> u32 {
    debug_assert_eq!(old.len(), new.len());
    let difference = crc32c::crc32c(old) ^ crc32c::crc32c(new);
    crc ^ crc32c::crc32c_combine(difference, 0, rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn checksums_match_their_published_check_values() {
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    proptest! {
        #[test]
        fn both_libraries_agree(bytes in proptest::collection::vec(any::<u8>(), 0..5000), skip in 0usize..64) {
            let bytes = bytes.get(skip..).unwrap_or_default();
            prop_assert_eq!(crc32c(bytes), crc32c::crc32c(bytes));
        }

        #[test]
        fn a_replaced_head_gives_the_checksum_of_the_whole(
            old in any::<[u8; 40]>(), new in any::<[u8; 40]>(), rest in proptest::collection::vec(any::<u8>(), 0..3000)
        ) {
            let before = crc32c(&[&old[..], &rest].concat());
            let after = crc32c(&[&new[..], &rest].concat());
            prop_assert_eq!(crc32c_replace(before, &old, &new, rest.len()), after);
        }
    }
}
