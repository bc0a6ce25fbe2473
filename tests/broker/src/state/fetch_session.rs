//! Fetch sessions: what a client fetches again and again, so that it need not say it again
//! (KIP-227).

use std::collections::HashMap;

use libkafka_protocol::messages::fetch::{FetchPartition, PartitionData};
use libkafka_protocol::{ErrorCode, Uuid};

use crate::clock::Time;

/// Most sessions, as Kafka's `max.incremental.fetch.session.cache.slots`.
const SLOTS: usize = 1000;
/// Sessions that have been idle for so long make room for others.
const IDLE: Time = Time::from_secs(120);

/// A partition that a client wants to read from.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    /// Empty where the client goes by the id.
    pub(crate) topic: String,
    pub(crate) topic_id: Uuid,
    pub(crate) asked: FetchPartition,
}

impl Wanted {
    fn is_same(&self, other: &Wanted) -> bool {
        self.names(&other.topic, other.topic_id, other.asked.partition)
    }

    fn names(&self, topic: &str, topic_id: Uuid, partition: i32) -> bool {
        (self.topic.as_str(), self.topic_id, self.asked.partition) == (topic, topic_id, partition)
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
    wanted: Wanted,
    /// What the client was told last: high watermark, last stable offset and start of the log.
    told: Option<(i64, i64, i64)>,
}

impl FetchSessions {
    /// Starts a session with these partitions; 0 if there is no room for it.
    pub(crate) fn start(&mut self, node: i32, by_id: bool, wanted: &[Wanted], now: Time) -> i32 {
        if self.0.len() >= SLOTS {
            self.0
                .retain(|_, session| now.saturating_sub(session.used) < IDLE);
        }
        if wanted.is_empty() || self.0.len() >= SLOTS {
            return 0;
        }
        let kept = wanted.iter().map(|wanted| Kept {
            wanted: wanted.clone(),
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

    /// Ends a session.
    pub(crate) fn end(&mut self, id: i32) {
        self.0.remove(&id);
    }

    /// The partitions of a session; none if there is no such one.
    pub(crate) fn partitions(&self, id: i32) -> impl Iterator<Item = &Wanted> {
        let session = self.0.get(&id).into_iter();
        session.flat_map(|session| session.partitions.iter().map(|kept| &kept.wanted))
    }

    /// Goes on with a session: adds and changes `wanted`, drops `forgotten`, and gives all that
    /// is in it now.
    pub(crate) fn go_on(
        &mut self,
        (node, id, epoch): (i32, i32, i32),
        by_id: bool,
        wanted: Vec<Wanted>,
        forgotten: &[(String, Uuid, i32)],
        now: Time,
    ) -> Result<Vec<Wanted>, ErrorCode> {
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
        for wanted in wanted {
            let mut kept = session.partitions.iter_mut();
            match kept.find(|kept| kept.wanted.is_same(&wanted)) {
                Some(kept) => kept.wanted = wanted,
                None => session.partitions.push(Kept { wanted, told: None }),
            }
        }
        for (topic, topic_id, partition) in forgotten {
            let named = |kept: &Kept| kept.wanted.names(topic, *topic_id, *partition);
            session.partitions.retain(|kept| !named(kept));
        }
        let kept = session.partitions.iter();
        Ok(kept.map(|kept| kept.wanted.clone()).collect())
    }

    /// Notes what a client is about to be told, and drops what it knows already. A partition that
    /// gave records goes to the end, so that the next ones get their turn.
    pub(crate) fn tell(&mut self, id: i32, all: bool, results: &mut Vec<(Wanted, PartitionData)>) {
        let Some(session) = self.0.get_mut(&id) else {
            return;
        };
        results.retain(|(wanted, data)| {
            let mut kept = session.partitions.iter();
            let Some(place) = kept.position(|kept| kept.wanted.is_same(wanted)) else {
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
            let kept = &mut session.partitions[place];
            let news = kept.told != Some(now);
            // An error is told until it is gone.
            kept.told = (!failed).then_some(now);
            if has_records {
                let kept = session.partitions.remove(place);
                session.partitions.push(kept);
            }
            all || has_records || failed || news || data.diverging_epoch.end_offset >= 0
        });
    }
}
