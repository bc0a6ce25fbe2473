//! What a member of KIP-848 says, and what it makes of assignments.

use super::answers::*;
use super::driver::*;
use crate::group::membership::{
    Action, ConsumerOptions, MemberIdentity, Outcome, Task, Topic, Topics, WantedTopics,
};

#[test]
fn a_member_that_joins_says_all_there_is_and_that_it_owns_nothing() {
    let options = ConsumerOptions::default()
        .rack("r1")
        .assignor("range")
        .instance_id("i");
    let mut driver = Driver::consumer(options);
    let (_, request) = driver.consumer_heartbeat();
    assert_eq!((request.member_epoch, &*request.member_id), (0, "m-1"));
    assert_eq!(request.rack_id.as_deref(), Some("r1"));
    assert_eq!(request.server_assignor.as_deref(), Some("range"));
    assert_eq!(request.instance_id.as_deref(), Some("i"));
    assert_eq!(request.rebalance_timeout_ms, 300_000);
    assert_eq!(
        request.subscribed_topic_names,
        Some(vec!["orders".to_owned()])
    );
    assert_eq!(said(&request), Some(vec![]));
}

#[test]
fn in_a_steady_state_only_what_changed_is_said() {
    let mut driver = Driver::consumer_with(&[0, 1]);
    assert_eq!(driver.idle(), Some(seconds(5)));
    driver.pass(seconds(5));
    let (_, request) = driver.consumer_heartbeat();
    assert_eq!(request.member_epoch, 3);
    assert_eq!(request.subscribed_topic_names, None);
    assert_eq!(request.rebalance_timeout_ms, -1);
    assert_eq!(said(&request), None);
}

#[test]
fn a_member_without_partitions_says_so_in_every_heartbeat() {
    let mut driver = Driver::consumer_with(&[]);
    for _ in 0..3 {
        driver.pass(seconds(5));
        let (id, request) = driver.consumer_heartbeat();
        assert_eq!(said(&request), Some(vec![]));
        driver.consumer_answer(id, in_epoch(3));
    }
}

#[test]
fn an_answer_without_an_assignment_changes_nothing() {
    let mut driver = Driver::consumer_with(&[0, 1]);
    driver.pass(seconds(5));
    let (id, _) = driver.consumer_heartbeat();
    driver.consumer_answer(id, in_epoch(4));
    driver.nothing_happened();
    assert_eq!(driver.owned(), [0, 1]);
}

#[test]
fn an_empty_assignment_takes_everything_back() {
    let mut driver = Driver::consumer_with(&[0, 1]);
    driver.pass(seconds(5));
    let (id, _) = driver.consumer_heartbeat();
    driver.consumer_answer(id, assigned(4, &[]));
    assert_eq!(partitions(&driver.revoking()), [0, 1]);
}

#[test]
fn what_is_revoked_is_not_spoken_of_until_it_is_released_and_then_at_once() {
    let mut driver = Driver::consumer_with(&[0, 1, 2]);
    driver.pass(seconds(5));
    let (id, _) = driver.consumer_heartbeat();
    driver.consumer_answer(id, assigned(3, &[2]));
    let claims = driver.revoking();
    assert_eq!(partitions(&claims), [0, 1]);
    assert!(
        claims
            .iter()
            .all(|claim| claim.is_wanted_back() && !claim.is_ended())
    );
    for _ in 0..2 {
        assert_eq!(driver.idle(), Some(seconds(5)));
        driver.pass(seconds(5));
        let (id, request) = driver.consumer_heartbeat();
        assert_eq!(said(&request), None);
        driver.consumer_answer(id, in_epoch(3));
    }
    driver.member.release(driver.now, &claims);
    assert!(claims.iter().all(|claim| claim.is_ended()));
    let (_, request) = driver.consumer_heartbeat();
    assert_eq!(said(&request), Some(vec![2]));
}

#[test]
fn a_bigger_assignment_is_acknowledged_at_once() {
    let mut driver = Driver::consumer_with(&[0]);
    driver.pass(seconds(5));
    let (id, _) = driver.consumer_heartbeat();
    driver.consumer_answer(id, assigned(4, &[0, 3]));
    assert_eq!(partitions(&driver.assigned()), [3]);
    let (_, request) = driver.consumer_heartbeat();
    assert_eq!(
        (request.member_epoch, said(&request)),
        (4, Some(vec![0, 3]))
    );
}

#[test]
fn a_topic_id_that_is_not_known_is_looked_up_until_it_is_and_the_rest_is_kept() {
    let mut driver = Driver::consumer_with(&[0]);
    driver.member.update_topics(driver.now, orders_only());
    driver.pass(seconds(5));
    let (id, _) = driver.consumer_heartbeat();
    let mut answer = assigned_of(4, USERS, &[1]);
    let orders = assigned(4, &[0]).assignment.unwrap();
    answer
        .assignment
        .as_mut()
        .unwrap()
        .topic_partitions
        .extend(orders.topic_partitions);
    driver.consumer_answer(id, answer);
    driver.nothing_happened();
    for _ in 0..3 {
        let action = next_lookup(&mut driver);
        driver.done(action.id, Ok(Outcome::Topics(orders_only())));
        driver.nothing_happened();
        assert!(driver.idle().unwrap() <= seconds(1));
        driver.pass(seconds(1));
    }
    let action = next_lookup(&mut driver);
    driver.done(action.id, Ok(Outcome::Topics(topics())));
    let claims = driver.assigned();
    assert_eq!(claims[0].topic_id(), Some(USERS));
    assert_eq!(driver.owned(), [0, 1]);
    assert_eq!(
        driver.member.identity(),
        Some(MemberIdentity::consumer("m-1", 4))
    );
}

fn orders_only() -> std::sync::Arc<Topics> {
    let orders = ("orders", Topic::with_partitions(4).id(ORDERS));
    std::sync::Arc::new([orders].into_iter().collect())
}

#[track_caller]
fn next_lookup(driver: &mut Driver) -> Action {
    loop {
        let action = driver.action();
        match &action.task {
            Task::FindTopics(wanted) => {
                assert_eq!(*wanted, WantedTopics::WithIds([USERS].into()));
                return action;
            }
            Task::ConsumerHeartbeat(_) => driver.consumer_answer(action.id, in_epoch(4)),
            _ => panic!("{action:?}"),
        }
    }
}

#[test]
fn an_interval_that_is_no_interval_is_ignored() {
    for interval in [0, -1, i32::MIN] {
        let mut driver = Driver::consumer_with(&[0]);
        driver.pass(seconds(5));
        let (id, _) = driver.consumer_heartbeat();
        let mut answer = in_epoch(3);
        answer.heartbeat_interval_ms = interval;
        driver.consumer_answer(id, answer);
        assert_eq!(driver.idle(), Some(seconds(5)));
    }
}

#[test]
fn an_epoch_that_is_no_epoch_is_not_taken_for_a_reason_to_ask_without_end() {
    for epoch in [0, -1, -2, i32::MIN] {
        let mut driver = Driver::consumer_with(&[0]);
        driver.pass(seconds(5));
        let (id, _) = driver.consumer_heartbeat();
        driver.consumer_answer(id, in_epoch(epoch));
        assert!(driver.idle().unwrap() > seconds(0));
        assert_eq!(driver.owned(), [0]);
    }
}
