//! What a member of a classic group makes of errors.

use libkafka_protocol::ErrorCode;

use super::answers::*;
use super::driver::*;
use crate::group::membership::{Failure, LostReason, StopReason};

#[test]
fn a_member_whose_generation_has_passed_loses_its_partitions_and_keeps_its_id() {
    let mut driver = Driver::classic_with(cooperative(), &[0, 1]);
    driver.next_heartbeat(ErrorCode::ILLEGAL_GENERATION);
    assert_eq!(driver.lost(), (vec![0, 1], LostReason::Fenced));
    assert_eq!(driver.member.identity(), None);
    let (_, request) = driver.join();
    assert_eq!(request.member_id, "c-1");
    assert!(owned_of(&request).is_empty());
}

#[test]
fn a_member_that_is_not_known_loses_its_partitions_and_its_id() {
    let mut driver = Driver::classic_with(eager(), &[0, 1]);
    driver.next_heartbeat(ErrorCode::UNKNOWN_MEMBER_ID);
    assert_eq!(driver.lost(), (vec![0, 1], LostReason::UnknownMember));
    let (id, request) = driver.join();
    assert_eq!(request.member_id, "");
    // And so while it joins, where it does not ask without a pause.
    driver.join_answer(id, join_refused(ErrorCode::UNKNOWN_MEMBER_ID));
    let (id, _) = driver.join();
    driver.join_answer(id, join_refused(ErrorCode::UNKNOWN_MEMBER_ID));
    assert!(driver.idle().unwrap() > seconds(0));
}

#[test]
fn an_instance_id_that_somebody_else_took_ends_the_membership_wherever_it_is_heard() {
    let code = ErrorCode::FENCED_INSTANCE_ID;
    let stopped = StopReason::Refused {
        code,
        message: None,
    };
    let mut driver = Driver::classic_with(eager(), &[0]);
    driver.next_heartbeat(code);
    assert_eq!(driver.lost(), (vec![0], LostReason::InstanceTaken));
    assert_eq!(driver.stopped(), stopped);

    let mut driver = Driver::classic_with(eager(), &[0]);
    let identity = driver.member.identity().unwrap();
    driver.member.commit_refused(driver.now, &identity, code);
    assert_eq!(driver.lost(), (vec![0], LostReason::InstanceTaken));
    assert_eq!(driver.stopped(), stopped);

    let mut driver = Driver::classic(eager());
    let (id, _) = driver.join();
    driver.join_answer(id, join_refused(code));
    assert_eq!(driver.stopped(), stopped);

    let mut driver = Driver::classic(eager());
    let (id, _) = driver.join();
    driver.join_answer(id, joined(1, "range"));
    let (id, _) = driver.sync();
    driver.sync_answer(id, sync_refused(code));
    assert_eq!(driver.stopped(), stopped);
}

#[test]
fn errors_that_nothing_cures_end_the_membership() {
    for code in [
        ErrorCode::INCONSISTENT_GROUP_PROTOCOL,
        ErrorCode::INVALID_SESSION_TIMEOUT,
        ErrorCode::INVALID_GROUP_ID,
        ErrorCode::GROUP_AUTHORIZATION_FAILED,
        ErrorCode::GROUP_MAX_SIZE_REACHED,
    ] {
        let mut driver = Driver::classic(eager());
        let (id, _) = driver.join();
        driver.join_answer(id, join_refused(code));
        assert_eq!(
            driver.stopped(),
            StopReason::Refused {
                code,
                message: None
            }
        );
    }
}

#[test]
fn when_the_coordinator_has_moved_it_is_found_and_nothing_is_lost() {
    for code in [
        ErrorCode::NOT_COORDINATOR,
        ErrorCode::COORDINATOR_NOT_AVAILABLE,
    ] {
        let mut driver = Driver::classic_with(eager(), &[0]);
        driver.next_heartbeat(code);
        driver.find_coordinator();
        driver.pass(seconds(3));
        let id = driver.heartbeat();
        driver.heartbeat_answer(id, ErrorCode::NONE);
        driver.nothing_happened();
    }
}

#[test]
fn a_heartbeat_that_is_not_answered_has_the_coordinator_found_within_the_session() {
    let mut driver = Driver::classic_with(eager(), &[0]);
    driver.pass(seconds(3));
    let action = driver.action();
    assert!(action.by - driver.now <= seconds(15));
    driver.pass(seconds(15));
    driver.find_coordinator();
    driver.heartbeat();
    driver.nothing_happened();
}

