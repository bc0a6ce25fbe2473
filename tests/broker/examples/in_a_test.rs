//! The broker in the tests of a Rust program: here the program is a function that produces
//! an order and has to cope with a leader that moves.

use std::error::Error;

use libkafka_client::batch::{Builder, RecordSet};
use libkafka_client::{Client, Config};
use libkafka_protocol::{ApiKey, ErrorCode};
use libkafka_testbroker::{Broker, Fault};

/// What is under test.
fn place_order(bootstrap: &str, order: &str) -> Result<(), Box<dyn Error>> {
    let mut client = Client::new(Config::new(bootstrap))?;
    let mut builder = Builder::new();
    builder.add("order", order)?;
    let batch = builder.build_bytes()?;
    let mut producer = client.producer("orders", 0)?;
    loop {
        match producer.produce(batch.clone()) {
            Ok(_) => return Ok(()),
            Err(error) if error.code() == Some(ErrorCode::NOT_LEADER_OR_FOLLOWER) => {
                producer.refresh()?;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let broker = Broker::builder().nodes(3).topic("orders", 1).start()?;

    // As if the leader had moved, twice.
    let fault = broker.inject(
        Fault::on(ApiKey::PRODUCE)
            .topic("orders")
            .times(2)
            .error(ErrorCode::NOT_LEADER_OR_FOLLOWER),
    );
    place_order(&broker.bootstrap(), "twelve eggs")?;
    println!("refused {} times", fault.hits());

    // And once really.
    let former = broker.leader("orders", 0);
    let next = broker.ids().into_iter().find(|id| Some(*id) != former);
    broker.move_leader("orders", 0, next.ok_or("there is one node only")?);
    place_order(&broker.bootstrap(), "a loaf of bread")?;

    for bytes in broker.batches("orders", 0) {
        for batch in RecordSet::new(&bytes) {
            let batch = batch?;
            for record in &batch.records()? {
                let record = record?;
                let order = String::from_utf8_lossy(record.value.unwrap_or_default()).into_owned();
                let epoch = batch.header.partition_leader_epoch;
                println!("{} in epoch {epoch}: {order}", record.offset);
            }
        }
    }
    Ok(())
}
