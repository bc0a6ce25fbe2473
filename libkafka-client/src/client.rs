//! Calls to a cluster, each to the broker that it has to go to.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use libkafka_protocol::messages::MetadataResponse;
use libkafka_protocol::{ApiKey, BrokerKind, ErrorCode, Request, Response, Versions};

use crate::cluster::Cluster;
use crate::connection::Connection;
#[cfg(feature = "dns")]
use crate::connection::io_error;
use crate::route::{Route, Target};
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
    /// many such calls keeps what [`broker_of`](Self::broker_of)
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

    /// The id of the broker that a target stands for: asked for, where it is a leader or a
    /// coordinator.
    ///
    /// # Errors
    /// [`Error::Broker`] with [`ErrorCode::COORDINATOR_NOT_AVAILABLE`] while there is none; as
    /// [`leader`](Self::leader); and as [`call`](Self::call).
    pub fn broker_of(&mut self, target: Target<'_>) -> Result<i32, Error> {
        let deadline = self.deadline();
        if let Route::Broker(id) = self.route(target, deadline)? {
            return Ok(id);
        }
        // Any will do: one that is there.
        self.metadata_by(Some(&[]), deadline)?;
        let (i, _) = self.connect(Route::Any, ApiKey::METADATA, deadline)?;
        let id = self.connections[i].broker.id;
        id.or_else(|| self.cluster.brokers().next().and_then(|b| b.id))
            .ok_or(Error::UnknownBroker { id: -1 })
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
        self.cluster.brokers().map(|broker| &**broker)
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
        #[cfg(feature = "dns")]
        self.look_up(api, deadline)?;
        let candidates = self.cluster.candidates();
        let mut result = Err(Error::UnknownBroker { id: -1 });
        for (i, broker) in candidates.iter().enumerate() {
            let share = deadline.share(candidates.len() - i);
            result = self.connect_to(broker, api, share);
            if result.is_ok() || deadline.is_past() {
                break;
            }
        }
        result
    }

    /// Asks for the bootstrap addresses where an SRV name stands for them. That no connection is
    /// open is reason enough to ask again.
    #[cfg(feature = "dns")]
    fn look_up(&mut self, api: ApiKey, deadline: Deadline) -> Result<(), Error> {
        let Some(srv) = &self.config.srv else {
            return Ok(());
        };
        match srv.look_up(deadline.at_most(self.config.connect_timeout)) {
            Ok(addresses) => self.cluster.set_bootstrap(addresses),
            // The brokers that are known may do.
            Err(_) if self.cluster.brokers().len() > 0 => {}
            Err(source) => {
                let broker = &self.cluster.candidates()[0];
                let at = At::before(api, Phase::Resolve, broker);
                return Err(io_error(Box::new(at), source));
            }
        }
        Ok(())
    }

    /// The error that an error code in the last response is.
    pub(crate) fn refusal(&self, code: ErrorCode, message: Option<String>) -> Error {
        Error::refusal(self.at_last(), code, message)
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
            None => At::before(
                ApiKey::METADATA,
                Phase::Connect,
                &self.cluster.candidates()[0],
            ),
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

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("bootstrap", &self.config.bootstrap)
            .field("connections", &self.connections.len())
            .finish_non_exhaustive()
    }
}
