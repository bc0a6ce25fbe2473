use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use libkafka_batch::{Builder, RecordSet};
use proptest::prelude::*;

use super::*;
use crate::consumer::marks::Marks;
use crate::error::Error;
use crate::group::Span;
use crate::group::membership::{Assignment, Claims, Event, LostReason};
use crate::topic_partition::TopicPartition;

/// Longer than any pause before records are handed out once more.
const LONG: Duration = Duration::from_secs(2);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Assigned,
    Trouble,
    Revoking,
    Lost,
    Records,
}

fn kind(work: &Work) -> Kind {
    match work {
        Work::Assigned => Kind::Assigned,
        Work::Trouble { .. } => Kind::Trouble,
        Work::Revoking { .. } => Kind::Revoking,
        Work::Lost { .. } => Kind::Lost,
        Work::Records(_) => Kind::Records,
    }
}

fn kind_of(polled: &Polled) -> Kind {
    match polled {
        Polled::Assigned { .. } => Kind::Assigned,
        Polled::Trouble { .. } => Kind::Trouble,
        Polled::Revoking { .. } => Kind::Revoking,
        Polled::Lost { .. } => Kind::Lost,
        Polled::Records(_) => Kind::Records,
        other => panic!("{other:?}"),
    }
}

fn claims(count: usize) -> Vec<Claim> {
    let mut claims = Claims::default();
    let wanted = (0..count as i32).map(|number| (TopicPartition::new("t", number), None));
    claims.reconcile(&wanted.collect::<Assignment>(), Instant::now());
    match claims.next_event() {
        Some(Event::Assigned { claims }) => claims,
        other => panic!("{other:?}"),
    }
}

fn batch(claim: &Claim) -> ClaimedBatch {
    let mut builder = Builder::new();
    builder.add("key", "value").unwrap();
    let bytes = Bytes::copy_from_slice(builder.build().unwrap());
    let header = RecordSet::unchecked(&bytes).next().unwrap().unwrap().header;
    let span = Span {
        first_offset: 0,
        next_offset: 1,
        leader_epoch: None,
    };
    let marks = Arc::new(Marks::new(claim.clone()));
    ClaimedBatch {
        bytes,
        header,
        span,
        marks,
        run: 1,
    }
}

/// One step of the consumer, of a worker or of time; claims are by their place.
#[derive(Debug, Clone, Copy)]
enum Step {
    Push(usize, Kind),
    /// A worker takes what is next, and if that is nothing, the next records of a claim.
    Take(usize),
    /// The handler of a claim returns.
    Done(usize, Flow),
    /// The same, once it has moved its claim.
    Moved(usize, Flow),
    Wait,
}

/// What a queue has to know of a claim, in the plainest way.
#[derive(Debug, Default)]
struct Expected {
    waiting: VecDeque<Kind>,
    held: Option<(Work, Kind)>,
    /// When its records may be handed out once more.
    retry: Option<Instant>,
    /// Whether it can be given the next records.
    is_free: bool,
    is_revoked: bool,
    is_lost: bool,
}

struct Run {
    queue: WorkQueue,
    claims: Vec<Claim>,
    expected: Vec<Expected>,
    begun: Instant,
    now: Instant,
}

impl Run {
    /// Claims that were just assigned.
    fn new(count: usize) -> Self {
        let claims = claims(count);
        let mut queue = WorkQueue::default();
        queue.push(Polled::Assigned {
            claims: claims.clone(),
        });
        let expected = || Expected {
            waiting: VecDeque::from([Kind::Assigned]),
            ..Expected::default()
        };
        let begun = Instant::now();
        Self {
            queue,
            claims,
            expected: std::iter::repeat_with(expected).take(count).collect(),
            begun,
            now: begun,
        }
    }

    /// Takes a step, and checks the queue. Returns false if the step is not possible.
    fn step(&mut self, step: Step) -> bool {
        let possible = match step {
            Step::Push(i, kind) => self.push(i, kind),
            Step::Take(i) => self.take(i),
            Step::Done(i, flow) => self.done(i, flow, false),
            Step::Moved(i, flow) => self.done(i, flow, true),
            Step::Wait => {
                self.now += LONG;
                true
            }
        };
        let expected = self.expected.iter();
        let has_ready = expected
            .clone()
            .any(|e| e.held.is_none() && !e.waiting.is_empty());
        assert_eq!(self.queue.has_ready(), has_ready);
        let waits = expected.filter(|e| e.held.is_none() && e.retry.is_some());
        assert_eq!(self.queue.due().is_some(), waits.count() > 0);
        possible
    }

