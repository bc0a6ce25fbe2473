//! Batches that are refused.

use bytes::Bytes;
use libkafka_integration::batch;
use libkafka_protocol::Uuid;
use libkafka_testkafka::require;

use super::both::{Both, named};
use crate::cluster::produce_request;

#[test]
fn produce_is_refused_in_the_same_words() {
    require!();
    let (mut both, _ours) = Both::start("same-produce");
    let change = |at: usize, value: u8| {
        let mut bytes = batch(&["a", "b"]).to_vec();
        bytes[at] = value;
        Bytes::from(bytes)
    };
    let whole = batch(&["a"]);
    let cases = [
        Some(Bytes::new()),
        Some(change(16, 3)),
        Some(change(11, 3)),
        Some(change(10, 3)),
        Some(change(7, 1)),
        Some([&whole[..], &whole[..]].concat().into()),
        Some(whole.slice(..40)),
    ];
    for records in cases {
        both.ask(|version, id| {
            let mut request = produce_request("", -1, records.clone());
            let topic = &mut request.topic_data[0];
            (topic.name, topic.topic_id) = named(version, 13, "same-produce", id);
            request
        });
    }
    // A wrong checksum, which the message names.
    let request = |version, id| {
        let mut request = produce_request("", -1, Some(change(batch(&["a", "b"]).len() - 1, 0xff)));
        let topic = &mut request.topic_data[0];
        (topic.name, topic.topic_id) = named(version, 13, "same-produce", id);
        request
    };
    both.ask(request);
    for (name, id, index, acks) in [
        ("nowhere", Uuid::from(5), 0, -1),
        ("same-produce", Uuid::ZERO, 7, -1),
        ("same-produce", Uuid::ZERO, 0, 5),
        ("__consumer_offsets", Uuid::ZERO, 0, -1),
    ] {
        both.ask_up_to(
            if id.is_zero() { 12 } else { 13 },
            |version, _| {
                let mut request = produce_request("", acks, Some(whole.clone()));
                let topic = &mut request.topic_data[0];
                (topic.name, topic.topic_id) = named(version, 13, name, id);
                topic.partition_data[0].index = index;
                request
            },
            |_| {},
        );
    }
}
