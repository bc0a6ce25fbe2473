//! `Config`: the configuration of a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use libkafka_protocol::ApiKey;

use crate::address::Address;
use crate::bootstrap::{self, Security};
use crate::error::Error;
use crate::exchange::Observer;
use crate::learnt::Learnt;
#[cfg(feature = "dns")]
use crate::net::Srv;
#[cfg(feature = "tls")]
use crate::net::Tls;
use crate::net::{Connector, TcpConnector};
use crate::place::Phase;
use crate::sasl::{Sasl, SaslMechanism};

/// The configuration of a client, which [`Client::new`](crate::Client::new) takes.
///
/// Every limit has a finite default, which its method documents.
///
/// ```
/// use std::time::Duration;
/// use libkafka_client::Config;
///
/// let config = Config::new("kafka-1:9092,kafka-2:9092")
///     .client_id("billing")
///     .timeout(Duration::from_secs(10));
/// ```
#[derive(Clone)]
#[must_use]
pub struct Config {
    pub(crate) bootstrap: String,
    pub(crate) client_id: Option<String>,
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) max_idle: Duration,
    pub(crate) max_age: Duration,
    pub(crate) max_response_bytes: usize,
    pub(crate) max_in_flight: usize,
    pub(crate) honour_throttle: bool,
    pub(crate) strict_responses: bool,
    pub(crate) max_versions: Vec<(ApiKey, i16)>,
    pub(crate) connector: Arc<dyn Connector>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    #[cfg(feature = "tls")]
    pub(crate) tls: Option<Tls>,
    pub(crate) sasl: Option<Sasl>,
    pub(crate) learnt: Arc<Learnt>,
    #[cfg(feature = "dns")]
    pub(crate) srv: Option<Srv>,
}

impl Config {
    /// The default configuration for a cluster that can be reached through the `bootstrap`
    /// addresses: `host`, `host:port` or `[IPv6]:port`, separated by commas. Default port: 9092.
    /// One address that works is enough, since the client learns the other brokers from it.
    ///
    /// An address may have one of the schemes that Kafka's own tools print: `PLAINTEXT://`,
    /// `SSL://`, `SASL_PLAINTEXT://` or `SASL_SSL://`. A scheme enables nothing:
    /// [`Client::new`](crate::Client::new) refuses it if [`tls`](Self::tls) and
    /// [`sasl`](Self::sasl) are not set accordingly.
    pub fn new(bootstrap: impl Into<String>) -> Self {
        Self {
            bootstrap: bootstrap.into(),
            client_id: Some("libkafka".to_owned()),
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            max_idle: Duration::from_secs(9 * 60),
            max_age: Duration::from_secs(60 * 60),
            max_response_bytes: 100 * 1024 * 1024,
            max_in_flight: 5,
            honour_throttle: false,
            strict_responses: false,
            max_versions: Vec::new(),
            connector: Arc::new(TcpConnector::default()),
            observer: None,
            #[cfg(feature = "tls")]
            tls: None,
            sasl: None,
            learnt: Arc::default(),
            #[cfg(feature = "dns")]
            srv: None,
        }
    }

    /// The default configuration for a cluster whose brokers are found through DNS SRV records
    /// (feature `dns`). They are looked up when the client first connects, and again when a known
    /// broker cannot be reached.
    #[cfg(feature = "dns")]
    pub fn from_srv(srv: Srv) -> Self {
        Self {
            srv: Some(srv),
            ..Self::new("")
        }
    }

    /// Sets the name by which brokers know the client, in their logs, metrics and quotas. Default:
    /// `libkafka`.
    pub fn client_id(mut self, client_id: impl Into<String>) -> Self {
        self.client_id = Some(client_id.into());
        self
    }

    /// Sets the total time that a call may take: resolving, connecting, TLS, SASL, writing and
    /// reading. Default: 30 s. `within` overrides it temporarily. Only the system's resolver may
    /// take longer: see [`TcpConnector`].
    ///
    /// Time that a call asks the broker to wait is added to it: a fetch's maximum wait, or a
    /// group's rebalance timeout.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets how much of a call's time may be spent on opening a connection, including SASL.
    /// Default: 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets the idle time after which a connection is not used again. Default: 9 minutes, one less
    /// than brokers allow (`connections.max.idle.ms`).
    pub fn max_idle(mut self, max_idle: Duration) -> Self {
        self.max_idle = max_idle;
        self
    }

    /// Sets the age after which a connection is not used again, so that clients spread over brokers
    /// and addresses as these change. Default: one hour.
    pub fn max_age(mut self, max_age: Duration) -> Self {
        self.max_age = max_age;
        self
    }

