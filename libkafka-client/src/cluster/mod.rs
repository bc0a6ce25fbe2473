//! The cluster: a client, what it knows of the brokers, and calls to the right one.

mod any_broker;
mod broker_call;
mod brokers;
mod by_broker;
mod call;
mod client;
mod client_versions;
mod connections;
mod leader;
mod leader_hint;
mod metadata;
mod partition;
mod partition_index;
mod refresh_pacing;
mod scatter;
mod target;
mod topic_metadata;
mod topology;
mod topology_update;

pub(crate) use self::any_broker::AnyBroker;
pub(crate) use self::broker_call::BrokerCall;
pub(crate) use self::by_broker::ByBroker;
pub use self::client::Client;
pub use self::leader::Leader;
pub use self::leader_hint::LeaderHint;
pub(crate) use self::partition::Partition;
pub(crate) use self::partition_index::PartitionIndex;
pub use self::refresh_pacing::RefreshPacing;
pub(crate) use self::scatter::{BrokerAnswer, results_of_leaders};
pub use self::target::Target;
pub(crate) use self::target::{FoundCoordinator, Route, coordinator_request};
pub use self::topic_metadata::{PartitionMetadata, TopicMetadata};
pub use self::topology::{Changes, ReplacedTopic, Topology};
