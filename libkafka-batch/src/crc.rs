//! `crc32c`, `crc32`: the two checksums of Kafka's formats.

/// CRC-32C (Castagnoli), which covers a magic 2 batch from its attributes to its end.
///
/// The crate `crc32c` is always present; with the feature `crc-fast`, that crate takes over where
/// it is faster.
#[inline]
pub(crate) fn crc32c(bytes: &[u8]) -> u32 {
    #[cfg(feature = "crc-fast")]
    if bytes.len() <= SHORT || multiplies_wide() {
        return crc_fast::checksum(crc_fast::CrcAlgorithm::Crc32Iscsi, bytes) as u32;
    }
    crc32c::crc32c(bytes)
}

/// Up to here crc-fast is faster on every processor: 7 ns for 100 bytes, and `crc32c` 12.
#[cfg(feature = "crc-fast")]
const SHORT: usize = 256;

/// Whether crc-fast is faster at any length: if it multiplies 512 bits at a time, it takes 1.1 µs
/// for 64 KiB. If it cannot, it takes 3.1 µs, and `crc32c` 2.5.
#[cfg(feature = "crc-fast")]
#[inline]
fn multiplies_wide() -> bool {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    return std::arch::is_x86_feature_detected!("vpclmulqdq")
        && std::arch::is_x86_feature_detected!("avx512vl");
    // Not measured; there it has instructions of its own.
    #[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
    return true;
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
        fn whichever_library_does_it_the_checksum_is_the_same(bytes in proptest::collection::vec(any::<u8>(), 0..5000), skip in 0usize..64) {
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
