//! `GroupMember`: a membership with its connections.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::{MetadataRequest, MetadataResponse};

use super::member_link::{Done, MemberAnswer, MemberLink, MemberRequest, Queued};
use super::member_lookups::Lookups;
use super::membership::{
    Action, ActionId, AssignTask, Assigned, Claim, Event, Failure, LeaveOptions, Membership,
    Outcome, Step, Task, Topics, WantedTopics,
};
use crate::broker::Broker;
use crate::cluster::{Client, FoundCoordinator, Topology};
use crate::deadline::Deadline;
use crate::error::{Error, RetryMethod};
use crate::net::{Interest, Waitable, wait};

/// A [`Membership`] with its connections: it does what the membership says, in the threads of its
/// callers.
///
/// It has up to three connections: one for requests that the coordinator holds back (joins and
/// syncs), one for other requests, and one to any broker for lookups. No call waits longer than it
/// is told to, whatever any broker does.
///
/// [`wait`](Self::wait) drives the member alone. To drive it together with other things, such as
/// fetch lanes, call [`advance`](Self::advance), [`assign`](Self::assign) and
/// [`next_event`](Self::next_event) in turn, and [`wait`](crate::wait) for all of them.
///
/// ```no_run
/// use std::time::Duration;
/// use libkafka_client::assignor::CooperativeSticky;
/// use libkafka_client::membership::{ClassicOptions, Event, Membership, Subscription};
/// use libkafka_client::{Client, Config};
///
/// let client = Client::new(Config::new("localhost:9092"))?;
/// let options = ClassicOptions::default().assignor(CooperativeSticky);
/// let membership = Membership::classic("billing", Subscription::topics(["orders"]), options);
/// let mut member = client.group_member(membership);
/// loop {
///     member.polled();
///     match member.wait(Duration::from_secs(1))? {
///         Some(Event::Assigned { claims }) => println!("now: {claims:?}"),
///         Some(Event::Revoking { claims, .. }) => member.release(&claims),
///         Some(Event::Lost { claims, why }) => println!("lost: {claims:?}: {why:?}"),
///         Some(Event::Stopped { .. }) => break,
///         _ => {}
///     }
/// }
/// # Ok::<(), libkafka_client::Error>(())
/// ```
pub struct GroupMember {
    client: Client,
    membership: Membership,
    topology: Topology,
    coordinator: Option<i32>,
    lookups: Lookups,
    prompt: Option<MemberLink>,
    held_back: Option<MemberLink>,
    /// The assignment that must be computed.
    assignment: Option<(ActionId, AssignTask)>,
    /// When the membership next has something to do.
    next: Option<Instant>,
    is_over: bool,
}

impl Client {
    /// Makes a member of a group, with its own connections.
    pub fn group_member(&self, membership: Membership) -> GroupMember {
        GroupMember {
            client: self.fork(),
            membership,
            topology: Topology::default(),
            coordinator: None,
            lookups: Lookups::default(),
            prompt: None,
            held_back: None,
            assignment: None,
            next: None,
            is_over: false,
        }
    }
}

impl GroupMember {
    /// The state of the member.
    pub fn membership(&self) -> &Membership {
        &self.membership
    }

    /// Changes the state of the member: its subscription, or the outcome of commits. The next
    /// [`advance`](Self::advance) or [`wait`](Self::wait) acts on it.
    pub fn membership_mut(&mut self) -> &mut Membership {
        &mut self.membership
    }

    /// Tells the membership that its owner makes progress: [`Membership::polled`].
    pub fn polled(&mut self) {
        self.membership.polled(Instant::now());
    }

    /// Gives up claims that are being revoked: [`Membership::release`].
    pub fn release(&mut self, claims: &[Claim]) {
        self.membership.release(Instant::now(), claims);
    }

    /// The next event, if there is one.
    pub fn next_event(&mut self) -> Option<Event> {
        self.membership.next_event()
    }

    /// The time until the member loses its partitions unless something happens:
    /// [`Membership::time_left`].
    pub fn time_left(&self) -> Option<Duration> {
        self.membership.time_left(Instant::now())
    }

