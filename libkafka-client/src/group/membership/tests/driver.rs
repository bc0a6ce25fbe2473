//! `Driver`: a membership, a clock and what a test says to it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use libkafka_protocol::messages::{
    ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, HeartbeatResponse,
    JoinGroupRequest, JoinGroupResponse, LeaveGroupResponse, SyncGroupRequest, SyncGroupResponse,
};
use libkafka_protocol::{ErrorCode, Uuid};

use super::answers::*;
use crate::group::membership::{
    Action, ActionId, Claim, ClassicOptions, ConsumerOptions, Event, Failure, LostReason,
    Membership, Outcome, Step, StopReason, Subscription, Task, Topic, Topics,
};

pub(super) const ORDERS: Uuid = Uuid([1; 16]);
pub(super) const USERS: Uuid = Uuid([2; 16]);

/// A membership, a clock and what a test says to it.
pub(super) struct Driver {
    pub(super) member: Membership,
    pub(super) now: Instant,
}

pub(super) fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// `orders` with four partitions, `users` with two.
pub(super) fn topics() -> Arc<Topics> {
    let topics = [
        ("orders", Topic::with_partitions(4).id(ORDERS)),
        ("users", Topic::with_partitions(2).id(USERS)),
    ];
    Arc::new(topics.into_iter().collect())
}

impl Driver {
    pub(super) fn of(member: Membership) -> Self {
        let mut driver = Self {
            member,
            now: Instant::now(),
        };
        driver.member.update_topics(driver.now, topics());
        driver
    }

    /// A member of KIP-848 that knows the topics and its coordinator, and has not joined.
    pub(super) fn consumer(options: ConsumerOptions) -> Self {
        let subscription = Subscription::topics(["orders"]);
        let mut driver = Self::of(Membership::consumer("g", "m-1", subscription, options));
        driver.find_coordinator();
        driver
    }

    /// The same, in epoch 3 with these partitions of `orders`, which it has acknowledged.
    pub(super) fn consumer_with(partitions: &[i32]) -> Self {
        let mut driver = Self::consumer(ConsumerOptions::default());
        let (id, _) = driver.consumer_heartbeat();
        driver.consumer_answer(id, assigned(3, partitions));
        if !partitions.is_empty() {
            let (id, _) = driver.consumer_heartbeat();
            driver.consumer_answer(id, in_epoch(3));
            driver.assigned();
        }
        driver
    }

    /// A member of a classic group that knows the topics and its coordinator, and has not joined.
    pub(super) fn classic(options: ClassicOptions) -> Self {
        let subscription = Subscription::topics(["orders"]);
        let mut driver = Self::of(Membership::classic("g", subscription, options));
        driver.find_coordinator();
        driver
    }

    /// The same, in generation 1 with these partitions of `orders`; somebody else leads.
    pub(super) fn classic_with(options: ClassicOptions, partitions: &[i32]) -> Self {
        let mut driver = Self::classic(options);
        driver.join_and_sync(1, partitions);
        driver.assigned();
        driver
    }

    pub(super) fn join_and_sync(&mut self, generation: i32, partitions: &[i32]) {
        let (id, request) = self.join();
        let protocol = request.protocols[0].name.clone();
        self.join_answer(id, joined(generation, &protocol));
        let (id, _) = self.sync();
        self.sync_answer(id, synced(partitions));
    }

    pub(super) fn pass(&mut self, time: Duration) {
        self.now += time;
    }

    pub(super) fn tick(&mut self) -> Step {
        self.member.tick(self.now)
    }

    /// The next action.
    #[track_caller]
    pub(super) fn action(&mut self) -> Action {
        match self.tick() {
            Step::Do(action) => action,
            step => panic!("{step:?} rather than an action"),
        }
    }

    /// Nothing is to be done now. How long it is until something is.
    #[track_caller]
    pub(super) fn idle(&mut self) -> Option<Duration> {
        match self.tick() {
            Step::WaitUntil(time) => Some(time - self.now),
            Step::Wait => None,
            step => panic!("{step:?} rather than time to wait"),
        }
    }

    #[track_caller]
    pub(super) fn find_coordinator(&mut self) {
        let action = self.action();
        assert!(matches!(action.task, Task::FindCoordinator), "{action:?}");
        self.done(action.id, Ok(Outcome::CoordinatorFound));
    }

