//! `Partition`: a partition and its leader, which producers and fetchers have in common.

use libkafka_protocol::{Request, Uuid, Versions};

use super::client::Client;
use super::leader::Leader;
use super::leader_hint::LeaderHint;
use super::target::Route;
use crate::broker::Broker;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;
use crate::topic_partition::TopicPartition;

/// A partition, its leader when last looked up, and connections of its own.
pub(crate) struct Partition {
    pub(crate) client: Client,
    pub(crate) topic: String,
    pub(crate) index: i32,
    pub(crate) leader: Leader,
    /// The leader that a response named (KIP-951).
    hint: Option<Leader>,
}

impl Partition {
    /// Looks up the leader through `client`.
    pub(crate) fn new(client: &mut Client, topic: &str, index: i32) -> Result<Self, Error> {
        let deadline = client.deadline();
        let leader = client.leader_by(topic, index, deadline)?;
        Ok(Self::at(client, &TopicPartition::new(topic, index), leader))
    }

    /// A partition whose leader is known.
    pub(crate) fn at(client: &Client, partition: &TopicPartition, leader: Leader) -> Self {
        Self {
            client: client.fork(),
            topic: partition.topic.as_ref().to_owned(),
            index: partition.partition,
            leader,
            hint: None,
        }
    }

    /// Finds the current leader of the partition: from the last response if that named one,
    /// otherwise from metadata.
    pub(crate) fn refresh(&mut self) -> Result<Leader, Error> {
        let deadline = self.client.deadline();
        let in_flight = self.in_flight();
        if in_flight > 0 {
            return Err(Error::Uncollected { in_flight });
        }
        self.leader = match self.hint.take() {
            Some(hint) => hint,
            None => self.ask_leader(deadline)?,
        };
        Ok(self.leader)
    }

    fn ask_leader(&mut self, deadline: Deadline) -> Result<Leader, Error> {
        let (client, topic, index) = (&mut self.client, &self.topic, self.index);
        let found = client.leader_by(topic, index, deadline)?;
        let is_news = (found.id, found.epoch) != (self.leader.id, self.leader.epoch);
        if is_news || !client.has_second_opinion() {
            return Ok(found);
        }
        // A leader that was deposed may be the one that was asked, and believe in itself.
        client.doubt();
        match client.leader_by(topic, index, deadline) {
            Ok(other) if other.epoch > found.epoch => Ok(other),
            _ => Ok(found),
        }
    }

    /// Notes the leader that a response names, and its address, if that is news.
    pub(crate) fn hint(&mut self, hint: Option<LeaderHint>) {
        let Some(hint) = hint.filter(|hint| hint.leader_epoch > self.leader.wire_epoch()) else {
            return;
        };
        let (id, cluster) = (hint.leader_id, &mut self.client.cluster);
        // The other nodes are of no use here, and however many come, no memory is taken for them.
        if let Some(Broker { address, rack, .. }) = hint.broker {
            cluster.learn(id, &address.host, address.port.into(), rack);
        }
        if cluster.broker(id).is_some() {
            self.hint = Some(Leader {
                id,
                epoch: Some(hint.leader_epoch),
                ..self.leader
            });
        }
    }

    /// The versions of a request that names the topic by its id from version `first` on: if the id
    /// is not known, only the versions before it.
    pub(crate) fn versions_with_id_from(&self, first: i16) -> Versions {
        Versions::new(
            0,
            if self.leader.topic_id.is_none() {
                first - 1
            } else {
                i16::MAX
            },
        )
    }

    /// The number of requests on the leader's connection whose responses have not been collected.
    pub(crate) fn in_flight(&self) -> usize {
        let connections = self.client.connections.iter();
        connections.map(|connection| connection.in_flight()).sum()
    }

    /// Sends a request to the leader and waits for its response.
    pub(crate) fn call<R: Request>(
        &mut self,
        request: &R,
        versions: Versions,
        deadline: Deadline,
    ) -> Result<Answer<R::Response>, Error> {
        let leader = Route::Broker(self.leader.id);
        self.client
            .exchange::<R, _>(leader, versions, deadline, |_| request)
    }

    /// Whether a response, which identifies the topic by name or by id depending on its version, is
    /// about this topic.
    pub(crate) fn is_topic(&self, name: &str, id: Uuid) -> bool {
        match name {
            "" => self.leader.topic_id == Some(id),
            name => name == self.topic,
        }
    }
}
