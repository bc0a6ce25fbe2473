//! `ApiKey`: the APIs of the Kafka protocol.

use core::fmt;
use core::ops::RangeInclusive;

#[cfg(test)]
mod tests;

/// An API key of the Kafka protocol: the `int16` that says what kind of request a frame carries.
///
/// The constants are those of Apache Kafka 4.4.0, including four APIs that it names but no longer
/// speaks. The key of an API that only a newer Kafka has is kept as it is, without a name or
/// versions.
///
/// ```
/// # use libkafka_protocol::ApiKey;
/// let key = ApiKey::from(1);
/// assert_eq!(key, ApiKey::FETCH);
/// assert_eq!(key.versions(), Some(4..=18));
/// assert_eq!(key.request_header_version(12), Some(2));
/// assert_eq!(key.to_string(), "Fetch (1)");
/// assert_eq!(ApiKey(999).to_string(), "unknown API key 999");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[repr(transparent)]
pub struct ApiKey(pub i16);

impl ApiKey {
    /// Kafka's name of the API, such as `"ListOffsets"`; `None` for an unknown key.
    #[inline]
    pub const fn name(self) -> Option<&'static str> {
        match self.entry() {
            Some(entry) => Some(entry.name),
            None => None,
        }
    }

    /// The versions that Apache Kafka 4.4.0 defines, including unstable ones; `None` for an unknown
    /// key, and for an API that 4.4.0 no longer has.
    ///
    /// The other side decides which of them may be used on a connection: ask it with
    /// [`API_VERSIONS`](Self::API_VERSIONS).
    #[inline]
    pub const fn versions(self) -> Option<RangeInclusive<i16>> {
        match self.entry() {
            Some(Entry {
                versions: Some((min, max)),
                ..
            }) => Some(RangeInclusive::new(*min, *max)),
            _ => None,
        }
    }

    /// The version of the header in front of a request of this `version`: 2 if the request is
    /// flexible (KIP-482), otherwise 1. `None` if `version` is not among
    /// [`versions`](Self::versions).
    ///
    /// A server must answer an ApiVersions request even if its version is newer than the server
    /// knows (KIP-511): it reads the header of the newest version that it does know.
    #[inline]
    pub const fn request_header_version(self, version: i16) -> Option<i16> {
        match self.is_flexible(version) {
            Some(flexible) => Some(if flexible { 2 } else { 1 }),
            None => None,
        }
    }

    /// The version of the header in front of a response of this `version`: 1 if the response is
    /// flexible (KIP-482), otherwise 0. `None` if `version` is not among
    /// [`versions`](Self::versions).
    ///
    /// It is 0 in all versions of ApiVersions, so that a client can read the answer of a server
    /// that does not know the requested version (KIP-511).
    #[inline]
    pub const fn response_header_version(self, version: i16) -> Option<i16> {
        match self.is_flexible(version) {
            Some(flexible) => Some((flexible && self.0 != Self::API_VERSIONS.0) as i16),
            None => None,
        }
    }

    /// All keys that have a name, in ascending order, including those without versions.
    #[inline]
    pub fn known() -> impl ExactSizeIterator<Item = Self> + DoubleEndedIterator + Clone {
        TABLE.iter().map(|entry| Self(entry.key))
    }

    #[inline]
    const fn is_flexible(self, version: i16) -> Option<bool> {
        match self.entry() {
            Some(Entry {
                versions: Some((min, max)),
                first_flexible,
                ..
            }) if *min <= version && version <= *max => {
                Some(matches!(*first_flexible, Some(first) if first <= version))
            }
            _ => None,
        }
    }

    #[inline]
    const fn entry(self) -> Option<&'static Entry> {
        if self.0 >= 0 && (self.0 as usize) < TABLE.len() {
            Some(&TABLE[self.0 as usize])
        } else {
            None
        }
    }
}

impl From<i16> for ApiKey {
    #[inline]
    fn from(key: i16) -> Self {
        Self(key)
    }
}

impl From<ApiKey> for i16 {
    #[inline]
    fn from(key: ApiKey) -> Self {
        key.0
    }
}

impl fmt::Display for ApiKey {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{name} ({})", self.0),
            None => write!(f, "unknown API key {}", self.0),
        }
    }
}