    fn push(&mut self, i: usize, kind: Kind) -> bool {
        let expected = &mut self.expected[i];
        // As a membership does: nothing follows a loss, and only a loss follows a revocation.
        let follows = match kind {
            Kind::Lost => !expected.is_lost,
            _ => !expected.is_lost && !expected.is_revoked,
        };
        if !follows {
            return false;
        }
        let claim = self.claims[i].clone();
        let claims = vec![claim.clone()];
        let by = self.begun;
        self.queue.push(match kind {
            Kind::Trouble => Polled::Trouble {
                claim,
                error: Arc::new(Error::NoBroker),
                next: None,
                next_offset: None,
            },
            Kind::Revoking => Polled::Revoking { claims, by },
            Kind::Lost => Polled::Lost {
                claims,
                why: LostReason::SessionOver,
            },
            kind => panic!("{kind:?} is not pushed"),
        });
        expected.is_revoked |= kind == Kind::Revoking;
        expected.is_lost |= kind == Kind::Lost;
        expected.waiting.push_back(kind);
        true
    }

    fn take(&mut self, records_of: usize) -> bool {
        let now = self.now;
        let has_event = |e: &Expected| e.held.is_none() && !e.waiting.is_empty();
        let is_due = |e: &Expected| e.held.is_none() && e.retry.is_some_and(|at| now >= at);
        let any_event = self.expected.iter().any(has_event);
        let any_due = self.expected.iter().any(is_due);
        let Some((claim, work)) = self.queue.next(now) else {
            assert!(!any_event && !any_due, "something is left lying");
            let expected = &mut self.expected[records_of];
            let is_ended = expected.is_revoked || expected.is_lost;
            if !expected.is_free || is_ended {
                return false;
            }
            let claim = &self.claims[records_of];
            self.queue.took(claim);
            expected.is_free = false;
            expected.held = Some((Work::Records(batch(claim)), Kind::Records));
            return true;
        };
        let i = self.claims.iter().position(|other| *other == claim);
        let expected = &mut self.expected[i.unwrap()];
        assert!(expected.held.is_none(), "two workers have it");
        let kind = kind(&work);
        match expected.waiting.pop_front() {
            Some(first) => assert_eq!(kind, first, "out of order"),
            None => {
                assert!(!any_event, "what happened comes before records");
                assert!(is_due(expected) && kind == Kind::Records);
                expected.retry = None;
            }
        }
        expected.is_free = false;
        expected.held = Some((work, kind));
        true
    }

    fn done(&mut self, i: usize, flow: Flow, is_moved: bool) -> bool {
        let claim = self.claims[i].clone();
        let expected = &mut self.expected[i];
        let Some((work, kind)) = expected.held.take() else {
            return false;
        };
        let next = self.queue.done(self.now, &claim, work, flow);
        let again = kind == Kind::Records && flow != Flow::Go;
        if again {
            expected.retry = Some(self.now + LONG);
        }
        match kind {
            Kind::Revoking => {
                assert_eq!(next, Next::Release(self.begun));
                expected.retry = None;
            }
            Kind::Lost => {
                assert_eq!(next, Next::Ended);
                expected.retry = None;
            }
            _ if expected.retry.is_some() => assert_eq!(next, Next::Later),
            _ => assert_eq!(next, Next::Records),
        }
        if is_moved {
            self.queue.moved(&claim);
            expected.retry = None;
        }
        let is_over = matches!(kind, Kind::Revoking | Kind::Lost);
        expected.is_free = !is_over && expected.retry.is_none();
        true
    }

