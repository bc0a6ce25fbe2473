//! A broker that stops reading while a request is written in part.

use libkafka_testbroker::FaultHandle;
use libkafka_testkafka::Certificates;

use super::*;
use crate::secure::{builder, secure_client};

const PARTITIONS: i32 = 40;
/// With 20 partitions of one node, far more than the buffers of a socket take.
const LARGE: usize = 900_000;

/// Two nodes, in plain text or over TLS with SASL.
fn start(secure: bool) -> (Broker, Client) {
    if !secure {
        let builder = Broker::builder().nodes(2).topic("t", PARTITIONS);
        let broker = builder.start().unwrap();
        let client = client(&broker);
        return (broker, client);
    }
    let certificates = Certificates::generate().unwrap();
    let builder = builder(&certificates).nodes(2).topic("t", PARTITIONS);
    let broker = builder.start().unwrap();
    let client = secure_client(&broker, &certificates);
    (broker, client)
}

/// A lane whose broker has read its first request and reads nothing more, so that the second is
/// written in part. What is left waits.
fn stuck(client: &Client, broker: &Broker, time: Duration) -> (ProduceLane, FaultHandle) {
    let node = broker.leader("t", 0).unwrap();
    let options = ProduceLaneOptions::new().max_request_bytes(32 * LARGE);
    let mut lane = client.produce_lane(node, options).unwrap();
    let pause = broker.inject(Fault::on(ApiKey::PRODUCE).node(node).times(1).pause());
    lane.push(batch_by(0, "first", time));
    let until = Deadline::after(LONG);
    let advance = |lane: &mut ProduceLane| {
        assert!(!until.is_past(), "{lane:?}");
        lane.advance().unwrap();
        wait(&[&*lane], Deadline::after(Duration::from_millis(5))).unwrap();
    };
    while pause.hits() == 0 {
        advance(&mut lane);
    }
    let large = batch_by(0, &"x".repeat(LARGE), time);
    for _ in 0..2 {
        for partition in (0..PARTITIONS).filter(|n| broker.leader("t", *n) == Some(node)) {
            lane.push(LaneBatch {
                partition: TopicPartition::new("t", partition),
                ..large.clone()
            });
        }
    }
    // Three more would be allowed: that no third leaves shows that the second is not written.
    let stable = Instant::now();
    while lane.in_flight() < 2 || stable.elapsed() < Duration::from_millis(200) {
        advance(&mut lane);
    }
    assert_eq!(lane.in_flight(), 2);
    assert_eq!(lane.waiting(), PARTITIONS as usize / 2);
    (lane, pause)
}

const ROUNDS: usize = 51;

/// How long a batch usually takes on the lane `quick`, which is waited for together with another.
fn usual_delay(quick: &mut ProduceLane, partition: i32, other: &mut ProduceLane) -> Duration {
    let until = Deadline::after(LONG);
    let mut delays = Vec::new();
    while delays.len() < ROUNDS {
        let began = Instant::now();
        quick.push(batch(partition, "quick"));
        loop {
            assert!(!until.is_past(), "{} stored", delays.len());
            other.advance().unwrap();
            quick.advance().unwrap();
            if let Some(outcome) = quick.next_outcome() {
                outcome.result.unwrap();
                break;
            }
            wait(&[&*other, &*quick], until).unwrap();
        }
        delays.push(began.elapsed());
    }
    // Not the longest, since the machine may have been busy.
    delays.sort_unstable();
    delays[ROUNDS / 2]
}

#[test]
fn a_broker_that_reads_nothing_does_not_hold_up_another_lane() {
    for secure in [false, true] {
        let (broker, client) = start(secure);
        let other = (0..PARTITIONS).find(|n| broker.leader("t", *n) != broker.leader("t", 0));
        let other = other.unwrap();
        let node = broker.leader("t", other).unwrap();
        let mut quick = client
            .produce_lane(node, ProduceLaneOptions::new())
            .unwrap();
        let idle = broker.leader("t", 0).unwrap();
        let mut idle = client
            .produce_lane(idle, ProduceLaneOptions::new())
            .unwrap();
        let alone = usual_delay(&mut quick, other, &mut idle);
        let (mut slow, pause) = stuck(&client, &broker, LONG);
        let beside = usual_delay(&mut quick, other, &mut slow);
        assert!(slow.next_outcome().is_none());
        assert_eq!(slow.in_flight(), 2);
        assert!(
            beside < 3 * alone + Duration::from_millis(50),
            "{beside:?}, and {alone:?} beside one that has nothing to do"
        );

        pause.release();
        let all = 1 + PARTITIONS as usize;
        for outcome in outcomes(&mut slow, all) {
            outcome.result.unwrap();
        }
        assert_eq!(broker.offsets("t", 0), 0..3);
        assert_eq!(broker.offsets("t", other), 0..2 * ROUNDS as i64);
    }
}

#[test]
fn what_a_broker_does_not_read_in_time_is_in_doubt_and_what_waits_was_not_sent() {
    for secure in [false, true] {
        let (broker, client) = start(secure);
        let (mut lane, pause) = stuck(&client, &broker, Duration::from_secs(6));
        let outcomes = outcomes(&mut lane, 1 + PARTITIONS as usize);
        let in_doubt = outcomes.iter().filter(|outcome| outcome.possibly_written);
        assert_eq!(in_doubt.count(), 1 + PARTITIONS as usize / 2);
        for outcome in &outcomes {
            let error = outcome.result.as_ref().unwrap_err();
            assert!(matches!(**error, Error::Timeout { .. }), "{error:?}");
        }
        pause.release();
        lane.push(batch(0, "again"));
        crate::outcomes(&mut lane, 1).remove(0).result.unwrap();
        // Nobody ended the connection: the broker read what was in doubt, and then the last one.
        // Of the secure one, the session was over by then.
        let written: i64 = (0..PARTITIONS).map(|n| broker.offsets("t", n).end).sum();
        let all = 2 + i64::from(PARTITIONS) / 2;
        assert!(written == all || secure && written >= 2, "{written}");
    }
}
