//! ConsumerGroupDescribe: describes groups of KIP-848.
//!
//! Versions 0 to 1.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::consumer_group_describe::{
    Assignment, DescribedGroup, Member, TopicPartitions,
};
use libkafka_protocol::messages::{ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse};

use super::call::{Answer, Call};
use super::describe_groups::GROUP_OPERATIONS;
use super::handler::Api;
use crate::fault::Targets;
use crate::state::{ConsumerMember, GROUP_VERSION, Partitions, State, elected, resource_type};

impl Api for ConsumerGroupDescribeRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<ConsumerGroupDescribeResponse> {
        let state = call.lock();
        if state.features.level(GROUP_VERSION) == 0 {
            return Ok(self.refuse(ErrorCode::UNSUPPORTED_VERSION));
        }
        for id in &self.group_ids {
            let group = state.groups.get(id).and_then(|group| group.consumer());
            let members = group.map_or(0, |group| group.described_size());
            call.grow(size_of::<DescribedGroup>() + id.len() + members)?;
        }
        let groups = self.group_ids.iter();
        let groups = groups.map(|id| match describe(id, call, &state) {
            Ok(described) if self.include_authorized_operations => DescribedGroup {
                authorized_operations: call.operations(
                    &state,
                    GROUP_OPERATIONS,
                    resource_type::GROUP,
                    id,
                ),
                ..described
            },
            Ok(described) => described,
            // It is one, of another protocol.
            Err(code) if state.groups.contains_key(id) => DescribedGroup {
                error_message: Some(format!("Group {id} is not a consumer group.")),
                ..refused(id, code)
            },
            Err(code) => refused(id, code),
        });
        Ok(Some(ConsumerGroupDescribeResponse {
            groups: groups.collect(),
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        targets.groups(&self.group_ids);
    }

    fn refuse(&self, code: ErrorCode) -> Option<ConsumerGroupDescribeResponse> {
        let groups = self.group_ids.iter();
        Some(ConsumerGroupDescribeResponse {
            groups: groups.map(|id| refused(id, code)).collect(),
            ..Default::default()
        })
    }
}

fn describe(id: &str, call: &Call<'_>, state: &State) -> Result<DescribedGroup, ErrorCode> {
    if id.is_empty() {
        return Err(ErrorCode::INVALID_GROUP_ID);
    }
    state.check_coordinator(call.node(), id)?;
    let group = state.groups.get(id);
    let consumer = group.and_then(|group| group.consumer());
    let consumer = consumer.ok_or(ErrorCode::GROUP_ID_NOT_FOUND)?;
    let members = consumer.members.iter();
    Ok(DescribedGroup {
        group_id: id.to_owned(),
        group_state: consumer.state_name().to_owned(),
        group_epoch: consumer.epoch,
        assignment_epoch: consumer.assignment_epoch,
        assignor_name: elected(&consumer.members).to_owned(),
        members: members.map(|m| member(m, call.version, state)).collect(),
        ..Default::default()
    })
}

fn member(member: &ConsumerMember, version: i16, state: &State) -> Member {
    Member {
        member_id: member.id.clone(),
        instance_id: member.instance_id.clone(),
        rack_id: member.rack_id.clone(),
        member_epoch: member.epoch,
        client_id: member.client_id.clone(),
        client_host: member.client_host.clone(),
        subscribed_topic_names: member.names.iter().cloned().collect(),
        // Null is not among what Kafka answers here.
        subscribed_topic_regex: Some(member.regex.clone().unwrap_or_default()),
        assignment: assignment(&member.held(), state),
        target_assignment: assignment(&member.target, state),
        // 0 is a member that speaks the classic protocol.
        member_type: match member.classic {
            _ if version < 1 => -1,
            Some(_) => 0,
            None => 1,
        },
        ..Default::default()
    }
}

fn assignment(partitions: &Partitions, state: &State) -> Assignment {
    let mut topics: Vec<TopicPartitions> = Vec::new();
    for (topic_id, partition) in partitions {
        match topics.last_mut() {
            Some(last) if last.topic_id == *topic_id => last.partitions.push(*partition),
            _ => topics.extend(
                state
                    .topic_by_id(*topic_id)
                    .map(|(name, _)| TopicPartitions {
                        topic_id: *topic_id,
                        topic_name: name.clone(),
                        partitions: vec![*partition],
                        ..Default::default()
                    }),
            ),
        }
    }
    Assignment {
        topic_partitions: topics,
        ..Default::default()
    }
}

fn refused(id: &str, error_code: ErrorCode) -> DescribedGroup {
    DescribedGroup {
        error_code,
        error_message: (error_code == ErrorCode::GROUP_ID_NOT_FOUND)
            .then(|| format!("Group {id} not found.")),
        group_id: id.to_owned(),
        ..Default::default()
    }
}
