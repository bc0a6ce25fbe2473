//! The consumer: reads partitions that a group assigns, or chosen ones, over lanes, and commits the
//! offsets of what is handled.

mod answers;
mod buffer;
mod claim_reader;
mod claim_status;
mod claimed_batch;
mod commit_rounds;
mod committing;
#[allow(clippy::module_inception, reason = "it is the room's own type")]
mod consumer;
mod core;
mod cursor;
mod driving;
mod group_offsets;
mod lanes;
mod lookups;
mod marks;
mod options;
mod policies;
mod polled;
mod readers;
mod report;
mod settling;
mod source;
mod starts;
mod work;
mod work_queue;
mod workers;

pub use self::claim_status::ClaimStatus;
pub use self::claimed_batch::ClaimedBatch;
pub use self::consumer::Consumer;
pub use self::cursor::Cursor;
pub use self::options::ConsumerOptions;
pub use self::policies::{Commits, OnCorruptBatch, OnOutOfRange, OnTruncation, StartAt};
pub use self::polled::Polled;
pub use self::source::ConsumerSource;
pub use self::work::{Flow, Work};
pub use self::workers::Workers;
