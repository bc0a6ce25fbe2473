//! `start`: the thread that does what becomes due when no request arrives.

use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::shared::Shared;

/// Starts the thread. It ends when the broker does.
pub(crate) fn start(shared: Arc<Shared>) -> io::Result<JoinHandle<()>> {
    let thread = thread::Builder::new().name("broker-timer".to_owned());
    thread.spawn(move || {
        let mut state = shared.lock();
        while !state.stopping {
            let next = state.expire();
            let left = match next {
                Some(next) if !state.clock.is_frozen() => {
                    next.saturating_sub(state.clock.now()) + Duration::from_micros(50)
                }
                _ => Duration::MAX,
            };
            state.wait_at_most(left);
        }
    })
}
