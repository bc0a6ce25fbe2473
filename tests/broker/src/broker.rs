//! [`Broker`]: the handle of a running broker.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;

use crate::error::Error;
use crate::listener::Listener;
use crate::server::Server;
use crate::shared::{Locked, Shared};
use crate::timer;

/// A running cluster of one or more nodes. It stops when this is dropped.
///
/// The ids of nodes start at 1.
pub struct Broker {
    shared: Arc<Shared>,
    server: Server,
    timer: Option<JoinHandle<()>>,
}

impl Broker {
    pub(crate) fn new(shared: Arc<Shared>, server: Server) -> Result<Self, Error> {
        let timer = timer::start(Arc::clone(&shared)).map_err(Error::Thread)?;
        Ok(Self {
            shared,
            server,
            timer: Some(timer),
        })
    }

    pub(crate) fn lock(&self) -> Locked<'_> {
        self.shared.lock()
    }

    pub(crate) fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.shared)
    }

    pub(crate) fn server(&self) -> &Server {
        &self.server
    }

    pub(crate) fn accept(&self, node: i32, listener: usize, socket: TcpListener) -> io::Result<()> {
        self.server.accept(node, listener, socket)
    }

    /// The addresses of the first listener of all nodes, including stopped ones: `host:port`,
    /// separated by commas.
    pub fn bootstrap(&self) -> String {
        let listener = self.lock().listeners[0];
        self.bootstrap_of(listener)
    }

    /// The addresses of a listener of all nodes: `host:port`, separated by commas.
    ///
    /// # Panics
    /// If there is no such listener.
    #[track_caller]
    pub fn bootstrap_of(&self, listener: Listener) -> String {
        let ids = self.ids().into_iter();
        let addresses = ids.map(|id| self.address_of(id, listener).to_string());
        addresses.collect::<Vec<_>>().join(",")
    }

    /// The address of a node's first listener.
    ///
    /// # Panics
    /// If there is no such node.
    #[track_caller]
    pub fn address(&self, node: i32) -> SocketAddr {
        let listener = self.lock().listeners[0];
        self.address_of(node, listener)
    }

    /// The address of a listener of a node. It stays the same when the node is stopped and started.
    ///
    /// # Panics
    /// If there is no such node or listener.
    #[track_caller]
    pub fn address_of(&self, node: i32, listener: Listener) -> SocketAddr {
        let state = self.lock();
        let place = state.listeners.iter().position(|l| *l == listener);
        let node_of = state.nodes.get(&node);
        let address = node_of.and_then(|node| node.listeners.get(place?));
        match address {
            Some(address) => *address,
            None => panic!("there is no listener {listener} of a node {node}"),
        }
    }

    /// The ids of the nodes, including stopped ones.
    pub fn ids(&self) -> Vec<i32> {
        self.lock().nodes.keys().copied().collect()
    }

    /// The cluster id that the nodes report.
    pub fn cluster_id(&self) -> String {
        self.lock().cluster_id.clone()
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let mut state = self.lock();
        state.stopping = true;
        state.mark_changed();
        drop(state);
        self.server.stop(|_| true);
        if let Some(timer) = self.timer.take() {
            let _ = timer.join();
        }
    }
}

impl std::fmt::Debug for Broker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Broker")
            .field("bootstrap", &self.bootstrap())
            .finish_non_exhaustive()
    }
}
