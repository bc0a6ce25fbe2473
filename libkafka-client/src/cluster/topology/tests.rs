use libkafka_protocol::messages::metadata::{MetadataResponseBroker, MetadataResponsePartition};
use proptest::prelude::*;

use super::*;

/// Leader and epoch of each partition, from 0.
type Partitions<'a> = &'a [(i32, i32)];

fn id(n: u8) -> Uuid {
    Uuid([n; 16])
}

fn topic(name: &str, topic_id: Uuid, partitions: Partitions<'_>) -> MetadataResponseTopic {
    let partition =
        |(index, &(leader_id, leader_epoch)): (usize, &(i32, i32))| MetadataResponsePartition {
            partition_index: index as i32,
            leader_id,
            leader_epoch,
            replica_nodes: [1, 2, 3].into_iter().collect(),
            ..Default::default()
        };
    MetadataResponseTopic {
        name: Some(name.to_owned()),
        topic_id,
        partitions: partitions.iter().enumerate().map(partition).collect(),
        ..Default::default()
    }
}

fn refused(name: &str, error_code: ErrorCode) -> MetadataResponseTopic {
    MetadataResponseTopic {
        error_code,
        name: Some(name.to_owned()),
        ..Default::default()
    }
}

fn response(topics: impl IntoIterator<Item = MetadataResponseTopic>) -> MetadataResponse {
    MetadataResponse {
        topics: topics.into_iter().collect(),
        ..Default::default()
    }
}

fn update(topology: &mut Topology, topic: MetadataResponseTopic) -> Changes {
    topology.update(&response([topic]))
}

fn partitions(topic: &str, of: impl IntoIterator<Item = i32>) -> Vec<TopicPartition> {
    let partition = |partition| TopicPartition::new(topic, partition);
    of.into_iter().map(partition).collect()
}

fn leader(topology: &Topology, partition: i32) -> Option<(i32, Option<i32>)> {
    let leader = topology.leader("t", partition)?;
    Some((leader.id, leader.epoch))
}

#[test]
fn an_update_says_what_was_added_and_what_moved() {
    let mut topology = Topology::new(["t"]);
    let changes = update(&mut topology, topic("t", id(1), &[(1, 5), (2, 5)]));
    assert_eq!(changes.added, partitions("t", [0, 1]));
    assert_eq!(leader(&topology, 1), Some((2, Some(5))));
    assert_eq!(topology.topic_name(id(1)).map(|name| &**name), Some("t"));

    let changes = update(&mut topology, topic("t", id(1), &[(1, 5), (3, 6), (3, 0)]));
    assert_eq!(changes.added, partitions("t", [2]));
    assert_eq!(changes.moved, partitions("t", [1]));
    assert!(update(&mut topology, topic("t", id(1), &[(1, 5), (3, 6), (3, 0)])).is_empty());
}

#[test]
fn a_partition_that_lost_its_leader_has_moved_and_has_none() {
    let mut topology = Topology::new(["t"]);
    update(&mut topology, topic("t", id(1), &[(1, 5)]));
    let changes = update(&mut topology, topic("t", id(1), &[(-1, 6)]));
    assert_eq!(changes.moved, partitions("t", [0]));
    assert_eq!(topology.leader("t", 0), None);
}

#[test]
fn an_older_answer_does_not_bring_an_older_leader_back() {
    let mut topology = Topology::new(["t"]);
    update(&mut topology, topic("t", id(1), &[(1, 5), (1, 5)]));
    assert!(topology.apply_hint("t", Some(id(1)), 0, 2, 6));
    let changes = update(&mut topology, topic("t", id(1), &[(1, 5), (1, 5)]));
    assert!(changes.is_empty());
    assert_eq!(leader(&topology, 0), Some((2, Some(6))));
    assert!(!topology.apply_hint("t", None, 0, 1, 5), "an older hint");
    assert!(!topology.apply_hint("t", None, 0, 1, 6), "the same epoch");
    assert!(!topology.apply_hint("t", None, 0, -1, 9), "no leader");
    assert!(!topology.apply_hint("t", None, 9, 1, 9), "no partition");
    assert!(
        !topology.apply_hint("t", Some(id(7)), 0, 1, 9),
        "another topic"
    );
}

#[test]
fn an_answer_without_partitions_that_are_known_leaves_them() {
    let mut topology = Topology::new(["t"]);
    update(&mut topology, topic("t", id(1), &[(1, 5), (1, 5)]));
    assert!(update(&mut topology, topic("t", id(1), &[(1, 5)])).is_empty());
    assert_eq!(leader(&topology, 1), Some((1, Some(5))));
}

