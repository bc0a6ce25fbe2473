//! Leaders, replicas, log directories, controllers and features.

use libkafka_protocol::messages::alter_partition_reassignments::{
    ReassignablePartition, ReassignableTopic,
};
use libkafka_protocol::messages::alter_replica_log_dirs::{
    AlterReplicaLogDir, AlterReplicaLogDirTopic,
};
use libkafka_protocol::messages::describe_log_dirs::DescribableLogDirTopic;
use libkafka_protocol::messages::describe_quorum::request::{PartitionData, TopicData};
use libkafka_protocol::messages::elect_leaders::TopicPartitions;
use libkafka_protocol::messages::list_partition_reassignments::ListPartitionReassignmentsTopics;
use libkafka_protocol::messages::update_features::FeatureUpdateKey;
use libkafka_protocol::messages::{
    AlterPartitionReassignmentsRequest, AlterReplicaLogDirsRequest, ApiVersionsRequest,
    DescribeLogDirsRequest, DescribeQuorumRequest, ElectLeadersRequest,
    ListPartitionReassignmentsRequest, UpdateFeaturesRequest,
};
use libkafka_testkafka::require;

use super::both::Both;
use crate::cluster::produce;
use libkafka_integration::batch;

#[test]
fn elections_are_refused_in_the_same_words() {
    require!();
    let (mut both, _ours) = Both::start("same-elections");
    let named = |topics: &[(&str, &[i32])]| {
        let topics = topics.iter().map(|(topic, partitions)| TopicPartitions {
            topic: (*topic).into(),
            partitions: partitions.to_vec(),
            ..Default::default()
        });
        Some(topics.collect::<Vec<_>>())
    };
    for election_type in [0, 1, 2, -1] {
        for topics in [
            named(&[("same-elections", &[0, 9, 0]), ("nowhere", &[0])]),
            named(&[("same-elections", &[0]), ("same-elections", &[1, -1])]),
            named(&[("same-elections", &[]), ("no good", &[0])]),
            named(&[]),
            None,
        ] {
            both.ask_up_to(
                2,
                |version, _| ElectLeadersRequest {
                    election_type: if version == 0 { 0 } else { election_type },
                    topic_partitions: topics.clone(),
                    timeout_ms: 30_000,
                    ..Default::default()
                },
                |response| {
                    if topics.is_none() {
                        // Other tests have topics there.
                        let results = &mut response.replica_election_results;
                        results.retain(|result| result.topic == "same-elections");
                    }
                },
            );
        }
    }
}

#[test]
fn moves_of_partitions_are_refused_in_the_same_words() {
    require!();
    let (mut both, _ours) = Both::start("same-moves");
    let partition = |index, replicas: Option<&[i32]>| ReassignablePartition {
        partition_index: index,
        replicas: replicas.map(|replicas| replicas.iter().copied().collect()),
        ..Default::default()
    };
    let topic = |name: &str, partitions: Vec<ReassignablePartition>| ReassignableTopic {
        name: name.into(),
        partitions,
        ..Default::default()
    };
    let replicas: [Option<&[i32]>; 8] = [
        Some(&[1]),
        Some(&[]),
        Some(&[1, 1]),
        Some(&[2]),
        Some(&[2, 1, 1]),
        Some(&[-1, -1, 1]),
        Some(&[1, 2]),
        None,
    ];
    let mut requests = vec![vec![], vec![topic("same-moves", vec![])]];
    for replicas in replicas {
        for (name, index) in [("same-moves", 0), ("same-moves", 9), ("nowhere", 0)] {
            requests.push(vec![topic(name, vec![partition(index, replicas)])]);
        }
    }
    requests.push(vec![
        topic(
            "same-moves",
            vec![partition(0, Some(&[1])), partition(0, None)],
        ),
        topic("same-moves", vec![partition(1, Some(&[1]))]),
    ]);
    for topics in requests {
        for allow in [true, false] {
            both.ask(|version, _| AlterPartitionReassignmentsRequest {
                timeout_ms: 30_000,
                allow_replication_factor_change: allow || version == 0,
                topics: topics.clone(),
                ..Default::default()
            });
        }
    }
    for topics in [
        None,
        Some(vec![]),
        Some(vec![("same-moves", vec![0, 9])]),
        Some(vec![("nowhere", vec![0])]),
    ] {
        both.ask(|_, _| ListPartitionReassignmentsRequest {
            timeout_ms: 30_000,
            topics: topics.as_ref().map(|topics| {
                let topics = topics.iter();
                let topics = topics.map(|(name, indexes)| ListPartitionReassignmentsTopics {
                    name: (*name).into(),
                    partition_indexes: indexes.clone(),
                    ..Default::default()
                });
                topics.collect()
            }),
            ..Default::default()
        });
    }
}

