//! `Lookups`: looks up offsets at the leaders of partitions.

use std::sync::Arc;
use std::time::Duration;

use libkafka_protocol::messages::{ListOffsetsRequest, OffsetForLeaderEpochRequest};
use libkafka_protocol::{Request, Versions};

use super::readers::Question;
use crate::cluster::{BrokerAnswer, BrokerCall, ByBroker, Client, Leader};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::fetch::{
    EpochEndOffset, Isolation, OffsetAndTimestamp, OffsetSpec, end_of_epoch_requests,
    end_of_epoch_results, list_offsets_requests, list_offsets_results,
};
use crate::net::{Interest, Waitable};
use crate::partition_results::PartitionResults;
use crate::place::Place;
use crate::topic_partition::TopicPartition;

/// The longest time of a request; the client's timeout if that is shorter.
const LONGEST: Duration = Duration::from_secs(10);

/// The first version of OffsetForLeaderEpoch that a reader of the topic may use: earlier ones are
/// for replicas.
const EPOCHS_FOR_READERS: i16 = 3;

/// Looks up offsets at the leaders of partitions: one request of each kind at a time to each
/// broker, for all partitions that need it by then.
#[derive(Default)]
pub(super) struct Lookups {
    offsets: ByBroker<Lane<ListOffsetsRequest, OffsetSpec>>,
    epochs: ByBroker<Lane<OffsetForLeaderEpochRequest, i32>>,
}

/// What one broker is being asked, and will be asked next.
struct Lane<R, W> {
    wanted: Vec<(Question, (TopicPartition, Leader, W))>,
    call: Option<Call<R, W>>,
}

struct Call<R, W> {
    call: BrokerCall<R>,
    questions: Vec<Question>,
    lookups: Vec<(TopicPartition, Leader, W)>,
}

/// An answer to a [`Question`].
pub(super) enum Found {
    Offset(Result<Option<OffsetAndTimestamp>, Arc<Error>>),
    /// With the place of the answer.
    EpochEnd(Result<(EpochEndOffset, Box<Place>), Arc<Error>>),
}

impl<R, W> Default for Lane<R, W> {
    fn default() -> Self {
        Self {
            wanted: Vec::new(),
            call: None,
        }
    }
}

impl<R, W> Lane<R, W> {
    fn has_question(&self) -> bool {
        self.call.is_none() && !self.wanted.is_empty()
    }

    fn is_answered(&self) -> bool {
        self.call.is_none() && self.wanted.is_empty()
    }
}

impl Lookups {
    /// Asks for the offset of a place.
    pub(super) fn offset(
        &mut self,
        question: Question,
        at: TopicPartition,
        leader: Leader,
        spec: OffsetSpec,
    ) {
        let lane = self.offsets.get_or_default(leader.id);
        lane.wanted.push((question, (at, leader, spec)));
    }

    /// Asks for the end of an epoch.
    pub(super) fn epoch_end(
        &mut self,
        question: Question,
        at: TopicPartition,
        leader: Leader,
        epoch: i32,
    ) {
        let lane = self.epochs.get_or_default(leader.id);
        lane.wanted.push((question, (at, leader, epoch)));
    }

    /// Does what can be done without waiting, and returns the answers that have arrived.
    pub(super) fn advance(
        &mut self,
        client: &mut Client,
        isolation: Isolation,
    ) -> Vec<(Question, Found)> {
        let mut found = Vec::new();
        for (broker, lane) in self.offsets.iter_mut() {
            let done = lane.advance(client, broker, Versions::ALL, |lookups, deadline| {
                list_offsets_requests(lookups, isolation, deadline.for_broker())
            });
            let Some(done) = done else { continue };
            let results = list_offsets_results(&done.lookups, done.answers);
            let results = matched(done.questions, results);
            found.extend(results.map(|(question, result)| (question, Found::Offset(result))));
        }
        for (broker, lane) in self.epochs.iter_mut() {
            let versions = Versions::new(EPOCHS_FOR_READERS, i16::MAX);
            let done = lane.advance(client, broker, versions, |lookups, _| {
                (end_of_epoch_requests(lookups), versions)
            });
            let Some(done) = done else { continue };
            let results = end_of_epoch_results(&done.lookups, done.answers);
            for (question, result) in matched(done.questions, results) {
                let placed = result.and_then(|end| match &done.at {
                    Some(at) => Ok((end, at.clone())),
                    None => Err(Arc::new(Error::NoBroker)),
                });
                found.push((question, Found::EpochEnd(placed)));
            }
        }
        found
    }

