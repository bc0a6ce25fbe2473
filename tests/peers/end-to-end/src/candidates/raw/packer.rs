//! `Packer`: writes record batches of records that have a value and no key or headers.

use peers_harness::by_hand::{HEADER, compress, put_record, seal};

/// Writes batches.
pub struct Packer {
    lz4: bool,
    /// Records before they are compressed.
    plain: Vec<u8>,
}

impl Packer {
    pub fn new(lz4: bool) -> Self {
        let plain = Vec::new();
        Self { lz4, plain }
    }

    /// Appends a batch of these values to `out`.
    pub fn write<'a>(
        &mut self,
        out: &mut Vec<u8>,
        values: impl Iterator<Item = &'a Vec<u8>>,
        timestamp: i64,
    ) {
        let start = out.len();
        out.resize(start + HEADER, 0);
        let count = if self.lz4 {
            self.plain.clear();
            let count = write_records(&mut self.plain, values);
            compress(out, &self.plain);
            count
        } else {
            write_records(out, values)
        };
        seal(&mut out[start..], count, timestamp, self.lz4);
    }
}

fn write_records<'a>(out: &mut Vec<u8>, values: impl Iterator<Item = &'a Vec<u8>>) -> i32 {
    let mut count = 0;
    for value in values {
        put_record(out, count, None, value);
        count += 1;
    }
    count
}
