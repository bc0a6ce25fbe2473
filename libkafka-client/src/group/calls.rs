//! A member of a group: thin calls to the group's coordinator.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use libkafka_protocol::messages::join_group::{JoinGroupRequestProtocol, JoinGroupResponseMember};
use libkafka_protocol::messages::leave_group::MemberIdentity;
use libkafka_protocol::messages::sync_group::SyncGroupRequestAssignment;
use libkafka_protocol::messages::{
    HeartbeatRequest, JoinGroupRequest, LeaveGroupRequest, SyncGroupRequest,
};
use libkafka_protocol::{ErrorCode, Request, Versions};

use crate::call_time::CallTime;
use crate::cluster::{Client, Route, Target};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;
use crate::retryable::Retryable;
use crate::within::Within;

/// A member of a group, or one that commits offsets for a group without being a member.
///
/// Every call is one request to the coordinator (joining, two at times). When to heartbeat, who
/// gets which partition and what to do about a rebalance is for the caller: metadata and
/// assignments are bytes, for which
/// [`ConsumerProtocolSubscription`](crate::protocol::messages::ConsumerProtocolSubscription) and
/// [`ConsumerProtocolAssignment`](crate::protocol::messages::ConsumerProtocolAssignment) are what
/// consumers use.
///
/// After an error, [`Error::retry_method`] says whether to look for the coordinator anew
/// ([`refresh`](Retryable::refresh)). [`ErrorCode::REBALANCE_IN_PROGRESS`],
/// [`ErrorCode::ILLEGAL_GENERATION`] and [`ErrorCode::UNKNOWN_MEMBER_ID`] say to
/// [`join`](Self::join) again, the last two after [`reset`](Self::reset).
pub struct Group {
    pub(crate) client: Client,
    pub(crate) group_id: String,
    coordinator: Option<i32>,
    instance_id: Option<String>,
    member_id: String,
    generation: i32,
    protocol_type: String,
    protocol: Option<String>,
    session_timeout: Duration,
    rebalance_timeout: Duration,
}

/// A generation of a group that was joined.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Joined {
    /// Number of the generation.
    pub generation: i32,
    /// The id of this member.
    pub member_id: String,
    /// The id of the leading member.
    pub leader: String,
    /// The protocol that all members know, by which the leader assigns.
    pub protocol: Option<String>,
    /// All members and their metadata; only for the leader.
    pub members: Vec<Member>,
    /// The leader is not to assign anew, since nothing changed (KIP-814).
    pub skip_assignment: bool,
}

/// A member of a group, as its leader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member {
    /// Its id.
    pub member_id: String,
    /// Its own name, if it is a static member (KIP-345).
    pub instance_id: Option<String>,
    /// What it said when joining.
    pub metadata: Bytes,
}

impl Joined {
    /// Is this member the one that assigns?
    pub fn is_leader(&self) -> bool {
        self.leader == self.member_id
    }
}

impl Client {
    /// A group, not joined yet.
    pub fn group(&self, group_id: impl Into<String>) -> Group {
        Group {
            client: self.fork(),
            group_id: group_id.into(),
            coordinator: None,
            instance_id: None,
            member_id: String::new(),
            generation: -1,
            protocol_type: "consumer".to_owned(),
            protocol: None,
            session_timeout: Duration::from_secs(45),
            rebalance_timeout: Duration::from_secs(300),
        }
    }
}

impl Group {
    /// The kind of group; `consumer` unless told.
    #[must_use]
    pub fn protocol_type(mut self, protocol_type: impl Into<String>) -> Self {
        self.protocol_type = protocol_type.into();
        self
    }

    /// A name of the member's own, which it keeps over restarts (KIP-345).
    #[must_use]
    pub fn instance_id(mut self, id: impl Into<String>) -> Self {
        self.instance_id = Some(id.into());
        self
    }

