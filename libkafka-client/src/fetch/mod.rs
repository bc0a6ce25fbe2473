//! Fetching: from one partition, and the offsets to fetch from.

mod fetched;
mod offset_spec;
mod offsets;
mod options;
mod partition_fetcher;
mod position;
mod request;

pub use self::fetched::Fetched;
pub use self::offset_spec::{EpochEndOffset, OffsetAndTimestamp, OffsetSpec};
pub use self::options::{FetchOptions, Isolation};
pub use self::partition_fetcher::PartitionFetcher;
pub use self::position::FetchPosition;
