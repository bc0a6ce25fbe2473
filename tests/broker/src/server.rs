//! [`Server`]: the threads: one that accepts connections for each listener, and one for each
//! connection.

use std::cell::Cell;
use std::collections::HashMap;
use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::connection;
use crate::peer::{ANONYMOUS, Peer};
use crate::sasl::Sasl;
use crate::shared::Shared;

/// The stack size of a connection's thread: it needs little, and there may be a thousand.
const STACK: usize = 512 * 1024;

/// The sockets and threads of a broker.
pub(crate) struct Server {
    shared: Arc<Shared>,
    tasks: Arc<Mutex<Tasks>>,
}

#[derive(Default)]
struct Tasks {
    acceptors: Vec<Acceptor>,
    connections: HashMap<u64, Connection>,
    /// Threads that have ended or are about to; the next one to start joins them.
    ended: Vec<JoinHandle<()>>,
    next: u64,
}

struct Acceptor {
    node: i32,
    address: SocketAddr,
    thread: JoinHandle<()>,
}

struct Connection {
    node: i32,
    stream: Arc<TcpStream>,
    /// `None` only while the thread is starting.
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            tasks: Arc::default(),
        }
    }

    /// Accepts connections to listener number `listener` of `node` from now on.
    pub(crate) fn accept(&self, node: i32, listener: usize, socket: TcpListener) -> io::Result<()> {
        let address = socket.local_addr()?;
        let (incarnation, asks) = self.incarnation(node, listener);
        let shared = Arc::clone(&self.shared);
        let tasks = Arc::clone(&self.tasks);
        let thread = thread::Builder::new()
            .name(format!("broker-{node}-accept"))
            .stack_size(STACK)
            .spawn(move || {
                let server = Server { shared, tasks };
                while server.alive(node, incarnation) {
                    match socket.accept() {
                        Ok((stream, from)) if server.alive(node, incarnation) => {
                            let socket = Arc::new(stream);
                            server.serve(Peer {
                                socket,
                                address: from,
                                node,
                                incarnation,
                                listener,
                                principal: ANONYMOUS.to_owned(),
                                session: None,
                                sasl: if asks { Sasl::Awaited } else { Sasl::NotAsked },
                                looked: Cell::default(),
                            });
                        }
                        Ok(_) => {}
                        // Out of files, perhaps; some client may go.
                        Err(error) => {
                            log::warn!("node {node} cannot accept: {error}");
                            thread::sleep(Duration::from_millis(10));
                        }
                    }
                }
            })?;
        lock(&self.tasks).acceptors.push(Acceptor {
            node,
            address,
            thread,
        });
        Ok(())
    }

    /// Stops the listeners and connections of the nodes for which `which` is true, and waits for
    /// their threads. The state already says that these nodes are not running.
    pub(crate) fn stop(&self, which: impl Fn(i32) -> bool) {
        let mut threads = Vec::new();
        let mut tasks = lock(&self.tasks);
        for acceptor in tasks.acceptors.extract_if(.., |a| which(a.node)) {
            // Wakes it, so that it sees what the state says.
            drop(TcpStream::connect_timeout(
                &acceptor.address,
                Duration::from_secs(1),
            ));
            threads.push(acceptor.thread);
        }
        drop(tasks);
        // None of these takes another connection after this.
        threads.into_iter().for_each(join);

        let mut tasks = lock(&self.tasks);
        let mut threads = std::mem::take(&mut tasks.ended);
        tasks.connections.retain(|_, connection| {
            let goes = which(connection.node);
            if goes {
                let _ = connection.stream.shutdown(Shutdown::Both);
                threads.extend(connection.thread.take());
            }
            !goes
        });
        drop(tasks);
        threads.into_iter().for_each(join);
    }

    /// The number of connections to a node.
    pub(crate) fn connections(&self, node: i32) -> usize {
        let tasks = lock(&self.tasks);
        let connections = tasks.connections.values();
        connections
            .filter(|connection| connection.node == node)
            .count()
    }

    /// Closes the connections to a node.
    pub(crate) fn close_connections(&self, node: i32) {
        let tasks = lock(&self.tasks);
        let connections = tasks.connections.values();
        for connection in connections.filter(|connection| connection.node == node) {
            let _ = connection.stream.shutdown(Shutdown::Both);
        }
    }

    fn serve(&self, mut peer: Peer) {
        let stream = Arc::clone(&peer.socket);
        let mut tasks = lock(&self.tasks);
        let ended = std::mem::take(&mut tasks.ended);
        let id = tasks.next;
        tasks.next += 1;
        tasks.connections.insert(
            id,
            Connection {
                node: peer.node,
                stream: Arc::clone(&stream),
                thread: None,
            },
        );
        let shared = Arc::clone(&self.shared);
        let theirs = Arc::clone(&self.tasks);
        let spawned = thread::Builder::new()
            .name(format!("broker-{}-serve", peer.node))
            .stack_size(STACK)
            .spawn(move || {
                let _ending = Ending { tasks: theirs, id };
                connection::serve(&shared, stream, &mut peer);
            });
        match spawned {
            Ok(thread) => {
                if let Some(connection) = tasks.connections.get_mut(&id) {
                    connection.thread = Some(thread);
                }
            }
            Err(error) => {
                log::warn!("no thread for another connection: {error}");
                tasks.connections.remove(&id);
            }
        }
        drop(tasks);
        ended.into_iter().for_each(join);
    }

    /// How often a node has been started, and whether this listener of it requires authentication.
    fn incarnation(&self, node: i32, listener: usize) -> (u64, bool) {
        let state = self.shared.lock();
        let incarnation = state.nodes.get(&node).map_or(0, |node| node.incarnation);
        let asks = state.listeners.get(listener).is_some_and(|l| l.is_sasl());
        (incarnation, asks)
    }

    fn alive(&self, node: i32, incarnation: u64) -> bool {
        self.shared.lock().is_alive(node, incarnation)
    }
}

/// Removes a connection from the table when its thread ends, even by a panic: the table also holds
/// its socket, which stays open until then.
struct Ending {
    tasks: Arc<Mutex<Tasks>>,
    id: u64,
}

impl Drop for Ending {
    fn drop(&mut self) {
        let mut tasks = lock(&self.tasks);
        if let Some(connection) = tasks.connections.remove(&self.id) {
            tasks.ended.extend(connection.thread);
        }
    }
}

fn lock(tasks: &Mutex<Tasks>) -> MutexGuard<'_, Tasks> {
    tasks.lock().unwrap_or_else(PoisonError::into_inner)
}

fn join(thread: JoinHandle<()>) {
    // A thread that ended in a panic has printed it.
    let _ = thread.join();
}
