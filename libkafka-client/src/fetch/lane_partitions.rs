//! `LanePartitions`: the partitions of a fetch lane, what to request for them and what came back.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use libkafka_protocol::messages::fetch::{FetchableTopicResponse, NodeEndpoint, PartitionData};
use libkafka_protocol::messages::{FetchRequest, FetchResponse};
use libkafka_protocol::{Uuid, Versions};

use super::lane_fetch::{FetchOutcome, LaneFetch};
use super::lane_options::FetchLaneOptions;
use super::lane_partition::{Counts, LanePartition};
use super::position::FetchPosition;
use super::request::{FetchContext, FetchCursor, Outcome, TOPIC_ID_VERSION, outcome};
use super::session::{FetchForm, FetchSession};
use crate::cluster::{Leader, LeaderHint};
use crate::error::Error;
use crate::exchange::Answer;
use crate::topic_partition::TopicPartition;

/// The first version with sessions.
const SESSION_VERSION: i16 = 7;

/// The partitions that a lane fetches from one broker.
///
/// Each is requested until there is something to return: batches, an error, another replica. It is
/// not requested again until the caller says where to continue. One request is in flight at a time;
/// what it returns for a partition that was moved or removed meanwhile is dropped.
#[derive(Debug, Default)]
pub(crate) struct LanePartitions {
    entries: BTreeMap<TopicPartition, LanePartition>,
    session: FetchSession,
    /// Those that the next request may have to say something about: within a session it names only
    /// what has changed, so that a request costs as much as has changed.
    changed: BTreeSet<TopicPartition>,
    /// The names of the topics that have an id.
    names: HashMap<Uuid, Arc<str>>,
    /// Whether topics may have come, gone or been created again since `names` was made.
    topics_changed: bool,
    counts: Counts,
    /// The number of results returned so far.
    deliveries: u64,
}

impl LanePartitions {
    /// Adds a partition, or changes its position and leader. A pause stays in force.
    pub(crate) fn set(
        &mut self,
        partition: TopicPartition,
        position: FetchPosition,
        leader: &Leader,
    ) {
        let old = self.entries.get(&partition);
        let entry = LanePartition {
            position,
            leader_epoch: leader.epoch,
            topic_id: leader.topic_id,
            paused: old.is_some_and(|entry| entry.paused),
            handed_out: false,
            delivery: 0,
            asked: false,
        };
        self.topics_changed |= old.is_none_or(|old| old.topic_id != entry.topic_id);
        if let Some(old) = old {
            self.counts.remove(old);
        }
        self.counts.add(&entry);
        self.changed.insert(partition.clone());
        self.entries.insert(partition, entry);
    }

    /// Changes a partition. Returns false if the lane does not have it.
    fn change(
        &mut self,
        partition: &TopicPartition,
        change: impl FnOnce(&mut LanePartition),
    ) -> bool {
        let Some(entry) = self.entries.get_mut(partition) else {
            return false;
        };
        let state = |entry: &LanePartition| (entry.position, entry.is_wanted(), entry.asked);
        let before = state(entry);
        self.counts.remove(entry);
        change(entry);
        self.counts.add(entry);
        if before != state(entry) && !self.changed.contains(partition) {
            self.changed.insert(partition.clone());
        }
        true
    }

    /// Continues a partition at this position. Returns false if the lane does not have it.
    pub(crate) fn seek(&mut self, partition: &TopicPartition, position: FetchPosition) -> bool {
        self.change(partition, |entry| entry.seek(position))
    }

    /// Continues a partition at a position, if there is one, and pauses or resumes it.
    pub(crate) fn proceed(
        &mut self,
        partition: &TopicPartition,
        position: Option<FetchPosition>,
        paused: bool,
    ) {
        self.change(partition, |entry| {
            if let Some(position) = position {
                entry.seek(position);
            }
            entry.paused = paused;
        });
    }

