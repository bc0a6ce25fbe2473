//! `CommitRounds`: requested commits, one after the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::group_offsets::is_passing;
use crate::error::{Error, RetryMethod};
use crate::partition_results::PartitionResults;
use crate::topic_partition::TopicPartition;

/// Requested commits, one after the other. A commit that is requested while one is in flight needs
/// another round.
#[derive(Debug, Default)]
pub(super) struct CommitRounds {
    wanted: u64,
    begun: u64,
    done: u64,
    on_the_way: bool,
    results: BTreeMap<TopicPartition, Result<(), Arc<Error>>>,
    /// Why the round has not ended yet.
    last_error: Option<Error>,
}

/// The outcome of a round.
pub(super) type Outcome = Result<PartitionResults<()>, Error>;

impl CommitRounds {
    /// Requests a commit of everything that is handled by now. Returns the number of the round that
    /// does it.
    pub(super) fn want(&mut self) -> u64 {
        if self.wanted == self.begun {
            self.wanted += 1;
        }
        self.wanted
    }

    /// Whether a request must be sent.
    pub(super) fn is_due(&self) -> bool {
        self.done < self.wanted && !self.on_the_way
    }

    /// Whether this round has ended.
    pub(super) fn is_done(&self, round: u64) -> bool {
        self.done >= round
    }

    /// Notes that a request was sent.
    pub(super) fn begin(&mut self) {
        self.on_the_way = true;
        if self.begun == self.done {
            self.begun = self.wanted;
        }
    }

    /// Ends the round, because there is nothing left to commit.
    pub(super) fn end(&mut self) -> Outcome {
        self.begun = self.wanted;
        self.finish()
    }

    /// Handles an answer: for each partition whether it is still owned, and the result. Returns the
    /// outcome of the round if that ended it.
    pub(super) fn answered(
        &mut self,
        results: impl IntoIterator<Item = (TopicPartition, bool, Result<(), Arc<Error>>)>,
    ) -> Option<Outcome> {
        self.on_the_way = false;
        self.last_error = None;
        let mut goes_on = false;
        for (partition, is_owned, result) in results {
            let code = result.as_ref().err().and_then(|error| error.code());
            goes_on |= is_owned && code.is_some_and(is_passing);
            self.results.insert(partition, result);
        }
        (!goes_on).then(|| self.finish())
    }

    /// Handles a request without an answer. Returns the outcome of the round if that ended it.
    pub(super) fn failed(&mut self, error: Error) -> Option<Outcome> {
        let was_begun = std::mem::take(&mut self.on_the_way) || self.begun > self.done;
        if error.retry_method() == RetryMethod::GiveUp {
            if !was_begun {
                self.begun = self.wanted;
            }
            self.done = self.begun;
            self.results.clear();
            return Some(Err(error));
        }
        self.last_error = Some(error);
        None
    }

    /// Abandons the round, and returns what has become of it so far.
    pub(super) fn give_up(&mut self) -> Option<Error> {
        self.last_error.take()
    }

    fn finish(&mut self) -> Outcome {
        self.done = self.begun;
        let results = std::mem::take(&mut self.results);
        Ok(PartitionResults::new(results.into_iter().collect()))
    }
}

#[cfg(test)]
mod tests {
    use libkafka_protocol::ErrorCode;

    use super::*;
    use crate::broker::Broker;
    use crate::place::{Phase, Place};

    fn refused(code: ErrorCode) -> Result<(), Arc<Error>> {
        let broker = Arc::new(Broker {
            id: Some(1),
            address: "localhost:9092".parse().unwrap(),
            rack: None,
        });
        let api = libkafka_protocol::ApiKey::OFFSET_COMMIT;
        let at = Box::new(Place::before(api, Phase::Read, &broker));
        Err(Arc::new(Error::refusal(at, code, None)))
    }

    fn at(partition: i32) -> TopicPartition {
        TopicPartition::new("t", partition)
    }

    #[test]
    fn what_is_wanted_while_a_commit_is_on_its_way_takes_another_one() {
        let mut rounds = CommitRounds::default();
        let first = rounds.want();
        assert_eq!(rounds.want(), first);
        assert!(rounds.is_due());
        rounds.begin();
        assert!(!rounds.is_due());
        let second = rounds.want();
        assert_ne!(second, first);
        assert!(rounds.answered([(at(0), true, Ok(()))]).unwrap().is_ok());
        assert!(rounds.is_done(first) && !rounds.is_done(second));
        assert!(rounds.is_due());
        rounds.begin();
        assert!(rounds.answered([]).unwrap().is_ok());
        assert!(rounds.is_done(second) && !rounds.is_due());
    }

    #[test]
    fn a_refusal_that_passes_is_tried_again_as_long_as_the_partition_is_owned() {
        let mut rounds = CommitRounds::default();
        let round = rounds.want();
        rounds.begin();
        let passing = refused(ErrorCode::COORDINATOR_LOAD_IN_PROGRESS);
        assert!(
            rounds
                .answered([(at(0), true, Ok(())), (at(1), true, passing)])
                .is_none()
        );
        assert!(rounds.is_due() && !rounds.is_done(round));
        rounds.begin();
        assert!(rounds.failed(Error::NoBroker).is_none());
        rounds.begin();
        let refusal = refused(ErrorCode::ILLEGAL_GENERATION);
        let results = rounds.answered([(at(1), false, refusal)]).unwrap().unwrap();
        assert!(rounds.is_done(round));
        assert!(results.get("t", 0).unwrap().is_ok());
        assert!(results.get("t", 1).unwrap().is_err());
    }
}
