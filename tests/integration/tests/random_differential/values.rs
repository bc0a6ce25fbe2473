//! The values of fields, by their names: mostly what exists and what lies at the edges.

use fastrand::Rng;
use libkafka_protocol::FieldType;
use serde_json::{Value, json};

use crate::administration;
use crate::api::Api;
use crate::focus::{Focus, NO_ID, UNKNOWN_ID};
use crate::generate::Place;
use crate::random_batches::random_batches;

/// The first version to ask in: that one of UpdateFeatures cannot only try.
pub(crate) fn first_version(api: &Api) -> i16 {
    match api.short_name() {
        "UpdateFeatures" => 1,
        _ => api.versions.min,
    }
}

/// The last version to ask in: less than there is where real Kafka keeps one to itself.
pub(crate) fn last_version(api: &Api) -> i16 {
    match api.short_name() {
        "InitProducerId" => 5,
        _ => api.versions.max,
    }
}

/// How often an API is asked, in a sequence that `administers` or another.
pub(crate) fn weight(api: &str, administers: bool) -> usize {
    match api {
        _ if administers && administration::APIS.contains(&api) => 12,
        "Produce" | "Fetch" => 8,
        "InitProducerId" | "AddPartitionsToTxn" | "JoinGroup" | "ConsumerGroupHeartbeat" => 4,
        "OffsetCommit" | "OffsetFetch" | "ListOffsets" | "EndTxn" | "SyncGroup" | "Heartbeat" => 3,
        "TxnOffsetCommit" | "AddOffsetsToTxn" | "CreateTopics" | "Metadata" => 3,
        "DescribeConfigs" | "IncrementalAlterConfigs" => 2,
        _ if administration::APIS.contains(&api) => 1,
        "ListPartitionReassignments" | "ApiVersions" => 1,
        "SaslHandshake" | "SaslAuthenticate" | "DescribeCluster" => 1,
        _ => 2,
    }
}

pub(crate) fn null_percent(place: &Place<'_>) -> u8 {
    match place.field.name {
        // All there are, those of other runs too.
        "topicPartitions" | "topics"
            if ["ElectLeaders", "ListPartitionReassignments"].contains(&place.api) =>
        {
            0
        }
        "groupInstanceId" | "instanceId" | "subscribedTopicRegex" | "topicPartitions" => 80,
        "cursor" => 70,
        "transactionalId" if place.api == "Produce" => 80,
        "transactionalId" => 40,
        // No client does that.
        "records" if place.api == "Produce" => 0,
        "records" => 3,
        // Neither a name nor an id: Kafka fails at it.
        "name" if place.api == "Metadata" => 0,
        "serverAssignor" | "rackId" | "reason" => 50,
        _ => 12,
    }
}

/// How many elements an array has.
pub(crate) fn count(place: &Place<'_>, rng: &mut Rng) -> usize {
    match place.field.name {
        "assignments" if place.api == "CreateTopics" || place.api == "CreatePartitions" => {
            *rng.choice(&[0, 0, 0, 0, 0, 0, 1, 2]).unwrap_or(&0)
        }
        // Of several that are wrong, Kafka tells of one, by the order of a hash table.
        "configs" => *rng.choice(&[0, 0, 1]).unwrap_or(&0),
        "ops" | "featureUpdates" => *rng.choice(&[0, 1, 1, 1]).unwrap_or(&1),
        // Real Kafka never answers one that asks for nothing.
        "transactions" => rng.usize(1..3),
        // All there are, those of other runs too.
        "topics" if place.api == "DescribeTopicPartitions" => rng.usize(1..3),
        "forgottenTopicsData" => *rng.choice(&[0, 0, 0, 1]).unwrap_or(&0),
        "statesFilter" | "typesFilter" | "stateFilters" | "producerIdFilters" => {
            *rng.choice(&[0, 0, 0, 1, 2]).unwrap_or(&0)
        }
        _ => *rng.choice(&[0, 1, 1, 1, 1, 1, 1, 2, 2, 3]).unwrap_or(&1),
    }
}

/// Whether nothing is named twice: Kafka takes the last that is asked of a partition, or the first,
/// and refuses a topic to be made twice, which is compared.
pub(crate) fn is_once(place: &Place<'_>) -> bool {
    !["Metadata", "CreateTopics", "DeleteTopics"].contains(&place.api)
        || ["assignments", "configs"].contains(&place.field.name)
}

/// What an element of such a list goes by.
pub(crate) fn name_of(element: &Value) -> String {
    let names = [
        "resourceName",
        "name",
        "topic",
        "topicId",
        "index",
        "partition",
        "partitionIndex",
        "groupId",
        "transactionalId",
        "producerId",
        "entity",
        "key",
        "feature",
    ];
    let mut found = names.iter().filter_map(|name| element.get(name));
    found.next().unwrap_or(element).to_string()
}

