//! `Stop`: tells the threads that work for a producer or a consumer to return.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::interest::Interest;
use super::wait::Waitable;
use super::waker::Waker;

/// Tells threads to return that were given to a producer or a consumer with `work`.
///
/// Clones are the same `Stop`. Once stopped, it stays stopped.
///
/// ```
/// use libkafka_client::Stop;
///
/// let stop = Stop::new()?;
/// std::thread::scope(|scope| {
///     scope.spawn(|| while !stop.is_stopped() { std::thread::yield_now() });
///     stop.stop();
/// });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Stop(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    stopped: AtomicBool,
    waker: Waker,
}

impl Stop {
    /// A `Stop` that has not been stopped. It keeps two sockets, connected to each other.
    ///
    /// # Errors
    /// Errors of the system, such as too many open files.
    pub fn new() -> io::Result<Self> {
        Ok(Self(Arc::new(Inner {
            stopped: AtomicBool::new(false),
            waker: Waker::new()?,
        })))
    }

    /// Tells the threads to return, including those that are waiting. On Unix, a signal handler may
    /// call it.
    pub fn stop(&self) {
        self.0.stopped.store(true, Ordering::Release);
        self.0.waker.wake();
    }

    /// Whether [`stop`](Self::stop) was called.
    pub fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::Acquire)
    }

    /// Whether one is a clone of the other.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// It can continue once it is stopped, and always from then on.
impl Waitable for Stop {
    fn interest(&self) -> Interest<'_> {
        match self.is_stopped() {
            true => Interest::now(),
            false => self.0.waker.interest(),
        }
    }
}
