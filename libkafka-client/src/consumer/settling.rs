//! Requests what claims need, and puts them on the lanes of their leaders, for a `Core`.

use std::sync::Arc;
use std::time::Instant;

use super::claim_reader::{ClaimReader, Need, Phase};
use super::core::Core;
use super::readers::Question;
use crate::cluster::{Leader, RefreshPacing, Topology};
use crate::fetch::{FetchPosition, OffsetSpec};

/// Whether a claim must be examined once more.
#[derive(PartialEq, Eq)]
enum Settled {
    Yes,
    /// It waits for a time.
    NotYet,
    /// It needs something else now.
    Again,
}

impl Core {
    /// Makes sure that every claim gets what it needs. Returns whether one had to be examined.
    pub(super) fn settle(&mut self, now: Instant) -> bool {
        let unsettled = self.readers.unsettled();
        for &number in &unsettled {
            loop {
                match self.look_at(now, number) {
                    Settled::Yes => self.readers.settle(number),
                    Settled::NotYet => {}
                    Settled::Again => continue,
                }
                break;
            }
        }
        !unsettled.is_empty()
    }

    fn look_at(&mut self, now: Instant, number: u64) -> Settled {
        let Some(reader) = self.readers.by_number(number) else {
            return Settled::Yes;
        };
        if reader.claim().is_wanted_back() || reader.is_asked() {
            return Settled::Yes;
        }
        if reader.not_before(now).is_some() {
            self.take_off(number);
            return Settled::NotYet;
        }
        let need = reader.need();
        if need != Need::Fetch {
            self.take_off(number);
        }
        match need {
            Need::Seek => Settled::Yes,
            Need::Committed => self.ask_committed(number),
            Need::Offset(spec) => self.ask_offset(number, spec),
            Need::EpochEnd(epoch) => self.ask_epoch(number, epoch),
            Need::Fetch => self.place(now, number),
        }
    }

    /// Removes a claim from its lane, by its number.
    fn take_off(&mut self, number: u64) {
        let Some(reader) = self.readers.by_number(number) else {
            return;
        };
        if reader.lane.is_some() {
            let claim = reader.claim().clone();
            self.leave_lane(&claim);
        }
    }

    fn ask_committed(&mut self, number: u64) -> Settled {
        let (Some(offsets), Some(reader)) = (&mut self.offsets, self.readers.by_number(number))
        else {
            return Settled::Yes;
        };
        let question = Question {
            claim: number,
            number: reader.ask(),
        };
        offsets.ask(question, reader.claim().partition().clone());
        Settled::Yes
    }

    fn ask_offset(&mut self, number: u64, spec: OffsetSpec) -> Settled {
        let Some(reader) = self.readers.by_number(number) else {
            return Settled::Yes;
        };
        let at = reader.claim().partition().clone();
        let is_start = matches!(reader.phase, Phase::Offset(_));
        if let Some(offset) = self.starts.resolved(&at).filter(|_| is_start) {
            // It has begun before, and gone no further.
            reader.restart(FetchPosition::new(offset));
            return Settled::Again;
        }
        let Some(leader) = leader_of(reader, &self.topology, &mut self.pacing) else {
            return Settled::Yes;
        };
        if is_start && spec != OffsetSpec::Earliest && self.starts.is_late(&at) {
            reader.phase = Phase::Offset(OffsetSpec::Earliest);
            return Settled::Again;
        }
        let question = Question {
            claim: number,
            number: reader.ask(),
        };
        self.lookups.offset(question, at, leader, spec);
        Settled::Yes
    }

    fn ask_epoch(&mut self, number: u64, epoch: i32) -> Settled {
        let Some(reader) = self.readers.by_number(number) else {
            return Settled::Yes;
        };
        let at = reader.claim().partition().clone();
        let Some(leader) = leader_of(reader, &self.topology, &mut self.pacing) else {
            return Settled::Yes;
        };
        let question = Question {
            claim: number,
            number: reader.ask(),
        };
        self.lookups.epoch_end(question, at, leader, epoch);
        Settled::Yes
    }

    /// Has the right lane fetch a claim.
    fn place(&mut self, now: Instant, number: u64) -> Settled {
        let Some(reader) = self.readers.by_number(number) else {
            return Settled::Yes;
        };
        let at = reader.claim().partition().clone();
        let Some(leader) = leader_of(reader, &self.topology, &mut self.pacing) else {
            self.take_off(number);
            return Settled::Yes;
        };
        if is_newer(reader.leader, leader) {
            // It may have lost records that the one before had.
            reader.leader = Some(leader);
            reader.validate();
            self.take_off(number);
            return Settled::Again;
        }
        reader.leader = Some(leader);
        let broker = reader.replica.preferred(now).unwrap_or(leader.id);
        if reader.lane.is_some_and(|lane| lane != broker) {
            self.take_off(number);
            return Settled::Again;
        }
        let position = reader.fetch_position().filter(|_| reader.wants_more());
        let Some(position) = position else {
            // Until some of what is buffered has been handed out.
            reader.lane_waits = true;
            return Settled::Yes;
        };
        let paused = reader.paused;
        match self.lanes.get(reader.lane) {
            Some(lane) => {
                let moves = reader.has_moved || reader.lane_waits;
                lane.proceed(&at, moves.then_some(position), paused);
            }
            None => {
                let set = self
                    .lanes
                    .set(&self.client, broker, &at, position, leader, paused);
                if let Err(error) = set {
                    reader.replica.clear();
                    self.pacing.want();
                    let report = reader.failed(now, Arc::new(error));
                    let claim = reader.claim().clone();
                    if let Some(report) = report {
                        self.report(claim, report);
                    }
                    return Settled::Yes;
                }
                reader.lane = Some(broker);
            }
        }
        reader.has_moved = false;
        reader.lane_waits = false;
        self.readers.queue(number);
        Settled::Yes
    }

    /// Drops the buffers of paused partitions if they take memory that others need.
    pub(super) fn make_room(&mut self) {
        let is_held = |reader: &ClaimReader| reader.paused && reader.has_buffered();
        if self.readers.has_ready() || !self.lanes.lack_room() || !self.readers.iter().any(is_held)
        {
            return;
        }
        for reader in self.readers.iter_mut().filter(|reader| is_held(reader)) {
            reader.drop_buffers();
        }
    }
}

/// Whether a leader has a later epoch, or is another one if no epochs are known.
fn is_newer(known: Option<Leader>, leader: Leader) -> bool {
    known.is_some_and(|known| match (known.epoch, leader.epoch) {
        (Some(known), Some(epoch)) => epoch > known,
        _ => known.id != leader.id,
    })
}

/// The leader that a claim can ask; without one, metadata is wanted.
fn leader_of(
    reader: &mut ClaimReader,
    topology: &Topology,
    pacing: &mut RefreshPacing,
) -> Option<Leader> {
    let at = reader.claim().partition();
    let leader = topology.leader(&at.topic, at.partition);
    let leader = leader.filter(|leader| reader.learn_topic_of(*leader));
    if leader.is_none() {
        pacing.want();
    }
    leader
}
