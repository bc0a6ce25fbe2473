//! Everything that can happen to a member, in any order: rebalances, expiry, refused commits,
//! fencing, moves of the coordinator, late answers. What must always hold, holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use libkafka_protocol::{ErrorCode, Uuid};
use proptest::prelude::*;

use super::answers::*;
use super::driver::*;
use crate::group::membership::{
    Action, Claim, ConsumerOptions, Event, Failure, LeaveOptions, MemberIdentity, Membership,
    Outcome, Step, Subscription, Task, Topic, Topics,
};
use crate::topic_partition::TopicPartition;

/// Something that happens.
#[derive(Debug, Clone)]
enum Happening {
    /// So many tenths of a second pass.
    Time(u16),
    /// An action that was begun, perhaps long ago, ends.
    Answer(prop::sample::Index, Reply),
    Hears,
    /// Claims of which the owner has ever heard are released.
    Release(prop::sample::Index, bool),
    Polls,
    Subscribe(bool),
    /// A commit of the member as it is or was is refused.
    Commit(prop::sample::Index, ErrorCode),
    TopicCreatedAgain(u8),
    Leave,
}

/// How an action ends.
#[derive(Debug, Clone)]
enum Reply {
    /// With these partitions, where it is about partitions.
    Good(Vec<i32>),
    /// Likewise, and this member is the leader.
    Leads(Vec<i32>),
    Bad(ErrorCode),
    None,
}

const CODES: [ErrorCode; 13] = [
    ErrorCode::NOT_COORDINATOR,
    ErrorCode::COORDINATOR_NOT_AVAILABLE,
    ErrorCode::COORDINATOR_LOAD_IN_PROGRESS,
    ErrorCode::REBALANCE_IN_PROGRESS,
    ErrorCode::REBALANCE_IN_PROGRESS,
    ErrorCode::ILLEGAL_GENERATION,
    ErrorCode::UNKNOWN_MEMBER_ID,
    ErrorCode::MEMBER_ID_REQUIRED,
    ErrorCode::FENCED_MEMBER_EPOCH,
    ErrorCode::STALE_MEMBER_EPOCH,
    ErrorCode::UNRELEASED_INSTANCE_ID,
    ErrorCode::FENCED_INSTANCE_ID,
    ErrorCode::GROUP_AUTHORIZATION_FAILED,
];

/// Those after which a member goes on.
const LIVING: usize = CODES.len() - 3;

fn code() -> impl Strategy<Value = ErrorCode> {
    prop_oneof![
        30 => prop::sample::select(&CODES[..LIVING]),
        1 => prop::sample::select(&CODES[LIVING..]),
    ]
}

fn reply() -> impl Strategy<Value = Reply> {
    let some = || prop::sample::subsequence(vec![0, 1, 2, 3], 0..=4);
    prop_oneof![
        8 => some().prop_map(Reply::Good),
        2 => some().prop_map(Reply::Leads),
        3 => code().prop_map(Reply::Bad),
        1 => Just(Reply::None),
    ]
}

fn happening() -> impl Strategy<Value = Happening> {
    let which = || any::<prop::sample::Index>();
    prop_oneof![
        4 => prop_oneof![0u16..30, 0u16..120, 300u16..600].prop_map(Happening::Time),
        12 => (which(), reply()).prop_map(|(which, reply)| Happening::Answer(which, reply)),
        6 => Just(Happening::Hears),
        4 => (which(), any::<bool>()).prop_map(|(which, all)| Happening::Release(which, all)),
        2 => Just(Happening::Polls),
        1 => any::<bool>().prop_map(Happening::Subscribe),
        2 => (which(), code()).prop_map(|(which, code)| Happening::Commit(which, code)),
        1 => (0u8..3).prop_map(Happening::TopicCreatedAgain),
        1 => Just(Happening::Leave),
    ]
}

/// An owner that checks whatever it sees.
struct Owner {
    driver: Driver,
    interval: std::time::Duration,
    begun: Vec<Action>,
    heard: Vec<Claim>,
    /// What it takes itself to own.
    owned: BTreeMap<TopicPartition, Claim>,
    identities: Vec<MemberIdentity>,
    generation: i32,
    is_over: bool,
}

impl Owner {
    fn new(member: Membership, interval: u64) -> Self {
        let driver = Driver::of(member);
        Self {
            driver,
            interval: seconds(interval),
            begun: Vec::new(),
            heard: Vec::new(),
            owned: BTreeMap::new(),
            identities: Vec::new(),
            generation: 1,
            is_over: false,
        }
    }

