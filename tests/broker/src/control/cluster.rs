//! Control of nodes, leaders and coordinators.

use std::net::TcpListener;

use super::check::{check_node, partition_of};
use crate::broker::Broker;
use crate::error::Error;

/// Nodes, leaders and coordinators.
impl Broker {
    /// The node that leads a partition, if there is one.
    ///
    /// # Panics
    /// If there is no such partition.
    #[track_caller]
    pub fn leader(&self, topic: &str, partition: i32) -> Option<i32> {
        partition_of(&mut self.lock(), topic, partition).leader
    }

    /// The leader epoch of a partition: how often its leader has changed.
    ///
    /// # Panics
    /// If there is no such partition.
    #[track_caller]
    pub fn leader_epoch(&self, topic: &str, partition: i32) -> i32 {
        partition_of(&mut self.lock(), topic, partition).leader_epoch
    }

    /// Makes a node the leader of a partition, and a replica of it if it was not one.
    ///
    /// # Panics
    /// If there is no such partition or node.
    #[track_caller]
    pub fn move_leader(&self, topic: &str, partition: i32, node: i32) {
        let mut state = self.lock();
        check_node(&state, node);
        let partition = partition_of(&mut state, topic, partition);
        for list in [&mut partition.replicas, &mut partition.isr] {
            if !list.contains(&node) {
                list.push(node);
            }
        }
        partition.lead_by(Some(node));
        state.mark_changed();
    }

    /// Removes the leader of a partition, until one is [moved](Self::move_leader) there.
    ///
    /// # Panics
    /// If there is no such partition.
    #[track_caller]
    pub fn remove_leader(&self, topic: &str, partition: i32) {
        let mut state = self.lock();
        partition_of(&mut state, topic, partition).lead_by(None);
        state.mark_changed();
    }

    /// Sets which replicas of a partition are in sync.
    ///
    /// # Panics
    /// If there is no such partition or node.
    #[track_caller]
    pub fn set_in_sync(&self, topic: &str, partition: i32, nodes: &[i32]) {
        let mut state = self.lock();
        nodes.iter().for_each(|node| check_node(&state, *node));
        partition_of(&mut state, topic, partition).isr = nodes.to_vec();
        state.mark_changed();
    }

    /// Makes a node the coordinator of the group or transactional id with this name.
    ///
    /// # Panics
    /// If there is no such node.
    #[track_caller]
    pub fn set_coordinator(&self, name: &str, node: i32) {
        let mut state = self.lock();
        check_node(&state, node);
        state.coordinators.insert(name.to_owned(), node);
        state.mark_changed();
    }

    /// Stops a node: its connections are closed, nothing listens at its address, and other nodes
    /// take over its partitions if they can.
    ///
    /// # Panics
    /// If there is no such node.
    #[track_caller]
    pub fn stop_node(&self, node: i32) {
        let mut state = self.lock();
        check_node(&state, node);
        state.node_stopped(node);
        drop(state);
        self.server().stop(|id| id == node);
    }

    /// Starts a stopped node again, at the same address.
    ///
    /// # Errors
    /// [`Error::Listen`] if the address is in use by something else.
    ///
    /// # Panics
    /// If there is no such node.
    #[track_caller]
    pub fn start_node(&self, node: i32) -> Result<(), Error> {
        let mut state = self.lock();
        check_node(&state, node);
        if state.nodes[&node].running {
            return Ok(());
        }
        let addresses = state.nodes[&node].listeners.clone();
        let mut sockets = Vec::new();
        for address in addresses {
            let socket = TcpListener::bind(address);
            sockets.push(socket.map_err(|source| Error::Listen { address, source })?);
        }
        state.node_started(node);
        drop(state);
        for (listener, socket) in sockets.into_iter().enumerate() {
            self.accept(node, listener, socket).map_err(Error::Thread)?;
        }
        Ok(())
    }

    /// The number of connections from clients to a node.
    ///
    /// # Panics
    /// If there is no such node.
    #[track_caller]
    pub fn connections(&self, node: i32) -> usize {
        check_node(&self.lock(), node);
        self.server().connections(node)
    }

    /// Closes all connections from clients to a node, which still accepts new ones.
    ///
    /// # Panics
    /// If there is no such node.
    #[track_caller]
    pub fn close_connections(&self, node: i32) {
        check_node(&self.lock(), node);
        self.server().close_connections(node);
    }
}