    /// Whether the membership is over.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Does everything that can be done without waiting, except that [`assign`](Self::assign)
    /// computes assignments.
    ///
    /// # Errors
    /// Errors that a retry does not fix, such as a refused password. The member still keeps trying
    /// if it is called again.
    pub fn advance(&mut self) -> Result<(), Error> {
        let mut trouble = None;
        loop {
            let mut done: Vec<Done> = Vec::new();
            for link in [&mut self.prompt, &mut self.held_back]
                .into_iter()
                .flatten()
            {
                link.advance(&self.membership, &mut done);
            }
            self.lookups.advance(&self.membership, &mut done);
            let now = Instant::now();
            let mut moved = !done.is_empty();
            for (id, answer) in done {
                let outcome = match answer {
                    Ok(answer) => self.outcome(answer),
                    Err(error) => Err(failure(error, &mut trouble)),
                };
                self.membership.done(now, id, outcome);
            }
            loop {
                match self.membership.tick(now) {
                    Step::Do(action) => self.begin(action, now),
                    step => {
                        self.is_over = matches!(step, Step::Done);
                        self.next = match step {
                            Step::WaitUntil(time) => Some(time),
                            _ => None,
                        };
                        break;
                    }
                }
                moved = true;
            }
            if !moved {
                break;
            }
        }
        trouble.map_or(Ok(()), Err)
    }

    /// Computes the assignment if the member leads and must do so. It runs the assignor in this
    /// thread.
    pub fn assign(&mut self) {
        if let Some((id, task)) = self.assignment.take() {
            self.assigned(id, task.run());
        }
    }

    /// The assignment that must be computed, to be done elsewhere.
    pub(super) fn take_assignment(&mut self) -> Option<(ActionId, AssignTask)> {
        self.assignment.take()
    }

    pub(super) fn assigned(&mut self, id: ActionId, assigned: Assigned) {
        let outcome = Ok(Outcome::Assigned(assigned));
        self.membership.done(Instant::now(), id, outcome);
    }

    /// Drives the member until something happens to its partitions, the membership is over, or the
    /// time is up; `None` in the last two cases.
    ///
    /// # Errors
    /// The errors of [`advance`](Self::advance), and [`Error::Io`] if the system cannot wait.
    pub fn wait(&mut self, time: Duration) -> Result<Option<Event>, Error> {
        let deadline = Deadline::after(time);
        loop {
            self.advance()?;
            if self.assignment.is_some() {
                self.assign();
                continue;
            }
            if let Some(event) = self.next_event() {
                return Ok(Some(event));
            }
            if self.is_over || deadline.is_past() {
                return Ok(None);
            }
            self.wait_for_links(deadline)?;
        }
    }

    /// Leaves the group, within the time that the options give. All claims end now, so commit
    /// before. [Events](Self::next_event) still report what happens to the claims.
    ///
    /// # Errors
    /// The errors of [`wait`](Self::wait). The member is out all the same, at the latest after its
    /// session timeout.
    /// timeout.
    pub fn leave(&mut self, options: LeaveOptions) -> Result<(), Error> {
        self.membership.leave(Instant::now(), options);
        loop {
            self.advance()?;
            if self.is_over {
                return Ok(());
            }
            self.wait_for_links(Deadline::after(Duration::from_secs(1)))?;
        }
    }

    fn wait_for_links(&self, deadline: Deadline) -> Result<(), Error> {
        wait(&[self], deadline).map_err(cannot_wait)?;
        Ok(())
    }

    fn begin(&mut self, action: Action, now: Instant) {
        let Action { id, task, by, .. } = action;
        let request = match task {
            Task::Assign(task) => {
                self.assignment = Some((id, task));
                return;
            }
            Task::FindCoordinator => {
                MemberRequest::FindCoordinator(self.membership.group_id().to_owned())
            }
            Task::FindTopics(wanted) => self.metadata_request(wanted),
            Task::Join(request) => MemberRequest::Join(request),
            Task::Sync(request) => MemberRequest::Sync(request),
            Task::Heartbeat(request) => MemberRequest::Heartbeat(request),
            Task::ConsumerHeartbeat(request) => MemberRequest::ConsumerHeartbeat(request),
            Task::Leave(request) => MemberRequest::Leave(request),
        };
        match self.link_for(&request) {
            Some(link) => link.push(Queued { id, request, by }),
            None => self.membership.done(now, id, Err(Failure::NoAnswer)),
        }
    }

