//! `Group`: a member of a group, as thin calls to the group's coordinator.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use libkafka_protocol::messages::join_group::{JoinGroupRequestProtocol, JoinGroupResponseMember};
use libkafka_protocol::messages::sync_group::SyncGroupRequestAssignment;
use libkafka_protocol::messages::{
    HeartbeatRequest, JoinGroupRequest, JoinGroupResponse, LeaveGroupRequest, SyncGroupRequest,
};
use libkafka_protocol::{ErrorCode, Request, Versions};

use super::coordinator::Coordinator;
use super::half::Half;
use super::membership::{LeaveRequest, MemberIdentity};
use super::offset_commit::Commit;
use super::offset_fetch::{Committed, Question};
use super::offsets;
use super::options::GroupOptions;
use crate::call_time::CallTime;
use crate::cluster::Client;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;
use crate::partition_results::PartitionResults;
use crate::retryable::Retryable;
use crate::topic_partition::TopicPartition;
use crate::wire_value::to_millis;
use crate::within::Within;

/// A member of a group, or a client that commits offsets for a group without being a member.
///
/// Every call is one request to the coordinator (joining sometimes takes two). When to send
/// heartbeats, which member gets which partition and how to respond to a rebalance is up to the
/// caller: metadata and assignments are bytes, for which consumers use
/// [`ConsumerProtocolSubscription`](crate::protocol::messages::ConsumerProtocolSubscription) and
/// [`ConsumerProtocolAssignment`](crate::protocol::messages::ConsumerProtocolAssignment).
///
/// After an error, [`Error::retry_method`] says whether to look up the coordinator again
/// ([`refresh`](Retryable::refresh)). After [`ErrorCode::REBALANCE_IN_PROGRESS`],
/// [`ErrorCode::ILLEGAL_GENERATION`] and [`ErrorCode::UNKNOWN_MEMBER_ID`], [`join`](Self::join)
/// again; after the last two, call [`reset`](Self::reset) first.
pub struct Group {
    pub(super) coordinator: Coordinator,
    pub(super) options: GroupOptions,
    pub(super) member_id: String,
    pub(super) generation: Option<i32>,
    pub(super) protocol: Option<String>,
    pub(super) half: Option<Half>,
}

/// A generation of a group that this member joined.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Joined {
    /// The number of the generation.
    pub generation: i32,
    /// The id of this member.
    pub member_id: String,
    /// The id of the leading member.
    pub leader: String,
    /// The protocol that all members support, with which the leader assigns.
    pub protocol: Option<String>,
    /// All members and their metadata. Empty unless this member leads.
    pub members: Vec<Member>,
    /// Whether the leader should not assign again, because nothing changed (KIP-814).
    pub skip_assignment: bool,
}

/// A member of a group, as its leader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member {
    /// The id of the member.
    pub member_id: String,
    /// The `group.instance.id`, if it is a static member (KIP-345).
    pub instance_id: Option<String>,
    /// The metadata that the member joined with.
    pub metadata: Bytes,
}

impl Joined {
    /// Whether this member leads, and therefore assigns.
    pub fn is_leader(&self) -> bool {
        self.leader == self.member_id
    }
}

impl Client {
    /// Makes a member of a group that has not joined yet.
    pub fn group(&self, group_id: impl Into<String>) -> Group {
        self.group_with(group_id, GroupOptions::new())
    }

    /// Makes a member of a group with these options that has not joined yet.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use libkafka_client::{Client, Config, GroupOptions};
    /// # let client = Client::new(Config::new("localhost:9092"))?;
    /// let options = GroupOptions::new().session_timeout(Duration::from_secs(10));
    /// let mut group = client.group_with("billing", options);
    /// # Ok::<(), libkafka_client::Error>(())
    /// ```
    pub fn group_with(&self, group_id: impl Into<String>, options: GroupOptions) -> Group {
        Group {
            coordinator: Coordinator::new(self.fork(), group_id.into()),
            options,
            member_id: String::new(),
            generation: None,
            protocol: None,
            half: None,
        }
    }
}

