//! `Topology`: what metadata says of topics, by name and by id.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use libkafka_protocol::messages::metadata::{MetadataRequestTopic, MetadataResponseTopic};
use libkafka_protocol::messages::{MetadataRequest, MetadataResponse};
use libkafka_protocol::{ErrorCode, Uuid};

use super::leader::Leader;
use super::topic_metadata::{PartitionMetadata, TopicMetadata};
use crate::topic_partition::TopicPartition;

/// Ids of former topics that are remembered of a topic's name.
const FORMER_IDS: usize = 8;
/// Answers in a row that have to name a former id before it is believed.
const CONTRADICTIONS: u8 = 3;

/// What metadata says of some topics: partitions, leaders, epochs, replicas and racks, by name
/// and by topic id.
///
/// Fill it with [`Client::update_topology`](crate::Client::update_topology), which asks for all
/// of its topics in one request, and keep it current with the leaders that produce and fetch
/// responses name ([`apply_hint`](Self::apply_hint), KIP-951). It does no I/O of its own.
///
/// Brokers learn of changes at different times, so an answer may be older than one before it.
/// The leader epoch of a partition tells (KIP-320): an older epoch never replaces a newer one.
/// A topic that was deleted and created again has another id (KIP-516), and starts afresh.
#[derive(Debug, Clone, Default)]
pub struct Topology {
    topics: BTreeMap<Arc<str>, Entry>,
    names: HashMap<Uuid, Arc<str>>,
    /// Topics that are wanted by id, and whose names are not known.
    unnamed: BTreeSet<Uuid>,
    racks: BTreeMap<i32, Arc<str>>,
}

/// What is known of a topic that is wanted.
#[derive(Debug, Clone, Default)]
struct Entry {
    metadata: TopicMetadata,
    /// Whether the last answer had it. What an absent topic was is kept: a broker that had not
    /// heard of it yet is no reason to trust older epochs later.
    present: bool,
    error: Option<ErrorCode>,
    /// Ids that topics of this name had before. An answer with one of them is most likely an
    /// older one, of a broker that has not heard yet.
    former_ids: VecDeque<Uuid>,
    /// Answers with a former id since the last one with the current id.
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

/// What an update of a [`Topology`] changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes {
    /// Partitions that were not known before; all of them for a topic that is in `replaced`.
    pub added: Vec<TopicPartition>,
    /// Partitions that have another leader, or the same in a new epoch, or have lost it.
    pub moved: Vec<TopicPartition>,
    /// Topics that were known, and that the broker does not know.
    pub gone: Vec<Arc<str>>,
    /// Topics that were deleted and created again. Offsets of the old topic mean nothing in the
    /// new one.
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

    /// Adds those of another update.
    pub(crate) fn extend(&mut self, later: Self) {
        self.added.extend(later.added);
        self.moved.extend(later.moved);
        self.gone.extend(later.gone);
        self.replaced.extend(later.replaced);
    }
}

/// A topic whose name now belongs to another topic.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReplacedTopic {
    /// The name.
    pub topic: Arc<str>,
    /// The id that it had.
    pub old_id: Uuid,
    /// The id that it has.
    pub new_id: Uuid,
}

impl Topology {
    /// A topology of these topics, of which nothing is known yet.
    pub fn new<T: Into<Arc<str>>>(topics: impl IntoIterator<Item = T>) -> Self {
        let mut topology = Self::default();
        for topic in topics {
            topology.add(topic);
        }
        topology
    }

    /// Adds a topic to those that are asked for. Returns whether it is new.
    pub fn add(&mut self, topic: impl Into<Arc<str>>) -> bool {
        let topic = topic.into();
        if self.topics.contains_key(&topic) {
            return false;
        }
        self.topics.insert(topic, Entry::default());
        true
    }

    /// Adds a topic of which only the id is known, as in the assignments of KIP-848. It gets its
    /// name by an update. Returns whether it is new.
    pub fn add_id(&mut self, topic_id: Uuid) -> bool {
        !topic_id.is_zero() && !self.names.contains_key(&topic_id) && self.unnamed.insert(topic_id)
    }

    /// Removes a topic and all that is known of it.
    pub fn remove(&mut self, topic: &str) {
        if let Some(entry) = self.topics.remove(topic) {
            self.forget_id(entry.metadata.topic_id, topic);
        }
    }

    /// Removes an id that has not got its name, so that it is not asked for any more.
    pub fn remove_id(&mut self, topic_id: Uuid) {
        self.unnamed.remove(&topic_id);
    }

    /// The topics that are asked for by name, known or not, in order of their names.
    pub fn topics(&self) -> impl Iterator<Item = &Arc<str>> {
        self.topics.keys()
    }

    /// The topics that are asked for by id, since their names are not known.
    pub fn unnamed_ids(&self) -> impl Iterator<Item = Uuid> {
        self.unnamed.iter().copied()
    }

    /// What is known of a topic. `None` if it is not among [`topics`](Self::topics), or the
    /// broker did not know it when last asked.
    pub fn topic(&self, topic: &str) -> Option<&TopicMetadata> {
        let entry = self.topics.get(topic)?;
        entry.present.then_some(&entry.metadata)
    }

    /// The name of the topic that has this id.
    pub fn topic_name(&self, topic_id: Uuid) -> Option<&Arc<str>> {
        self.names.get(&topic_id)
    }

    /// The error code that the last answer had for a topic, such as
    /// [`TOPIC_AUTHORIZATION_FAILED`](ErrorCode::TOPIC_AUTHORIZATION_FAILED). What was known of
    /// the topic before stays, unless the code says that there is no such topic.
    pub fn error(&self, topic: &str) -> Option<ErrorCode> {
        self.topics.get(topic)?.error
    }

    /// What is known of a partition.
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

    /// The request that asks for all topics that are wanted by name.
    pub fn request(&self) -> MetadataRequest {
        Self::request_for(self.topics.keys().map(|name| MetadataRequestTopic {
            name: Some(name.as_ref().to_owned()),
            ..Default::default()
        }))
    }

    /// The request that asks for the topics that are wanted by id: version 12 at least. Brokers
    /// take names or ids in a request, not both.
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

    /// Takes what a response says of the topics that are wanted, and returns what that changed.
    ///
    /// A topic that the response does not mention stays as it is, and so does one with an error
    /// other than that it does not exist. Topics that nobody asked for are ignored.
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

    /// Takes the leader that a produce or fetch response named (KIP-951), if its epoch is newer
    /// than the one known. Returns whether it was.
    ///
    /// `topic_id` is the id of the topic that the response is about, where it names topics by id:
    /// what it says of a topic that has been replaced is ignored.
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
