//! Which broker a request goes to.

use std::sync::Arc;

use libkafka_protocol::Versions;
use libkafka_protocol::messages::metadata::MetadataRequestTopic;
use libkafka_protocol::messages::{
    FindCoordinatorRequest, FindCoordinatorResponse, MetadataRequest, MetadataResponse,
};

use crate::{Client, Deadline, Error};

/// The broker that a request goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target<'a> {
    /// Whichever is at hand.
    Any,
    /// The broker with this id.
    Broker(i32),
    /// The controller of the cluster; in KRaft mode, a broker that passes requests on to it.
    Controller,
    /// The leader of a partition.
    Leader(&'a str, i32),
    /// The coordinator of a group.
    Group(&'a str),
    /// The coordinator of a transactional id.
    Transaction(&'a str),
    /// The coordinator of a share group's partition, named `group:topicId:partition` (KIP-932).
    Share(&'a str),
}

/// A target that has been looked up.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Route {
    Any,
    Broker(i32),
}

impl Client {
    pub(crate) fn route(&mut self, target: Target<'_>, deadline: Deadline) -> Result<Route, Error> {
        Ok(match target {
            Target::Any => Route::Any,
            Target::Broker(id) => {
                self.know_brokers(deadline)?;
                Route::Broker(id)
            }
            Target::Controller => {
                if self.cluster.controller().is_none() {
                    self.metadata_by(Some(&[]), deadline)?;
                }
                match self.cluster.controller() {
                    Some(id) => Route::Broker(id),
                    None => Route::Any,
                }
            }
            Target::Leader(topic, partition) => {
                Route::Broker(self.leader_by(topic, partition, deadline)?.id)
            }
            Target::Group(key) => Route::Broker(self.find_coordinator(0, key, deadline)?),
            Target::Transaction(key) => Route::Broker(self.find_coordinator(1, key, deadline)?),
            Target::Share(key) => Route::Broker(self.find_coordinator(2, key, deadline)?),
        })
    }

    fn know_brokers(&mut self, deadline: Deadline) -> Result<(), Error> {
        if self.cluster.brokers().len() == 0 {
            self.metadata_by(Some(&[]), deadline)?;
        }
        Ok(())
    }

    pub(crate) fn metadata_by(
        &mut self,
        topics: Option<&[&str]>,
        deadline: Deadline,
    ) -> Result<MetadataResponse, Error> {
        let topic = |name: &&str| MetadataRequestTopic {
            name: Some((*name).to_owned()),
            ..Default::default()
        };
        let request = MetadataRequest {
            topics: topics.map(|topics| topics.iter().map(topic).collect()),
            allow_auto_topic_creation: false,
            ..Default::default()
        };
        // Before version 4 a broker may create the topics that it is asked for.
        let versions = Versions::new(4, i16::MAX);
        let response =
            self.exchange::<MetadataRequest, _>(Route::Any, versions, deadline, |_| &request)?;
        self.cluster.update(&response);
        for connection in &mut self.connections {
            let address = &connection.broker.address;
            let mut brokers = self.cluster.brokers();
            if let Some(broker) = brokers.find(|broker| broker.address == *address) {
                connection.broker = Arc::clone(broker);
            }
        }
        Ok(response)
    }

    fn find_coordinator(
        &mut self,
        key_type: i8,
        key: &str,
        deadline: Deadline,
    ) -> Result<i32, Error> {
        // Version 0 knows groups only.
        let versions = Versions::new(i16::from(key_type > 0), i16::MAX);
        let response: FindCoordinatorResponse = self.exchange::<FindCoordinatorRequest, _>(
            Route::Any,
            versions,
            deadline,
            |version| match version {
                ..4 => FindCoordinatorRequest {
                    key: key.to_owned(),
                    key_type,
                    ..Default::default()
                },
                _ => FindCoordinatorRequest {
                    key_type,
                    coordinator_keys: vec![key.to_owned()],
                    ..Default::default()
                },
            },
        )?;
        let (code, message, id, host, port) = match response.coordinators.into_iter().next() {
            Some(c) => (c.error_code, c.error_message, c.node_id, c.host, c.port),
            None => (
                response.error_code,
                response.error_message,
                response.node_id,
                response.host,
                response.port,
            ),
        };
        if !code.is_ok() {
            return Err(self.refusal(code, message));
        }
        self.cluster.learn(id, &host, port, None);
        Ok(id)
    }
}
