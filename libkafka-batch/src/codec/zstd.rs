//! Zstandard: in pure Rust through ruzstd, or through the C library.

#[cfg(not(feature = "zstd-c"))]
#[path = "zstd_pure.rs"]
mod backend;
#[cfg(feature = "zstd-c")]
#[path = "zstd_c.rs"]
mod backend;

pub use backend::Zstd;

use crate::Compression;

impl Zstd {
    pub(crate) const COMPRESSION: Compression = Compression::Zstd;
}

impl Default for Zstd {
    fn default() -> Self {
        Self::new()
    }
}
