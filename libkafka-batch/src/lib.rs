//! Kafka record batches, built and parsed at the speed of memory.
//!
//! Kafka stores and sends records in batches: a producer sends one, a fetch returns several. This
//! crate writes and reads batches and knows nothing of the rest of the protocol, in which they are
//! opaque bytes.
//!
//! ```
//! use libkafka_batch::{Builder, RecordSet};
//!
//! let mut builder = Builder::new();
//! builder.add("key", "value")?;
//! let bytes = builder.build()?;
//!
//! for batch in RecordSet::new(bytes) {
//!     for record in &batch?.records()? {
//!         let record = record?;
//!         assert_eq!(record.value, Some(&b"value"[..]));
//!         println!("{:?}", record.value_text());
//!     }
//! }
//! # Ok::<(), libkafka_batch::Error>(())
//! ```
//!
//! # Features
//!
//! The default features are pure Rust and need no C compiler.
//!
//! - `gzip`, `snappy`, `lz4`, `zstd` (default): the codecs, [each](Compressor) [alone](Decompressor).
//! - `zstd-structured` and `zstd-c`: Zstandard through libraries other than ruzstd, with all
//!   levels. If several are enabled, the last one in this table is used. For 106 KB of records, on
//!   an AMD EPYC (Zen 4):
//!
//!   | feature | library | level 1 | level 3 | unpack | needs | debug build, CPU s |
//!   | --- | --- | ---: | ---: | ---: | --- | ---: |
//!   | `zstd` | ruzstd | 1,287 µs, 43,135 B | | 346 µs | | 2 |
//!   | `zstd-structured` | structured-zstd | 285 µs, 32,644 B | 545 µs, 34,906 B | 95 µs | Rust 1.92 | 16 |
//!   | `zstd-c` | the C library | 255 µs, 32,644 B | 367 µs, 34,870 B | 74 µs | a C compiler | 11 |
//!
//!   A consumer can do without them. A producer that uses Zstandard for its compression ratio
//!   should enable `zstd-c`, or `zstd-structured` if it must build without a C compiler.
//!
//!   structured-zstd is not the default because it is large and young: 55,000 lines, 1,070 of them
//!   with `unsafe`, at version 0.2. An optimised build of it takes some two minutes of CPU time,
//!   and one of ruzstd 3 s. Five million damaged frames never made it panic or exceed its memory
//!   limits, and whatever it accepted, it unpacked to the same bytes as the C library. It refuses a
//!   few frames with damaged literals that the C library accepts.
//! - `crc-fast` (default): CRC-32C through that crate wherever it is faster than `crc32c`, which is
//!   always there. The checksum is most of the work on large records: building 1,000 records of
//!   1 KiB takes 51 µs with it and 71 without; with 100 bytes, 11 and 13. In nanoseconds, on an AMD
//!   EPYC (Zen 4):
//!
//!   | bytes | `crc32c` | `crc-fast` with VPCLMULQDQ | `crc-fast` without |
//!   | ---: | ---: | ---: | ---: |
//!   | 100 | 11.4 | 7.4 | 7.0 |
//!   | 1,024 | 55.8 | 37.5 | 77.3 |
//!   | 65,536 | 2,469 | 1,129 | 3,095 |
//!
//!   So on x86, more than 256 bytes go to `crc-fast` only if the processor has that instruction and
//!   AVX-512 (Intel since 2019, AMD since 2022). Built with Rust before 1.89, `crc-fast` cannot use
//!   them. It adds four small crates and, at version 1.9, needs Rust 1.81; version 1.10 needs 1.89
//!   and measures the same, and a resolver that respects `rust-version` does not choose it.
#![forbid(unsafe_code)]
// Says on each item which feature it needs, where docs.rs builds the page.
#![cfg_attr(docsrs, feature(doc_cfg))]

/// The examples in the README.
#[cfg(all(doctest, feature = "lz4"))]
#[doc = include_str!("../README.md")]
struct Readme;

mod attributes;
mod batch;
mod batch_buffer;
mod builder;
mod builder_options;
mod codec;
mod compressed_records;
mod control;
mod control_type;
mod crc;
mod decoder;
mod encode;
mod error;
mod frame;
mod header;
mod legacy;
mod partition;
mod read_committed;
mod record;
mod record_set;
mod record_writer;
mod records;
mod restamp;
mod varint;
mod visible;

pub use attributes::{Attributes, Compression, TimestampType};
pub use batch::Batch;
pub use builder::Builder;
pub use builder_options::BuilderOptions;
#[cfg(feature = "gzip")]
pub use codec::Gzip;
#[cfg(feature = "lz4")]
pub use codec::Lz4;
#[cfg(feature = "snappy")]
pub use codec::Snappy;
#[cfg(any(feature = "zstd", feature = "zstd-structured", feature = "zstd-c"))]
pub use codec::Zstd;
pub use codec::{Compressor, Decompressor, Output};
pub use control::{Control, LeaderChange, Voter};
pub use control_type::ControlRecordType;
pub use decoder::{Decoder, DecoderOptions};
pub use error::{Error, Place, Result};
pub use header::{BatchHeader, HEADER_SIZE, ProducerInfo};
pub use partition::{murmur2, partition_for_key};
pub use read_committed::{AbortedTransaction, ReadCommitted};
pub use record::{Field, Header, HeaderIter, Headers, Record};
pub use record_set::RecordSet;
pub use records::{RecordIter, Records};
pub use restamp::Restamp;
pub use visible::{VisibleBatch, VisibleBatches, VisibleRecordIter, VisibleRecords};
