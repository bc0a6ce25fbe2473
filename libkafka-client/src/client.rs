//! Calls to a cluster, each to the broker that it has to go to.

use std::borrow::Borrow;
use std::sync::Arc;
use std::time::Duration;

use libkafka_protocol::messages::metadata::MetadataRequestTopic;
use libkafka_protocol::messages::{
    FindCoordinatorRequest, FindCoordinatorResponse, MetadataRequest, MetadataResponse,
};
use libkafka_protocol::{ApiKey, BrokerKind, ErrorCode, Request, Response, Versions};

use crate::cluster::Cluster;
use crate::connection::Connection;
use crate::{At, Broker, Config, Deadline, Error, Exchange, Leader, Phase};

/// A client of one cluster. All that it does, it does within a call and in the thread of the
/// caller; dropping it closes its connections and waits for nothing.
///
/// ```no_run
/// use libkafka_client::{Client, Config};
/// use libkafka_client::protocol::messages::DescribeClusterRequest;
///
/// let mut client = Client::new(Config::new("localhost:9092"))?;
/// let cluster = client.call(&DescribeClusterRequest::default())?;
/// println!("{} brokers", cluster.brokers.len());
/// # Ok::<(), libkafka_client::Error>(())
/// ```
pub struct Client {
    pub(crate) config: Arc<Config>,
    pub(crate) cluster: Cluster,
    pub(crate) connections: Vec<Connection>,
    pub(crate) last: Option<Exchange>,
    /// The time of the next call, where an exception was made for it.
    next_timeout: Option<Duration>,
}

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
    /// A client that connects when it is first called.
    ///
    /// # Errors
    /// [`Error::Bootstrap`] and [`Error::Config`] for a configuration that makes no sense.
    pub fn new(config: Config) -> Result<Self, Error> {
        config.check()?;
        let cluster = Cluster::new(config.addresses()?);
        Ok(Self {
            config: Arc::new(config),
            cluster,
            connections: Vec::new(),
            last: None,
            next_timeout: None,
        })
    }

    /// Makes an exception from [`Config::timeout`] for the next call.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use libkafka_client::{Client, Config};
    /// # let mut client = Client::new(Config::new("localhost:9092"))?;
    /// let metadata = client.within(Duration::from_secs(1)).metadata(None)?;
    /// # Ok::<(), libkafka_client::Error>(())
    /// ```
    pub fn within(&mut self, timeout: Duration) -> &mut Self {
        self.next_timeout = Some(timeout);
        self
    }

    /// Sends a request to the broker that it says it goes to ([`Request::BROKER`]), in the last
    /// version that both sides have, and waits for the response. Error codes in the response are
    /// for the caller to see.
    ///
    /// Any [`Request`] will do, one of the caller's own making too.
    ///
    /// # Errors
    /// [`Error::NoTarget`] if it goes to a leader or a coordinator, which takes
    /// [`call_to`](Self::call_to); [`Error::Version`] and [`Error::Encode`] if the broker cannot
    /// be told that; and what a network brings.
    pub fn call<R: Request>(&mut self, request: &R) -> Result<R::Response, Error> {
        let target = match R::BROKER {
            BrokerKind::Any => Target::Any,
            BrokerKind::Controller => Target::Controller,
            kind => {
                let api = R::API_KEY;
                return Err(Error::NoTarget { api, kind });
            }
        };
        self.call_to(target, request)
    }

    /// Sends a request to the broker that `target` names, otherwise as [`call`](Self::call).
    ///
    /// For a leader or coordinator the broker is looked up by a request of its own: who makes
    /// many such calls keeps what [`leader`](Self::leader) or [`coordinator`](Self::coordinator)
    /// gives, and calls [`Target::Broker`].
    ///
    /// # Errors
    /// As [`call`](Self::call), and what looking the target up gives.
    pub fn call_to<R: Request>(
        &mut self,
        target: Target<'_>,
        request: &R,
    ) -> Result<R::Response, Error> {
        let deadline = self.deadline();
        let route = self.route(target, deadline)?;
        let response = self.exchange::<R, _>(route, Versions::ALL, deadline, |_| request)?;
        if response.first_error() == Some(ErrorCode::NOT_CONTROLLER) {
            self.cluster.forget_controller();
        }
        Ok(response)
    }

    /// Asks for the brokers, and for these topics or all of them; topics are not created by it.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub fn metadata(&mut self, topics: Option<&[&str]>) -> Result<MetadataResponse, Error> {
        let deadline = self.deadline();
        self.metadata_by(topics, deadline)
    }

    /// Asks who leads a partition.
    ///
    /// # Errors
    /// [`Error::NoLeader`]; [`Error::Broker`] with
    /// [`ErrorCode::UNKNOWN_TOPIC_OR_PARTITION`]; and as [`call`](Self::call).
    pub fn leader(&mut self, topic: &str, partition: i32) -> Result<Leader, Error> {
        let deadline = self.deadline();
        self.leader_by(topic, partition, deadline)
    }

    /// Asks for the id of the broker that a [`Target::Group`], [`Target::Transaction`] or
    /// [`Target::Share`] stands for.
    ///
    /// # Errors
    /// [`Error::Broker`] with [`ErrorCode::COORDINATOR_NOT_AVAILABLE`] while there is none; and
    /// as [`call`](Self::call).
    pub fn coordinator(&mut self, target: Target<'_>) -> Result<i32, Error> {
        let deadline = self.deadline();
        match self.route(target, deadline)? {
            Route::Broker(id) => Ok(id),
            Route::Any => Err(Error::UnknownBroker { id: -1 }),
        }
    }

    /// The versions of every API that a broker has, as it told when the connection was made.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub fn api_versions(&mut self, target: Target<'_>) -> Result<Vec<(ApiKey, Versions)>, Error> {
        let deadline = self.deadline();
        let route = self.route(target, deadline)?;
        let (i, _) = self.connect(route, ApiKey::API_VERSIONS, deadline)?;
        Ok(self.connections[i].versions.iter().collect())
    }

    /// The brokers, as the last metadata had them; none before the client first needed any.
    pub fn brokers(&self) -> impl Iterator<Item = &Broker> {
        self.cluster.brokers().iter().map(|broker| &**broker)
    }

    /// The exchange with a broker that came to its end last.
    pub fn last_exchange(&self) -> Option<&Exchange> {
        self.last.as_ref()
    }

    /// A client with the same configuration and knowledge, and no connections yet.
    pub(crate) fn fork(&self) -> Self {
        Self {
            config: Arc::clone(&self.config),
            cluster: self.cluster.clone(),
            connections: Vec::new(),
            last: None,
            next_timeout: None,
        }
    }

    /// When the call that begins now has to be over.
    pub(crate) fn deadline(&mut self) -> Deadline {
        Deadline::after(self.next_timeout.take().unwrap_or(self.config.timeout))
    }

    /// As [`deadline`](Self::deadline), with the time that the broker is asked to wait on top.
    pub(crate) fn deadline_and(&mut self, wait: Duration) -> Deadline {
        let timeout = self.next_timeout.take().unwrap_or(self.config.timeout);
        Deadline::after(timeout.saturating_add(wait))
    }

    /// Sends what `build` makes for the version that was chosen, and waits for the response.
    ///
    /// If not a byte went out on a connection that had been in use before, it is tried once more
    /// on a fresh one: the broker has closed it meanwhile.
    pub(crate) fn exchange<R: Request, B: Borrow<R>>(
        &mut self,
        route: Route,
        versions: Versions,
        deadline: Deadline,
        build: impl Fn(i16) -> B,
    ) -> Result<R::Response, Error> {
        let mut again = true;
        loop {
            let (i, reused) = self.connect(route, R::API_KEY, deadline)?;
            let connection = &mut self.connections[i];
            connection.keep_session(R::API_KEY, deadline)?;
            let version = connection.version::<R>(versions)?;
            let result = connection.exchange(build(version).borrow(), version, deadline);
            self.settle(i);
            match result {
                Err(error) if reused && again && is_unsent(&error) => again = false,
                result => return result,
            }
        }
    }

    /// The version that [`exchange`](Self::exchange) would speak.
    pub(crate) fn version<R: Request>(
        &mut self,
        route: Route,
        versions: Versions,
        deadline: Deadline,
    ) -> Result<i16, Error> {
        let (i, _) = self.connect(route, R::API_KEY, deadline)?;
        self.connections[i].version::<R>(versions)
    }

    /// After an exchange: keeps its record, and drops the connection if it broke.
    pub(crate) fn settle(&mut self, i: usize) {
        let connection = &mut self.connections[i];
        if let Some(last) = connection.last.clone() {
            self.last = Some(last);
        }
        if connection.is_broken() {
            self.connections.swap_remove(i);
        }
    }

    /// A connection to send on, and whether it had been in use before.
    pub(crate) fn connect(
        &mut self,
        route: Route,
        api: ApiKey,
        deadline: Deadline,
    ) -> Result<(usize, bool), Error> {
        match route {
            Route::Broker(id) => {
                let broker = match self.cluster.broker(id) {
                    Some(broker) => Arc::clone(broker),
                    None => return Err(Error::UnknownBroker { id }),
                };
                self.connect_to(&broker, api, deadline)
            }
            Route::Any => self.connect_to_any(api, deadline),
        }
    }

    fn connect_to(
        &mut self,
        broker: &Arc<Broker>,
        api: ApiKey,
        deadline: Deadline,
    ) -> Result<(usize, bool), Error> {
        let open = |c: &Connection| c.broker.address == broker.address;
        if let Some(i) = self.connections.iter().position(open) {
            if self.connections[i].is_usable() {
                return Ok((i, true));
            }
            self.connections.swap_remove(i);
        }
        let deadline = deadline.at_most(self.config.connect_timeout);
        let connection = Connection::open(&self.config, broker, api, deadline)?;
        self.connections.push(connection);
        Ok((self.connections.len() - 1, false))
    }

    fn connect_to_any(&mut self, api: ApiKey, deadline: Deadline) -> Result<(usize, bool), Error> {
        let mut i = 0;
        while i < self.connections.len() {
            let connection = &mut self.connections[i];
            if !connection.is_usable() {
                self.connections.swap_remove(i);
            } else if connection.in_flight() == 0 {
                return Ok((i, true));
            } else {
                i += 1;
            }
        }
        let candidates = self.cluster.candidates();
        let mut result = Err(Error::UnknownBroker { id: -1 });
        for (i, broker) in candidates.iter().enumerate() {
            let deadline = deadline.share(candidates.len() - i);
            result = self.connect_to(broker, api, deadline);
            if result.is_ok() {
                break;
            }
        }
        result
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
            Target::Group(key) => Route::Broker(self.find_coordinator(0, key, deadline)?),
            Target::Transaction(key) => Route::Broker(self.find_coordinator(1, key, deadline)?),
            Target::Share(key) => Route::Broker(self.find_coordinator(2, key, deadline)?),
        })
    }

    fn know_brokers(&mut self, deadline: Deadline) -> Result<(), Error> {
        if self.cluster.brokers().is_empty() {
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
            let mut brokers = self.cluster.brokers().iter();
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

    /// The error that an error code in the last response is.
    pub(crate) fn refusal(&self, code: ErrorCode, message: Option<String>) -> Error {
        Error::Broker {
            at: self.at_last(),
            code,
            message: message.filter(|message| !message.is_empty()),
        }
    }

    /// The error that the last response says nothing of a partition.
    pub(crate) fn missing_partition(&self, partition: i32) -> Error {
        Error::Missing {
            at: self.at_last(),
            missing: format!("partition {partition}"),
        }
    }

    /// Where the last exchange came to its end.
    pub(crate) fn at_last(&self) -> Box<At> {
        Box::new(match &self.last {
            Some(last) => last.at(Phase::Read),
            None => At::opening(Phase::Connect, &self.cluster.candidates()[0]),
        })
    }
}

/// Did the connection go before a byte of the request was written?
pub(crate) fn is_unsent(error: &Error) -> bool {
    match error {
        Error::Io { at, .. } | Error::Closed { at } => at.phase == Phase::Write && at.written == 0,
        _ => false,
    }
}
