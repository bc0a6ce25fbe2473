//! The state of the cluster.

mod broker_configs;
mod cluster;
mod configs;
mod derived_id;
mod election;
mod features;
mod fetch_session;
mod group;
mod log;
mod name;
mod node;
mod partition;
mod pattern;
mod producer;
mod random_id;
mod reassign;
mod reassignment;
mod topic;
mod transaction;
mod validate;

pub(crate) use broker_configs::{check_at_start, check_change, is_list};
pub(crate) use cluster::State;
pub(crate) use configs::{ConfigEntry, Configs, TOPIC_CONFIGS, source, topic_entry};
pub(crate) use derived_id::derived_uuid;
pub(crate) use election::Election;
pub(crate) use features::{Direction, FEATURES, Features, GROUP_VERSION};
pub(crate) use fetch_session::RequestedPartition;
pub(crate) use group::{
    ASSIGNORS, Classic, Committed, ConsumerMember, Group, Identity, Join, JoinRefused, Joined,
    LEAVES_FOR_NOW, MemberHeartbeat, Partitions, Phase, Replies, Sync, elected,
};
pub(crate) use name::{check_topic_name, java_hash};
pub(crate) use node::Node;
pub(crate) use partition::{Appended, Partition};
pub(crate) use pattern::whole;
pub(crate) use random_id::random_uuid;
pub(crate) use topic::{Topic, is_internal};
pub(crate) use transaction::{End, Marker, ProducerId, Transaction, TransactionPhase};
pub(crate) use validate::{Incoming, Refusal, validate};
