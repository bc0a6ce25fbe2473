//! ACLs that deny, resources that no ACL is about, and topics that are made by asking for them.

use libkafka_integration::until;
use libkafka_protocol::messages::create_acls::AclCreation;
use libkafka_protocol::messages::metadata::MetadataRequestTopic;
use libkafka_protocol::messages::{CreateAclsRequest, HeartbeatRequest, MetadataRequest};
use libkafka_protocol::{ErrorCode, Uuid};
use libkafka_testbroker::Listener;
use libkafka_testkafka::{Listener as RealListener, require};

use super::acls::every_acl;
use super::alice::alice_reads_and_writes;
use super::both::Both;
use super::guarded::{as_alice, create_topic, embedded_with, real_with};
use crate::cluster::metadata;
use crate::wire::Wire;

const CONFIGS: [(&str, &str); 2] = [
    ("allow.everyone.if.no.acl.found", "true"),
    ("auto.create.topics.enable", "true"),
];

const DENY: i8 = 2;
const ALLOW: i8 = 3;
const LITERAL: i8 = 3;
const PREFIXED: i8 = 4;
const TOPIC: i8 = 2;
const GROUP: i8 = 3;
const CLUSTER: i8 = 4;
const ALL: i8 = 2;
const READ: i8 = 3;
const WRITE: i8 = 4;
const CREATE: i8 = 5;
const DESCRIBE: i8 = 8;

const ALICE: &str = "User:alice";

/// Topics, and what is said of them. Of the first, nothing is.
const TOPICS: [&str; 8] = [
    "free",
    "denied",
    "mixed",
    "shut-off",
    "unseen",
    "of-bob",
    "from-elsewhere",
    "to-all-but-her",
];

