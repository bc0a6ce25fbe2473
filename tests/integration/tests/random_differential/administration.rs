//! The values of fields of requests that administer: ACLs, quotas, users, features, and the
//! configurations of more than topics.
//!
//! Real Kafka is the same for all sequences. So what would stay with it is only tried
//! (`validateOnly`): configurations of brokers and levels of loggers, and features; and nothing is
//! said of what has no name of its own: quotas of everybody, and ACLs of all topics.

use fastrand::Rng;
use libkafka_protocol::constants::config_resource_type::{
    BROKER, BROKER_LOGGER, CLIENT_METRICS, GROUP, TOPIC,
};
use serde_json::{Value, json};

use crate::focus::Focus;
use crate::generate::Place;
use crate::values::{CONFIG_VALUES, CONFIGS};

/// The APIs of which most sequences ask little, and some much.
pub(crate) const APIS: &[&str] = &[
    "DescribeAcls",
    "CreateAcls",
    "DeleteAcls",
    "DescribeConfigs",
    "AlterConfigs",
    "IncrementalAlterConfigs",
    "ListConfigResources",
    "DescribeClientQuotas",
    "AlterClientQuotas",
    "DescribeUserScramCredentials",
    "AlterUserScramCredentials",
    "DescribeLogDirs",
    "AlterReplicaLogDirs",
    "DescribeQuorum",
    "UpdateFeatures",
    "DescribeDelegationToken",
];

/// A value of these APIs; `None` for a field that is made as in other requests.
pub(crate) fn value(place: &Place<'_>, focus: &Focus, rng: &mut Rng) -> Option<Value> {
    match place.api {
        "DescribeAcls" | "CreateAcls" | "DeleteAcls" => acl(place, focus, rng),
        "DescribeConfigs" | "AlterConfigs" | "IncrementalAlterConfigs" => {
            configured(place, focus, rng)
        }
        "DescribeClientQuotas" | "AlterClientQuotas" => quota(place, rng),
        "DescribeUserScramCredentials" | "AlterUserScramCredentials" => user(place, rng),
        "UpdateFeatures" => feature(place, rng),
        "DescribeQuorum" => match place.field.name {
            "topicName" if rng.u8(0..6) > 0 => Some("__cluster_metadata".into()),
            "topicName" => Some(focus.topic.as_str().into()),
            "partitionIndex" => number(&[0, 0, 0, 0, 1, -1], rng),
            _ => None,
        },
        "AlterReplicaLogDirs" if place.field.name == "path" => {
            text(&["/nowhere", "/nowhere/else", "nowhere", ""], rng)
        }
        "ListConfigResources" if place.field.name == "resourceTypes" => {
            let count = rng.usize(0..3);
            let types = (0..count).map(|_| number(&[2, 4, 8, 16, 32, 2, 16, 32, 0, 9], rng));
            Some(types.flatten().collect())
        }
        _ => None,
    }
}

fn number(of: &[i64], rng: &mut Rng) -> Option<Value> {
    rng.choice(of).copied().map(Value::from)
}

fn text(of: &[&str], rng: &mut Rng) -> Option<Value> {
    rng.choice(of).copied().map(Value::from)
}

