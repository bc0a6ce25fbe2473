//! Fetching: from one partition, from many over a lane, and looking up the offsets to fetch from.

mod budget;
mod fetched;
mod lane;
mod lane_fetch;
mod lane_options;
mod lane_partition;
mod lane_partitions;
mod lookup_requests;
mod lookups;
mod offset_spec;
mod offsets;
mod options;
mod partition_fetcher;
mod position;
mod request;
mod session;

pub use self::budget::FetchBudget;
pub use self::fetched::Fetched;
pub use self::lane::FetchLane;
pub use self::lane_fetch::{FetchOutcome, LaneFetch};
pub use self::lane_options::FetchLaneOptions;
pub(crate) use self::lookup_requests::{
    end_of_epoch_requests, end_of_epoch_results, list_offsets_requests, list_offsets_results,
};
pub use self::offset_spec::{EpochEndOffset, OffsetAndTimestamp, OffsetSpec};
pub use self::options::{FetchOptions, Isolation};
pub use self::partition_fetcher::PartitionFetcher;
pub use self::position::FetchPosition;
pub(crate) use self::position::ReadReplica;
