//! [`Api`]: what each handler does for the requests of its API.

use bytes::Bytes;
use libkafka_protocol::wire::Decode;
use libkafka_protocol::{ErrorCode, Request};

use super::call::{Answer, Call};
use crate::fault::Targets;
use crate::state::State;

/// What Kafka says of a request in general.
pub(super) const MALFORMED: &str = "This most likely occurs because of a request being malformed by the client library or the message was sent to an incompatible broker. See the broker logs for more details.";

/// A request that this broker serves.
pub(crate) trait Api:
    Request<Response: Throttled + 'static> + for<'de> Decode<'de> + Clone + 'static
{
    /// Whether a few bytes of it can ask for much: the response is built alone then.
    const ASKS_FOR_MUCH: bool = false;

    /// Does what it asks for and answers it, or not at all. An error that a fault wants for part
    /// of it is in [`Call::strikes`].
    ///
    /// # Errors
    /// [`Hangup`] where a broker ends the connection.
    fn serve(self, call: &mut Call<'_>) -> Answer<Self::Response>;

    /// Adds what it is about, for faults to match.
    fn targets(&self, _targets: &mut Targets) {}

    /// Adds what it is about only together with what the broker remembers of its client.
    fn remembered_targets(&self, _state: &State, _targets: &mut Targets) {}

    /// The answer with an error to it as a whole; `None` if [`serve`](Self::serve) gives an error
    /// for each part.
    fn refuse(&self, _code: ErrorCode) -> Option<Self::Response> {
        None
    }

    /// As [`refuse`](Self::refuse), for a version that may have another place for the error.
    fn refuse_in(&self, _version: i16, code: ErrorCode) -> Option<Self::Response> {
        self.refuse(code)
    }
}

/// A response that tells a client to hold back, if it has a field for it.
pub(crate) trait Throttled {
    /// Sets that field.
    fn throttle(&mut self, ms: i32);
}

/// Bytes to keep, without the request that they came in.
pub(super) fn own(bytes: &Bytes) -> Bytes {
    Bytes::copy_from_slice(bytes)
}