/// Who may, or may not, do what: permission, principal, host, operation; type of the resource, of
/// the pattern, and name.
type Rule = (i8, &'static str, &'static str, i8, i8, i8, &'static str);
const RULES: [Rule; 17] = [
    (DENY, ALICE, "*", WRITE, TOPIC, LITERAL, "denied"),
    (ALLOW, ALICE, "*", ALL, TOPIC, LITERAL, "mixed"),
    (DENY, ALICE, "*", WRITE, TOPIC, LITERAL, "mixed"),
    (ALLOW, ALICE, "*", ALL, TOPIC, LITERAL, "shut-off"),
    (DENY, "User:*", "*", ALL, TOPIC, PREFIXED, "shut"),
    // Who may read may describe, unless that is denied.
    (ALLOW, ALICE, "*", READ, TOPIC, LITERAL, "unseen"),
    (DENY, ALICE, "*", DESCRIBE, TOPIC, LITERAL, "unseen"),
    (ALLOW, "User:bob", "*", ALL, TOPIC, LITERAL, "of-bob"),
    (ALLOW, ALICE, "*", ALL, TOPIC, LITERAL, "from-elsewhere"),
    (
        DENY,
        ALICE,
        "10.0.0.1",
        ALL,
        TOPIC,
        LITERAL,
        "from-elsewhere",
    ),
    (ALLOW, "User:*", "*", ALL, TOPIC, LITERAL, "to-all-but-her"),
    (
        DENY,
        ALICE,
        "127.0.0.1",
        READ,
        TOPIC,
        LITERAL,
        "to-all-but-her",
    ),
    (DENY, ALICE, "*", READ, GROUP, LITERAL, "denied"),
    (DENY, ALICE, "*", CREATE, TOPIC, PREFIXED, "never"),
    (ALLOW, ALICE, "*", DESCRIBE, TOPIC, PREFIXED, "never"),
    (ALLOW, ALICE, "*", CREATE, TOPIC, PREFIXED, "granted"),
    (ALLOW, ALICE, "*", DESCRIBE, TOPIC, PREFIXED, "granted"),
];
const NO_TOPICS_FROM_ALICE: Rule = (DENY, ALICE, "*", CREATE, CLUSTER, LITERAL, "kafka-cluster");

fn creation(rule: Rule) -> AclCreation {
    let (permission_type, principal, host, operation, resource_type, pattern_type, name) = rule;
    AclCreation {
        resource_type,
        resource_name: name.into(),
        resource_pattern_type: pattern_type,
        principal: principal.into(),
        host: host.into(),
        operation,
        permission_type,
        ..Default::default()
    }
}

/// Has both take these rules, and waits until real Kafka's broker has heard of so many.
fn add(admin: &mut Both, rules: &[Rule], total: usize) {
    admin.ask(|_, _| CreateAclsRequest {
        creations: rules.iter().copied().map(creation).collect(),
        ..Default::default()
    });
    let all = every_acl();
    until(|| {
        let described = admin.theirs.call(3, &all);
        let count: usize = described.resources.iter().map(|r| r.acls.len()).sum();
        (count == total).then_some(())
    });
}

/// Which of the operations alice may do, and what of it she does.
fn alice_asks_for(alice: &mut Both, name: &str) {
    alice.ask_up_to(
        12,
        |version, _| MetadataRequest {
            topics: Some(vec![MetadataRequestTopic {
                name: Some(name.into()),
                ..Default::default()
            }]),
            allow_auto_topic_creation: version < 4,
            include_topic_authorized_operations: version >= 8,
            ..Default::default()
        },
        |response| {
            response.cluster_id = None;
            response.brokers.clear();
            for topic in &mut response.topics {
                topic.topic_id = Uuid::ZERO;
            }
        },
    );
    alice_reads_and_writes(alice, name);
}

/// Asks for a topic that there is not, so that it is made; both answer with this error.
#[track_caller]
fn alice_has_made(alice: &mut Both, name: &str, expected: ErrorCode) {
    let request = MetadataRequest {
        topics: Some(vec![MetadataRequestTopic {
            name: Some(name.into()),
            ..Default::default()
        }]),
        allow_auto_topic_creation: true,
        ..Default::default()
    };
    let ask = |wire: &mut Wire| wire.call(12, &request).topics[0].error_code;
    let codes = (ask(&mut alice.ours), ask(&mut alice.theirs));
    assert_eq!(codes, (expected, expected), "ours, theirs: {name}");
}

#[test]
fn denials_win_and_what_no_acl_is_about_is_allowed_as_on_real_kafka() {
    require!();
    let (ours, theirs) = (embedded_with(&CONFIGS), real_with(&CONFIGS));
    let mut ours_admin = Wire::connect(ours.address_of(1, Listener::Plaintext));
    let mut theirs_admin = Wire::connect(theirs.address(1, RealListener::Plaintext));
    for name in TOPICS {
        create_topic(&mut ours_admin, name);
        create_topic(&mut theirs_admin, name);
    }
    let ids = [Uuid::ZERO; 2];
    let mut admin = Both::of(ours_admin, theirs_admin, ids);
    add(&mut admin, &RULES, RULES.len());
    let ours_alice = as_alice(ours.address_of(1, Listener::SaslPlaintext));
    let theirs_alice = as_alice(theirs.address(1, RealListener::SaslPlaintext));
    let mut alice = Both::of(ours_alice, theirs_alice, ids);
    for name in TOPICS {
        alice_asks_for(&mut alice, name);
    }
    alice.ask(|_, _| HeartbeatRequest {
        group_id: "denied".into(),
        member_id: "nobody".into(),
        ..Default::default()
    });

    // Who may make topics may make any, whatever is said of this one.
    let made = ErrorCode::UNKNOWN_TOPIC_OR_PARTITION;
    alice_has_made(&mut alice, "made", made);
    alice_has_made(&mut alice, "never-mind", made);
    add(&mut admin, &[NO_TOPICS_FROM_ALICE], RULES.len() + 1);
    let denied = ErrorCode::TOPIC_AUTHORIZATION_FAILED;
    alice_has_made(&mut alice, "never", denied);
    alice_has_made(&mut alice, "granted", made);
    alice_has_made(&mut alice, "free-too", made);
    for name in ["made", "never-mind", "granted", "free-too"] {
        for wire in [&mut admin.ours, &mut admin.theirs] {
            until(|| metadata(wire, name).error_code.is_ok().then_some(()));
        }
    }
    for wire in [&mut admin.ours, &mut admin.theirs] {
        assert_eq!(metadata(wire, "never").error_code, made);
    }
}
