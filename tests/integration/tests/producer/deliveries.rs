//! What is told of batches afterwards.

use libkafka_batch::{Compression, Lz4};
use libkafka_client::delivery::Closed;

use super::*;

#[test]
fn a_ticket_leads_to_the_delivery_of_its_batch_and_the_offset_of_its_record() {
    let broker = Broker::builder().topic("t", 2).start().unwrap();
    let producer = producer_with(&broker, ProducerConfig::new().linger(Duration::ZERO));
    for offset in 0..3 {
        let ticket = producer.send(&to(1, "a"), LONG).unwrap();
        let delivery = producer.delivery_of(&ticket, LONG).unwrap();
        assert!(delivery.is_of(&ticket));
        assert_eq!(delivery.offset_of(&ticket), Some(offset));
    }
    assert!(
        producer.take_delivery(Duration::ZERO).is_none(),
        "all are taken"
    );
}

#[test]
fn all_tickets_of_a_batch_lead_to_it() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let producer = producer_with(&broker, ProducerConfig::new().linger(LONG));
    let tickets: Vec<_> = (0..100)
        .map(|_| producer.send(&to(0, "a"), LONG).unwrap())
        .collect();
    producer.flush(LONG).unwrap();
    for (offset, ticket) in (0..).zip(&tickets) {
        let delivery = producer.delivery_of(ticket, LONG).unwrap();
        assert_eq!(delivery.offset_of(ticket), Some(offset));
    }
}

#[test]
fn a_delivery_tells_the_life_of_its_batch() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let config = ProducerConfig::new()
        .linger(LONG)
        .batch_bytes(2000)
        .compressor(Lz4::new);
    let producer = producer_with(&broker, config);
    let value = "x".repeat(100);
    for _ in 0..20 {
        producer.send(&to(0, &value), LONG).unwrap();
    }
    producer.flush(LONG).unwrap();
    let deliveries = deliveries(&producer);
    let (first, last) = (&deliveries[&(0, 0)], &deliveries[&(0, 1)]);
    assert_eq!((first.closed, last.closed), (Closed::Full, Closed::Flush));
    assert_eq!(first.records + last.records, 20);
    assert!(
        first.uncompressed_bytes > 1800 && first.bytes < 300,
        "{first:?}"
    );
    assert!(first.opened <= first.finished);
    let exchange = first.tries[0].exchange.as_ref().unwrap();
    assert_eq!(exchange.api_key, libkafka_protocol::ApiKey::PRODUCE);
    assert_eq!(first.outcome.as_ref().unwrap().base_offset, Some(0));
    let stored = broker.batches("t", 0);
    let header = Batch::parse(&stored[0]).unwrap().header;
    assert_eq!(header.attributes.compression(), Ok(Compression::Lz4));
    assert_eq!(first.bytes, stored[0].len());
}

#[test]
fn deliveries_that_nobody_takes_are_counted() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let producer = producer_with(&broker, ProducerConfig::new().kept_deliveries(2));
    for _ in 0..5 {
        producer.send(&to(0, "a"), LONG).unwrap();
        producer.flush(LONG).unwrap();
    }
    let counts = producer.counts();
    assert_eq!(
        (counts.stored, counts.records_stored, counts.not_taken),
        (5, 5, 3)
    );
    let left: Vec<_> = deliveries(&producer).into_keys().collect();
    assert_eq!(left, [(0, 3), (0, 4)]);
    assert_eq!(producer.counts().not_taken, 3);
}