impl Group {
    /// Overrides [`Config::timeout`](crate::Config::timeout) for the calls on the returned value.
    pub fn within(&mut self, timeout: Duration) -> Within<'_, Self> {
        Within::new(self, timeout)
    }

    /// Joins the next generation, with the protocols that this member supports and its metadata for
    /// each. Waits until all members have joined.
    ///
    /// # Errors
    /// See the [type](Self)'s description.
    pub fn join(&mut self, protocols: &[(&str, Bytes)]) -> Result<Joined, Error> {
        self.join_with_reason(protocols, None)
    }

    /// Like [`join`](Self::join), with a reason for the coordinator's log (KIP-800).
    ///
    /// # Errors
    /// See the [type](Self)'s description.
    pub fn join_with_reason(
        &mut self,
        protocols: &[(&str, Bytes)],
        reason: Option<&str>,
    ) -> Result<Joined, Error> {
        let deadline = self.deadline_of_rebalance();
        let mut request = self.join_request(protocols, reason);
        loop {
            let answer = self.call(&request, deadline)?;
            if let Some(joined) = self.joined(&mut request, answer)? {
                return Ok(joined);
            }
        }
    }

    /// Gets this member's assignment. The leader passes the assignments of all members, by their
    /// ids; the others pass none, and wait until the leader has done so.
    ///
    /// # Errors
    /// See the [type](Self)'s description.
    pub fn sync(&mut self, assignments: &[(&str, Bytes)]) -> Result<Bytes, Error> {
        let deadline = self.deadline_of_rebalance();
        let request = self.sync_request(assignments);
        let Answer { response, exchange } = self.call(&request, deadline)?;
        exchange.check(response.error_code, None)?;
        Ok(response.assignment)
    }

    /// Tells the coordinator that this member is alive. Call it about three times per session
    /// timeout.
    ///
    /// # Errors
    /// See the [type](Self)'s description.
    pub fn heartbeat(&mut self) -> Result<(), Error> {
        let deadline = self.coordinator.client.deadline();
        let request = HeartbeatRequest {
            group_id: self.coordinator.group_id.clone(),
            generation_id: self.generation.unwrap_or(-1),
            member_id: self.member_id.clone(),
            group_instance_id: self.options.instance_id.clone(),
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
        self.leave_with_reason(None)
    }

    /// Like [`leave`](Self::leave), with a reason for the coordinator's log (KIP-800).
    ///
    /// # Errors
    /// See the [type](Self)'s description.
    pub fn leave_with_reason(&mut self, reason: Option<&str>) -> Result<(), Error> {
        let deadline = self.coordinator.client.deadline();
        let leave = LeaveRequest {
            group_id: self.coordinator.group_id.clone(),
            member_id: self.member_id.clone(),
            instance_id: self.options.instance_id.clone(),
            reason: reason.map(str::to_owned),
        };
        let Answer { response, exchange } =
            self.coordinator
                .call::<LeaveGroupRequest, _>(Versions::ALL, deadline, |version| {
                    leave.in_version(version)
                })?;
        let member = response.members.first().map(|member| member.error_code);
        exchange.check(response.error_code, None)?;
        exchange.check(member.unwrap_or_default(), None)?;
        self.reset();
        Ok(())
    }

    /// Commits offsets: as the member of the last joined generation, or from anywhere for a group
    /// without members.
    ///
    /// # Errors
    /// Any error of the exchange. Refusals by the coordinator are in the results.
    pub fn commit(&mut self, offsets: &[Commit<'_>]) -> Result<PartitionResults<()>, Error> {
        let deadline = self.coordinator.client.deadline();
        let identity = self.identity();
        offsets::commit(&mut self.coordinator, identity.as_ref(), offsets, deadline)
    }

    /// The offsets that the group has committed for these partitions; `None` where there is none.
    ///
    /// # Errors
    /// [`Error::Broker`] if the coordinator refuses the group as a whole, and any error of the
    /// exchange.
    pub fn committed(
        &mut self,
        partitions: &[TopicPartition],
    ) -> Result<PartitionResults<Option<Committed>>, Error> {
        let deadline = self.coordinator.client.deadline();
        let group_id = self.coordinator.group_id.clone();
        let question = Question {
            group_id: &group_id,
            identity: None,
            partitions: Some(partitions),
            require_stable: false,
            topology: None,
        };
        offsets::fetch(&mut self.coordinator, &question, deadline)
    }

    /// Forgets the member id and generation, as the coordinator has.
    pub fn reset(&mut self) {
        self.member_id.clear();
        self.generation = None;
    }

    /// The id of this member; empty before it joins.
    pub fn member_id(&self) -> &str {
        &self.member_id
    }

    /// The last generation that was joined; `None` before that.
    pub fn generation(&self) -> Option<i32> {
        self.generation
    }

    /// The identity with which it commits; `None` before it joins.
    pub fn identity(&self) -> Option<MemberIdentity> {
        let mut identity = MemberIdentity::classic(&self.member_id, self.generation?);
        identity.instance_id.clone_from(&self.options.instance_id);
        Some(identity)
    }

    pub(super) fn deadline_of_rebalance(&self) -> Deadline {
        let wait = self.options.rebalance_timeout;
        self.coordinator.client.deadline_and(wait)
    }

    pub(super) fn join_request(
        &self,
        protocols: &[(&str, Bytes)],
        reason: Option<&str>,
    ) -> JoinGroupRequest {
        let protocols = protocols
            .iter()
            .map(|(name, metadata)| JoinGroupRequestProtocol {
                name: (*name).to_owned(),
                metadata: metadata.clone(),
                ..Default::default()
            });
        JoinGroupRequest {
            group_id: self.coordinator.group_id.clone(),
            session_timeout_ms: to_millis(self.options.session_timeout),
            rebalance_timeout_ms: to_millis(self.options.rebalance_timeout),
            member_id: self.member_id.clone(),
            group_instance_id: self.options.instance_id.clone(),
            protocol_type: self.options.protocol_type.clone(),
            protocols: protocols.collect(),
            reason: reason.map(str::to_owned),
            ..Default::default()
        }
    }

    /// Processes the answer to a join; `None` if the member only got its id, and must send the
    /// request again with it (KIP-394).
    pub(super) fn joined(
        &mut self,
        request: &mut JoinGroupRequest,
        answer: Answer<JoinGroupResponse>,
    ) -> Result<Option<Joined>, Error> {
        let Answer { response, exchange } = answer;
        let is_new = request.member_id.is_empty();
        if is_new && response.error_code == ErrorCode::MEMBER_ID_REQUIRED {
            self.member_id.clone_from(&response.member_id);
            request.member_id = response.member_id;
            return Ok(None);
        }
        exchange.check(response.error_code, None)?;
        self.member_id.clone_from(&response.member_id);
        self.generation = Some(response.generation_id);
        self.protocol.clone_from(&response.protocol_name);
        let member = |m: JoinGroupResponseMember| Member {
            member_id: m.member_id,
            instance_id: m.group_instance_id,
            metadata: m.metadata,
        };
        Ok(Some(Joined {
            generation: response.generation_id,
            member_id: response.member_id,
            leader: response.leader,
            protocol: response.protocol_name,
            members: response.members.into_iter().map(member).collect(),
            skip_assignment: response.skip_assignment,
        }))
    }

    pub(super) fn sync_request(&self, assignments: &[(&str, Bytes)]) -> SyncGroupRequest {
        let assignments =
            assignments
                .iter()
                .map(|(member_id, assignment)| SyncGroupRequestAssignment {
                    member_id: (*member_id).to_owned(),
                    assignment: assignment.clone(),
                    ..Default::default()
                });
        SyncGroupRequest {
            group_id: self.coordinator.group_id.clone(),
            generation_id: self.generation.unwrap_or(-1),
            member_id: self.member_id.clone(),
            group_instance_id: self.options.instance_id.clone(),
            protocol_type: Some(self.options.protocol_type.clone()),
            protocol_name: self.protocol.clone(),
            assignments: assignments.collect(),
            ..Default::default()
        }
    }

    fn call<R: Request>(
        &mut self,
        request: &R,
        deadline: Deadline,
    ) -> Result<Answer<R::Response>, Error> {
        self.coordinator
            .call::<R, _>(Versions::ALL, deadline, |_| request)
    }
}

impl Retryable for Group {
    fn refresh(&mut self) -> Result<(), Error> {
        self.coordinator.refresh()
    }

    fn call_time(&mut self) -> &mut CallTime {
        self.coordinator.client.call_time()
    }
}

impl fmt::Debug for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Group")
            .field("group_id", &self.coordinator.group_id)
            .field("member_id", &self.member_id)
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}
