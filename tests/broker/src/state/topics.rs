//! Changes to topics: creating, extending, configuring and deleting them.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use libkafka_protocol::Uuid;
use libkafka_protocol::messages::create_topics::CreatableTopicConfigs;

use super::broker_configs::Set;
use super::cluster::State;
use super::configs::{Configs, topic_entries};
use super::partition::Partition;
use super::random_id::random_uuid;
use super::topic::Topic;

impl State {
    /// The topic whose name in metrics would be the same as that of this one.
    pub(crate) fn colliding_topic(&self, name: &str) -> Option<&str> {
        let same = self.metric_names.get(&metric_name(name))?;
        same.first().map(String::as_str)
    }

    /// Adds partitions to a topic.
    pub(crate) fn add_partitions(&mut self, name: &str, replicas: Vec<Vec<i32>>) {
        let added: Vec<Partition> = replicas
            .into_iter()
            .map(|r| self.new_partition(r))
            .collect();
        if let Some(topic) = self.topics.get_mut(name) {
            topic.partitions.extend(added);
        }
        self.mark_changed();
    }

    fn new_partition(&self, replicas: Vec<i32>) -> Partition {
        let running = |id: &i32| self.nodes.get(id).is_some_and(|node| node.running);
        let isr = replicas.iter().copied().filter(running).collect();
        Partition::new(replicas, isr, self.clock.wall_ms())
    }

    /// Replaces what was set since the start for one node, or for all. The configuration of topics
    /// builds on it.
    pub(crate) fn set_broker_configs(&mut self, node: Option<i32>, set: Set) {
        let mut configs = (*self.configs).clone();
        configs.set_dynamic(node, set);
        self.configs = Arc::new(configs);
        for topic in self.topics.values_mut() {
            let set = std::mem::take(&mut topic.configs.set);
            topic.configs = Configs::new(set, &self.configs);
        }
    }

    /// Replaces what was set for a topic, if it exists.
    pub(crate) fn set_topic_configs(&mut self, name: &str, set: Set) {
        if let Some(topic) = self.topics.get_mut(name) {
            topic.configs = Configs::new(set, &self.configs);
        }
    }

    /// Creates a topic. The caller has checked the name and that it is free.
    pub(crate) fn create_topic(
        &mut self,
        name: &str,
        replicas: Vec<Vec<i32>>,
        configs: Set,
    ) -> Uuid {
        let id = random_uuid();
        self.create_topic_as(id, name, replicas, configs);
        id
    }

    /// Like [`create_topic`](Self::create_topic), with an id that no topic has.
    pub(crate) fn create_topic_as(
        &mut self,
        id: Uuid,
        name: &str,
        replicas: Vec<Vec<i32>>,
        configs: Set,
    ) {
        let replicas = replicas.into_iter();
        let partitions = replicas.map(|r| self.new_partition(r)).collect();
        let topic = Topic {
            id,
            partitions,
            configs: Configs::new(configs, &self.configs),
        };
        self.topic_names.insert(id, name.to_owned());
        match self.metric_names.entry(metric_name(name)) {
            Entry::Occupied(mut same) => same.get_mut().push(name.to_owned()),
            // There is rarely another.
            Entry::Vacant(none) => {
                none.insert(vec![name.to_owned()]);
            }
        }
        self.topics.insert(name.to_owned(), topic);
        self.mark_changed();
    }

    /// Deletes a topic, if it exists.
    pub(crate) fn delete_topic(&mut self, name: &str) {
        if let Some(topic) = self.topics.remove(name) {
            self.topic_names.remove(&topic.id);
            if let Entry::Occupied(mut same) = self.metric_names.entry(metric_name(name)) {
                same.get_mut().retain(|other| other != name);
                if same.get().is_empty() {
                    same.remove();
                }
            }
            for group in self.groups.values_mut() {
                group.offsets.remove_topic(name);
            }
            self.mark_changed();
        }
    }

    /// Spreads `partitions` over the running nodes, with `replication` replicas each.
    pub(crate) fn assign(&mut self, partitions: usize, replication: usize) -> Vec<Vec<i32>> {
        let nodes = self.running_ids();
        let first = self.next_leader;
        self.next_leader = first.wrapping_add(partitions);
        (0..partitions)
            .map(|partition| {
                (0..replication.min(nodes.len()))
                    .map(|replica| nodes[(first.wrapping_add(partition) + replica) % nodes.len()])
                    .collect()
            })
            .collect()
    }

    /// The configuration of a topic, as CreateTopics returns it.
    pub(crate) fn creatable_configs(configs: &Configs, node: i32) -> Vec<CreatableTopicConfigs> {
        topic_entries()
            .map(|entry| CreatableTopicConfigs {
                name: entry.name.to_owned(),
                value: Some(configs.topic_value(entry).to_owned()),
                config_source: configs.topic_source(entry, node),
                ..Default::default()
            })
            .collect()
    }
}

/// The name in metrics, which do not distinguish a dot from an underscore.
fn metric_name(topic: &str) -> String {
    topic.replace('.', "_")
}
