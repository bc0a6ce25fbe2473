//! What a broker takes and what it refuses.

use bytes::Bytes;
use data_encoding::HEXLOWER;
use libkafka_batch::{Batch, Builder, ProducerInfo, Record, Restamp, TimestampType};
use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::InitProducerIdRequest;

use crate::cluster::{produce, produce_request};
use crate::on_both;
use crate::transactor::fetch;
use crate::wire::Wire;
use libkafka_integration::{batch, until};

fn code(wire: &mut Wire, topic: &str, records: Bytes) -> ErrorCode {
    produce(wire, topic, records).error_code
}

/// The batch with a byte changed.
fn damaged(at: usize, value: u8) -> Bytes {
    let mut bytes = batch(&["a", "b"]).to_vec();
    bytes[at] = value;
    bytes.into()
}

/// Of the odd batches those that Kafka takes from no producer.
const REFUSED: &[(&str, ErrorCode)] = &[
    ("delta0", ErrorCode::INVALID_RECORD),
    ("tail", ErrorCode::INVALID_RECORD),
    ("empty", ErrorCode::INVALID_RECORD),
    ("emptycodec1", ErrorCode::INVALID_RECORD),
    ("emptycodec2", ErrorCode::INVALID_RECORD),
    ("emptycodec3", ErrorCode::INVALID_RECORD),
    ("emptycodec4", ErrorCode::INVALID_RECORD),
    ("emptygzip", ErrorCode::INVALID_RECORD),
    ("delta1", ErrorCode::INVALID_RECORD),
    ("deltabefore", ErrorCode::INVALID_RECORD),
    ("gzipdelta0", ErrorCode::INVALID_RECORD),
    ("gzipbeyond", ErrorCode::UNKNOWN_SERVER_ERROR),
    ("widedelta", ErrorCode::INVALID_RECORD),
    ("timewraps", ErrorCode::INVALID_TIMESTAMP),
];

/// Batches that no producer should send, of offset 0, and their names.
fn odd_batches() -> impl Iterator<Item = (&'static str, Bytes)> {
    let lines = include_str!("../../../../libkafka-batch/tests/data/lenient.txt").lines();
    lines.filter_map(|line| {
        let (name, rest) = line.split_once(' ').unwrap();
        let (hex, _) = rest.split_once(' ').unwrap();
        let mut bytes = HEXLOWER.decode(hex.as_bytes()).unwrap();
        // Those of the formats before are not for a producer at all.
        Restamp::new().base_offset(0).apply(&mut bytes).ok()?;
        Some((name, bytes.into()))
    })
}

/// A batch with its producer's numbers.
fn numbered(id: i64, epoch: i16, base_sequence: i32, values: &[&str]) -> Bytes {
    let mut bytes = batch(values).to_vec();
    let producer = ProducerInfo {
        id,
        epoch,
        base_sequence: (base_sequence >= 0).then_some(base_sequence),
        transactional: false,
    };
    let stamp = Restamp::new().producer(producer);
    stamp.apply(&mut bytes).unwrap();
    bytes.into()
}

/// An id of an idempotent producer.
fn producer_id(wire: &mut Wire) -> i64 {
    let request = InitProducerIdRequest {
        transactional_id: None,
        ..Default::default()
    };
    // Real Kafka has none in its first moments.
    until(|| Some(wire.call(5, &request).producer_id).filter(|id| *id >= 0))
}

