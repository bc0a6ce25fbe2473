//! The first requests on a connection: for the broker's versions, and to authenticate.

use std::sync::Arc;

use libkafka_protocol::ApiKey;

use super::super::authentication::{Authentication, Session};
use super::super::channel::{Channel, SMALL_ANSWER};
use super::super::negotiation::{self, Next};
use super::super::open::Connection;
use super::super::versions::BrokerVersions;
use super::{Opening, Progress, Step};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::net::Transport;
use crate::place::Phase;

impl Opening {
    /// Asks a connected broker for its versions.
    pub(super) fn ask(
        &mut self,
        transport: Box<dyn Transport>,
        deadline: Deadline,
    ) -> Result<Progress, Error> {
        let (config, broker) = (Arc::clone(&self.config), Arc::clone(&self.broker));
        let mut channel = Box::new(Channel::new(config, broker, transport, self.timings));
        channel.stage = Some(*self.at(Phase::Negotiate));
        // With TLS, what has come may be the rest of the handshake.
        if !self.config.has_tls() && !channel.is_quiet() {
            channel.is_open(self.api)?;
        }
        self.ask_again(channel, deadline)
    }

    fn ask_again(
        &mut self,
        mut channel: Box<Channel>,
        deadline: Deadline,
    ) -> Result<Progress, Error> {
        match channel.send(&negotiation::request(), self.version, true, deadline) {
            Ok(_) => Ok(Progress::Goes(Step::Negotiate(channel))),
            Err(error) => self.not_answered(&channel, error),
        }
    }

    pub(super) fn negotiate(
        &mut self,
        mut channel: Box<Channel>,
        deadline: Deadline,
    ) -> Result<Progress, Error> {
        let received = match channel.flush(deadline) {
            Ok(true) => channel.receive(SMALL_ANSWER, deadline),
            Ok(false) => Ok(None),
            Err(error) => Err(error),
        };
        let (exchange, frame) = match received {
            Ok(Some(received)) => received,
            Ok(None) => return Ok(Progress::Waits(Step::Negotiate(channel))),
            Err(error) => return self.not_answered(&channel, error),
        };
        let next = negotiation::after_answer(self.version, &frame);
        if let Next::Undecodable(source) = next {
            return Err(channel.undecodable(exchange, source));
        }
        channel.conclude(&exchange, None);
        match next {
            Next::Ask(version) => {
                channel.opening.negotiate += self.began.elapsed();
                self.version = version;
                self.ask_again(channel, deadline)
            }
            Next::Done(versions) => {
                channel.opening.negotiate += self.began.elapsed();
                self.learn_version();
                Ok(self.negotiated(channel, versions))
            }
            Next::Refused(code) => Err(Error::refusal(self.at(Phase::Negotiate), code, None)),
            Next::Undecodable(source) => Err(channel.undecodable(exchange, source)),
        }
    }

    /// Notes which version was answered, if it is not the one that is tried first anyway.
    fn learn_version(&self) {
        let limit = negotiation::first(self.config.max_version_of(ApiKey::API_VERSIONS));
        let (learnt, address) = (&self.config.learnt, &self.broker.address);
        match self.version == limit {
            true => learnt.forget(address),
            false => learnt.set_api_versions(address, self.version),
        }
    }

    /// Handles a connection that was lost instead of an answer: perhaps because of the version, so
    /// another version is tried on another connection.
    fn not_answered(&mut self, channel: &Channel, error: Error) -> Result<Progress, Error> {
        if !matches!(error, Error::Closed { .. }) || channel.has_begun_to_answer() {
            return Err(error);
        }
        match negotiation::after_close(self.version) {
            Some(version) => {
                self.version = version;
                Ok(Progress::Goes(self.connect()))
            }
            None => {
                self.config.learnt.forget(&self.broker.address);
                Err(error)
            }
        }
    }

    fn negotiated(&self, mut channel: Box<Channel>, versions: BrokerVersions) -> Progress {
        let Some(sasl) = &self.config.sasl else {
            channel.stage = None;
            return Progress::Done(Box::new(Connection::new(
                *channel,
                versions,
                Session::default(),
            )));
        };
        let at = *self.at(Phase::Authenticate);
        let authentication = Authentication::new(sasl.clone(), at, self.deadline);
        Progress::Goes(Step::Authenticate {
            channel,
            versions,
            authentication: Box::new(authentication),
        })
    }

    pub(super) fn authenticate(
        &self,
        mut channel: Box<Channel>,
        versions: BrokerVersions,
        mut authentication: Box<Authentication>,
        deadline: Deadline,
    ) -> Result<Progress, Error> {
        let session = authentication.advance(&mut channel, &versions, deadline)?;
        Ok(match session {
            None => Progress::Waits(Step::Authenticate {
                channel,
                versions,
                authentication,
            }),
            Some(session) => Progress::Done(Box::new(Connection::new(*channel, versions, session))),
        })
    }
}
