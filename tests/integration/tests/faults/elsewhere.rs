//! Answers that send the reader elsewhere, and answers about something else.

use libkafka_client::protocol::messages::{
    CreatePartitionsRequest, CreateTopicsRequest, DeleteTopicsRequest, DescribeConfigsRequest,
    DescribeGroupsRequest, FetchRequest, FindCoordinatorRequest, IncrementalAlterConfigsRequest,
    ListOffsetsRequest, MetadataRequest, OffsetFetchRequest, OffsetForLeaderEpochRequest,
    ProduceRequest,
};
use libkafka_client::protocol::{ApiKey, ErrorCode, Uuid};
use libkafka_client::{
    Client, ConfigResource, Error, FetchOptions, NewTopic, OffsetSpec, PartitionFetcher,
    RetryMethod,
};
use libkafka_testbroker::{Broker, Fault, FaultHandle};

use crate::{batch, broker, client, config};

/// A node that is not the leader, to which the leader sends all readers.
struct Elsewhere {
    broker: Broker,
    near: i32,
    sent: FaultHandle,
}

impl Elsewhere {
    fn start() -> Self {
        let broker = Broker::builder().nodes(3).topic("t", 1).start().unwrap();
        let leader = broker.leader("t", 0).unwrap();
        let near = (1..=3).find(|node| *node != leader).unwrap();
        let fault = Fault::on(ApiKey::FETCH).node(leader);
        let sent = broker.inject(fault.alter::<FetchRequest>(move |request, response| {
            assert_eq!(request.rack_id, "here");
            let partition = &mut response.responses[0].partitions[0];
            partition.preferred_read_replica = near;
            partition.records = None;
        }));
        Self { broker, near, sent }
    }

    /// Lets the replica answer with a record, which followers of the embedded broker do not.
    fn serve(&self) -> FaultHandle {
        let fault = Fault::on(ApiKey::FETCH).node(self.near);
        self.broker
            .inject(fault.alter::<FetchRequest>(|_, response| {
                let partition = &mut response.responses[0].partitions[0];
                partition.error_code = ErrorCode::NONE;
                partition.high_watermark = 1;
                partition.records = Some(batch(&["from the replica"]));
            }))
    }

    /// Hides the replica from the metadata of the next so many requests.
    fn hide(&self, times: usize) -> FaultHandle {
        let near = self.near;
        let fault = Fault::on(ApiKey::METADATA).times(times);
        self.broker
            .inject(fault.alter::<MetadataRequest>(move |_, response| {
                response.brokers.retain(|broker| broker.node_id != near);
            }))
    }

    fn fetcher(&self) -> PartitionFetcher {
        let mut client = client(&self.broker);
        let options = FetchOptions::new().rack("here");
        client.fetcher_with("t", 0, options).unwrap()
    }
}

#[test]
fn a_replica_that_the_leader_prefers_is_read_from() {
    let elsewhere = Elsewhere::start();
    let served = elsewhere.serve();
    let mut fetcher = elsewhere.fetcher();
    for _ in 0..3 {
        assert_eq!(fetcher.fetch().unwrap().batches().count(), 1);
    }
    assert_eq!((elsewhere.sent.hits(), served.hits()), (1, 3));
}

#[test]
fn a_preferred_replica_that_the_fetcher_has_not_heard_of_is_looked_up() {
    let elsewhere = Elsewhere::start();
    let hidden = elsewhere.hide(1);
    let served = elsewhere.serve();
    let mut fetcher = elsewhere.fetcher();
    assert_eq!(hidden.hits(), 1);
    assert_eq!(fetcher.fetch().unwrap().batches().count(), 1);
    assert_eq!((elsewhere.sent.hits(), served.hits()), (1, 1));
}

#[test]
fn a_preferred_replica_that_nobody_knows_is_an_error_and_not_an_empty_fetch() {
    let elsewhere = Elsewhere::start();
    let _hidden = elsewhere.hide(usize::MAX);
    let mut fetcher = elsewhere.fetcher();
    let error = fetcher.fetch().unwrap_err();
    let near = elsewhere.near;
    assert!(
        matches!(error, Error::UnknownBroker { id } if id == near),
        "{error:?}"
    );
    assert_eq!(error.retry_method(), RetryMethod::Refresh);
}

#[test]
fn what_a_preferred_replica_refuses_is_told_when_the_leader_insists_on_it() {
    let elsewhere = Elsewhere::start();
    let mut fetcher = elsewhere.fetcher();
    for _ in 0..3 {
        let error = fetcher.fetch().unwrap_err();
        assert_eq!(
            error.code(),
            Some(ErrorCode::NOT_LEADER_OR_FOLLOWER),
            "{error:?}"
        );
    }
}

#[test]
fn replicas_that_name_each_other_are_an_error_and_asked_a_few_times() {
    let elsewhere = Elsewhere::start();
    let leader = elsewhere.broker.leader("t", 0).unwrap();
    let fault = Fault::on(ApiKey::FETCH).node(elsewhere.near);
    let back = elsewhere
        .broker
        .inject(fault.alter::<FetchRequest>(move |_, response| {
            let partition = &mut response.responses[0].partitions[0];
            partition.error_code = ErrorCode::NONE;
            partition.preferred_read_replica = leader;
        }));
    let error = elsewhere.fetcher().fetch().unwrap_err();
    assert!(matches!(error, Error::Missing { .. }), "{error:?}");
    assert!(back.hits() + elsewhere.sent.hits() <= 3);
}

/// Topics that are not the one that was asked about: by name, by id, and by no id.
const OTHERS: [(&str, Uuid); 3] = [("other", Uuid::ZERO), ("", Uuid([7; 16])), ("", Uuid::ZERO)];

