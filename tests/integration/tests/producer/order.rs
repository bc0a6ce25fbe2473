//! Order, and each record once, whatever fails.

use std::sync::atomic::{AtomicBool, Ordering};

use libkafka_integration::until;
use libkafka_protocol::{ApiKey, ErrorCode};
use libkafka_testbroker::Fault;

use super::*;

const PARTITIONS: i32 = 6;

/// Sends from so many threads, each counting up in each partition, while `trouble` goes on; and
/// looks whether each record is stored once, and in the order of its thread.
fn send_through(broker: &Broker, threads: usize, trouble: impl Fn(i32) + Sync) {
    const RECORDS: usize = 600;
    let config = ProducerConfig::new().batch_bytes(400);
    let producer = producer_with(broker, config);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let senders: Vec<_> = (0..threads)
            .map(|thread| {
                let producer = &producer;
                scope.spawn(move || {
                    for n in 0..RECORDS {
                        for partition in 0..PARTITIONS {
                            let value = format!("{thread}:{n:06}");
                            producer.send(&to(partition, &value), LONG).unwrap();
                        }
                    }
                })
            })
            .collect();
        scope.spawn(|| {
            // With every few requests, for as long as there are any.
            for round in 0..30 {
                let next = broker.requests(ApiKey::PRODUCE) + 4;
                let is_time = || {
                    let is_over = done.load(Ordering::Relaxed);
                    (is_over || broker.requests(ApiKey::PRODUCE) >= next).then_some(())
                };
                until(is_time);
                trouble(round);
            }
        });
        for sender in senders {
            sender.join().unwrap();
        }
        done.store(true, Ordering::Relaxed);
    });
    producer.flush(LONG).unwrap();
    all_stored(&producer);
    assert_eq!(producer.counts().failed, 0);
    for partition in 0..PARTITIONS {
        let values = values(broker, partition);
        assert_eq!(values.len(), threads * RECORDS, "partition {partition}");
        for thread in 0..threads {
            let of = format!("{thread}:");
            let of: Vec<_> = values
                .iter()
                .filter(|value| value.starts_with(&of))
                .collect();
            assert!(of.is_sorted(), "partition {partition}, thread {thread}");
            assert_eq!(of.len(), RECORDS);
        }
    }
}

fn broker() -> Broker {
    Broker::builder()
        .nodes(3)
        .topic("t", PARTITIONS)
        .start()
        .unwrap()
}

#[test]
fn records_are_stored_once_and_in_order_over_leaders_that_move() {
    for threads in [1, 4] {
        let broker = broker();
        send_through(&broker, threads, |round| {
            broker.move_leader("t", round % PARTITIONS, round % 3 + 1);
        });
    }
}

#[test]
fn records_are_stored_once_and_in_order_over_connections_that_are_killed() {
    for threads in [1, 4] {
        let broker = broker();
        send_through(&broker, threads, |round| {
            broker.close_connections(round % 3 + 1);
        });
    }
}

#[test]
fn records_are_stored_once_and_in_order_over_errors_and_answers_that_are_lost() {
    for threads in [1, 4] {
        let broker = broker();
        let on = |times| Fault::on(ApiKey::PRODUCE).topic("t").skip(3).times(times);
        let _refused = broker.inject(on(3).partition(1).error(ErrorCode::NOT_LEADER_OR_FOLLOWER));
        let _timed_out = broker.inject(on(2).partition(2).error(ErrorCode::REQUEST_TIMED_OUT));
        let _few = broker.inject(on(2).partition(3).error(ErrorCode::NOT_ENOUGH_REPLICAS));
        let _lost = broker.inject(on(2).hang_up());
        let _cut = broker.inject(on(2).cut(7));
        send_through(&broker, threads, |_| {});
    }
}
