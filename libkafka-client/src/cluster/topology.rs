//! `Topology`: the metadata of topics, by name and by id.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use libkafka_protocol::messages::metadata::{MetadataRequestTopic, MetadataResponseTopic};
use libkafka_protocol::messages::{MetadataRequest, MetadataResponse};
use libkafka_protocol::{ErrorCode, Uuid};

use super::leader::Leader;
use super::topic_metadata::{PartitionMetadata, TopicMetadata};
use crate::topic_partition::TopicPartition;

/// The number of former ids that are remembered for a topic's name.
const FORMER_IDS: usize = 8;
/// The number of consecutive answers that must name a former id before it is believed.
const CONTRADICTIONS: u8 = 3;

/// The metadata of some topics: partitions, leaders, epochs, replicas and racks, by name and by
/// topic id.
///
/// Fill it with [`Client::update_topology`](crate::Client::update_topology), which asks for all of
/// its topics in one request, and keep it current with the leaders that Produce and Fetch responses
/// name ([`apply_hint`](Self::apply_hint), KIP-951). It does no I/O of its own.
///
/// Brokers learn of changes at different times, so an answer may be older than the one before it.
/// The leader epoch of a partition shows this (KIP-320): an older epoch never replaces a newer one.
/// A topic that was deleted and created again has another id (KIP-516) and starts afresh.
#[derive(Debug, Clone, Default)]
pub struct Topology {
    topics: BTreeMap<Arc<str>, Entry>,
    names: HashMap<Uuid, Arc<str>>,
    /// Topics that are wanted by id and whose names are not known.
    unnamed: BTreeSet<Uuid>,
    racks: BTreeMap<i32, Arc<str>>,
}

/// The state of a wanted topic.
#[derive(Debug, Clone, Default)]
struct Entry {
    metadata: TopicMetadata,
    /// Whether the last answer included it. The last state of an absent topic is kept: a broker
    /// that had not heard of the topic yet is no reason to trust older epochs later.
    present: bool,
    error: Option<ErrorCode>,
    /// The ids of earlier topics with this name. An answer with one of them is most likely an older
    /// one, from a broker that has not heard of the change yet.
    former_ids: VecDeque<Uuid>,
    /// The number of answers with a former id since the last one with the current id.
    contradictions: u8,
}

impl Entry {
    /// Whether an answer with this topic id is an older one.
    fn is_older(&mut self, topic_id: Uuid) -> bool {
        if !self.former_ids.contains(&topic_id) {
            self.contradictions = 0;
            return false;
        }
        self.contradictions += 1;
        self.contradictions < CONTRADICTIONS
    }

    /// Starts afresh for another topic of the same name.
    fn replace(&mut self, old_id: Uuid, new_id: Uuid) {
        self.former_ids.retain(|id| *id != new_id);
        self.former_ids.push_back(old_id);
        if self.former_ids.len() > FORMER_IDS {
            self.former_ids.pop_front();
        }
        self.contradictions = 0;
        self.metadata = TopicMetadata::default();
        self.present = false;
    }
}

/// The changes that an update of a [`Topology`] made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes {
    /// Partitions that were not known before; all partitions of a topic in `replaced`.
    pub added: Vec<TopicPartition>,
    /// Partitions with another leader, with the same leader in a new epoch, or without a leader
    /// now.
    pub moved: Vec<TopicPartition>,
    /// Topics that were known but that the broker does not know.
    pub gone: Vec<Arc<str>>,
    /// Topics that were deleted and created again. Offsets of the old topic mean nothing in the new
    /// one.
    pub replaced: Vec<ReplacedTopic>,
}

impl Changes {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.moved.is_empty()
            && self.gone.is_empty()
            && self.replaced.is_empty()
    }

    /// Adds the changes of a later update.
    pub(crate) fn extend(&mut self, later: Self) {
        self.added.extend(later.added);
        self.moved.extend(later.moved);
        self.gone.extend(later.gone);
        self.replaced.extend(later.replaced);
    }
}

/// A topic whose name now belongs to a different topic.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReplacedTopic {
    /// The name of the topic.
    pub topic: Arc<str>,
    /// The previous id.
    pub old_id: Uuid,
    /// The current id.
    pub new_id: Uuid,
}

impl Topology {
    /// An empty topology of these topics.
    pub fn new<T: Into<Arc<str>>>(topics: impl IntoIterator<Item = T>) -> Self {
        let mut topology = Self::default();
        for topic in topics {
            topology.add(topic);
        }
        topology
    }

