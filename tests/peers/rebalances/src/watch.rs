//! `Watch`: who owns what, and since when.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use libkafka_history::{Event, Kind};

use crate::crew::{Crew, Owners, PATIENCE};

/// Nothing more happens after nothing has happened for so long.
const QUIET: Duration = Duration::from_millis(400);

/// Who owns what, and since when.
#[derive(Default)]
pub(crate) struct Watch {
    claims: BTreeMap<(String, u64), i32>,
    /// The partition of each claim that there ever was.
    partitions: BTreeMap<(String, u64), i32>,
    /// All that happened since it was last looked at.
    happened: Vec<Event>,
}

/// How long a group took to settle.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settled {
    /// Until all was owned by whom it is to be owned by.
    pub(crate) after: Duration,
    /// The longest that a partition had no owner which had the same one before and after.
    pub(crate) pause: Duration,
}

impl Watch {
    /// Waits until `members` share `partitions`. It begins when a member says that it does `what`,
    /// or at that time.
    pub(crate) fn settles(
        &mut self,
        crews: &mut [&mut Crew],
        members: usize,
        partitions: i32,
        begins: Begins<'_>,
    ) -> Settled {
        let before = self.owners();
        self.happened.clear();
        let deadline = Instant::now() + PATIENCE;
        let mut last = Instant::now();
        loop {
            for crew in crews.iter_mut() {
                for event in crew.events() {
                    last = Instant::now();
                    self.takes(event);
                }
            }
            if last.elapsed() > QUIET && self.is_shared(members, partitions) {
                break;
            }
            assert!(
                Instant::now() < deadline,
                "{members}, {partitions}: {:?}",
                self.claims
            );
            thread::sleep(Duration::from_millis(5));
        }
        let begun = match begins {
            Begins::At(at) => at,
            Begins::When(what) => {
                let mut doing = self.happened.iter();
                let doing = doing
                    .find(|event| matches!(&event.kind, Kind::Nemesis { what: w } if w == what));
                doing.expect("it was done").at
            }
        };
        let moves = self.happened.iter().filter(|event| moves(event));
        let end = moves.map(|event| event.at).max().unwrap_or(begun);
        Settled {
            after: Duration::from_micros(end.saturating_sub(begun)),
            pause: self.pause(&before),
        }
    }

    /// Forgets what a member had that is no more.
    pub(crate) fn forgets(&mut self, process: &str) {
        self.claims.retain(|(owner, _), _| owner != process);
    }

    fn takes(&mut self, event: Event) {
        let process = event.process.to_string();
        match &event.kind {
            Kind::Assigned {
                claim, partition, ..
            } => {
                let key = (process, *claim);
                self.partitions.insert(key.clone(), partition.partition);
                self.claims.insert(key, partition.partition);
            }
            Kind::Released { claim } => {
                self.claims.remove(&(process, *claim));
            }
            Kind::Left => self.forgets(&process),
            _ => {}
        }
        self.happened.push(event);
    }

    fn owners(&self) -> Owners {
        let owners = self.claims.iter();
        owners
            .map(|((process, _), partition)| (*partition, process.clone()))
            .collect()
    }

    fn is_shared(&self, members: usize, partitions: i32) -> bool {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (process, _) in self.claims.keys() {
            *counts.entry(process).or_default() += 1;
        }
        let (least, most) = (counts.values().min(), counts.values().max());
        self.claims.len() == partitions as usize
            && self.owners().len() == partitions as usize
            && counts.len() == members
            && least
                .zip(most)
                .is_some_and(|(least, most)| most - least <= 1)
    }

    fn pause(&self, before: &Owners) -> Duration {
        let after = self.owners();
        let stays = |partition: i32| before.get(&partition) == after.get(&partition);
        let mut happened: Vec<&Event> = self.happened.iter().collect();
        happened.sort_by_key(|event| event.at);
        let mut ended: BTreeMap<i32, u64> = BTreeMap::new();
        let mut longest = 0;
        for event in happened {
            let key = |claim: u64| (event.process.to_string(), claim);
            match event.kind {
                Kind::Assigned { claim, .. } => {
                    let partition = self.partitions[&key(claim)];
                    let since = ended.remove(&partition).filter(|_| stays(partition));
                    longest = since.map_or(longest, |since| longest.max(event.at - since));
                }
                Kind::Released { claim } => {
                    ended.insert(self.partitions[&key(claim)], event.at);
                }
                _ => {}
            }
        }
        Duration::from_micros(longest)
    }
}

/// When it begins.
#[derive(Clone, Copy)]
pub(crate) enum Begins<'a> {
    /// In microseconds since 1970.
    At(u64),
    /// When a member says so.
    When(&'a str),
}

fn moves(event: &Event) -> bool {
    matches!(event.kind, Kind::Assigned { .. } | Kind::Released { .. })
}
