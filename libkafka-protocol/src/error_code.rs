//! `ErrorCode`: the error codes of responses.

use core::fmt;

#[cfg(test)]
mod tests;

/// An error code of the Kafka protocol: the `int16` that responses carry, zero for success.
///
/// The constants are those of Apache Kafka 4.4.0. A code that a newer broker sends is kept as it
/// is: it has no name, and is neither a success nor retriable.
///
/// ```
/// # use libkafka_protocol::ErrorCode;
/// let code = ErrorCode::from(6);
/// assert_eq!(code, ErrorCode::NOT_LEADER_OR_FOLLOWER);
/// assert!(code.is_retriable() && code.wants_fresh_metadata());
/// assert_eq!(code.to_string(), "NOT_LEADER_OR_FOLLOWER (6)");
/// assert_eq!(ErrorCode(999).to_string(), "unknown error code 999");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[repr(transparent)]
pub struct ErrorCode(pub i16);

impl ErrorCode {
    /// Kafka's name of the code, such as `"NOT_LEADER_OR_FOLLOWER"`; `None` for an unknown one.
    #[inline]
    pub const fn name(self) -> Option<&'static str> {
        match self.entry() {
            Some(entry) => Some(entry.name),
            None => None,
        }
    }

    /// What the code means and, where it helps, what to do about it; `None` for an unknown one.
    #[inline]
    pub const fn description(self) -> Option<&'static str> {
        match self.entry() {
            Some(entry) => Some(entry.description),
            None => None,
        }
    }

    /// Whether this is [`NONE`](Self::NONE): the request succeeded.
    #[inline]
    pub const fn is_ok(self) -> bool {
        self.0 == Self::NONE.0
    }

    /// Whether Kafka considers the same request worth another try (a `RetriableException` of its
    /// Java client).
    ///
    /// It says nothing about duplicates: after [`REQUEST_TIMED_OUT`](Self::REQUEST_TIMED_OUT) the
    /// first try may have taken effect.
    #[inline]
    pub const fn is_retriable(self) -> bool {
        match self.entry() {
            Some(entry) => entry.retriable,
            None => false,
        }
    }

    /// Whether to fetch topic metadata again before another try, since the client's knowledge of
    /// leaders is probably out of date (an `InvalidMetadataException` of Kafka's Java client). Such
    /// a code is always [retriable](Self::is_retriable).
    ///
    /// This does not cover a coordinator that moved: after
    /// [`NOT_COORDINATOR`](Self::NOT_COORDINATOR) and
    /// [`COORDINATOR_NOT_AVAILABLE`](Self::COORDINATOR_NOT_AVAILABLE), ask FindCoordinator again.
    #[inline]
    pub const fn wants_fresh_metadata(self) -> bool {
        match self.entry() {
            Some(entry) => entry.invalid_metadata,
            None => false,
        }
    }

    /// All codes that have a name, in ascending order, including success.
    #[inline]
    pub fn known() -> impl ExactSizeIterator<Item = Self> + DoubleEndedIterator + Clone {
        TABLE.iter().map(|entry| Self(entry.code))
    }

    #[inline]
    const fn entry(self) -> Option<&'static Entry> {
        let index = self.0 as i32 - LOWEST as i32;
        if index >= 0 && index < TABLE.len() as i32 {
            Some(&TABLE[index as usize])
        } else {
            None
        }
    }
}

impl From<i16> for ErrorCode {
    #[inline]
    fn from(code: i16) -> Self {
        Self(code)
    }
}

impl From<ErrorCode> for i16 {
    #[inline]
    fn from(code: ErrorCode) -> Self {
        code.0
    }
}

impl fmt::Display for ErrorCode {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{name} ({})", self.0),
            None => write!(f, "unknown error code {}", self.0),
        }
    }
}

