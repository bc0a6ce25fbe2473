//! Zstandard: in pure Rust through ruzstd, or through the C library.

#[cfg(not(feature = "zstd-c"))]
#[path = "zstd_pure.rs"]
mod backend;
#[cfg(feature = "zstd-c")]
#[path = "zstd_c.rs"]
mod backend;

pub use backend::Zstd;

use crate::attributes::Compression;

impl Zstd {
    pub(crate) const COMPRESSION: Compression = Compression::Zstd;

    /// The widest window that a frame may ask for. It takes that memory whatever the frame holds,
    /// so the limit bounds it too; but not below the 8 MiB that every reader should have (RFC
    /// 8878), since writers ask for as much for a small frame as for a big one.
    pub(crate) fn max_window(limit: usize) -> usize {
        limit.max(8 << 20)
    }
}

impl Default for Zstd {
    fn default() -> Self {
        Self::new()
    }
}