    /// Sets the maximum size of a response, in bytes. Default: 100 MiB. A larger response is an
    /// error before memory is allocated for it.
    ///
    /// A decoded response takes more memory than its bytes: at worst 35 times as much if it is
    /// valid. At 64 times, decoding fails. Records take no more than their bytes. Until a broker
    /// has been authenticated, its responses are limited to 1 MiB.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// Sets how many requests may be in flight on a pipeline. Default: 5, which is also the most
    /// for which brokers recognise duplicates of an idempotent producer.
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.max_in_flight = requests;
        self
    }

    /// Sets whether a call waits, within its deadline, for as long as the broker asked the client
    /// to hold back (KIP-219). Default: false. Either way, every [`Exchange`](crate::Exchange)
    /// contains that time.
    pub fn honour_throttle(mut self, honour: bool) -> Self {
        self.honour_throttle = honour;
        self
    }

    /// Sets whether a response with faults that could be overlooked is an error: bytes after its
    /// end, and null arrays where the schema does not allow null. Brokers other than Apache Kafka
    /// send them. Default: false, which overlooks them as Kafka's own clients do. Every
    /// [`Exchange`](crate::Exchange) says how many there were.
    pub fn strict_responses(mut self, strict: bool) -> Self {
        self.strict_responses = strict;
        self
    }

    /// Limits the versions of an API to `version` and below, as if this client were an older one.
    /// For tests.
    pub fn max_version(mut self, api: ApiKey, version: i16) -> Self {
        self.max_versions.push((api, version));
        self
    }

    /// Connects through `connector` instead of plain TCP.
    pub fn connector(mut self, connector: impl Connector + 'static) -> Self {
        self.connector = Arc::new(connector);
        self
    }

    /// Reports every exchange to `observer`.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Uses TLS on every connection (feature `tls`).
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: impl Into<Tls>) -> Self {
        self.learnt = Arc::default();
        self.tls = Some(tls.into());
        self
    }

    /// Authenticates every connection.
    ///
    /// The credentials are sent to every address that the cluster's metadata names, not only to the
    /// bootstrap addresses: anyone who can forge metadata can have them sent elsewhere. Combine it
    /// with `Config::tls`, with which each broker first proves who it is. `Scram` does not send the
    /// password, but without TLS an eavesdropper can try to guess it.
    pub fn sasl(mut self, mechanism: impl SaslMechanism + 'static) -> Self {
        self.learnt = Arc::default();
        self.sasl = Some(Sasl(Arc::new(mechanism)));
        self
    }

    /// The bootstrap addresses.
    pub(crate) fn addresses(&self) -> Result<Vec<Address>, Error> {
        #[cfg(feature = "dns")]
        if let Some(srv) = &self.srv {
            return Ok(vec![srv_address(srv)]);
        }
        let security = Security {
            tls: self.has_tls(),
            sasl: self.sasl.is_some(),
        };
        bootstrap::parse(&self.bootstrap, security)
    }

    /// The SRV name to look up in order to connect to this address, if it is not that of a broker.
    #[cfg(feature = "dns")]
    pub(crate) fn srv_at(&self, address: &Address) -> Option<&Srv> {
        self.srv.as_ref().filter(|srv| *address == srv_address(srv))
    }

    /// The highest version of an API that may be used.
    pub(crate) fn max_version_of(&self, api: ApiKey) -> i16 {
        let limits = self.max_versions.iter().filter(|(key, _)| *key == api);
        limits
            .map(|&(_, version)| version)
            .min()
            .unwrap_or(i16::MAX)
    }

    /// Whether connections use TLS.
    pub(crate) fn has_tls(&self) -> bool {
        #[cfg(feature = "tls")]
        return self.tls.is_some();
        #[cfg(not(feature = "tls"))]
        return false;
    }

    /// Notes in an error whether the cluster was reached before.
    pub(crate) fn note_reached(&self, error: &mut Error) {
        if let Some(at) = error.at_mut() {
            let is_over_login = matches!(at.phase, Phase::Write | Phase::Read);
            at.reached_before = self.learnt.is_reached() || (self.sasl.is_some() && is_over_login);
        }
    }

    /// # Errors
    /// [`Error::Config`] if a value makes no sense.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let zero = |option| {
            Err(Error::Config {
                option,
                reason: "must be greater than zero".to_owned(),
            })
        };
        match self {
            _ if self.timeout.is_zero() => zero("timeout"),
            _ if self.connect_timeout.is_zero() => zero("connect_timeout"),
            _ if self.max_in_flight == 0 => zero("max_in_flight"),
            _ if self.max_response_bytes == 0 => zero("max_response_bytes"),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("bootstrap", &self.bootstrap)
            .field("client_id", &self.client_id)
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("max_idle", &self.max_idle)
            .field("max_age", &self.max_age)
            .field("max_response_bytes", &self.max_response_bytes)
            .field("max_in_flight", &self.max_in_flight)
            .field("honour_throttle", &self.honour_throttle)
            .field("strict_responses", &self.strict_responses)
            .field("max_versions", &self.max_versions)
            .field("sasl", &self.sasl)
            .finish_non_exhaustive()
    }
}

/// The address in place of those that an SRV name leads to: no broker has port 0.
#[cfg(feature = "dns")]
fn srv_address(srv: &Srv) -> Address {
    Address::new(srv.name(), 0)
}
