//! `BrokerCall`: a request to one broker, which never waits.

use libkafka_protocol::{Request, Versions};

use crate::connection::Link;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;
use crate::net::{Interest, Waitable};
use crate::place::{Phase, Place};

/// A request to one broker, including the connection to it. [`advance`](Self::advance) does what
/// can be done at once; a caller with several such calls waits for all of them together.
pub(crate) struct BrokerCall<R> {
    link: Link,
    build: Box<dyn Fn(i16) -> R + Send>,
    versions: Versions,
    deadline: Deadline,
    sent: bool,
}

impl<R: Request> BrokerCall<R> {
    /// A call that sends what `build` returns for the chosen version.
    pub(crate) fn new(
        link: Link,
        versions: Versions,
        deadline: Deadline,
        build: impl Fn(i16) -> R + Send + 'static,
    ) -> Self {
        Self {
            link,
            build: Box::new(build),
            versions,
            deadline,
            sent: false,
        }
    }

    /// Continues as far as possible without waiting, and finally returns the answer.
    ///
    /// # Errors
    /// The errors of opening the connection and of the exchange, and [`Error::Timeout`] once the
    /// deadline has passed.
    pub(crate) fn advance(&mut self) -> Result<Option<Answer<R::Response>>, Error> {
        if !self.sent {
            self.link.open();
        }
        if self.link.advance()?
            && !self.sent
            && let Some(version) = self.link.version::<R>(self.versions)?
        {
            let request = (self.build)(version);
            self.sent = self.link.send(&request, version, true, self.deadline)?;
        }
        if self.sent
            && let Some(answer) = self.link.receive()?
        {
            return Ok(Some(answer));
        }
        match self.deadline.is_past() {
            true => Err(self.timeout()),
            false => Ok(None),
        }
    }

    /// The error for the deadline having passed.
    pub(crate) fn timeout(&self) -> Error {
        let phase = if self.sent { Phase::Read } else { Phase::Write };
        let at = Box::new(Place::before(R::API_KEY, phase, self.link.broker()));
        Error::Timeout { at }
    }

    /// The connection, to reuse for the next call.
    pub(crate) fn into_link(self) -> Link {
        self.link
    }
}

impl<R> Waitable for BrokerCall<R> {
    fn interest(&self) -> Interest<'_> {
        self.link.interest().or_at(self.deadline.instant())
    }
}