/// A value that is not made element by element.
pub(crate) fn whole(place: &Place<'_>, focus: &Focus, rng: &mut Rng) -> Option<Value> {
    if let Some(value) = administration::value(place, focus, rng) {
        return Some(value);
    }
    let is_odd = rng.u8(0..25) == 0;
    let value = match (place.api, place.field.name) {
        ("Produce", "records") if !is_odd => {
            json!({ "batches": random_batches(place, focus, rng) })
        }
        ("JoinGroup", "metadata") if !is_odd => json!({ "subscription": [focus.topic] }),
        // Kafka fails at it, or forgets to answer.
        ("Fetch", "topicId") if focus.topic_id == NO_ID => UNKNOWN_ID.into(),
        ("Fetch", "replicaState") => json!({ "replicaId": -1, "replicaEpoch": -1 }),
        ("Fetch" | "ApiVersions", "clusterId") => Value::Null,
        // The name or the id, mostly not both.
        ("Metadata", "name") if place.version >= 10 && !topic_id_is_none(place) => {
            if is_odd {
                return None;
            }
            Value::Null
        }
        ("DeleteTopics", "name") if place.version >= 6 && rng.bool() => Value::Null,
        ("Metadata" | "DeleteTopics", "topicId") => {
            let named = place.beside.get("name").is_some_and(|name| !name.is_null());
            match named != is_odd || place.api == "Metadata" && rng.bool() {
                true => "AAAAAAAAAAAAAAAAAAAAAA".into(),
                false => focus.topic_id.as_str().into(),
            }
        }
        _ => return None,
    };
    let field = place.field;
    if value.is_null() && !field.nullable.contains(place.version) {
        return None;
    }
    Some(value)
}

fn topic_id_is_none(place: &Place<'_>) -> bool {
    place
        .beside
        .get("topicId")
        .is_none_or(|id| id == "AAAAAAAAAAAAAAAAAAAAAA")
}

/// A value of a field, or of an element of it.
pub(crate) fn scalar(place: &Place<'_>, ty: &FieldType, focus: &Focus, rng: &mut Rng) -> Value {
    match ty {
        FieldType::String => text(place, focus, rng).into(),
        FieldType::Bool => {
            let rare = ["validateOnly", "verifyOnly", "replaceAll"];
            match rare.contains(&place.field.name) {
                true => rng.u8(0..5) == 0,
                false => rng.bool(),
            }
            .into()
        }
        FieldType::Bytes => ["", "AQ==", "AAEC"][rng.usize(0..3)].into(),
        FieldType::Uuid => match place.field.name {
            "topicId" => focus.topic_id.as_str().into(),
            _ => "AAAAAAAAAAAAAAAAAAAAAA".into(),
        },
        FieldType::Float64 => rng.choice(&[0.0, 1.0, 1000.5, -1.0]).copied().into(),
        ty => {
            let (least, most) = match ty {
                FieldType::Int8 => (i8::MIN.into(), i8::MAX.into()),
                FieldType::Int16 => (i16::MIN.into(), i16::MAX.into()),
                FieldType::Uint16 => (0, u16::MAX.into()),
                FieldType::Int32 => (i32::MIN.into(), i32::MAX.into()),
                FieldType::Uint32 => (0, u32::MAX.into()),
                _ => (i64::MIN, i64::MAX),
            };
            number(place, focus, rng, most).clamp(least, most).into()
        }
    }
}

