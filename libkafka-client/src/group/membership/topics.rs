//! `Topics`: what a membership knows of the cluster's topics.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use libkafka_protocol::Uuid;

use crate::cluster::Topology;

/// Topics of a cluster: a snapshot of everything that the owner of a membership knows of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Topics {
    by_name: BTreeMap<Arc<str>, Topic>,
    by_id: BTreeMap<Uuid, Arc<str>>,
}

/// What a membership needs to know of a topic.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Topic {
    /// The id of the topic; `None` from brokers before 2.8.
    pub id: Option<Uuid>,
    /// For each partition, the racks of its replicas, as far as their brokers have one.
    pub racks: Vec<Vec<String>>,
}

/// The topics that a membership requests metadata of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WantedTopics {
    /// All topics of the cluster.
    All,
    /// The topics with these names.
    Named(BTreeSet<String>),
    /// The topics with these ids, whose names are not known.
    WithIds(BTreeSet<Uuid>),
}

impl Topic {
    /// A topic with this many partitions, whose racks are not known.
    pub fn with_partitions(count: usize) -> Self {
        Self {
            id: None,
            racks: vec![Vec::new(); count],
        }
    }

    /// Sets the id.
    #[must_use]
    pub fn id(mut self, id: Uuid) -> Self {
        self.id = Some(id);
        self
    }
}

impl Topics {
    /// No topics.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a topic, or replaces what is known of it.
    pub fn insert(&mut self, name: impl Into<Arc<str>>, topic: Topic) {
        let name = name.into();
        if let Some(id) = self.by_name.get(&name).and_then(|former| former.id) {
            self.by_id.remove(&id);
        }
        if let Some(id) = topic.id {
            self.by_id.insert(id, Arc::clone(&name));
        }
        self.by_name.insert(name, topic);
    }

    /// Forgets a topic.
    pub fn remove(&mut self, name: &str) {
        if let Some(id) = self.by_name.remove(name).and_then(|topic| topic.id) {
            self.by_id.remove(&id);
        }
    }

    /// The topic of this name.
    pub fn get(&self, name: &str) -> Option<&Topic> {
        self.by_name.get(name)
    }

    /// The name of the topic with this id.
    pub fn name_of(&self, id: Uuid) -> Option<&Arc<str>> {
        self.by_id.get(&id)
    }

    /// All topics, in order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Topic)> {
        self.by_name.iter()
    }

    /// The name as it is shared here, or a new one.
    pub(super) fn shared_name(&self, name: &str) -> Arc<str> {
        let found = self.by_name.get_key_value(name);
        found.map_or_else(|| name.into(), |(name, _)| Arc::clone(name))
    }
}

/// What a topology knows of topics that exist.
impl From<&Topology> for Topics {
    fn from(topology: &Topology) -> Self {
        let topics = topology.topics().filter_map(|name| {
            let metadata = topology.topic(name)?;
            let count = metadata
                .partitions
                .keys()
                .next_back()
                .map_or(0, |last| last + 1);
            let racks = (0..count).map(|number| {
                let replicas = metadata.partitions.get(&number).map(|p| &p.replicas);
                let replicas = replicas.into_iter().flat_map(|replicas| replicas.iter());
                let racks = replicas.filter_map(|broker| topology.rack(*broker));
                racks.map(|rack| rack.to_string()).collect()
            });
            let topic = Topic {
                id: metadata.topic_id,
                racks: racks.collect(),
            };
            Some((Arc::clone(name), topic))
        });
        topics.collect()
    }
}

impl<N: Into<Arc<str>>> FromIterator<(N, Topic)> for Topics {
    fn from_iter<I: IntoIterator<Item = (N, Topic)>>(topics: I) -> Self {
        let mut all = Self::new();
        for (name, topic) in topics {
            all.insert(name, topic);
        }
        all
    }
}
