//! DescribeLogDirs: lists the replicas of a node and their sizes (KIP-113).
//!
//! Versions 1 to 5.
//!
//! Unlike Kafka: logs are in memory, whatever the names of the directories, so a volume has no size
//! (-1).

use std::collections::{BTreeMap, HashMap, HashSet};

use libkafka_protocol::Uuid;
use libkafka_protocol::messages::describe_log_dirs::{
    DescribeLogDirsPartition, DescribeLogDirsResult, DescribeLogDirsTopic,
};
use libkafka_protocol::messages::{DescribeLogDirsRequest, DescribeLogDirsResponse};

use super::call::{Answer, Call};
use super::handler::Api;
use crate::fault::Targets;
use crate::state::{Partition, Topic};

impl Api for DescribeLogDirsRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<DescribeLogDirsResponse> {
        let state = call.lock();
        let node = call.node();
        let asked = self.topics.as_ref().map(|topics| {
            let mut asked: HashMap<&str, HashSet<i32>> = HashMap::new();
            for topic in topics {
                let partitions = asked.entry(&topic.topic).or_default();
                partitions.extend(&topic.partitions);
            }
            asked
        });
        let wanted = |name: &str, index: i32| match &asked {
            None => true,
            Some(asked) => asked.get(name).is_some_and(|all| all.contains(&index)),
        };
        let dirs = state.log_dirs();
        // The topics in each directory, by name.
        let mut contents: Vec<BTreeMap<&str, Vec<DescribeLogDirsPartition>>> =
            vec![BTreeMap::new(); dirs.len()];
        let topics: Box<dyn Iterator<Item = (&String, &Topic)>> = match &asked {
            None => Box::new(state.topics.iter()),
            Some(asked) => Box::new(
                asked
                    .keys()
                    .filter_map(|name| state.topics.get_key_value(*name)),
            ),
        };
        for (name, topic) in topics {
            let partitions = (0..).zip(&topic.partitions);
            for (index, partition) in partitions {
                if !(partition.replicas.contains(&node) && wanted(name, index)) {
                    continue;
                }
                call.grow(size_of::<DescribeLogDirsPartition>())?;
                let dir = partition.log_dir(node).min(dirs.len() - 1);
                let topic = contents[dir].entry(name).or_default();
                topic.push(describe(index, partition));
            }
            call.grow(name.len() + size_of::<DescribeLogDirsTopic>())?;
        }
        let results = dirs.iter().zip(contents);
        let results = results.map(|(dir, topics)| DescribeLogDirsResult {
            log_dir: dir.clone(),
            topics: topics
                .into_iter()
                .map(|(name, partitions)| DescribeLogDirsTopic {
                    name: name.to_owned(),
                    partitions,
                    ..Default::default()
                })
                .collect(),
            ..Default::default()
        });
        Ok(Some(DescribeLogDirsResponse {
            results: results.collect(),
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        for topic in self.topics.iter().flatten() {
            let partitions = topic.partitions.iter().copied();
            targets.partitions(&topic.topic, Uuid::ZERO, partitions);
        }
    }
}

fn describe(partition_index: i32, partition: &Partition) -> DescribeLogDirsPartition {
    let lag = partition.high_watermark() - partition.log.end_offset();
    DescribeLogDirsPartition {
        partition_index,
        partition_size: i64::try_from(partition.log.size()).unwrap_or(i64::MAX),
        offset_lag: lag.max(0),
        ..Default::default()
    }
}
