//! What the benchmarks have in common: candidates that take turns on the same data, what a process
//! used, clusters and their topics, and record batches by hand.
//!
//! Behind features is what takes other crates: `cluster`, and `by-hand`.

#[cfg(feature = "by-hand")]
pub mod by_hand;
#[cfg(feature = "cluster")]
mod cluster;
mod meter;
mod rounds;
mod turns;

#[cfg(feature = "cluster")]
pub use cluster::Cluster;
pub use meter::{Figures, Meter, memory};
pub use rounds::{median, percentiles, rounds};
pub use turns::{Candidate, Counting, Work, compare, in_turns, keep_memory, ratios};
