//! Failing on purpose.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use libkafka_protocol::messages::{ApiVersionsRequest, MetadataRequest, ProduceRequest};
use libkafka_protocol::{ApiKey, ErrorCode};
use libkafka_testbroker::{ArmedFault, Broker, Fault};

use crate::cluster::{metadata, produce, produce_request};
use crate::wire::Wire;
use libkafka_integration::batch;

fn broker() -> (Broker, Wire) {
    let broker = Broker::builder()
        .topic("t", 2)
        .topic("u", 1)
        .start()
        .unwrap();
    let wire = Wire::connect(broker.address(1));
    (broker, wire)
}

fn metadata_of_all() -> MetadataRequest {
    MetadataRequest {
        topics: None,
        ..Default::default()
    }
}

/// What comes of a Metadata request whose delivery is faulty.
fn delivered(armed: ArmedFault) -> (std::io::Result<usize>, Wire) {
    let (broker, mut wire) = broker();
    let fault = broker.inject(armed);
    wire.send(1, &metadata_of_all());
    let answer = wire.receive::<MetadataRequest>(1);
    assert_eq!(fault.hits(), 1);
    (answer.map(|metadata| metadata.topics.len()), wire)
}

#[test]
fn an_error_strikes_its_topic_and_partition_alone_and_as_often_as_it_is_told() {
    let (broker, mut wire) = broker();
    let code = ErrorCode::NOT_LEADER_OR_FOLLOWER;
    let fault = broker.inject(
        Fault::on(ApiKey::PRODUCE)
            .topic("t")
            .partition(0)
            .skip(1)
            .times(2)
            .error(code),
    );
    assert_eq!(
        produce(&mut wire, "t", batch(&["a"])).error_code,
        ErrorCode::NONE
    );
    assert_eq!(
        produce(&mut wire, "u", batch(&["a"])).error_code,
        ErrorCode::NONE
    );
    assert_eq!(fault.hits(), 0);
    assert_eq!(produce(&mut wire, "t", batch(&["b"])).error_code, code);
    assert_eq!(produce(&mut wire, "t", batch(&["b"])).error_code, code);
    assert_eq!(produce(&mut wire, "t", batch(&["b"])).base_offset, 1);
    assert_eq!(fault.hits(), 2);
    assert_eq!(broker.offsets("t", 0), 0..2);
}

#[test]
fn a_topic_is_struck_by_its_id_too() {
    let (broker, mut wire) = broker();
    let id = metadata(&mut wire, "t").topic_id;
    let fault = broker.inject(
        Fault::on(ApiKey::PRODUCE)
            .topic("t")
            .error(ErrorCode::NOT_ENOUGH_REPLICAS),
    );
    let mut request = produce_request("", -1, Some(batch(&["a"])));
    request.topic_data[0].topic_id = id;
    let response = wire.call(13, &request);
    let code = response.responses[0].partition_responses[0].error_code;
    assert_eq!((code, fault.hits()), (ErrorCode::NOT_ENOUGH_REPLICAS, 1));
}

#[test]
fn a_response_can_be_altered_and_a_request_looked_at() {
    let (broker, mut wire) = broker();
    let looked = broker.inject(
        Fault::any()
            .when(|request: &MetadataRequest| request.topics.is_none())
            .observe(),
    );
    let altered =
        broker.inject(Fault::any().alter(|_: &MetadataRequest, response| response.topics.clear()));
    assert_eq!(wire.call(1, &metadata_of_all()).topics.len(), 0);
    assert_eq!(altered.remove(), 1);
    assert_eq!(wire.call(1, &metadata_of_all()).topics.len(), 2);
    assert_eq!(looked.hits(), 2);
    let mut one = metadata_of_all();
    one.topics = Some(Vec::new());
    wire.call(1, &one);
    assert_eq!(looked.hits(), 2);
}

#[test]
fn a_request_is_held_until_it_is_released() {
    let (broker, mut wire) = broker();
    let barrier = broker.inject(Fault::on(ApiKey::PRODUCE).pause());
    wire.send(9, &produce_request("t", -1, Some(batch(&["a"]))));
    barrier.wait(1);
    assert_eq!(broker.offsets("t", 0), 0..0);
    barrier.release();
    assert!(wire.receive::<ProduceRequest>(9).is_ok());
    assert_eq!(broker.offsets("t", 0), 0..1);
}

#[test]
fn a_delay_goes_by_the_clock() {
    let (broker, mut wire) = broker();
    let fault = broker.inject(Fault::on(ApiKey::METADATA).delay(Duration::from_secs(3600)));
    wire.send(1, &metadata_of_all());
    fault.wait(1);
    broker.advance_clock(Duration::from_secs(3601));
    assert!(wire.receive::<MetadataRequest>(1).is_ok());
}

