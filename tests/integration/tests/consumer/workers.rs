//! Several threads that handle what one consumer reads.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use libkafka_client::membership::Subscription;
use libkafka_client::{Commits, ConsumerOptions, ConsumerSource, Flow, Polled, Stop, Work};
use libkafka_integration::until;

use super::owner::Owner;
use super::*;

fn numbers(count: usize) -> Vec<String> {
    (0..count).map(|n| n.to_string()).collect()
}

fn texts(batch: &libkafka_client::ClaimedBatch) -> Vec<String> {
    let records = batch.records().unwrap();
    let values = records
        .iter()
        .map(|record| record.unwrap().value_text().unwrap().into_owned());
    values.collect()
}

#[test]
fn four_workers_keep_the_order_of_each_partition_and_never_share_one() {
    for kind in KINDS {
        let broker = broker(12);
        let values = numbers(40);
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        for partition in 0..12 {
            broker.move_leader("t", partition, partition % 3 + 1);
            produce(&broker, partition, &values);
        }
        let member = kind.member("g", "t", "one");
        let consumer = client(&broker).consumer(member, ConsumerOptions::new());
        let workers = consumer.unwrap().into_workers().unwrap();
        let stop = Stop::new().unwrap();
        let read = Mutex::new(BTreeMap::<i32, Vec<String>>::new());
        let busy: Vec<AtomicBool> = (0..12).map(|_| AtomicBool::new(false)).collect();
        let count = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let worked = workers.work(&stop, |cursor, work| {
                        let partition = cursor.claim().partition().partition;
                        let is_busy = &busy[partition as usize];
                        assert!(!is_busy.swap(true, Ordering::AcqRel), "{partition}");
                        if let Work::Records(batch) = work {
                            thread::yield_now();
                            let mut read = read.lock().unwrap();
                            read.entry(partition).or_default().extend(texts(&batch));
                            batch.handled();
                            count.fetch_add(1, Ordering::AcqRel);
                        }
                        is_busy.store(false, Ordering::Release);
                        Flow::Go
                    });
                    worked.unwrap();
                });
            }
            until(|| (count.load(Ordering::Acquire) == 12 * 40).then_some(()));
            stop.stop();
        });
        workers.finish().close(LONG).unwrap();
        let read = read.into_inner().unwrap();
        for partition in 0..12 {
            assert_eq!(read[&partition], values, "{kind:?} {partition}");
            assert_eq!(broker.committed("g", "t", partition), Some(40));
        }
    }
}

#[test]
fn a_partition_that_is_ready_waits_for_none_that_is_busy_or_idle() {
    let broker = broker(3);
    produce(&broker, 0, &["slow"]);
    let topics = ConsumerSource::from(Subscription::topics(["t"]));
    let consumer = client(&broker).consumer(topics, ConsumerOptions::new());
    let workers = consumer.unwrap().into_workers().unwrap();
    let stop = Stop::new().unwrap();
    let (entered, release) = (AtomicBool::new(false), AtomicBool::new(false));
    let others = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let worked = workers.work(&stop, |cursor, work| {
                    if let Work::Records(batch) = work {
                        if cursor.claim().partition().partition == 0 {
                            entered.store(true, Ordering::Release);
                            while !release.load(Ordering::Acquire) {
                                thread::yield_now();
                            }
                        } else {
                            others.lock().unwrap().extend(texts(&batch));
                        }
                    }
                    Flow::Go
                });
                worked.unwrap();
            });
        }
        until(|| entered.load(Ordering::Acquire).then_some(()));
        // The other worker has the other partitions for itself, one of which stays idle.
        for n in 0..5 {
            produce(&broker, 1, &[&n.to_string()]);
            until(|| (others.lock().unwrap().len() == n + 1).then_some(()));
        }
        release.store(true, Ordering::Release);
        stop.stop();
    });
    assert_eq!(others.into_inner().unwrap(), numbers(5));
}

#[test]
fn a_handler_has_records_once_more_moves_the_partition_and_stops_all() {
    let broker = broker(1);
    let values = numbers(6);
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    produce(&broker, 0, &values);
    let member = Kind::Cooperative.member("g", "t", "one");
    let consumer = client(&broker).consumer(member, ConsumerOptions::new());
    let workers = consumer.unwrap().into_workers().unwrap();
    let stop = Stop::new().unwrap();
    let read = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let worked = workers.work(&stop, |cursor, work| {
                    let Work::Records(batch) = work else {
                        return Flow::Go;
                    };
                    let mut read = read.lock().unwrap();
                    let text = texts(&batch).remove(0);
                    read.push(text.clone());
                    match (text.as_str(), read.len()) {
                        ("1", 2) => return Flow::Retry,
                        ("2", _) => cursor.seek(4),
                        ("5", _) => return Flow::Stop,
                        _ => {}
                    }
                    batch.handled();
                    Flow::Go
                });
                worked.unwrap();
            });
        }
    });
    assert_eq!(read.into_inner().unwrap(), ["0", "1", "1", "2", "4", "5"]);
    // What was not handled comes once more.
    let mut consumer = workers.finish();
    let batch = loop {
        if let Polled::Records(batch) = consumer.poll(LONG).unwrap() {
            break batch;
        }
    };
    assert_eq!(texts(&batch), ["5"]);
    consumer.close(LONG).unwrap();
    assert_eq!(broker.committed("g", "t", 0), Some(5));
}

