//! What a test does to a running broker.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use libkafka_batch::Batch;
use libkafka_protocol::messages::list_offsets::{ListOffsetsPartition, ListOffsetsTopic};
use libkafka_protocol::messages::{
    ApiVersionsRequest, FindCoordinatorRequest, ListOffsetsRequest, MetadataRequest, ProduceRequest,
};
use libkafka_protocol::{ApiKey, ErrorCode, Request};
use libkafka_testbroker::{Broker, Fault, KAFKA_2_8};
use libkafka_testkafka::{Kafka, Listener, Version, require};

use crate::cluster::{metadata, produce, produce_request};
use crate::wire::Wire;
use libkafka_integration::batch;

fn three() -> Broker {
    Broker::builder().nodes(3).topic("t", 3).start().unwrap()
}

#[test]
fn partitions_are_spread_and_served_by_their_leaders_alone() {
    let broker = three();
    let mut leaders: Vec<Option<i32>> = (0..3)
        .map(|partition| broker.leader("t", partition))
        .collect();
    let leader = leaders[0].unwrap();
    leaders.sort();
    assert_eq!(leaders, [Some(1), Some(2), Some(3)]);
    for node in broker.ids() {
        let mut wire = Wire::connect(broker.address(node));
        let response = wire.call(10, &produce_request("t", 1, Some(batch(&["a"]))));
        let partition = &response.responses[0].partition_responses[0];
        if node == leader {
            assert_eq!(partition.error_code, ErrorCode::NONE);
            continue;
        }
        assert_eq!(partition.error_code, ErrorCode::NOT_LEADER_OR_FOLLOWER);
        assert_eq!(partition.current_leader.leader_id, leader);
        let endpoint = &response.node_endpoints[0];
        assert_eq!(
            (endpoint.node_id, endpoint.port),
            (leader, i32::from(broker.address(leader).port()))
        );
    }
}

#[test]
fn a_moved_leader_stamps_its_epoch_and_fences_the_former_one() {
    let broker = three();
    let old = broker.leader("t", 0).unwrap();
    produce(&mut Wire::connect(broker.address(old)), "t", batch(&["a"]));
    let new = old % 3 + 1;
    broker.move_leader("t", 0, new);
    let mut wire = Wire::connect(broker.address(new));
    produce(&mut wire, "t", batch(&["b"]));
    let epochs: Vec<i32> = broker
        .batches("t", 0)
        .iter()
        .map(|bytes| Batch::parse(bytes).unwrap().header.partition_leader_epoch)
        .collect();
    assert_eq!(epochs, [0, 1]);
    let mut ask = |current_leader_epoch| {
        let partition = ListOffsetsPartition {
            current_leader_epoch,
            timestamp: -1,
            ..Default::default()
        };
        let topic = ListOffsetsTopic {
            name: "t".into(),
            partitions: vec![partition],
            ..Default::default()
        };
        let response = wire.call(
            4,
            &ListOffsetsRequest {
                topics: vec![topic],
                ..Default::default()
            },
        );
        let partition = &response.topics[0].partitions[0];
        (partition.error_code, partition.offset)
    };
    assert_eq!(ask(0), (ErrorCode::FENCED_LEADER_EPOCH, -1));
    assert_eq!(ask(1), (ErrorCode::NONE, 2));
    assert_eq!(ask(2), (ErrorCode::UNKNOWN_LEADER_EPOCH, -1));
}

#[test]
fn a_node_stops_and_starts_again_at_its_address() {
    let broker = three();
    let old = broker.leader("t", 0).unwrap();
    let mut wire = Wire::connect(broker.address(old));
    wire.call(0, &ApiVersionsRequest::default());
    broker.stop_node(old);
    wire.expect_end();
    assert!(TcpStream::connect(broker.address(old)).is_err());
    let new = broker.leader("t", 0).unwrap();
    assert_ne!(new, old);
    let mut other = Wire::connect(broker.address(new));
    let topic = metadata(&mut other, "t");
    assert_eq!(topic.partitions[0].leader_id, new);
    assert_eq!(topic.partitions[0].isr_nodes.len(), 2);
    assert_eq!(topic.partitions[0].offline_replicas[..], [old]);
    broker.start_node(old).unwrap();
    Wire::connect(broker.address(old)).call(0, &ApiVersionsRequest::default());
    assert_eq!(metadata(&mut other, "t").partitions[0].isr_nodes.len(), 3);
    assert_eq!(broker.leader("t", 0), Some(new));
}

