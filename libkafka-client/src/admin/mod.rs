//! Typed methods for the common administrative tasks. Each does one thing per call, and returns a
//! refusal as an error.
//!
//! For several things at once, and for everything else, use [`Client::call`](crate::Client::call).

mod configs;
mod delete_records;
mod describe_cluster;
mod groups;
mod topics;

pub use self::configs::{ConfigEntry, ConfigResource};
pub use self::describe_cluster::ClusterDescription;
pub use self::groups::{DescribedGroup, ListedGroup};
pub use self::topics::NewTopic;
