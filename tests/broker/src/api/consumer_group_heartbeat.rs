//! ConsumerGroupHeartbeat: a member reports what it reads, and is told what to read (KIP-848).
//!
//! Versions 0 to 1.

use std::time::Duration;

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::consumer_group_heartbeat::response::{
    Assignment, TopicPartitions,
};
use libkafka_protocol::messages::{ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse};

use super::call::{Answer, Call};
use super::handler::Api;
use super::heartbeat_refusal;
use crate::fault::Targets;
use crate::state::{
    GROUP_VERSION, Identity, LEAVES_FOR_NOW, MemberHeartbeat, Partitions, State, random_uuid, whole,
};

impl Api for ConsumerGroupHeartbeatRequest {
    fn serve(mut self, call: &mut Call<'_>) -> Answer<ConsumerGroupHeartbeatResponse> {
        let mut state = call.lock();
        if state.features.level(GROUP_VERSION) == 0 {
            return Ok(self.refuse(ErrorCode::UNSUPPORTED_VERSION));
        }
        if let Err((code, why)) = heartbeat_refusal::check(&self, call.version) {
            return Ok(refused(code, Some(why)));
        }
        if !call.strikes.denied.is_empty() {
            return Ok(refused(ErrorCode::TOPIC_AUTHORIZATION_FAILED, None));
        }
        let coordinated = state.check_coordinator(call.node(), &self.group_id);
        let heard = coordinated.and_then(|()| {
            if self.member_id.is_empty() {
                self.member_id = random_uuid().to_string();
            }
            if self.member_epoch < 0 {
                leave(&self, &mut state)
            } else {
                stay(&self, call, &mut state)
            }
        });
        state.mark_changed();
        let (member_epoch, assigned) = match heard {
            Ok(heard) => heard,
            Err(code) => {
                let why = heartbeat_refusal::explain(code, &self, &state);
                return Ok(refused(code, why));
            }
        };
        let interval = state.group_number(&self.group_id, "consumer.heartbeat.interval.ms", 5_000);
        Ok(Some(ConsumerGroupHeartbeatResponse {
            member_id: Some(self.member_id),
            member_epoch,
            heartbeat_interval_ms: if member_epoch < 0 {
                0
            } else {
                i32::try_from(interval).unwrap_or(i32::MAX)
            },
            assignment: assigned.map(|assigned| assignment(&assigned)),
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        targets.groups([&self.group_id]);
        targets.topics(self.subscribed_topic_names.iter().flatten());
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<ConsumerGroupHeartbeatResponse> {
        refused(error_code, None)
    }
}

fn refused(error_code: ErrorCode, why: Option<String>) -> Option<ConsumerGroupHeartbeatResponse> {
    Some(ConsumerGroupHeartbeatResponse {
        error_code,
        error_message: why,
        ..Default::default()
    })
}

/// The content of an answer: the member's epoch, and its assignment if that is included.
type Heard = (i32, Option<Partitions>);

fn leave(request: &ConsumerGroupHeartbeatRequest, state: &mut State) -> Result<Heard, ErrorCode> {
    let epoch = request.member_epoch;
    let (group, mut context) = state
        .group(&request.group_id)
        .ok_or(ErrorCode::GROUP_ID_NOT_FOUND)?;
    group.leave(identity(request), epoch == LEAVES_FOR_NOW, &mut context)?;
    Ok((epoch, None))
}

fn identity(request: &ConsumerGroupHeartbeatRequest) -> Identity<'_> {
    Identity {
        member_id: &request.member_id,
        instance_id: request.instance_id.as_deref(),
    }
}

fn stay(
    request: &ConsumerGroupHeartbeatRequest,
    call: &Call<'_>,
    state: &mut State,
) -> Result<Heard, ErrorCode> {
    let session = state.group_number(&request.group_id, "consumer.session.timeout.ms", 45_000);
    let timeout = u64::try_from(request.rebalance_timeout_ms).ok();
    let names = request.subscribed_topic_names.as_ref();
    let owned = request.topic_partitions.as_ref().map(|topics| {
        let topics = topics.iter();
        let partitions =
            topics.flat_map(|topic| topic.partitions.iter().map(|p| (topic.topic_id, *p)));
        partitions.collect()
    });
    let joins = request.member_epoch == 0;
    let heartbeat = MemberHeartbeat {
        who: identity(request),
        joins,
        epoch: Some(request.member_epoch),
        rack_id: request.rack_id.as_deref(),
        client_id: call.header.client_id.as_deref().unwrap_or_default(),
        client_host: call.peer.host(),
        names: names.map(|names| names.iter().cloned().collect()),
        regex: request.subscribed_topic_regex.as_deref(),
        assignor: request.server_assignor.as_deref(),
        rebalance_timeout: timeout.map(Duration::from_millis),
        owned,
        session_timeout: Duration::from_millis(u64::try_from(session).unwrap_or(45_000)),
        classic: None,
        now: state.clock.now(),
    };
    let regex = request.subscribed_topic_regex.as_deref().map(whole);
    if let Some(Err(code)) = regex {
        match state.group(&request.group_id) {
            Some((group, context)) => {
                group.check_heartbeat(&heartbeat, &context)?;
                return Err(code);
            }
            None if joins => return Err(code),
            None => {}
        }
    }
    let (group, mut context) = if joins {
        state.group_or_new(&request.group_id)
    } else {
        let group = state.group(&request.group_id);
        group.ok_or(ErrorCode::GROUP_ID_NOT_FOUND)?
    };
    group.consumer_heartbeat(&heartbeat, &mut context)
}

fn assignment(partitions: &Partitions) -> Assignment {
    let mut topics: Vec<TopicPartitions> = Vec::new();
    for (topic_id, partition) in partitions {
        match topics.last_mut() {
            Some(last) if last.topic_id == *topic_id => last.partitions.push(*partition),
            _ => topics.push(TopicPartitions {
                topic_id: *topic_id,
                partitions: vec![*partition],
                ..Default::default()
            }),
        }
    }
    Assignment {
        topic_partitions: topics,
        ..Default::default()
    }
}