on_both! {
    fn a_damaged_batch_is_refused(cluster) {
        cluster.topic("damaged", 1, &[]);
        let mut wire = cluster.wire();
        let end = batch(&["a", "b"]).len() - 1;
        assert_eq!(code(&mut wire, "damaged", damaged(end, 0xff)), ErrorCode::CORRUPT_MESSAGE);
        // The magic byte.
        assert_eq!(code(&mut wire, "damaged", damaged(16, 3)), ErrorCode::CORRUPT_MESSAGE);
        // The length, to less than a batch can have, and to more than is there.
        assert_eq!(code(&mut wire, "damaged", damaged(11, 3)), ErrorCode::CORRUPT_MESSAGE);
        assert_eq!(code(&mut wire, "damaged", damaged(10, 3)), ErrorCode::INVALID_RECORD);
        // The base offset is not covered by the checksum.
        assert_eq!(code(&mut wire, "damaged", damaged(7, 1)), ErrorCode::INVALID_RECORD);
        assert_eq!(produce(&mut wire, "damaged", batch(&["whole"])).base_offset, 0);
    }

    fn one_batch_a_partition_and_no_less(cluster) {
        cluster.topic("count", 1, &[]);
        let mut wire = cluster.wire();
        assert_eq!(code(&mut wire, "count", Bytes::new()), ErrorCode::INVALID_RECORD);
        let twice = [batch(&["a"]), batch(&["b"])].concat();
        assert_eq!(code(&mut wire, "count", twice.into()), ErrorCode::INVALID_RECORD);
    }

    fn what_a_producer_should_not_send_is_taken_or_refused_as_by_kafka(cluster) {
        cluster.topic("lenient", 1, &[]);
        let mut wire = cluster.wire();
        let mut refused = Vec::new();
        for (name, batch) in odd_batches() {
            let code = code(&mut wire, "lenient", batch);
            if !code.is_ok() {
                refused.push((name, code));
            }
        }
        assert_eq!(refused, REFUSED);
    }

    fn a_batch_larger_than_the_topic_allows_is_refused(cluster) {
        cluster.topic("large", 1, &[("max.message.bytes", "100")]);
        let mut wire = cluster.wire();
        assert_eq!(code(&mut wire, "large", batch(&["fits"])), ErrorCode::NONE);
        let large = batch(&["x".repeat(100).as_str()]);
        assert_eq!(code(&mut wire, "large", large), ErrorCode::MESSAGE_TOO_LARGE);
    }

    fn a_compacted_topic_wants_keys(cluster) {
        cluster.topic("keys", 1, &[("cleanup.policy", "compact")]);
        let mut wire = cluster.wire();
        let mut builder = Builder::new();
        builder.add("key", "a").unwrap();
        builder.add((), "b").unwrap();
        let response = produce(&mut wire, "keys", builder.build_bytes().unwrap());
        assert_eq!(response.error_code, ErrorCode::INVALID_RECORD);
        let named: Vec<i32> = response.record_errors.iter().map(|e| e.batch_index).collect();
        assert_eq!(named, [1]);
        let message = response.record_errors[0].batch_index_error_message.clone().unwrap();
        assert_eq!(message, "Compacted topic cannot accept message without key in topic partition keys-0");
    }

    fn a_timestamp_from_the_far_future_is_refused(cluster) {
        cluster.topic("future", 1, &[]);
        let mut wire = cluster.wire();
        let mut builder = Builder::new();
        builder.add_record(&Record { timestamp: 1 << 50, ..Default::default() }).unwrap();
        let records = builder.build_bytes().unwrap();
        let response = produce(&mut wire, "future", records);
        assert_eq!(response.error_code, ErrorCode::INVALID_TIMESTAMP);
        assert_eq!(response.record_errors.len(), 1);
    }

    fn the_broker_s_time_stands_for_the_records_where_the_topic_says_so(cluster) {
        cluster.topic("append-time", 1, &[("message.timestamp.type", "LogAppendTime")]);
        let mut wire = cluster.wire();
        let response = produce(&mut wire, "append-time", batch(&["a"]));
        assert!(response.log_append_time_ms > 1_600_000_000_000, "{response:?}");
    }

    fn a_batch_of_append_times_is_copied_to_another_topic_as_it_is(cluster) {
        cluster.topic("mirrored", 1, &[("message.timestamp.type", "LogAppendTime")]);
        cluster.topic("mirror", 1, &[]);
        cluster.topic("mirror-append", 1, &[("message.timestamp.type", "LogAppendTime")]);
        let mut wire = cluster.wire();
        assert_eq!(code(&mut wire, "mirrored", batch(&["a", "b"])), ErrorCode::NONE);
        let fetched = fetch(&mut wire, "mirrored", 0).records.unwrap();
        let copy = |stamp: Restamp| {
            let mut bytes = fetched.to_vec();
            stamp.apply(&mut bytes).unwrap();
            Bytes::from(bytes)
        };
        let stamp = Restamp::new().base_offset(0);
        assert_eq!(code(&mut wire, "mirror-append", copy(stamp)), ErrorCode::INVALID_TIMESTAMP);
        let own_times = stamp.create_time();
        assert_eq!(code(&mut wire, "mirror-append", copy(own_times)), ErrorCode::NONE);
        assert_eq!(code(&mut wire, "mirror", copy(own_times)), ErrorCode::NONE);
        // Such a topic takes the bit off by itself.
        assert_eq!(code(&mut wire, "mirror", copy(stamp)), ErrorCode::NONE);
        let stored = fetch(&mut wire, "mirror", 2).records.unwrap();
        let header = Batch::parse(&stored).unwrap().header;
        assert_eq!(header.timestamp_type(), TimestampType::CreateTime);
    }

    fn an_idempotent_producer_s_batches_are_taken_once_and_in_order(cluster) {
        cluster.topic("order", 1, &[]);
        let mut wire = cluster.wire();
        let id = producer_id(&mut wire);
        let mut send = |epoch, sequence, values: &[&str]| {
            let response = produce(&mut wire, "order", numbered(id, epoch, sequence, values));
            (response.error_code, response.base_offset)
        };
        assert_eq!(send(0, 0, &["a", "b"]), (ErrorCode::NONE, 0));
        assert_eq!(send(0, 2, &["c"]), (ErrorCode::NONE, 2));
        assert_eq!(send(0, 0, &["a", "b"]), (ErrorCode::NONE, 0));
        assert_eq!(send(0, 4, &["e"]), (ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER, -1));
        assert_eq!(send(0, 1, &["b"]), (ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER, -1));
        assert_eq!(send(1, 3, &["d"]), (ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER, -1));
        assert_eq!(send(1, 0, &["d"]), (ErrorCode::NONE, 3));
        assert_eq!(send(0, 3, &["d"]), (ErrorCode::INVALID_PRODUCER_EPOCH, -1));
        assert_eq!(send(1, -1, &["d"]), (ErrorCode::INVALID_RECORD, -1));
    }

    fn a_second_copy_of_a_batch_is_answered_with_the_time_of_the_first(cluster) {
        cluster.topic("made", 1, &[]);
        cluster.topic("appended", 1, &[("message.timestamp.type", "LogAppendTime")]);
        let mut wire = cluster.wire();
        let id = producer_id(&mut wire);
        let sent = numbered(id, 0, 0, &["a"]);
        let made = Batch::parse(&sent).unwrap().header.max_timestamp;
        let mut send = |topic: &str| produce(&mut wire, topic, sent.clone()).log_append_time_ms;
        assert_eq!([send("made"), send("made")], [-1, made]);
        let appended = send("appended");
        assert!(appended > made);
        assert_eq!(send("appended"), appended);
    }

    fn no_acknowledgement_means_no_response_and_an_error_the_end(cluster) {
        cluster.topic("acks", 1, &[]);
        let mut wire = cluster.wire();
        wire.send(9, &produce_request("acks", 0, Some(batch(&["a"]))));
        assert_eq!(produce(&mut wire, "acks", batch(&["b"])).base_offset, 1);
        wire.send(9, &produce_request("acks", 0, Some(damaged(20, 1))));
        wire.expect_end();
        let mut wire = cluster.wire();
        let response = wire.call(9, &produce_request("acks", 2, Some(batch(&["c"]))));
        let partition = &response.responses[0].partition_responses[0];
        assert_eq!(partition.error_code, ErrorCode::INVALID_REQUIRED_ACKS);
    }

    fn every_version_of_produce_is_answered(cluster) {
        let topic = cluster.topic("produce-versions", 1, &[]);
        let mut wire = cluster.wire();
        for version in 3..=13 {
            let mut request = produce_request("produce-versions", 1, Some(batch(&["a"])));
            request.topic_data[0].topic_id = topic.topic_id;
            let response = wire.call(version, &request);
            let partition = &response.responses[0].partition_responses[0];
            assert_eq!(partition.base_offset, i64::from(version) - 3);
        }
    }
}
