//! Topologies: filled and brought up to date by metadata.

use std::sync::Arc;

use super::client::Client;
use super::leader_hint::LeaderHint;
use super::topology::{Changes, Topology};
use crate::address::Address;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::topic_partition::TopicPartition;

impl Client {
    /// Asks for these topics, in one request. A topic that does not exist is no error:
    /// [`Topology::error`] tells.
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
    /// As [`call`](Self::call).
    pub fn topology<T: Into<Arc<str>>>(
        &mut self,
        topics: impl IntoIterator<Item = T>,
    ) -> Result<Topology, Error> {
        let mut topology = Topology::new(topics);
        self.update_topology(&mut topology)?;
        Ok(topology)
    }

    /// Takes the leader that a response named into a topology, and learns where it is. Returns
    /// whether its epoch is newer than the one known.
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

    /// Asks for the topics of a topology, and returns what has changed since.
    ///
    /// It takes one request for all topics, and another one if there are topics of which only the
    /// id is known. [`RefreshPacing`](crate::RefreshPacing) says how often to call it.
    ///
    /// # Errors
    /// As [`call`](Self::call); [`Error::Version`] for topics that are wanted by id with a broker
    /// before Kafka 3.1.
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
