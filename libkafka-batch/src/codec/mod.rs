//! Codecs: the traits that codecs implement, and the ready-made codecs.

pub(crate) mod compressor;
pub(crate) mod decompressor;
#[cfg(feature = "gzip")]
mod gzip;
#[cfg(feature = "lz4")]
mod lz4;
pub(crate) mod output;
pub(crate) mod ready_made;
#[cfg(feature = "snappy")]
mod snappy;
#[cfg(any(feature = "zstd", feature = "zstd-structured", feature = "zstd-c"))]
mod zstd;

pub use compressor::Compressor;
pub use decompressor::Decompressor;
#[cfg(feature = "gzip")]
pub use gzip::Gzip;
#[cfg(feature = "lz4")]
pub use lz4::Lz4;
pub use output::Output;
#[cfg(feature = "snappy")]
pub use snappy::Snappy;
#[cfg(any(feature = "zstd", feature = "zstd-structured", feature = "zstd-c"))]
pub use zstd::Zstd;
