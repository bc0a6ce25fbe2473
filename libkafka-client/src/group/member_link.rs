//! `MemberLink`: sends the tasks of a membership over one connection.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use libkafka_protocol::messages::{
    ConsumerGroupHeartbeatRequest, FindCoordinatorRequest, FindCoordinatorResponse,
    HeartbeatRequest, JoinGroupRequest, LeaveGroupRequest, MetadataRequest, MetadataResponse,
    SyncGroupRequest,
};
use libkafka_protocol::{ApiKey, Request, Versions};

use super::membership::{ActionId, LeaveRequest, Membership, Outcome};
use crate::broker::Broker;
use crate::cluster::coordinator_request;
use crate::config::Config;
use crate::connection::Link;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;
use crate::net::{Interest, Waitable};

/// Sends the tasks of a membership over one connection, which is opened when there is a task.
pub(super) struct MemberLink {
    link: Link,
    queue: VecDeque<Queued>,
    sent: VecDeque<(ActionId, Expected)>,
}

/// A task to be sent.
pub(super) struct Queued {
    pub(super) id: ActionId,
    pub(super) request: MemberRequest,
    pub(super) by: Instant,
}

/// A request of a membership or of its shell.
pub(super) enum MemberRequest {
    /// Looks up the coordinator of the group with this id.
    FindCoordinator(String),
    /// Requests metadata, in this version or a later one.
    Metadata(MetadataRequest, i16),
    Join(JoinGroupRequest),
    Sync(SyncGroupRequest),
    Heartbeat(HeartbeatRequest),
    ConsumerHeartbeat(ConsumerGroupHeartbeatRequest),
    Leave(LeaveRequest),
}

/// The expected answer.
enum Expected {
    Coordinator,
    Metadata,
    Join,
    Sync,
    Heartbeat,
    ConsumerHeartbeat,
    Leave,
}

/// An answer.
pub(super) enum MemberAnswer {
    Coordinator(FindCoordinatorResponse),
    Metadata(MetadataResponse),
    Outcome(Outcome),
}

/// The result of a request.
pub(super) type Done = (ActionId, Result<MemberAnswer, Error>);

impl MemberLink {
    pub(super) fn new(config: Arc<Config>, broker: Arc<Broker>, api: ApiKey) -> Self {
        Self {
            link: Link::new(config, broker, api),
            queue: VecDeque::new(),
            sent: VecDeque::new(),
        }
    }

    pub(super) fn broker(&self) -> &Arc<Broker> {
        self.link.broker()
    }

    pub(super) fn push(&mut self, queued: Queued) {
        self.queue.push_back(queued);
    }

    /// The tasks that were or will be sent and are not answered.
    pub(super) fn pending(&self) -> impl Iterator<Item = ActionId> {
        let sent = self.sent.iter().map(|(id, _)| *id);
        sent.chain(self.queue.iter().map(|queued| queued.id))
    }

    /// Continues as far as possible without waiting. Returns false if the connection failed.
    pub(super) fn advance(&mut self, membership: &Membership, done: &mut Vec<Done>) -> bool {
        self.queue.retain(|queued| membership.awaits(queued.id));
        // The answer to a request that is held back would keep the next one waiting.
        let is_forgotten = |(id, expected): &(ActionId, Expected)| {
            matches!(expected, Expected::Join | Expected::Sync) && !membership.awaits(*id)
        };
        if self.sent.iter().any(is_forgotten) {
            self.sent.clear();
            self.link.close();
        }
        let result = self.steps(done);
        let goes_on = result.is_ok();
        if let Err(error) = result {
            let pending: Vec<_> = self.pending().collect();
            (self.sent, self.queue) = Default::default();
            let mut ids = pending.into_iter();
            // One of them has the error; the others have ended with it.
            if let Some(first) = ids.next() {
                done.push((first, Err(error)));
            }
            done.extend(ids.map(|id| (id, Err(Error::NoBroker))));
        }
        goes_on
    }

    fn steps(&mut self, done: &mut Vec<Done>) -> Result<(), Error> {
        loop {
            if !self.sent.is_empty() {
                self.link.advance()?;
            }
            while let Some((id, expected)) = self.sent.front() {
                let Some(answer) = receive(&mut self.link, expected)? else {
                    break;
                };
                done.push((*id, Ok(answer)));
                self.sent.pop_front();
            }
            let Some(queued) = self.queue.front() else {
                return Ok(());
            };
            self.link.open();
            if !self.link.advance()? {
                return Ok(());
            }
            match send(&mut self.link, &queued.request, Deadline::at(queued.by)) {
                Ok(Some(expected)) => {
                    self.sent.push_back((queued.id, expected));
                    self.queue.pop_front();
                }
                Ok(None) | Err(Error::InFlight { .. }) => return Ok(()),
                Err(error @ (Error::Encode { .. } | Error::Version { .. })) => {
                    done.push((queued.id, Err(error)));
                    self.queue.pop_front();
                }
                Err(error) => return Err(error),
            }
        }
    }
}

