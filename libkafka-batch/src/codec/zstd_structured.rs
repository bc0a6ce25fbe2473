//! Zstandard in pure Rust through structured-zstd.

use std::cell::RefCell;
use std::{fmt, io};

use structured_zstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use structured_zstd::decoding::{
    BlockDecodingStrategy, ContentChecksum, FrameContentSize, FrameDecoder,
    find_frame_compressed_size, read_frame_header_info,
};
use structured_zstd::encoding::{CompressionLevel, FrameCompressor};

use crate::attributes::Compression;
use crate::codec::compressor::Compressor;
use crate::codec::decompressor::{Decompressor, invalid};
use crate::codec::output::Output;

/// The size of what precedes the content of a skippable frame, in bytes: magic number and length.
const SKIPPABLE_HEADER: usize = 8;
/// A frame that says how long its content is gets that much memory at once, up to this many times
/// its own size. Typical text of applications shrinks to a tenth.
const BELIEVED_EXPANSION: usize = 64;
/// The widest window that the library accepts on any system.
const MAX_WINDOW: usize = 1 << 30;

thread_local! {
    /// The library's compressor cannot move to another thread, but a builder can. So each thread
    /// that compresses has its own, for all of its codecs.
    static COMPRESSOR: RefCell<FrameCompressor> =
        RefCell::new(FrameCompressor::new(CompressionLevel::Default));
}

/// The Zstandard codec. Reads several frames in succession as one.
///
/// With structured-zstd, each thread that compresses keeps 1 to 4 MiB for as long as it lives.
pub struct Zstd {
    level: i32,
    /// The last frame that was written. The library overwrites it.
    frame: Vec<u8>,
    decompressor: FrameDecoder,
}

impl Zstd {
    /// A codec with Kafka's default level, 3.
    pub fn new() -> Self {
        Self::with_level(CompressionLevel::DEFAULT_LEVEL)
    }

    /// A codec with a level from -131072 (fastest) to 22 (smallest). A level out of range means the
    /// nearest one.
    pub fn with_level(level: i32) -> Self {
        let mut decompressor = FrameDecoder::new();
        decompressor.set_content_checksum(ContentChecksum::Verify);
        Self {
            level: level.clamp(CompressionLevel::MIN_LEVEL, CompressionLevel::MAX_LEVEL),
            frame: Vec::new(),
            decompressor,
        }
    }

    /// Decompresses the frame at the start of `input`, and moves `input` past it.
    fn frame(&mut self, input: &mut &[u8], output: &mut Output<'_>) -> io::Result<()> {
        let header = match read_frame_header_info(input, false) {
            Ok(header) => header,
            Err(ReadFrameHeaderError::SkipFrame { length, .. }) => {
                let content = input.get(SKIPPABLE_HEADER..);
                let rest = content.and_then(|content| content.get(length as usize..));
                *input = rest.ok_or_else(cut_off)?;
                return Ok(());
            }
            Err(error) => return Err(invalid(error)),
        };
        if header.window_size > self.decompressor.max_window_size() {
            return Err(output.exceed());
        }
        match header.content_size {
            FrameContentSize::Known(size)
                if size > 0 && size <= (input.len() * BELIEVED_EXPANSION) as u64 =>
            {
                self.whole(size as usize, input, output)
            }
            _ => self.block_by_block(input, output),
        }
    }

    /// Decompresses a frame of `size` bytes into its final place.
    fn whole(&mut self, size: usize, input: &mut &[u8], output: &mut Output<'_>) -> io::Result<()> {
        let end = find_frame_compressed_size(input)
            .map_err(|_| invalid("the Zstandard frame is cut off or has no blocks"))?;
        let (frame, rest) = input.split_at_checked(end).ok_or_else(cut_off)?;
        let room = output.spare(size)?;
        let len = self.decompressor.decode_all(frame, room).map_err(invalid)?;
        *input = rest;
        output.advance(len)
    }

    /// Decompresses a frame that does not say its size, so that it ends at the limit.
    fn block_by_block(&mut self, input: &mut &[u8], output: &mut Output<'_>) -> io::Result<()> {
        match self.decompressor.reset(&mut *input) {
            Ok(()) => {}
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
                if len == 0 {
                    return Err(cut_off());
                }
                output.advance(len)?;
            }
        }
        self.decompressor.verify_content_size().map_err(invalid)?;
        self.decompressor.verify_content_checksum().map_err(invalid)
    }
}

fn cut_off() -> io::Error {
    invalid("the Zstandard frame is cut off")
}

impl Compressor for Zstd {
    fn compression(&self) -> Compression {
        Self::COMPRESSION
    }

    fn compress(&mut self, input: &[u8], output: &mut Vec<u8>) -> io::Result<()> {
        let level = CompressionLevel::from_level(self.level);
        let shared = COMPRESSOR.try_with(|compressor| {
            let compressor = &mut *compressor.borrow_mut();
            if compressor.compression_level() != level {
                compressor.set_compression_level(level);
            }
            compressor.compress_independent_frame_into(input, &mut self.frame);
        });
        if shared.is_err() {
            // The thread is about to end.
            let mut compressor: FrameCompressor = FrameCompressor::new(level);
            compressor.compress_independent_frame_into(input, &mut self.frame);
        }
        output.extend_from_slice(&self.frame);
        Ok(())
    }
}

impl Decompressor for Zstd {
    fn compression(&self) -> Compression {
        Self::COMPRESSION
    }

    fn decompress(&mut self, input: &[u8], _magic: u8, output: &mut Output<'_>) -> io::Result<()> {
        self.decompressor
            .set_max_window_size(Self::max_window(output.limit()).min(MAX_WINDOW) as u64)
            .map_err(invalid)?;
        Self::each_frame(input, |rest| self.frame(rest, output))
    }
}

impl fmt::Debug for Zstd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Zstd")
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}
