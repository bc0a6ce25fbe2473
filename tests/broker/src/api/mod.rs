//! The APIs that are served, a handler to a file.

mod add_offsets_to_txn;
mod add_partitions_to_txn;
mod api_versions;
mod commit;
mod config_resource;
mod consumer_group_describe;
mod consumer_group_heartbeat;
mod create_partitions;
mod create_topics;
mod delete_groups;
mod delete_records;
mod delete_topics;
mod describe_cluster;
mod describe_configs;
mod describe_groups;
mod describe_producers;
mod describe_topic_partitions;
mod describe_transactions;
mod end_txn;
mod fetch;
mod find_coordinator;
mod heartbeat;
mod incremental_alter_configs;
mod init_producer_id;
mod join_group;
mod leader_hint;
mod leave_group;
mod list_groups;
mod list_offsets;
mod list_transactions;
mod metadata;
mod offset_commit;
mod offset_delete;
mod offset_fetch;
mod offset_for_leader_epoch;
mod produce;
mod sasl_authenticate;
mod sasl_handshake;
mod sync_group;
mod topic_admin;
mod txn_offset_commit;
mod write_txn_markers;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, MutexGuard, PoisonError};

use bytes::Bytes;
use libkafka_protocol::frame::encode_response;
use libkafka_protocol::messages::*;
use libkafka_protocol::wire::Decode;
use libkafka_protocol::{ApiKey, ErrorCode, KafkaWire, Limits, Request, Response, Versions};

use crate::Release;
use crate::clock::Time;
use crate::fault::{self, Strikes, Target};
use crate::sasl::{Sasl, Session};
use crate::shared::{Locked, Shared};
use crate::state::{Replies, State};