    #[track_caller]
    pub(super) fn consumer_heartbeat(&mut self) -> (ActionId, ConsumerGroupHeartbeatRequest) {
        match self.action() {
            Action {
                id,
                task: Task::ConsumerHeartbeat(request),
                ..
            } => (id, request),
            action => panic!("{action:?} rather than a heartbeat"),
        }
    }

    #[track_caller]
    pub(super) fn heartbeat(&mut self) -> ActionId {
        match self.action() {
            Action {
                id,
                task: Task::Heartbeat(_),
                ..
            } => id,
            action => panic!("{action:?} rather than a heartbeat"),
        }
    }

    #[track_caller]
    pub(super) fn join(&mut self) -> (ActionId, JoinGroupRequest) {
        match self.action() {
            Action {
                id,
                task: Task::Join(request),
                ..
            } => (id, request),
            action => panic!("{action:?} rather than a join"),
        }
    }

    #[track_caller]
    pub(super) fn sync(&mut self) -> (ActionId, SyncGroupRequest) {
        match self.action() {
            Action {
                id,
                task: Task::Sync(request),
                ..
            } => (id, request),
            action => panic!("{action:?} rather than a sync"),
        }
    }

    pub(super) fn done(&mut self, id: ActionId, outcome: Result<Outcome, Failure>) {
        self.member.done(self.now, id, outcome);
    }

    pub(super) fn consumer_answer(&mut self, id: ActionId, answer: ConsumerGroupHeartbeatResponse) {
        self.done(id, Ok(Outcome::ConsumerHeartbeat(answer)));
    }

    /// Answers a heartbeat of KIP-848 with an error.
    pub(super) fn consumer_refusal(&mut self, id: ActionId, error_code: ErrorCode) {
        self.consumer_answer(
            id,
            ConsumerGroupHeartbeatResponse {
                error_code,
                ..Default::default()
            },
        );
    }

    pub(super) fn join_answer(&mut self, id: ActionId, answer: JoinGroupResponse) {
        self.done(id, Ok(Outcome::Join(answer)));
    }

    pub(super) fn sync_answer(&mut self, id: ActionId, answer: SyncGroupResponse) {
        self.done(id, Ok(Outcome::Sync(answer)));
    }

    pub(super) fn heartbeat_answer(&mut self, id: ActionId, error_code: ErrorCode) {
        let answer = HeartbeatResponse {
            error_code,
            ..Default::default()
        };
        self.done(id, Ok(Outcome::Heartbeat(answer)));
    }

    pub(super) fn leave_answer(&mut self, id: ActionId, error_code: ErrorCode) {
        let answer = LeaveGroupResponse {
            error_code,
            ..Default::default()
        };
        self.done(id, Ok(Outcome::Leave(answer)));
    }

    /// A heartbeat of the classic protocol is due after the interval, and is answered so.
    #[track_caller]
    pub(super) fn next_heartbeat(&mut self, error_code: ErrorCode) {
        self.pass(seconds(3));
        let id = self.heartbeat();
        self.heartbeat_answer(id, error_code);
    }

    #[track_caller]
    pub(super) fn assigned(&mut self) -> Vec<Claim> {
        match self.member.next_event() {
            Some(Event::Assigned { claims }) => claims,
            event => panic!("{event:?} rather than Assigned"),
        }
    }

    #[track_caller]
    pub(super) fn revoking(&mut self) -> Vec<Claim> {
        match self.member.next_event() {
            Some(Event::Revoking { claims, .. }) => claims,
            event => panic!("{event:?} rather than Revoking"),
        }
    }

    #[track_caller]
    pub(super) fn lost(&mut self) -> (Vec<i32>, LostReason) {
        match self.member.next_event() {
            Some(Event::Lost { claims, why }) => (partitions(&claims), why),
            event => panic!("{event:?} rather than Lost"),
        }
    }

    #[track_caller]
    pub(super) fn stopped(&mut self) -> StopReason {
        match self.member.next_event() {
            Some(Event::Stopped { why }) => {
                assert!(matches!(self.tick(), Step::Done));
                why
            }
            event => panic!("{event:?} rather than Stopped"),
        }
    }

    #[track_caller]
    pub(super) fn nothing_happened(&mut self) {
        assert_eq!(self.member.next_event(), None);
    }

    pub(super) fn owned(&self) -> Vec<i32> {
        self.member
            .claims()
            .map(|claim| claim.partition().partition)
            .collect()
    }
}