#[test]
fn a_topic_that_was_created_again_replaces_the_old_one_with_its_epochs() {
    let mut topology = Topology::new(["t"]);
    update(&mut topology, topic("t", id(1), &[(1, 5), (1, 9)]));
    let changes = update(&mut topology, topic("t", id(2), &[(3, 0)]));
    let replaced = &changes.replaced[..];
    assert!(
        matches!(replaced, [one] if one.old_id == id(1) && one.new_id == id(2)),
        "{replaced:?}"
    );
    assert_eq!(changes.added, partitions("t", [0]));
    assert_eq!(leader(&topology, 0), Some((3, Some(0))));
    assert_eq!(leader(&topology, 1), None);
    assert_eq!(topology.topic_name(id(1)), None);
}

#[test]
fn a_broker_that_has_not_heard_of_the_new_topic_is_not_believed() {
    let mut topology = Topology::new(["t"]);
    update(&mut topology, topic("t", id(1), &[(1, 5)]));
    update(&mut topology, topic("t", id(2), &[(3, 0)]));
    for _ in 0..5 {
        assert!(update(&mut topology, topic("t", id(1), &[(1, 5)])).is_empty());
        assert!(update(&mut topology, topic("t", id(1), &[(1, 5)])).is_empty());
        assert!(update(&mut topology, topic("t", id(2), &[(3, 0)])).is_empty());
    }
    assert_eq!(leader(&topology, 0), Some((3, Some(0))));
}

#[test]
fn a_former_id_that_all_brokers_insist_on_is_believed() {
    // The first answer that named the other id came late.
    let mut topology = Topology::new(["t"]);
    update(&mut topology, topic("t", id(2), &[(3, 0)]));
    update(&mut topology, topic("t", id(1), &[(1, 5)]));
    update(&mut topology, topic("t", id(2), &[(3, 0)]));
    update(&mut topology, topic("t", id(2), &[(3, 0)]));
    let changes = update(&mut topology, topic("t", id(2), &[(3, 0)]));
    assert_eq!(changes.replaced.len(), 1);
    assert_eq!(
        topology.leader("t", 0).and_then(|l| l.topic_id),
        Some(id(2))
    );
    assert_eq!(topology.topic_name(id(2)).map(|name| &**name), Some("t"));
}