#[test]
fn a_request_that_is_dropped_is_not_carried_out_and_the_next_one_is() {
    let (broker, mut wire) = broker();
    let fault = broker.inject(Fault::on(ApiKey::PRODUCE).times(1).drop_request());
    wire.send(9, &produce_request("t", -1, Some(batch(&["a"]))));
    assert_eq!(produce(&mut wire, "t", batch(&["b"])).base_offset, 0);
    assert_eq!(fault.hits(), 1);
}

#[test]
fn a_request_that_is_hung_up_on_is_not_carried_out() {
    let (broker, mut wire) = broker();
    let fault = broker.inject(
        Fault::on(ApiKey::PRODUCE)
            .node(1)
            .client_id("wire")
            .hang_up(),
    );
    wire.send(9, &produce_request("t", -1, Some(batch(&["a"]))));
    wire.expect_end();
    assert_eq!((broker.offsets("t", 0), fault.hits()), (0..0, 1));
}

#[test]
fn silence_swallows_the_response_of_what_was_carried_out() {
    let (broker, mut wire) = broker();
    let fault = broker.inject(Fault::on(ApiKey::PRODUCE).times(1).silence());
    wire.send(9, &produce_request("t", -1, Some(batch(&["a"]))));
    assert_eq!(produce(&mut wire, "t", batch(&["b"])).base_offset, 1);
    assert_eq!(fault.hits(), 1);
}

#[test]
fn a_response_is_cut_off_where_it_is_told() {
    let (broker, mut wire) = broker();
    let fault = broker.inject(Fault::on(ApiKey::METADATA).cut(9));
    wire.send(1, &metadata_of_all());
    let mut bytes = Vec::new();
    wire.read_to_end(&mut bytes);
    assert_eq!((bytes.len(), fault.hits()), (9, 1));
}

#[test]
fn a_connection_is_reset_instead_of_an_answer() {
    let (answer, _) = delivered(Fault::any().reset());
    assert_eq!(answer.unwrap_err().kind(), ErrorKind::ConnectionReset);
}

#[test]
fn a_response_drips_in() {
    let start = Instant::now();
    let (answer, _) = delivered(Fault::any().drip(10, Duration::from_millis(5)));
    assert_eq!(answer.unwrap(), 2);
    assert!(start.elapsed() > Duration::from_millis(20));
}

#[test]
fn a_response_answers_another_request() {
    let (broker, mut wire) = broker();
    let fault = broker.inject(Fault::any().wrong_correlation_id());
    wire.send(1, &metadata_of_all());
    let frame = wire.receive_frame().unwrap();
    assert_ne!(frame[..4], [0, 0, 0, 1]);
    assert_eq!(fault.hits(), 1);
}

#[test]
fn a_response_claims_another_length() {
    let (broker, mut wire) = broker();
    let fault = broker.inject(Fault::any().wrong_length(i32::MAX));
    wire.send(1, &metadata_of_all());
    assert_eq!(wire.receive_bytes::<4>(), [0x7f, 0xff, 0xff, 0xff]);
    assert_eq!(fault.hits(), 1);
}

#[test]
fn garbage_stands_behind_the_right_length_and_correlation_id() {
    let (broker, mut wire) = broker();
    wire.send(1, &metadata_of_all());
    let sane = wire.receive_frame().unwrap();
    let fault = broker.inject(Fault::any().garbage());
    wire.send(1, &metadata_of_all());
    let frame = wire.receive_frame().unwrap();
    assert_eq!((frame.len(), &frame[..4]), (sane.len(), &[0, 0, 0, 2][..]));
    assert_ne!(frame[4..], sane[4..]);
    assert_eq!(fault.hits(), 1);
}

#[test]
#[should_panic(
    expected = "the fault (Produce (0), topic t: error NOT_LEADER_OR_FOLLOWER (6)) injected at"
)]
fn a_fault_that_never_strikes_is_a_failure_of_the_test() {
    let (broker, mut wire) = broker();
    let _fault = broker.inject(
        Fault::on(ApiKey::PRODUCE)
            .topic("t")
            .error(ErrorCode::NOT_LEADER_OR_FOLLOWER),
    );
    wire.call(0, &ApiVersionsRequest::default());
}

#[test]
fn a_fault_that_was_removed_is_none() {
    let (broker, mut wire) = broker();
    let fault = broker.inject(Fault::any().hang_up());
    assert_eq!(fault.remove(), 0);
    wire.call(0, &ApiVersionsRequest::default());
}
