//! `Zstd`: Zstandard through one of three libraries: ruzstd, structured-zstd or the C library.

#[cfg(not(any(feature = "zstd-structured", feature = "zstd-c")))]
#[path = "zstd_pure.rs"]
mod backend;
#[cfg(all(feature = "zstd-structured", not(feature = "zstd-c")))]
#[path = "zstd_structured.rs"]
mod backend;
#[cfg(feature = "zstd-c")]
#[path = "zstd_c.rs"]
mod backend;

pub use backend::Zstd;

#[cfg(not(feature = "zstd-c"))]
use std::io;

use crate::attributes::Compression;

impl Zstd {
    pub(crate) const COMPRESSION: Compression = Compression::Zstd;

    /// Whether what follows a frame is only the start of the magic number of another. Kafka ignores
    /// that, and nothing else.
    pub(crate) fn is_cut_off_magic(rest: &[u8]) -> bool {
        const FRAME: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
        // The first byte is 0x50 to 0x5f.
        const SKIPPABLE: [u8; 3] = [0x2a, 0x4d, 0x18];
        match rest {
            [0x50..=0x5f, rest @ ..] => rest.len() < 3 && SKIPPABLE.starts_with(rest),
            rest => rest.len() < 4 && FRAME.starts_with(rest),
        }
    }

    /// Reads one frame after another, to the end or to what Kafka ignores there.
    #[cfg(not(feature = "zstd-c"))]
    fn each_frame(
        input: &[u8],
        mut read: impl FnMut(&mut &[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut rest = input;
        while !rest.is_empty() {
            if rest.len() < input.len() && Self::is_cut_off_magic(rest) {
                break;
            }
            read(&mut rest)?;
        }
        Ok(())
    }

    /// The widest window that a frame may ask for, in bytes. The decoder allocates it whatever the
    /// frame contains, so the limit applies to it too; but it is at least the 8 MiB that every
    /// reader should support (RFC 8878), since writers ask for that much even for a small frame.
    pub(crate) fn max_window(limit: usize) -> usize {
        limit.max(8 << 20)
    }
}

impl Default for Zstd {
    fn default() -> Self {
        Self::new()
    }
}