/// A request that this broker serves.
pub(crate) trait Api:
    Request<Response: Throttled + 'static> + for<'de> Decode<'de> + Clone + 'static
{
    /// Does what it asks for and answers it, or not at all. An error that a fault wants for part
    /// of it is in [`Call::strikes`].
    ///
    /// # Errors
    /// [`Hangup`] where a broker ends the connection.
    fn serve(self, call: &mut Call<'_>) -> Answer<Self::Response>;

    /// What it is about, for faults to match.
    fn targets(&self) -> Vec<Target> {
        Vec::new()
    }

    /// What it is about, together with what the broker remembers of it.
    fn targets_within(&self, _state: &State) -> Vec<Target> {
        self.targets()
    }

    /// The answer with an error to it as a whole; `None` if [`serve`](Self::serve) gives an error
    /// for each part.
    fn refuse(&self, _code: ErrorCode) -> Option<Self::Response> {
        None
    }
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
    /// What faults do to it.
    pub(crate) strikes: Strikes,
    /// The connection is to end when the answer has been sent.
    pub(crate) hang_up_after: bool,
    /// No other large response is built as long as this is there.
    pub(crate) building: Option<MutexGuard<'a, ()>>,
}

/// What Kafka says of a request in general.
const MALFORMED: &str = "This most likely occurs because of a request being malformed by the client library or the message was sent to an incompatible broker. See the broker logs for more details.";
/// What a request may take up in memory besides its bytes, more or less.
const MAX_DECODED: usize = 16 * 1024 * 1024;
/// How often it is looked whether a client for which the broker waits is still there.
const LOOK_EVERY: Time = Time::from_millis(500);

/// Who is at the other end of a connection.
pub(crate) struct Peer {
    pub(crate) socket: Arc<TcpStream>,
    pub(crate) address: SocketAddr,
    /// The node that it has connected to.
    pub(crate) node: i32,
    /// The life of that node.
    pub(crate) life: u64,
    /// The number of the listener that it came in by.
    pub(crate) listener: usize,
    pub(crate) sasl: Sasl,
    /// How long that lasts, if not for ever.
    pub(crate) session: Option<Session>,
    /// When it was looked last whether it is still there.
    pub(crate) looked: Cell<Time>,
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
    /// If the node has been stopped, or the client has gone.
    pub(crate) fn wait(
        &self,
        state: &mut Locked<'_>,
        deadline: Option<Time>,
    ) -> Result<(), Hangup> {
        let look = self.peer.looked.get() + LOOK_EVERY;
        state.wait(Some(deadline.map_or(look, |deadline| deadline.min(look))));
        if !state.is_alive(self.peer.node, self.peer.life) {
            return Err(Hangup);
        }
        let now = state.clock.running();
        if now >= look {
            self.peer.looked.set(now);
            if self.peer.is_gone() {
                return Err(Hangup);
            }
        }
        Ok(())
    }
}

impl Call<'_> {
    /// Waits until nobody else builds a large response, and has others wait. Not with the state
    /// locked.
    pub(crate) fn build_alone(&mut self) {
        // The closures of a fault may well ask the broker for the same.
        if !self.strikes.alters() {
            let building = self.shared.building.lock();
            self.building = Some(building.unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// Waits for the answer of this number, which a group gives when it is ready.
    ///
    /// # Errors
    /// As [`wait`](Self::wait).
    pub(crate) fn wait_for<T>(
        &self,
        state: &mut Locked<'_>,
        ticket: u64,
        take: impl Fn(&mut Replies, u64) -> Option<T>,
    ) -> Result<T, Hangup> {
        state.touch();
        loop {
            if let Some(answer) = take(&mut state.replies, ticket) {
                return Ok(answer);
            }
            if let Err(hangup) = self.wait(state, None) {
                state.replies.abandon(ticket);
                return Err(hangup);
            }
        }
    }
}

/// The versions in which an API is served: those of Kafka 4.4.0, without what it keeps to itself
/// as not yet stable, and of those what an older `release` has.
fn versions(api: ApiKey, defined: Versions, release: Option<Release>) -> Versions {
    let stable = match api {
        ApiKey::INIT_PRODUCER_ID => defined.intersect(Versions::new(0, 5)),
        _ => defined,
    };
    release.map_or(stable, |release| release.limit(api, stable))
}

macro_rules! served {
    ($($request:ident -> $response:ident,)* ; unthrottled $($plain:ident -> $plain_response:ident,)*) => {
        /// The APIs that are served, each with its versions.
        pub(crate) fn served(release: Option<Release>) -> Vec<(ApiKey, Versions)> {
            let mut served = vec![
                $(($request::API_KEY, versions($request::API_KEY, $request::VERSIONS, release)),)*
                $(($plain::API_KEY, versions($plain::API_KEY, $plain::VERSIONS, release)),)*
            ];
            served.retain(|(_, versions)| !versions.is_empty());
            served
        }

        /// Answers a request whose bytes are `body`, and appends the frame of the response to
        /// `out` if there is one.
        pub(crate) fn dispatch(
            call: &mut Call<'_>,
            body: &Bytes,
            out: &mut Vec<u8>,
        ) -> Result<(), Hangup> {
            match call.header.request_api_key {
                $(key if key == $request::API_KEY => serve::<$request>(call, body, out),)*
                $(key if key == $plain::API_KEY => serve::<$plain>(call, body, out),)*
                _ => Err(Hangup),
            }
        }

        $(impl Throttled for $response {
            fn throttle(&mut self, ms: i32) {
                self.throttle_time_ms = ms;
            }
        })*
        $(impl Throttled for $plain_response {
            fn throttle(&mut self, _ms: i32) {}
        })*
    };
}

/// A response that tells a client to hold back, if it has a field for it.
pub(crate) trait Throttled {
    /// Sets that field.
    fn throttle(&mut self, ms: i32);
}

served! {
    ProduceRequest -> ProduceResponse,
    FetchRequest -> FetchResponse,
    ListOffsetsRequest -> ListOffsetsResponse,
    MetadataRequest -> MetadataResponse,
    FindCoordinatorRequest -> FindCoordinatorResponse,
    ApiVersionsRequest -> ApiVersionsResponse,
    CreateTopicsRequest -> CreateTopicsResponse,
    DeleteTopicsRequest -> DeleteTopicsResponse,
    InitProducerIdRequest -> InitProducerIdResponse,
    AddPartitionsToTxnRequest -> AddPartitionsToTxnResponse,
    AddOffsetsToTxnRequest -> AddOffsetsToTxnResponse,
    TxnOffsetCommitRequest -> TxnOffsetCommitResponse,
    EndTxnRequest -> EndTxnResponse,
    DescribeProducersRequest -> DescribeProducersResponse,
    DescribeTransactionsRequest -> DescribeTransactionsResponse,
    ListTransactionsRequest -> ListTransactionsResponse,
    CreatePartitionsRequest -> CreatePartitionsResponse,
    DeleteRecordsRequest -> DeleteRecordsResponse,
    DescribeConfigsRequest -> DescribeConfigsResponse,
    DescribeTopicPartitionsRequest -> DescribeTopicPartitionsResponse,
    IncrementalAlterConfigsRequest -> IncrementalAlterConfigsResponse,
    DescribeClusterRequest -> DescribeClusterResponse,
    OffsetForLeaderEpochRequest -> OffsetForLeaderEpochResponse,
    JoinGroupRequest -> JoinGroupResponse,
    SyncGroupRequest -> SyncGroupResponse,
    HeartbeatRequest -> HeartbeatResponse,
    LeaveGroupRequest -> LeaveGroupResponse,
    OffsetCommitRequest -> OffsetCommitResponse,
    OffsetFetchRequest -> OffsetFetchResponse,
    OffsetDeleteRequest -> OffsetDeleteResponse,
    ListGroupsRequest -> ListGroupsResponse,
    DescribeGroupsRequest -> DescribeGroupsResponse,
    DeleteGroupsRequest -> DeleteGroupsResponse,
    ConsumerGroupHeartbeatRequest -> ConsumerGroupHeartbeatResponse,
    ConsumerGroupDescribeRequest -> ConsumerGroupDescribeResponse,
    ;
    unthrottled
    WriteTxnMarkersRequest -> WriteTxnMarkersResponse,
    SaslHandshakeRequest -> SaslHandshakeResponse,
    SaslAuthenticateRequest -> SaslAuthenticateResponse,
}

/// Before a client has authenticated, there is little that it may ask, and when its session has
/// ended.
fn may_ask(peer: &Peer, api: ApiKey, now: Time) -> bool {
    let session = peer.session.as_ref();
    let has_ended = session.is_some_and(|session| now >= session.ends);
    match peer.sasl {
        Sasl::Done if has_ended => api == ApiKey::SASL_HANDSHAKE,
        Sasl::NotAsked | Sasl::Done => true,
        Sasl::Awaited => [ApiKey::API_VERSIONS, ApiKey::SASL_HANDSHAKE].contains(&api),
        Sasl::Exchange(_) | Sasl::Raw(_) => api == ApiKey::SASL_AUTHENTICATE,
    }
}

/// Bytes to keep, without the request that they came in.
fn own(bytes: &Bytes) -> Bytes {
    Bytes::copy_from_slice(bytes)
}

/// Small requests may take up much more than they are long. Large ones are mostly records, which
/// stay where they are.
fn limits(body: &Bytes) -> Limits {
    let mut limits = Limits::default();
    let factor = MAX_DECODED / body.len().max(1);
    limits.memory_factor = factor.clamp(1, limits.memory_factor);
    limits
}

fn serve<R: Api>(call: &mut Call<'_>, body: &Bytes, out: &mut Vec<u8>) -> Result<(), Hangup> {
    let version = call.version;
    let correlation_id = call.header.correlation_id;
    let hang_up = |error| {
        log::debug!("{error}");
        Hangup
    };
    let mut state = call.lock();
    *state.requests.entry(R::API_KEY).or_default() += 1;
    let spoken = versions(R::API_KEY, R::VERSIONS, state.release);
    let throttle = state.throttle;
    let now = state.clock.now();
    drop(state);
    if !may_ask(call.peer, R::API_KEY, now) {
        return Err(Hangup);
    }
    if !spoken.contains(version) {
        if R::API_KEY != ApiKey::API_VERSIONS {
            return Err(Hangup);
        }
        let response = api_versions::unsupported(spoken);
        return encode_response(correlation_id, &response, 0, out).map_err(hang_up);
    }
    let (request, _) = R::decode_with(version, body, limits(body)).map_err(hang_up)?;
    call.strikes = fault::strikes(call, &request, |state| request.targets_within(state))?;
    if call.strikes.drop_request {
        return Ok(());
    }
    let altered = call.strikes.alters().then(|| request.clone());
    let refusal = call
        .strikes
        .errors
        .first()
        .and_then(|(_, code)| request.refuse(*code));
    let response = match refusal {
        Some(response) => Some(response),
        None => request.serve(call)?,
    };
    let Some(mut response) = response else {
        return Ok(());
    };
    if !throttle.is_zero() {
        response.throttle(i32::try_from(throttle.as_millis()).unwrap_or(i32::MAX));
    }
    if let Some(request) = altered {
        call.strikes.alter(&request, &mut response);
    }
    count_errors(call, R::API_KEY, &response);
    encode_response(correlation_id, &response, version, out).map_err(hang_up)
}

fn count_errors(call: &Call<'_>, api: ApiKey, response: &impl Response) {
    let mut errors = BTreeSet::new();
    response.error_codes(&mut |code| {
        if !code.is_ok() {
            errors.insert(code);
        }
    });
    if errors.is_empty() {
        return;
    }
    let mut state = call.lock();
    for code in errors {
        *state.errors.entry((api, code)).or_default() += 1;
    }
}
