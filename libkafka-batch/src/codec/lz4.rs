//! `Lz4`: LZ4 frames, their blocks through lz4_flex.
//!
//! The frame around the blocks is read and written here, because the one in lz4_flex allocates
//! memory for each frame, accepts a frame that ends without its end mark, and cannot read the
//! frames of magic 0. Kafka needs few of its options.

use std::{fmt, io};

use lz4_flex::block::{self, CompressTable};
use twox_hash::XxHash32;

use crate::attributes::Compression;
use crate::codec::compressor::Compressor;
use crate::codec::decompressor::{Decompressor, invalid};
use crate::codec::output::Output;

const MAGIC: [u8; 4] = 0x184d_2204_u32.to_le_bytes();
/// The descriptor that is written: version 1, independent blocks of up to 64 KiB, no checksums and
/// no size, as Kafka does (the batch has a checksum already); then the checksum of those two bytes.
const DESCRIPTOR: [u8; 3] = [0x60, 0x40, 0x82];
const BLOCK: usize = 64 * 1024;
/// The bit of a block's length which says that the block is not compressed.
const STORED: u32 = 1 << 31;

/// The LZ4 codec. Writes at the only level that lz4_flex has, which is about Kafka's level 1.
pub struct Lz4 {
    table: CompressTable,
}

impl Lz4 {
    /// The codec. It has only one level.
    pub fn new() -> Self {
        Self {
            table: CompressTable::default(),
        }
    }
}

impl Compressor for Lz4 {
    fn compression(&self) -> Compression {
        Compression::Lz4
    }

    fn compress(&mut self, input: &[u8], output: &mut Vec<u8>) -> io::Result<()> {
        output.extend_from_slice(&MAGIC);
        output.extend_from_slice(&DESCRIPTOR);
        for block in input.chunks(BLOCK) {
            let start = output.len();
            let body = start + 4;
            output.resize(body + block::get_maximum_output_size(block.len()), 0);
            let packed =
                block::compress_into_with_table(block, &mut output[body..], &mut self.table);
            let len = match packed.map_err(invalid)? {
                len if len < block.len() => len as u32,
                _ => {
                    output[body..body + block.len()].copy_from_slice(block);
                    block.len() as u32 | STORED
                }
            };
            output[start..body].copy_from_slice(&len.to_le_bytes());
            output.truncate(body + (len & !STORED) as usize);
        }
        // The end mark.
        output.extend_from_slice(&[0; 4]);
        Ok(())
    }
}

impl Decompressor for Lz4 {
    fn compression(&self) -> Compression {
        Compression::Lz4
    }

    fn decompress(&mut self, input: &[u8], magic: u8, output: &mut Output<'_>) -> io::Result<()> {
        let mut input = input;
        let frame = Frame::read(&mut input, magic)?;
        loop {
            let len = u32::from_le_bytes(take(&mut input)?);
            if len == 0 {
                break;
            }
            let body = (len & !STORED) as usize;
            if body > frame.block_size {
                return Err(invalid("an LZ4 block is bigger than its frame says"));
            }
            let (body, rest) = input.split_at_checked(body).ok_or_else(cut_off)?;
            input = rest;
            if frame.block_checksums
                && XxHash32::oneshot(0, body) != u32::from_le_bytes(take(&mut input)?)
            {
                return Err(invalid("an LZ4 block does not match its checksum"));
            }
            let block = if len & STORED != 0 {
                output.spare(body.len())?.copy_from_slice(body);
                body.len()
            } else {
                frame.unpack(body, output)?
            };
            output.advance(block)?;
        }
        // As in Kafka, the checksum of the content must be there but is not compared (the batch has
        // one, over all of this), nor is the size, and what follows is overlooked.
        if frame.content_checksum {
            take::<4>(&mut input)?;
        }
        Ok(())
    }
}

/// The fields of a frame's header.
struct Frame {
    block_size: usize,
    block_checksums: bool,
    content_checksum: bool,
}

impl Frame {
    fn read(input: &mut &[u8], magic: u8) -> io::Result<Self> {
        let all = *input;
        if take::<4>(input)? != MAGIC {
            return Err(invalid("it is not an LZ4 frame"));
        }
        let [flags, sizes] = take(input)?;
        if flags >> 6 != 1 || flags & 0x02 != 0 || sizes & 0x8f != 0 {
            return Err(invalid("the LZ4 frame is of an unknown version"));
        }
        if flags & 0x20 == 0 || flags & 0x01 != 0 {
            return Err(invalid(
                "the LZ4 frame has linked blocks or a dictionary, which Kafka does not support",
            ));
        }
        let has_content_size = flags & 0x08 != 0;
        if has_content_size {
            take::<8>(input)?;
        }
        let block_size = match sizes >> 4 {
            n @ 4..=7 => 1 << (8 + 2 * n),
            _ => return Err(invalid("the LZ4 frame has an unknown block size")),
        };
        let descriptor = &all[MAGIC.len()..all.len() - input.len()];
        let [checksum] = take(input)?;
        // Magic 0's writers reckoned it over the magic number as well, and some over other things.
        if magic != 0 && checksum != (XxHash32::oneshot(0, descriptor) >> 8) as u8 {
            return Err(invalid(
                "the header of the LZ4 frame does not match its checksum",
            ));
        }
        Ok(Self {
            block_size,
            block_checksums: flags & 0x10 != 0,
            content_checksum: flags & 0x04 != 0,
        })
    }

    /// Decompresses a block after what `output` holds, without counting it as written.
    fn unpack(&self, body: &[u8], output: &mut Output<'_>) -> io::Result<usize> {
        // LZ4 makes at most 255 bytes of one, so a small block never takes the memory of a big one.
        let most = self.block_size.min(body.len().saturating_mul(255));
        let limit = output.limit() - output.len();
        let packed = block::decompress_into(body, output.spare(most.min(limit))?);
        match packed {
            Ok(len) => Ok(len),
            Err(block::DecompressError::OutputTooSmall { .. }) if limit < most => {
                Err(output.exceed())
            }
            Err(error) => Err(invalid(error)),
        }
    }
}

fn take<const N: usize>(input: &mut &[u8]) -> io::Result<[u8; N]> {
    let (bytes, rest) = input.split_first_chunk::<N>().ok_or_else(cut_off)?;
    *input = rest;
    Ok(*bytes)
}

fn cut_off() -> io::Error {
    invalid("the LZ4 frame is cut off")
}

impl Default for Lz4 {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Lz4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lz4")
    }
}
