//! The state of the cluster.

mod acl;
mod acl_host;
mod attempts;
mod authorizer;
mod broker_config_checks;
mod broker_configs;
mod client_metrics;
mod cluster;
mod config_kind;
pub(crate) mod config_source;
mod config_table;
mod configs;
mod derived_id;
mod election;
mod features;
mod fetch_session;
mod group;
mod group_configs;
mod internal_topics;
mod log;
mod loggers;
mod name;
mod node;
mod partition;
mod pattern;
mod producer;
mod quotas;
mod random_id;
mod reassign;
mod reassignment;
mod segment;
mod topic;
mod topics;
mod transaction;
mod validate;

pub(crate) use acl::{
    ALLOW, ANY, Acl, AclFilter, MATCH, PREFIXED, UNKNOWN, operation, resource_type,
};
pub(crate) use acl_host::check_host;
pub(crate) use authorizer::Authorizer;
pub(crate) use broker_config_checks::{
    OF_CLUSTER, OF_CONTROLLER, broker_entry, check_at_start, check_change,
};
pub(crate) use broker_configs::{BrokerConfigs, MIN_INSYNC_REPLICAS, Set};
pub(crate) use client_metrics::{check_client_metrics, client_metrics_entry};
pub(crate) use cluster::State;
pub(crate) use config_kind::ConfigKind;
pub(crate) use config_table::{ConfigEntry, Mode, config_table};
pub(crate) use configs::{Configs, check_topic_configs, topic_entries, topic_entry};
pub(crate) use derived_id::derived_uuid;
pub(crate) use election::Election;
pub(crate) use features::{Direction, FEATURES, Features, GROUP_VERSION};
pub(crate) use fetch_session::RequestedPartition;
pub(crate) use group::{
    ASSIGNORS, Classic, Committed, ConsumerMember, Group, Identity, Join, JoinRefused, Joined,
    LEAVES_FOR_NOW, MemberHeartbeat, Partitions, Phase, Replies, Sync, elected,
};
pub(crate) use group_configs::{check_group_configs, group_entry};
pub(crate) use loggers::{alter_logger, loggers};
pub(crate) use name::check_topic_name;
pub(crate) use node::Node;
pub(crate) use partition::{Appended, Partition};
pub(crate) use pattern::{whole, why_invalid};
pub(crate) use quotas::{QuotaEntity, Quotas};
pub(crate) use random_id::random_uuid;
pub(crate) use segment::SegmentLimits;
pub(crate) use topic::{CONSUMER_OFFSETS, TRANSACTION_STATE, Topic, is_internal};
pub(crate) use transaction::{End, Marker, ProducerId, Transaction, TransactionPhase};
pub(crate) use validate::{Incoming, Refusal, first_transactional, validate};
