//! Batches that were built elsewhere.

use bytes::Bytes;
use libkafka_batch::{ProducerInfo, Restamp};
use libkafka_client::Error;

use super::*;

#[test]
fn a_batch_of_another_cluster_is_sent_on_as_it_is_after_the_records_before_it() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    for idempotent in [true, false] {
        let producer = producer_with(&broker, ProducerConfig::new().idempotent(idempotent));
        let mut batch = libkafka_integration::batch_at(77, &["b", "c"]).to_vec();
        let theirs = ProducerInfo {
            id: 4711,
            epoch: 3,
            base_sequence: Some(99),
            transactional: false,
        };
        let restamp = Restamp::new().base_offset(1000).partition_leader_epoch(9);
        restamp.producer(theirs).apply(&mut batch).unwrap();
        producer.send(&to(0, "a"), LONG).unwrap();
        let ticket = producer
            .send_batch("t", 0, Bytes::from(batch), LONG)
            .unwrap();
        producer.send(&to(0, "d"), LONG).unwrap();
        producer.flush(LONG).unwrap();
        let delivery = producer.delivery_of(&ticket, LONG).unwrap();
        assert_eq!(delivery.records, 2);
        all_stored(&producer);
        let values = values(&broker, 0);
        assert_eq!(values[values.len() - 4..], ["a", "b", "c", "d"]);
        let stored = broker.batches("t", 0);
        let header = Batch::parse(&stored[stored.len() - 2]).unwrap().header;
        assert_eq!(header.base_timestamp, 77);
        assert_ne!(header.producer_id, 4711);
        assert_eq!(header.producer_id >= 0, idempotent);
    }
}

#[test]
fn what_is_no_batch_is_refused() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let producer = producer(&broker);
    let batch = libkafka_integration::batch(&["a"]);
    let two = [&batch[..], &batch[..]].concat();
    for wrong in [
        Bytes::new(),
        batch.slice(..batch.len() - 1),
        Bytes::from(two),
    ] {
        let refused = producer.send_batch("t", 0, wrong, LONG);
        assert!(matches!(refused, Err(Error::Batch(_))), "{refused:?}");
    }
    assert_eq!(producer.memory_used(), 0);
}