#[test]
fn a_join_or_sync_that_is_not_answered_is_begun_again() {
    let mut driver = Driver::classic(eager());
    let (id, _) = driver.join();
    driver.done(id, Err(Failure::NoAnswer));
    driver.find_coordinator();
    let (id, _) = driver.join();
    driver.join_answer(id, joined(1, "range"));
    let (id, _) = driver.sync();
    driver.done(id, Err(Failure::NoAnswer));
    driver.find_coordinator();
    driver.join();
}

#[test]
fn while_the_coordinator_loads_it_is_asked_again_after_a_pause() {
    let mut driver = Driver::classic(eager());
    let (id, _) = driver.join();
    driver.join_answer(id, join_refused(ErrorCode::COORDINATOR_LOAD_IN_PROGRESS));
    let pause = driver.idle().unwrap();
    assert!(!pause.is_zero() && pause <= seconds(1));
    driver.pass(pause);
    driver.join();

    let mut driver = Driver::classic_with(eager(), &[0]);
    driver.next_heartbeat(ErrorCode::COORDINATOR_LOAD_IN_PROGRESS);
    let pause = driver.idle().unwrap();
    assert!(!pause.is_zero() && pause <= seconds(1));
    driver.pass(pause);
    driver.heartbeat();
    driver.nothing_happened();
}

#[test]
fn a_rebalance_that_begins_before_the_sync_is_answered_is_joined() {
    let mut driver = Driver::classic(eager());
    let (id, _) = driver.join();
    driver.join_answer(id, joined(1, "range"));
    let (id, _) = driver.sync();
    driver.sync_answer(id, sync_refused(ErrorCode::REBALANCE_IN_PROGRESS));
    let (_, request) = driver.join();
    assert_eq!(request.member_id, "c-1");
    driver.nothing_happened();
}

#[test]
fn a_refused_sync_is_what_a_refused_heartbeat_is() {
    let mut driver = Driver::classic_with(cooperative(), &[0]);
    driver.next_heartbeat(ErrorCode::REBALANCE_IN_PROGRESS);
    let (id, _) = driver.join();
    driver.join_answer(id, joined(2, "cooperative-sticky"));
    let (id, _) = driver.sync();
    driver.sync_answer(id, sync_refused(ErrorCode::UNKNOWN_MEMBER_ID));
    assert_eq!(driver.lost(), (vec![0], LostReason::UnknownMember));
}

#[test]
fn while_a_join_is_held_back_its_answer_is_waited_for_before_a_refusal_counts() {
    let mut driver = Driver::classic_with(cooperative(), &[0]);
    driver.next_heartbeat(ErrorCode::REBALANCE_IN_PROGRESS);
    let (join, _) = driver.join();
    driver.next_heartbeat(ErrorCode::REBALANCE_IN_PROGRESS);
    // The group went on, and the answer to the join is on the way.
    driver.next_heartbeat(ErrorCode::ILLEGAL_GENERATION);
    driver.nothing_happened();
    driver.join_answer(join, joined(2, "cooperative-sticky"));
    driver.sync();
    driver.nothing_happened();

    // Or it got lost on the way.
    let mut driver = Driver::classic_with(cooperative(), &[0]);
    driver.next_heartbeat(ErrorCode::REBALANCE_IN_PROGRESS);
    driver.join();
    driver.next_heartbeat(ErrorCode::ILLEGAL_GENERATION);
    driver.next_heartbeat(ErrorCode::ILLEGAL_GENERATION);
    assert_eq!(driver.lost(), (vec![0], LostReason::Fenced));
    driver.join();
}

#[test]
fn a_refused_commit_says_what_a_refused_heartbeat_does() {
    let refuse = |code| {
        let mut driver = Driver::classic_with(cooperative(), &[0]);
        let identity = driver.member.identity().unwrap();
        driver.member.commit_refused(driver.now, &identity, code);
        driver
    };
    let mut driver = refuse(ErrorCode::UNKNOWN_MEMBER_ID);
    assert_eq!(driver.lost(), (vec![0], LostReason::UnknownMember));
    let mut driver = refuse(ErrorCode::ILLEGAL_GENERATION);
    assert_eq!(driver.lost(), (vec![0], LostReason::Fenced));
    let mut driver = refuse(ErrorCode::REBALANCE_IN_PROGRESS);
    driver.join();
    driver.nothing_happened();
    let mut driver = refuse(ErrorCode::NOT_COORDINATOR);
    driver.find_coordinator();
    driver.nothing_happened();
}
