//! Members of the classic protocol in a group of KIP-848, while the group moves from one protocol
//! to the other.

use libkafka_protocol::ErrorCode;

use super::consumer::Consumer;
use super::consumer_member::{ClassicSide, ConsumerMember, MemberHeartbeat};
use super::context::GroupContext;
use super::embedded;
use super::group::Group;
use super::join::{Join, JoinRefused, Joined};
use super::member::Identity;
use super::migration_policy::MigrationPolicy;
use super::partitions::Partitions;
use super::protocols::common_protocols;
use super::sync::{Sync, Synced};
use crate::clock::Time;
use crate::state::random_id::random_uuid;
use crate::state::topic::Topics;

impl Group {
    /// Handles a JoinGroup for a group of KIP-848 that has members.
    pub(super) fn join_consumer(
        &mut self,
        join: &Join<'_>,
        context: &mut GroupContext<'_>,
    ) -> Result<Joined, JoinRefused> {
        let group = self.as_consumer()?;
        if context.migration == MigrationPolicy::Disabled || !group.supports(join) {
            return Err(ErrorCode::INCONSISTENT_GROUP_PROTOCOL.into());
        }
        let new_id = random_uuid().to_string();
        let is_new = join.who.member_id.is_empty();
        if is_new && join.who.instance_id.is_none() && join.id_first {
            return Err(JoinRefused {
                code: ErrorCode::MEMBER_ID_REQUIRED,
                member_id: Some(new_id),
            });
        }
        let member_id = if is_new { &new_id } else { join.who.member_id };
        let (protocol, metadata) = &join.protocols[0];
        let said = embedded::subscription(metadata);
        let said = said.ok_or(ErrorCode::INCONSISTENT_GROUP_PROTOCOL)?;
        let owned = said.owned_partitions.iter();
        let heartbeat = MemberHeartbeat {
            who: Identity {
                member_id,
                ..join.who
            },
            // Without a name of its own a member is known or new, as it comes.
            joins: is_new || join.who.instance_id.is_none(),
            epoch: None,
            rack_id: said.rack_id.as_deref(),
            client_id: join.client_id,
            client_host: join.client_host.clone(),
            names: Some(said.topics.iter().cloned().collect()),
            regex: Some(""),
            assignor: None,
            rebalance_timeout: Some(join.rebalance_timeout),
            owned: Some(embedded::by_id(
                owned.map(|topic| (&topic.topic, &topic.partitions)),
                context.topics,
            )),
            session_timeout: join.session_timeout,
            classic: Some(ClassicSide {
                protocols: join.protocols.clone(),
                session_timeout: join.session_timeout,
                joins_by: None,
                syncs_by: Some(context.now + join.rebalance_timeout),
            }),
            now: context.now,
        };
        let ends_it = context.migration.downgrades() && group.is_last_of_its_kind(&heartbeat);
        let index = group.find(&heartbeat)?;
        let changed = group.update(index, &heartbeat, context.topics);
        let rebalances = changed || group.assignment_epoch < group.epoch;
        if !ends_it {
            group.epoch += i32::from(changed);
            group.assign_anew(context);
        }
        if !ends_it || !rebalances {
            group.reconcile(index, &heartbeat);
        }
        let joined = Joined {
            generation: group.members[index].epoch,
            protocol_type: Some(embedded::CONSUMER.to_owned()),
            protocol: Some(protocol.clone()),
            // The broker leads.
            leader: String::new(),
            member_id: member_id.to_owned(),
            members: Vec::new(),
            former_leader: None,
        };
        if ends_it {
            self.downgrade(rebalances, context);
        }
        Ok(joined)
    }
}

impl Consumer {
    /// Handles a SyncGroup.
    pub(super) fn sync(
        &mut self,
        sync: &Sync<'_>,
        topics: &Topics,
        now: Time,
    ) -> Result<Synced, ErrorCode> {
        let assignment_epoch = self.assignment_epoch;
        let member = self.classic_member(sync.who, sync.generation)?;
        let Some(classic) = &mut member.classic else {
            return Err(ErrorCode::UNKNOWN_MEMBER_ID);
        };
        let (protocol, metadata) = &classic.protocols[0];
        let differs = |said: Option<&str>, ours: &str| said.is_some_and(|said| said != ours);
        if differs(sync.protocol_type, embedded::CONSUMER) || differs(sync.protocol, protocol) {
            return Err(ErrorCode::INCONSISTENT_GROUP_PROTOCOL);
        }
        // One that has to let go of something does so first.
        if assignment_epoch > member.epoch && member.revoking.is_empty() {
            classic.joins_again(now + member.rebalance_timeout);
            return Err(ErrorCode::REBALANCE_IN_PROGRESS);
        }
        let assignment = embedded::encode_assignment(&member.assigned, topics, metadata);
        classic.syncs_by = None;
        member.session_ends = now + classic.session_timeout;
        Ok(Synced {
            protocol_type: sync.protocol_type.map(str::to_owned),
            protocol: sync.protocol.map(str::to_owned),
            assignment,
        })
    }

    /// Handles a Heartbeat.
    pub(super) fn classic_heartbeat(
        &mut self,
        who: Identity<'_>,
        generation: i32,
        now: Time,
    ) -> Result<(), ErrorCode> {
        let assignment_epoch = self.assignment_epoch;
        let index = self.find_known(who)?;
        let taken = self.held_by_others(index);
        let member = self.classic_member(who, generation)?;
        let missing: Partitions = &member.target - &member.assigned;
        let behind = member.epoch < assignment_epoch
            || !member.revoking.is_empty()
            || member.awaits_others && missing.is_disjoint(&taken);
        let Some(classic) = &mut member.classic else {
            return Err(ErrorCode::UNKNOWN_MEMBER_ID);
        };
        member.session_ends = now + classic.session_timeout;
        if behind {
            classic.joins_again(now + member.rebalance_timeout);
            return Err(ErrorCode::REBALANCE_IN_PROGRESS);
        }
        Ok(())
    }

    /// The member of the classic protocol in this generation.
    fn classic_member(
        &mut self,
        who: Identity<'_>,
        generation: i32,
    ) -> Result<&mut ConsumerMember, ErrorCode> {
        let index = self.find_known(who)?;
        let member = &mut self.members[index];
        if member.classic.is_none() {
            Err(ErrorCode::UNKNOWN_MEMBER_ID)
        } else if member.epoch != generation {
            Err(ErrorCode::ILLEGAL_GENERATION)
        } else {
            Ok(member)
        }
    }

    /// Whether there is a protocol that all members of the classic protocol, and this one, support.
    fn supports(&self, join: &Join<'_>) -> bool {
        let classic = self.members.iter().filter_map(|m| m.classic.as_ref());
        let protocols = classic.map(|classic| &classic.protocols);
        join.protocol_type == embedded::CONSUMER
            && !common_protocols(protocols.chain([&join.protocols])).is_empty()
    }

    /// Whether a static member that was the last to use the new protocol returns with the classic
    /// one.
    fn is_last_of_its_kind(&self, heartbeat: &MemberHeartbeat<'_>) -> bool {
        let index = heartbeat
            .who
            .instance_id
            .and_then(|name| self.static_member(name));
        index.is_some_and(|index| {
            let mut members = self.members.iter().enumerate();
            members.all(|(i, member)| member.classic.is_some() != (i == index))
        })
    }
}

impl ClassicSide {
    /// Notes that it was told to join again.
    fn joins_again(&mut self, by: Time) {
        self.joins_by.get_or_insert(by);
    }
}