impl Waitable for MemberLink {
    fn interest(&self) -> Interest<'_> {
        self.link.interest()
    }
}

/// Sends a request; `None` if it cannot be sent now.
fn send(link: &mut Link, request: &MemberRequest, by: Deadline) -> Result<Option<Expected>, Error> {
    let (is_sent, expected) = match request {
        MemberRequest::FindCoordinator(group_id) => {
            let build = |version| coordinator_request(version, 0, group_id);
            (
                send_as(link, Versions::ALL, build, by)?,
                Expected::Coordinator,
            )
        }
        MemberRequest::Metadata(request, first) => {
            let versions = Versions::new(*first, i16::MAX);
            (
                send_as(link, versions, |_| request.clone(), by)?,
                Expected::Metadata,
            )
        }
        MemberRequest::Join(request) => (
            send_as(link, Versions::ALL, |_| request.clone(), by)?,
            Expected::Join,
        ),
        MemberRequest::Sync(request) => (
            send_as(link, Versions::ALL, |_| request.clone(), by)?,
            Expected::Sync,
        ),
        MemberRequest::Heartbeat(request) => (
            send_as(link, Versions::ALL, |_| request.clone(), by)?,
            Expected::Heartbeat,
        ),
        MemberRequest::ConsumerHeartbeat(request) => (
            send_as(link, Versions::ALL, |_| request.clone(), by)?,
            Expected::ConsumerHeartbeat,
        ),
        MemberRequest::Leave(leave) => {
            let build = |version| leave.in_version(version);
            (send_as(link, Versions::ALL, build, by)?, Expected::Leave)
        }
    };
    Ok(is_sent.then_some(expected))
}

fn send_as<R: Request>(
    link: &mut Link,
    versions: Versions,
    build: impl FnOnce(i16) -> R,
    by: Deadline,
) -> Result<bool, Error> {
    match link.version::<R>(versions)? {
        Some(version) => link.send(&build(version), version, true, by),
        None => Ok(false),
    }
}

/// The answer to the earliest request, if it has arrived.
fn receive(link: &mut Link, expected: &Expected) -> Result<Option<MemberAnswer>, Error> {
    Ok(match expected {
        Expected::Coordinator => {
            let answer: Option<Answer<FindCoordinatorResponse>> = link.receive()?;
            answer.map(|answer| MemberAnswer::Coordinator(answer.response))
        }
        Expected::Metadata => {
            let answer: Option<Answer<MetadataResponse>> = link.receive()?;
            answer.map(|answer| MemberAnswer::Metadata(answer.response))
        }
        Expected::Join => receive_as(link, Outcome::Join)?,
        Expected::Sync => receive_as(link, Outcome::Sync)?,
        Expected::Heartbeat => receive_as(link, Outcome::Heartbeat)?,
        Expected::ConsumerHeartbeat => receive_as(link, Outcome::ConsumerHeartbeat)?,
        Expected::Leave => receive_as(link, Outcome::Leave)?,
    })
}

fn receive_as<R: libkafka_protocol::Response>(
    link: &mut Link,
    outcome: impl FnOnce(R) -> Outcome,
) -> Result<Option<MemberAnswer>, Error> {
    let answer: Option<Answer<R>> = link.receive()?;
    Ok(answer.map(|answer| MemberAnswer::Outcome(outcome(answer.response))))
}

/// The API of a request, which errors of opening the connection name.
impl MemberRequest {
    pub(super) fn api(&self) -> ApiKey {
        match self {
            Self::FindCoordinator(_) => FindCoordinatorRequest::API_KEY,
            Self::Metadata(..) => MetadataRequest::API_KEY,
            Self::Join(_) => JoinGroupRequest::API_KEY,
            Self::Sync(_) => SyncGroupRequest::API_KEY,
            Self::Heartbeat(_) => HeartbeatRequest::API_KEY,
            Self::ConsumerHeartbeat(_) => ConsumerGroupHeartbeatRequest::API_KEY,
            Self::Leave(_) => LeaveGroupRequest::API_KEY,
        }
    }
}
