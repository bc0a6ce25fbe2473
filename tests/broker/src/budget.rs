//! [`Budget`]: limits the bytes that the broker holds for all clients together.

use std::collections::HashMap;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The most bytes of incoming requests and outgoing responses. Two of the largest requests fit,
/// with some room to spare.
const MOST: usize = 256 * 1024 * 1024;
/// What every connection may hold in addition, so that no small request is ever dropped.
const FREE: usize = 64 * 1024;

/// What clients make the broker hold for them: frames that arrive bit by bit, and responses that
/// they do not read. When it gets too much, the client that has not moved for longest is
/// disconnected.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    total: usize,
    /// Counts the moves of all connections.
    moves: u64,
    holders: HashMap<u64, Holder>,
    next: u64,
}

#[derive(Debug)]
struct Holder {
    bytes: usize,
    moved: u64,
    socket: Arc<TcpStream>,
}

/// What one connection makes the broker hold.
pub(crate) struct Share<'a> {
    budget: &'a Budget,
    id: u64,
}

impl Budget {
    /// A connection's share, which ends when this is dropped.
    pub(crate) fn share(&self, socket: Arc<TcpStream>) -> Share<'_> {
        let mut held = self.lock();
        let id = held.next;
        held.next += 1;
        let holder = Holder {
            bytes: 0,
            moved: held.moves,
            socket,
        };
        held.holders.insert(id, holder);
        Share { budget: self, id }
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Share<'_> {
    /// Notes that it now holds this many bytes, and has moved.
    pub(crate) fn hold(&self, bytes: usize) {
        let mut held = self.budget.lock();
        let bytes = if bytes > FREE { bytes } else { 0 };
        held.moves += 1;
        let moves = held.moves;
        let Some(holder) = held.holders.get_mut(&self.id) else {
            return;
        };
        let before = std::mem::replace(&mut holder.bytes, bytes);
        holder.moved = moves;
        held.total = held.total - before + bytes;
        while held.total > MOST && held.end_stalest(self.id) {}
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        self.hold(0);
        self.budget.lock().holders.remove(&self.id);
    }
}

impl Held {
    /// Closes the connection, other than `but`, that holds something and has not moved for longest.
    /// Returns false if there is none.
    fn end_stalest(&mut self, but: u64) -> bool {
        let others = self.holders.iter_mut().filter(|(id, _)| **id != but);
        let holding = others.filter(|(_, holder)| holder.bytes > 0);
        let Some((_, stalest)) = holding.min_by_key(|(_, holder)| holder.moved) else {
            return false;
        };
        let _ = stalest.socket.shutdown(Shutdown::Both);
        // Its thread is about to let go of that.
        self.total -= std::mem::take(&mut stalest.bytes);
        log::debug!("a connection that stands still is ended: others need the memory");
        true
    }
}
