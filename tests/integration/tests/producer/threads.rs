//! Several threads: those that send, those that wait, and those that are given to the producer.

use std::time::Instant;

use libkafka_batch::Lz4;
use libkafka_client::delivery::Closed;
use libkafka_client::{Error, Stop};
use libkafka_integration::until;
use libkafka_protocol::ApiKey;
use libkafka_testbroker::Fault;

use super::*;

#[test]
fn a_thread_given_to_the_producer_heeds_the_linger_time_and_returns_when_told() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let linger = Duration::from_millis(50);
    let producer = producer_with(&broker, ProducerConfig::new().linger(linger));
    let stop = Stop::new().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| producer.work(&stop));
        let sent = Instant::now();
        producer.send(&to(0, "a"), LONG).unwrap();
        until(|| (!values(&broker, 0).is_empty()).then_some(()));
        assert!(sent.elapsed() >= linger, "{:?}", sent.elapsed());
        stop.stop();
    });
    let delivery = producer.take_delivery(Duration::ZERO).unwrap();
    assert_eq!(delivery.closed, Closed::Linger);
}

#[test]
fn each_thread_given_to_the_producer_has_its_own_stop_and_heeds_it_while_another_works() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let producer = producer(&broker);
    let stops: Vec<Stop> = (0..3).map(|_| Stop::new().unwrap()).collect();
    std::thread::scope(|scope| {
        let work = |stop| {
            let producer = &producer;
            scope.spawn(move || producer.work(stop))
        };
        let mut threads: Vec<_> = stops.iter().map(work).collect();
        producer.send(&to(0, "a"), LONG).unwrap();
        until(|| (!values(&broker, 0).is_empty()).then_some(()));
        // The first is the one that drives, most likely, and nothing wakes the others by itself.
        for stop in stops.iter().rev() {
            stop.stop();
            threads.pop().unwrap().join().unwrap();
        }
    });
}

#[test]
fn many_threads_that_send_wait_and_work_get_on_with_each_other() {
    let broker = Broker::builder().nodes(3).topic("t", 8).start().unwrap();
    let config = ProducerConfig::new()
        .batch_bytes(2000)
        .memory(60_000)
        .compressor(Lz4::new);
    let producer = producer_with(&broker, config);
    let stop = Stop::new().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| producer.work(&stop));
        }
        let senders: Vec<_> = (0..8)
            .map(|thread| {
                let producer = &producer;
                scope.spawn(move || {
                    for n in 0..300 {
                        let value = format!("{thread}:{n:06}");
                        let ticket = producer.send(&to(n % 8, &value), LONG).unwrap();
                        if n % 50 == thread {
                            let delivery = producer.delivery_of(&ticket, LONG);
                            assert!(delivery.unwrap().outcome.is_ok());
                        }
                        if n % 70 == thread {
                            producer.flush(LONG).unwrap();
                        }
                    }
                })
            })
            .collect();
        for sender in senders {
            sender.join().unwrap();
        }
        stop.stop();
    });
    assert!(producer.close(LONG).is_empty());
    let stored: usize = (0..8)
        .map(|partition| values(&broker, partition).len())
        .sum();
    assert_eq!(stored, 2400);
}

#[test]
fn threads_without_one_that_works_see_their_records_delivered() {
    let broker = Broker::builder().nodes(3).topic("t", 4).start().unwrap();
    let config = ProducerConfig::new().linger(Duration::from_millis(1));
    let producer = producer_with(&broker, config);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let producer = &producer;
            scope.spawn(move || {
                for n in 0..100 {
                    let ticket = producer.send(&to((thread + n) % 4, "x"), LONG).unwrap();
                    let delivery = producer.delivery_of(&ticket, LONG).unwrap();
                    assert!(delivery.offset_of(&ticket).is_some());
                }
            });
        }
    });
    assert_eq!(producer.counts().records_stored, 400);
}

#[test]
fn closing_sends_the_threads_home_that_work_and_those_that_wait() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let producer = producer(&broker);
    producer.send(&to(0, "a"), LONG).unwrap();
    producer.flush(LONG).unwrap();
    broker.remove_leader("t", 0);
    let ticket = producer.send(&to(0, "b"), LONG).unwrap();
    let stop = Stop::new().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| producer.work(&stop));
        }
        let waiting = scope.spawn(|| producer.delivery_of(&ticket, 2 * LONG));
        let lost = producer.close(Duration::from_millis(50));
        assert!(lost.len() <= 1);
        assert!(waiting.join().unwrap().unwrap().outcome.is_err());
    });
}

#[test]
fn a_sender_that_never_waits_is_refused_and_has_room_again_while_another_thread_works() {
    let broker = Broker::builder().nodes(2).topic("t", 2).start().unwrap();
    for partition in 0..2 {
        broker.move_leader("t", partition, partition + 1);
    }
    let config = ProducerConfig::new().batch_bytes(1000).memory(100_000);
    let producer = producer_with(&broker, config);
    let silent = broker.inject(Fault::on(ApiKey::PRODUCE).node(2).pause());
    let stop = Stop::new().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| producer.work(&stop));
        let mut refused = 0;
        for n in 0..20_000 {
            if n % 100 == 0 {
                producer.send(&to(0, "well"), LONG).unwrap();
            }
            match producer.send(&to(1, "stuck"), Duration::ZERO) {
                Ok(_) => {}
                Err(Error::BufferFull { .. }) => refused += 1,
                Err(error) => panic!("{error}"),
            }
        }
        assert!(refused > 0);
        silent.release();
        let again = || producer.send(&to(1, "again"), Duration::ZERO).ok();
        until(again);
        producer.flush(LONG).unwrap();
        stop.stop();
    });
    assert_eq!(values(&broker, 0).len(), 200);
    all_stored(&producer);
}
