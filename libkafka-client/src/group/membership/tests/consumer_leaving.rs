//! How a membership of KIP-848 ends, and its clocks.

use libkafka_protocol::ErrorCode;

use super::answers::*;
use super::driver::*;
use crate::group::membership::{
    ConsumerOptions, Departure, LeaveOptions, LostReason, Membership, StopReason, Subscription,
};

#[test]
fn a_member_leaves_in_epoch_minus_one_and_a_static_one_for_a_while_in_minus_two() {
    for (instance, departure, epoch) in [
        (None, Departure::ByKind, Some(-1)),
        (None, Departure::Leave, Some(-1)),
        (None, Departure::Remain, None),
        (Some("i"), Departure::ByKind, Some(-2)),
        (Some("i"), Departure::Leave, Some(-1)),
        (Some("i"), Departure::Remain, Some(-2)),
    ] {
        let options = ConsumerOptions::default();
        let options = match instance {
            Some(instance) => options.instance_id(instance),
            None => options,
        };
        let mut driver = Driver::consumer(options);
        let (id, _) = driver.consumer_heartbeat();
        driver.consumer_answer(id, assigned(3, &[0]));
        driver.assigned();
        driver
            .member
            .leave(driver.now, LeaveOptions::default().departure(departure));
        assert_eq!(driver.lost(), (vec![0], LostReason::Left));
        if let Some(epoch) = epoch {
            let (id, request) = driver.consumer_heartbeat();
            assert_eq!(request.member_epoch, epoch);
            driver.consumer_answer(id, in_epoch(epoch));
        } else {
            driver.tick();
        }
        assert_eq!(driver.stopped(), StopReason::Left);
    }
}

#[test]
fn a_member_can_leave_while_it_joins_or_looks_for_its_coordinator() {
    let mut driver = Driver::consumer(ConsumerOptions::default());
    let (late, _) = driver.consumer_heartbeat();
    driver.member.leave(driver.now, LeaveOptions::default());
    let (id, request) = driver.consumer_heartbeat();
    assert_eq!(request.member_epoch, -1);
    driver.consumer_answer(late, assigned(3, &[0]));
    driver.nothing_happened();
    driver.consumer_refusal(id, ErrorCode::NOT_COORDINATOR);
    driver.find_coordinator();
    let (id, _) = driver.consumer_heartbeat();
    driver.consumer_answer(id, in_epoch(-1));
    assert_eq!(driver.stopped(), StopReason::Left);

    let subscription = Subscription::topics(["orders"]);
    let options = ConsumerOptions::default();
    let mut driver = Driver::of(Membership::consumer("g", "m", subscription, options));
    driver.action();
    driver.member.leave(driver.now, LeaveOptions::default());
    driver.tick();
    assert_eq!(driver.stopped(), StopReason::Left);
}

#[test]
fn the_answer_to_a_leave_is_not_awaited_beyond_its_time() {
    let mut driver = Driver::consumer_with(&[0]);
    driver
        .member
        .leave(driver.now, LeaveOptions::default().within(seconds(2)));
    driver.lost();
    driver.consumer_heartbeat();
    assert_eq!(driver.idle(), Some(seconds(2)));
    driver.pass(seconds(2));
    driver.tick();
    assert_eq!(driver.stopped(), StopReason::Left);
}

#[test]
fn a_coordinator_that_draws_the_id_has_its_way() {
    let mut driver = Driver::consumer(ConsumerOptions::default());
    let (id, _) = driver.consumer_heartbeat();
    let mut answer = in_epoch(1);
    answer.member_id = Some("theirs".to_owned());
    driver.consumer_answer(id, answer);
    assert_eq!(driver.member.member_id(), "theirs");
}

#[test]
fn a_regex_is_for_the_coordinator_to_resolve_and_can_be_taken_back() {
    let regex = Subscription::regex("ord.*").unwrap();
    let options = ConsumerOptions::default();
    let mut driver = Driver::of(Membership::consumer("g", "m", regex, options));
    driver.find_coordinator();
    let (id, request) = driver.consumer_heartbeat();
    assert_eq!(request.subscribed_topic_regex.as_deref(), Some("ord.*"));
    assert_eq!(request.subscribed_topic_names, Some(vec![]));
    driver.consumer_answer(id, in_epoch(3));
    driver
        .member
        .subscribe(driver.now, Subscription::topics(["users"]));
    let (_, request) = driver.consumer_heartbeat();
    assert_eq!(request.subscribed_topic_regex.as_deref(), Some(""));
    assert_eq!(
        request.subscribed_topic_names,
        Some(vec!["users".to_owned()])
    );
}

#[test]
fn a_session_in_which_nothing_was_answered_is_over() {
    let mut driver = Driver::consumer_with(&[0, 1]);
    assert_eq!(driver.member.time_left(driver.now), Some(seconds(45)));
    driver.pass(seconds(44));
    driver.tick();
    driver.nothing_happened();
    driver.pass(seconds(1));
    driver.tick();
    assert_eq!(driver.lost(), (vec![0, 1], LostReason::SessionOver));
}

#[test]
fn an_owner_that_does_not_poll_has_the_member_leave_until_it_does() {
    let options = ConsumerOptions::default()
        .max_poll_interval(Some(seconds(20)))
        .session_timeout(seconds(100));
    let mut driver = Driver::consumer(options);
    let (id, _) = driver.consumer_heartbeat();
    driver.consumer_answer(id, assigned(3, &[0]));
    driver.assigned();
    driver.pass(seconds(20));
    let (id, request) = driver.consumer_heartbeat();
    assert_eq!(request.member_epoch, -1);
    assert_eq!(driver.lost(), (vec![0], LostReason::PollLate));
    driver.consumer_answer(id, in_epoch(-1));
    assert_eq!(driver.idle(), None);
    driver.member.polled(driver.now);
    let (_, request) = driver.consumer_heartbeat();
    assert_eq!(request.member_epoch, 0);
}
