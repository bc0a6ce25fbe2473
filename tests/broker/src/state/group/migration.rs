//! Migration of a group from one protocol to the other while it has members (KIP-848).

use bytes::Bytes;
use libkafka_protocol::ErrorCode;

use super::classic::{Classic, Phase};
use super::consumer::Consumer;
use super::consumer_member::{ClassicSide, ConsumerMember, MemberHeartbeat};
use super::context::GroupContext;
use super::embedded;
use super::group::{Group, Members};
use super::member::Member;

impl Group {
    /// Turns the group into one of KIP-848, because a member joins with that protocol.
    pub(super) fn upgrade(&mut self, context: &mut GroupContext<'_>) -> Result<(), ErrorCode> {
        let Members::Classic(group) = &mut self.members else {
            return Ok(());
        };
        if group.phase == Phase::Empty {
            self.members = Members::Consumer(Consumer::default());
            return Ok(());
        }
        if !can_upgrade(group, context) {
            return Err(ErrorCode::GROUP_ID_NOT_FOUND);
        }
        for member in &mut group.members {
            let (joining, syncing) = (member.joining.take(), member.syncing.take());
            context
                .replies
                .join(joining, || Err(ErrorCode::REBALANCE_IN_PROGRESS));
            context
                .replies
                .sync(syncing, || Err(ErrorCode::REBALANCE_IN_PROGRESS));
        }
        let protocol = group.protocol.as_deref();
        let protocol = protocol.ok_or(ErrorCode::UNKNOWN_SERVER_ERROR)?;
        let members = group.members.iter();
        let members: Option<Vec<ConsumerMember>> = members
            .map(|member| upgraded(member, group.generation, protocol, context))
            .collect();
        let members = members.ok_or(ErrorCode::GROUP_ID_NOT_FOUND)?;
        self.members = Members::Consumer(Consumer::with_assignments(group.generation, members));
        Ok(())
    }

    /// Checks a heartbeat, except for its subscription.
    pub(crate) fn check_heartbeat(
        &self,
        heartbeat: &MemberHeartbeat<'_>,
        context: &GroupContext<'_>,
    ) -> Result<(), ErrorCode> {
        let takes = match &self.members {
            Members::Consumer(group) => return group.clone().find(heartbeat).map(drop),
            Members::Classic(group) => heartbeat.joins && can_upgrade(group, context),
        };
        takes.then_some(()).ok_or(ErrorCode::GROUP_ID_NOT_FOUND)
    }

    /// Turns the group into a classic one, because no member uses the new protocol any more.
    pub(super) fn downgrade(&mut self, rebalances: bool, context: &mut GroupContext<'_>) {
        let Members::Consumer(group) = &mut self.members else {
            return;
        };
        let group = std::mem::take(group);
        let members = group.members.into_iter();
        let (members, targets): (Vec<Member>, Vec<_>) = members
            .filter_map(|member| {
                let classic = member.classic.clone()?;
                let target = member.target.clone();
                Some((downgraded(member, classic, context), target))
            })
            .unzip();
        let mut classic = Classic::with_assignments(group.epoch, members);
        for (index, target) in targets.iter().enumerate() {
            let metadata = classic.metadata_of(&classic.members[index]);
            classic.members[index].assignment =
                embedded::encode_assignment(target, context.topics, &metadata);
        }
        if rebalances {
            classic.prepare(context.now, context.replies);
        }
        self.members = Members::Classic(classic);
    }

    /// Removes members from a group of KIP-848.
    pub(super) fn fence(&mut self, leaving: &[usize], context: &mut GroupContext<'_>) {
        let Members::Consumer(group) = &mut self.members else {
            return;
        };
        if leaving.is_empty() {
            return;
        }
        let mut indices = 0..;
        group
            .members
            .retain(|_| !indices.next().is_some_and(|index| leaving.contains(&index)));
        let are_classic = group.members.iter().all(|member| member.classic.is_some());
        if !group.members.is_empty() && are_classic && context.migration.downgrades() {
            self.downgrade(true, context);
        } else {
            group.epoch += 1;
        }
    }
}

/// Whether a classic group turns into one of KIP-848 when a member of that protocol joins it.
fn can_upgrade(group: &Classic, context: &GroupContext<'_>) -> bool {
    let is_of_consumers = group.protocol_type.as_deref() == Some(embedded::CONSUMER);
    group.phase == Phase::Empty || context.migration.upgrades() && is_of_consumers
}

/// The member as one of a group of KIP-848, which reads what it was last assigned; `None` if what
/// it sent cannot be parsed, or would be lost.
fn upgraded(
    member: &Member,
    generation: i32,
    protocol: &str,
    context: &GroupContext<'_>,
) -> Option<ConsumerMember> {
    let said = embedded::subscription(&member.metadata(protocol))?;
    let assignment = embedded::assignment(&member.assignment)?;
    if assignment.user_data.is_some_and(|data| !data.is_empty()) {
        return None;
    }
    let assigned = assignment.assigned_partitions.iter();
    let assigned = embedded::by_id(assigned.map(|t| (&t.topic, &t.partitions)), context.topics);
    Some(ConsumerMember {
        id: member.id.clone(),
        instance_id: member.instance_id.clone(),
        rack_id: said.rack_id,
        client_id: member.client_id.clone(),
        client_host: member.client_host.clone(),
        epoch: generation,
        previous_epoch: generation,
        names: said.topics.into_iter().collect(),
        rebalance_timeout: member.rebalance_timeout,
        session_ends: context.now + member.session_timeout,
        since: assigned.iter().map(|p| (*p, generation)).collect(),
        target: assigned.clone(),
        assigned,
        classic: Some(ClassicSide {
            protocols: member.protocols.clone(),
            session_timeout: member.session_timeout,
            joins_by: None,
            syncs_by: None,
        }),
        ..ConsumerMember::default()
    })
}

/// The member as one of a classic group, without its new assignment.
fn downgraded(member: ConsumerMember, classic: ClassicSide, context: &GroupContext<'_>) -> Member {
    Member {
        id: member.id,
        instance_id: member.instance_id,
        client_id: member.client_id,
        client_host: member.client_host,
        protocols: classic.protocols,
        session_timeout: classic.session_timeout,
        rebalance_timeout: member.rebalance_timeout,
        assignment: Bytes::new(),
        session_ends: context.now + classic.session_timeout,
        joining: None,
        syncing: None,
        owes_sync: false,
    }
}