    fn lives_through(&mut self, happening: Happening) {
        let now = self.driver.now;
        match happening {
            Happening::Time(tenths) => self.driver.pass(seconds(u64::from(tenths)) / 10),
            Happening::Answer(which, reply) if !self.begun.is_empty() => {
                // Rather what is awaited than what is not.
                let awaited = self
                    .begun
                    .iter()
                    .rposition(|a| self.driver.member.awaits(a.id));
                let index = which.index(self.begun.len() + 3);
                let index = if index < self.begun.len() {
                    Some(index)
                } else {
                    awaited
                };
                if let Some(index) = index {
                    let action = self.begun.swap_remove(index);
                    let outcome = self.outcome(&action, reply);
                    self.driver.done(action.id, outcome);
                }
            }
            Happening::Answer(..) => {}
            Happening::Hears => self.hears(),
            Happening::Release(which, all) => {
                let claims = match self.heard.len() {
                    0 => &[][..],
                    _ if all => &self.heard[..],
                    n => std::slice::from_ref(&self.heard[which.index(n)]),
                };
                let released = claims
                    .iter()
                    .filter(|c| c.is_wanted_back() && !c.is_ended());
                let released: Vec<Claim> = released.cloned().collect();
                self.driver.member.release(now, claims);
                for claim in released {
                    assert!(claim.is_ended());
                    self.owned.remove(claim.partition());
                }
            }
            Happening::Polls => self.driver.member.polled(now),
            Happening::Subscribe(users) => {
                let topics: &[&str] = if users {
                    &["orders", "users"]
                } else {
                    &["orders"]
                };
                let subscription = Subscription::topics(topics.iter().copied());
                self.driver.member.subscribe(now, subscription);
            }
            Happening::Commit(which, code) if !self.identities.is_empty() => {
                let identity = &self.identities[which.index(self.identities.len())];
                self.driver.member.commit_refused(now, identity, code);
            }
            Happening::Commit(..) => {}
            Happening::TopicCreatedAgain(id) => {
                let mut topics = Topics::new();
                let id = [ORDERS, Uuid([8; 16]), Uuid([9; 16])][usize::from(id)];
                topics.insert("orders", Topic::with_partitions(4).id(id));
                self.driver.member.update_topics(now, Arc::new(topics));
            }
            Happening::Leave => self.driver.member.leave(now, LeaveOptions::default()),
        }
        self.ticks();
        self.checks();
    }

    fn outcome(&mut self, action: &Action, reply: Reply) -> Result<Outcome, Failure> {
        let leads = matches!(reply, Reply::Leads(_));
        let (code, partitions) = match reply {
            Reply::Good(partitions) | Reply::Leads(partitions) => (ErrorCode::NONE, partitions),
            Reply::Bad(code) => (code, vec![]),
            Reply::None => return Err(Failure::NoAnswer),
        };
        self.generation += i32::from(leads);
        Ok(match &action.task {
            Task::FindCoordinator if code.is_ok() => Outcome::CoordinatorFound,
            Task::FindTopics(_) if code.is_ok() => Outcome::Topics(topics()),
            Task::FindCoordinator | Task::FindTopics(_) => return Err(Failure::Refused(code)),
            Task::Assign(task) => Outcome::Assigned(task.run()),
            Task::Join(request) if code.is_ok() && leads => {
                let protocol = &request.protocols[0];
                let members = [("c-1", &protocol.metadata)];
                Outcome::Join(leading(self.generation, &protocol.name, &members))
            }
            Task::Join(request) if code.is_ok() => {
                Outcome::Join(joined(self.generation, &request.protocols[0].name))
            }
            Task::Join(_) => Outcome::Join(join_refused(code)),
            Task::Sync(_) if code.is_ok() => Outcome::Sync(synced(&partitions)),
            Task::Sync(_) => Outcome::Sync(sync_refused(code)),
            Task::Heartbeat(_) => {
                Outcome::Heartbeat(libkafka_protocol::messages::HeartbeatResponse {
                    error_code: code,
                    ..Default::default()
                })
            }
            Task::ConsumerHeartbeat(_) if partitions.len() == 3 => {
                Outcome::ConsumerHeartbeat(in_epoch(self.generation))
            }
            Task::ConsumerHeartbeat(_) => {
                let mut answer = assigned(self.generation, &partitions);
                answer.error_code = code;
                Outcome::ConsumerHeartbeat(answer)
            }
            Task::Leave(_) => Outcome::Leave(libkafka_protocol::messages::LeaveGroupResponse {
                error_code: code,
                ..Default::default()
            }),
        })
    }

