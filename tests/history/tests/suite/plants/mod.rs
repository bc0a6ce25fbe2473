//! Anomalies, planted into clean histories: each changes what a history says as little as it can.
//! A function returns `None` where a history has no place for its anomaly.

mod handling;
mod log;
mod reading;
mod search;

pub(crate) use handling::{commit_ahead, commit_back, handled_twice, order_per_key, zombie_commit};
pub(crate) use log::{duplicate, ghost, lost, order_in_log, split_offset};
pub(crate) use reading::{back, resume, skip, stuck, two_owners};