#[test]
fn the_coordinator_is_the_one_that_was_chosen() {
    let broker = three();
    let mut wire = Wire::connect(broker.address(1));
    for node in [3, 1, 2] {
        broker.set_coordinator("group", node);
        let found = wire.call(
            2,
            &FindCoordinatorRequest {
                key: "group".into(),
                ..Default::default()
            },
        );
        assert_eq!(
            (found.node_id, found.port),
            (node, i32::from(broker.address(node).port()))
        );
    }
}

#[test]
fn a_held_high_watermark_hides_records_and_holds_producers_up() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let mut wire = Wire::connect(broker.address(1));
    produce(&mut wire, "t", batch(&["a"]));
    broker.hold_high_watermark("t", 0, 1);
    let mut request = produce_request("t", -1, Some(batch(&["b"])));
    wire.send(9, &request);
    let mut other = Wire::connect(broker.address(1));
    let latest = |wire: &mut Wire| {
        let partition = ListOffsetsPartition {
            timestamp: -1,
            ..Default::default()
        };
        let topic = ListOffsetsTopic {
            name: "t".into(),
            partitions: vec![partition],
            ..Default::default()
        };
        wire.call(
            4,
            &ListOffsetsRequest {
                topics: vec![topic],
                ..Default::default()
            },
        )
        .topics[0]
            .partitions[0]
            .offset
    };
    assert_eq!(latest(&mut other), 1);
    broker.release_high_watermark("t", 0);
    let response = wire.receive::<ProduceRequest>(9).unwrap();
    assert_eq!(response.responses[0].partition_responses[0].base_offset, 1);
    assert_eq!(latest(&mut other), 2);
    broker.hold_high_watermark("t", 0, 2);
    request.timeout_ms = 100;
    let response = wire.call(9, &request);
    let code = response.responses[0].partition_responses[0].error_code;
    assert_eq!(code, ErrorCode::REQUEST_TIMED_OUT);
}

#[test]
fn too_few_replicas_in_sync_refuse_all_acknowledgements_alone() {
    let broker = Broker::builder()
        .nodes(3)
        .config("min.insync.replicas", "2")
        .topic("t", 1)
        .start()
        .unwrap();
    let leader = broker.leader("t", 0).unwrap();
    broker.set_in_sync("t", 0, &[leader]);
    let mut wire = Wire::connect(broker.address(leader));
    assert_eq!(
        produce(&mut wire, "t", batch(&["a"])).error_code,
        ErrorCode::NOT_ENOUGH_REPLICAS
    );
    let response = wire.call(9, &produce_request("t", 1, Some(batch(&["a"]))));
    assert_eq!(
        response.responses[0].partition_responses[0].error_code,
        ErrorCode::NONE
    );
}

#[test]
fn retention_moves_the_start_of_the_log() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let mut wire = Wire::connect(broker.address(1));
    produce(&mut wire, "t", batch(&["a", "b"]));
    produce(&mut wire, "t", batch(&["c"]));
    broker.delete_before("t", 0, 1);
    assert_eq!(
        (broker.offsets("t", 0), broker.batches("t", 0).len()),
        (1..3, 2)
    );
    broker.delete_before("t", 0, 2);
    assert_eq!(
        (broker.offsets("t", 0), broker.batches("t", 0).len()),
        (2..3, 1)
    );
    assert_eq!(produce(&mut wire, "t", batch(&["d"])).log_start_offset, 2);
    broker.truncate("t", 0, 3);
    assert_eq!(broker.offsets("t", 0), 2..3);
    broker.delete_before("t", 0, 3);
    assert_eq!(produce(&mut wire, "t", batch(&["d"])).base_offset, 3);
}