#[test]
fn a_partition_that_is_wanted_back_is_given_up_once_its_handler_has_returned() {
    for kind in KINDS {
        let broker = broker(2);
        produce(&broker, 0, &["a"]);
        produce(&broker, 1, &["b"]);
        let client = client(&broker);
        let member = kind.member("g", "t", "one");
        let consumer = client.consumer(member, ConsumerOptions::new()).unwrap();
        let workers = consumer.into_workers().unwrap();
        let stop = Stop::new().unwrap();
        let (busy, release) = (AtomicUsize::new(0), AtomicBool::new(false));
        let mut two = Owner::new(
            &client,
            kind.member("g", "t", "two"),
            ConsumerOptions::new(),
        );
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    let worked = workers.work(&stop, |_, work| {
                        if let Work::Records(batch) = work {
                            busy.fetch_add(1, Ordering::AcqRel);
                            while !release.load(Ordering::Acquire) {
                                thread::yield_now();
                            }
                            assert!(!batch.claim().is_ended());
                            batch.handled();
                        }
                        Flow::Go
                    });
                    worked.unwrap();
                });
            }
            until(|| (busy.load(Ordering::Acquire) == 2).then_some(()));
            // Nothing is given up as long as it is being handled.
            let waited = Instant::now();
            while waited.elapsed() < Duration::from_secs(1) {
                two.poll(Duration::from_millis(20));
                assert!(two.claims.is_empty(), "{kind:?}");
            }
            release.store(true, Ordering::Release);
            two.until(|two| two.claims.len() == 1);
            stop.stop();
        });
        let moved = two.claims[0].partition().partition;
        assert_eq!(broker.committed("g", "t", moved), Some(1), "{kind:?}");
        assert_eq!(
            two.count(),
            0,
            "{kind:?}: it goes on after what was handled"
        );
        drop(workers);
    }
}

#[test]
fn handlers_that_all_take_three_sessions_keep_their_partitions_if_a_thread_keeps_them() {
    let broker = broker(2);
    produce(&broker, 0, &["quick"]);
    let options = ConsumerOptions::new().commits(Commits::Every(Duration::from_millis(50)));
    let member = Kind::Eager.member("g", "t", "one");
    let consumer = client(&broker).consumer(member, options).unwrap();
    let workers = consumer.into_workers().unwrap();
    let stop = Stop::new().unwrap();
    let read = Mutex::new(Vec::new());
    thread::scope(|scope| {
        scope.spawn(|| workers.keep(&stop).unwrap());
        scope.spawn(|| {
            let worked = workers.work(&stop, |cursor, work| {
                let Work::Records(batch) = work else {
                    assert!(!matches!(work, Work::Lost { .. }), "{work:?}");
                    return Flow::Go;
                };
                let texts = texts(&batch);
                if texts == ["slow"] {
                    // Commits go on meanwhile, as heartbeats do.
                    until(|| (broker.committed("g", "t", 0) == Some(1)).then_some(()));
                    three_sessions_pass(&broker, || {
                        let claim = cursor.claim();
                        assert!(!claim.is_wanted_back() && !claim.is_ended());
                    });
                }
                read.lock().unwrap().extend(texts);
                batch.handled();
                Flow::Go
            });
            worked.unwrap();
        });
        until(|| (read.lock().unwrap().len() == 1).then_some(()));
        produce(&broker, 1, &["slow", "next"]);
        until(|| (read.lock().unwrap().len() == 3).then_some(()));
        stop.stop();
    });
    assert_eq!(read.into_inner().unwrap(), ["quick", "slow", "next"]);
    workers.finish().close(LONG).unwrap();
    assert_eq!(broker.committed("g", "t", 1), Some(2));
}

#[test]
fn a_member_makes_progress_as_long_as_one_of_its_workers_does() {
    const LONGEST: Duration = Duration::from_secs(1);
    let broker = broker(2);
    produce(&broker, 0, &["slow"]);
    let mut options = ClassicOptions::default()
        .heartbeat_interval(Duration::from_millis(200))
        .assignor(Range);
    options.max_poll_interval = Some(LONGEST);
    let member = Membership::classic("g", Subscription::topics(["t"]), options);
    let consumer = client(&broker).consumer(member, ConsumerOptions::new());
    let workers = consumer.unwrap().into_workers().unwrap();
    let stop = Stop::new().unwrap();
    let all_are_busy = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| workers.keep(&stop).unwrap());
        for _ in 0..2 {
            scope.spawn(|| {
                let worked = workers.work(&stop, |cursor, work| {
                    if let Work::Records(_) = work {
                        let claim = cursor.claim();
                        let busy = Instant::now();
                        while busy.elapsed() < 2 * LONGEST && !all_are_busy.load(Ordering::Acquire)
                        {
                            thread::park_timeout(Duration::from_millis(50));
                            assert!(!claim.is_ended());
                        }
                        // As long as the other one is free, nothing happens.
                        if !all_are_busy.swap(true, Ordering::AcqRel) {
                            produce(&broker, 1, &["slow too"]);
                        }
                        until(|| claim.is_ended().then_some(()));
                        stop.stop();
                    }
                    Flow::Go
                });
                worked.unwrap();
            });
        }
    });
}
