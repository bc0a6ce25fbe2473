//! `Snappy`: Snappy through snap, in the framing of snappy-java.
//!
//! A stream starts with a header of 16 bytes; each block is preceded by its length. Some clients
//! write one bare Snappy block instead, and Kafka reads that too.

use std::{fmt, io};

use snap::raw;

use crate::attributes::Compression;
use crate::codec::compressor::Compressor;
use crate::codec::decompressor::{Decompressor, invalid};
use crate::codec::output::Output;

const MAGIC: &[u8; 8] = b"\x82SNAPPY\0";
/// The magic, the version, and the lowest version that a reader must support.
const HEADER: [u8; 16] = *b"\x82SNAPPY\0\0\0\0\x01\0\0\0\x01";
/// The lowest version that snappy-java accepts in the header of a second stream.
const VERSION: i32 = 1;
/// Input of a block, as in Kafka's own clients, which take snappy-java's default. Snappy could look
/// back twice as far; that would take longer and make its output a few percent smaller.
const BLOCK: usize = 32 * 1024;
/// Snappy makes at most 64 bytes of 3, so this is more than it can expand by.
const MOST_EXPANSION: usize = 32;

/// The Snappy codec. Writes the framing of snappy-java, as Kafka does; reads that and bare blocks.
pub struct Snappy {
    compressor: raw::Encoder,
    /// Room for a block at its largest. Made once: filling that much of the output with zeros for
    /// each block takes longer than copying a compressed block there.
    block: Vec<u8>,
    decompressor: raw::Decoder,
}

impl Snappy {
    /// The codec. Snappy has no levels.
    pub fn new() -> Self {
        Self {
            compressor: raw::Encoder::new(),
            block: Vec::new(),
            decompressor: raw::Decoder::new(),
        }
    }

    fn block(&mut self, block: &[u8], output: &mut Output<'_>) -> io::Result<()> {
        let len = raw::decompress_len(block)?;
        if len > block.len().saturating_mul(MOST_EXPANSION) {
            return Err(invalid("the Snappy block claims more than it can hold"));
        }
        let len = self.decompressor.decompress(block, output.spare(len)?)?;
        output.advance(len)
    }
}

impl Compressor for Snappy {
    fn compression(&self) -> Compression {
        Compression::Snappy
    }

    fn compress(&mut self, input: &[u8], output: &mut Vec<u8>) -> io::Result<()> {
        output.extend_from_slice(&HEADER);
        for block in input.chunks(BLOCK) {
            let most = raw::max_compress_len(block.len());
            if self.block.len() < most {
                self.block.resize(most, 0);
            }
            let len = self.compressor.compress(block, &mut self.block)?;
            output.extend_from_slice(&(len as u32).to_be_bytes());
            output.extend_from_slice(&self.block[..len]);
        }
        Ok(())
    }
}

impl Decompressor for Snappy {
    fn compression(&self) -> Compression {
        Compression::Snappy
    }

    fn decompress(&mut self, input: &[u8], _magic: u8, output: &mut Output<'_>) -> io::Result<()> {
        // The versions in the first header are not looked at: snappy-java does not either.
        let Some((_, mut rest)) = input
            .split_first_chunk::<16>()
            .filter(|(header, _)| header.starts_with(MAGIC))
        else {
            return self.block(input, output);
        };
        // As in snappy-java, what is too short for a length ends the stream.
        while let Some((len, after)) = rest.split_first_chunk::<4>() {
            // Streams may follow one another; no length starts like their magic.
            if MAGIC.starts_with(len) {
                let Some((header, after)) = rest.split_first_chunk::<16>() else {
                    return Err(invalid("the Snappy header is cut off"));
                };
                if !header.starts_with(MAGIC) {
                    break;
                }
                let [.., a, b, c, d, _, _, _, _] = *header;
                if i32::from_be_bytes([a, b, c, d]) < VERSION {
                    return Err(invalid("the Snappy stream is of an unknown version"));
                }
                rest = after;
                continue;
            }
            let block = after.split_at_checked(u32::from_be_bytes(*len) as usize);
            let (block, after) = block.ok_or_else(|| invalid("a Snappy block is cut off"))?;
            self.block(block, output)?;
            rest = after;
        }
        Ok(())
    }
}

impl Default for Snappy {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Snappy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Snappy")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_holds_as_much_as_one_of_kafkas_own_clients() {
        let mut output = Vec::new();
        Snappy::new()
            .compress(&[7; 70_000], &mut output)
            .expect("all input can be compressed");
        let mut blocks = Vec::new();
        let (header, mut rest) = output.split_at(HEADER.len());
        assert_eq!(header, HEADER);
        while let Some((len, after)) = rest.split_first_chunk() {
            let (block, after) = after.split_at(u32::from_be_bytes(*len) as usize);
            blocks.push(raw::decompress_len(block).expect("a block begins with its length"));
            rest = after;
        }
        // `SnappyOutputStream` of snappy-java 1.1.10, as Kafka 4.4.0 makes it.
        assert_eq!(blocks, [32_768, 32_768, 4_464]);
    }
}
