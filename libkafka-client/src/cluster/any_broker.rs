//! `AnyBroker`: calls to whichever broker answers, none of which waits.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use libkafka_protocol::messages::MetadataResponse;
use libkafka_protocol::{Request, Versions};

use super::broker_call::BrokerCall;
use super::client::Client;
use crate::broker::Broker;
use crate::connection::Link;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;

/// The most time for one broker, so that some is left for the others.
const SHARE: Duration = Duration::from_secs(5);

/// Calls to whichever broker answers, for information that all of them have: one at a time, over a
/// connection that is kept. If a broker does not answer, the next call goes to another one.
#[derive(Default)]
pub(crate) struct AnyBroker {
    /// The connection to the broker that last answered.
    link: Option<Link>,
    /// Brokers that have not been tried since one last answered.
    untried: VecDeque<Arc<Broker>>,
}

impl AnyBroker {
    /// Whether the next call goes to a broker that has not failed since one last answered.
    pub(crate) fn has_untried(&self) -> bool {
        !self.untried.is_empty()
    }

    /// Continues a call as far as possible without waiting, and finally returns the answer.
    /// `request` returns the request and its versions if there is no call yet.
    ///
    /// # Errors
    /// The errors of [`BrokerCall::advance`], and [`Error::NoBroker`]. There is no call then, and
    /// the next one goes to another broker.
    pub(crate) fn exchange<R: Request + Clone + Send + 'static>(
        &mut self,
        client: &Client,
        call: &mut Option<BrokerCall<R>>,
        request: impl FnOnce() -> (R, Versions),
    ) -> Result<Option<Answer<R::Response>>, Error> {
        let mut current = match call.take() {
            Some(call) => call,
            None => {
                let (request, versions) = request();
                let link = self.link::<R>(client)?;
                let share = Deadline::after(SHARE.min(client.config.timeout));
                BrokerCall::new(link, versions, share, move |_| request.clone())
            }
        };
        let answer = current.advance()?;
        if answer.is_none() {
            *call = Some(current);
        } else {
            self.link = Some(current.into_link());
            self.untried.clear();
        }
        Ok(answer)
    }

    /// Sends the next call to another broker, because this one answered that it cannot help.
    pub(crate) fn pass_over(&mut self) {
        self.link = None;
    }

    fn link<R: Request>(&mut self, client: &Client) -> Result<Link, Error> {
        if let Some(link) = self.link.take() {
            return Ok(link);
        }
        if self.untried.is_empty() {
            self.untried = client.candidates(None).into();
        }
        let broker = self.untried.pop_front().ok_or(Error::NoBroker)?;
        Ok(Link::new(Arc::clone(&client.config), broker, R::API_KEY))
    }
}

impl Client {
    /// Learns the brokers from a response to Metadata that came otherwise than by a call.
    pub(crate) fn learn_brokers(&mut self, response: &MetadataResponse) {
        self.cluster.update(response);
        self.identify_connections();
    }

    /// What is known of a broker.
    pub(crate) fn known_broker(&self, id: i32) -> Option<&Arc<Broker>> {
        self.cluster.broker(id)
    }
}
