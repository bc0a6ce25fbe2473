//! Members of groups.

use std::thread;
use std::time::Duration;

use bytes::Bytes;
use libkafka_client::protocol::ErrorCode;
use libkafka_client::{Client, Commit, Group, GroupOptions, TopicPartition};
use libkafka_integration::patiently;

use crate::on_both;
use crate::topics::{client, create};

fn group(client: &Client, id: &str) -> Group {
    let options = GroupOptions::new()
        .session_timeout(Duration::from_secs(60))
        .rebalance_timeout(Duration::from_secs(60));
    client.group_with(id, options)
}

fn bytes(text: &'static str) -> Bytes {
    Bytes::from_static(text.as_bytes())
}

on_both! {
    fn a_member_joins_syncs_heartbeats_commits_and_leaves(cluster) {
        let mut client = client(cluster);
        create(&mut client, "committed", 2, &[]);
        let mut group = group(&client, "one-member");
        let joined = patiently(&mut group, |group| group.join(&[("range", bytes("mine"))]));
        assert!(joined.is_leader());
        assert_eq!(joined.protocol.as_deref(), Some("range"));
        assert_eq!(joined.members.len(), 1);
        assert_eq!(joined.members[0].metadata, "mine");
        let assignments = [(joined.member_id.as_str(), bytes("all"))];
        assert_eq!(group.sync(&assignments).unwrap(), "all");
        group.heartbeat().unwrap();

        let partitions = [0, 1].map(|partition| TopicPartition::new("committed", partition));
        let committed = group.committed(&partitions).unwrap();
        assert_eq!(committed.get("committed", 0).unwrap().unwrap(), &None);
        let commit = |partition, offset| Commit {
            topic: "committed",
            partition,
            offset,
            leader_epoch: Some(3),
            metadata: Some("note"),
            ..Default::default()
        };
        let results = group.commit(&[commit(0, 7), commit(9, 1), commit(1, 8)]).unwrap();
        let refused: Vec<_> = results.refused().collect();
        assert_eq!(refused.len(), 1);
        assert_eq!(refused[0].0.partition, 9);
        let code = ErrorCode::UNKNOWN_TOPIC_OR_PARTITION;
        assert_eq!(refused[0].1.code(), Some(code));
        let committed = group.committed(&partitions).unwrap();
        for (partition, offset) in [(0, 7), (1, 8)] {
            let committed = committed.get("committed", partition).unwrap().unwrap();
            let committed = committed.as_ref().unwrap();
            assert_eq!(
                (committed.offset, committed.leader_epoch),
                (offset, Some(3))
            );
            assert_eq!(committed.metadata.as_deref(), Some("note"));
        }

        let listed = client.list_groups().unwrap();
        assert!(listed.iter().any(|listed| listed.group_id == "one-member"));
        let described = client.describe_group("one-member").unwrap();
        assert_eq!(described.group_state, "Stable");
        assert_eq!(described.members[0].member_assignment, "all");

        group.leave().unwrap();
        assert_eq!(group.generation(), None);
        let error = group.heartbeat().unwrap_err();
        assert_eq!(error.code(), Some(ErrorCode::UNKNOWN_MEMBER_ID));
    }

    fn two_members_share_what_the_leader_assigns(cluster) {
        let client = client(cluster);
        let mut first = group(&client, "two-members");
        let alone = patiently(&mut first, |group| group.join(&[("range", bytes("first"))]));
        first.sync(&[(&alone.member_id, bytes("all"))]).unwrap();

        let mut second = group(&client, "two-members");
        let second = thread::spawn(move || {
            let joined = patiently(&mut second, |group| {
                group.join(&[("range", bytes("second"))])
            });
            assert!(!joined.is_leader());
            (second.sync(&[]).unwrap(), second.generation())
        });
        // The first learns of it by its heartbeats.
        let code = loop {
            if let Err(error) = first.heartbeat() {
                break error.code();
            }
        };
        assert_eq!(code, Some(ErrorCode::REBALANCE_IN_PROGRESS));
        let joined = first.join(&[("range", bytes("first"))]).unwrap();
        assert!(joined.is_leader());
        let mut halves = Vec::new();
        for member in &joined.members {
            let half = match &member.metadata[..] {
                b"first" => bytes("left"),
                _ => bytes("right"),
            };
            halves.push((member.member_id.as_str(), half));
        }
        assert_eq!(halves.len(), 2);
        assert_eq!(first.sync(&halves).unwrap(), "left");
        let (half, generation) = second.join().unwrap();
        assert_eq!((half, generation), (bytes("right"), first.generation()));
    }

    fn whoever_is_no_member_may_commit_for_a_group_without_members(cluster) {
        let mut client = client(cluster);
        create(&mut client, "memberless", 1, &[]);
        let mut group = group(&client, "memberless");
        let commit = [Commit {
            topic: "memberless",
            partition: 0,
            offset: 3,
            ..Default::default()
        }];
        patiently(&mut group, |group| group.commit(&commit)?.into_result());
        let committed = client.offsets("memberless").fetch_all().unwrap().into_result().unwrap();
        assert_eq!(committed.len(), 1);
        assert_eq!(committed[0].1.as_ref().unwrap().offset, 3);
    }
}