    /// Adds a topic to those that are requested. Returns whether it is new.
    pub fn add(&mut self, topic: impl Into<Arc<str>>) -> bool {
        let topic = topic.into();
        if self.topics.contains_key(&topic) {
            return false;
        }
        self.topics.insert(topic, Entry::default());
        true
    }

    /// Adds a topic of which only the id is known, as in the assignments of KIP-848. An update adds
    /// the name. Returns whether it is new.
    pub fn add_id(&mut self, topic_id: Uuid) -> bool {
        !topic_id.is_zero() && !self.names.contains_key(&topic_id) && self.unnamed.insert(topic_id)
    }

    /// Removes a topic and everything known about it.
    pub fn remove(&mut self, topic: &str) {
        if let Some(entry) = self.topics.remove(topic) {
            self.forget_id(entry.metadata.topic_id, topic);
        }
    }

    /// Removes an id whose name is not known yet, so that it is no longer requested.
    pub fn remove_id(&mut self, topic_id: Uuid) {
        self.unnamed.remove(&topic_id);
    }

    /// The topics that are requested by name, whether or not they are known, in order of their
    /// names.
    pub fn topics(&self) -> impl Iterator<Item = &Arc<str>> {
        self.topics.keys()
    }

    /// The topics that are requested by id because their names are not known.
    pub fn unnamed_ids(&self) -> impl Iterator<Item = Uuid> {
        self.unnamed.iter().copied()
    }

    /// The metadata of a topic. `None` if it is not among [`topics`](Self::topics), or the broker
    /// did not know it when last asked.
    pub fn topic(&self, topic: &str) -> Option<&TopicMetadata> {
        let entry = self.topics.get(topic)?;
        entry.present.then_some(&entry.metadata)
    }

    /// The name of the topic with this id.
    pub fn topic_name(&self, topic_id: Uuid) -> Option<&Arc<str>> {
        self.names.get(&topic_id)
    }

    /// The error code of the last answer about a topic, such as
    /// [`TOPIC_AUTHORIZATION_FAILED`](ErrorCode::TOPIC_AUTHORIZATION_FAILED). What was known of the
    /// topic before stays, unless the code says that the topic does not exist.
    pub fn error(&self, topic: &str) -> Option<ErrorCode> {
        self.topics.get(topic)?.error
    }

    /// The metadata of a partition.
    pub fn partition(&self, topic: &str, partition: i32) -> Option<&PartitionMetadata> {
        self.topic(topic)?.partitions.get(&partition)
    }

    /// The leader of a partition; `None` if it is not known or there is none at the moment.
    pub fn leader(&self, topic: &str, partition: i32) -> Option<Leader> {
        let metadata = self.topic(topic)?;
        let partition = metadata.partitions.get(&partition)?;
        Some(Leader {
            id: partition.leader_id?,
            epoch: partition.leader_epoch,
            topic_id: metadata.topic_id,
        })
    }

    /// The rack of a broker (`broker.rack`), if it has one.
    pub fn rack(&self, broker: i32) -> Option<&Arc<str>> {
        self.racks.get(&broker)
    }

    /// The request for all topics that are wanted by name.
    pub fn request(&self) -> MetadataRequest {
        Self::request_for(self.topics.keys().map(|name| MetadataRequestTopic {
            name: Some(name.as_ref().to_owned()),
            ..Default::default()
        }))
    }

    /// The request for the topics that are wanted by id. It needs version 12 or later. Brokers
    /// accept names or ids in a request, not both.
    pub fn request_by_id(&self) -> Option<MetadataRequest> {
        (!self.unnamed.is_empty()).then(|| {
            Self::request_for(self.unnamed.iter().map(|id| MetadataRequestTopic {
                topic_id: *id,
                name: None,
                ..Default::default()
            }))
        })
    }

    fn request_for(topics: impl Iterator<Item = MetadataRequestTopic>) -> MetadataRequest {
        MetadataRequest {
            topics: Some(topics.collect()),
            allow_auto_topic_creation: false,
            ..Default::default()
        }
    }

    /// Updates the wanted topics from a response, and returns the changes.
    ///
    /// A topic that the response does not mention stays as it is, and so does one with an error
    /// other than that it does not exist. Topics that are not wanted are ignored.
    pub fn update(&mut self, response: &MetadataResponse) -> Changes {
        self.update_racks(response);
        let mut changes = Changes::default();
        for topic in &response.topics {
            self.update_topic(topic, &mut changes);
        }
        changes
    }

