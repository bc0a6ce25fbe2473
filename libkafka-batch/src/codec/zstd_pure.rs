//! Zstandard in pure Rust.

use std::{fmt, io};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use ruzstd::encoding::{CompressionLevel, FrameCompressor, MatchGeneratorDriver};

use crate::attributes::Compression;
use crate::codec::compressor::Compressor;
use crate::codec::decompressor::{Decompressor, invalid};
use crate::codec::output::Output;

/// The position in a frame of the byte that says which fields the header has (RFC 8878, 3.1.1.1.1).
const DESCRIPTOR: usize = 4;
/// In the descriptor: a bit reserved for later versions.
const RESERVED: u8 = 0x08;
/// In the descriptor: bits which, if any is set, say that the size of the content follows.
const HAS_CONTENT_SIZE: u8 = 0xe0;

/// The Zstandard codec. Reads several frames in succession as one.
///
/// In pure Rust it writes at one level, about the C library's level 1. The feature `zstd-c` uses
/// the C library instead, which is faster and has all levels.
pub struct Zstd {
    compressor: FrameCompressor<io::Cursor<Vec<u8>>, Vec<u8>, MatchGeneratorDriver>,
    decompressor: FrameDecoder,
}

impl Zstd {
    /// The codec. It has only one level.
    pub fn new() -> Self {
        Self {
            compressor: FrameCompressor::new(CompressionLevel::Fastest),
            decompressor: FrameDecoder::new(),
        }
    }

    fn frame(&mut self, input: &mut &[u8], output: &mut Output<'_>) -> io::Result<()> {
        // What the C library checks and ruzstd does not: the reserved bit and the content's size.
        let descriptor = input.get(DESCRIPTOR).copied().unwrap_or_default();
        let start = output.len();
        match self.decompressor.reset(&mut *input) {
            Ok(()) => {}
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length,
                ..
            })) => {
                *input = input
                    .get(length as usize..)
                    .ok_or_else(|| invalid("the Zstandard frame is cut off"))?;
                return Ok(());
            }
            Err(FrameDecoderError::WindowSizeTooBig { .. }) => return Err(output.exceed()),
            Err(error) => return Err(invalid(error)),
        }
        while !self.decompressor.is_finished() {
            // One block at a time, which is at most 128 KiB.
            self.decompressor
                .decode_blocks(&mut *input, BlockDecodingStrategy::UptoBlocks(1))
                .map_err(invalid)?;
            while self.decompressor.can_collect() > 0 {
                let len = io::Read::read(&mut self.decompressor, output.room())?;
                output.advance(len)?;
            }
        }
        if descriptor & RESERVED != 0 {
            return Err(invalid("the Zstandard frame is of an unknown version"));
        }
        let content_size = self.decompressor.content_size();
        if descriptor & HAS_CONTENT_SIZE != 0 && (output.len() - start) as u64 != content_size {
            return Err(invalid("the Zstandard frame is not as long as it says"));
        }
        match self.decompressor.get_checksum_from_data() {
            Some(checksum) if self.decompressor.get_calculated_checksum() != Some(checksum) => {
                Err(invalid("the Zstandard frame does not match its checksum"))
            }
            _ => Ok(()),
        }
    }
}

impl Compressor for Zstd {
    fn compression(&self) -> Compression {
        Self::COMPRESSION
    }

    fn compress(&mut self, input: &[u8], output: &mut Vec<u8>) -> io::Result<()> {
        // The library owns what it reads and writes; both come back, and their memory with them.
        let mut source = self.compressor.take_source().unwrap_or_default();
        source.set_position(0);
        source.get_mut().clear();
        source.get_mut().extend_from_slice(input);
        self.compressor.set_source(source);
        self.compressor.set_drain(std::mem::take(output));
        self.compressor.compress();
        *output = self.compressor.take_drain().unwrap_or_default();
        Ok(())
    }
}

impl Decompressor for Zstd {
    fn compression(&self) -> Compression {
        Self::COMPRESSION
    }

    fn decompress(&mut self, input: &[u8], _magic: u8, output: &mut Output<'_>) -> io::Result<()> {
        self.decompressor
            .set_max_window_size(Self::max_window(output.limit()) as u64);
        Self::each_frame(input, |rest| self.frame(rest, output))
    }
}

impl fmt::Debug for Zstd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Zstd")
    }
}
