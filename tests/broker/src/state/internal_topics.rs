//! Kafka's internal topics, which exist once a coordinator has been looked up.

use super::broker_configs::Set;
use super::cluster::State;
use super::name::java_hash;
use super::topic::{CONSUMER_OFFSETS, TRANSACTION_STATE};

impl State {
    /// The partition of `__consumer_offsets` that a group belongs to.
    pub(crate) fn offsets_partition(&self, group: &str) -> i32 {
        let count = self.configs.number("offsets.topic.num.partitions", 50);
        let hash = java_hash(group).checked_abs().unwrap_or(0);
        let partition = i64::from(hash).checked_rem(count).unwrap_or(0);
        i32::try_from(partition).unwrap_or(0)
    }

    /// Creates one of the two, if it does not exist yet, as brokers are configured to. It always
    /// stays empty.
    pub(crate) fn ensure_internal_topic(&mut self, name: &str) {
        if self.topics.contains_key(name) {
            return;
        }
        let (prefix, policy): (&str, &[(&str, &str)]) = match name {
            CONSUMER_OFFSETS => ("offsets.topic", &[("compression.type", "producer")]),
            TRANSACTION_STATE => (
                "transaction.state.log",
                &[
                    ("compression.type", "uncompressed"),
                    ("unclean.leader.election.enable", "false"),
                ],
            ),
            _ => return,
        };
        let number = |what: &str, default| {
            let number = self.configs.number(&format!("{prefix}.{what}"), default);
            usize::try_from(number.max(1)).unwrap_or(usize::MAX)
        };
        let partitions = number("num.partitions", 50).min(Self::MAX_PARTITIONS);
        let replication = number("replication.factor", 3);
        let segment = number("segment.bytes", 104_857_600).to_string();
        let mut configs: Set = policy
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        configs.insert("cleanup.policy".to_owned(), "compact".to_owned());
        configs.insert("segment.bytes".to_owned(), segment);
        if name == TRANSACTION_STATE {
            let least = number("min.isr", 2).to_string();
            configs.insert("min.insync.replicas".to_owned(), least);
        }
        let replicas = self.assign(partitions, replication);
        self.create_topic(name, replicas, configs);
    }
}
