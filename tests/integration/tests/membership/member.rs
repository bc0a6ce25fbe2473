//! `Member`: a membership, its connections and an owner who does as he is told, if slowly.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use fastrand::Rng;
use libkafka_client::membership::{
    Action, ActionId, Claim, Event, Failure, Membership, Outcome, Step, StopReason, Subscription,
    Task, Topics,
};

use super::connection::Connection;

/// A member of a simulated group.
pub(crate) struct Member {
    pub(crate) number: usize,
    pub(crate) membership: Membership,
    /// The instance id, if it is a static member.
    pub(crate) instance: Option<String>,
    /// Stopped, as by SIGSTOP.
    pub(crate) paused: bool,
    pub(crate) leaving: bool,
    pub(crate) stopped: Option<StopReason>,
    /// Claims that are to be released, and after how many rounds.
    revoking: Vec<(u32, Vec<Claim>)>,
    coordinator: SocketAddr,
    prompt: Option<Connection>,
    held: Option<Connection>,
    /// Answers that do not come in time, and come after all.
    late: Vec<(ActionId, Outcome)>,
    /// What was asked on connections that have ended.
    unanswered: Vec<ActionId>,
}

/// What a member is told of the world in a round.
pub(crate) struct Surroundings<'a> {
    pub(crate) now: Instant,
    pub(crate) coordinator: SocketAddr,
    pub(crate) topics: &'a Arc<Topics>,
    /// Of so many requests one is lost, or its answer; 0 for none.
    pub(crate) loses_one_in: u32,
    /// Connections that nobody reads any more, so that it is known when the broker is at rest.
    pub(crate) abandoned: &'a mut Vec<Connection>,
}

impl Member {
    pub(crate) fn new(
        number: usize,
        membership: Membership,
        instance: Option<String>,
        surroundings: &Surroundings<'_>,
    ) -> Self {
        Self {
            number,
            membership,
            instance,
            paused: false,
            leaving: false,
            stopped: None,
            revoking: Vec::new(),
            coordinator: surroundings.coordinator,
            prompt: None,
            held: None,
            late: Vec::new(),
            unanswered: Vec::new(),
        }
    }

    /// Whether it reads a topic.
    pub(crate) fn reads(&self, topic: &str) -> bool {
        match self.membership.subscription() {
            Subscription::Topics(topics) => topics.contains(topic),
            Subscription::Regex(regex) => regex.matches(topic),
            _ => false,
        }
    }

    /// Requests of its own that the broker has not answered.
    pub(crate) fn asked(&self) -> usize {
        self.held.as_ref().map_or(0, Connection::asked)
    }

    /// Takes an answer that was held back, if it has come; says whether it has.
    pub(crate) fn receives(&mut self, surroundings: &Surroundings<'_>) -> bool {
        let answer = self.held.as_mut().and_then(Connection::try_take);
        if let Some((id, outcome)) = answer {
            self.membership.done(surroundings.now, id, Ok(outcome));
            return true;
        }
        false
    }

    /// Does what there is to do.
    pub(crate) fn runs(&mut self, surroundings: &mut Surroundings<'_>, rng: &mut Rng) {
        for _ in 0..100 {
            if self.held.as_ref().is_some_and(|held| held.asked() == 0) || self.has_lost_interest()
            {
                surroundings.abandoned.extend(self.held.take());
            }
            match self.membership.tick(surroundings.now) {
                Step::Do(action) => self.does(action, surroundings, rng),
                _ => return,
            }
        }
        panic!(
            "{}: {:?} does not come to rest",
            self.number, self.membership
        );
    }

    /// Whether a request was held back whose answer does not matter any more.
    fn has_lost_interest(&self) -> bool {
        let held = self.held.as_ref();
        held.is_some_and(|held| held.asked_ids().all(|id| !self.membership.awaits(id)))
    }

    fn does(&mut self, action: Action, surroundings: &mut Surroundings<'_>, rng: &mut Rng) {
        let now = surroundings.now;
        let lost = surroundings.loses_one_in > 0 && rng.u32(0..surroundings.loses_one_in) == 0;
        let outcome = match &action.task {
            Task::FindCoordinator if lost => Err(Failure::NoAnswer),
            Task::FindCoordinator => {
                if self.coordinator != surroundings.coordinator {
                    self.coordinator = surroundings.coordinator;
                    self.disconnect(surroundings);
                    self.notices(now);
                }
                Ok(Outcome::CoordinatorFound)
            }
            Task::FindTopics(_) if lost => Err(Failure::NoAnswer),
            Task::FindTopics(_) => Ok(Outcome::Topics(Arc::clone(surroundings.topics))),
            Task::Assign(task) => Ok(Outcome::Assigned(task.run())),
            task if task.is_held_back() => {
                surroundings.abandoned.extend(self.held.take());
                let held = self.held.insert(self.connect());
                held.send(action.id, task);
                return;
            }
            task => self.asks(action.id, task, lost, rng),
        };
        self.membership.done(now, action.id, outcome);
        if !self.late.is_empty() && rng.bool() {
            let (id, outcome) = self.late.swap_remove(0);
            self.membership.done(now, id, Ok(outcome));
        }
    }

    /// Sends a request that is answered at once, unless it gets lost, or the answer does.
    fn asks(
        &mut self,
        id: ActionId,
        task: &Task,
        lost: bool,
        rng: &mut Rng,
    ) -> Result<Outcome, Failure> {
        if lost && rng.bool() {
            return Err(Failure::NoAnswer);
        }
        let mut prompt = self.prompt.take().unwrap_or_else(|| self.connect());
        prompt.send(id, task);
        let (id, outcome) = prompt.wait();
        self.prompt = Some(prompt);
        if lost {
            self.late.push((id, outcome));
            return Err(Failure::NoAnswer);
        }
        Ok(outcome)
    }

    fn connect(&self) -> Connection {
        Connection::open(self.coordinator, &format!("member-{:03}", self.number))
    }

    /// Ends its connections. Whether the member notices shows only when it is told.
    pub(crate) fn disconnect(&mut self, surroundings: &mut Surroundings<'_>) {
        self.prompt = None;
        if let Some(held) = self.held.take() {
            self.unanswered.extend(held.asked_ids());
            surroundings.abandoned.push(held);
        }
    }

    /// It notices that its connections have ended.
    pub(crate) fn notices(&mut self, now: Instant) {
        for id in std::mem::take(&mut self.unanswered) {
            self.membership.done(now, id, Err(Failure::NoAnswer));
        }
    }

    /// The owner hears of what happened, and gives up in a while what is wanted back.
    pub(crate) fn hears(&mut self, rng: &mut Rng) -> Option<Event> {
        let event = self.membership.next_event()?;
        match &event {
            Event::Revoking { claims, .. } => self.revoking.push((rng.u32(0..4), claims.clone())),
            Event::Stopped { why } => self.stopped = Some(why.clone()),
            _ => {}
        }
        Some(event)
    }

    /// The owner polls, and gives up what is due.
    pub(crate) fn polls(&mut self, now: Instant) {
        self.membership.polled(now);
        for (rounds, _) in &mut self.revoking {
            *rounds = rounds.saturating_sub(1);
        }
        for (rounds, claims) in std::mem::take(&mut self.revoking) {
            if rounds == 0 {
                self.membership.release(now, &claims);
            } else {
                self.revoking.push((rounds, claims));
            }
        }
    }
}