    fn metadata_request(&mut self, wanted: WantedTopics) -> MemberRequest {
        match wanted {
            WantedTopics::All => MemberRequest::Metadata(
                MetadataRequest {
                    topics: None,
                    allow_auto_topic_creation: false,
                    ..Default::default()
                },
                4,
            ),
            WantedTopics::Named(names) => {
                for name in names {
                    self.topology.add(name);
                }
                MemberRequest::Metadata(self.topology.request(), 4)
            }
            WantedTopics::WithIds(ids) => {
                for id in ids {
                    self.topology.add_id(id);
                }
                let request = self.topology.request_by_id().unwrap_or_default();
                MemberRequest::Metadata(request, 12)
            }
        }
    }

    /// The connection for a request.
    fn link_for(&mut self, request: &MemberRequest) -> Option<&mut MemberLink> {
        let api = request.api();
        let config = &self.client.config;
        let (slot, broker): (&mut Option<MemberLink>, Arc<Broker>) = match request {
            MemberRequest::FindCoordinator(_) => {
                return self.lookups.for_coordinator(&self.client);
            }
            MemberRequest::Metadata(..) => return self.lookups.for_metadata(&self.client),
            MemberRequest::Join(_) | MemberRequest::Sync(_) => {
                let broker = self.client.cluster.broker(self.coordinator?)?;
                (&mut self.held_back, Arc::clone(broker))
            }
            _ => {
                let broker = self.client.cluster.broker(self.coordinator?)?;
                (&mut self.prompt, Arc::clone(broker))
            }
        };
        let is_other = |link: &MemberLink| link.broker().address != broker.address;
        if slot.as_ref().is_none_or(is_other) {
            *slot = Some(MemberLink::new(Arc::clone(config), broker, api));
        }
        slot.as_mut()
    }

    fn outcome(&mut self, answer: MemberAnswer) -> Result<Outcome, Failure> {
        match answer {
            MemberAnswer::Outcome(outcome) => Ok(outcome),
            MemberAnswer::Coordinator(response) => {
                let Some(found) = FoundCoordinator::of(response, self.membership.group_id()) else {
                    return Err(Failure::Refused(ErrorCode::COORDINATOR_NOT_AVAILABLE));
                };
                if !found.code.is_ok() {
                    return Err(Failure::Refused(found.code));
                }
                let FoundCoordinator { id, host, port, .. } = found;
                self.client.cluster.learn(id, &host, port, None);
                self.lookups.coordinator_found();
                self.coordinator = Some(id);
                Ok(Outcome::CoordinatorFound)
            }
            MemberAnswer::Metadata(response) => Ok(self.topics(&response)),
        }
    }

    fn topics(&mut self, response: &MetadataResponse) -> Outcome {
        self.client.cluster.update(response);
        if let super::membership::Subscription::Regex(_) = self.membership.subscription() {
            for topic in &response.topics {
                if let Some(name) = &topic.name {
                    self.topology.add(name.as_str());
                }
            }
        }
        self.topology.update(response);
        Outcome::Topics(Arc::new(Topics::from(&self.topology)))
    }
}

/// When it is ready, [`advance`](GroupMember::advance) or [`assign`](GroupMember::assign) has
/// something to do, or there is an event to take.
impl Waitable for GroupMember {
    fn interest(&self) -> Interest<'_> {
        let clock = match (self.assignment.is_some(), self.next) {
            (true, _) => Interest::now(),
            (false, Some(next)) => Interest::nothing().or_at(next),
            (false, None) => Interest::nothing(),
        };
        let links = [
            self.lookups.link(),
            self.prompt.as_ref(),
            self.held_back.as_ref(),
        ];
        let links = links.into_iter().flatten();
        links.fold(clock, |interest, link| interest.or(link.interest()))
    }
}

/// What an error means for the membership. One that a retry does not fix is kept.
fn failure(error: Error, trouble: &mut Option<Error>) -> Failure {
    match error {
        Error::Version { .. } | Error::Encode { .. } => Failure::Unsupported,
        Error::NoBroker => Failure::NoAnswer,
        error => {
            if error.retry_method() == RetryMethod::GiveUp {
                *trouble = Some(error);
            }
            Failure::NoAnswer
        }
    }
}

pub(crate) fn cannot_wait(source: io::Error) -> Error {
    Error::Config {
        option: "wait",
        reason: source.to_string(),
    }
}

impl fmt::Debug for GroupMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GroupMember")
            .field("group_id", &self.membership.group_id())
            .field("member_id", &self.membership.member_id())
            .field("claims", &self.membership.claims().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
