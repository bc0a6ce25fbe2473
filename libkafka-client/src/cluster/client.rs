//! `Client`: the state of a client, and its basic methods.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use libkafka_protocol::ApiKey;

use super::brokers::Cluster;
use crate::broker::Broker;
use crate::call_time::CallTime;
use crate::config::Config;
use crate::connection::{Connection, Link};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Exchange;
use crate::retryable::Retryable;
use crate::within::Within;

/// A client of one cluster. Everything it does happens within a call, in the caller's thread.
/// Dropping it closes its connections without waiting.
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
    /// Connections for requests to many brokers at once.
    pub(super) links: BTreeMap<(i32, ApiKey), Link>,
    pub(crate) last: Option<Exchange>,
    call_time: CallTime,
    /// The broker that last said where a request must go.
    pub(super) told_by: Option<i32>,
    /// That broker, after its answer turned out to be wrong: it is avoided when asking again.
    pub(super) doubted: Option<i32>,
}

impl Client {
    /// Makes a client. It connects on the first call.
    ///
    /// # Errors
    /// [`Error::Bootstrap`] and [`Error::Config`] if the configuration makes no sense.
    pub fn new(config: Config) -> Result<Self, Error> {
        config.check()?;
        let cluster = Cluster::new(config.addresses()?);
        Ok(Self {
            config: Arc::new(config),
            cluster,
            connections: Vec::new(),
            links: BTreeMap::new(),
            last: None,
            call_time: CallTime::default(),
            told_by: None,
            doubted: None,
        })
    }

    /// Overrides [`Config::timeout`] for the calls on the returned value.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use libkafka_client::{Client, Config};
    /// # let mut client = Client::new(Config::new("localhost:9092"))?;
    /// let metadata = client.within(Duration::from_secs(1)).all_metadata()?;
    /// # Ok::<(), libkafka_client::Error>(())
    /// ```
    pub fn within(&mut self, timeout: Duration) -> Within<'_, Self> {
        Within::new(self, timeout)
    }

    /// The brokers of the last metadata; none until the client has needed them.
    pub fn brokers(&self) -> impl Iterator<Item = &Broker> {
        self.cluster.brokers().map(|broker| &**broker)
    }

    /// The last exchange with a broker that ended.
    pub fn last_exchange(&self) -> Option<&Exchange> {
        self.last.as_ref()
    }

    /// A client with the same configuration and knowledge, but without connections.
    pub(crate) fn fork(&self) -> Self {
        Self {
            config: Arc::clone(&self.config),
            cluster: self.cluster.clone(),
            connections: Vec::new(),
            links: BTreeMap::new(),
            last: None,
            call_time: CallTime::default(),
            told_by: self.told_by,
            doubted: None,
        }
    }

    /// The deadline of a call that begins now.
    pub(crate) fn deadline(&self) -> Deadline {
        self.deadline_and(Duration::ZERO)
    }

    /// Like [`deadline`](Self::deadline), plus the time that the broker is asked to wait.
    pub(crate) fn deadline_and(&self, wait: Duration) -> Deadline {
        self.call_time.begin(self.config.timeout, wait)
    }
}

impl Retryable for Client {
    fn refresh(&mut self) -> Result<(), Error> {
        self.broker_metadata().map(drop)
    }

    fn call_time(&mut self) -> &mut CallTime {
        &mut self.call_time
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
