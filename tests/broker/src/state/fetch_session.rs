//! [`FetchSessions`]: what clients fetch again and again, so that they need not repeat it
//! (KIP-227).

use std::collections::{HashMap, HashSet};

use libkafka_protocol::messages::fetch::{FetchPartition, PartitionData};
use libkafka_protocol::{ErrorCode, Uuid};

use crate::clock::Time;

/// The most sessions, like Kafka's `max.incremental.fetch.session.cache.slots`.
const SLOTS: usize = 1000;
/// The most partitions of all sessions together. A client that cannot have a session lists
/// everything that it wants in each request.
const PARTITIONS: usize = 100_000;
/// A session that has been idle for this long makes room for others.
const IDLE: Time = Time::from_secs(120);

/// A partition that a client wants to read from.
#[derive(Debug, Clone)]
pub(crate) struct RequestedPartition {
    /// The name; empty if the client identifies the topic by id.
    pub(crate) topic: String,
    pub(crate) topic_id: Uuid,
    pub(crate) asked: FetchPartition,
    /// Whether there was a topic with this id when the client asked for it.
    pub(crate) is_known: bool,
}

/// The topic by name or by id, and the partition.
pub(crate) type Key = (String, Uuid, i32);

impl RequestedPartition {
    fn key(&self) -> Key {
        (self.topic.clone(), self.topic_id, self.asked.partition)
    }
}

/// The sessions of all nodes.
#[derive(Debug, Default)]
pub(crate) struct FetchSessions(HashMap<i32, Session>);

#[derive(Debug)]
struct Session {
    node: i32,
    /// The number of the next request.
    epoch: i32,
    by_id: bool,
    partitions: Vec<Kept>,
    used: Time,
}

#[derive(Debug)]
struct Kept {
    requested: RequestedPartition,
    /// What the client was last told: high watermark, last stable offset and start of the log.
    told: Option<(i64, i64, i64)>,
}

impl Session {
    /// The place of each partition.
    fn places(&self) -> HashMap<Key, usize> {
        let kept = self.partitions.iter().enumerate();
        kept.map(|(place, kept)| (kept.requested.key(), place))
            .collect()
    }
}

impl FetchSessions {
    /// Starts a session with these partitions. Returns 0 if there is no room for it.
    pub(crate) fn start(
        &mut self,
        node: i32,
        by_id: bool,
        requested: &[RequestedPartition],
        now: Time,
    ) -> i32 {
        if self.is_full(requested.len()) {
            self.0
                .retain(|_, session| now.saturating_sub(session.used) < IDLE);
        }
        if self.is_full(requested.len()) {
            return 0;
        }
        let kept = requested.iter().map(|requested| Kept {
            requested: requested.clone(),
            told: None,
        });
        let session = Session {
            node,
            epoch: 1,
            by_id,
            partitions: kept.collect(),
            used: now,
        };
        loop {
            let id = fastrand::i32(1..);
            if let std::collections::hash_map::Entry::Vacant(free) = self.0.entry(id) {
                free.insert(session);
                return id;
            }
        }
    }

    /// Whether there is no room for a session with this many partitions.
    fn is_full(&self, partitions: usize) -> bool {
        self.0.len() >= SLOTS || self.partitions_with(partitions) > PARTITIONS
    }

    /// The number of partitions in total with this many more.
    fn partitions_with(&self, more: usize) -> usize {
        let held = self.0.values().map(|session| session.partitions.len());
        held.sum::<usize>() + more
    }

    /// Ends a session.
    pub(crate) fn end(&mut self, id: i32) {
        self.0.remove(&id);
    }

    /// The partitions of a session; none if it does not exist.
    pub(crate) fn partitions(&self, id: i32) -> impl Iterator<Item = &RequestedPartition> {
        let session = self.0.get(&id).into_iter();
        session.flat_map(|session| session.partitions.iter().map(|kept| &kept.requested))
    }

    /// Continues a session: adds and changes `requested`, drops `forgotten`, and returns everything
    /// that it now contains.
    pub(crate) fn go_on(
        &mut self,
        (node, id, epoch): (i32, i32, i32),
        by_id: bool,
        requested: Vec<RequestedPartition>,
        forgotten: &[Key],
        now: Time,
    ) -> Result<Vec<RequestedPartition>, ErrorCode> {
        if self.partitions_with(requested.len()) > PARTITIONS {
            self.end(id);
        }
        let session = self.0.get_mut(&id).filter(|session| session.node == node);
        let session = session.ok_or(ErrorCode::FETCH_SESSION_ID_NOT_FOUND)?;
        if session.epoch != epoch {
            return Err(ErrorCode::INVALID_FETCH_SESSION_EPOCH);
        }
        if session.by_id != by_id {
            return Err(ErrorCode::FETCH_SESSION_TOPIC_ID_ERROR);
        }
        session.epoch = epoch.checked_add(1).unwrap_or(1);
        session.used = now;
        let mut places = session.places();
        for requested in requested {
            match places.get(&requested.key()) {
                Some(place) => {
                    let kept = &mut session.partitions[*place].requested;
                    // What the session has found once is never an unknown topic id again.
                    let is_known = requested.is_known || kept.is_known;
                    *kept = RequestedPartition {
                        is_known,
                        ..requested
                    };
                }
                None => {
                    places.insert(requested.key(), session.partitions.len());
                    session.partitions.push(Kept {
                        requested,
                        told: None,
                    });
                }
            }
        }
        let forgotten: HashSet<&Key> = forgotten.iter().collect();
        let forgets = |kept: &Kept| forgotten.contains(&kept.requested.key());
        session.partitions.retain(|kept| !forgets(kept));
        let kept = session.partitions.iter();
        Ok(kept.map(|kept| kept.requested.clone()).collect())
    }

    /// Notes what a client is about to be told, and drops what it already knows. A partition that
    /// returned records moves to the end, so that the next ones get their turn.
    pub(crate) fn tell(
        &mut self,
        id: i32,
        all: bool,
        results: &mut Vec<(RequestedPartition, PartitionData)>,
    ) {
        let Some(session) = self.0.get_mut(&id) else {
            return;
        };
        let places = session.places();
        let mut served = HashSet::new();
        results.retain(|(requested, data)| {
            let Some(place) = places.get(&requested.key()) else {
                return true;
            };
            let now = (
                data.high_watermark,
                data.last_stable_offset,
                data.log_start_offset,
            );
            let has_records = data
                .records
                .as_ref()
                .is_some_and(|records| !records.is_empty());
            let failed = !data.error_code.is_ok();
            let kept = &mut session.partitions[*place];
            let news = kept.told != Some(now);
            // An error is told until it is gone.
            kept.told = (!failed).then_some(now);
            if has_records {
                served.insert(requested.key());
            }
            all || has_records || failed || news || data.diverging_epoch.end_offset >= 0
        });
        session
            .partitions
            .sort_by_cached_key(|kept| served.contains(&kept.requested.key()));
    }
}
