//! Commits what is handled, and gives up what is being revoked, for a `Core`.

use std::time::{Duration, Instant};

use super::claim_reader::ClaimReader;
use super::commit_rounds::Outcome;
use super::core::Core;
use super::group_offsets::{GroupAnswer, ToCommit};
use super::policies::Commits;
use super::polled::Polled;
use super::source::Source;
use crate::error::Error;
use crate::group::Watermark;
use crate::group::membership::{Claim, MemberIdentity};

/// How long a start that was looked up waits for the others, so that one commit has them all.
const STARTS_PAUSE: Duration = Duration::from_millis(100);

impl Core {
    /// Notes that the owner has handled what it was told: partitions that are being revoked are
    /// given up once what is handled of them is committed.
    pub(super) fn dealt_with(&mut self) {
        for (claims, by) in std::mem::take(&mut self.told) {
            let round = match self.commits_before_release() {
                true => self.rounds.want(),
                false => 0,
            };
            self.releasing.push((claims, round, by));
        }
    }

    /// Gives up partitions that need not be kept any longer.
    pub(super) fn release(&mut self, now: Instant) {
        if self.releasing.is_empty() {
            return;
        }
        let mut released = Vec::new();
        self.releasing.retain_mut(|(claims, round, by)| {
            let goes = self.rounds.is_done(*round) || now >= *by;
            if goes {
                released.append(claims);
            }
            !goes
        });
        if released.is_empty() {
            return;
        }
        if let Source::Group(member) = &self.source {
            member.lock().release(&released);
        }
        self.forget(&released);
    }

    /// Commits where a claim begins, if nothing has been committed before: once all lookups are
    /// answered, or a little later if a broker takes longer.
    pub(super) fn want_start_committed(&mut self, claim: &Claim, now: Instant) {
        let by_itself = self.options.commits != Commits::ByHand;
        let reader = self.readers.get(claim).filter(|_| by_itself);
        if reader.is_some_and(|reader| reader.has_new_start()) && self.offsets.is_some() {
            self.starts_due.get_or_insert(now + STARTS_PAUSE);
        }
    }

    /// Whether something is handled that is not committed.
    pub(super) fn has_to_commit(&self) -> bool {
        self.with_news().next().is_some()
    }

    pub(super) fn drive_commits(&mut self, now: Instant) {
        if self.offsets.is_none() {
            return;
        }
        if self.next_commit.is_none_or(|due| due <= now) {
            if self.next_commit.is_some() && self.has_to_commit() {
                self.rounds.want();
            }
            self.schedule_commit(now);
        }
        let are_due = |due| due <= now || self.lookups.are_answered();
        if self.starts_due.is_some_and(are_due) {
            self.starts_due = None;
            self.rounds.want();
        }
        if self.rounds.is_due() {
            self.begin_commit(now);
        }
        let Some(offsets) = &mut self.offsets else {
            return;
        };
        match offsets.advance(&mut self.client, now) {
            None => {}
            Some(GroupAnswer::Committed(answers)) => {
                for (question, found) in answers {
                    let Some(reader) = self.readers.answered(question) else {
                        continue;
                    };
                    let claim = reader.claim().clone();
                    let report = reader.committed_found(now, found, || Error::NoCommittedOffset {
                        topic: claim.partition().topic.as_ref().to_owned(),
                        partition: claim.partition().partition,
                    });
                    if let Some(report) = report {
                        self.report(claim, report);
                    }
                }
            }
            Some(GroupAnswer::Commit(identity, results)) => {
                self.committed(now, identity.as_ref(), &results);
                let results = results.into_iter().map(|(to, result)| {
                    let is_owned = !to.claim.is_ended();
                    (to.claim.partition().clone(), is_owned, result)
                });
                // The owner hears that the others are lost.
                let is_asked = self.by_hand.is_some();
                let results = results.filter(|(_, is_owned, _)| *is_owned || is_asked);
                let outcome = self.rounds.answered(results);
                self.round_over(outcome);
            }
            Some(GroupAnswer::NoCommit(error)) => {
                let outcome = self.rounds.failed(error);
                self.round_over(outcome);
            }
        }
    }

    fn begin_commit(&mut self, now: Instant) {
        if !self.has_to_commit() {
            let outcome = self.rounds.end();
            return self.round_over(Some(outcome));
        }
        // A member that the coordinator does not take for one waits until it is one again.
        let Ok(identity) = self.source.identity() else {
            return;
        };
        if !self
            .offsets
            .as_ref()
            .is_some_and(|offsets| offsets.is_free(now))
        {
            return;
        }
        let to_commit = self.to_commit();
        if let Some(offsets) = &mut self.offsets
            && offsets.commit(&mut self.client, identity, to_commit)
        {
            self.rounds.begin();
        }
    }

    /// What is handled of live claims and not committed.
    fn to_commit(&self) -> Vec<ToCommit> {
        let to_commit = self.with_news().map(|(reader, watermark)| ToCommit {
            claim: reader.claim().clone(),
            topic_id: reader.topic_id(),
            watermark,
        });
        to_commit.collect()
    }

    /// Live claims with something to commit.
    fn with_news(&self) -> impl Iterator<Item = (&ClaimReader, Watermark)> {
        let living = self.readers.iter();
        let living = living.filter(|reader| !reader.claim().is_ended());
        living.filter_map(|reader| Some((reader, reader.to_commit()?)))
    }

    fn committed(
        &mut self,
        now: Instant,
        identity: Option<&MemberIdentity>,
        results: &[(ToCommit, Result<(), std::sync::Arc<Error>>)],
    ) {
        let mut refusal = None;
        for (to, result) in results {
            match result {
                Ok(()) => {
                    if let Some(reader) = self.readers.get_mut(&to.claim) {
                        reader.committed = Some(to.watermark.offset);
                    }
                }
                Err(error) => refusal = refusal.or(error.code()),
            }
        }
        if let (Source::Group(member), Some(identity), Some(code)) =
            (&self.source, identity, refusal)
            && self.refused.as_ref() != Some(identity)
        {
            // Once: the answer to a join may be on its way, and says more.
            self.refused = Some(identity.clone());
            let mut member = member.lock();
            member.membership_mut().commit_refused(now, identity, code);
        }
    }

    /// Ends a round of commits if there is an outcome.
    fn round_over(&mut self, outcome: Option<Outcome>) {
        let Some(outcome) = outcome else {
            return;
        };
        if self.by_hand.is_some_and(|round| self.rounds.is_done(round)) {
            self.by_hand = None;
            self.outcome = Some(outcome);
            return;
        }
        if let Err(error) = outcome.and_then(|results| results.into_result()) {
            self.events.push_back(Polled::CommitFailed { error });
        }
    }
}
