//! The records that every candidate sends: keys of 16 bytes, values of 100.

use std::hint::black_box;

/// How many keys there are.
const KEYS: usize = 1 << 16;
/// How many values.
const VALUES: usize = 997;

/// Flat tables of keys and values.
pub(crate) struct Records {
    keys: Vec<u8>,
    values: Vec<u8>,
    /// Not known to the compiler, as it is not to any producer: otherwise the raw loop, whose
    /// functions are compiled into one another, copies by two instructions.
    lengths: (usize, usize),
}

impl Records {
    pub(crate) fn new() -> Self {
        let key = |i: usize| {
            let mut key = [0; 16];
            key.copy_from_slice(format!("user-{i:011}").as_bytes());
            key
        };
        Self {
            keys: (0..KEYS).flat_map(key).collect(),
            values: (0..VALUES).flat_map(value).collect(),
            lengths: black_box((16, 100)),
        }
    }

    /// The key of a record: neighbours are in different partitions.
    #[inline]
    pub(crate) fn key(&self, record: usize) -> &[u8] {
        &self.keys[record.wrapping_mul(40_503) % KEYS * 16..][..self.lengths.0]
    }

    #[inline]
    pub(crate) fn value(&self, record: usize) -> &[u8] {
        &self.values[record % VALUES * 100..][..self.lengths.1]
    }
}

/// Text that compresses about as well as that of applications does.
fn value(i: usize) -> [u8; 100] {
    let mut text = format!(
        "user={},order={},status=pending,region=eu-west,price={},product=",
        i,
        i * 7919 % 100_003,
        i * 31 % 9973
    );
    let mut random = (i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    while text.len() < 100 {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        text += &format!("w{},", random % 5000);
    }
    let mut value = [0; 100];
    value.copy_from_slice(&text.as_bytes()[..100]);
    value
}
