//! The APIs that are served, a handler to a file.

mod api_versions;
mod create_topics;
mod delete_topics;
mod fetch;
mod find_coordinator;
mod init_producer_id;
mod leader_hint;
mod list_offsets;
mod metadata;
mod produce;

use std::net::SocketAddr;

use bytes::Bytes;
use libkafka_protocol::frame::encode_response;
use libkafka_protocol::messages::{
    ApiVersionsRequest, CreateTopicsRequest, DeleteTopicsRequest, FetchRequest,
    FindCoordinatorRequest, InitProducerIdRequest, ListOffsetsRequest, MetadataRequest,
    ProduceRequest, RequestHeader,
};
use libkafka_protocol::wire::Decode;
use libkafka_protocol::{ApiKey, KafkaWire, Request, Versions};

use crate::clock::Time;
use crate::shared::{Locked, Shared};

/// A request that this broker serves.
pub(crate) trait Api: Request + for<'de> Decode<'de> {
    /// Does what it asks for and answers it, or not at all.
    ///
    /// # Errors
    /// [`Hangup`] where a broker ends the connection.
    fn serve(self, call: &mut Call<'_>) -> Answer<Self::Response>;
}

/// What a request comes to. Without a response, none is sent.
pub(crate) type Answer<R> = Result<Option<R>, Hangup>;

/// The connection is to be ended without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hangup;

/// A request on its way through the broker.
pub(crate) struct Call<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) header: &'a RequestHeader,
    pub(crate) version: i16,
    pub(crate) peer: &'a mut Peer,
}

/// Who is at the other end of a connection.
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    /// The node that it has connected to.
    pub(crate) node: i32,
    /// The life of that node.
    pub(crate) life: u64,
    /// The number of the listener that it came in by.
    pub(crate) listener: usize,
}

impl<'a> Call<'a> {
    /// The state of the cluster, locked.
    pub(crate) fn lock(&self) -> Locked<'a> {
        self.shared.lock()
    }

    /// The node that was asked.
    pub(crate) fn node(&self) -> i32 {
        self.peer.node
    }

    /// Waits for a change of the state, until `deadline` at most.
    ///
    /// # Errors
    /// If the node has been stopped.
    pub(crate) fn wait(
        &self,
        state: &mut Locked<'_>,
        deadline: Option<Time>,
    ) -> Result<(), Hangup> {
        state.wait(deadline);
        if state.is_alive(self.peer.node, self.peer.life) {
            Ok(())
        } else {
            Err(Hangup)
        }
    }
}

/// The versions of an API without those that Kafka 4.4.0 keeps to itself as not yet stable.
const fn stable(api: ApiKey, versions: Versions) -> Versions {
    match api {
        ApiKey::INIT_PRODUCER_ID => versions.intersect(Versions::new(0, 5)),
        _ => versions,
    }
}

macro_rules! served {
    ($($request:ident),* $(,)?) => {
        /// The APIs that are served, each with its versions.
        pub(crate) const SERVED: &[(ApiKey, Versions)] =
            &[$(($request::API_KEY, stable($request::API_KEY, $request::VERSIONS))),*];

        /// Answers a request whose bytes are `body`, and appends the frame of the response to
        /// `out` if there is one.
        pub(crate) fn dispatch(
            call: &mut Call<'_>,
            body: &Bytes,
            out: &mut Vec<u8>,
        ) -> Result<(), Hangup> {
            match call.header.request_api_key {
                $(key if key == $request::API_KEY => serve::<$request>(call, body, out),)*
                _ => Err(Hangup),
            }
        }
    };
}

served! {
    ProduceRequest,
    FetchRequest,
    ListOffsetsRequest,
    MetadataRequest,
    FindCoordinatorRequest,
    ApiVersionsRequest,
    CreateTopicsRequest,
    DeleteTopicsRequest,
    InitProducerIdRequest,
}

fn serve<R: Api>(call: &mut Call<'_>, body: &Bytes, out: &mut Vec<u8>) -> Result<(), Hangup> {
    let version = call.version;
    let hang_up = |error| {
        log::debug!("{error}");
        Hangup
    };
    if R::API_KEY == ApiKey::API_VERSIONS && !R::VERSIONS.contains(version) {
        let response = api_versions::unsupported();
        return encode_response(call.header.correlation_id, &response, 0, out).map_err(hang_up);
    }
    if !stable(R::API_KEY, R::VERSIONS).contains(version) {
        return Err(Hangup);
    }
    let (request, _) = R::decode(version, body).map_err(hang_up)?;
    match request.serve(call)? {
        Some(response) => {
            encode_response(call.header.correlation_id, &response, version, out).map_err(hang_up)
        }
        None => Ok(()),
    }
}