fn acl(place: &Place<'_>, focus: &Focus, rng: &mut Rng) -> Option<Value> {
    let is_filter = place.api != "CreateAcls";
    let any = is_filter && rng.u8(0..5) < 3;
    let is_odd = rng.u8(0..20) == 0;
    let number = |usual: &[i64], odd: &[i64], rng: &mut Rng| match (is_odd, any) {
        (true, _) => number(odd, rng),
        (_, true) => Some(1.into()),
        _ => number(usual, rng),
    };
    let text = |usual: &[&str], odd: &[&str], rng: &mut Rng| match (is_odd, any) {
        (true, _) => text(odd, rng),
        // Those of other sequences stay.
        (_, true) if place.field.name != "resourceNameFilter" || place.api == "DescribeAcls" => {
            Some(Value::Null)
        }
        _ => text(usual, rng),
    };
    match place.field.name {
        "resourceType" | "resourceTypeFilter" => {
            number(&[2, 2, 2, 2, 3, 3, 5, 7], &[0, 1, 4, 6, 8, -1], rng)
        }
        "resourcePatternType" => number(&[3, 3, 4], &[0, 1, 2, 5, -1], rng),
        "patternTypeFilter" => number(&[3, 4, 2, 2], &[0, 1, 5, -1], rng),
        "resourceName" | "resourceNameFilter" => {
            let names = ["~a", "~b", "~", "~a.b", focus.group.as_str()];
            text(&names, &[""], rng)
        }
        "principal" | "principalFilter" => text(
            &["User:alice", "User:alice", "User:bob", "User:*"],
            &["alice", "", ":", "User:", "Group:x:y"],
            rng,
        ),
        "host" | "hostFilter" => text(&["*", "*", "127.0.0.1"], &["x", ""], rng),
        "operation" => {
            let usual = [2, 3, 4, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
            number(&usual, &[0, 1, 16, -1], rng)
        }
        "permissionType" => number(&[3, 3, 2], &[0, 1, 4, -1], rng),
        _ => None,
    }
}

fn configured(place: &Place<'_>, focus: &Focus, rng: &mut Rng) -> Option<Value> {
    let kind = place.beside.get("resourceType").and_then(Value::as_i64);
    let kind = kind.and_then(|kind| i8::try_from(kind).ok()).unwrap_or(0);
    match place.field.name {
        "resourceType" => match rng.u8(0..24) {
            0 => number(&[0, 1, 3, 64, -1], rng),
            1 => Some(BROKER_LOGGER.into()),
            2..5 => Some(BROKER.into()),
            5..9 => Some(GROUP.into()),
            9..12 => Some(CLIENT_METRICS.into()),
            _ => Some(TOPIC.into()),
        },
        "resourceName" => match kind {
            BROKER | BROKER_LOGGER => text(&["1", "1", "1", "", "2", "x"], rng),
            GROUP => text(&[focus.group.as_str(), &focus.group, "~g", ""], rng),
            CLIENT_METRICS => text(&["~m", "~m", "~n", ""], rng),
            _ => None,
        },
        // All of a broker's are each broker's own, and so are the levels of all loggers.
        "configurationKeys" if kind == BROKER_LOGGER => Some(json!(["no.such.logger"])),
        "configurationKeys" if kind == BROKER => {
            let count = rng.usize(1..4);
            Some((0..count).map(|_| name(kind, rng)).collect())
        }
        "configurationKeys" if rng.u8(0..3) == 0 => Some(Value::Null),
        "configurationKeys" => {
            let count = rng.usize(0..4);
            Some((0..count).map(|_| name(kind, rng)).collect())
        }
        "configs" => {
            let is_incremental = place.api == "IncrementalAlterConfigs";
            // Of several that are wrong, Kafka tells of one, by the order of a hash table.
            let config = (0..rng.usize(0..4).min(1)).map(|_| {
                let mut config = json!({
                    "name": name(kind, rng),
                    "value": config_value(kind, rng),
                });
                if is_incremental {
                    let operations = [0, 0, 0, 0, 1, 2, 3, 7, -1];
                    config["configOperation"] = number(&operations, rng).into();
                }
                config
            });
            Some(config.collect())
        }
        "validateOnly" if stays(place) => Some(true.into()),
        _ => None,
    }
}

/// Whether what a request changes would be there for other sequences.
fn stays(place: &Place<'_>) -> bool {
    let resources = place.beside.get("resources").and_then(Value::as_array);
    resources.into_iter().flatten().any(|resource| {
        let kinds = [BROKER, BROKER_LOGGER].map(i64::from);
        kinds.iter().any(|kind| resource["resourceType"] == *kind)
    })
}

fn name(kind: i8, rng: &mut Rng) -> Value {
    let usual = match kind {
        BROKER => &[
            "min.insync.replicas",
            "log.retention.ms",
            "num.partitions",
            "compression.type",
            "message.max.bytes",
            "log.cleanup.policy",
            "unclean.leader.election.enable",
            "log.retention.bytes",
            "max.connections",
        ][..],
        BROKER_LOGGER => &["root"],
        GROUP => &[
            "consumer.session.timeout.ms",
            "consumer.heartbeat.interval.ms",
            "consumer.assignment.interval.ms",
            "share.auto.offset.reset",
            "share.isolation.level",
            "share.delivery.count.limit",
            "streams.num.standby.replicas",
            "streams.assignor.name",
            "consumer.assignor.offload.enable",
        ],
        CLIENT_METRICS => &["interval.ms", "metrics", "match"],
        _ => CONFIGS,
    };
    match rng.u8(0..16) {
        0 => rng.choice(["nonsense", "", "retention.ms"]),
        _ => rng.choice(usual.iter().copied()),
    }
    .into()
}

fn config_value(kind: i8, rng: &mut Rng) -> Value {
    let usual = match kind {
        BROKER_LOGGER => &["INFO", "DEBUG", "warn", "OFF", "LOUD"][..],
        GROUP => &[
            "45000",
            "60000",
            "50000",
            "5000",
            "10000",
            "1000",
            "earliest",
            "by_duration:PT1H",
            "read_committed",
            "true",
        ],
        CLIENT_METRICS => &[
            "1000",
            "100",
            "3600000",
            "org.apache.kafka.",
            "*",
            "a,b",
            "client_id=x",
            "client_id=x,client_source_port=1",
            "client_id=[",
            "nothing=x",
        ],
        _ => CONFIG_VALUES,
    };
    match rng.u8(0..16) {
        0 => Value::Null,
        1..4 => rng.choice(CONFIG_VALUES.iter().copied()).into(),
        _ => rng.choice(usual.iter().copied()).into(),
    }
}

/// Who has quotas: each with a name of this sequence, unless it is refused.
const ENTITIES: &[&[(&str, Option<&str>)]] = &[
    &[("user", Some("~u"))],
    &[("user", Some("~v"))],
    &[("client-id", Some("~c"))],
    &[("user", Some("~u")), ("client-id", Some("~c"))],
    &[("user", Some("~u")), ("client-id", None)],
    &[("user", None), ("client-id", Some("~c"))],
];
const ODD_ENTITIES: &[&[(&str, Option<&str>)]] = &[
    &[],
    &[("user", Some(""))],
    &[("client-id", Some(""))],
    &[("ip", Some(""))],
    &[("nonsense", Some("~u"))],
    &[("", Some("~u"))],
    &[("user", Some("~u")), ("ip", Some("127.0.0.1"))],
    &[("user", Some("~u")), ("nonsense", Some("~u"))],
];

fn quota(place: &Place<'_>, rng: &mut Rng) -> Option<Value> {
    match place.field.name {
        "entity" => {
            let entities = match rng.u8(0..8) {
                0 => ODD_ENTITIES,
                _ => ENTITIES,
            };
            let parts = rng.choice(entities)?.iter();
            let parts = parts.map(|(kind, name)| json!({ "entityType": kind, "entityName": name }));
            Some(parts.collect())
        }
        "entityType" => text(
            &[
                "user",
                "user",
                "user",
                "client-id",
                "client-id",
                "ip",
                "",
                "nonsense",
            ],
            rng,
        ),
        "matchType" => number(&[0, 0, 0, 0, 1, 1, 2, 2, 3, -1], rng),
        "match" => match place.beside["matchType"].as_i64() {
            Some(0) if rng.u8(0..10) > 0 => text(&["~u", "~u", "~v", "~c", "~c"], rng),
            _ if rng.u8(0..10) > 0 => Some(Value::Null),
            _ => text(&["~u", ""], rng),
        },
        "key" => text(
            &[
                "producer_byte_rate",
                "consumer_byte_rate",
                "request_percentage",
                "controller_mutation_rate",
                "connection_creation_rate",
                "nonsense",
            ],
            rng,
        ),
        "value" => {
            let values = [1.0, 1000.0, 1_048_576.0, 0.5, 1000.5, 0.0, -1.0, 1e19];
            rng.choice(values).map(Value::from)
        }
        "remove" => Some((rng.u8(0..4) == 0).into()),
        _ => None,
    }
}

fn user(place: &Place<'_>, rng: &mut Rng) -> Option<Value> {
    match place.field.name {
        "name" => text(&["~u", "~u", "~u", "~v", "~v", ""], rng),
        "mechanism" => number(&[1, 1, 1, 2, 2, 2, 0, 3, -1], rng),
        "iterations" => number(&[4096, 4096, 8192, 16_384, 4095, 16_385, 0, -1], rng),
        "salt" => text(&["AAEC", "MDEyMw==", ""], rng),
        "saltedPassword" => text(&["MDEyMzQ1Njc4OWFiY2RlZg==", "AQ==", ""], rng),
        _ => None,
    }
}

fn feature(place: &Place<'_>, rng: &mut Rng) -> Option<Value> {
    match place.field.name {
        "feature" => text(
            &[
                "metadata.version",
                "kraft.version",
                "transaction.version",
                "group.version",
                "share.version",
                "streams.version",
                "eligible.leader.replicas.version",
                "nonsense",
                "",
            ],
            rng,
        ),
        "maxVersionLevel" => number(&[0, 1, 1, 2, 3, 7, 29, 100, -1], rng),
        "upgradeType" => number(&[1, 1, 2, 3, 0, 4, -1], rng),
        "validateOnly" => Some(true.into()),
        _ => None,
    }
}
