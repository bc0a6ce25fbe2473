//! Claims: a partition during one ownership.

use std::sync::Arc;

use libkafka_protocol::{ErrorCode, Uuid};

use super::answers::*;
use super::driver::*;
use crate::group::membership::{LostReason, Topic, Topics};

#[test]
fn what_is_lost_is_no_longer_revoked() {
    let mut driver = Driver::consumer_with(&[0, 1]);
    driver.pass(seconds(5));
    let (id, _) = driver.consumer_heartbeat();
    driver.consumer_answer(id, assigned(3, &[]));
    // The owner has not heard of it yet.
    driver.pass(seconds(5));
    let (id, _) = driver.consumer_heartbeat();
    driver.consumer_refusal(id, ErrorCode::FENCED_MEMBER_EPOCH);
    assert_eq!(driver.lost(), (vec![0, 1], LostReason::Fenced));
    driver.nothing_happened();
}

#[test]
fn what_is_lost_while_it_is_revoked_cannot_be_released_any_more() {
    let mut driver = Driver::consumer_with(&[0, 1]);
    driver.pass(seconds(5));
    let (id, _) = driver.consumer_heartbeat();
    driver.consumer_answer(id, assigned(3, &[1]));
    let claims = driver.revoking();
    driver.pass(seconds(5));
    let (id, _) = driver.consumer_heartbeat();
    driver.consumer_refusal(id, ErrorCode::FENCED_MEMBER_EPOCH);
    assert_eq!(driver.lost(), (vec![0, 1], LostReason::Fenced));
    let (id, _) = driver.consumer_heartbeat();
    driver.consumer_answer(id, assigned(5, &[0]));
    let again = driver.assigned();
    assert_ne!(claims, again);
    driver.member.release(driver.now, &claims);
    assert_eq!(driver.owned(), [0]);
}

#[test]
fn a_claim_that_nobody_has_heard_of_ends_without_a_word() {
    let mut driver = Driver::consumer_with(&[0]);
    driver.pass(seconds(5));
    let (id, _) = driver.consumer_heartbeat();
    driver.consumer_answer(id, assigned(3, &[0, 1]));
    let (id, _) = driver.consumer_heartbeat();
    driver.consumer_refusal(id, ErrorCode::FENCED_MEMBER_EPOCH);
    assert_eq!(driver.lost(), (vec![0], LostReason::Fenced));
    driver.nothing_happened();
}

#[test]
fn a_partition_that_comes_back_while_it_is_revoked_is_another_claim() {
    let mut driver = Driver::consumer_with(&[0]);
    driver.pass(seconds(5));
    let (id, _) = driver.consumer_heartbeat();
    driver.consumer_answer(id, assigned(3, &[]));
    let claims = driver.revoking();
    driver.pass(seconds(5));
    let (id, _) = driver.consumer_heartbeat();
    driver.consumer_answer(id, assigned(4, &[0]));
    driver.nothing_happened();
    driver.member.release(driver.now, &claims);
    let again = driver.assigned();
    assert!(claims[0].is_ended() && !again[0].is_ended());
    assert!(again[0].number() > claims[0].number());
}

#[test]
fn what_is_not_revoked_is_not_released() {
    let mut driver = Driver::consumer_with(&[0, 1]);
    let claims: Vec<_> = driver.member.claims().cloned().collect();
    driver.member.release(driver.now, &claims);
    assert_eq!(driver.owned(), [0, 1]);
}

#[test]
fn a_topic_that_was_created_again_is_lost() {
    let mut driver = Driver::consumer_with(&[0, 1]);
    let mut topics = Topics::new();
    topics.insert("orders", Topic::with_partitions(4).id(Uuid([9; 16])));
    driver.member.update_topics(driver.now, Arc::new(topics));
    assert_eq!(driver.lost(), (vec![0, 1], LostReason::TopicReplaced));
    driver.nothing_happened();
}

#[test]
fn in_a_classic_group_a_topic_that_was_created_again_is_another_claim() {
    let mut driver = Driver::classic_with(cooperative(), &[0, 1]);
    let mut topics = Topics::new();
    topics.insert("orders", Topic::with_partitions(4).id(Uuid([9; 16])));
    driver.member.update_topics(driver.now, Arc::new(topics));
    assert_eq!(driver.lost(), (vec![0, 1], LostReason::TopicReplaced));
    let claims = driver.assigned();
    assert_eq!(partitions(&claims), [0, 1]);
    assert_eq!(claims[0].topic_id(), Some(Uuid([9; 16])));
}
