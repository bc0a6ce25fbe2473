//! `ProduceLane`, and everything that can go wrong with one request for several partitions.

mod answers;
mod requests;
mod stalled;
mod topics;
mod unacknowledged;
mod wire;

use libkafka_client::protocol::messages::ProduceRequest;
use libkafka_client::protocol::{ApiKey, ErrorCode};
use libkafka_client::{Acks, Error};
use libkafka_testbroker::Fault;

use super::*;

fn broker() -> Broker {
    Broker::builder().topic("t", 6).start().unwrap()
}

fn lane(client: &Client, broker: &Broker) -> ProduceLane {
    lane_with(client, broker, ProduceLaneOptions::new())
}

fn lane_with(client: &Client, broker: &Broker, options: ProduceLaneOptions) -> ProduceLane {
    client.produce_lane(broker.ids()[0], options).unwrap()
}

/// What each partition has in its log.
fn logs(client: &mut Client, partitions: i32) -> Vec<Vec<String>> {
    let values = |partition| values(&mut client.fetcher("t", partition).unwrap());
    (0..partitions).map(values).collect()
}

fn code(outcome: &LaneOutcome) -> Option<ErrorCode> {
    outcome.result.as_ref().err().and_then(|error| error.code())
}