    /// The time without a heartbeat after which the coordinator takes the member for dead; 45 s
    /// unless told.
    #[must_use]
    pub fn session_timeout(mut self, timeout: Duration) -> Self {
        self.session_timeout = timeout;
        self
    }

    /// The time that members have to join again in a rebalance; 5 minutes unless told. It comes
    /// on top of the time of the calls of [`join`](Self::join) and [`sync`](Self::sync).
    #[must_use]
    pub fn rebalance_timeout(mut self, timeout: Duration) -> Self {
        self.rebalance_timeout = timeout;
        self
    }

    /// Overrides [`Config::timeout`](crate::Config::timeout) for the calls on the value that this returns.
    pub fn within(&mut self, timeout: Duration) -> Within<'_, Self> {
        Within::new(self, timeout)
    }

    /// Joins the next generation, with the protocols that this member knows and its metadata for
    /// each. Waits until all members have joined.
    ///
    /// # Errors
    /// See the [type](Self)'s description.
    pub fn join(&mut self, protocols: &[(&str, Bytes)]) -> Result<Joined, Error> {
        let deadline = self.client.deadline_and(self.rebalance_timeout);
        let mut request = JoinGroupRequest {
            group_id: self.group_id.clone(),
            session_timeout_ms: millis(self.session_timeout),
            rebalance_timeout_ms: millis(self.rebalance_timeout),
            member_id: self.member_id.clone(),
            group_instance_id: self.instance_id.clone(),
            protocol_type: self.protocol_type.clone(),
            protocols: protocols
                .iter()
                .map(|(name, metadata)| JoinGroupRequestProtocol {
                    name: (*name).to_owned(),
                    metadata: metadata.clone(),
                    ..Default::default()
                })
                .collect(),
            ..Default::default()
        };
        let mut answer = self.call(&request, deadline)?;
        // Whoever is new is told an id first, and joins with it (KIP-394).
        if answer.response.error_code == ErrorCode::MEMBER_ID_REQUIRED {
            self.member_id.clone_from(&answer.response.member_id);
            request.member_id = answer.response.member_id;
            answer = self.call(&request, deadline)?;
        }
        let Answer { response, exchange } = answer;
        exchange.check(response.error_code, None)?;
        self.member_id.clone_from(&response.member_id);
        self.generation = response.generation_id;
        self.protocol.clone_from(&response.protocol_name);
        let member = |m: JoinGroupResponseMember| Member {
            member_id: m.member_id,
            instance_id: m.group_instance_id,
            metadata: m.metadata,
        };
        Ok(Joined {
            generation: response.generation_id,
            member_id: response.member_id,
            leader: response.leader,
            protocol: response.protocol_name,
            members: response.members.into_iter().map(member).collect(),
            skip_assignment: response.skip_assignment,
        })
    }

    /// Gets this member's assignment. The leader gives those of all members, by their ids; the
    /// others give none, and wait until the leader has.
    ///
    /// # Errors
    /// See the [type](Self)'s description.
    pub fn sync(&mut self, assignments: &[(&str, Bytes)]) -> Result<Bytes, Error> {
        let deadline = self.client.deadline_and(self.rebalance_timeout);
        let assignment = |(member_id, assignment): &(&str, Bytes)| SyncGroupRequestAssignment {
            member_id: (*member_id).to_owned(),
            assignment: assignment.clone(),
            ..Default::default()
        };
        let request = SyncGroupRequest {
            group_id: self.group_id.clone(),
            generation_id: self.generation,
            member_id: self.member_id.clone(),
            group_instance_id: self.instance_id.clone(),
            protocol_type: Some(self.protocol_type.clone()),
            protocol_name: self.protocol.clone(),
            assignments: assignments.iter().map(assignment).collect(),
            ..Default::default()
        };
        let Answer { response, exchange } = self.call(&request, deadline)?;
        exchange.check(response.error_code, None)?;
        Ok(response.assignment)
    }

    /// Says that this member is alive: every third of the session timeout or so.
    ///
    /// # Errors
    /// See the [type](Self)'s description.
    pub fn heartbeat(&mut self) -> Result<(), Error> {
        let deadline = self.client.deadline();
        let request = HeartbeatRequest {
            group_id: self.group_id.clone(),
            generation_id: self.generation,
            member_id: self.member_id.clone(),
            group_instance_id: self.instance_id.clone(),
            ..Default::default()
        };
        let Answer { response, exchange } = self.call(&request, deadline)?;
        exchange.check(response.error_code, None)
    }

    /// Leaves the group, so that the others need not wait for the session timeout.
    ///
    /// # Errors
    /// See the [type](Self)'s description.
    pub fn leave(&mut self) -> Result<(), Error> {
        let deadline = self.client.deadline();
        let (route, member_id) = (self.coordinator(deadline)?, &self.member_id);
        let (group_id, instance_id) = (&self.group_id, &self.instance_id);
        let Answer { response, exchange } = self.client.exchange::<LeaveGroupRequest, _>(
            route,
            Versions::ALL,
            deadline,
            |version| {
                let mut request = LeaveGroupRequest {
                    group_id: group_id.clone(),
                    ..Default::default()
                };
                match version {
                    ..3 => request.member_id.clone_from(member_id),
                    _ => request.members.push(MemberIdentity {
                        member_id: member_id.clone(),
                        group_instance_id: instance_id.clone(),
                        ..Default::default()
                    }),
                }
                request
            },
        )?;
        let member = response.members.first().map(|member| member.error_code);
        exchange.check(response.error_code, None)?;
        exchange.check(member.unwrap_or_default(), None)?;
        self.reset();
        Ok(())
    }

    /// Forgets member id and generation, as the coordinator has.
    pub fn reset(&mut self) {
        self.member_id.clear();
        self.generation = -1;
    }

    /// The id of this member; empty before it joins.
    pub fn member_id(&self) -> &str {
        &self.member_id
    }

    /// The generation that was joined last; -1 before that.
    pub fn generation(&self) -> i32 {
        self.generation
    }

    /// Its own name, if it is a static member.
    pub(crate) fn instance(&self) -> Option<String> {
        self.instance_id.clone()
    }

    /// Sends a request to the coordinator.
    pub(crate) fn call<R: Request>(
        &mut self,
        request: &R,
        deadline: Deadline,
    ) -> Result<Answer<R::Response>, Error> {
        let route = self.coordinator(deadline)?;
        self.client
            .exchange::<R, _>(route, Versions::ALL, deadline, |_| request)
    }

    /// The coordinator, looked up once.
    pub(crate) fn coordinator(&mut self, deadline: Deadline) -> Result<Route, Error> {
        if let Some(id) = self.coordinator
            && self.client.cluster.broker(id).is_some()
        {
            return Ok(Route::Broker(id));
        }
        let route = self
            .client
            .route(Target::GroupCoordinator(&self.group_id), deadline)?;
        if let Route::Broker(id) = route {
            self.coordinator = Some(id);
        }
        Ok(route)
    }
}

impl Retryable for Group {
    fn refresh(&mut self) -> Result<(), Error> {
        let before = self.coordinator.take();
        let deadline = self.client.deadline();
        self.coordinator(deadline)?;
        if self.coordinator == before && before.is_some() && self.client.has_second_opinion() {
            // Whoever was asked may know no more than the coordinator that was.
            let found = self.coordinator.take();
            self.client.doubt();
            if self.coordinator(deadline).is_err() {
                self.coordinator = found;
            }
        }
        Ok(())
    }

    fn call_time(&mut self) -> &mut CallTime {
        self.client.call_time()
    }
}

fn millis(duration: Duration) -> i32 {
    i32::try_from(duration.as_millis()).unwrap_or(i32::MAX)
}

impl fmt::Debug for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Group")
            .field("group_id", &self.group_id)
            .field("member_id", &self.member_id)
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}