    /// Everybody stops: what has not been done comes back, in order.
    fn finish(mut self) {
        for i in 0..self.claims.len() {
            self.done(i, Flow::Stop, false);
        }
        let mut rest: Vec<_> = self.queue.into_rest().map(|left| kind_of(&left)).collect();
        for expected in &self.expected {
            let assigned = expected
                .waiting
                .iter()
                .take_while(|k| **k == Kind::Assigned);
            let (assigned, retry) = (assigned.count(), expected.retry.map(|_| Kind::Records));
            let waiting = expected.waiting.iter().copied();
            let expected: Vec<_> = waiting
                .clone()
                .take(assigned)
                .chain(retry)
                .chain(waiting.skip(assigned))
                .collect();
            assert!(rest.len() >= expected.len());
            let after = rest.split_off(expected.len());
            assert_eq!(std::mem::replace(&mut rest, after), expected);
        }
        assert_eq!(rest, []);
    }
}

fn steps(claims: usize) -> Vec<Step> {
    let of_claim = |i| {
        [
            Step::Push(i, Kind::Trouble),
            Step::Push(i, Kind::Revoking),
            Step::Push(i, Kind::Lost),
            Step::Take(i),
            Step::Done(i, Flow::Go),
            Step::Done(i, Flow::Retry),
            Step::Moved(i, Flow::Retry),
        ]
    };
    let all = (0..claims).flat_map(of_claim);
    all.chain([Step::Wait]).collect()
}

/// Takes every sequence of so many steps that begins with these.
fn walk(claims: usize, taken: &mut Vec<Step>, left: usize) -> usize {
    if left == 0 {
        return 0;
    }
    let mut walked = 0;
    for step in steps(claims) {
        let mut run = Run::new(claims);
        taken.iter().for_each(|step| assert!(run.step(*step)));
        if !run.step(step) {
            continue;
        }
        run.finish();
        taken.push(step);
        walked += 1 + walk(claims, taken, left - 1);
        taken.pop();
    }
    walked
}

#[test]
fn a_claim_is_with_one_worker_at_a_time_and_in_order_in_every_interleaving() {
    // One step more takes a minute.
    assert!(walk(1, &mut Vec::new(), 6) > 1000);
    assert!(walk(2, &mut Vec::new(), 4) > 1000);
}

proptest! {
    #[test]
    fn nothing_is_lost_or_handed_out_twice_however_many_claims_there_are(
        places in prop::collection::vec(any::<prop::sample::Index>(), 1..200),
    ) {
        let steps = steps(4);
        let mut run = Run::new(4);
        for place in places {
            run.step(steps[place.index(steps.len())]);
        }
        run.finish();
    }
}

#[test]
fn records_that_are_handed_out_once_more_wait_longer_each_time() {
    let mut run = Run::new(1);
    let now = run.now;
    let mut due = Vec::new();
    for flow in [Flow::Go, Flow::Retry, Flow::Retry] {
        run.now += LONG;
        assert!(run.step(Step::Take(0)));
        assert!(run.step(Step::Done(0, flow)));
        due.extend(run.queue.due().map(|due| due - run.now));
        if flow == Flow::Go {
            assert!(run.step(Step::Take(0)), "records follow the assignment");
            assert!(run.step(Step::Done(0, Flow::Retry)));
            due.extend(run.queue.due().map(|due| due - run.now));
        }
    }
    assert!(run.now > now);
    assert!(due[0] < due[1] && due[1] < due[2], "{due:?}");
}

#[test]
fn what_concerns_no_claim_comes_back_in_the_end() {
    let mut queue = WorkQueue::default();
    queue.push(Polled::Stopped { why: None });
    assert!(queue.next(Instant::now()).is_none() && !queue.has_ready());
    let rest: Vec<_> = queue.into_rest().collect();
    assert!(matches!(rest[..], [Polled::Stopped { why: None }]));
}

#[test]
fn a_claim_that_is_lost_while_its_handler_gives_it_up_is_told_that_too() {
    let mut run = Run::new(1);
    let steps = [
        Step::Take(0),
        Step::Done(0, Flow::Go),
        Step::Push(0, Kind::Revoking),
        Step::Take(0),
        Step::Push(0, Kind::Lost),
        Step::Done(0, Flow::Go),
        Step::Take(0),
    ];
    assert!(steps.into_iter().all(|step| run.step(step)));
    assert!(matches!(run.expected[0].held, Some((Work::Lost { .. }, _))));
}