#[test]
fn a_throttled_client_is_told_so_and_made_to_wait() {
    let broker = Broker::start().unwrap();
    let mut wire = Wire::connect(broker.address(1));
    broker.throttle(Duration::from_millis(200));
    let start = Instant::now();
    let response = wire.call(3, &MetadataRequest::default());
    assert_eq!(response.throttle_time_ms, 200);
    wire.call(3, &MetadataRequest::default());
    assert!(start.elapsed() >= Duration::from_millis(200));
    broker.throttle(Duration::ZERO);
    assert_eq!(
        wire.call(3, &MetadataRequest::default()).throttle_time_ms,
        0
    );
    assert_eq!(broker.requests(ApiKey::METADATA), 3);
}

#[test]
fn the_errors_that_clients_meet_are_counted() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let fault = broker.inject(
        Fault::on(ApiKey::PRODUCE)
            .times(1)
            .error(ErrorCode::NOT_LEADER_OR_FOLLOWER),
    );
    let mut wire = Wire::connect(broker.address(1));
    for _ in 0..3 {
        produce(&mut wire, "t", batch(&["a"]));
    }
    drop(fault);
    for _ in 0..2 {
        // Two partitions with the same error, in one response.
        let partition = ListOffsetsPartition {
            partition_index: 7,
            ..Default::default()
        };
        let request = ListOffsetsRequest {
            topics: vec![ListOffsetsTopic {
                name: "t".into(),
                partitions: vec![partition; 2],
                ..Default::default()
            }],
            ..Default::default()
        };
        wire.call(4, &request);
    }
    let not_leader = (ApiKey::PRODUCE, ErrorCode::NOT_LEADER_OR_FOLLOWER);
    let unknown = (ApiKey::LIST_OFFSETS, ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
    let errors: Vec<_> = broker.errors().into_iter().collect();
    assert_eq!(errors, [(not_leader, 1), (unknown, 2)]);
}

#[test]
fn an_older_broker_speaks_older_versions_alone() {
    let broker = Broker::builder().max_versions(KAFKA_2_8).start().unwrap();
    let mut wire = Wire::connect(broker.address(1));
    let response = wire.call(0, &ApiVersionsRequest::default());
    let last = |key| {
        response
            .api_keys
            .iter()
            .find(|api| api.api_key == key)
            .map(|api| api.max_version)
    };
    assert_eq!(last(ApiKey::PRODUCE), Some(9));
    assert_eq!(last(ApiKey::FETCH), Some(12));
    assert_eq!(last(ApiKey::CONSUMER_GROUP_HEARTBEAT), None);
    wire.send(
        ProduceRequest::API_KEY.versions().map_or(13, |v| *v.end()),
        &produce_request("", 1, None),
    );
    wire.expect_end();
}

#[test]
fn what_the_older_broker_speaks_is_what_a_real_one_speaks() {
    require!();
    let real = Kafka::builder()
        .version(Version::new(2, 8, 2))
        .start()
        .unwrap();
    let broker = Broker::builder().max_versions(KAFKA_2_8).start().unwrap();
    let spoken = |address| {
        let mut wire = Wire::connect(address);
        wire.call(0, &ApiVersionsRequest::default()).api_keys
    };
    let real = spoken(real.address(1, Listener::Plaintext));
    for ours in spoken(broker.address(1)) {
        let theirs = real.iter().find(|api| api.api_key == ours.api_key);
        let theirs = theirs.map(|api| api.max_version);
        assert_eq!(theirs, Some(ours.max_version), "{}", ours.api_key);
    }
}

#[test]
fn a_dropped_broker_is_gone() {
    let broker = three();
    let addresses: Vec<_> = broker
        .ids()
        .into_iter()
        .map(|id| broker.address(id))
        .collect();
    let mut wires: Vec<Wire> = addresses
        .iter()
        .map(|address| Wire::connect(*address))
        .collect();
    for wire in &mut wires {
        wire.call(0, &ApiVersionsRequest::default());
    }
    drop(broker);
    for (wire, address) in wires.iter_mut().zip(addresses) {
        wire.expect_end();
        assert!(TcpStream::connect(address).is_err());
    }
}
