//! Says what kind of broker to start.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;

use crate::server::Server;
use crate::shared::Shared;
use crate::state::{Configs, Node, State, check_topic_name};
use crate::{Broker, Error, Release};

/// What kind of broker to start; made by [`Broker::builder`].
#[derive(Debug, Clone)]
#[must_use]
pub struct Builder {
    nodes: i32,
    listen: SocketAddr,
    topics: Vec<(String, i32)>,
    configs: BTreeMap<String, String>,
    release: Option<Release>,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            nodes: 1,
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            topics: Vec::new(),
            configs: BTreeMap::new(),
            release: None,
        }
    }

    /// How many nodes the cluster has; 1 unless told. Their ids start at 1.
    pub fn nodes(mut self, nodes: i32) -> Self {
        self.nodes = nodes;
        self
    }

    /// A topic to start with. It has a copy on every node, up to three.
    pub fn topic(mut self, name: impl Into<String>, partitions: i32) -> Self {
        self.topics.push((name.into(), partitions));
        self
    }

    /// Where the first node listens; each further one listens on the next port. Port 0, on the
    /// loopback interface, unless told: any that is free.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// A configuration of the brokers by Kafka's name, such as `auto.create.topics.enable` (true
    /// unless told) or `num.partitions`. Those that mean nothing to a broker in memory are kept
    /// and shown, and have no effect.
    pub fn config(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.configs.insert(name.into(), value.into());
        self
    }

    /// Speaks what the broker of an older release spoke, such as [`KAFKA_2_8`](crate::KAFKA_2_8).
    pub fn max_versions(mut self, release: Release) -> Self {
        self.release = Some(release);
        self
    }

    /// Starts it.
    ///
    /// # Errors
    /// [`Error::Settings`] for a cluster that cannot be, [`Error::Listen`] where an address is
    /// taken, [`Error::Thread`] where the system has no thread.
    pub fn start(self) -> Result<Broker, Error> {
        self.check()?;
        let mut nodes = BTreeMap::new();
        let mut sockets = Vec::new();
        for id in 1..=self.nodes {
            let socket = self.bind(id)?;
            let address = socket.local_addr().map_err(Error::Thread)?;
            nodes.insert(
                id,
                Node {
                    id,
                    rack: None,
                    listeners: vec![address],
                    running: true,
                    life: 0,
                },
            );
            sockets.push((id, socket));
        }
        let mut state = State::new(Configs::of_broker(self.configs), nodes);
        state.release = self.release;
        for (name, partitions) in &self.topics {
            let replicas = state.assign(*partitions as usize, 3);
            state.create_topic(name, replicas, BTreeMap::new());
        }
        let shared = Arc::new(Shared::new(state));
        let server = Server::new(Arc::clone(&shared));
        let broker = Broker::new(shared, server)?;
        for (id, socket) in sockets {
            broker.accept(id, 0, socket).map_err(Error::Thread)?;
        }
        Ok(broker)
    }

    fn check(&self) -> Result<(), Error> {
        if self.nodes < 1 {
            return Err(Error::Settings(format!("{} nodes", self.nodes)));
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

    fn bind(&self, id: i32) -> Result<TcpListener, Error> {
        let mut address = self.listen;
        if address.port() != 0 {
            let port = i32::from(address.port()) + id - 1;
            let port = u16::try_from(port)
                .map_err(|_| Error::Settings(format!("node {id} on port {port}")))?;
            address.set_port(port);
        }
        TcpListener::bind(address).map_err(|source| Error::Listen { address, source })
    }
}
