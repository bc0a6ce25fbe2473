//! `Client::exchange_all`: requests to many brokers at once.

use std::sync::Arc;

use libkafka_protocol::{ApiKey, ErrorCode, Request, Versions};

use super::broker_call::BrokerCall;
use super::by_broker::ByBroker;
use super::client::Client;
use super::leader::Leader;
use super::partition_index::PartitionIndex;
use crate::connection::Link;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;
use crate::net::{Waitable, wait_for};
use crate::partition_results::PartitionResults;
use crate::topic_partition::TopicPartition;

/// The answer of a broker. An error concerns everything that the broker was asked about.
pub(crate) type BrokerAnswer<R> = Result<Answer<R>, Arc<Error>>;

impl Client {
    /// Sends each broker its request before waiting for the first answer, and returns the answers.
    /// A broker never delays the others.
    pub(crate) fn exchange_all<R: Request + Clone + Send + 'static>(
        &mut self,
        requests: ByBroker<R>,
        versions: Versions,
        deadline: Deadline,
    ) -> ByBroker<BrokerAnswer<R::Response>> {
        let mut answers = ByBroker::default();
        let mut pending = Vec::new();
        for (broker, request) in requests {
            match self.take_link(broker, R::API_KEY) {
                Ok(link) => {
                    let call = BrokerCall::new(link, versions, deadline, move |_| request.clone());
                    pending.push((broker, call));
                }
                Err(error) => {
                    answers.insert(broker, Err(Arc::new(error)));
                }
            }
        }
        while !pending.is_empty() {
            let mut i = 0;
            while let Some((_, call)) = pending.get_mut(i) {
                let Some(result) = call.advance().transpose() else {
                    i += 1;
                    continue;
                };
                let (broker, call) = pending.swap_remove(i);
                if let Ok(Answer { exchange, .. }) = &result {
                    self.last = Some(exchange.clone());
                    self.keep_link(broker, R::API_KEY, call.into_link());
                }
                answers.insert(broker, result.map_err(Arc::new));
            }
            let interests = pending.iter().map(|(_, call)| call.interest());
            if !pending.is_empty() && wait_for(interests, deadline).is_err() {
                break;
            }
        }
        for (broker, call) in pending {
            answers.insert(broker, Err(Arc::new(call.timeout())));
        }
        answers
    }

    /// A link to a broker; the one of the last time if there is one.
    pub(crate) fn take_link(&mut self, broker: i32, api: ApiKey) -> Result<Link, Error> {
        let Some(mut link) = self.links.remove(&(broker, api)) else {
            return self.link(broker, api);
        };
        if let Some(known) = self.cluster.broker(broker) {
            link.set_broker(Arc::clone(known));
        }
        Ok(link)
    }

    /// Keeps a link for the next time.
    pub(crate) fn keep_link(&mut self, broker: i32, api: ApiKey, link: Link) {
        self.links.insert((broker, api), link);
    }
}

/// What the leaders of partitions answered about them, in the order of `partitions`.
///
/// `topics` splits a response into the names of its topics and their partitions, `number` returns
/// the number of a partition, and `read` its error code and its value. Takes time that grows with
/// the sum of the partitions asked about and those in the responses.
pub(crate) fn results_of_leaders<R, P, I, W, T>(
    partitions: &[(TopicPartition, Leader, W)],
    answers: ByBroker<BrokerAnswer<R>>,
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
    let brokers = answers.map(|answer| answer.map(index));
    let result = |(at, leader, _): &(TopicPartition, Leader, W)| {
        let result = match brokers.get(leader.id) {
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

#[cfg(test)]
mod tests;