/// The same as [`Display`](fmt::Display), so that a header printed for debugging shows names.
impl fmt::Debug for ApiKey {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

struct Entry {
    key: i16,
    name: &'static str,
    /// The first and the last version.
    versions: Option<(i16, i16)>,
    first_flexible: Option<i16>,
}

// `entry` takes a key for an index; this stops the build on the day that Kafka leaves a gap.
const _: () = {
    let mut index = 0;
    while index < TABLE.len() {
        assert!(TABLE[index].key as usize == index);
        index += 1;
    }
};

macro_rules! optional {
    () => {
        None
    };
    ($value:expr) => {
        Some($value)
    };
}

/// Declares a constant and a table entry for each API: its key, its name, its versions, and the
/// first flexible version.
macro_rules! api_keys {
    ($($(#[doc = $line:literal])+ $constant:ident = $key:literal, $name:literal
        $(, $min:literal - $max:literal $(, flexible $first:literal +)?)?;)+) => {
        impl ApiKey {
            $($(#[doc = $line])+ pub const $constant: Self = Self($key);)+
        }

        static TABLE: &[Entry] = &[$(Entry {
            key: $key,
            name: $name,
            versions: optional!($(($min, $max))?),
            first_flexible: optional!($($($first)?)?),
        }),+];

        #[cfg(test)]
        static CONSTANTS: &[(&str, ApiKey)] = &[$((stringify!($constant), ApiKey::$constant)),+];
    };
}

api_keys! {
    /// Appends record batches to partitions.
    PRODUCE = 0, "Produce", 3-13, flexible 9+;
    /// Reads record batches from partitions.
    FETCH = 1, "Fetch", 4-18, flexible 12+;
    /// Finds the offset at a timestamp, or at the start or end of a partition.
    LIST_OFFSETS = 2, "ListOffsets", 1-11, flexible 6+;
    /// Lists brokers, topics and the leaders of partitions.
    METADATA = 3, "Metadata", 0-13, flexible 9+;
    /// Told brokers whom to lead and follow, up to Kafka 3.9 under ZooKeeper.
    LEADER_AND_ISR = 4, "LeaderAndIsr";
    /// Told brokers to drop replicas, up to Kafka 3.9 under ZooKeeper.
    STOP_REPLICA = 5, "StopReplica";
    /// Spread metadata among brokers, up to Kafka 3.9 under ZooKeeper.
    UPDATE_METADATA = 6, "UpdateMetadata";
    /// Moved leaders off a broker about to stop, up to Kafka 3.9 under ZooKeeper.
    CONTROLLED_SHUTDOWN = 7, "ControlledShutdown";
    /// Stores the offsets up to which a group has read.
    OFFSET_COMMIT = 8, "OffsetCommit", 2-10, flexible 8+;
    /// Reads the offsets that a group has committed.
    OFFSET_FETCH = 9, "OffsetFetch", 1-10, flexible 6+;
    /// Finds the broker that coordinates a group, transactional id or share partition.
    FIND_COORDINATOR = 10, "FindCoordinator", 0-6, flexible 3+;
    /// Makes the caller a member of a classic group and starts a rebalance.
    JOIN_GROUP = 11, "JoinGroup", 0-9, flexible 6+;
    /// Keeps a member of a classic group alive.
    HEARTBEAT = 12, "Heartbeat", 0-4, flexible 4+;
    /// Removes members from a classic group.
    LEAVE_GROUP = 13, "LeaveGroup", 0-5, flexible 4+;
    /// Hands the leader's assignment to the members of a classic group.
    SYNC_GROUP = 14, "SyncGroup", 0-5, flexible 4+;
    /// Describes classic groups and their members.
    DESCRIBE_GROUPS = 15, "DescribeGroups", 0-6, flexible 5+;
    /// Lists the groups that a broker coordinates.
    LIST_GROUPS = 16, "ListGroups", 0-5, flexible 3+;
    /// Chooses the SASL mechanism of a connection.
    SASL_HANDSHAKE = 17, "SaslHandshake", 0-1;
    /// Asks a node which versions of which APIs it supports.
    API_VERSIONS = 18, "ApiVersions", 0-5, flexible 3+;
    /// Creates topics.
    CREATE_TOPICS = 19, "CreateTopics", 2-7, flexible 5+;
    /// Deletes topics.
    DELETE_TOPICS = 20, "DeleteTopics", 1-6, flexible 4+;
    /// Deletes a partition's records before an offset.
    DELETE_RECORDS = 21, "DeleteRecords", 0-2, flexible 2+;
    /// Gives a producer its id and epoch, and fences earlier epochs. Kafka offers version 6 only if
    /// `unstable.api.versions.enable` is set (KIP-939).
    INIT_PRODUCER_ID = 22, "InitProducerId", 0-6, flexible 2+;
    /// Finds the offset at which a leader epoch ended.
    OFFSET_FOR_LEADER_EPOCH = 23, "OffsetForLeaderEpoch", 2-4, flexible 4+;
    /// Adds partitions to a transaction.
    ADD_PARTITIONS_TO_TXN = 24, "AddPartitionsToTxn", 0-5, flexible 3+;
    /// Adds a group's offsets to a transaction.
    ADD_OFFSETS_TO_TXN = 25, "AddOffsetsToTxn", 0-4, flexible 3+;
    /// Commits or aborts a transaction.
    END_TXN = 26, "EndTxn", 0-5, flexible 3+;
    /// Has brokers write the outcome of transactions into partitions.
    WRITE_TXN_MARKERS = 27, "WriteTxnMarkers", 1-2, flexible 1+;
    /// Stores a group's offsets as part of a transaction.
    TXN_OFFSET_COMMIT = 28, "TxnOffsetCommit", 0-6, flexible 3+;
    /// Lists access control entries.
    DESCRIBE_ACLS = 29, "DescribeAcls", 1-3, flexible 2+;
    /// Creates access control entries.
    CREATE_ACLS = 30, "CreateAcls", 1-3, flexible 2+;
    /// Deletes access control entries.
    DELETE_ACLS = 31, "DeleteAcls", 1-3, flexible 2+;
    /// Reads the configuration of topics, brokers and other resources.
    DESCRIBE_CONFIGS = 32, "DescribeConfigs", 1-4, flexible 4+;
    /// Replaces the whole configuration of a resource.
    ALTER_CONFIGS = 33, "AlterConfigs", 0-2, flexible 2+;
    /// Moves replicas between the log directories of a broker.
    ALTER_REPLICA_LOG_DIRS = 34, "AlterReplicaLogDirs", 1-2, flexible 2+;
    /// Describes a broker's log directories and what takes up their space.
    DESCRIBE_LOG_DIRS = 35, "DescribeLogDirs", 1-5, flexible 2+;
    /// Carries the tokens of a SASL exchange.
    SASL_AUTHENTICATE = 36, "SaslAuthenticate", 0-2, flexible 2+;
    /// Adds partitions to topics.
    CREATE_PARTITIONS = 37, "CreatePartitions", 0-3, flexible 2+;
    /// Creates a delegation token.
    CREATE_DELEGATION_TOKEN = 38, "CreateDelegationToken", 1-3, flexible 2+;
    /// Puts off the expiry of a delegation token.
    RENEW_DELEGATION_TOKEN = 39, "RenewDelegationToken", 1-2, flexible 2+;
    /// Sets or brings about the expiry of a delegation token.
    EXPIRE_DELEGATION_TOKEN = 40, "ExpireDelegationToken", 1-2, flexible 2+;
    /// Lists delegation tokens by owner.
    DESCRIBE_DELEGATION_TOKEN = 41, "DescribeDelegationToken", 1-3, flexible 2+;
    /// Deletes groups that have no members.
    DELETE_GROUPS = 42, "DeleteGroups", 0-3, flexible 2+;
    /// Holds an election for the leaders of partitions.
    ELECT_LEADERS = 43, "ElectLeaders", 0-2, flexible 2+;
    /// Changes single entries of a resource's configuration.
    INCREMENTAL_ALTER_CONFIGS = 44, "IncrementalAlterConfigs", 0-1, flexible 1+;
    /// Starts or cancels the move of partitions to other brokers.
    ALTER_PARTITION_REASSIGNMENTS = 45, "AlterPartitionReassignments", 0-1, flexible 0+;
    /// Lists the moves of partitions that are under way.
    LIST_PARTITION_REASSIGNMENTS = 46, "ListPartitionReassignments", 0-0, flexible 0+;
    /// Deletes the offsets that a group has committed.
    OFFSET_DELETE = 47, "OffsetDelete", 0-0;
    /// Reads the quotas of users, clients and addresses.
    DESCRIBE_CLIENT_QUOTAS = 48, "DescribeClientQuotas", 0-1, flexible 1+;
    /// Changes the quotas of users, clients and addresses.
    ALTER_CLIENT_QUOTAS = 49, "AlterClientQuotas", 0-1, flexible 1+;
    /// Lists which SCRAM credentials users have.
    DESCRIBE_USER_SCRAM_CREDENTIALS = 50, "DescribeUserScramCredentials", 0-0, flexible 0+;
    /// Sets or removes users' SCRAM credentials.
    ALTER_USER_SCRAM_CREDENTIALS = 51, "AlterUserScramCredentials", 0-0, flexible 0+;
    /// Asks for a vote in the metadata quorum.
    VOTE = 52, "Vote", 0-2, flexible 0+;
    /// Tells voters of the metadata quorum who leads a new epoch.
    BEGIN_QUORUM_EPOCH = 53, "BeginQuorumEpoch", 0-1, flexible 1+;
    /// Lets a leader of the metadata quorum step down.
    END_QUORUM_EPOCH = 54, "EndQuorumEpoch", 0-1, flexible 1+;
    /// Describes the metadata quorum, its leader, and how far its replicas have come.
    DESCRIBE_QUORUM = 55, "DescribeQuorum", 0-2, flexible 0+;
    /// Has the controller change a partition's in-sync replicas.
    ALTER_PARTITION = 56, "AlterPartition", 2-3, flexible 2+;
    /// Raises or lowers the feature levels of the cluster.
    UPDATE_FEATURES = 57, "UpdateFeatures", 0-2, flexible 0+;
    /// Wraps a client's request that a broker forwards to the controller.
    ENVELOPE = 58, "Envelope", 0-0, flexible 0+;
    /// Reads a piece of a snapshot of the metadata log.
    FETCH_SNAPSHOT = 59, "FetchSnapshot", 0-1, flexible 0+;
    /// Describes the cluster: its id, its brokers or its controllers.
    DESCRIBE_CLUSTER = 60, "DescribeCluster", 0-2, flexible 0+;
    /// Describes the producers that are active in partitions.
    DESCRIBE_PRODUCERS = 61, "DescribeProducers", 0-0, flexible 0+;
    /// Registers a starting broker with the controller.
    BROKER_REGISTRATION = 62, "BrokerRegistration", 0-4, flexible 0+;
    /// Keeps a broker's registration alive, and asks to be fenced or shut down.
    BROKER_HEARTBEAT = 63, "BrokerHeartbeat", 0-2, flexible 0+;
    /// Removes a broker that is gone from the cluster.
    UNREGISTER_BROKER = 64, "UnregisterBroker", 0-0, flexible 0+;
    /// Describes transactions by transactional id.
    DESCRIBE_TRANSACTIONS = 65, "DescribeTransactions", 0-0, flexible 0+;
    /// Lists the transactions that a broker coordinates.
    LIST_TRANSACTIONS = 66, "ListTransactions", 0-2, flexible 0+;
    /// Reserves a range of producer ids for a broker.
    ALLOCATE_PRODUCER_IDS = 67, "AllocateProducerIds", 0-0, flexible 0+;
    /// Joins, stays in and leaves a consumer group of the new protocol (KIP-848).
    CONSUMER_GROUP_HEARTBEAT = 68, "ConsumerGroupHeartbeat", 0-1, flexible 0+;
    /// Describes consumer groups of the new protocol (KIP-848).
    CONSUMER_GROUP_DESCRIBE = 69, "ConsumerGroupDescribe", 0-1, flexible 0+;
    /// Registers a starting controller with the active one.
    CONTROLLER_REGISTRATION = 70, "ControllerRegistration", 0-0, flexible 0+;
    /// Asks which metrics the cluster wants from this client (KIP-714).
    GET_TELEMETRY_SUBSCRIPTIONS = 71, "GetTelemetrySubscriptions", 0-0, flexible 0+;
    /// Sends the client's metrics to the cluster (KIP-714).
    PUSH_TELEMETRY = 72, "PushTelemetry", 0-0, flexible 0+;
    /// Tells the controller which log directories replicas are in.
    ASSIGN_REPLICAS_TO_DIRS = 73, "AssignReplicasToDirs", 0-0, flexible 0+;
    /// Lists the resources of a kind that have a configuration.
    LIST_CONFIG_RESOURCES = 74, "ListConfigResources", 0-1, flexible 0+;
    /// Describes the partitions of topics, a page at a time (KIP-966).
    DESCRIBE_TOPIC_PARTITIONS = 75, "DescribeTopicPartitions", 0-0, flexible 0+;
    /// Joins, stays in and leaves a share group (KIP-932).
    SHARE_GROUP_HEARTBEAT = 76, "ShareGroupHeartbeat", 1-1, flexible 1+;
    /// Describes share groups (KIP-932).
    SHARE_GROUP_DESCRIBE = 77, "ShareGroupDescribe", 1-1, flexible 1+;
    /// Acquires records for a member of a share group (KIP-932).
    SHARE_FETCH = 78, "ShareFetch", 1-2, flexible 1+;
    /// Says what became of the records that a member of a share group acquired (KIP-932).
    SHARE_ACKNOWLEDGE = 79, "ShareAcknowledge", 1-2, flexible 1+;
    /// Adds a voter to the metadata quorum (KIP-853).
    ADD_RAFT_VOTER = 80, "AddRaftVoter", 0-1, flexible 0+;
    /// Removes a voter from the metadata quorum (KIP-853).
    REMOVE_RAFT_VOTER = 81, "RemoveRaftVoter", 0-0, flexible 0+;
    /// Changes a voter's addresses and versions in the metadata quorum (KIP-853).
    UPDATE_RAFT_VOTER = 82, "UpdateRaftVoter", 0-0, flexible 0+;
    /// Creates the stored state of share partitions (KIP-932).
    INITIALIZE_SHARE_GROUP_STATE = 83, "InitializeShareGroupState", 0-0, flexible 0+;
    /// Reads the stored state of share partitions (KIP-932).
    READ_SHARE_GROUP_STATE = 84, "ReadShareGroupState", 0-0, flexible 0+;
    /// Writes the stored state of share partitions (KIP-932).
    WRITE_SHARE_GROUP_STATE = 85, "WriteShareGroupState", 0-1, flexible 0+;
    /// Deletes the stored state of share partitions (KIP-932).
    DELETE_SHARE_GROUP_STATE = 86, "DeleteShareGroupState", 0-0, flexible 0+;
    /// Reads the stored state of share partitions without its batches (KIP-932).
    READ_SHARE_GROUP_STATE_SUMMARY = 87, "ReadShareGroupStateSummary", 0-1, flexible 0+;
    /// Joins, stays in and leaves a streams group (KIP-1071).
    STREAMS_GROUP_HEARTBEAT = 88, "StreamsGroupHeartbeat", 0-1, flexible 0+;
    /// Describes streams groups (KIP-1071).
    STREAMS_GROUP_DESCRIBE = 89, "StreamsGroupDescribe", 0-1, flexible 0+;
    /// Reads the offsets from which a share group begins (KIP-932).
    DESCRIBE_SHARE_GROUP_OFFSETS = 90, "DescribeShareGroupOffsets", 0-1, flexible 0+;
    /// Sets the offsets from which a share group begins (KIP-932).
    ALTER_SHARE_GROUP_OFFSETS = 91, "AlterShareGroupOffsets", 0-0, flexible 0+;
    /// Deletes a share group's offsets of whole topics (KIP-932).
    DELETE_SHARE_GROUP_OFFSETS = 92, "DeleteShareGroupOffsets", 0-0, flexible 0+;
    /// Sends the description of a streams group's topology to its coordinator.
    STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE = 93, "StreamsGroupTopologyDescriptionUpdate", 0-0, flexible 0+;
    /// Removes a controller that is gone from the cluster.
    UNREGISTER_CONTROLLER = 94, "UnregisterController", 0-0, flexible 0+;
}
