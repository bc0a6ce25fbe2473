//! Requests to many brokers at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use libkafka_protocol::{ApiKey, ErrorCode, Request, Versions};

use super::client::Client;
use super::leader::Leader;
use super::partition_index::PartitionIndex;
use crate::connection::Link;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;
use crate::net::{Waitable, wait_for};
use crate::partition_results::PartitionResults;
use crate::place::{Phase, Place};
use crate::topic_partition::TopicPartition;

/// The answer of a broker; an error concerns all that it was asked about.
pub(crate) type BrokerAnswer<R> = Result<Answer<R>, Arc<Error>>;

impl Client {
    /// Sends each broker its request before the first answer is waited for, and returns the
    /// answers. One broker never holds up the others.
    pub(crate) fn exchange_all<R: Request>(
        &mut self,
        requests: BTreeMap<i32, R>,
        versions: Versions,
        deadline: Deadline,
    ) -> BTreeMap<i32, BrokerAnswer<R::Response>> {
        let mut answers = BTreeMap::new();
        let mut pending = BTreeMap::new();
        for (broker, request) in requests {
            match self.take_link(broker, R::API_KEY) {
                Ok(link) => {
                    let sent = false;
                    pending.insert(
                        broker,
                        Pending {
                            link,
                            request,
                            sent,
                        },
                    );
                }
                Err(error) => {
                    answers.insert(broker, Err(Arc::new(error)));
                }
            }
        }
        let mut done = Vec::new();
        while !pending.is_empty() {
            for (broker, one) in &mut pending {
                if let Some(result) = one.advance(versions, deadline).transpose() {
                    done.push((*broker, result));
                }
            }
            for (broker, result) in done.drain(..) {
                let Some(Pending { link, .. }) = pending.remove(&broker) else {
                    continue;
                };
                if let Ok(Answer { exchange, .. }) = &result {
                    self.last = Some(exchange.clone());
                    self.links.insert((broker, R::API_KEY), link);
                }
                answers.insert(broker, result.map_err(Arc::new));
            }
            let interests = pending.values().map(|pending| pending.link.interest());
            if !pending.is_empty() && (deadline.is_past() || wait_for(interests, deadline).is_err())
            {
                break;
            }
        }
        for (broker, Pending { link, sent, .. }) in pending {
            let phase = if sent { Phase::Read } else { Phase::Write };
            let at = Box::new(Place::before(R::API_KEY, phase, link.broker()));
            answers.insert(broker, Err(Arc::new(Error::Timeout { at })));
        }
        answers
    }

    /// A link to a broker, that of the last time if there is one.
    fn take_link(&mut self, broker: i32, api: ApiKey) -> Result<Link, Error> {
        let Some(mut link) = self.links.remove(&(broker, api)) else {
            return self.link(broker, api);
        };
        if let Some(known) = self.cluster.broker(broker) {
            link.set_broker(Arc::clone(known));
        }
        Ok(link)
    }
}

/// What the leaders of partitions answered about them, in the order of `partitions`.
///
/// `topics` takes a response apart into the names of its topics and their partitions, `number` is
/// the number of a partition, and `read` its error code and its value. Takes a time that grows with
/// the sum of the partitions that were asked about and those in the responses.
pub(crate) fn results_of_leaders<R, P, I, W, T>(
    partitions: &[(TopicPartition, Leader, W)],
    answers: BTreeMap<i32, BrokerAnswer<R>>,
    topics: impl Fn(R) -> I,
    number: impl Fn(&P) -> i32,
    read: impl Fn(&P) -> (ErrorCode, T),
) -> PartitionResults<T>
where
    I: IntoIterator<Item = (String, Vec<P>)>,
{
    let index = |Answer { response, exchange }: Answer<R>| {
        PartitionIndex::new(exchange, topics(response), &number)
    };
    let brokers: BTreeMap<_, _> = answers
        .into_iter()
        .map(|(broker, answer)| (broker, answer.map(index)))
        .collect();
    let result = |(at, leader, _): &(TopicPartition, Leader, W)| {
        let result = match brokers.get(&leader.id) {
            Some(Ok(index)) => read_partition(index, at, &read).map_err(Arc::new),
            Some(Err(error)) => Err(Arc::clone(error)),
            None => Err(Arc::new(Error::UnknownBroker { id: leader.id })),
        };
        (at.clone(), result)
    };
    PartitionResults::new(partitions.iter().map(result).collect())
}

fn read_partition<P, T>(
    index: &PartitionIndex<P>,
    at: &TopicPartition,
    read: impl Fn(&P) -> (ErrorCode, T),
) -> Result<T, Error> {
    let (code, value) = read(index.get(at)?);
    index.exchange().check(code, None)?;
    Ok(value)
}

/// A request to a broker, and the way there.
struct Pending<R> {
    link: Link,
    request: R,
    sent: bool,
}

impl<R: Request> Pending<R> {
    /// Goes on as far as it can without waiting, to the answer at last.
    fn advance(
        &mut self,
        versions: Versions,
        deadline: Deadline,
    ) -> Result<Option<Answer<R::Response>>, Error> {
        if !self.sent {
            self.link.open();
        }
        if self.link.advance()?
            && !self.sent
            && let Some(version) = self.link.version::<R>(versions)?
        {
            self.sent = self.link.send(&self.request, version, true, deadline)?;
        }
        if !self.sent {
            return Ok(None);
        }
        self.link.receive()
    }
}

#[cfg(test)]
mod tests;
