//! [`Api`]: how each handler serves the requests of its API.

use bytes::Bytes;
use libkafka_protocol::wire::Decode;
use libkafka_protocol::{ErrorCode, Request};

use super::call::{Answer, Call};
use crate::fault::Targets;
use crate::state::State;

/// Kafka's general message about a malformed request.
pub(super) const MALFORMED: &str = "This most likely occurs because of a request being malformed by the client library or the message was sent to an incompatible broker. See the broker logs for more details.";

/// A request that this broker serves.
pub(crate) trait Api:
    Request<Response: Throttled + 'static> + for<'de> Decode<'de> + Clone + 'static
{
    /// Whether a few bytes of it can ask for much. If so, its response is built alone.
    const ASKS_FOR_MUCH: bool = false;

    /// Carries out the request and returns its answer, if it has one. Errors that a fault wants for
    /// parts of it are in [`Call::strikes`].
    ///
    /// # Errors
    /// [`Hangup`] if the broker closes the connection.
    fn serve(self, call: &mut Call<'_>) -> Answer<Self::Response>;

    /// Adds what the request is about, for faults to match.
    fn targets(&self, _targets: &mut Targets) {}

    /// Adds what the request is about according to what the broker remembers of its client.
    fn remembered_targets(&self, _state: &State, _targets: &mut Targets) {}

    /// The answer with an error for the whole request; `None` if [`serve`](Self::serve) returns an
    /// error for each part.
    fn refuse(&self, _code: ErrorCode) -> Option<Self::Response> {
        None
    }

    /// Like [`refuse`](Self::refuse), for a version that may have another field for the error.
    fn refuse_in(&self, _version: i16, code: ErrorCode) -> Option<Self::Response> {
        self.refuse(code)
    }
}

/// A response that can tell a client to hold back.
pub(crate) trait Throttled {
    /// Sets the field for that, if the response has one.
    fn throttle(&mut self, ms: i32);
}

/// Copies bytes that are kept, so that the request which contained them can be freed.
pub(super) fn own(bytes: &Bytes) -> Bytes {
    Bytes::copy_from_slice(bytes)
}
