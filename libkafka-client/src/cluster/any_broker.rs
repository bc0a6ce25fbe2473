//! `AnyBroker`: requests to whichever broker answers, of which no call waits.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use libkafka_protocol::messages::MetadataResponse;
use libkafka_protocol::{Request, Response, Versions};

use super::client::Client;
use crate::broker::Broker;
use crate::connection::Link;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;
use crate::net::{Interest, Waitable};

/// The most time that one broker gets, so that there is some left for others.
const SHARE: Duration = Duration::from_secs(5);

/// A connection to any broker, for what all of them know: one request at a time. When a broker
/// does not answer, the next request goes to another one.
pub(crate) struct AnyBroker {
    link: Option<Link>,
    /// Those that have not been tried since one answered.
    untried: VecDeque<Arc<Broker>>,
    /// By when the request at hand has to be answered.
    due: Option<Deadline>,
}

impl AnyBroker {
    pub(crate) fn new() -> Self {
        Self {
            link: None,
            untried: VecDeque::new(),
            due: None,
        }
    }

    /// Whether the next request goes to a broker that has not failed since one answered.
    pub(crate) fn has_untried(&self) -> bool {
        !self.untried.is_empty()
    }

    /// Sends a request in one of these versions. False if it cannot be sent yet: to be called
    /// again.
    ///
    /// # Errors
    /// Of connecting and of sending. The next call turns to another broker.
    pub(crate) fn send<R: Request>(
        &mut self,
        client: &Client,
        versions: Versions,
        request: &R,
    ) -> Result<bool, Error> {
        let due = *self.due.get_or_insert_with(|| {
            let share = SHARE.min(client.config.timeout);
            Deadline::after(share)
        });
        let sent = self.try_send(client, versions, request, due);
        self.check(sent)
    }

    fn try_send<R: Request>(
        &mut self,
        client: &Client,
        versions: Versions,
        request: &R,
        due: Deadline,
    ) -> Result<bool, Error> {
        let link = match &mut self.link {
            Some(link) => link,
            None => {
                if self.untried.is_empty() {
                    self.untried = client.candidates(None).into();
                }
                let broker = self.untried.pop_front().ok_or(Error::NoBroker)?;
                let config = Arc::clone(&client.config);
                self.link.insert(Link::new(config, broker, R::API_KEY))
            }
        };
        link.open();
        if !link.advance()? {
            return match due.is_past() {
                true => Err(Error::Timeout { at: link.place() }),
                false => Ok(false),
            };
        }
        match link.version::<R>(versions)? {
            Some(version) => link.send(request, version, true, due),
            None => Ok(false),
        }
    }

    /// The response to the request that was sent; none if it has not come.
    ///
    /// # Errors
    /// [`Error::Timeout`] if it is overdue; whatever ends the connection. The next request turns
    /// to another broker.
    pub(crate) fn receive<R: Response>(&mut self) -> Result<Option<Answer<R>>, Error> {
        let Some(link) = &mut self.link else {
            return Ok(None);
        };
        let received = link.advance().and_then(|_| link.receive::<R>());
        let received = self.check(received)?;
        if received.is_some() {
            self.due = None;
            self.untried.clear();
        }
        Ok(received)
    }

    /// Turns to another broker with the next request: this one answered that it cannot help.
    pub(crate) fn pass_over(&mut self) {
        self.link = None;
        self.due = None;
    }

    fn check<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        if result.is_err() {
            self.pass_over();
        }
        result
    }

    /// What has to happen before the request at hand can go on.
    pub(crate) fn interest(&self) -> Interest<'_> {
        let Some(link) = &self.link else {
            return Interest::nothing();
        };
        match self.due {
            Some(due) => link.interest().or_at(due.instant()),
            None => link.interest(),
        }
    }
}

impl Client {
    /// Learns the brokers from a response to Metadata that came otherwise than by a call.
    pub(crate) fn learn_brokers(&mut self, response: &MetadataResponse) {
        self.cluster.update(response);
        self.identify_connections();
    }

    /// Whether brokers have to be looked up by a call before any can be reached.
    pub(crate) fn is_without_address(&self) -> bool {
        #[cfg(feature = "dns")]
        return self.config.srv.is_some() && self.cluster.brokers().len() == 0;
        #[cfg(not(feature = "dns"))]
        return false;
    }

    /// What is known of a broker.
    pub(crate) fn known_broker(&self, id: i32) -> Option<&Arc<Broker>> {
        self.cluster.broker(id)
    }
}
