//! `Half`: a join or sync whose answer has not been collected.

use std::sync::Arc;

use libkafka_protocol::messages::{JoinGroupRequest, SyncGroupRequest};
use libkafka_protocol::{Request, Versions};

use crate::broker::Broker;
use crate::config::Config;
use crate::connection::Link;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;

/// A join or sync whose answer has not been collected. It has its own connection, because the
/// coordinator reads nothing else from that connection until it answers.
pub(super) struct Half {
    pub(super) link: Link,
    pub(super) request: HalfRequest,
    is_sent: bool,
    by: Deadline,
}

/// The request.
pub(super) enum HalfRequest {
    Join(JoinGroupRequest),
    Sync(SyncGroupRequest),
}

impl Half {
    pub(super) fn new(
        config: Arc<Config>,
        coordinator: Arc<Broker>,
        request: HalfRequest,
        by: Deadline,
    ) -> Self {
        let api = match request {
            HalfRequest::Join(_) => JoinGroupRequest::API_KEY,
            HalfRequest::Sync(_) => SyncGroupRequest::API_KEY,
        };
        Self {
            link: Link::new(config, coordinator, api),
            request,
            is_sent: false,
            by,
        }
    }

    /// Sends the request once more.
    pub(super) fn again(&mut self, request: HalfRequest) {
        self.request = request;
        self.is_sent = false;
    }

    /// Continues a request as far as possible without waiting.
    pub(super) fn advance<R: Request>(
        &mut self,
        request: &R,
    ) -> Result<Option<Answer<R::Response>>, Error> {
        if !self.is_sent {
            self.link.open();
            if !self.link.advance()? {
                return Ok(None);
            }
            let Some(version) = self.link.version::<R>(Versions::ALL)? else {
                return Ok(None);
            };
            self.is_sent = self.link.send(request, version, true, self.by)?;
        }
        self.link.advance()?;
        self.link.receive()
    }
}
