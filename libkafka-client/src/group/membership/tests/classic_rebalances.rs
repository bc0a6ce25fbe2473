//! Joining, assigning, syncing and rebalancing in a classic group.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::ConsumerProtocolAssignment;

use super::answers::*;
use super::driver::*;
use crate::group::assignor::{CooperativeSticky, Range};
use crate::group::membership::{
    Action, ClassicOptions, MemberIdentity, Membership, Outcome, Subscription, Task, WantedTopics,
};

#[test]
fn a_new_member_joins_without_an_id_and_again_with_the_one_it_is_given() {
    let mut driver = Driver::classic(eager());
    let (id, request) = driver.join();
    assert_eq!(
        (&*request.member_id, &*request.protocols[0].name),
        ("", "range")
    );
    assert_eq!(subscription_of(&request).topics, ["orders"]);
    driver.join_answer(id, join_refused(ErrorCode::MEMBER_ID_REQUIRED));
    let (id, request) = driver.join();
    assert_eq!(request.member_id, "c-1");
    driver.join_answer(id, joined(1, "range"));
    assert_eq!(
        driver.member.identity(),
        Some(MemberIdentity::classic("c-1", 1))
    );
}

#[test]
fn a_static_member_joins_by_its_instance_id() {
    let mut driver = Driver::classic(eager().instance_id("i"));
    let (id, request) = driver.join();
    assert_eq!(request.group_instance_id.as_deref(), Some("i"));
    driver.join_answer(id, joined(1, "range"));
    let (id, request) = driver.sync();
    assert_eq!(request.group_instance_id.as_deref(), Some("i"));
    driver.sync_answer(id, synced(&[0]));
    let identity = MemberIdentity::classic("c-1", 1).instance_id("i");
    assert_eq!(driver.member.identity(), Some(identity));
}

#[test]
fn the_requests_that_the_coordinator_holds_back_have_time_for_the_whole_rebalance() {
    let mut driver = Driver::classic(eager().rebalance_timeout(seconds(60)));
    let action = driver.action();
    assert!(action.task.is_held_back());
    assert_eq!(action.by - driver.now, seconds(65));
    driver.join_answer(action.id, joined(1, "range"));
    let action = driver.action();
    assert!(action.task.is_held_back());
    assert_eq!(action.by - driver.now, seconds(65));
}

#[test]
fn heartbeats_are_due_from_the_answer_to_the_join_on() {
    let mut driver = Driver::classic(eager());
    assert_eq!(driver.member.time_left(driver.now), Some(seconds(300)));
    let (id, _) = driver.join();
    driver.join_answer(id, joined(1, "range"));
    let (sync, _) = driver.sync();
    for _ in 0..20 {
        assert_eq!(driver.idle(), Some(seconds(3)));
        driver.next_heartbeat(ErrorCode::NONE);
    }
    driver.sync_answer(sync, synced(&[0]));
    driver.assigned();
}

#[test]
fn heartbeats_go_on_while_the_leader_works_out_who_reads_what() {
    let mut driver = Driver::classic(eager());
    let (id, request) = driver.join();
    let metadata = request.protocols[0].metadata.clone();
    driver.join_answer(id, leading(1, "range", &[("c-1", &metadata)]));
    let Action {
        id,
        task: Task::Assign(task),
        ..
    } = driver.action()
    else {
        panic!("nothing to assign");
    };
    // Twice the session timeout.
    for _ in 0..30 {
        driver.next_heartbeat(ErrorCode::NONE);
    }
    driver.done(id, Ok(Outcome::Assigned(task.run())));
    let (_, request) = driver.sync();
    assert_eq!(request.assignments.len(), 1);
}

#[test]
fn the_leader_divides_the_partitions_and_syncs_for_all() {
    let mut driver = Driver::classic(eager());
    let (id, request) = driver.join();
    let metadata = request.protocols[0].metadata.clone();
    let answer = leading(7, "range", &[("c-1", &metadata), ("c-2", &metadata)]);
    driver.join_answer(id, answer);
    let Action {
        id,
        task: Task::Assign(task),
        ..
    } = driver.action()
    else {
        panic!("nothing to assign");
    };
    driver.done(id, Ok(Outcome::Assigned(task.run())));
    let (_, request) = driver.sync();
    assert_eq!((request.generation_id, &*request.member_id), (7, "c-1"));
    assert_eq!(request.protocol_type.as_deref(), Some("consumer"));
    assert_eq!(request.protocol_name.as_deref(), Some("range"));
    let shares: Vec<_> = request
        .assignments
        .iter()
        .map(|given| {
            let given = ConsumerProtocolAssignment::from_bytes(&given.assignment).unwrap();
            given.assigned_partitions[0].partitions.clone()
        })
        .collect();
    assert_eq!(shares, [[0, 1], [2, 3]]);
}

