//! `Frame`: where a batch starts and ends, according to its first 17 bytes, which are the same in
//! every format.

use crate::error::{Error, Place, Result};

/// Bytes up to and including the magic byte, which is at the same place in every format.
pub(crate) const SIZE_UP_TO_MAGIC: usize = 17;
/// The bytes that the length field does not count: the offset and the length itself.
pub(crate) const LOG_OVERHEAD: usize = 12;
/// The smallest valid length: that of an empty message of magic 0.
const MIN_LENGTH: i32 = 14;
const LENGTH: usize = 8;
const MAGIC: usize = 16;

/// The fields in the first 17 bytes of a batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) place: Place,
    pub(crate) base_offset: i64,
    pub(crate) size: usize,
    pub(crate) magic: u8,
}

impl Frame {
    /// Reads the frame of the batch at the start of `bytes`, which may be cut off after it.
    /// `position` is the position of the batch in the record set.
    ///
    /// `None` if not even the frame is complete.
    pub(crate) fn read(bytes: &[u8], position: usize) -> Result<Option<Self>> {
        let Some(head) = bytes.first_chunk::<SIZE_UP_TO_MAGIC>() else {
            return Ok(None);
        };
        let base_offset = be_i64(head, 0);
        let place = Place {
            position,
            base_offset: Some(base_offset),
        };
        let length = be_i32(head, LENGTH);
        // Kafka counts sizes in 32 bits, including the first 12 bytes.
        if !(MIN_LENGTH..=i32::MAX - LOG_OVERHEAD as i32).contains(&length) {
            return Err(Error::BatchLength { place, length });
        }
        match head[MAGIC] {
            magic @ 0..=2 => Ok(Some(Self {
                place,
                base_offset,
                size: length as usize + LOG_OVERHEAD,
                magic,
            })),
            magic => Err(Error::UnknownMagic {
                place,
                magic: magic as i8,
            }),
        }
    }

    /// Reads the frame of the batch at the start of `bytes` and checks that the whole batch is
    /// there.
    pub(crate) fn of_whole_batch(bytes: &[u8]) -> Result<Self> {
        let (place, needed) = match Self::read(bytes, 0)? {
            Some(frame) if frame.size <= bytes.len() => return Ok(frame),
            Some(frame) => (frame.place, frame.size),
            None => (Place::default(), SIZE_UP_TO_MAGIC),
        };
        Err(Error::CutOff {
            place,
            needed,
            available: bytes.len(),
        })
    }
}

// The callers hold arrays or have checked lengths, so these index without another check in sight.
pub(crate) fn be_i16(bytes: &[u8], at: usize) -> i16 {
    i16::from_be_bytes([bytes[at], bytes[at + 1]])
}

pub(crate) fn be_i32(bytes: &[u8], at: usize) -> i32 {
    i32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

pub(crate) fn be_i64(bytes: &[u8], at: usize) -> i64 {
    i64::from(be_i32(bytes, at)) << 32 | i64::from(be_i32(bytes, at + 4) as u32)
}
