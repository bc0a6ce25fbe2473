//! Fetch sessions (KIP-227).

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::fetch::{FetchPartition, FetchTopic, ForgottenTopic};
use libkafka_protocol::messages::{FetchRequest, FetchResponse};

use crate::cluster::produce;
use crate::on_both;
use libkafka_integration::batch;

fn request(session_id: i32, session_epoch: i32, partitions: &[(i32, i64)]) -> FetchRequest {
    let partitions: Vec<FetchPartition> = partitions
        .iter()
        .map(|(partition, fetch_offset)| FetchPartition {
            partition: *partition,
            fetch_offset: *fetch_offset,
            partition_max_bytes: 1 << 20,
            ..Default::default()
        })
        .collect();
    FetchRequest {
        max_wait_ms: 100,
        min_bytes: 1,
        session_id,
        session_epoch,
        topics: if partitions.is_empty() {
            Vec::new()
        } else {
            vec![FetchTopic {
                topic: "session".into(),
                partitions,
                ..Default::default()
            }]
        },
        ..Default::default()
    }
}

/// The partitions of a response, each with its number of bytes.
fn partitions(response: &FetchResponse) -> Vec<(i32, usize)> {
    let topics = response.responses.iter();
    let partitions = topics.flat_map(|topic| &topic.partitions);
    let mut partitions: Vec<(i32, usize)> = partitions
        .map(|data| {
            (
                data.partition_index,
                data.records.as_ref().map_or(0, |r| r.len()),
            )
        })
        .collect();
    partitions.sort();
    partitions
}

on_both! {
    fn a_session_tells_what_is_new_and_remembers_what_is_wanted(cluster) {
        cluster.topic("session", 3, &[]);
        let mut wire = cluster.wire();
        let first = wire.call(12, &request(0, 0, &[(0, 0), (1, 0), (2, 0)]));
        let id = first.session_id;
        assert_ne!(id, 0);
        assert_eq!(partitions(&first), [(0, 0), (1, 0), (2, 0)]);
        assert_eq!(partitions(&wire.call(12, &request(id, 1, &[]))), []);
        let sent = batch(&["a"]);
        produce(&mut wire, "session", sent.clone());
        let news = wire.call(12, &request(id, 2, &[]));
        assert_eq!((news.session_id, partitions(&news)), (id, vec![(0, sent.len())]));
        // The client moves on in partition 0.
        assert_eq!(partitions(&wire.call(12, &request(id, 3, &[(0, 1)]))), []);
        let mut forget = request(id, 4, &[]);
        forget.forgotten_topics_data = vec![ForgottenTopic {
            topic: "session".into(),
            partitions: vec![0],
            ..Default::default()
        }];
        wire.call(12, &forget);
        produce(&mut wire, "session", sent);
        assert_eq!(partitions(&wire.call(12, &request(id, 5, &[]))), []);

        let wrong = wire.call(12, &request(id, 9, &[]));
        assert_eq!((wrong.error_code, wrong.session_id), (ErrorCode::INVALID_FETCH_SESSION_EPOCH, 0));
        let unknown = wire.call(12, &request(id ^ 1, 6, &[]));
        assert_eq!(unknown.error_code, ErrorCode::FETCH_SESSION_ID_NOT_FOUND);
        let closed = wire.call(12, &request(id, -1, &[(1, 0)]));
        assert_eq!((closed.error_code, closed.session_id, partitions(&closed)), (ErrorCode::NONE, 0, vec![(1, 0)]));
        let gone = wire.call(12, &request(id, 6, &[]));
        assert_eq!(gone.error_code, ErrorCode::FETCH_SESSION_ID_NOT_FOUND);
    }

    fn an_error_in_a_session_is_told_every_time(cluster) {
        cluster.topic("session-error", 1, &[]);
        let mut wire = cluster.wire();
        let mut start = request(0, 0, &[(0, 77)]);
        start.topics[0].topic = "session-error".into();
        let first = wire.call(12, &start);
        for epoch in 1..=2 {
            let response = wire.call(12, &request(first.session_id, epoch, &[]));
            let data = &response.responses[0].partitions[0];
            assert_eq!(data.error_code, ErrorCode::OFFSET_OUT_OF_RANGE);
        }
    }
}