    /// Whether there is a question that has not been sent and can be.
    pub(super) fn have_question(&self) -> bool {
        self.offsets.values().any(Lane::has_question)
            || self.epochs.values().any(Lane::has_question)
    }

    /// Whether all questions about offsets have been answered.
    pub(super) fn are_answered(&self) -> bool {
        self.offsets.values().all(Lane::is_answered)
    }

    /// What it waits for.
    pub(super) fn interests(&self) -> impl Iterator<Item = Interest<'_>> {
        let offsets = self.offsets.values().filter_map(|lane| lane.call.as_ref());
        let epochs = self.epochs.values().filter_map(|lane| lane.call.as_ref());
        offsets
            .map(|call| call.call.interest())
            .chain(epochs.map(|call| call.call.interest()))
    }
}

fn matched<T>(
    questions: Vec<Question>,
    results: PartitionResults<T>,
) -> impl Iterator<Item = (Question, Result<T, Arc<Error>>)> {
    let results = results.into_iter().map(|(_, result)| result);
    questions.into_iter().zip(results)
}

/// A question and its answer.
struct Done<R, W> {
    questions: Vec<Question>,
    lookups: Vec<(TopicPartition, Leader, W)>,
    /// The place, if there was an answer.
    at: Option<Box<Place>>,
    answers: ByBroker<BrokerAnswer<R>>,
}

impl<R: Request + Clone + Send + 'static, W> Lane<R, W> {
    fn advance(
        &mut self,
        client: &mut Client,
        broker: i32,
        versions: Versions,
        requests: impl FnOnce(&[(TopicPartition, Leader, W)], Deadline) -> (ByBroker<R>, Versions),
    ) -> Option<Done<R::Response, W>> {
        if self.has_question() {
            // Without keeping its memory: there are many at first, and few later.
            let wanted = std::mem::take(&mut self.wanted);
            let (questions, lookups): (Vec<_>, Vec<_>) = wanted.into_iter().unzip();
            let deadline = deadline(client);
            let (requests, known) = requests(&lookups, deadline);
            let versions = versions.intersect(known);
            let link = client.take_link(broker, R::API_KEY);
            match (link, requests.into_value(broker)) {
                (Ok(link), Some(request)) => {
                    self.call = Some(Call {
                        call: BrokerCall::new(link, versions, deadline, move |_| request.clone()),
                        questions,
                        lookups,
                    });
                }
                (link, _) => {
                    let error = link.err().unwrap_or(Error::UnknownBroker { id: broker });
                    return Some(Done {
                        questions,
                        lookups,
                        at: None,
                        answers: ByBroker::from((broker, Err(Arc::new(error)))),
                    });
                }
            }
        }
        let call = self.call.as_mut()?;
        let result = call.call.advance().transpose()?;
        let Call {
            call,
            questions,
            lookups,
        } = self.call.take()?;
        if result.is_ok() {
            client.keep_link(broker, R::API_KEY, call.into_link());
        }
        Some(Done {
            questions,
            lookups,
            at: result.as_ref().ok().map(|answer| answer.exchange.place()),
            answers: ByBroker::from((broker, result.map_err(Arc::new))),
        })
    }
}

/// The deadline of a request that is sent now.
pub(super) fn deadline(client: &Client) -> Deadline {
    Deadline::after(client.config.timeout.min(LONGEST))
}