    fn hears(&mut self) {
        let Some(event) = self.driver.member.next_event() else {
            return;
        };
        assert!(!self.is_over, "{event:?} after the end");
        match event {
            Event::Assigned { claims } => {
                assert!(!claims.is_empty());
                for claim in claims {
                    assert!(!claim.is_ended() && !self.heard.contains(&claim));
                    let former = self.owned.insert(claim.partition().clone(), claim.clone());
                    assert_eq!(former, None, "two claims of one partition");
                    self.heard.push(claim);
                }
            }
            Event::Revoking { claims, .. } => {
                assert!(!claims.is_empty());
                for claim in claims {
                    assert!(claim.is_wanted_back() && !claim.is_ended());
                    assert_eq!(self.owned.get(claim.partition()), Some(&claim));
                }
            }
            Event::Lost { claims, .. } => {
                assert!(!claims.is_empty());
                for claim in claims {
                    assert!(claim.is_ended());
                    assert_eq!(self.owned.remove(claim.partition()), Some(claim));
                }
            }
            Event::Stopped { .. } => {
                self.is_over = true;
                assert!(self.owned.is_empty(), "{:?} at the end", self.owned);
            }
        }
    }

    /// Does what there is to do, and sees when it is asked again.
    fn ticks(&mut self) {
        for _ in 0..8 {
            match self.driver.tick() {
                Step::Do(action) => {
                    assert!(action.by > self.driver.now);
                    self.begun.push(action);
                }
                Step::WaitUntil(time) => return self.waits_until(Some(time)),
                Step::Wait => return self.waits_until(None),
                Step::Done => {
                    assert_eq!(self.driver.member.claims().count(), 0);
                    return;
                }
            }
        }
        panic!("it does not come to rest");
    }

    fn waits_until(&self, time: Option<std::time::Instant>) {
        let now = self.driver.now;
        assert!(
            time.is_none_or(|time| time > now),
            "it is asked without a pause"
        );
        let member = &self.driver.member;
        let is_awaited = |is: fn(&Task) -> bool| {
            let mut begun = self.begun.iter();
            begun.any(|action| is(&action.task) && member.awaits(action.id))
        };
        let beats = |task: &Task| matches!(task, Task::Heartbeat(_) | Task::ConsumerHeartbeat(_));
        let finds = |task: &Task| matches!(task, Task::FindCoordinator);
        if member.identity().is_some() && !is_awaited(beats) && !is_awaited(finds) {
            let time = time.expect("a time for the next heartbeat");
            assert!(
                time <= now + self.interval,
                "{:?} until a heartbeat",
                time - now
            );
        }
    }

    fn checks(&mut self) {
        for claim in self.driver.member.claims() {
            assert!(!claim.is_ended());
            let owned = self.owned.get(claim.partition());
            let unheard = !self.heard.contains(claim);
            assert!(unheard || owned == Some(claim));
        }
        // What the owner takes itself to own has not been given to anybody else.
        for claim in self.owned.values() {
            let live = self.driver.member.claims().any(|live| live == claim);
            assert_eq!(live, !claim.is_ended());
        }
        if self.driver.member.identity().is_none() {
            let owned = self.driver.member.claims().count();
            assert_eq!(owned, 0, "owned by a member that is none");
        }
        self.identities.extend(self.driver.member.identity());
        self.identities.dedup();
    }

    /// Leaves, in whatever state it is.
    fn leaves(&mut self) {
        let options = LeaveOptions::default().within(seconds(7));
        self.driver.member.leave(self.driver.now, options);
        assert_eq!(self.driver.member.claims().count(), 0);
        self.ticks();
        self.driver.pass(seconds(10));
        self.ticks();
        assert!(matches!(self.driver.tick(), Step::Done));
        while !self.is_over {
            self.hears();
        }
        self.hears();
    }
}

fn run(member: Membership, interval: u64, happenings: Vec<Happening>) {
    let mut owner = Owner::new(member, interval);
    owner.ticks();
    for happening in happenings {
        owner.lives_through(happening);
    }
    owner.leaves();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_member_of_kip_848_keeps_its_word(happenings in prop::collection::vec(happening(), 0..150)) {
        let subscription = Subscription::topics(["orders"]);
        let options = ConsumerOptions::default().max_poll_interval(Some(seconds(100)));
        run(Membership::consumer("g", "m", subscription, options), 5, happenings);
    }

    #[test]
    fn an_eager_member_keeps_its_word(happenings in prop::collection::vec(happening(), 0..150)) {
        let subscription = Subscription::topics(["orders"]);
        run(Membership::classic("g", subscription, eager()), 3, happenings);
    }

    #[test]
    fn a_cooperative_member_keeps_its_word(
        happenings in prop::collection::vec(happening(), 0..150),
    ) {
        let subscription = Subscription::regex("o.*").unwrap();
        let options = cooperative().max_poll_interval(Some(seconds(100)));
        run(Membership::classic("g", subscription, options), 3, happenings);
    }
}
