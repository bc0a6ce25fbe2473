//! How a membership of a classic group ends, its clocks and its subscription.

use bytes::Bytes;
use libkafka_protocol::ErrorCode;

use super::answers::*;
use super::driver::*;
use crate::group::membership::{
    Action, Departure, Event, LeaveOptions, LostReason, Membership, Outcome, Step, StopReason,
    Subscription, Task, WantedTopics,
};

#[test]
fn a_member_leaves_with_its_reason_and_a_static_one_stays_in_the_group() {
    let mut driver = Driver::classic_with(eager(), &[0]);
    let options = LeaveOptions::default().reason("end of day");
    driver.member.leave(driver.now, options);
    assert_eq!(driver.lost(), (vec![0], LostReason::Left));
    let Action {
        id,
        task: Task::Leave(leave),
        ..
    } = driver.action()
    else {
        panic!("it does not leave");
    };
    let request = leave.in_version(5);
    assert_eq!(request.members[0].reason.as_deref(), Some("end of day"));
    assert_eq!(request.members[0].member_id, "c-1");
    assert_eq!(leave.in_version(2).member_id, "c-1");
    driver.leave_answer(id, ErrorCode::NONE);
    assert_eq!(driver.stopped(), StopReason::Left);

    let mut driver = Driver::classic_with(eager().instance_id("i"), &[0]);
    driver.member.leave(driver.now, LeaveOptions::default());
    driver.tick();
    driver.lost();
    assert_eq!(driver.stopped(), StopReason::Left);

    let mut driver = Driver::classic_with(eager().instance_id("i"), &[0]);
    let options = LeaveOptions::default().departure(Departure::Leave);
    driver.member.leave(driver.now, options);
    assert!(matches!(driver.action().task, Task::Leave(_)));
}

#[test]
fn a_member_without_an_id_leaves_when_its_join_has_given_it_one() {
    for answer in [
        joined(1, "range"),
        join_refused(ErrorCode::MEMBER_ID_REQUIRED),
    ] {
        let mut driver = Driver::classic(eager());
        let (id, _) = driver.join();
        driver.member.leave(driver.now, LeaveOptions::default());
        assert_eq!(driver.idle(), Some(seconds(10)));
        driver.join_answer(id, answer);
        assert!(matches!(driver.action().task, Task::Leave(_)));
    }
}

#[test]
fn a_member_can_leave_while_its_join_is_held_back() {
    let mut driver = Driver::classic_with(cooperative(), &[0]);
    driver.next_heartbeat(ErrorCode::REBALANCE_IN_PROGRESS);
    driver.join();
    driver.member.leave(driver.now, LeaveOptions::default());
    let Step::Do(Action {
        id,
        task: Task::Leave(_),
        ..
    }) = driver.tick()
    else {
        panic!("it does not leave");
    };
    driver.leave_answer(id, ErrorCode::NONE);
    assert_eq!(driver.lost(), (vec![0], LostReason::Left));
    assert_eq!(driver.stopped(), StopReason::Left);
}

#[test]
fn an_assignment_that_cannot_be_read_is_an_error_rather_than_fewer_partitions() {
    let mut driver = Driver::classic(eager());
    let (id, _) = driver.join();
    driver.join_answer(id, joined(1, "range"));
    let (id, _) = driver.sync();
    let mut answer = synced(&[0, 1]);
    answer.assignment.truncate(answer.assignment.len() - 7);
    driver.sync_answer(id, answer);
    let Step::Do(Action {
        id,
        task: Task::Leave(_),
        ..
    }) = driver.tick()
    else {
        panic!("it does not leave");
    };
    driver.leave_answer(id, ErrorCode::NONE);
    assert_eq!(driver.stopped(), StopReason::BadAssignment);
}

#[test]
fn a_member_that_the_leader_left_out_owns_nothing() {
    let mut driver = Driver::classic_with(cooperative(), &[0]);
    driver.next_heartbeat(ErrorCode::REBALANCE_IN_PROGRESS);
    let (id, _) = driver.join();
    driver.join_answer(id, joined(2, "cooperative-sticky"));
    let (id, _) = driver.sync();
    let mut answer = synced(&[]);
    answer.assignment = Bytes::new();
    driver.sync_answer(id, answer);
    assert_eq!(partitions(&driver.revoking()), [0]);
}

