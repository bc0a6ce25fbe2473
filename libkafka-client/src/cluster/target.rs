//! `Target`: the broker that a request goes to.

use libkafka_protocol::messages::{FindCoordinatorRequest, FindCoordinatorResponse};
use libkafka_protocol::{ApiKey, ErrorCode, Versions};

use super::client::Client;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;

/// The broker that a request goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target<'a> {
    /// Any broker.
    Any,
    /// The broker with this id.
    Broker(i32),
    /// The controller of the cluster; in KRaft mode, a broker that forwards requests to it.
    Controller,
    /// The leader of a partition.
    Leader(&'a str, i32),
    /// The coordinator of a group.
    GroupCoordinator(&'a str),
    /// The coordinator of a transactional id.
    TransactionCoordinator(&'a str),
    /// The coordinator of a share group's partition, as `group:topicId:partition` (KIP-932).
    ShareCoordinator(&'a str),
}

/// A target that has been looked up.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Route {
    Any,
    /// Any broker except this one, if there is another.
    AnyBut(i32),
    Broker(i32),
}

impl Client {
    /// The id of the broker that a target means. A leader or coordinator is looked up.
    ///
    /// # Errors
    /// [`Error::Broker`] with
    /// [`ErrorCode::COORDINATOR_NOT_AVAILABLE`](crate::protocol::ErrorCode::COORDINATOR_NOT_AVAILABLE)
    /// while there is no coordinator, the errors of [`leader`](Self::leader), and the errors of
    /// [`call`](Self::call).
    pub fn broker_of(&mut self, target: Target<'_>) -> Result<i32, Error> {
        let deadline = self.deadline();
        if let Route::Broker(id) = self.route(target, deadline)? {
            return Ok(id);
        }
        // Any will do: one that is there.
        self.metadata_by(Some(&[]), deadline)?;
        let (i, _) = self.connect(Route::Any, ApiKey::METADATA, deadline)?;
        let id = self.connections[i].broker().id;
        id.or_else(|| self.cluster.brokers().next().and_then(|b| b.id))
            .ok_or(Error::NoBroker)
    }

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
            Target::GroupCoordinator(key) => {
                Route::Broker(self.find_coordinator(0, key, deadline)?)
            }
            Target::TransactionCoordinator(key) => {
                Route::Broker(self.find_coordinator(1, key, deadline)?)
            }
            Target::ShareCoordinator(key) => {
                Route::Broker(self.find_coordinator(2, key, deadline)?)
            }
        })
    }

    fn know_brokers(&mut self, deadline: Deadline) -> Result<(), Error> {
        if self.cluster.brokers().len() == 0 {
            self.metadata_by(Some(&[]), deadline)?;
        }
        Ok(())
    }

    fn find_coordinator(
        &mut self,
        key_type: i8,
        key: &str,
        deadline: Deadline,
    ) -> Result<i32, Error> {
        // Version 0 knows groups only.
        let versions = Versions::new(i16::from(key_type > 0), i16::MAX);
        let Answer { response, exchange } =
            self.ask::<FindCoordinatorRequest, _>(versions, deadline, |version| {
                coordinator_request(version, key_type, key)
            })?;
        let found = FoundCoordinator::of(response, key)
            .ok_or_else(|| exchange.missing(format!("the coordinator of {key}")))?;
        exchange.check(found.code, found.message)?;
        let id = found.id;
        self.cluster.learn(id, &found.host, found.port, None);
        self.identify_connections();
        self.told_by = exchange.broker.id;
        Ok(id)
    }
}

/// The request for a coordinator, in any version.
pub(crate) fn coordinator_request(version: i16, key_type: i8, key: &str) -> FindCoordinatorRequest {
    match version {
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
    }
}

/// What a response in any version says of the one requested coordinator.
pub(crate) struct FoundCoordinator {
    pub(crate) code: ErrorCode,
    pub(crate) message: Option<String>,
    pub(crate) id: i32,
    pub(crate) host: String,
    pub(crate) port: i32,
}

impl FoundCoordinator {
    /// The coordinator of `key`; `None` if the response is about another key.
    pub(crate) fn of(response: FindCoordinatorResponse, key: &str) -> Option<Self> {
        // Before version 4 there is one answer, which says no key.
        if response.coordinators.is_empty() {
            return Some(Self {
                code: response.error_code,
                message: response.error_message,
                id: response.node_id,
                host: response.host,
                port: response.port,
            });
        }
        let mut coordinators = response.coordinators.into_iter();
        let found = coordinators.find(|found| found.key == key)?;
        Some(Self {
            code: found.error_code,
            message: found.error_message,
            id: found.node_id,
            host: found.host,
            port: found.port,
        })
    }
}
