//! `Journal`: what the member has written down of its claims.

use std::collections::VecDeque;
use std::io::{self, Stdout};

use libkafka_client::membership::Claim;
use libkafka_client::{ClaimStatus, ClaimedBatch};
use libkafka_history::{Kind, Outcome, Recorder, TopicPartition};
use libkafka_integration::strangers::value;

use crate::Failure;

/// What the member has written down of its claims.
pub(crate) struct Journal {
    recorder: Recorder<Stdout>,
    claims: Vec<Known>,
    begun: u64,
}

struct Known {
    claim: Claim,
    number: u64,
    /// Offsets that the consumer may commit by itself at any time, and is not known to have.
    due: VecDeque<i64>,
}

impl Journal {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            recorder: Recorder::new(name, io::stdout()),
            claims: Vec::new(),
            begun: 0,
        }
    }

    /// Claims begin.
    pub(crate) fn begin(&mut self, claims: &[Claim]) -> io::Result<()> {
        for claim in claims {
            self.begun += 1;
            let partition = claim.partition();
            self.recorder.record(Kind::Assigned {
                claim: self.begun,
                partition: TopicPartition::new(&*partition.topic, partition.partition),
                start: None,
            })?;
            self.claims.push(Known {
                claim: claim.clone(),
                number: self.begun,
                due: VecDeque::new(),
            });
        }
        Ok(())
    }

    /// Claims are given up, before anybody else can have the partitions.
    pub(crate) fn release(&mut self, claims: &[Claim]) -> io::Result<()> {
        self.end(claims, |claim| Kind::Released { claim })
    }

    /// Claims are lost.
    pub(crate) fn lose(&mut self, claims: &[Claim], why: &str) -> io::Result<()> {
        let why = why.to_owned();
        self.end(claims, |claim| Kind::Lost {
            claim,
            why: why.clone(),
        })
    }

    /// Those claims are lost that have ended without anybody saying so.
    pub(crate) fn lose_what_ended(&mut self, why: &str) -> io::Result<()> {
        let ended = self.claims.iter().filter(|known| known.claim.is_ended());
        let ended: Vec<Claim> = ended.map(|known| known.claim.clone()).collect();
        self.lose(&ended, why)
    }

    /// The member leaves in good order.
    pub(crate) fn leave(&self) -> io::Result<()> {
        self.recorder.record(Kind::Left)
    }

    /// A batch was read and is handled.
    pub(crate) fn handle(&mut self, batch: &ClaimedBatch) -> Result<(), Failure> {
        let Some(claim) = self.number(batch.claim()) else {
            return Err(format!("{batch:?} is of no claim").into());
        };
        let mut records = Vec::new();
        for record in &batch.records()? {
            let record = record?;
            let value = value(&record).ok_or("a record that does not say what it is")?;
            records.push((record.offset, value));
        }
        let (from, next) = (batch.span().first_offset, batch.span().next_offset);
        self.recorder.record(Kind::Polled {
            claim,
            from,
            records: Some(records),
            next,
        })?;
        let upto = next;
        self.recorder.record(Kind::Handled { claim, from, upto })?;
        Ok(())
    }

    /// The consumer may commit what is handled up to the end of a batch, whenever it likes.
    pub(crate) fn may_commit(&mut self, batch: &ClaimedBatch) -> io::Result<()> {
        let offset = batch.span().next_offset;
        let mut claims = self.claims.iter_mut();
        if let Some(known) = claims.find(|known| known.claim == *batch.claim()) {
            known.due.push_back(offset);
            let claim = known.number;
            self.recorder.record(Kind::Commit { claim, offset })?;
        }
        Ok(())
    }

    /// What the consumer has committed by itself.
    pub(crate) fn has_committed(
        &mut self,
        statuses: impl Iterator<Item = ClaimStatus>,
    ) -> io::Result<()> {
        for status in statuses {
            let (claim, Some(offset)) = (&status.claim, status.committed) else {
                continue;
            };
            let mut claims = self.claims.iter_mut();
            let Some(known) = claims.find(|known| known.claim == *claim) else {
                continue;
            };
            if known.due.contains(&offset) {
                known.due.retain(|due| *due > offset);
                let claim = known.number;
                self.committed(claim, offset, Outcome::Ok)?;
            }
        }
        Ok(())
    }

    /// A commit is asked for.
    pub(crate) fn commit(&self, claim: u64, offset: i64) -> io::Result<()> {
        self.recorder.record(Kind::Commit { claim, offset })
    }

    /// What came of a commit.
    pub(crate) fn committed(&self, claim: u64, offset: i64, outcome: Outcome) -> io::Result<()> {
        self.recorder.record(Kind::Committed {
            claim,
            offset,
            outcome,
        })
    }

    /// The number of a claim.
    pub(crate) fn number(&self, claim: &Claim) -> Option<u64> {
        let mut claims = self.claims.iter();
        let found = claims.find(|known| known.claim == *claim);
        found.map(|known| known.number)
    }

    fn end(&mut self, claims: &[Claim], kind: impl Fn(u64) -> Kind) -> io::Result<()> {
        for claim in claims {
            let mut all = self.claims.iter();
            if let Some(place) = all.position(|known| known.claim == *claim) {
                let Known { number, .. } = self.claims.swap_remove(place);
                self.recorder.record(kind(number))?;
            }
        }
        Ok(())
    }
}