#[test]
fn a_protocol_that_the_member_does_not_have_ends_the_membership() {
    let mut driver = Driver::classic(eager());
    let (id, _) = driver.join();
    driver.join_answer(id, joined(1, "their-own"));
    driver.action();
    driver.pass(seconds(5));
    driver.tick();
    let name = "their-own".to_owned();
    assert_eq!(driver.stopped(), StopReason::UnknownProtocol(name));
}

#[test]
fn a_session_in_which_no_heartbeat_was_answered_is_over_and_the_id_is_kept() {
    let mut driver = Driver::classic_with(cooperative(), &[0]);
    driver.pass(seconds(45));
    let (_, request) = driver.join();
    assert_eq!(driver.lost(), (vec![0], LostReason::SessionOver));
    assert_eq!(request.member_id, "c-1");
    assert!(owned_of(&request).is_empty());
}

#[test]
fn a_change_of_the_subscription_is_joined_with() {
    let mut driver = Driver::classic_with(cooperative(), &[0]);
    let subscription = Subscription::topics(["orders", "users"]);
    driver.member.subscribe(driver.now, subscription);
    let (_, request) = driver.join();
    assert_eq!(subscription_of(&request).topics, ["orders", "users"]);
    assert_eq!(
        request.reason.as_deref(),
        Some("the subscription has changed")
    );
}

#[test]
fn a_regex_is_resolved_by_what_is_known_of_topics_and_again_when_that_changes() {
    let regex = Subscription::regex("ord.*").unwrap();
    let membership = Membership::classic("g", regex, cooperative());
    let mut driver = Driver {
        member: membership,
        now: std::time::Instant::now(),
    };
    driver.find_coordinator();
    let Action {
        id,
        task: Task::FindTopics(WantedTopics::All),
        ..
    } = driver.action()
    else {
        panic!("it does not ask for topics");
    };
    driver.done(id, Ok(Outcome::Topics(topics())));
    let (id, request) = driver.join();
    assert_eq!(subscription_of(&request).topics, ["orders"]);
    driver.join_answer(id, joined(1, "cooperative-sticky"));
    let (id, _) = driver.sync();
    driver.sync_answer(id, synced(&[0]));
    let mut more = (*topics()).clone();
    more.insert(
        "ordnance",
        crate::group::membership::Topic::with_partitions(1),
    );
    driver
        .member
        .update_topics(driver.now, std::sync::Arc::new(more));
    let (_, request) = driver.join();
    assert_eq!(subscription_of(&request).topics, ["orders", "ordnance"]);
}

#[test]
fn an_owner_that_does_not_poll_has_the_member_leave_until_it_does() {
    let options = eager()
        .max_poll_interval(Some(seconds(20)))
        .session_timeout(seconds(100));
    let mut driver = Driver::classic_with(options, &[0]);
    driver.pass(seconds(20));
    let Action {
        id,
        task: Task::Leave(_),
        ..
    } = driver.action()
    else {
        panic!("it does not leave");
    };
    assert_eq!(driver.lost(), (vec![0], LostReason::PollLate));
    driver.leave_answer(id, ErrorCode::NONE);
    assert_eq!(driver.idle(), None);
    driver.member.polled(driver.now);
    let (_, request) = driver.join();
    assert_eq!(request.member_id, "");
}

#[test]
fn what_comes_too_late_does_nothing() {
    let mut driver = Driver::classic_with(cooperative(), &[0]);
    driver.pass(seconds(3));
    let late = driver.heartbeat();
    let identity = driver.member.identity().unwrap();
    driver
        .member
        .commit_refused(driver.now, &identity, ErrorCode::REBALANCE_IN_PROGRESS);
    let (id, _) = driver.join();
    driver.join_answer(id, joined(2, "cooperative-sticky"));
    assert!(!driver.member.awaits(late));
    driver.heartbeat_answer(late, ErrorCode::ILLEGAL_GENERATION);
    driver
        .member
        .commit_refused(driver.now, &identity, ErrorCode::ILLEGAL_GENERATION);
    assert_eq!(driver.member.next_event(), None::<Event>);
    driver.sync();
}
