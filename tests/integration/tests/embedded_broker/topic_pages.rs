//! Topics and their partitions, a page at a time (KIP-966).

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::describe_topic_partitions::request::{Cursor, TopicRequest};
use libkafka_protocol::messages::{
    DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse,
};

use crate::on_both;
use crate::wire::Wire;

/// Asks for these topics from `cursor` on, `limit` partitions at most.
fn ask(
    wire: &mut Wire,
    topics: &[&str],
    limit: i32,
    cursor: Option<(&str, i32)>,
) -> DescribeTopicPartitionsResponse {
    let topic = |name: &&str| TopicRequest {
        name: (*name).into(),
        ..Default::default()
    };
    let cursor = cursor.map(|(topic_name, partition_index)| Cursor {
        topic_name: topic_name.into(),
        partition_index,
        ..Default::default()
    });
    let request = DescribeTopicPartitionsRequest {
        topics: topics.iter().map(topic).collect(),
        response_partition_limit: limit,
        cursor,
        ..Default::default()
    };
    wire.call(0, &request)
}

/// The topics of a page with their errors and partitions, and where the next page starts.
type Page = (Vec<(String, i16, Vec<i32>)>, Option<(String, i32)>);

fn page(response: &DescribeTopicPartitionsResponse) -> Page {
    let topics = response.topics.iter().map(|topic| {
        let partitions = topic.partitions.iter().map(|p| p.partition_index);
        let name = topic.name.clone().unwrap();
        (name, topic.error_code.0, partitions.collect())
    });
    let next = response.next_cursor.as_ref();
    let next = next.map(|next| (next.topic_name.clone(), next.partition_index));
    (topics.collect(), next)
}

#[track_caller]
fn assert_page(
    response: &DescribeTopicPartitionsResponse,
    topics: &[(&str, ErrorCode, &[i32])],
    next: Option<(&str, i32)>,
) {
    let topics = topics.iter();
    let topics =
        topics.map(|(name, code, partitions)| ((*name).to_owned(), code.0, partitions.to_vec()));
    let next = next.map(|(name, partition)| (name.to_owned(), partition));
    assert_eq!(page(response), (topics.collect(), next));
}

on_both! {
    fn a_page_ends_within_a_topic_and_the_next_goes_on(cluster) {
        cluster.topic("pages-a", 3, &[]);
        cluster.topic("pages-b", 2, &[]);
        let mut wire = cluster.wire();
        // In the order of names, whatever the order in which they are asked for.
        let both = ["pages-b", "pages-a", "pages-b"];
        let (a, b) = ("pages-a", "pages-b");
        let none = ErrorCode::NONE;
        assert_page(&ask(&mut wire, &both, 2000, None), &[(a, none, &[0, 1, 2]), (b, none, &[0, 1])], None);
        assert_page(&ask(&mut wire, &both, 2, None), &[(a, none, &[0, 1])], Some((a, 2)));
        assert_page(&ask(&mut wire, &both, 2, Some((a, 2))), &[(a, none, &[2]), (b, none, &[0])], Some((b, 1)));
        assert_page(&ask(&mut wire, &both, 3, None), &[(a, none, &[0, 1, 2])], Some((b, 0)));
        // No limit is none, and what lies behind the end is nothing.
        assert_page(&ask(&mut wire, &both, 0, None), &[(a, none, &[0])], Some((a, 1)));
        assert_page(&ask(&mut wire, &both, 9, Some((b, 7))), &[(b, none, &[])], None);
    }

    fn a_partition_is_described_with_its_replicas(cluster) {
        let topic = cluster.topic("pages-c", 1, &[]);
        let response = ask(&mut cluster.wire(), &["pages-c"], 2000, None);
        let described = &response.topics[0];
        assert_eq!((described.topic_id, described.is_internal), (topic.topic_id, false));
        assert_eq!(described.topic_authorized_operations, 0b1101_1111_1000);
        let partition = &described.partitions[0];
        assert_eq!((partition.leader_id, partition.leader_epoch), (1, 0));
        assert_eq!((&partition.replica_nodes[..], &partition.isr_nodes[..]), (&[1][..], &[1][..]));
        let eligible = (&partition.eligible_leader_replicas, &partition.last_known_elr);
        assert_eq!(eligible, (&Some(Default::default()), &Some(Default::default())));
        assert!(partition.offline_replicas.is_empty());
    }

    fn what_is_not_there_is_refused_and_so_is_a_cursor_to_elsewhere(cluster) {
        cluster.topic("pages-d", 1, &[]);
        let mut wire = cluster.wire();
        let strangers = ["pages-none", "pages d", "pages-d"];
        let (unknown, invalid) = (ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, ErrorCode::INVALID_TOPIC_EXCEPTION);
        let response = ask(&mut wire, &strangers, 1, None);
        assert_page(&response, &[("pages d", invalid, &[]), ("pages-d", ErrorCode::NONE, &[0])], Some(("pages-none", 0)));
        let response = ask(&mut wire, &strangers, 1, Some(("pages-none", 0)));
        assert_page(&response, &[("pages-none", unknown, &[])], None);
        assert_eq!(response.topics[0].topic_authorized_operations, 0b1101_1111_1000);

        let refused = ErrorCode::INVALID_REQUEST;
        for cursor in [("pages-c", 0), ("pages-d", -1)] {
            let response = ask(&mut wire, &["pages-d"], 9, Some(cursor));
            assert_page(&response, &[("pages-d", refused, &[])], None);
        }
        // Among all topics a cursor may be to one that has gone.
        let all = ask(&mut wire, &[], 2000, Some(("pages-c-and-a-bit", 0)));
        assert_eq!(page(&all).0[0], ("pages-d".into(), 0, vec![0]));
    }
}
