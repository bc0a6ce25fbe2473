//! Zstandard through the C library.

use std::{fmt, io};

use zstd::stream::raw::{DParameter, Decoder, InBuffer, Operation, OutBuffer};
use zstd::{bulk, zstd_safe};

use crate::attributes::Compression;
use crate::codec::compressor::Compressor;
use crate::codec::decompressor::{Decompressor, invalid};
use crate::codec::output::Output;

/// The Zstandard codec. Reads several frames in succession as one.
pub struct Zstd {
    level: i32,
    compressor: Option<bulk::Compressor<'static>>,
    decompressor: Option<Decoder<'static>>,
}

impl Zstd {
    /// A codec with Kafka's default level, 3.
    pub fn new() -> Self {
        Self::with_level(zstd::DEFAULT_COMPRESSION_LEVEL)
    }

    /// A codec with a level from -131072 (fastest) to 22 (smallest). A level out of range means the
    /// nearest one.
    pub fn with_level(level: i32) -> Self {
        let levels = zstd::compression_level_range();
        Self {
            level: level.clamp(*levels.start(), *levels.end()),
            compressor: None,
            decompressor: None,
        }
    }
}

impl Compressor for Zstd {
    fn compression(&self) -> Compression {
        Self::COMPRESSION
    }

    fn compress(&mut self, input: &[u8], output: &mut Vec<u8>) -> io::Result<()> {
        let compressor = match &mut self.compressor {
            Some(compressor) => compressor,
            none => none.insert(bulk::Compressor::new(self.level)?),
        };
        let start = output.len();
        output.resize(start + zstd_safe::compress_bound(input.len()), 0);
        let len = compressor.compress_to_buffer(input, &mut output[start..])?;
        output.truncate(start + len);
        Ok(())
    }
}

impl Decompressor for Zstd {
    fn compression(&self) -> Compression {
        Self::COMPRESSION
    }

    fn decompress(&mut self, input: &[u8], _magic: u8, output: &mut Output<'_>) -> io::Result<()> {
        let decompressor = match &mut self.decompressor {
            Some(decompressor) => decompressor,
            none => none.insert(Decoder::new()?),
        };
        decompressor.reinit()?;
        let window = Self::max_window(output.limit()).ilog2();
        decompressor.set_parameter(DParameter::WindowLogMax(window.min(27)))?;
        let mut input = InBuffer::around(input);
        let mut unfinished = 0;
        while input.pos() < input.src.len() || unfinished != 0 {
            let read = input.pos();
            if unfinished == 0 && read > 0 && Self::is_cut_off_magic(&input.src[read..]) {
                break;
            }
            let mut room = OutBuffer::around(output.room());
            unfinished = decompressor.run(&mut input, &mut room)?;
            let written = room.pos();
            output.advance(written)?;
            if unfinished != 0 && written == 0 && input.pos() == read {
                return Err(invalid("the Zstandard frame is cut off"));
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Zstd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Zstd")
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}
