//! `Client::topology`, `Client::update_topology`: fill and update a topology from metadata.

use std::sync::Arc;

use super::client::Client;
use super::leader_hint::LeaderHint;
use super::topology::{Changes, Topology};
use crate::address::Address;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::topic_partition::TopicPartition;

impl Client {
    /// Requests these topics, all in one request. A topic that does not exist is not an error here:
    /// see [`Topology::error`].
    ///
    /// ```no_run
    /// # use libkafka_client::{Client, Config};
    /// # let mut client = Client::new(Config::new("localhost:9092"))?;
    /// let topology = client.topology(["orders", "payments"])?;
    /// for (partition, metadata) in topology.topic("orders").iter().flat_map(|t| &t.partitions) {
    ///     println!("orders-{partition} is led by {:?}", metadata.leader_id);
    /// }
    /// # Ok::<(), libkafka_client::Error>(())
    /// ```
    ///
    /// # Errors
    /// The errors of [`call`](Self::call).
    pub fn topology<T: Into<Arc<str>>>(
        &mut self,
        topics: impl IntoIterator<Item = T>,
    ) -> Result<Topology, Error> {
        let mut topology = Topology::new(topics);
        self.update_topology(&mut topology)?;
        Ok(topology)
    }

    /// Applies the leader that a response named to a topology, and learns its address. Returns
    /// whether its epoch is newer than the known one.
    pub fn apply_hint(
        &mut self,
        topology: &mut Topology,
        partition: &TopicPartition,
        hint: &LeaderHint,
    ) -> bool {
        if let Some(broker) = &hint.broker {
            let Address { host, port, .. } = &broker.address;
            let rack = broker.rack.clone();
            self.cluster
                .learn(hint.leader_id, host, i32::from(*port), rack);
        }
        let TopicPartition { topic, partition } = partition;
        let epoch = hint.leader_epoch;
        topology.apply_hint(topic, None, *partition, hint.leader_id, epoch)
    }

    /// Requests the topics of a topology, and returns what has changed since.
    ///
    /// This takes one request for all topics, and a second one if there are topics of which only
    /// the id is known. [`RefreshPacing`](crate::RefreshPacing) says how often to call it.
    ///
    /// # Errors
    /// The errors of [`call`](Self::call), and [`Error::Version`] if there are topics that are
    /// wanted by id and the broker is older than Kafka 3.1.
    pub fn update_topology(&mut self, topology: &mut Topology) -> Result<Changes, Error> {
        let deadline = self.deadline();
        self.update_topology_by(topology, deadline)
    }

    pub(crate) fn update_topology_by(
        &mut self,
        topology: &mut Topology,
        deadline: Deadline,
    ) -> Result<Changes, Error> {
        // Ids first: the topics that get their names by it are in no other answer.
        let mut changes = Changes::default();
        if let Some(request) = topology.request_by_id() {
            let answer = self.ask_metadata(&request, 12, deadline)?;
            changes = topology.update(&answer.response);
        }
        let request = topology.request();
        // Before version 4 a broker may create the topics that it is asked for.
        let answer = self.ask_metadata(&request, 4, deadline)?;
        changes.extend(topology.update(&answer.response));
        Ok(changes)
    }
}
