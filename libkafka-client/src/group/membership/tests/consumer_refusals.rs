//! What a member of KIP-848 makes of errors.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::ConsumerGroupHeartbeatResponse;

use super::answers::*;
use super::driver::*;
use crate::group::assignor::Range;
use crate::group::membership::{
    Action, ClassicOptions, ConsumerOptions, Failure, LostReason, MemberIdentity, Outcome, Step,
    StopReason, Task,
};

#[test]
fn when_the_coordinator_has_moved_it_is_found_and_told_all_and_nothing_is_lost() {
    for code in [
        ErrorCode::NOT_COORDINATOR,
        ErrorCode::COORDINATOR_NOT_AVAILABLE,
    ] {
        let mut driver = Driver::consumer_with(&[0, 1]);
        driver.pass(seconds(5));
        let (id, _) = driver.consumer_heartbeat();
        driver.consumer_refusal(id, code);
        driver.find_coordinator();
        let (_, request) = driver.consumer_heartbeat();
        assert_eq!(request.member_epoch, 3);
        assert_eq!(
            request.subscribed_topic_names,
            Some(vec!["orders".to_owned()])
        );
        assert_eq!(said(&request), Some(vec![0, 1]));
        driver.nothing_happened();
    }
}

#[test]
fn while_the_coordinator_loads_it_is_asked_again_after_a_pause_and_told_all() {
    let mut driver = Driver::consumer_with(&[0]);
    driver.pass(seconds(5));
    let (id, _) = driver.consumer_heartbeat();
    driver.consumer_refusal(id, ErrorCode::COORDINATOR_LOAD_IN_PROGRESS);
    let pause = driver.idle().unwrap();
    assert!(!pause.is_zero() && pause <= seconds(1));
    driver.pass(pause);
    let (_, request) = driver.consumer_heartbeat();
    assert_eq!(said(&request), Some(vec![0]));
    assert!(request.subscribed_topic_names.is_some());
    driver.nothing_happened();
}

#[test]
fn when_an_answer_does_not_come_the_coordinator_is_found_and_told_all() {
    let mut driver = Driver::consumer_with(&[0]);
    driver.pass(seconds(5));
    let (id, _) = driver.consumer_heartbeat();
    driver.done(id, Err(Failure::NoAnswer));
    driver.find_coordinator();
    let (late, request) = driver.consumer_heartbeat();
    assert_eq!(said(&request), Some(vec![0]));
    // Nobody says that it does not come.
    driver.pass(seconds(10));
    assert!(!matches!(
        driver.tick(),
        Step::Do(Action {
            task: Task::ConsumerHeartbeat(_),
            ..
        })
    ));
    driver.consumer_refusal(late, ErrorCode::UNKNOWN_MEMBER_ID);
    driver.nothing_happened();
}

#[test]
fn a_member_that_is_not_known_loses_its_partitions_and_joins_with_the_id_it_has() {
    for code in [ErrorCode::UNKNOWN_MEMBER_ID, ErrorCode::GROUP_ID_NOT_FOUND] {
        refused_and_joins_again(code, LostReason::UnknownMember);
    }
}

#[test]
fn a_member_that_is_fenced_loses_its_partitions_and_joins_again_with_the_same_id() {
    refused_and_joins_again(ErrorCode::FENCED_MEMBER_EPOCH, LostReason::Fenced);
}

fn refused_and_joins_again(code: ErrorCode, why: LostReason) {
    let mut driver = Driver::consumer_with(&[0, 1]);
    driver.pass(seconds(5));
    let (id, _) = driver.consumer_heartbeat();
    driver.consumer_refusal(id, code);
    assert_eq!(driver.lost(), (vec![0, 1], why));
    assert_eq!(driver.member.identity(), None);
    let (id, request) = driver.consumer_heartbeat();
    assert_eq!((request.member_epoch, &*request.member_id), (0, "m-1"));
    // Empty, not null.
    assert_eq!(said(&request), Some(vec![]));
    // The second time in a row it is not asked at once.
    driver.consumer_refusal(id, code);
    assert!(driver.idle().unwrap() > seconds(0));
}

#[test]
fn a_commit_in_a_stale_epoch_has_the_epoch_asked_for_at_once() {
    let mut driver = Driver::consumer_with(&[0]);
    let identity = driver.member.identity().unwrap();
    let code = ErrorCode::STALE_MEMBER_EPOCH;
    driver.member.commit_refused(driver.now, &identity, code);
    let (id, _) = driver.consumer_heartbeat();
    driver.consumer_answer(id, in_epoch(4));
    assert_eq!(
        driver.member.identity(),
        Some(MemberIdentity::consumer("m-1", 4))
    );
    driver.nothing_happened();
    // What is said of the former epoch later is of no interest.
    driver
        .member
        .commit_refused(driver.now, &identity, ErrorCode::UNKNOWN_MEMBER_ID);
    driver.nothing_happened();
}

