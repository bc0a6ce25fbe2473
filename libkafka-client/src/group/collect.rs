//! Joining and syncing in two halves, so that other work continues meanwhile.

use bytes::Bytes;

use super::calls::{Group, Joined};
use super::half::{Half, HalfRequest};
use crate::cluster::Route;
use crate::error::Error;
use crate::net::{Interest, Waitable};

impl Group {
    /// The first half of [`join`](Self::join): begins to join, on a connection of its own, so that
    /// heartbeats and commits continue. [`collect_join`](Self::collect_join) is the second half. An
    /// earlier join or sync in progress is dropped.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use bytes::Bytes;
    /// # use libkafka_client::{Client, Config, Deadline, wait};
    /// # let client = Client::new(Config::new("localhost:9092"))?;
    /// let mut group = client.group("billing");
    /// group.send_join(&[("range", Bytes::from_static(b"my subscription"))], None)?;
    /// let joined = loop {
    ///     if let Some(joined) = group.collect_join()? {
    ///         break joined;
    ///     }
    ///     // Other things can be waited for, too.
    ///     wait(&[&group], Deadline::after(Duration::from_secs(1)))?;
    /// };
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The errors of looking up the coordinator, which is the only thing that this waits for.
    pub fn send_join(
        &mut self,
        protocols: &[(&str, Bytes)],
        reason: Option<&str>,
    ) -> Result<(), Error> {
        let request = self.join_request(protocols, reason);
        self.send_half(HalfRequest::Join(request))
    }

    /// The second half of [`join`](Self::join): continues as far as possible without waiting;
    /// `None` if it is not done, or was not begun. [`wait`](crate::wait) waits until there is more
    /// to do.
    ///
    /// # Errors
    /// See the [type](Self)'s description. The join is over then.
    pub fn collect_join(&mut self) -> Result<Option<Joined>, Error> {
        let Some(mut half) = self.half.take() else {
            return Ok(None);
        };
        loop {
            let HalfRequest::Join(request) = &half.request else {
                self.half = Some(half);
                return Ok(None);
            };
            let mut request = request.clone();
            let Some(answer) = half.advance(&request)? else {
                self.half = Some(half);
                return Ok(None);
            };
            if let Some(joined) = self.joined(&mut request, answer)? {
                return Ok(Some(joined));
            }
            half.again(HalfRequest::Join(request));
        }
    }

    /// The first half of [`sync`](Self::sync), as [`send_join`](Self::send_join) is of `join`.
    ///
    /// # Errors
    /// The errors of looking up the coordinator.
    pub fn send_sync(&mut self, assignments: &[(&str, Bytes)]) -> Result<(), Error> {
        let request = self.sync_request(assignments);
        self.send_half(HalfRequest::Sync(request))
    }

    /// The second half of [`sync`](Self::sync), as [`collect_join`](Self::collect_join) is of
    /// `join`.
    ///
    /// # Errors
    /// See the [type](Self)'s description. The sync is over then.
    pub fn collect_sync(&mut self) -> Result<Option<Bytes>, Error> {
        let Some(mut half) = self.half.take() else {
            return Ok(None);
        };
        let answer = match &half.request {
            HalfRequest::Sync(request) => {
                let request = request.clone();
                half.advance(&request)?
            }
            HalfRequest::Join(_) => None,
        };
        let Some(answer) = answer else {
            self.half = Some(half);
            return Ok(None);
        };
        answer.exchange.check(answer.response.error_code, None)?;
        Ok(Some(answer.response.assignment))
    }

    fn send_half(&mut self, request: HalfRequest) -> Result<(), Error> {
        let by = self.deadline_of_rebalance();
        let deadline = self.coordinator.client.deadline();
        let route = self.coordinator.find(deadline)?;
        let client = &self.coordinator.client;
        let Route::Broker(id) = route else {
            return Err(Error::NoBroker);
        };
        let Some(broker) = client.cluster.broker(id) else {
            return Err(Error::UnknownBroker { id });
        };
        let (config, broker) = (client.config.clone(), broker.clone());
        self.half = Some(Half::new(config, broker, request, by));
        Ok(())
    }
}

/// Waits for the join or sync in progress.
impl Waitable for Group {
    fn interest(&self) -> Interest<'_> {
        match &self.half {
            Some(half) => half.link.interest(),
            None => Interest::nothing(),
        }
    }
}
