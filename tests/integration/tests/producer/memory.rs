//! Memory: never more than there may be.

use libkafka_client::Error;
use libkafka_protocol::{ApiKey, ErrorCode};
use libkafka_testbroker::Fault;

use super::*;

const MEMORY: usize = 300_000;

#[test]
fn memory_is_bounded_however_many_send_and_however_slow_the_brokers_are() {
    let broker = Broker::builder().nodes(2).topic("t", 20).start().unwrap();
    let config = ProducerConfig::new().batch_bytes(4000).memory(MEMORY);
    let producer = producer_with(&broker, config);
    let slow = Fault::on(ApiKey::PRODUCE).delay(Duration::from_millis(2));
    let _slow = broker.inject(slow);
    let value = "x".repeat(500);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for n in 0..2000 {
                    producer.send(&to(n % 20, &value), LONG).unwrap();
                    let used = producer.memory_used();
                    assert!(used <= MEMORY, "{used}");
                }
            });
        }
    });
    producer.flush(LONG).unwrap();
    all_stored(&producer);
    assert_eq!(producer.memory_used(), 0);
}

#[test]
fn failures_hold_their_memory_until_somebody_takes_them() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let config = ProducerConfig::new()
        .batch_bytes(4000)
        .memory(MEMORY)
        .kept_deliveries(0);
    let producer = producer_with(&broker, config);
    let fault = Fault::on(ApiKey::PRODUCE);
    let _fault = broker.inject(fault.error(ErrorCode::INVALID_RECORD));
    let value = "x".repeat(500);
    producer.send(&to(0, &value), LONG).unwrap();
    let mut sent = 1;
    let refused = loop {
        match producer.send(&to(0, &value), Duration::from_millis(100)) {
            Ok(_) => sent += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, Error::BufferFull { .. }), "{refused}");
    producer.flush(LONG).unwrap();
    let used = producer.memory_used();
    assert!(used > MEMORY / 8 && used <= MEMORY / 4 + 8000, "{used}");
    let failed = deliveries(&producer);
    let records: u32 = failed.values().map(|delivery| delivery.records).sum();
    assert_eq!(records, sent);
    // Room again.
    producer.send(&to(0, &value), Duration::ZERO).unwrap();
}

#[test]
fn a_record_that_no_batch_can_hold_is_refused_and_a_large_one_has_a_batch_of_its_own() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let config = ProducerConfig::new()
        .batch_bytes(4000)
        .max_request_bytes(50_000);
    let producer = producer_with(&broker, config);
    let (large, too_large) = ("x".repeat(40_000), "x".repeat(50_000));
    producer.send(&to(0, "a"), LONG).unwrap();
    producer.send(&to(0, &large), LONG).unwrap();
    let refused = producer.send(&to(0, &too_large), LONG);
    assert!(
        matches!(
            refused,
            Err(Error::RecordTooLarge {
                size: 50_000..,
                limit: 50_000
            })
        ),
        "{refused:?}"
    );
    producer.send(&to(0, "b"), LONG).unwrap();
    producer.flush(LONG).unwrap();
    let lengths: Vec<usize> = values(&broker, 0).iter().map(String::len).collect();
    assert_eq!(lengths, [1, 40_000, 1]);
}
