//! Groups and their offsets.

use std::time::Duration;

use bytes::Bytes;
use libkafka_client::protocol::messages::ConsumerProtocolSubscription;
use libkafka_client::protocol::{ErrorCode, KafkaWire};
use libkafka_client::{Commit, Group, GroupOptions, TopicPartition};

use crate::place::Place;
use libkafka_integration::patiently;

pub(crate) fn have_members_and_offsets(place: &Place) {
    let mut client = place.client();
    let (topic, id) = (place.create(&mut client, "committed"), place.name("group"));
    let options = GroupOptions::new()
        .session_timeout(Duration::from_secs(60))
        .rebalance_timeout(Duration::from_secs(60));
    let mut group = client.group_with(&id, options);
    let (mine, all) = (subscription(&topic), Bytes::from_static(b"all"));
    // The first use of groups creates the topic of their offsets.
    let joined = patiently(&mut group, |group| group.join(&[("range", mine.clone())]));
    assert!(joined.is_leader());
    assert_eq!(joined.protocol.as_deref(), Some("range"));
    assert_eq!(joined.members[0].metadata, mine);
    let assignments = [(joined.member_id.as_str(), all.clone())];
    assert_eq!(group.sync(&assignments).unwrap(), all);
    group.heartbeat().unwrap();

    let partitions = [TopicPartition::new(topic.as_str(), 0)];
    let committed = |group: &mut Group| {
        let committed = group.committed(&partitions).unwrap().into_result().unwrap();
        committed[0].1.as_ref().map(|committed| committed.offset)
    };
    assert_eq!(committed(&mut group), None);
    let commit = Commit {
        topic: &topic,
        partition: 0,
        offset: 7,
        ..Default::default()
    };
    group.commit(&[commit]).unwrap().into_result().unwrap();
    assert_eq!(committed(&mut group), Some(7));

    let listed = client.list_groups().unwrap();
    assert!(listed.iter().any(|listed| listed.group_id == id));
    let described = client.describe_group(&id).unwrap();
    assert_eq!(described.group_state, "Stable");
    assert_eq!(described.members[0].member_assignment, all);

    group.leave().unwrap();
    let error = group.heartbeat().unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::UNKNOWN_MEMBER_ID));
}

/// What a consumer says of itself; brokers look into it.
fn subscription(topic: &str) -> Bytes {
    let mut bytes = 0i16.to_be_bytes().to_vec();
    let subscription = ConsumerProtocolSubscription {
        topics: vec![topic.to_owned()],
        ..Default::default()
    };
    subscription.encode(0, &mut bytes).unwrap();
    bytes.into()
}
