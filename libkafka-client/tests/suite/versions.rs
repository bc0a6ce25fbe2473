//! Which version of a request is spoken.

use libkafka_client::protocol::messages::{
    AddPartitionsToTxnRequest, AddPartitionsToTxnResponse, DescribeClusterRequest,
    DescribeClusterResponse,
};
use libkafka_client::protocol::{ApiKey, Versions};
use libkafka_client::{Client, Error, Target};

use crate::scripted::{Server, Step, respond};

fn server() -> Server {
    Server::start(|header| match header.request_api_key {
        ApiKey::ADD_PARTITIONS_TO_TXN => {
            Step::Write(respond(header, &AddPartitionsToTxnResponse::default()))
        }
        ApiKey::DESCRIBE_CLUSTER => {
            Step::Write(respond(header, &DescribeClusterResponse::default()))
        }
        _ => Step::Answer,
    })
}

fn spoken(client: &Client) -> i16 {
    client.last_exchange().unwrap().version
}

#[test]
fn a_version_that_is_for_brokers_is_spoken_only_if_it_is_asked_for() {
    let server = server();
    let mut client = Client::new(server.config()).unwrap();
    let request = AddPartitionsToTxnRequest::default();
    client.call_to(Target::Any, &request).unwrap();
    assert_eq!(spoken(&client), 3);
    let all = Versions::ALL;
    client.call_in_versions(Target::Any, all, &request).unwrap();
    assert_eq!(spoken(&client), 5);
}

#[test]
fn a_call_bounds_its_version() {
    let server = server();
    let mut client = Client::new(server.config()).unwrap();
    let request = DescribeClusterRequest::default();
    client.call(&request).unwrap();
    assert_eq!(spoken(&client), 2);
    for (versions, version) in [(Versions::new(0, 1), 1), (Versions::new(0, 0), 0)] {
        let call = client.call_in_versions(Target::Any, versions, &request);
        call.unwrap();
        assert_eq!(spoken(&client), version);
    }
    let none = Versions::new(7, 9);
    let error = client.call_in_versions(Target::Any, none, &request);
    assert!(matches!(error, Err(Error::Version { .. })));
}