fn clients(broker: &Broker) -> [Client; 2] {
    // The last versions that name topics.
    let old = config(broker)
        .max_version(ApiKey::FETCH, 12)
        .max_version(ApiKey::PRODUCE, 12);
    [client(broker), Client::new(old).unwrap()]
}

fn is_missing(error: &Error) {
    assert!(matches!(error, Error::Missing { .. }), "{error:?}");
}

#[test]
fn records_of_another_topic_are_not_taken_for_ours() {
    let broker = broker();
    for (i, mut client) in clients(&broker).into_iter().enumerate() {
        client
            .producer("t", 0)
            .unwrap()
            .produce(batch(&["a"]))
            .unwrap();
        let mut fetcher = client.fetcher("t", 0).unwrap();
        for (name, id) in OTHERS {
            let fault = Fault::on(ApiKey::FETCH).times(1);
            let fault = broker.inject(fault.alter::<FetchRequest>(move |_, response| {
                response.responses[0].topic = name.to_owned();
                response.responses[0].topic_id = id;
            }));
            is_missing(&fetcher.fetch().unwrap_err());
            assert_eq!(fault.hits(), 1);
        }
        assert_eq!(fetcher.fetch().unwrap().batches().count(), 1 + i);
    }
}

#[test]
fn a_batch_that_another_topic_stored_does_not_count_as_produced() {
    let broker = broker();
    for mut client in clients(&broker) {
        let mut producer = client.producer("t", 0).unwrap();
        for (name, id) in OTHERS {
            let fault = Fault::on(ApiKey::PRODUCE).times(1);
            let fault = broker.inject(fault.alter::<ProduceRequest>(move |_, response| {
                response.responses[0].name = name.to_owned();
                response.responses[0].topic_id = id;
            }));
            let error = producer.produce(batch(&["a"])).unwrap_err();
            is_missing(&error);
            assert!(error.possibly_written());
            assert_eq!(fault.hits(), 1);
        }
        producer.produce(batch(&["a"])).unwrap();
    }
}

#[test]
fn offsets_of_another_topic_are_not_taken_for_ours() {
    let broker = broker();
    let mut fetcher = client(&broker).fetcher("t", 0).unwrap();
    let fault = Fault::on(ApiKey::LIST_OFFSETS).times(1);
    let fault = broker.inject(fault.alter::<ListOffsetsRequest>(|_, response| {
        response.topics[0].name = "other".to_owned();
    }));
    is_missing(&fetcher.seek_to(OffsetSpec::Latest).unwrap_err());
    assert_eq!(fault.hits(), 1);
    let fault = Fault::on(ApiKey::OFFSET_FOR_LEADER_EPOCH).times(1);
    let fault = broker.inject(fault.alter::<OffsetForLeaderEpochRequest>(|_, response| {
        response.topics[0].topic = "other".to_owned();
    }));
    is_missing(&fetcher.end_of_epoch(0).unwrap_err());
    assert_eq!(fault.hits(), 1);
    fetcher.seek_to(OffsetSpec::Latest).unwrap();
    fetcher.end_of_epoch(0).unwrap();
}

#[test]
fn what_became_of_another_topic_or_group_is_not_taken_for_ours() {
    let broker = broker();
    let mut client = client(&broker);
    let topic = ConfigResource::Topic("t");
    let other = || "other".to_owned();

    let fault = Fault::on(ApiKey::CREATE_TOPICS).times(1);
    let _fault = broker.inject(fault.alter::<CreateTopicsRequest>(move |_, response| {
        response.topics[0].name = other();
    }));
    is_missing(&client.create_topic(NewTopic::new("new")).unwrap_err());
    let fault = Fault::on(ApiKey::CREATE_PARTITIONS).times(1);
    let _fault = broker.inject(fault.alter::<CreatePartitionsRequest>(move |_, response| {
        response.results[0].name = other();
    }));
    is_missing(&client.create_partitions("t", 2).unwrap_err());
    let fault = Fault::on(ApiKey::DESCRIBE_CONFIGS).times(1);
    let _fault = broker.inject(fault.alter::<DescribeConfigsRequest>(move |_, response| {
        response.results[0].resource_name = other();
    }));
    is_missing(&client.describe_configs(topic).unwrap_err());
    let fault = Fault::on(ApiKey::INCREMENTAL_ALTER_CONFIGS).times(1);
    let alter = fault.alter::<IncrementalAlterConfigsRequest>(move |_, response| {
        response.responses[0].resource_name = other();
    });
    let _fault = broker.inject(alter);
    is_missing(&client.alter_configs(topic, &[]).unwrap_err());
    let fault = Fault::on(ApiKey::DELETE_TOPICS).times(1);
    let _fault = broker.inject(fault.alter::<DeleteTopicsRequest>(move |_, response| {
        response.responses[0].name = Some(other());
    }));
    is_missing(&client.delete_topic("t").unwrap_err());
    let fault = Fault::on(ApiKey::DESCRIBE_GROUPS).times(1);
    let _fault = broker.inject(fault.alter::<DescribeGroupsRequest>(move |_, response| {
        response.groups[0].group_id = other();
    }));
    is_missing(&client.describe_group("g").unwrap_err());
    let fault = Fault::on(ApiKey::FIND_COORDINATOR).times(1);
    let _fault = broker.inject(fault.alter::<FindCoordinatorRequest>(move |_, response| {
        response.coordinators[0].key = other();
    }));
    is_missing(&client.describe_group("g").unwrap_err());
    let fault = Fault::on(ApiKey::OFFSET_FETCH).times(1);
    let _fault = broker.inject(fault.alter::<OffsetFetchRequest>(move |_, response| {
        response.groups[0].group_id = other();
    }));
    is_missing(&client.offsets("g").fetch_all().unwrap_err());
}