#[test]
fn the_leader_looks_up_the_topics_that_it_does_not_know_once() {
    let subscription = Subscription::topics(["orders", "none"]);
    let mut driver = Driver::of(Membership::classic("g", subscription, eager()));
    driver.find_coordinator();
    let (id, request) = driver.join();
    let metadata = request.protocols[0].metadata.clone();
    driver.join_answer(id, leading(1, "range", &[("c-1", &metadata)]));
    let Action {
        id,
        task: Task::FindTopics(wanted),
        ..
    } = driver.action()
    else {
        panic!("no lookup");
    };
    let names = ["none", "orders"].map(str::to_owned);
    assert_eq!(wanted, WantedTopics::Named(names.into()));
    driver.done(id, Ok(Outcome::Topics(topics())));
    assert!(matches!(driver.action().task, Task::Assign(_)));
}

#[test]
fn a_leader_that_need_not_assign_anew_syncs_with_nothing() {
    let mut driver = Driver::classic(eager().instance_id("i"));
    let (id, request) = driver.join();
    let metadata = request.protocols[0].metadata.clone();
    let mut answer = leading(5, "range", &[("c-1", &metadata)]);
    answer.skip_assignment = true;
    driver.join_answer(id, answer);
    let (id, request) = driver.sync();
    assert!(request.assignments.is_empty());
    driver.sync_answer(id, synced(&[0, 1, 2, 3]));
    driver.assigned();
    // It leads all the same.
    let mut more = (*topics()).clone();
    more.insert(
        "orders",
        crate::group::membership::Topic::with_partitions(5).id(ORDERS),
    );
    driver
        .member
        .update_topics(driver.now, std::sync::Arc::new(more));
    driver.tick();
    assert_eq!(partitions(&driver.revoking()).len(), 4);
}

#[test]
fn in_a_rebalance_an_eager_member_gives_up_all_and_then_joins_with_nothing() {
    let mut driver = Driver::classic_with(eager(), &[0, 1]);
    driver.next_heartbeat(ErrorCode::REBALANCE_IN_PROGRESS);
    driver.idle();
    let claims = driver.revoking();
    assert_eq!(partitions(&claims), [0, 1]);
    // Heartbeats go on, and commits are taken, as long as it takes.
    for _ in 0..5 {
        driver.next_heartbeat(ErrorCode::REBALANCE_IN_PROGRESS);
        assert_eq!(
            driver.member.identity(),
            Some(MemberIdentity::classic("c-1", 1))
        );
    }
    driver.member.release(driver.now, &claims[..1]);
    driver.idle();
    driver.member.release(driver.now, &claims[1..]);
    let (_, request) = driver.join();
    assert_eq!(request.member_id, "c-1");
    assert_eq!(request.reason.as_deref(), Some("the group is rebalancing"));
    assert!(owned_of(&request).is_empty());
    driver.nothing_happened();
}

#[test]
fn in_a_rebalance_a_cooperative_member_joins_with_all_and_gives_up_what_moves_afterwards() {
    let mut driver = Driver::classic_with(cooperative(), &[0, 1, 2]);
    driver.next_heartbeat(ErrorCode::REBALANCE_IN_PROGRESS);
    let (id, request) = driver.join();
    assert_eq!(owned_of(&request), [0, 1, 2]);
    assert_eq!(subscription_of(&request).generation_id, 1);
    driver.nothing_happened();
    driver.join_answer(id, joined(2, "cooperative-sticky"));
    let (id, _) = driver.sync();
    driver.sync_answer(id, synced(&[0, 3]));
    let claims = driver.revoking();
    assert_eq!(partitions(&claims), [1, 2]);
    assert_eq!(partitions(&driver.assigned()), [3]);
    assert_eq!(driver.idle(), Some(seconds(3)));
    driver.member.release(driver.now, &claims);
    // At once, so that others get it.
    let (_, request) = driver.join();
    assert_eq!(owned_of(&request), [0, 3]);
    assert_eq!(subscription_of(&request).generation_id, 2);
}

#[test]
fn with_one_eager_assignor_among_them_all_is_given_up() {
    let options = ClassicOptions::default()
        .assignor(CooperativeSticky)
        .assignor(Range);
    let mut driver = Driver::classic_with(options, &[0]);
    driver.next_heartbeat(ErrorCode::REBALANCE_IN_PROGRESS);
    driver.idle();
    assert_eq!(partitions(&driver.revoking()), [0]);
}

#[test]
fn a_rebalance_that_is_heard_of_while_it_is_joined_is_joined_once() {
    let mut driver = Driver::classic_with(cooperative(), &[0]);
    driver.next_heartbeat(ErrorCode::REBALANCE_IN_PROGRESS);
    let (id, _) = driver.join();
    driver.next_heartbeat(ErrorCode::REBALANCE_IN_PROGRESS);
    let identity = driver.member.identity().unwrap();
    let code = ErrorCode::REBALANCE_IN_PROGRESS;
    driver.member.commit_refused(driver.now, &identity, code);
    driver.join_answer(id, joined(2, "cooperative-sticky"));
    let (id, _) = driver.sync();
    let identity = driver.member.identity().unwrap();
    driver.member.commit_refused(driver.now, &identity, code);
    driver.sync_answer(id, synced(&[0]));
    assert_eq!(driver.idle(), Some(seconds(3)));
}
