//! Flushing and closing, by a deadline.

use std::time::Instant;

use libkafka_client::Error;
use libkafka_client::delivery::{Closed, Reason};
use libkafka_protocol::ApiKey;
use libkafka_testbroker::Fault;

use super::*;

#[test]
fn closing_returns_what_did_not_get_through_by_the_deadline() {
    let broker = Broker::builder().topic("t", 2).start().unwrap();
    let producer = producer(&broker);
    producer.send(&to(0, "a"), LONG).unwrap();
    producer.flush(LONG).unwrap();
    broker.remove_leader("t", 1);
    let held = broker.inject(Fault::on(ApiKey::PRODUCE).pause());
    let sent = [(0, "b"), (1, "c")];
    for (partition, value) in sent {
        producer.send(&to(partition, value), LONG).unwrap();
    }
    // One of them is on its way.
    libkafka_integration::until(|| {
        let _ = producer.flush(Duration::from_millis(20));
        (held.hits() > 0).then_some(())
    });
    let begun = Instant::now();
    let mut lost = producer.close(Duration::from_millis(200));
    assert!(begun.elapsed() >= Duration::from_millis(200));
    lost.sort_by_key(|delivery| delivery.partition.partition);
    assert_eq!(lost.len(), 2);
    for (lost, (partition, value)) in lost.iter().zip(sent) {
        assert_eq!(lost.partition.partition, partition);
        let failure = lost.outcome.as_ref().unwrap_err();
        assert_eq!(failure.reason, Reason::Closed);
        assert!(failure.possibly_written || partition == 1);
        let batch = Batch::parse(&failure.batch).unwrap();
        let records = batch.records().unwrap();
        let record = records.iter().next().unwrap().unwrap();
        assert_eq!(record.value_text().unwrap(), value);
    }
    let refused = producer.send(&to(0, "d"), LONG);
    assert!(matches!(refused, Err(Error::ProducerClosed)), "{refused:?}");
    assert!(producer.close(Duration::ZERO).is_empty());
    drop(held);
}

#[test]
fn closing_a_producer_that_is_well_returns_nothing_and_has_all_stored() {
    let broker = Broker::builder().nodes(3).topic("t", 10).start().unwrap();
    let producer = producer_with(&broker, ProducerConfig::new().linger(LONG));
    for n in 0..1000 {
        producer.send(&to(n % 10, "x"), LONG).unwrap();
    }
    let lost = producer.close(LONG);
    assert!(lost.is_empty(), "{lost:?}");
    let stored: usize = (0..10)
        .map(|partition| values(&broker, partition).len())
        .sum();
    assert_eq!(stored, 1000);
    for delivery in deliveries(&producer).values() {
        assert_eq!(delivery.closed, Closed::Flush);
    }
}

#[test]
fn closing_a_producer_that_was_never_used_needs_no_broker() {
    let config = Config::new("127.0.0.1:1");
    let producer = Producer::new(config, ProducerConfig::new()).unwrap();
    producer.flush(Duration::ZERO).unwrap();
    assert!(producer.close(Duration::ZERO).is_empty());
}