fn text(place: &Place<'_>, focus: &Focus, rng: &mut Rng) -> String {
    let of = |of: &[&str], rng: &mut Rng| of[rng.usize(0..of.len())].to_owned();
    let is_odd = rng.u8(0..8) == 0;
    match (place.parent, place.field.name) {
        ("configs", "name") => of(CONFIGS, rng),
        ("configs", "value") => of(CONFIG_VALUES, rng),
        ("protocols", "name") => of(&["range", "range", "range", "roundrobin"], rng),
        (_, "name" | "topic" | "topicName" | "topicNames" | "subscribedTopicNames") => {
            focus.topic.clone()
        }
        (_, "resourceName") => focus.topic.clone(),
        (_, "groupId" | "groups" | "groupsNames" | "groupIds") if is_odd => {
            of(&["~g", "~h", "~other"], rng)
        }
        (_, "groupId" | "groups" | "groupsNames" | "groupIds") => focus.group.clone(),
        (_, "key" | "coordinatorKeys") => match rng.bool() {
            true => focus.group.clone(),
            false => focus.transactional_id.clone(),
        },
        (_, "memberId") => match &focus.member {
            Some(member) if !is_odd => member.id.clone(),
            _ => of(&["", "", "~stranger", "~m1", "~m2"], rng),
        },
        ("", "groupInstanceId") => of(&["~i", "~i", "~j"], rng),
        (_, "groupInstanceId" | "instanceId") => of(&["~i", "~i", "~j", ""], rng),
        (_, "transactionalId" | "transactionalIds" | "v3AndBelowTransactionalId") => match is_odd {
            true => of(&["~t", "~u", "~v", ""], rng),
            false => focus.transactional_id.clone(),
        },
        (_, "protocolType") => of(&["consumer", "consumer", "consumer", "", "connect"], rng),
        (_, "protocolName") => of(&["range", "range", "roundrobin", ""], rng),
        (_, "rackId") => of(&["", "rack1", "rack2"], rng),
        (_, "statesFilter") => of(
            &[
                "Stable",
                "Empty",
                "stable",
                "PreparingRebalance",
                "Dead",
                "Assigning",
                "Nonsense",
                "",
            ],
            rng,
        ),
        (_, "typesFilter") => of(&["classic", "consumer", "Consumer", "share", "x", ""], rng),
        (_, "stateFilters") => of(
            &[
                "Ongoing",
                "Empty",
                "CompleteCommit",
                "CompleteAbort",
                "Dead",
                "x",
                "",
            ],
            rng,
        ),
        (_, "transactionalIdPattern") => of(&["", "~t", "~.*", "~[tu]", "[", ".*"], rng),
        (_, "subscribedTopicRegex") => of(&["", "~.*", "~a", "[", "~(a|b)"], rng),
        (_, "serverAssignor") => of(&["uniform", "range", "range", "nonsense", ""], rng),
        // Not too long: of a group that comes to be by such a one, Kafka tells only when it has
        // written something else.
        (_, "committedMetadata") => of(&["", "", "m", "metadata"], rng),
        (_, "mechanism") => of(&["PLAIN", "SCRAM-SHA-256", "x"], rng),
        (_, "clientSoftwareName" | "clientSoftwareVersion") => {
            of(&["x", "x.y", "-", "", "a b"], rng)
        }
        _ => of(&["", "x", "~x"], rng),
    }
}

/// Configurations of topics.
pub(crate) const CONFIGS: &[&str] = &[
    "retention.ms",
    "cleanup.policy",
    "max.message.bytes",
    "message.timestamp.type",
    "message.timestamp.before.max.ms",
    "message.timestamp.after.max.ms",
    "min.insync.replicas",
    "compression.type",
    "segment.bytes",
    "unclean.leader.election.enable",
    "min.cleanable.dirty.ratio",
    "local.retention.ms",
    "nonsense",
    "",
];

/// What may be, or may not, the value of one.
pub(crate) const CONFIG_VALUES: &[&str] = &[
    "1",
    "0",
    "-1",
    "1000",
    "100",
    "2",
    "compact",
    "delete",
    "compact,delete",
    "delete,delete",
    "LogAppendTime",
    "CreateTime",
    "true",
    "FALSE",
    "gzip",
    "zstd",
    "producer",
    "uncompressed",
    "",
    "abc",
    "0.5",
    " 5 ",
    "*",
    "0:1",
    "9999999999",
    "1048576",
];