#[test]
fn an_instance_id_that_is_not_released_is_asked_for_three_more_times() {
    let mut driver = Driver::consumer(ConsumerOptions::default().instance_id("i"));
    for _ in 0..4 {
        driver.nothing_happened();
        let (id, request) = driver.consumer_heartbeat();
        assert_eq!(request.instance_id.as_deref(), Some("i"));
        driver.consumer_refusal(id, ErrorCode::UNRELEASED_INSTANCE_ID);
        driver.pass(seconds(1));
    }
    let code = ErrorCode::UNRELEASED_INSTANCE_ID;
    assert_eq!(
        driver.stopped(),
        StopReason::Refused {
            code,
            message: None
        }
    );
}

#[test]
fn errors_that_nothing_cures_end_the_membership() {
    for code in [
        ErrorCode::UNSUPPORTED_ASSIGNOR,
        ErrorCode::INVALID_REGULAR_EXPRESSION,
        ErrorCode::GROUP_MAX_SIZE_REACHED,
        ErrorCode::INVALID_REQUEST,
        ErrorCode::GROUP_AUTHORIZATION_FAILED,
        ErrorCode::TOPIC_AUTHORIZATION_FAILED,
    ] {
        let mut driver = Driver::consumer_with(&[0]);
        driver.pass(seconds(5));
        let (id, _) = driver.consumer_heartbeat();
        driver.consumer_refusal(id, code);
        assert_eq!(driver.lost(), (vec![0], LostReason::Stopped));
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
fn an_instance_id_that_somebody_else_took_ends_the_membership() {
    let mut driver = Driver::consumer_with(&[0]);
    driver.pass(seconds(5));
    let (id, _) = driver.consumer_heartbeat();
    driver.consumer_refusal(id, ErrorCode::FENCED_INSTANCE_ID);
    assert_eq!(driver.lost(), (vec![0], LostReason::InstanceTaken));
    assert!(matches!(driver.stopped(), StopReason::Refused { .. }));
}

#[test]
fn a_broker_that_cannot_do_it_ends_the_membership() {
    for answer in unsupported() {
        let mut driver = Driver::consumer(ConsumerOptions::default());
        let (id, _) = driver.consumer_heartbeat();
        driver.done(id, answer);
        assert_eq!(driver.stopped(), StopReason::Unsupported);
    }
}

/// How it turns out that a broker does not support KIP-848: it lacks the API, or has it disabled.
fn unsupported() -> [Result<Outcome, Failure>; 2] {
    let disabled = ConsumerGroupHeartbeatResponse {
        error_code: ErrorCode::UNSUPPORTED_VERSION,
        ..Default::default()
    };
    let disabled = Outcome::ConsumerHeartbeat(disabled);
    [Err(Failure::Unsupported), Ok(disabled)]
}

fn with_fallback() -> ConsumerOptions {
    let classic = ClassicOptions::default()
        .assignor(Range)
        .instance_id("classic");
    ConsumerOptions::default()
        .instance_id("consumer")
        .fallback(classic)
}

#[test]
fn a_broker_that_cannot_do_it_gets_a_classic_member_if_the_options_say_how() {
    for answer in unsupported() {
        let mut driver = Driver::consumer(with_fallback());
        let (id, _) = driver.consumer_heartbeat();
        driver.done(id, answer);
        let (id, request) = driver.join();
        assert_eq!(request.group_instance_id.as_deref(), Some("classic"));
        driver.join_answer(id, joined(1, "range"));
        let (id, _) = driver.sync();
        driver.sync_answer(id, synced(&[0, 1]));
        assert_eq!(partitions(&driver.assigned()), [0, 1]);
        driver.next_heartbeat(ErrorCode::NONE);
        assert_eq!(driver.owned(), [0, 1]);
    }
}

#[test]
fn a_member_that_has_joined_once_does_not_become_a_classic_one() {
    for answer in unsupported() {
        let mut driver = Driver::consumer(with_fallback());
        let (id, _) = driver.consumer_heartbeat();
        driver.consumer_answer(id, in_epoch(3));
        driver.pass(seconds(5));
        let (id, _) = driver.consumer_heartbeat();
        driver.done(id, answer);
        assert_eq!(driver.stopped(), StopReason::Unsupported);
    }
}
