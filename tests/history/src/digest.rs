//! `Digest`: a history by partition, claim and value.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::claim::{Claim, End};
use crate::commit::Commit;
use crate::event::{Event, Kind, Outcome, TopicPartition, Value};
use crate::history::History;
use crate::intervals::Intervals;
use crate::partition_digest::{Handled, PartitionDigest};

/// A history by partition, claim and value.
pub(crate) struct Digest<'h> {
    pub(crate) partitions: Vec<PartitionDigest<'h>>,
    /// What came of each send; `Info` if there is no outcome.
    pub(crate) sends: HashMap<&'h Value, Outcome>,
    /// When each value was acknowledged.
    pub(crate) sent_at: HashMap<&'h Value, u64>,
    /// Who sent anything.
    pub(crate) producers: HashSet<&'h str>,
    /// When the history ends.
    pub(crate) last: u64,
}

/// A claim is known by its process and its number there.
type ClaimKey<'h> = (&'h str, u64);

/// What is gathered in the one pass over the events.
#[derive(Default)]
struct Gathered<'h> {
    partitions: BTreeMap<&'h TopicPartition, Of<'h>>,
    claims: Vec<(ClaimKey<'h>, &'h TopicPartition, Claim<'h>)>,
    open: HashMap<ClaimKey<'h>, usize>,
    /// Claims that have ended too: their late commits are about them.
    known: HashMap<ClaimKey<'h>, usize>,
    commits: HashMap<(ClaimKey<'h>, i64), Vec<usize>>,
    /// Processes that are alive, and since when.
    alive: HashMap<&'h str, u64>,
    lives: Vec<(u64, u64)>,
    paused: HashMap<ClaimKey<'h>, u64>,
}

#[derive(Default)]
struct Of<'h> {
    log: Vec<(i64, &'h Value)>,
    acknowledged: Vec<(i64, u64)>,
    commits: Vec<(Option<ClaimKey<'h>>, Commit)>,
    end: Option<i64>,
    leaderless: Option<u64>,
    excused: Vec<(u64, u64)>,
}

impl<'h> Digest<'h> {
    pub(crate) fn of(history: &'h History) -> Self {
        let last = history.events().last().map_or(0, |event| event.at);
        let mut digest = Digest {
            partitions: Vec::new(),
            sends: HashMap::new(),
            sent_at: HashMap::new(),
            producers: HashSet::new(),
            last,
        };
        let mut gathered = Gathered::default();
        for event in history.events() {
            digest.send(event, &mut gathered);
            gathered.event(event);
        }
        digest.partitions = gathered.finish(last);
        digest
    }

    fn send(&mut self, event: &'h Event, gathered: &mut Gathered<'h>) {
        match &event.kind {
            Kind::Send { value } => {
                self.producers.insert(&value.producer);
                self.sends.entry(value).or_insert(Outcome::Info);
            }
            Kind::Sent {
                value,
                outcome,
                place,
            } => {
                self.producers.insert(&value.producer);
                self.sends.insert(value, *outcome);
                if *outcome == Outcome::Ok {
                    self.sent_at.insert(value, event.at);
                    if let Some((partition, offset)) = place {
                        let of = gathered.partitions.entry(partition).or_default();
                        of.log.push((*offset, value));
                        of.acknowledged.push((*offset, event.at));
                    }
                }
            }
            _ => {}
        }
    }
}

impl<'h> Gathered<'h> {
    fn event(&mut self, event: &'h Event) {
        let process: &'h str = &event.process;
        let key = event.kind.claim().map(|claim| (process, claim));
        match (&event.kind, key) {
            (
                Kind::Assigned {
                    partition, start, ..
                },
                Some(key),
            ) => {
                self.alive.entry(process).or_insert(event.at);
                self.partitions.entry(partition).or_default();
                let claim = Claim {
                    process,
                    id: key.1,
                    assigned: event.at,
                    start: *start,
                    ended: None,
                    steps: Vec::new(),
                    sought: None,
                };
                self.open.insert(key, self.claims.len());
                self.known.insert(key, self.claims.len());
                self.claims.push((key, partition, claim));
            }
            (Kind::Released { .. }, Some(key)) => self.end(key, event.at, End::Released),
            (Kind::Lost { .. }, Some(key)) => self.end(key, event.at, End::Lost),
            (Kind::Left, _) => self.end_all(process, event.at, End::Left),
            (Kind::Crash, _) => self.end_all(process, event.at, End::Crash),
            (Kind::Joined { .. }, _) => {
                self.alive.entry(process).or_insert(event.at);
            }
            (Kind::Leaderless { partition }, _) => {
                let of = self.partitions.entry(partition).or_default();
                of.leaderless.get_or_insert(event.at);
            }
            (Kind::Led { partition }, _) => {
                let of = self.partitions.entry(partition).or_default();
                of.excused
                    .extend(of.leaderless.take().map(|since| (since, event.at)));
            }
            (Kind::Reset { partition, offset }, _) => {
                let commit = Commit {
                    claim: None,
                    asked: event.at,
                    answered: event.at,
                    offset: *offset,
                    outcome: Outcome::Ok,
                };
                let of = self.partitions.entry(partition).or_default();
                of.commits.push((None, commit));
            }
            (Kind::Logged { partition, records }, _) => {
                let of = self.partitions.entry(partition).or_default();
                of.log
                    .extend(records.iter().map(|(offset, value)| (*offset, value)));
            }
            (Kind::End { partition, offset }, _) => {
                self.partitions.entry(partition).or_default().end = Some(*offset);
            }
            (kind, Some(key)) => self.step(event, kind, key),
            _ => {}
        }
    }

    fn step(&mut self, event: &'h Event, kind: &'h Kind, key: ClaimKey<'h>) {
        let Some((_, partition, claim)) = self.known.get(&key).map(|i| &mut self.claims[*i]) else {
            return;
        };
        claim.steps.push(event);
        let partition: &'h TopicPartition = partition;
        let of = self.partitions.entry(partition).or_default();
        match kind {
            Kind::Polled {
                records: Some(records),
                ..
            } => {
                of.log
                    .extend(records.iter().map(|(offset, value)| (*offset, value)));
            }
            Kind::Sought { to, .. } => {
                claim.sought = Some(claim.sought.map_or(*to, |sought| sought.min(*to)));
            }
            Kind::Paused { .. } => {
                self.paused.entry(key).or_insert(event.at);
            }
            Kind::Resumed { .. } => {
                of.excused
                    .extend(self.paused.remove(&key).map(|since| (since, event.at)));
            }
            Kind::Commit { offset, .. } => {
                let commit = Commit {
                    claim: None,
                    asked: event.at,
                    answered: u64::MAX,
                    offset: *offset,
                    outcome: Outcome::Info,
                };
                self.commits
                    .entry((key, *offset))
                    .or_default()
                    .push(of.commits.len());
                of.commits.push((Some(key), commit));
            }
            Kind::Committed {
                offset, outcome, ..
            } => {
                let asked = self.commits.get_mut(&(key, *offset));
                if let Some(index) = asked.and_then(Vec::pop) {
                    let commit = &mut of.commits[index].1;
                    (commit.answered, commit.outcome) = (event.at, *outcome);
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, key: ClaimKey<'h>, at: u64, end: End) {
        if let Some(index) = self.open.remove(&key) {
            let (_, partition, claim) = &mut self.claims[index];
            claim.ended = Some((at, end));
            if let Some(since) = self.paused.remove(&key) {
                let of = self.partitions.entry(*partition).or_default();
                of.excused.push((since, at));
            }
        }
    }

    fn end_all(&mut self, process: &'h str, at: u64, end: End) {
        let keys: Vec<_> = self
            .open
            .keys()
            .filter(|key| key.0 == process)
            .copied()
            .collect();
        for key in keys {
            self.end(key, at, end);
        }
        self.lives
            .extend(self.alive.remove(process).map(|since| (since, at)));
    }

    fn finish(mut self, last: u64) -> Vec<PartitionDigest<'h>> {
        self.lives
            .extend(self.alive.values().map(|since| (*since, last)));
        let nobody = gaps(std::mem::take(&mut self.lives), last);
        let mut claims: BTreeMap<&TopicPartition, Vec<(ClaimKey<'h>, Claim<'h>)>> = BTreeMap::new();
        for (key, partition, claim) in self.claims {
            if let Some(since) = self.paused.get(&key) {
                let of = self.partitions.entry(partition).or_default();
                of.excused.push((*since, last));
            }
            claims.entry(partition).or_default().push((key, claim));
        }
        let partitions = self.partitions.into_iter().map(|(partition, mut of)| {
            of.excused.extend(of.leaderless.map(|since| (since, last)));
            of.excused.extend(&nobody);
            let claims = claims.remove(partition).unwrap_or_default();
            of.finish(partition, claims)
        });
        partitions.collect()
    }
}

impl<'h> Of<'h> {
    fn finish(
        mut self,
        partition: &'h TopicPartition,
        claims: Vec<(ClaimKey<'h>, Claim<'h>)>,
    ) -> PartitionDigest<'h> {
        self.log.sort_unstable();
        self.log.dedup();
        self.acknowledged.sort_unstable();
        let places: HashMap<ClaimKey<'h>, usize> = claims
            .iter()
            .enumerate()
            .map(|(place, (key, _))| (*key, place))
            .collect();
        let commits = self.commits.into_iter().map(|(key, mut commit)| {
            commit.claim = key.and_then(|key| places.get(&key).copied());
            // A halted member hears of a commit long after it was taken, and its claim has ended.
            if let Some((_, claim)) = commit.claim.map(|place| &claims[place])
                && claim.ended_badly()
                && commit.asked <= claim.end()
            {
                commit.answered = commit.answered.min(claim.end());
            }
            commit
        });
        let commits: Vec<Commit> = commits.collect();
        let mut digest = PartitionDigest {
            partition,
            claims: claims.into_iter().map(|(_, claim)| claim).collect(),
            log: self.log,
            acknowledged: self.acknowledged,
            commits,
            handled: Vec::new(),
            end: self.end,
            excused: Intervals::of(self.excused),
        };
        let mut handled = Vec::new();
        for (claim, of) in digest.claims.iter().enumerate() {
            for event in &of.steps {
                if let Kind::Handled { from, upto, .. } = event.kind {
                    let records = digest.between(from, upto);
                    let at = event.at;
                    handled.extend(records.map(|record| Handled { at, claim, record }));
                }
            }
        }
        handled.sort_by_key(|handled| handled.at);
        digest.handled = handled;
        digest
    }
}

/// The times during which nobody lives.
fn gaps(mut lives: Vec<(u64, u64)>, last: u64) -> Vec<(u64, u64)> {
    lives.sort_unstable();
    let mut gaps = Vec::new();
    let mut until = 0;
    for (begin, end) in lives {
        if begin > until {
            gaps.push((until, begin));
        }
        until = until.max(end);
    }
    if last > until {
        gaps.push((until, last));
    }
    gaps
}