#[test]
fn log_directories_hold_the_same_sizes() {
    require!();
    let (mut both, _ours) = Both::start("same-sizes");
    for wire in [&mut both.ours, &mut both.theirs] {
        for values in [&["a"][..], &["b", "c"]] {
            assert!(
                produce(wire, "same-sizes", batch(values))
                    .error_code
                    .is_ok()
            );
        }
    }
    let topic = |topic: &str, partitions: &[i32]| DescribableLogDirTopic {
        topic: topic.into(),
        partitions: partitions.to_vec(),
        ..Default::default()
    };
    for topics in [
        vec![topic("same-sizes", &[0, 1, 9]), topic("nowhere", &[0])],
        vec![
            topic("same-sizes", &[0]),
            topic("same-sizes", &[0]),
            topic("same-sizes", &[1]),
        ],
        vec![topic("same-sizes", &[])],
        vec![],
    ] {
        both.ask_up_to(
            5,
            |_, _| DescribeLogDirsRequest {
                topics: Some(topics.clone()),
                ..Default::default()
            },
            |response| {
                let dir = &mut response.results[0];
                // The directory, and the size of its volume, are each broker's own.
                dir.log_dir.clear();
                (dir.total_bytes, dir.usable_bytes) = (-1, -1);
                for topic in &mut dir.topics {
                    topic.partitions.sort_by_key(|p| p.partition_index);
                }
            },
        );
    }
    both.ask_up_to(
        5,
        |_, _| DescribeLogDirsRequest {
            topics: None,
            ..Default::default()
        },
        |response| {
            let dir = &mut response.results[0];
            dir.log_dir.clear();
            (dir.total_bytes, dir.usable_bytes) = (-1, -1);
            dir.topics.retain(|topic| topic.name == "same-sizes");
            for topic in &mut dir.topics {
                topic.partitions.sort_by_key(|p| p.partition_index);
            }
        },
    );
}

#[test]
fn moves_between_log_directories_are_answered_in_the_same_way() {
    require!();
    let (mut both, _ours) = Both::start("same-dirs");
    let none = DescribeLogDirsRequest {
        topics: Some(vec![]),
        ..Default::default()
    };
    let dirs = [&mut both.ours, &mut both.theirs]
        .map(|wire| wire.call(5, &none).results.remove(0).log_dir);
    let topic = |name: &str, partitions: &[i32]| AlterReplicaLogDirTopic {
        name: name.into(),
        partitions: partitions.to_vec(),
        ..Default::default()
    };
    let dir = |path: &str, topics: Vec<AlterReplicaLogDirTopic>| AlterReplicaLogDir {
        path: path.into(),
        topics,
        ..Default::default()
    };
    for (own, others) in [
        (
            vec![topic("same-dirs", &[0, 7]), topic("nowhere", &[0])],
            vec![],
        ),
        (vec![topic("no good", &[0])], vec![]),
        (vec![], vec![topic("same-dirs", &[0, 7])]),
        (
            vec![topic("same-dirs", &[0, 0, 1])],
            vec![topic("same-dirs", &[0])],
        ),
    ] {
        for version in 1..=2 {
            let [ours, theirs] =
                [(&mut both.ours, &dirs[0]), (&mut both.theirs, &dirs[1])].map(|(wire, path)| {
                    let request = AlterReplicaLogDirsRequest {
                        dirs: vec![dir(path, own.clone()), dir("/nowhere", others.clone())],
                        ..Default::default()
                    };
                    let mut response = wire.call(version, &request);
                    response
                        .results
                        .sort_by(|a, b| a.topic_name.cmp(&b.topic_name));
                    for topic in &mut response.results {
                        topic.partitions.sort_by_key(|p| p.partition_index);
                    }
                    response
                });
            assert_eq!(ours, theirs, "v{version}");
        }
    }
}