#[test]
fn a_topic_that_the_broker_does_not_know_is_gone_and_may_come_back() {
    let mut topology = Topology::new(["t"]);
    update(&mut topology, topic("t", id(1), &[(1, 5)]));
    let unknown = || refused("t", ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
    assert_eq!(update(&mut topology, unknown()).gone, ["t".into()]);
    assert!(update(&mut topology, unknown()).is_empty(), "told once");
    assert_eq!(topology.leader("t", 0), None);
    assert_eq!(
        topology.error("t"),
        Some(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION)
    );

    // It had only not been heard of there, so epochs count on.
    let changes = update(&mut topology, topic("t", id(1), &[(2, 4)]));
    assert_eq!(changes.added, partitions("t", [0]));
    assert_eq!(leader(&topology, 0), Some((1, Some(5))));
    assert_eq!(topology.error("t"), None);
}

#[test]
fn a_topic_without_an_id_that_comes_back_with_fewer_partitions_is_another_one() {
    let mut topology = Topology::new(["t"]);
    update(
        &mut topology,
        topic("t", Uuid::ZERO, &[(1, 5), (2, 5), (3, 5)]),
    );
    update(
        &mut topology,
        refused("t", ErrorCode::UNKNOWN_TOPIC_OR_PARTITION),
    );
    let changes = update(&mut topology, topic("t", Uuid::ZERO, &[(3, 0), (1, 0)]));
    assert_eq!(changes.added, partitions("t", [0, 1]));
    assert_eq!(topology.topic("t").unwrap().partitions.len(), 2);
    assert_eq!(leader(&topology, 0), Some((3, Some(0))));
}

#[test]
fn another_error_leaves_what_is_known() {
    let mut topology = Topology::new(["t"]);
    update(&mut topology, topic("t", id(1), &[(1, 5)]));
    let refused = refused("t", ErrorCode::TOPIC_AUTHORIZATION_FAILED);
    assert!(update(&mut topology, refused).is_empty());
    assert_eq!(
        topology.error("t"),
        Some(ErrorCode::TOPIC_AUTHORIZATION_FAILED)
    );
    assert_eq!(leader(&topology, 0), Some((1, Some(5))));
}

#[test]
fn topics_that_nobody_asked_for_are_ignored() {
    let mut topology = Topology::new(["t"]);
    assert!(update(&mut topology, topic("u", id(1), &[(1, 5)])).is_empty());
    assert_eq!(topology.topics().count(), 1);
    assert_eq!(topology.topic_name(id(1)), None);
}

#[test]
fn a_topic_that_is_wanted_by_id_gets_its_name() {
    let mut topology = Topology::default();
    assert!(topology.add_id(id(4)));
    assert!(!topology.add_id(id(4)) && !topology.add_id(Uuid::ZERO));
    let request = topology.request_by_id().unwrap();
    assert_eq!(request.topics.unwrap()[0].topic_id, id(4));

    let unknown = MetadataResponseTopic {
        error_code: ErrorCode::UNKNOWN_TOPIC_ID,
        name: None,
        topic_id: id(4),
        ..Default::default()
    };
    assert!(update(&mut topology, unknown).is_empty());
    assert_eq!(topology.unnamed_ids().collect::<Vec<_>>(), [id(4)]);

    let changes = update(&mut topology, topic("t", id(4), &[(1, 5)]));
    assert_eq!(changes.added, partitions("t", [0]));
    assert_eq!(topology.request_by_id(), None);
    assert_eq!(topology.topic_name(id(4)).map(|name| &**name), Some("t"));
}

#[test]
fn one_request_asks_for_all_topics() {
    let topology = Topology::new((0..1000).map(|n| format!("t{n:03}")));
    let request = topology.request();
    assert_eq!(request.topics.map(|topics| topics.len()), Some(1000));
    assert!(!request.allow_auto_topic_creation);
}

#[test]
fn brokers_have_the_racks_of_the_last_answer() {
    let mut topology = Topology::new(["t"]);
    let broker = |node_id, rack: Option<&str>| MetadataResponseBroker {
        node_id,
        rack: rack.map(str::to_owned),
        ..Default::default()
    };
    let mut response = response([]);
    response.brokers = vec![broker(1, Some("a")), broker(2, Some("b")), broker(3, None)];
    topology.update(&response);
    response.brokers = vec![broker(1, None), broker(2, Some("c"))];
    topology.update(&response);
    let racks = [1, 2, 3].map(|id| topology.rack(id).map(|rack| &**rack));
    assert_eq!(racks, [None, Some("c"), None]);
}

#[test]
fn old_brokers_that_say_neither_epoch_nor_id_are_believed() {
    let mut topology = Topology::new(["t"]);
    update(&mut topology, topic("t", Uuid::ZERO, &[(1, -1)]));
    assert_eq!(leader(&topology, 0), Some((1, None)));
    let changes = update(&mut topology, topic("t", Uuid::ZERO, &[(2, -1)]));
    assert_eq!(changes.moved, partitions("t", [0]));
    assert_eq!(leader(&topology, 0), Some((2, None)));
    // An id that becomes known with newer brokers does not make it another topic.
    let changes = update(&mut topology, topic("t", id(1), &[(2, 3)]));
    assert!(changes.replaced.is_empty() && changes.added.is_empty());
}

/// A topic's course: creations, each with the epochs its partition went through.
fn course() -> impl Strategy<Value = Vec<(u8, i32)>> {
    let creation = prop::collection::vec(1..4i32, 1..5);
    prop::collection::vec(creation, 1..4).prop_map(|creations| {
        let mut states = Vec::new();
        for (creation, steps) in creations.into_iter().enumerate() {
            let mut epoch = 0;
            for step in steps {
                states.push((creation as u8 + 1, epoch));
                epoch += step;
            }
        }
        states
    })
}

proptest! {
    /// Answers come in any order, some twice, and hints between them.
    #[test]
    fn within_a_topic_epochs_never_go_back_and_the_truth_wins_in_the_end(
        course in course(),
        picks in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..40),
    ) {
        let mut topology = Topology::new(["t"]);
        let mut newest: HashMap<Uuid, i32> = HashMap::new();
        let truth = course[course.len() - 1];
        let picks = picks.iter().map(|(pick, hint)| (course[pick.index(course.len())], *hint));
        // In the end every broker has heard.
        let end = [(truth, false); CONTRADICTIONS as usize];
        for ((creation, epoch), hint) in picks.chain(end) {
            let before = topology.leader("t", 0);
            // Leaders differ from epoch to epoch.
            let changes = if hint {
                topology.apply_hint("t", Some(id(creation)), 0, epoch + 10, epoch);
                Changes::default()
            } else {
                update(&mut topology, topic("t", id(creation), &[(epoch + 10, epoch)]))
            };
            let Some(now) = topology.leader("t", 0) else { continue };
            let (topic_id, epoch) = (now.topic_id.unwrap(), now.epoch.unwrap());
            prop_assert_eq!(now.id, epoch + 10);
            if let Some(before) = before {
                if before.topic_id == now.topic_id {
                    prop_assert!(before.epoch <= now.epoch);
                    prop_assert_eq!(!hint && before != now, !changes.moved.is_empty());
                } else {
                    prop_assert_eq!(changes.replaced.len(), 1);
                    newest.remove(&topic_id);
                }
            }
            let newest = newest.entry(topic_id).or_insert(epoch);
            prop_assert!(*newest <= epoch);
            *newest = epoch;
            prop_assert_eq!(topology.topic_name(topic_id).map(|name| &**name), Some("t"));
            prop_assert!(topology.names.len() == 1);
        }
        let now = topology.leader("t", 0).unwrap();
        prop_assert_eq!(now.topic_id, Some(id(truth.0)));
        prop_assert!(now.epoch >= Some(truth.1));
    }
}
