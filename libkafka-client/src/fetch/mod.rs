//! Fetching: from one partition, and the offsets to fetch from.

mod fetched;
mod offsets;
mod partition_fetcher;

pub use self::fetched::{Fetched, Isolation};
pub use self::offsets::{EpochEnd, FoundOffset, Position};
pub use self::partition_fetcher::PartitionFetcher;
