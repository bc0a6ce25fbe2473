//! `Gzip`: gzip through flate2 and zlib-rs.

use std::{fmt, io};

use flate2::{Compress, Decompress, FlushCompress, FlushDecompress, Status};

use crate::attributes::Compression;
use crate::codec::compressor::Compressor;
use crate::codec::decompressor::{Decompressor, invalid};
use crate::codec::output::Output;

/// The fewest remaining bytes in which Java looks for another member: more than a header and a
/// trailer.
const MIN_MEMBER: usize = 19;

/// The gzip codec. Reads several members in succession as one.
pub struct Gzip {
    level: u32,
    compressor: Option<Compress>,
    decompressor: Option<Decompress>,
}

impl Gzip {
    /// The window of 32 KiB that every gzip reader has.
    const WINDOW_BITS: u8 = 15;

    /// A codec with Kafka's default level, 6.
    pub fn new() -> Self {
        Self::with_level(6)
    }

    /// A codec with a level from 1 (fastest) to 9 (smallest). A level out of range means the
    /// nearest one.
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
        let body = after_header(input).ok_or_else(|| invalid("it is not a gzip member"))?;
        let mut rest = self.member(body, output)?;
        // As in Java, what follows a member and is none itself is overlooked.
        while rest.len() >= MIN_MEMBER
            && let Some(body) = after_header(rest)
        {
            rest = self.member(body, output)?;
        }
        Ok(())
    }
}

impl Gzip {
    /// Decompresses a member, whose `body` is what follows its header, and returns what follows the
    /// member.
    fn member<'a>(&mut self, body: &'a [u8], output: &mut Output<'_>) -> io::Result<&'a [u8]> {
        let decompressor = self
            .decompressor
            .get_or_insert_with(|| Decompress::new(false));
        decompressor.reset(false);
        let mut input = body;
        let mut crc = crc32fast::Hasher::new();
        loop {
            let (read, written) = (decompressor.total_in(), decompressor.total_out());
            let room = output.room();
            let status = decompressor
                .decompress(input, room, FlushDecompress::None)
                .map_err(invalid)?;
            let read = (decompressor.total_in() - read) as usize;
            let written = (decompressor.total_out() - written) as usize;
            crc.update(&room[..written]);
            input = &input[read..];
            output.advance(written)?;
            match status {
                Status::StreamEnd => break,
                _ if read == 0 && written == 0 => return Err(cut_off()),
                _ => {}
            }
        }
        let (trailer, rest) = input.split_first_chunk::<8>().ok_or_else(cut_off)?;
        let [a, b, c, d, size @ ..] = *trailer;
        if u32::from_le_bytes([a, b, c, d]) != crc.finalize() {
            return Err(invalid("the gzip member does not match its checksum"));
        }
        if u32::from_le_bytes(size) != decompressor.total_out() as u32 {
            return Err(invalid("the gzip member is not as long as it says"));
        }
        Ok(rest)
    }
}

/// The bytes after the header of a gzip member (RFC 1952), if `input` starts with one. As in Java,
/// reserved flags are ignored; zlib refuses them, which is why the header is read here.
fn after_header(input: &[u8]) -> Option<&[u8]> {
    const DEFLATE: u8 = 8;
    let (&[0x1f, 0x8b, DEFLATE, flags, ..], mut rest) = input.split_first_chunk::<10>()? else {
        return None;
    };
    if flags & 0x04 != 0 {
        let (len, extra) = rest.split_first_chunk()?;
        rest = extra.get(usize::from(u16::from_le_bytes(*len))..)?;
    }
    // The name of a file, and a comment.
    for flag in [0x08, 0x10] {
        if flags & flag != 0 {
            let end = rest.iter().position(|byte| *byte == 0)?;
            rest = &rest[end + 1..];
        }
    }
    if flags & 0x02 != 0 {
        let header = &input[..input.len() - rest.len()];
        let (checksum, after) = rest.split_first_chunk()?;
        if u16::from_le_bytes(*checksum) != crc32fast::hash(header) as u16 {
            return None;
        }
        rest = after;
    }
    Some(rest)
}

fn cut_off() -> io::Error {
    invalid("the gzip stream is cut off")
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