#[test]
fn the_quorum_is_described_in_the_same_way() {
    require!();
    let (mut both, _ours) = Both::start("same-quorum");
    let topic = |name: &str, partitions: &[i32]| TopicData {
        topic_name: name.into(),
        partitions: partitions
            .iter()
            .map(|index| PartitionData {
                partition_index: *index,
                ..Default::default()
            })
            .collect(),
        ..Default::default()
    };
    const METADATA: &str = "__cluster_metadata";
    for topics in [
        vec![topic(METADATA, &[0])],
        vec![],
        vec![topic("nowhere", &[0])],
        vec![topic(METADATA, &[1])],
        vec![topic(METADATA, &[])],
        vec![topic(METADATA, &[0, 1])],
        vec![topic(METADATA, &[0]), topic("nowhere", &[0])],
    ] {
        both.ask_up_to(
            2,
            |_, _| DescribeQuorumRequest {
                topics: topics.clone(),
                ..Default::default()
            },
            |response| {
                for node in &mut response.nodes {
                    node.listeners[0].port = 0;
                }
                let partitions = response.topics.iter_mut().flat_map(|t| &mut t.partitions);
                for partition in partitions {
                    partition.leader_epoch = 0;
                    partition.high_watermark = partition.high_watermark.min(1);
                    for voter in &mut partition.current_voters {
                        voter.log_end_offset = voter.log_end_offset.min(1);
                        voter.last_fetch_timestamp = voter.last_fetch_timestamp.min(1);
                        voter.last_caught_up_timestamp = voter.last_caught_up_timestamp.min(1);
                    }
                }
            },
        );
    }
}

#[test]
fn features_are_the_same_and_refused_in_the_same_words() {
    require!();
    let (mut both, _ours) = Both::start("same-features");
    both.ask_up_to(
        5,
        |_, _| ApiVersionsRequest {
            client_software_name: "wire".into(),
            client_software_version: "1".into(),
            ..Default::default()
        },
        |response| {
            response.api_keys.clear();
            // It goes up with every change of the metadata.
            response.finalized_features_epoch = response.finalized_features_epoch.min(1);
            response
                .supported_features
                .sort_by(|a, b| a.name.cmp(&b.name));
            response
                .finalized_features
                .sort_by(|a, b| a.name.cmp(&b.name));
        },
    );
    let update = |feature: &str, level, upgrade_type| FeatureUpdateKey {
        feature: feature.into(),
        max_version_level: level,
        upgrade_type,
        ..Default::default()
    };
    let mut requests = vec![
        vec![],
        vec![update("share.version", 1, 2), update("share.version", 0, 2)],
        vec![update("nowhere", 1, 1), update("share.version", 0, 1)],
        vec![update("group.version", 1, 1), update("nowhere", 1, 1)],
    ];
    for feature in [
        "metadata.version",
        "group.version",
        "share.version",
        "kraft.version",
        "nowhere",
        "",
    ] {
        for level in [-1, 0, 1, 2, 7, 30, 33, 34] {
            for upgrade_type in 0..=4 {
                requests.push(vec![update(feature, level, upgrade_type)]);
            }
        }
    }
    for updates in requests {
        for version in 1..=2 {
            let request = UpdateFeaturesRequest {
                timeout_ms: 30_000,
                feature_updates: updates.clone(),
                validate_only: true,
                ..Default::default()
            };
            let ours = both.ours.call(version, &request);
            let theirs = both.theirs.call(version, &request);
            assert_eq!(ours, theirs, "v{version} {updates:?}");
        }
    }
    // Version 0 cannot only try; none of these changes anything.
    for (feature, level, allow_downgrade) in [
        ("share.version", 2, false),
        ("share.version", 2, true),
        ("share.version", 1, false),
        ("share.version", 9, true),
        ("nowhere", 1, false),
    ] {
        let request = UpdateFeaturesRequest {
            timeout_ms: 30_000,
            feature_updates: vec![FeatureUpdateKey {
                feature: feature.into(),
                max_version_level: level,
                allow_downgrade,
                ..Default::default()
            }],
            ..Default::default()
        };
        let ours = both.ours.call(0, &request);
        let theirs = both.theirs.call(0, &request);
        assert_eq!(ours, theirs, "{feature} {level}");
    }
}