    fn update_racks(&mut self, response: &MetadataResponse) {
        self.racks.clear();
        for broker in &response.brokers {
            if let Some(rack) = &broker.rack {
                self.racks.insert(broker.node_id, rack.as_str().into());
            }
        }
    }

    fn update_topic(&mut self, topic: &MetadataResponseTopic, changes: &mut Changes) {
        let Some(name) = topic.name.as_deref().filter(|name| !name.is_empty()) else {
            // Asked for by id and not found: the broker may not have heard of it yet.
            return;
        };
        if topic.error_code.is_ok() && self.unnamed.remove(&topic.topic_id) {
            self.add(name);
        }
        let Some((name, _)) = self.topics.get_key_value(name) else {
            return;
        };
        let name = Arc::clone(name);
        let Some(entry) = self.topics.get_mut(&name) else {
            return;
        };
        if topic.error_code == ErrorCode::UNKNOWN_TOPIC_OR_PARTITION {
            entry.error = Some(topic.error_code);
            if entry.present {
                entry.present = false;
                changes.gone.push(name);
            }
            return;
        }
        if !topic.error_code.is_ok() && topic.partitions.is_empty() {
            entry.error = Some(topic.error_code);
            return;
        }
        if entry.is_older(topic.topic_id) {
            return;
        }
        entry.error = (!topic.error_code.is_ok()).then_some(topic.error_code);
        let new_id = Some(topic.topic_id).filter(|id| !id.is_zero());
        let old_id = entry.metadata.topic_id;
        if let (Some(old_id), Some(new_id)) = (old_id, new_id)
            && old_id != new_id
        {
            entry.replace(old_id, new_id);
            changes.replaced.push(ReplacedTopic {
                topic: Arc::clone(&name),
                old_id,
                new_id,
            });
        }
        if new_id.is_some() {
            entry.metadata.topic_id = new_id;
        }
        let known = entry.metadata.partitions.len();
        if old_id.is_none() && !entry.present && topic.partitions.len() < known {
            // Without ids, that partitions are missing tells that it was created again.
            entry.metadata = TopicMetadata {
                topic_id: new_id,
                ..TopicMetadata::default()
            };
        }
        entry.metadata.is_internal = topic.is_internal;
        let returned = !std::mem::replace(&mut entry.present, true);
        for partition in &topic.partitions {
            if partition.partition_index < 0 {
                continue;
            }
            let new = PartitionMetadata::new(partition);
            let here = || TopicPartition {
                topic: Arc::clone(&name),
                partition: partition.partition_index,
            };
            match entry
                .metadata
                .partitions
                .get_mut(&partition.partition_index)
            {
                None => {
                    changes.added.push(here());
                    let partitions = &mut entry.metadata.partitions;
                    partitions.insert(partition.partition_index, new);
                }
                Some(old) => {
                    let moved = old.update(new);
                    if returned {
                        changes.added.push(here());
                    } else if moved {
                        changes.moved.push(here());
                    }
                }
            }
        }
        if let Some(new_id) = new_id {
            if old_id != Some(new_id) {
                self.forget_id(old_id, &name);
            }
            self.names.entry(new_id).or_insert(name);
            self.unnamed.remove(&new_id);
        }
    }

    /// Removes an id that belongs to this name.
    fn forget_id(&mut self, topic_id: Option<Uuid>, name: &str) {
        if let Some(id) = topic_id
            && self.names.get(&id).is_some_and(|n| **n == *name)
        {
            self.names.remove(&id);
        }
    }

    /// Accepts the leader that a Produce or Fetch response named (KIP-951), if its epoch is newer
    /// than the known one. Returns whether it was.
    ///
    /// `topic_id` is the id of the topic that the response is about, if it identifies topics by id:
    /// what it says of a topic that has since been replaced is ignored.
    pub fn apply_hint(
        &mut self,
        topic: &str,
        topic_id: Option<Uuid>,
        partition: i32,
        leader_id: i32,
        leader_epoch: i32,
    ) -> bool {
        let Some(entry) = self.topics.get_mut(topic).filter(|entry| entry.present) else {
            return false;
        };
        if topic_id.is_some() && topic_id != entry.metadata.topic_id {
            return false;
        }
        match entry.metadata.partitions.get_mut(&partition) {
            Some(known) if leader_id >= 0 && leader_epoch > known.leader_epoch.unwrap_or(-1) => {
                known.leader_id = Some(leader_id);
                known.leader_epoch = Some(leader_epoch);
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