fn number(place: &Place<'_>, focus: &Focus, rng: &mut Rng, most: i64) -> i64 {
    let of = |of: &[i64], rng: &mut Rng| of[rng.usize(0..of.len())];
    let is_odd = rng.u8(0..8) == 0;
    match (place.api, place.field.name) {
        // Kafka counts on from the last number that there is.
        ("DescribeTopicPartitions", "partitionIndex") => of(&[0, 0, 1, 2, 7, -1], rng),
        ("Produce", "timeoutMs") => of(&[30_000, 1_000, 30_000], rng),
        (_, "timeoutMs") => of(&[30_000, 60_000], rng),
        (
            _,
            "partition" | "partitionIndex" | "partitions" | "partitionIndexes" | "index"
            | "partitionId",
        ) => match is_odd {
            true => of(&[0, 1, 2, 7, -1, i64::from(i32::MAX)], rng),
            false => focus.partition,
        },
        (_, "numPartitions") => of(&[1, 1, 2, 2, 3, -1, -1, 0, -2], rng),
        (_, "replicationFactor") => of(&[1, 1, 1, 1, -1, -1, 0, 2, -2], rng),
        (_, "count") => of(&[1, 2, 3, 3, 4, 5, 0, -1], rng),
        (_, "electionType") => of(&[0, 0, 1, 2], rng),
        (_, "brokerIds" | "replicas") => of(&[1, 1, 1, 1, 2, -1], rng),
        (_, "acks") => of(&[-1, -1, -1, 1, 1, 0], rng),
        (_, "maxWaitMs") => of(&[0, 1, 5, -1], rng),
        (_, "minBytes") => of(&[0, 1, 1, 100, -1], rng),
        (_, "maxBytes") => of(&[most, most, 1_000_000, 1000, 100, 0], rng),
        (_, "partitionMaxBytes") => of(&[1_000_000, 1_000_000, most, 1000, 100, 0], rng),
        ("Fetch", "isolationLevel") => of(&[0, 1], rng),
        (_, "isolationLevel") => of(&[0, 0, 1, 1, 2], rng),
        (_, "replicaId") => of(&[-1, -1, -1, -1, -1, -1, -1, -2], rng),
        (_, "currentLeaderEpoch") => of(&[-1, -1, -1, -1, 0, 0, 1, 5, -2], rng),
        (_, "lastFetchedEpoch") => of(&[-1, -1, -1, -1, -1, -1, 0, 0, 1], rng),
        (_, "leaderEpoch" | "committedLeaderEpoch") => of(&[0, 0, 0, -1, 1, 5], rng),
        (_, "fetchOffset") => of(&[0, 0, 0, 0, 1, 2, 3, 5, 10, -1, most], rng),
        (_, "logStartOffset") => of(&[-1, -1, 0, 5], rng),
        ("DeleteRecords", "offset") => of(&[-1, 0, 1, 2, 3, 100, -2], rng),
        ("ListOffsets", "timestamp") => of(
            &[
                -1, -1, -2, -2, -3, -3, -4, -5, -6, 0, 1, 1000, 1001, 1500, most,
            ],
            rng,
        ),
        (_, "committedOffset") => of(&[0, 1, 5, 100, -1, most], rng),
        (_, "generationId" | "generationIdOrMemberEpoch" | "memberEpoch") => match &focus.member {
            Some(member) if !is_odd => member.generation,
            _ => of(&[-1, -2, 0, 0, 0, 1, 2, 5], rng),
        },
        (_, "sessionTimeoutMs") => of(&[30_000, 30_000, 60_000, 60_000, 5_999, 0, 3_000_000], rng),
        (_, "rebalanceTimeoutMs") => of(&[60_000, 300_000], rng),
        (_, "retentionTimeMs") => of(&[-1, -1, 1_000_000, 0], rng),
        (_, "transactionTimeoutMs") => of(&[60_000, 60_000, 60_000, 0, -1, 900_001, most], rng),
        // Less than none keeps Kafka from answering.
        ("WriteTxnMarkers", "producerId") => {
            focus.producer.as_ref().map_or(6_000_000_001, |p| p.id)
        }
        ("WriteTxnMarkers", "producerEpoch") => {
            focus.producer.as_ref().map_or(0, |p| p.epoch) + of(&[0, 0, 1], rng)
        }
        (_, "producerId" | "v3AndBelowProducerId" | "producerIdFilters") => match &focus.producer {
            Some(producer) if !is_odd => producer.id,
            _ => of(&[-1, -1, 6_000_000_001], rng),
        },
        (_, "producerEpoch" | "v3AndBelowProducerEpoch") => match &focus.producer {
            Some(producer) if !is_odd => producer.epoch,
            Some(producer) => producer.epoch + of(&[-1, 1, 2], rng),
            _ => of(&[-1, 0, 1], rng),
        },
        (_, "keyType") => of(&[0, 0, 0, 1, 1, 1, 2, -1, 9], rng),
        // A later one keeps the transactions of real Kafka from ending for good.
        (_, "coordinatorEpoch") => 0,
        (_, "transactionVersion") => of(&[0, 1, 1, 2, 3], rng),
        (_, "responsePartitionLimit") => of(&[2000, 2000, 1, 2, 0, -1], rng),
        (_, "endpointType") => of(&[1, 1, 1, 2, 0, 9], rng),
        (_, "durationFilter") => of(&[-1, -1, -1, 100_000_000], rng),
        (_, "sessionId") => match &focus.session {
            Some(session) if !is_odd => session.id,
            _ => of(&[0, 0, 0, 0, 77], rng),
        },
        (_, "sessionEpoch") => match &focus.session {
            Some(session) if !is_odd => session.epoch,
            _ => of(&[-1, -1, -1, 0, 0, 0, 1, 2], rng),
        },
        ("ApiVersions", "nodeId") => -1,
        _ => of(&[0, 1, -1, 2, most], rng),
    }
}
