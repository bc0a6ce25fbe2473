//! Committed offsets of a topic that is deleted and created again.

use libkafka_client::protocol::{ErrorCode, Uuid};
use libkafka_client::{Client, Commit, Error, Offsets, TopicPartition, Topology};

use libkafka_integration::{patiently, until};

use crate::on_both;
use crate::topics::{client, create};

fn commit(topic: &str, topic_id: Option<Uuid>, offset: i64) -> Commit<'_> {
    Commit {
        topic,
        topic_id,
        partition: 0,
        offset,
        ..Default::default()
    }
}

/// Creates a topic that has just been deleted; what is known of the new one.
fn recreate(client: &mut Client, topic: &str, former: Uuid) -> Topology {
    client.delete_topic(topic).unwrap();
    until(|| (client.leader(topic, 0).is_err()).then_some(()));
    create(client, topic, 1, &[]);
    until(|| {
        let topology = client.topology([topic]).ok()?;
        let id = topology.topic(topic)?.topic_id?;
        (id != former).then_some(topology)
    })
}

fn id_of(topology: &Topology, topic: &str) -> Uuid {
    topology.topic(topic).unwrap().topic_id.unwrap()
}

fn by_name(offsets: &mut Offsets, topic: &str) -> Option<i64> {
    let partitions = [TopicPartition::new(topic, 0)];
    let found = offsets.fetch(&partitions).unwrap().into_result().unwrap();
    found[0].1.as_ref().map(|committed| committed.offset)
}

fn by_id(offsets: &mut Offsets, topology: &Topology, topic: &str) -> Result<Option<i64>, Error> {
    let partitions = [TopicPartition::new(topic, 0)];
    let found = offsets.fetch_by_id(topology, &partitions)?;
    let (_, result) = found.into_iter().next().unwrap();
    match result {
        Ok(found) => Ok(found.map(|committed| committed.offset)),
        Err(error) => Err(std::sync::Arc::into_inner(error).unwrap()),
    }
}

on_both! {
    fn what_was_committed_for_a_topic_does_not_count_for_the_one_created_after_it(cluster) {
        let mut client = client(cluster);
        let topic = "created-again";
        create(&mut client, topic, 1, &[]);
        let former = client.topology([topic]).unwrap();
        let former_id = id_of(&former, topic);
        let mut offsets = client.offsets(topic);
        let by_former_id = commit(topic, Some(former_id), 5);
        patiently(&mut offsets, |offsets| offsets.commit(&[by_former_id])?.into_result());
        assert_eq!(by_id(&mut offsets, &former, topic).unwrap(), Some(5));
        assert_eq!(by_name(&mut offsets, topic), Some(5));

        let topology = recreate(&mut client, topic, former_id);
        let id = id_of(&topology, topic);
        // The coordinator forgets the offsets of a deleted topic, if not at once.
        until(|| by_name(&mut offsets, topic).is_none().then_some(()));
        assert_eq!(by_id(&mut offsets, &topology, topic).unwrap(), None);

        // By the former id nothing is found, and nothing is committed.
        let error = by_id(&mut offsets, &former, topic).unwrap_err();
        assert_eq!(error.code(), Some(ErrorCode::UNKNOWN_TOPIC_ID));
        let refused = offsets.commit(&[by_former_id]).unwrap().into_result().unwrap_err();
        assert_eq!(refused.code(), Some(ErrorCode::UNKNOWN_TOPIC_ID));
        assert_eq!(by_name(&mut offsets, topic), None);

        // By name it is the new topic, whichever was meant.
        offsets.commit(&[commit(topic, None, 6)]).unwrap().into_result().unwrap();
        assert_eq!(by_name(&mut offsets, topic), Some(6));
        assert_eq!(by_id(&mut offsets, &topology, topic).unwrap(), Some(6));
        offsets.commit(&[commit(topic, Some(id), 7)]).unwrap().into_result().unwrap();
        assert_eq!(by_name(&mut offsets, topic), Some(7));
    }
}
