//! Going elsewhere: what a client does when whoever it asked cannot help.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering};
use std::time::Duration;

use libkafka_client::batch::Builder;
use libkafka_client::protocol::messages::metadata::{
    MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic,
};
use libkafka_client::protocol::messages::produce::{
    PartitionProduceResponse, TopicProduceResponse,
};
use libkafka_client::protocol::messages::{
    ApiVersionsResponse, DescribeClusterRequest, MetadataResponse, ProduceResponse,
};
use libkafka_client::protocol::{ApiKey, ErrorCode};
use libkafka_client::{Client, Config, Error, RetryMethod, RetryPolicy, Retryable, Target};

use crate::scripted::{Server, Step, respond};

fn broker(node_id: i32, port: u16) -> MetadataResponseBroker {
    MetadataResponseBroker {
        node_id,
        host: "127.0.0.1".into(),
        port: port.into(),
        ..Default::default()
    }
}

/// Brokers, of which broker 1 is the controller; partition 0 of `t` is led by `leader`.
fn metadata(brokers: Vec<MetadataResponseBroker>, leader: (i32, i32)) -> MetadataResponse {
    MetadataResponse {
        brokers,
        controller_id: 1,
        topics: vec![MetadataResponseTopic {
            name: Some("t".into()),
            partitions: vec![MetadataResponsePartition {
                leader_id: leader.0,
                leader_epoch: leader.1,
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    }
}

fn refused() -> MetadataResponse {
    MetadataResponse {
        error_code: ErrorCode::REBOOTSTRAP_REQUIRED,
        ..Default::default()
    }
}

/// The time of a call of which one broker uses up its share, and the other has enough with its own on
/// a busy machine too.
const ENOUGH_FOR_TWO: Duration = Duration::from_secs(4);

/// The time of something that is not to use it up.
const LONG: Duration = Duration::from_secs(60);

/// A port where connections are taken by nobody but the system.
fn silent() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").unwrap()
}

fn port(listener: &TcpListener) -> u16 {
    listener.local_addr().unwrap().port()
}

#[test]
fn a_cluster_that_asks_for_a_new_start_is_left_and_the_bootstrap_addresses_are_asked_again() {
    // Answers as broker 1 the first time, and from then on sends everybody away.
    let mut times = 0;
    let stale = Server::start_with_port(move |header, port| match header.request_api_key {
        ApiKey::METADATA => {
            times += 1;
            let answer = if times == 1 {
                metadata(vec![broker(1, port)], (1, 0))
            } else {
                refused()
            };
            Step::Write(respond(header, &answer))
        }
        _ => Step::Answer,
    });
    let right = Server::start_with_port(|header, port| match header.request_api_key {
        ApiKey::METADATA => {
            let answer = metadata(vec![broker(2, port)], (2, 0));
            Step::Write(respond(header, &answer))
        }
        _ => Step::Answer,
    });
    // Until the stale one is begun with: the choice is random.
    let list = format!("127.0.0.1:{},127.0.0.1:{}", stale.port(), right.port());
    let mut client = loop {
        let mut client = Client::new(Config::new(list.clone())).unwrap();
        if client.all_metadata().unwrap().brokers[0].node_id == 1 {
            break client;
        }
    };
    assert_eq!(client.all_metadata().unwrap().brokers[0].node_id, 2);
    stale.wait_until_closed();
    let ids: Vec<_> = client.brokers().map(|broker| broker.id).collect();
    assert_eq!(ids, [Some(2)]);
}

#[test]
fn a_new_start_that_is_asked_for_once_happens_within_the_call_and_for_ever_is_an_error() {
    for api in [ApiKey::METADATA, ApiKey::API_VERSIONS] {
        for refusals in [1, usize::MAX] {
            let refusal = move |header: &_| match api {
                ApiKey::METADATA => respond(header, &refused()),
                _ => {
                    let error_code = ErrorCode::REBOOTSTRAP_REQUIRED;
                    let response = ApiVersionsResponse {
                        error_code,
                        ..Default::default()
                    };
                    respond(header, &response)
                }
            };
            let mut times = 0;
            let server = Server::start(move |header| {
                if header.request_api_key == api && times < refusals {
                    times += 1;
                    Step::Write(refusal(header))
                } else {
                    Step::Answer
                }
            });
            let mut client = Client::new(server.config()).unwrap();
            let result = client.broker_metadata();
            if refusals == 1 {
                assert_eq!(result.unwrap().brokers.len(), 1);
            } else {
                let error = result.unwrap_err();
                assert_eq!(error.code(), Some(ErrorCode::REBOOTSTRAP_REQUIRED));
                assert_eq!(error.retry_method(), RetryMethod::Refresh);
            }
            assert!(server.requests(api).len() <= 4, "{api}");
            server.wait_until_closed();
        }
    }
}

#[test]
fn clients_begin_at_any_address_and_keep_off_the_one_that_failed_last() {
    let (one, two) = (
        Server::start(|_| Step::Answer),
        Server::start(|_| Step::Answer),
    );
    let list = format!("127.0.0.1:{},127.0.0.1:{}", one.port(), two.port());
    let asked = || [&one, &two].map(|server| server.requests(ApiKey::METADATA).len());
    for _ in 0..40 {
        let mut client = Client::new(Config::new(list.clone())).unwrap();
        client.all_metadata().unwrap();
    }
    assert!(!asked().contains(&0), "{:?}", asked());

    // One that hangs costs its share of the time once, whichever client asks next.
    let silent = silent();
    let list = format!("127.0.0.1:{},127.0.0.1:{}", port(&silent), one.port());
    let config = Config::new(list).timeout(ENOUGH_FOR_TWO);
    for _ in 0..20 {
        let mut client = Client::new(config.clone()).unwrap();
        client.all_metadata().unwrap();
    }
    silent.set_nonblocking(true).unwrap();
    let waited = std::iter::from_fn(|| silent.accept().ok()).count();
    assert!(waited <= 1, "{waited} calls waited for the silent broker");
}

#[test]
fn a_broker_that_hangs_once_connected_leaves_time_for_another() {
    let hanging = Server::start(|header| match header.request_api_key {
        ApiKey::METADATA => Step::Ignore,
        _ => Step::Answer,
    });
    let server = Server::start(|_| Step::Answer);
    let list = format!("127.0.0.1:{},127.0.0.1:{}", hanging.port(), server.port());
    for _ in 0..10 {
        let config = Config::new(list.clone()).timeout(ENOUGH_FOR_TWO);
        Client::new(config).unwrap().all_metadata().unwrap();
    }
}

#[test]
fn a_former_leader_that_believes_in_itself_is_not_asked_who_leads_for_ever() {
    let former_port = Arc::new(AtomicI32::new(0));
    let produce = |code: ErrorCode| ProduceResponse {
        responses: vec![TopicProduceResponse {
            name: "t".into(),
            partition_responses: vec![PartitionProduceResponse {
                error_code: code,
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    };
    let seen = Arc::clone(&former_port);
    let leader = Server::start_with_port(move |header, port| match header.request_api_key {
        ApiKey::METADATA => {
            let former = u16::try_from(seen.load(Ordering::SeqCst)).unwrap();
            let brokers = vec![broker(1, former), broker(2, port)];
            Step::Write(respond(header, &metadata(brokers, (2, 4))))
        }
        ApiKey::PRODUCE => Step::Write(respond(header, &produce(ErrorCode::NONE))),
        _ => Step::Answer,
    });
    let other = leader.port();
    let former = Server::start_with_port(move |header, port| match header.request_api_key {
        ApiKey::METADATA => {
            let brokers = vec![broker(1, port), broker(2, other)];
            Step::Write(respond(header, &metadata(brokers, (1, 3))))
        }
        ApiKey::PRODUCE => {
            let refusal = produce(ErrorCode::NOT_LEADER_OR_FOLLOWER);
            Step::Write(respond(header, &refusal))
        }
        _ => Step::Answer,
    });
    former_port.store(former.port().into(), Ordering::SeqCst);

    let mut client = Client::new(former.config()).unwrap();
    let mut producer = client.producer("t", 0).unwrap();
    let tries = AtomicUsize::new(0);
    let policy = RetryPolicy::for_idempotent_calls();
    let produced = policy.run(LONG, &mut producer, |producer| {
        tries.fetch_add(1, Ordering::Relaxed);
        let mut builder = Builder::new();
        builder.add("key", "value").unwrap();
        producer.produce(builder.build_bytes().unwrap())
    });
    produced.unwrap();
    assert_eq!(tries.load(Ordering::Relaxed), 2);
    assert_eq!(
        (producer.leader().id, producer.leader().epoch),
        (2, Some(4))
    );
}

#[test]
fn brokers_behind_one_address_are_told_apart_by_their_ids() {
    let proxy = Server::start_with_port(move |header, port| match header.request_api_key {
        ApiKey::METADATA => {
            let brokers = (1..=3).map(|id| broker(id, port)).collect();
            Step::Write(respond(header, &metadata(brokers, (3, 0))))
        }
        ApiKey::API_VERSIONS => Step::Answer,
        _ => Step::WriteAndClose(Vec::new()),
    });
    let mut client = Client::new(proxy.config()).unwrap();
    for _ in 0..2 {
        for id in [3, 1, 2] {
            let request = DescribeClusterRequest::default();
            let error = client.call_to(Target::Broker(id), &request).unwrap_err();
            assert!(matches!(error, Error::Closed { .. }), "{error}");
            assert_eq!(error.at().unwrap().broker.id, Some(id));
            client.refresh().unwrap();
        }
    }
}

/// Two brokers: the first names itself for everything and refuses to be it, the second names
/// itself and is.
fn believer_and_other() -> (Server, Server) {
    use libkafka_client::protocol::messages::create_topics::CreatableTopicResult;
    use libkafka_client::protocol::messages::find_coordinator::Coordinator;
    use libkafka_client::protocol::messages::{
        CreateTopicsResponse, FindCoordinatorResponse, HeartbeatResponse,
    };

    let script = |id: i32, other_port: Arc<AtomicI32>| {
        move |header: &_, port: u16| {
            let right = id == 2;
            let refusal = |code| if right { ErrorCode::NONE } else { code };
            let header: &libkafka_client::protocol::messages::RequestHeader = header;
            match header.request_api_key {
                ApiKey::METADATA => {
                    let other = u16::try_from(other_port.load(Ordering::SeqCst)).unwrap();
                    let answer = MetadataResponse {
                        brokers: vec![broker(id, port), broker(3 - id, other)],
                        controller_id: id,
                        ..Default::default()
                    };
                    Step::Write(respond(header, &answer))
                }
                ApiKey::FIND_COORDINATOR => {
                    let answer = FindCoordinatorResponse {
                        coordinators: vec![Coordinator {
                            key: "g".into(),
                            node_id: id,
                            host: "127.0.0.1".into(),
                            port: port.into(),
                            ..Default::default()
                        }],
                        ..Default::default()
                    };
                    Step::Write(respond(header, &answer))
                }
                ApiKey::HEARTBEAT => {
                    let answer = HeartbeatResponse {
                        error_code: refusal(ErrorCode::NOT_COORDINATOR),
                        ..Default::default()
                    };
                    Step::Write(respond(header, &answer))
                }
                ApiKey::CREATE_TOPICS => {
                    let answer = CreateTopicsResponse {
                        topics: vec![CreatableTopicResult {
                            name: "new".into(),
                            error_code: refusal(ErrorCode::NOT_CONTROLLER),
                            ..Default::default()
                        }],
                        ..Default::default()
                    };
                    Step::Write(respond(header, &answer))
                }
                _ => Step::Answer,
            }
        }
    };
    let ports = [Arc::new(AtomicI32::new(0)), Arc::new(AtomicI32::new(0))];
    let believer = Server::start_with_port(script(1, Arc::clone(&ports[1])));
    let other = Server::start_with_port(script(2, Arc::clone(&ports[0])));
    ports[0].store(believer.port().into(), Ordering::SeqCst);
    ports[1].store(other.port().into(), Ordering::SeqCst);
    (believer, other)
}

#[test]
fn a_former_controller_that_believes_in_itself_is_not_asked_who_controls_for_ever() {
    let (believer, _other) = believer_and_other();
    let mut client = Client::new(believer.config()).unwrap();
    let mut tries = 0;
    let created = RetryPolicy::new().run(LONG, &mut client, |client| {
        tries += 1;
        client.create_topic(libkafka_client::NewTopic::new("new"))
    });
    created.unwrap();
    assert_eq!(tries, 2);
}

#[test]
fn a_former_coordinator_that_believes_in_itself_is_not_asked_who_coordinates_for_ever() {
    let (believer, _other) = believer_and_other();
    let mut client = Client::new(believer.config()).unwrap();
    client.all_metadata().unwrap();
    let mut group = client.group("g");
    let mut tries = 0;
    let beaten = RetryPolicy::new().run(LONG, &mut group, |group| {
        tries += 1;
        // The first broker is the one that knows no better.
        group.heartbeat()
    });
    beaten.unwrap();
    assert!(tries <= 2, "{tries} tries");
}
