//! [`Builder`]: the settings of a broker to start.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;

use crate::broker::Broker;
use crate::error::Error;
use crate::listener::Listener;
use crate::release::Release;
use crate::sasl::Users;
use crate::server::Server;
use crate::shared::Shared;
use crate::state::{
    Authorizer, BrokerConfigs, Node, State, check_at_start, check_topic_name, derived_uuid,
};

/// The settings of a broker to start; made by [`Broker::builder`].
#[derive(Debug, Clone)]
#[must_use]
pub struct Builder {
    nodes: i32,
    listen: SocketAddr,
    host: Option<String>,
    cluster_id: Option<String>,
    racks: BTreeMap<i32, String>,
    topics: Vec<(String, i32)>,
    configs: BTreeMap<String, String>,
    release: Option<Release>,
    listeners: Vec<Listener>,
    users: BTreeMap<String, String>,
    #[cfg(feature = "tls")]
    tls: Option<crate::tls::Tls>,
}

/// Turns off what brokers do only to wait for others.
const NO_WAITS: &[(&str, &str)] = &[
    ("group.consumer.assignment.interval.ms", "0"),
    ("group.initial.rebalance.delay.ms", "0"),
];

/// Starting.
impl Broker {
    /// Makes a builder with the default settings.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// Starts a broker with one node on a free port of the loopback interface.
    ///
    /// # Errors
    /// If it cannot listen or start a thread.
    pub fn start() -> Result<Broker, Error> {
        Builder::new().start()
    }
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            nodes: 1,
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            host: None,
            cluster_id: None,
            racks: BTreeMap::new(),
            topics: Vec::new(),
            configs: BTreeMap::new(),
            release: None,
            listeners: Vec::new(),
            users: BTreeMap::new(),
            #[cfg(feature = "tls")]
            tls: None,
        }
    }

    /// Sets the number of nodes in the cluster. Their ids start at 1. Default: 1.
    pub fn nodes(mut self, nodes: i32) -> Self {
        self.nodes = nodes;
        self
    }

    /// Sets the rack that a node reports. Default: none.
    pub fn rack(mut self, node: i32, rack: impl Into<String>) -> Self {
        self.racks.insert(node, rack.into());
        self
    }

    /// Adds a topic to start with. It has a replica on every node, up to three.
    pub fn topic(mut self, name: impl Into<String>, partitions: i32) -> Self {
        self.topics.push((name.into(), partitions));
        self
    }

    /// Adds a listener of this kind to every node. The first one is that of [`Broker::bootstrap`].
    /// Default: [`Listener::Plaintext`].
    pub fn listener(mut self, listener: Listener) -> Self {
        self.listeners.push(listener);
        self
    }

    /// Adds a user that may authenticate with SASL PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512. With
    /// OAUTHBEARER anyone may authenticate, with an unsecured token that names the user.
    pub fn user(mut self, name: impl Into<String>, password: impl Into<String>) -> Self {
        self.users.insert(name.into(), password.into());
        self
    }

    /// Sets the certificate that listeners with TLS show, and the ones that they ask for.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: crate::tls::Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Sets the address of the first node; each further node, and each further listener, uses the
    /// next port. Default: any free port (port 0) of the loopback interface.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Sets the host at which clients are told to find the nodes, such as the name of a container.
    /// Default: the address of [`listen`](Self::listen).
    pub fn advertise(mut self, host: impl Into<String>) -> Self {
        self.host = Some(host.into());
        self
    }

    /// Sets the id of the cluster. The ids of [topics](Self::topic) are derived from it and their
    /// names, so that a broker that is started again is the same to its clients. Default: derived
    /// from the address of [`listen`](Self::listen), or random if that has port 0.
    pub fn cluster_id(mut self, id: impl Into<String>) -> Self {
        self.cluster_id = Some(id.into());
        self
    }

    /// Sets a configuration of the brokers by Kafka's name, such as `auto.create.topics.enable`
    /// (default: true) or `num.partitions`. Those that have no meaning for a broker in memory are
    /// stored and shown, but have no effect.
    pub fn config(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.configs.insert(name.into(), value.into());
        self
    }

    /// Limits the versions to those of an older release, such as [`KAFKA_2_8`](crate::KAFKA_2_8).
    pub fn max_versions(mut self, release: Release) -> Self {
        self.release = Some(release);
        self
    }

    /// Starts the broker.
    ///
    /// # Errors
    /// [`Error::Settings`] if there can be no such cluster, [`Error::Listen`] if an address is in
    /// use, and [`Error::Thread`] if the system cannot start a thread.
    pub fn start(self) -> Result<Broker, Error> {
        self.check()?;
        let mut nodes = BTreeMap::new();
        let mut sockets = Vec::new();
        let mut port = self.listen.port();
        let listeners = match &self.listeners[..] {
            [] => vec![Listener::Plaintext],
            listeners => listeners.to_vec(),
        };
        for id in 1..=self.nodes {
            let mut addresses = Vec::new();
            for listener in 0..listeners.len() {
                let socket = bind(SocketAddr::new(self.listen.ip(), port))?;
                addresses.push(socket.local_addr().map_err(Error::Thread)?);
                sockets.push((id, listener, socket));
                if port != 0 {
                    port = port.checked_add(1).ok_or_else(|| {
                        Error::Settings(
                            "there are not enough ports after that of the address".to_owned(),
                        )
                    })?;
                }
            }
            nodes.insert(
                id,
                Node {
                    id,
                    rack: self.racks.get(&id).cloned(),
                    listeners: addresses,
                    host: self.host.clone(),
                    running: true,
                    incarnation: 0,
                },
            );
        }
        let mut configs = self.configs;
        for (name, value) in NO_WAITS {
            let configured = configs.entry((*name).to_owned());
            configured.or_insert_with(|| (*value).to_owned());
        }
        let mut state = State::new(BrokerConfigs::new(configs), nodes);
        if let Some(id) = self.cluster_id {
            state.cluster_id = id;
        } else if self.listen.port() != 0 {
            state.cluster_id = derived_uuid(&["cluster", &self.listen.to_string()]).to_string();
        }
        state.release = self.release;
        state.listeners = listeners;
        if state
            .configs
            .get("authorizer.class.name")
            .is_some_and(|class| !class.is_empty())
        {
            let super_users = state.configs.get("super.users").unwrap_or_default();
            let allows_without = state.configs.flag("allow.everyone.if.no.acl.found", false);
            state.authorizer = Some(Authorizer::new(super_users, allows_without));
        }
        let mut users = Users::default();
        for (name, password) in &self.users {
            users.add(name, password);
        }
        state.users = Arc::new(users);
        #[cfg(feature = "tls")]
        {
            state.tls = self.tls;
        }
        for (name, partitions) in &self.topics {
            let replicas = state.assign(*partitions as usize, 3);
            let id = derived_uuid(&["topic", &state.cluster_id, name]);
            state.create_topic_as(id, name, replicas, BTreeMap::new());
        }
        let shared = Arc::new(Shared::new(state));
        let server = Server::new(Arc::clone(&shared));
        let broker = Broker::new(shared, server)?;
        for (id, listener, socket) in sockets {
            broker.accept(id, listener, socket).map_err(Error::Thread)?;
        }
        Ok(broker)
    }

    fn check(&self) -> Result<(), Error> {
        if self.nodes < 1 {
            return Err(Error::Settings(format!(
                "{} nodes; there must be at least one",
                self.nodes
            )));
        }
        let is_node = |id: &&i32| (1..=self.nodes).contains(*id);
        if let Some(id) = self.racks.keys().find(|id| !is_node(id)) {
            return Err(Error::Settings(format!(
                "a rack for node {id}, which does not exist"
            )));
        }
        #[cfg(feature = "tls")]
        let has_tls = self.tls.is_some();
        #[cfg(not(feature = "tls"))]
        let has_tls = false;
        for listener in &self.listeners {
            if listener.is_tls() && !has_tls {
                return Err(Error::Settings(format!("{listener} without a certificate")));
            }
            if listener.is_sasl() && self.users.is_empty() {
                return Err(Error::Settings(format!("{listener} without a user")));
            }
        }
        for (name, value) in &self.configs {
            check_at_start(name, value).map_err(Error::Settings)?;
        }
        for (name, partitions) in &self.topics {
            check_topic_name(name).map_err(Error::Settings)?;
            if *partitions < 1 {
                return Err(Error::Settings(format!(
                    "topic {name} with {partitions} partitions"
                )));
            }
        }
        Ok(())
    }
}

fn bind(address: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(address).map_err(|source| Error::Listen { address, source })
}
