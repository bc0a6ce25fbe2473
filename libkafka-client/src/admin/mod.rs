//! Typed helpers for what everybody needs of a cluster: one thing a call, its refusal an error.
//!
//! For several at once, and for what is not here, there is [`Client::call`](crate::Client::call).

mod configs;
mod delete_records;
mod describe_cluster;
mod groups;
mod topics;

pub use self::configs::{ConfigEntry, ConfigResource};
pub use self::describe_cluster::ClusterDescription;
pub use self::groups::{DescribedGroup, ListedGroup};
pub use self::topics::NewTopic;
