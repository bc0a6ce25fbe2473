//! What becomes of bytes on the way, and brokers that stand still.

use super::*;

#[test]
fn a_response_cut_at_any_byte_leaves_all_its_batches_in_doubt_and_the_lane_works_again() {
    let broker = broker();
    let mut client = client(&broker);
    let whole = {
        let mut lane = lane(&client, &broker);
        for partition in 0..3 {
            lane.push(batch(partition, "whole"));
        }
        let outcomes = outcomes(&mut lane, 3);
        outcomes[0].exchange.as_ref().unwrap().response_bytes
    };
    let mut expected = vec!["whole".to_owned()];
    for at in 0..whole {
        let mut lane = lane(&client, &broker);
        let fault = broker.inject(Fault::on(ApiKey::PRODUCE).times(1).cut(at));
        for partition in 0..3 {
            lane.push(batch(partition, &at.to_string()));
        }
        for outcome in outcomes(&mut lane, 3) {
            let error = outcome.result.unwrap_err();
            assert!(
                matches!(*error, Error::Closed { .. }),
                "cut at {at}: {error:?}"
            );
            assert!(outcome.possibly_written, "cut at {at}");
        }
        assert_eq!(fault.hits(), 1);
        // The broker had taken them: nothing is sent twice.
        expected.push(at.to_string());
        lane.push(batch(3, "again"));
        outcomes(&mut lane, 1)[0].result.as_ref().unwrap();
    }
    assert_eq!(
        logs(&mut client, 3),
        [expected.clone(), expected.clone(), expected]
    );
}

#[test]
fn bytes_that_nobody_asked_for_end_the_connection_and_nothing_is_sent_twice() {
    for garbage in [false, true] {
        let broker = broker();
        let mut client = client(&broker);
        let mut lane = lane(&client, &broker);
        let fault = Fault::on(ApiKey::PRODUCE).times(1);
        let fault = broker.inject(match garbage {
            true => fault.garbage(),
            false => fault.wrong_correlation_id(),
        });
        for partition in 0..3 {
            lane.push(batch(partition, "a"));
        }
        for outcome in outcomes(&mut lane, 3) {
            assert!(outcome.result.is_err());
            assert!(outcome.possibly_written);
        }
        assert_eq!(fault.hits(), 1);
        lane.push(batch(0, "b"));
        outcomes(&mut lane, 1)[0].result.as_ref().unwrap();
        assert_eq!(logs(&mut client, 2), [vec!["a", "b"], vec!["a"]]);
    }
}

#[test]
fn one_broker_that_stands_still_does_not_hold_up_another() {
    let broker = Broker::builder().nodes(2).topic("t", 2).start().unwrap();
    let client = client(&broker);
    let of = |partition| broker.leader("t", partition).unwrap();
    let mut slow = client
        .produce_lane(of(0), ProduceLaneOptions::new())
        .unwrap();
    let mut quick = client
        .produce_lane(of(1), ProduceLaneOptions::new())
        .unwrap();
    let fault = broker.inject(Fault::on(ApiKey::PRODUCE).node(of(0)).pause());
    slow.push(batch(0, "a"));
    let until = Instant::now() + LONG;
    let mut stored = 0;
    while stored < 20 || fault.hits() == 0 {
        assert!(Instant::now() < until, "{stored} stored");
        if quick.is_idle() {
            quick.push(batch(1, "b"));
        }
        slow.advance().unwrap();
        quick.advance().unwrap();
        while let Some(outcome) = quick.next_outcome() {
            outcome.result.unwrap();
            stored += 1;
        }
        assert!(slow.next_outcome().is_none());
        if !quick.is_idle() {
            wait(&[&slow, &quick], Deadline::after(LONG)).unwrap();
        }
    }
    fault.release();
    outcomes(&mut slow, 1)[0].result.as_ref().unwrap();
}