/// The same as [`Display`](fmt::Display), so that a response printed for debugging shows names.
impl fmt::Debug for ErrorCode {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

struct Entry {
    code: i16,
    name: &'static str,
    description: &'static str,
    retriable: bool,
    invalid_metadata: bool,
}

const LOWEST: i16 = ErrorCode::UNKNOWN_SERVER_ERROR.0;

// `entry` takes a code for an index; this stops the build on the day that Kafka leaves a gap.
const _: () = {
    let mut index = 0;
    while index < TABLE.len() {
        assert!(TABLE[index].code as i32 == LOWEST as i32 + index as i32);
        index += 1;
    }
};

/// Declares a constant and a table entry for each code. The doc comment is both the constant's
/// documentation and the description.
macro_rules! error_codes {
    ($($(#[doc = $line:literal])+ $name:ident = $code:literal $(, $flag:ident)*;)+) => {
        impl ErrorCode {
            $($(#[doc = $line])+ pub const $name: Self = Self($code);)+
        }

        static TABLE: &[Entry] = &[$({
            #[allow(unused_mut, reason = "most codes have no flag")]
            let mut entry = Entry {
                code: $code,
                name: stringify!($name),
                // Each line of a doc comment starts with the space after its slashes.
                description: concat!($($line),+).trim_ascii_start(),
                retriable: false,
                invalid_metadata: false,
            };
            $(entry.$flag = true;)*
            entry
        }),+];
    };
}

error_codes! {
    /// The broker had a failure for which there is no code; its log says more.
    UNKNOWN_SERVER_ERROR = -1;
    /// Success.
    NONE = 0;
    /// The offset lies before the start of the log or past its end; take a new one from
    /// ListOffsets.
    OFFSET_OUT_OF_RANGE = 1;
    /// A batch failed its checksum, its size check or its validation; if it was intact when it
    /// left, it can be sent again.
    CORRUPT_MESSAGE = 2, retriable;
    /// The broker does not host this topic or partition, which may be new, moved or misspelt.
    UNKNOWN_TOPIC_OR_PARTITION = 3, retriable, invalid_metadata;
    /// The byte limits of the fetch are invalid.
    INVALID_FETCH_SIZE = 4;
    /// The partition has no leader at the moment, for example during an election or just after its
    /// creation.
    LEADER_NOT_AVAILABLE = 5, retriable, invalid_metadata;
    /// The broker does not lead the partition; nor, where followers may answer, does it follow it.
    NOT_LEADER_OR_FOLLOWER = 6, retriable, invalid_metadata;
    /// The broker ran out of the time that the request allowed; the request may still take effect.
    REQUEST_TIMED_OUT = 7, retriable;
    /// The broker that the request is about is not up.
    BROKER_NOT_AVAILABLE = 8;
    /// The broker has a replica of the partition but cannot serve from it now.
    REPLICA_NOT_AVAILABLE = 9, retriable, invalid_metadata;
    /// A batch is larger than the topic allows (max.message.bytes); send smaller ones.
    MESSAGE_TOO_LARGE = 10;
    /// The sender acts for a controller that a newer one has replaced; occurs only between brokers.
    STALE_CONTROLLER_EPOCH = 11;
    /// The metadata text beside a committed offset is longer than offset.metadata.max.bytes.
    OFFSET_METADATA_TOO_LARGE = 12;
    /// The connection ended before the response came; whether the request took effect is
    /// unknown.
    NETWORK_EXCEPTION = 13, retriable, invalid_metadata;
    /// The coordinator is still reading its state from its log; ask the same broker again after
    /// a pause.
    COORDINATOR_LOAD_IN_PROGRESS = 14, retriable;
    /// No coordinator is available for this group or transactional id; look it up again after a
    /// pause.
    COORDINATOR_NOT_AVAILABLE = 15, retriable;
    /// The broker does not coordinate this group or transactional id; look the coordinator up
    /// again.
    NOT_COORDINATOR = 16, retriable;
    /// The topic's name is not allowed, or the topic is internal and does not permit the operation.
    INVALID_TOPIC_EXCEPTION = 17;
    /// A batch is larger than a log segment may be (segment.bytes); send smaller ones.
    RECORD_LIST_TOO_LARGE = 18;
    /// Too few replicas are in sync for acks=all (min.insync.replicas); nothing was written.
    NOT_ENOUGH_REPLICAS = 19, retriable;
    /// The records were written, but by then too few replicas were in sync; if they are sent again
    /// without idempotence, they may be there twice.
    NOT_ENOUGH_REPLICAS_AFTER_APPEND = 20, retriable;
    /// The acks of a produce request must be -1, 0 or 1.
    INVALID_REQUIRED_ACKS = 21;
    /// The member's generation is not the group's current one; join the group again.
    ILLEGAL_GENERATION = 22;
    /// The member shares no protocol with the rest of the group, or joined without naming any.
    INCONSISTENT_GROUP_PROTOCOL = 23;
    /// The group id cannot be used here; it may be empty.
    INVALID_GROUP_ID = 24;
    /// The group has no such member, perhaps because its session timed out; join again as a new
    /// one.
    UNKNOWN_MEMBER_ID = 25;
    /// The session timeout is outside the broker's group.min.session.timeout.ms and
    /// group.max.session.timeout.ms.
    INVALID_SESSION_TIMEOUT = 26;
    /// The group is rebalancing; join it again.
    REBALANCE_IN_PROGRESS = 27;
    /// The commit would make a record too large for the offsets topic; commit fewer offsets or
    /// less metadata.
    INVALID_COMMIT_OFFSET_SIZE = 28;
    /// The principal is not permitted to do this with the topic.
    TOPIC_AUTHORIZATION_FAILED = 29;
    /// The principal is not permitted to do this with the group.
    GROUP_AUTHORIZATION_FAILED = 30;
    /// The principal is not permitted to do this with the cluster.
    CLUSTER_AUTHORIZATION_FAILED = 31;
    /// A record's timestamp is further from the broker's clock than the topic allows.
    INVALID_TIMESTAMP = 32;
    /// The broker does not offer this SASL mechanism; its handshake response lists those it
    /// does.
    UNSUPPORTED_SASL_MECHANISM = 33;
    /// The request does not fit the stage that authentication has reached on this connection.
    ILLEGAL_SASL_STATE = 34;
    /// The broker lacks this version of the API; ApiVersions says which it has.
    UNSUPPORTED_VERSION = 35;
    /// A topic of this name already exists.
    TOPIC_ALREADY_EXISTS = 36;
    /// The partition count is not allowed: below one, or no more than the topic already has.
    INVALID_PARTITIONS = 37;
    /// The replication factor is below one or above the number of usable brokers.
    INVALID_REPLICATION_FACTOR = 38;
    /// The replicas listed for a partition cannot be used: unknown, repeated or uneven in
    /// number.
    INVALID_REPLICA_ASSIGNMENT = 39;
    /// A configuration entry is unknown or its value is not allowed.
    INVALID_CONFIG = 40;
    /// The node is not the active controller; find out which node is, and ask it.
    NOT_CONTROLLER = 41, retriable;
    /// The broker considers the request malformed or contradictory; its log says why.
    INVALID_REQUEST = 42;
    /// The topic's records are stored in a format too old for what was asked.
    UNSUPPORTED_FOR_MESSAGE_FORMAT = 43;
    /// A policy that the cluster's operator installed refuses the request.
    POLICY_VIOLATION = 44;
    /// The batch does not follow the producer's previous one in this partition: a batch between
    /// them is missing.
    OUT_OF_ORDER_SEQUENCE_NUMBER = 45;
    /// A batch with this sequence number was appended before. The records are in the log, so this
    /// counts as success.
    DUPLICATE_SEQUENCE_NUMBER = 46;
    /// The producer's epoch is not the current one: another instance, or a timed-out
    /// transaction, raised it.
    INVALID_PRODUCER_EPOCH = 47;
    /// The operation does not fit the state of the transaction, such as a commit where none is
    /// open.
    INVALID_TXN_STATE = 48;
    /// The producer id is not the one that belongs to the transactional id; InitProducerId
    /// assigns a new one.
    INVALID_PRODUCER_ID_MAPPING = 49;
    /// The transaction timeout is not positive or exceeds the broker's
    /// transaction.max.timeout.ms.
    INVALID_TRANSACTION_TIMEOUT = 50;
    /// The previous operation on this transactional id is still in progress; ask again after a
    /// pause.
    CONCURRENT_TRANSACTIONS = 51, retriable;
    /// The coordinator that wrote these transaction markers has been replaced; occurs only between
    /// brokers.
    TRANSACTION_COORDINATOR_FENCED = 52;
    /// The principal is not permitted to use the transactional id.
    TRANSACTIONAL_ID_AUTHORIZATION_FAILED = 53;
    /// The cluster runs without an authorizer, so it has no ACLs to list or change.
    SECURITY_DISABLED = 54;
    /// The broker did not attempt this part of the request because another part failed.
    OPERATION_NOT_ATTEMPTED = 55;
    /// The disk that holds the partition has failed on this broker; another replica may take over.
    KAFKA_STORAGE_ERROR = 56, retriable, invalid_metadata;
    /// The broker has no log directory of this path.
    LOG_DIR_NOT_FOUND = 57;
    /// The credentials were refused; the same ones will be refused again.
    SASL_AUTHENTICATION_FAILED = 58;
    /// The partition no longer remembers the producer, because its records have expired; begin with
    /// a new epoch.
    UNKNOWN_PRODUCER_ID = 59;
    /// The partition is already being reassigned; wait for the end or cancel it.
    REASSIGNMENT_IN_PROGRESS = 60;
    /// The cluster is not configured for delegation tokens.
    DELEGATION_TOKEN_AUTH_DISABLED = 61;
    /// The broker knows no such delegation token.
    DELEGATION_TOKEN_NOT_FOUND = 62;
    /// The principal neither owns the delegation token nor may renew it.
    DELEGATION_TOKEN_OWNER_MISMATCH = 63;
    /// This connection cannot manage delegation tokens: its client is unauthenticated, or
    /// authenticated with a token itself.
    DELEGATION_TOKEN_REQUEST_NOT_ALLOWED = 64;
    /// The principal is not permitted to do this with the delegation token.
    DELEGATION_TOKEN_AUTHORIZATION_FAILED = 65;
    /// The delegation token has expired; create a new one.
    DELEGATION_TOKEN_EXPIRED = 66;
    /// The broker does not know this type of principal.
    INVALID_PRINCIPAL_TYPE = 67;
    /// The group still has members; they must leave before this can be done.
    NON_EMPTY_GROUP = 68;
    /// The broker knows no group of this id.
    GROUP_ID_NOT_FOUND = 69;
    /// The broker has dropped the fetch session, perhaps to make room; begin a new one with a
    /// full fetch.
    FETCH_SESSION_ID_NOT_FOUND = 70, retriable;
    /// The fetch is out of step with its session; begin a new session with a full fetch.
    INVALID_FETCH_SESSION_EPOCH = 71, retriable;
    /// The partition's leader has no listener of the name through which the metadata was requested.
    LISTENER_NOT_FOUND = 72, retriable, invalid_metadata;
    /// The cluster does not permit topics to be deleted (delete.topic.enable).
    TOPIC_DELETION_DISABLED = 73;
    /// The request's leader epoch is older than the broker's: the leadership has changed since.
    FENCED_LEADER_EPOCH = 74, retriable, invalid_metadata;
    /// The request's leader epoch is newer than the broker's, which has not heard of it yet; ask
    /// again.
    UNKNOWN_LEADER_EPOCH = 75, retriable;
    /// The batches use a codec that this version of the request does not support; use a newer
    /// version.
    UNSUPPORTED_COMPRESSION_TYPE = 76;
    /// The broker has registered again since the epoch that the request carries; occurs only
    /// between brokers.
    STALE_BROKER_EPOCH = 77;
    /// A newly elected leader does not know its high watermark for certain yet; ask again after a
    /// pause.
    OFFSET_NOT_AVAILABLE = 78, retriable;
    /// The answer to a new member's first join: the response contains the member id to join with.
    MEMBER_ID_REQUIRED = 79;
    /// The preferred replica is not in a state to be elected.
    PREFERRED_LEADER_NOT_AVAILABLE = 80, retriable, invalid_metadata;
    /// The group has as many members as the broker allows.
    GROUP_MAX_SIZE_REACHED = 81;
    /// Another member with this group.instance.id has taken this one's place; stop.
    FENCED_INSTANCE_ID = 82;
    /// No replica that could lead the partition is available.
    ELIGIBLE_LEADERS_NOT_AVAILABLE = 83, retriable, invalid_metadata;
    /// The partition already has the leader that the election would choose.
    ELECTION_NOT_NEEDED = 84, retriable, invalid_metadata;
    /// The partition is not being reassigned, so there is nothing to cancel.
    NO_REASSIGNMENT_IN_PROGRESS = 85;
    /// A member of the group subscribes to the topic, so its offsets cannot be deleted.
    GROUP_SUBSCRIBED_TO_TOPIC = 86;
    /// A record breaks a rule of the broker or the topic, such as a null key in a compacted topic;
    /// correct it first.
    INVALID_RECORD = 87;
    /// An open transaction still has to decide on these offsets; ask again once it has ended.
    UNSTABLE_OFFSET_COMMIT = 88, retriable;
    /// A quota is exhausted; wait for as long as the response says, then ask again.
    THROTTLING_QUOTA_EXCEEDED = 89, retriable;
    /// A newer producer has taken over the transactional id; stop this one.
    PRODUCER_FENCED = 90;
    /// Something that the request names, such as a user, does not exist.
    RESOURCE_NOT_FOUND = 91;
    /// The request names the same thing twice.
    DUPLICATE_RESOURCE = 92;
    /// The new credential does not meet the broker's rules, such as too few iterations.
    UNACCEPTABLE_CREDENTIAL = 93;
    /// The sender or the receiver is not among the voters that the other expects; occurs only in
    /// the metadata quorum.
    INCONSISTENT_VOTER_SET = 94;
    /// The update is from or to a version that is not allowed, such as a stale partition epoch.
    INVALID_UPDATE_VERSION = 95;
    /// The controller could not change the cluster's features.
    FEATURE_UPDATE_FAILED = 96;
    /// The principal inside a forwarded request cannot be read; check the brokers' security
    /// settings.
    PRINCIPAL_DESERIALIZATION_FAILURE = 97;
    /// The node asked does not have this snapshot of the metadata log.
    SNAPSHOT_NOT_FOUND = 98;
    /// The position lies outside the snapshot.
    POSITION_OUT_OF_RANGE = 99;
    /// The broker knows no topic of this id: it may not have heard of it yet, or the topic was
    /// deleted or recreated.
    UNKNOWN_TOPIC_ID = 100, retriable, invalid_metadata;
    /// Another live broker is registered under this id.
    DUPLICATE_BROKER_REGISTRATION = 101;
    /// No broker is registered under this id.
    BROKER_ID_NOT_REGISTERED = 102;
    /// The partition's log has another topic id than the request: the topic was recreated.
    INCONSISTENT_TOPIC_ID = 103, retriable, invalid_metadata;
    /// The request is meant for another cluster than the one that received it.
    INCONSISTENT_CLUSTER_ID = 104;
    /// The coordinator knows no such transactional id.
    TRANSACTIONAL_ID_NOT_FOUND = 105;
    /// The fetch session mixes topic ids and names; begin a new session with a full fetch.
    FETCH_SESSION_TOPIC_ID_ERROR = 106, retriable;
    /// A replica of the proposed in-sync set is not in a state to join it.
    INELIGIBLE_REPLICA = 107;
    /// The in-sync replicas were changed as requested, and the partition got another leader as a
    /// result.
    NEW_LEADER_ELECTED = 108;
    /// The offset is only in remote storage, no longer on the leader's disk; occurs only between
    /// brokers (KIP-405).
    OFFSET_MOVED_TO_TIERED_STORAGE = 109;
    /// The coordinator has fenced the member; give up all partitions and join again with epoch
    /// 0.
    FENCED_MEMBER_EPOCH = 110;
    /// Another member still holds this group.instance.id; it has to leave first.
    UNRELEASED_INSTANCE_ID = 111;
    /// The group's coordinator does not offer the requested assignor.
    UNSUPPORTED_ASSIGNOR = 112;
    /// The member's epoch is out of date; its next heartbeat returns the current one, to ask again
    /// with.
    STALE_MEMBER_EPOCH = 113;
    /// The request asks a broker for what only a controller answers, or the other way round.
    MISMATCHED_ENDPOINT_TYPE = 114;
    /// The node does not know this type of endpoint.
    UNSUPPORTED_ENDPOINT_TYPE = 115;
    /// The cluster knows no controller of this id.
    UNKNOWN_CONTROLLER_ID = 116;
    /// The telemetry subscription is out of date; GetTelemetrySubscriptions returns the current
    /// one.
    UNKNOWN_SUBSCRIPTION_ID = 117;
    /// The pushed telemetry is larger than the broker accepts; push less.
    TELEMETRY_TOO_LARGE = 118;
    /// The controller refuses the broker's registration as invalid.
    INVALID_REGISTRATION = 119;
    /// The transaction cannot continue; abort it, after which the next one can begin.
    TRANSACTION_ABORTABLE = 120;
    /// The share group holds the record in a state that does not permit the acknowledgement.
    INVALID_RECORD_STATE = 121;
    /// The broker has no such share session; open a new one.
    SHARE_SESSION_NOT_FOUND = 122, retriable;
    /// The request is out of step with its share session; open a new one.
    INVALID_SHARE_SESSION_EPOCH = 123, retriable;
    /// The state epoch of the share partition is not the one that its coordinator holds.
    FENCED_STATE_EPOCH = 124;
    /// The voter's directory id is not that of the replica that received the request.
    INVALID_VOTER_KEY = 125;
    /// The replica is already among the voters.
    DUPLICATE_VOTER = 126;
    /// The replica is not among the voters.
    VOTER_NOT_FOUND = 127;
    /// The subscription's regular expression cannot be parsed.
    INVALID_REGULAR_EXPRESSION = 128;
    /// The client's metadata is too old to use; forget it and start again from the bootstrap
    /// addresses.
    REBOOTSTRAP_REQUIRED = 129;
    /// The streams topology is not valid.
    STREAMS_INVALID_TOPOLOGY = 130;
    /// The epoch of the streams topology is not valid.
    STREAMS_INVALID_TOPOLOGY_EPOCH = 131;
    /// A newer streams topology has replaced this one; the member has to catch up.
    STREAMS_TOPOLOGY_FENCED = 132;
    /// The broker has as many share sessions open as it allows; ask again after a pause.
    SHARE_SESSION_LIMIT_REACHED = 133, retriable;
    /// The group could not be deleted; the message beside its result says why.
    GROUP_DELETION_FAILED = 134;
    /// The broker could not store the description of the topology; the message beside it says why.
    STREAMS_TOPOLOGY_DESCRIPTION_UPDATE_FAILED = 135;
    /// No controller is registered under this id.
    CONTROLLER_ID_NOT_REGISTERED = 136;
}
