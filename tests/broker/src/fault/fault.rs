//! [`Fault`]: which requests should fail, and how.

use std::time::Duration;

use libkafka_protocol::{ApiKey, ErrorCode, Request};

use super::action::{Action, Delivery};
use super::matcher::Matcher;

/// Which requests should fail, and how; passed to [`Broker::inject`](crate::Broker::inject).
///
/// ```
/// use libkafka_protocol::{ApiKey, ErrorCode};
/// use libkafka_testbroker::{Broker, Fault};
///
/// let broker = Broker::builder().topic("orders", 1).start()?;
/// let fault = broker.inject(
///     Fault::on(ApiKey::PRODUCE)
///         .topic("orders")
///         .times(2)
///         .error(ErrorCode::NOT_LEADER_OR_FOLLOWER),
/// );
/// // ... a client produces, is refused twice, and gets through
/// # fault.remove();
/// # Ok::<(), libkafka_testbroker::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "it selects requests; call a method that says what happens to them"]
pub struct Fault {
    matcher: Matcher,
}

/// A [`Fault`] with its action, ready to be injected.
#[derive(Debug)]
#[must_use = "pass it to Broker::inject"]
pub struct ArmedFault {
    pub(crate) matcher: Matcher,
    pub(crate) action: Action,
}

/// Selects requests.
impl Fault {
    /// Requests of one API.
    pub fn on(api: ApiKey) -> Self {
        let mut fault = Self::any();
        fault.matcher.api = Some(api);
        fault
    }

    /// Every request.
    pub fn any() -> Self {
        Self {
            matcher: Matcher::default(),
        }
    }

    /// Only requests to one node.
    pub fn node(mut self, node: i32) -> Self {
        self.matcher.node = Some(node);
        self
    }

    /// Only requests about this topic, by name or by id. An error is then returned for this topic
    /// alone.
    pub fn topic(mut self, topic: impl Into<String>) -> Self {
        self.matcher.scope.topic = Some(topic.into());
        self
    }

    /// Only requests about the partition with this number. An error is then returned for this
    /// partition alone.
    pub fn partition(mut self, partition: i32) -> Self {
        self.matcher.scope.partition = Some(partition);
        self
    }

    /// Only requests about this group or transactional id.
    pub fn group(mut self, group: impl Into<String>) -> Self {
        self.matcher.scope.group = Some(group.into());
        self
    }

    /// Only requests from this client id.
    pub fn client_id(mut self, client_id: impl Into<String>) -> Self {
        self.matcher.client_id = Some(client_id.into());
        self
    }

    /// Only requests of type `R` for which `condition` is true.
    ///
    /// It may ask the broker anything, except to wait for this fault.
    pub fn when<R: Request + 'static>(
        mut self,
        mut condition: impl FnMut(&R) -> bool + Send + 'static,
    ) -> Self {
        self.matcher.api = Some(R::API_KEY);
        self.matcher.condition = Some(Box::new(move |request| {
            request.downcast_ref().is_some_and(&mut condition)
        }));
        self
    }

    /// Lets the first `requests` matching requests pass.
    pub fn skip(mut self, requests: usize) -> Self {
        self.matcher.skip = requests;
        self
    }

    /// Applies `times` times and then never again. Default: until it is removed.
    pub fn times(mut self, times: usize) -> Self {
        self.matcher.times = times;
        self
    }
}

/// What happens to the requests, at the level of messages.
impl Fault {
    /// The request is not carried out, and is answered with this error.
    pub fn error(self, code: ErrorCode) -> ArmedFault {
        self.armed(Action::Error(code))
    }

    /// The request is carried out, and `alter` may change the response.
    pub fn alter<R: Request + 'static>(
        mut self,
        mut alter: impl FnMut(&R, &mut R::Response) + Send + 'static,
    ) -> ArmedFault
    where
        R::Response: 'static,
    {
        self.matcher.api = Some(R::API_KEY);
        self.armed(Action::Alter(Box::new(move |request, response| {
            if let (Some(request), Some(response)) =
                (request.downcast_ref(), response.downcast_mut())
            {
                alter(request, response);
            }
        })))
    }

    /// The request is carried out as usual, and only counted.
    pub fn observe(self) -> ArmedFault {
        self.armed(Action::Observe)
    }

    /// The request is held for this long, and then carried out.
    pub fn delay(self, delay: Duration) -> ArmedFault {
        self.armed(Action::Delay(delay))
    }

    /// The request is held until [`FaultHandle::release`](crate::FaultHandle::release), and then carried out: a barrier.
    pub fn pause(self) -> ArmedFault {
        self.armed(Action::Pause)
    }

    /// The request is not carried out and never answered; the connection stays open.
    pub fn drop_request(self) -> ArmedFault {
        self.armed(Action::DropRequest)
    }

    /// The request is not carried out, and the connection is closed.
    pub fn hang_up(self) -> ArmedFault {
        self.armed(Action::HangUp)
    }
}

/// What happens to the requests, at the level of bytes. The request is carried out first.
impl Fault {
    /// The response is never sent; the connection stays open.
    pub fn silence(self) -> ArmedFault {
        self.armed(Action::Deliver(Delivery::Silence))
    }

    /// The connection is closed in an orderly way after the first `bytes` bytes of the response,
    /// including its length field.
    pub fn cut(self, bytes: usize) -> ArmedFault {
        self.armed(Action::Deliver(Delivery::Cut(bytes)))
    }

    /// The connection is reset (TCP RST) instead of an answer.
    pub fn reset(self) -> ArmedFault {
        self.armed(Action::Deliver(Delivery::Reset))
    }

    /// The response is sent `bytes` bytes at a time, with a pause in between.
    pub fn drip(self, bytes: usize, pause: Duration) -> ArmedFault {
        self.armed(Action::Deliver(Delivery::Drip(bytes.max(1), pause)))
    }

    /// The response has the correlation id of a different request.
    pub fn wrong_correlation_id(self) -> ArmedFault {
        self.armed(Action::Deliver(Delivery::CorrelationId))
    }

    /// The response claims to have this length.
    pub fn wrong_length(self, length: i32) -> ArmedFault {
        self.armed(Action::Deliver(Delivery::Length(length)))
    }

    /// Random bytes replace the response after its correlation id. The length and the correlation
    /// id are correct.
    pub fn garbage(self) -> ArmedFault {
        self.armed(Action::Deliver(Delivery::Garbage))
    }

    fn armed(self, action: Action) -> ArmedFault {
        ArmedFault {
            matcher: self.matcher,
            action,
        }
    }
}
