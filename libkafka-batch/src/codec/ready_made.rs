//! `decompressor`: returns the ready-made codec for a compression.

use crate::attributes::Compression;
use crate::codec::decompressor::Decompressor;
#[cfg(feature = "gzip")]
use crate::codec::gzip::Gzip;
#[cfg(feature = "lz4")]
use crate::codec::lz4::Lz4;
#[cfg(feature = "snappy")]
use crate::codec::snappy::Snappy;
#[cfg(any(feature = "zstd", feature = "zstd-structured", feature = "zstd-c"))]
use crate::codec::zstd::Zstd;

/// The ready-made codec for `compression`, if its feature is enabled.
pub(crate) fn decompressor(compression: Compression) -> Option<Box<dyn Decompressor + Send>> {
    match compression {
        #[cfg(feature = "gzip")]
        Compression::Gzip => Some(Box::new(Gzip::new())),
        #[cfg(feature = "snappy")]
        Compression::Snappy => Some(Box::new(Snappy::new())),
        #[cfg(feature = "lz4")]
        Compression::Lz4 => Some(Box::new(Lz4::new())),
        #[cfg(any(feature = "zstd", feature = "zstd-structured", feature = "zstd-c"))]
        Compression::Zstd => Some(Box::new(Zstd::new())),
        _ => None,
    }
}
