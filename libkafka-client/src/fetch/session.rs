//! `FetchSession`: what a broker remembers of the partitions that are fetched from it (KIP-227).

use std::collections::BTreeMap;

use libkafka_protocol::messages::fetch::{FetchTopic, ForgottenTopic};
use libkafka_protocol::{ErrorCode, Uuid};

use super::request::FetchCursor;
use crate::topic_partition::TopicPartition;

/// The epoch of a request that opens a session.
const INITIAL_EPOCH: i32 = 0;
/// The epoch of a request that closes its session, or works without one.
const FINAL_EPOCH: i32 = -1;

/// The possible form of the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FetchForm {
    /// Whether it may be part of a session: from version 7 on, and for more than one partition,
    /// since brokers keep few sessions.
    pub(crate) sessions: bool,
    /// Whether it identifies topics by id: from version 13 on.
    pub(crate) topic_ids: bool,
}

/// The parts of a fetch request that depend on the session.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct SessionRequest {
    pub(crate) session_id: i32,
    pub(crate) session_epoch: i32,
    pub(crate) topics: Vec<FetchTopic>,
    pub(crate) forgotten: Vec<ForgottenTopic>,
}

/// A fetch session with one broker, from the client's point of view.
///
/// The first request names all partitions; later ones name only what has changed since. If anything
/// goes wrong, the next request names all of them again. A request without a session begins one
/// partition later than the previous one, so that those at the end get their turn when the answer
/// fills up early; within a session the broker takes care of that.
#[derive(Debug, Default)]
pub(crate) struct FetchSession {
    /// 0: none.
    id: i32,
    /// The epoch of the next request.
    epoch: i32,
    /// Whether the last request named all partitions.
    was_full: bool,
    topic_ids: bool,
    /// What the broker was told about the partitions in the session.
    partitions: BTreeMap<TopicPartition, FetchCursor>,
    /// The partition at which the last full request began.
    first: Option<TopicPartition>,
}

impl FetchSession {
    /// Whether a request of this form names only [what has changed](Self::changes), rather than
    /// [everything](Self::all).
    pub(crate) fn is_incremental(&self, form: FetchForm) -> bool {
        form.sessions && self.epoch != INITIAL_EPOCH && self.topic_ids == form.topic_ids
    }

    /// The request that names all `wanted` partitions, given in ascending order.
    pub(crate) fn all<'a>(
        &mut self,
        wanted: impl Iterator<Item = (&'a TopicPartition, FetchCursor)>,
        form: FetchForm,
    ) -> SessionRequest {
        self.was_full = true;
        self.topic_ids = form.topic_ids;
        let mut wanted: Vec<_> = wanted.collect();
        let next = match &self.first {
            Some(first) => wanted.partition_point(|(partition, _)| *partition <= first),
            None => 0,
        };
        if next < wanted.len() {
            wanted.rotate_left(next);
        }
        self.first = wanted.first().map(|(partition, _)| (*partition).clone());
        let mut topics = Topics::default();
        for (partition, cursor) in &wanted {
            topics.send(partition, cursor);
        }
        self.partitions.clear();
        if form.sessions {
            let entries = wanted.into_iter();
            self.partitions
                .extend(entries.map(|(partition, cursor)| (partition.clone(), cursor)));
        }
        SessionRequest {
            session_id: self.id,
            session_epoch: if form.sessions {
                INITIAL_EPOCH
            } else {
                FINAL_EPOCH
            },
            topics: topics.sent,
            forgotten: Vec::new(),
        }
    }

    /// The request that names what has changed, if the next one is
    /// [incremental](Self::is_incremental). `changed` has in ascending order at least those that
    /// are not as the broker was told: `None` for one that is not wanted.
    pub(crate) fn changes<'a>(
        &mut self,
        changed: impl Iterator<Item = (&'a TopicPartition, Option<FetchCursor>)>,
    ) -> SessionRequest {
        self.was_full = false;
        let mut topics = Topics::default();
        for (partition, new) in changed {
            let told = self.partitions.get_mut(partition);
            if let Some(told) = &told {
                let replaced = new.is_some_and(|new| new.topic_id != told.topic_id);
                // By name, the old topic and the new are one to the broker.
                if new.is_none() || (replaced && self.topic_ids) {
                    topics.forget(partition, told.topic_id);
                }
            }
            match (new, told) {
                (Some(new), Some(told)) if *told == new => {}
                (Some(new), told) => {
                    topics.send(partition, &new);
                    match told {
                        Some(told) => *told = new,
                        None => drop(self.partitions.insert(partition.clone(), new)),
                    }
                }
                (None, Some(_)) => drop(self.partitions.remove(partition)),
                (None, None) => {}
            }
        }
        SessionRequest {
            session_id: self.id,
            session_epoch: self.epoch,
            topics: topics.sent,
            forgotten: topics.forgotten,
        }
    }

    /// Processes the answer to the last request. Returns whether partitions that the answer leaves
    /// out have nothing new; the answer to a full request must contain all of them.
    pub(crate) fn answered(&mut self, error_code: ErrorCode, session_id: i32) -> bool {
        match error_code {
            ErrorCode::NONE if self.was_full || session_id != self.id => {
                self.id = session_id;
                self.epoch = if session_id == 0 || !self.was_full {
                    INITIAL_EPOCH
                } else {
                    1
                };
            }
            ErrorCode::NONE => self.epoch = self.epoch.checked_add(1).unwrap_or(1),
            ErrorCode::FETCH_SESSION_ID_NOT_FOUND => {
                self.id = 0;
                self.epoch = INITIAL_EPOCH;
            }
            // Opening another one by the old one's id closes the old one.
            _ => self.epoch = INITIAL_EPOCH,
        }
        if self.epoch == INITIAL_EPOCH {
            self.partitions.clear();
        }
        !self.was_full
    }

    /// Whether the session has this partition.
    pub(crate) fn holds(&self, partition: &TopicPartition) -> bool {
        self.partitions.contains_key(partition)
    }

    /// Notes that the last request or its answer was lost, or that the answer was not valid.
    pub(crate) fn lost(&mut self) {
        self.epoch = INITIAL_EPOCH;
        self.partitions.clear();
    }
}

/// Partitions, grouped by topic as in requests.
#[derive(Default)]
struct Topics {
    sent: Vec<FetchTopic>,
    forgotten: Vec<ForgottenTopic>,
}

impl Topics {
    fn send(&mut self, at: &TopicPartition, cursor: &FetchCursor) {
        let partition = cursor.partition(at.partition);
        match self.sent.last_mut() {
            Some(topic) if *topic.topic == *at.topic && topic.topic_id == cursor.topic_id => {
                topic.partitions.push(partition);
            }
            _ => self.sent.push(FetchTopic {
                topic: at.topic.as_ref().to_owned(),
                topic_id: cursor.topic_id,
                partitions: vec![partition],
                ..Default::default()
            }),
        }
    }

    fn forget(&mut self, at: &TopicPartition, topic_id: Uuid) {
        match self.forgotten.last_mut() {
            Some(topic) if *topic.topic == *at.topic && topic.topic_id == topic_id => {
                topic.partitions.push(at.partition);
            }
            _ => self.forgotten.push(ForgottenTopic {
                topic: at.topic.as_ref().to_owned(),
                topic_id,
                partitions: vec![at.partition],
                ..Default::default()
            }),
        }
    }
}

#[cfg(test)]
mod tests;