    /// Removes a partition. Returns false if the lane does not have it.
    pub(crate) fn remove(&mut self, partition: &TopicPartition) -> bool {
        let Some((partition, removed)) = self.entries.remove_entry(partition) else {
            return false;
        };
        self.counts.remove(&removed);
        self.topics_changed = true;
        self.changed.insert(partition);
        true
    }

    /// Pauses or resumes a partition. Returns false if the lane does not have it.
    pub(crate) fn pause(&mut self, partition: &TopicPartition, paused: bool) -> bool {
        self.change(partition, |entry| entry.paused = paused)
    }

    /// Whether a partition has not been moved or removed since this result was returned for it.
    pub(crate) fn is_current(&self, partition: &TopicPartition, delivery: u64) -> bool {
        let entry = self.entries.get(partition);
        entry.is_some_and(|entry| entry.delivery == delivery)
    }

    /// The position of a partition.
    pub(crate) fn position(&self, partition: &TopicPartition) -> Option<FetchPosition> {
        Some(self.entries.get(partition)?.position)
    }

    /// The partitions, in order.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &TopicPartition> {
        self.entries.keys()
    }

    /// Whether there is something to request.
    pub(crate) fn is_wanting(&self) -> bool {
        self.counts.wanted > 0
    }

    /// The versions that the next request can be made in.
    pub(crate) fn versions(&self) -> Versions {
        let max = match self.counts.without_id {
            0 => i16::MAX,
            _ => TOPIC_ID_VERSION - 1,
        };
        Versions::new(0, max)
    }

    /// The next request, for all wanted partitions.
    pub(crate) fn request(&mut self, options: &FetchLaneOptions, version: i16) -> FetchRequest {
        let max_bytes = options.fetch.partition_max_bytes();
        let topic_ids = version >= TOPIC_ID_VERSION;
        let form = FetchForm {
            sessions: options.sessions && version >= SESSION_VERSION && self.entries.len() > 1,
            topic_ids,
        };
        if std::mem::take(&mut self.topics_changed) {
            self.find_names();
        }
        let entries = &mut self.entries;
        let changed = std::mem::take(&mut self.changed);
        let session = match self.session.is_incremental(form) {
            true => {
                let changed = changed.iter().map(|partition| {
                    let entry = entries.get_mut(partition);
                    let cursor = entry.and_then(|entry| entry.ask(max_bytes, version));
                    (partition, cursor)
                });
                self.session.changes(changed)
            }
            false => {
                let wanted = entries.iter_mut().filter_map(|(partition, entry)| {
                    Some((partition, entry.ask(max_bytes, version)?))
                });
                self.session.all(wanted, form)
            }
        };
        FetchRequest {
            max_bytes: i32::try_from(options.response_bytes()).unwrap_or(i32::MAX),
            session_id: session.session_id,
            session_epoch: session.session_epoch,
            topics: session.topics,
            forgotten_topics_data: session.forgotten,
            ..options.fetch.request()
        }
    }

    /// Passes what the answer to the request in flight says of each partition to `hand_out`. What
    /// it says of other partitions is ignored.
    pub(crate) fn answer(
        &mut self,
        answer: Answer<FetchResponse>,
        options: &FetchLaneOptions,
        broker: i32,
        mut hand_out: impl FnMut(u64, LaneFetch),
    ) {
        let Answer { response, exchange } = answer;
        let max_bytes = options.fetch.partition_max_bytes();
        let may_omit = self
            .session
            .answered(response.error_code, response.session_id);
        if !response.error_code.is_ok() {
            // Within a session, it is the session that is refused.
            if !may_omit {
                self.fail_all(&mut hand_out, |_| {
                    exchange.refusal(response.error_code, None)
                });
            }
            return;
        }
        let context = FetchContext {
            broker,
            isolation: options.fetch.isolation,
            throttle_time_ms: response.throttle_time_ms,
            exchange: &exchange,
        };
        let mut is_strange = false;
        for topic in response.responses {
            let Some(name) = self.name_of(&topic) else {
                is_strange = true;
                continue;
            };
            for data in topic.partitions {
                let at = TopicPartition {
                    topic: Arc::clone(&name),
                    partition: data.partition_index,
                };
                let entry = self.entries.get_mut(&at);
                // The position of one that was asked for is that of the request, and so is its
                // topic's id.
                let Some(entry) = entry.filter(|entry| entry.asked) else {
                    is_strange |= !self.session.holds(&at);
                    continue;
                };
                entry.asked = false;
                // If it is still wanted, the next request is for it again.
                self.changed.insert(at.clone());
                let leader = hint(&data, &response.node_endpoints);
                let cursor = entry.cursor(max_bytes, exchange.version);
                let result = result(data, &cursor, &context);
                self.counts.remove(entry);
                entry.handed_out = !matches!(result, Ok(FetchOutcome::Nothing(_)));
                self.counts.add(entry);
                self.deliveries += 1;
                entry.delivery = self.deliveries;
                let fetch = LaneFetch {
                    position: entry.position,
                    partition: at,
                    result,
                    leader,
                };
                hand_out(entry.delivery, fetch);
            }
        }
        if !may_omit && self.entries.values().any(|entry| entry.asked) {
            is_strange = true;
            self.fail_all(&mut hand_out, |at| {
                exchange.missing(format!("partition {at}"))
            });
        }
        if is_strange {
            // Whatever the broker has in the session, it is not what was asked for.
            self.session.lost();
        }
    }

    /// Notes that the request in flight or its answer was lost.
    pub(crate) fn lost(&mut self) {
        self.session.lost();
    }

    /// Returns an error for each requested partition.
    fn fail_all(
        &mut self,
        hand_out: &mut impl FnMut(u64, LaneFetch),
        error: impl Fn(&TopicPartition) -> Error,
    ) {
        for (partition, entry) in &mut self.entries {
            if std::mem::take(&mut entry.asked) {
                self.counts.remove(entry);
                entry.handed_out = true;
                self.counts.add(entry);
                self.changed.insert(partition.clone());
                self.deliveries += 1;
                entry.delivery = self.deliveries;
                let fetch = LaneFetch {
                    partition: partition.clone(),
                    position: entry.position,
                    result: Err(error(partition)),
                    leader: None,
                };
                hand_out(entry.delivery, fetch);
            }
        }
    }

    fn find_names(&mut self) {
        self.names.clear();
        let mut last = None;
        for (partition, entry) in &self.entries {
            if let Some(id) = entry.topic_id.filter(|id| last.replace(*id) != Some(*id)) {
                self.names.insert(id, Arc::clone(&partition.topic));
            }
        }
    }

    /// The name of a requested topic.
    fn name_of(&self, topic: &FetchableTopicResponse) -> Option<Arc<str>> {
        if topic.topic.is_empty() {
            return self.names.get(&topic.topic_id).cloned();
        }
        let first = TopicPartition::new(topic.topic.as_str(), i32::MIN);
        let (found, _) = self.entries.range(first..).next()?;
        (*found.topic == *topic.topic).then(|| Arc::clone(&found.topic))
    }
}

fn result(
    data: PartitionData,
    cursor: &FetchCursor,
    context: &FetchContext<'_>,
) -> Result<FetchOutcome, Error> {
    Ok(match outcome(data, cursor, context)? {
        Outcome::Fetched(fetched) if fetched.records.is_empty() => FetchOutcome::Nothing(fetched),
        Outcome::Fetched(fetched) => FetchOutcome::Records(fetched),
        Outcome::PreferredReplica(replica) => FetchOutcome::PreferredReplica(replica),
    })
}

/// The leader that a broker names because it is not the leader itself.
fn hint(data: &PartitionData, nodes: &[NodeEndpoint]) -> Option<LeaderHint> {
    if data.error_code.is_ok() {
        return None;
    }
    let leader = &data.current_leader;
    let nodes = nodes.iter();
    let nodes = nodes.map(|node| (node.node_id, &*node.host, node.port, &node.rack));
    LeaderHint::new(leader.leader_id, leader.leader_epoch, nodes)
}

#[cfg(test)]
mod tests;
