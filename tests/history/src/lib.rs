#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod anomaly;
mod check;
mod checks;
mod claim;
mod commit;
mod digest;
mod error;
mod event;
mod history;
mod intervals;
mod json;
mod lines;
mod partition_digest;
mod recorder;
mod report;
mod rules;
mod timeline;
mod verifiable;

pub use anomaly::{Anomaly, Check};
pub use check::check;
pub use error::Error;
pub use event::{Event, Kind, Outcome, TopicPartition, Value};
pub use history::History;
pub use lines::Lines;
pub use recorder::Recorder;
pub use report::Report;
pub use rules::{Rules, Start};
