//! gzip, through flate2 and zlib-rs.

use std::{fmt, io};

use flate2::{Compress, Decompress, FlushCompress, FlushDecompress, Status};

use crate::attributes::Compression;
use crate::codec::compressor::Compressor;
use crate::codec::decompressor::{Decompressor, invalid};
use crate::codec::output::Output;

/// The gzip codec. Reads several members, one after the other, as one.
pub struct Gzip {
    level: u32,
    compressor: Option<Compress>,
    decompressor: Option<Decompress>,
}

impl Gzip {
    /// The window of 32 KiB that every gzip reader has.
    const WINDOW_BITS: u8 = 15;

    /// With Kafka's default level, 6.
    pub fn new() -> Self {
        Self::with_level(6)
    }

    /// With a level from 1, the fastest, to 9, the smallest; beyond them, the nearest.
    pub fn with_level(level: u32) -> Self {
        Self {
            level: level.clamp(1, 9),
            compressor: None,
            decompressor: None,
        }
    }
}

impl Compressor for Gzip {
    fn compression(&self) -> Compression {
        Compression::Gzip
    }

    fn compress(&mut self, input: &[u8], output: &mut Vec<u8>) -> io::Result<()> {
        let level = flate2::Compression::new(self.level);
        let compressor = self
            .compressor
            .get_or_insert_with(|| Compress::new_gzip(level, Self::WINDOW_BITS));
        compressor.reset();
        loop {
            // What does not shrink grows by little, so this is nearly always enough.
            let left = input.len() - compressor.total_in() as usize;
            output.reserve(left + left / 100 + 64);
            let rest = &input[compressor.total_in() as usize..];
            if compressor.compress_vec(rest, output, FlushCompress::Finish)? == Status::StreamEnd {
                return Ok(());
            }
        }
    }
}

impl Decompressor for Gzip {
    fn compression(&self) -> Compression {
        Compression::Gzip
    }

    fn decompress(&mut self, input: &[u8], _magic: u8, output: &mut Output<'_>) -> io::Result<()> {
        let decompressor = self
            .decompressor
            .get_or_insert_with(|| Decompress::new_gzip(Self::WINDOW_BITS));
        let mut input = input;
        loop {
            // "With a header" keeps the gzip one that it was made for.
            decompressor.reset(true);
            loop {
                let (read, written) = (decompressor.total_in(), decompressor.total_out());
                let status = decompressor
                    .decompress(input, output.room(), FlushDecompress::None)
                    .map_err(invalid)?;
                let (read, written) = (
                    decompressor.total_in() - read,
                    decompressor.total_out() - written,
                );
                input = &input[read as usize..];
                output.advance(written as usize)?;
                match status {
                    Status::StreamEnd => break,
                    _ if read == 0 && written == 0 => {
                        return Err(invalid("the gzip stream is cut off"));
                    }
                    _ => {}
                }
            }
            if input.is_empty() {
                return Ok(());
            }
        }
    }
}

impl Default for Gzip {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Gzip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gzip")
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}
