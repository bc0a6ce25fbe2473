//! Requests and sockets of this process.

use std::fs;
use std::sync::Mutex;

use libkafka_client::protocol::ApiKey;
use libkafka_client::{Error, Exchange, Observer};

/// Open sockets.
pub(crate) fn sockets() -> usize {
    let open = fs::read_dir("/proc/self/fd").expect("Linux");
    let links = open.filter_map(|fd| fs::read_link(fd.ok()?.path()).ok());
    links
        .filter(|link| link.to_string_lossy().starts_with("socket:"))
        .count()
}

/// Counts exchanges by API.
#[derive(Default)]
pub(crate) struct Count(Mutex<Vec<(ApiKey, usize)>>);

impl Count {
    pub(crate) fn of(&self, api: ApiKey) -> usize {
        let counts = self.0.lock().expect("no panic");
        counts
            .iter()
            .find(|(key, _)| *key == api)
            .map_or(0, |(_, n)| *n)
    }
}

impl Observer for Count {
    fn exchange(&self, exchange: &Exchange, _: Option<&Error>) {
        let mut counts = self.0.lock().expect("no panic");
        match counts.iter_mut().find(|(key, _)| *key == exchange.api_key) {
            Some((_, n)) => *n += 1,
            None => counts.push((exchange.api_key, 1)),
        }
    }
}
