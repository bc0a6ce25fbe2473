//! Faults on the way of one request through the broker.

use std::any::Any;
use std::sync::{Arc, PoisonError};

use libkafka_protocol::ErrorCode;

use super::matching::Asked;
use super::{Action, Delivery, Entry, Scope, Target};
use crate::api::{Call, Hangup};
use crate::clock::Time;
use crate::state::State;

/// The faults that strike one request.
#[derive(Default)]
pub(crate) struct Strikes {
    /// What a handler has to answer, and where.
    pub(crate) errors: Vec<(Scope, ErrorCode)>,
    pub(crate) deliveries: Vec<Delivery>,
    pub(crate) drop_request: bool,
    alter: Vec<Arc<Entry>>,
}

impl Strikes {
    /// The error for a partition of a topic, or for the topic as a whole.
    pub(crate) fn error(&self, topic: &str, partition: Option<i32>) -> Option<ErrorCode> {
        let mut errors = self.errors.iter();
        let struck = errors.find(|(scope, _)| scope.strikes(topic, partition));
        struck.map(|(_, code)| *code)
    }

    /// Is the response to be changed?
    pub(crate) fn alters(&self) -> bool {
        !self.alter.is_empty()
    }

    /// Changes a response.
    pub(crate) fn alter(&self, request: &dyn Any, response: &mut dyn Any) {
        for entry in &self.alter {
            let mut action = entry.action.lock().unwrap_or_else(PoisonError::into_inner);
            if let Action::Alter(alter) = &mut *action {
                alter(request, response);
            }
        }
    }
}

/// Finds the faults that strike this request, and does what they do before it is carried out.
///
/// # Errors
/// [`Hangup`] where the connection is to end.
pub(crate) fn strikes(
    call: &Call<'_>,
    request: &dyn Any,
    targets: impl FnOnce(&State) -> Vec<Target>,
) -> Result<Strikes, Hangup> {
    let mut strikes = Strikes::default();
    let state = call.lock();
    if state.faults.is_empty() {
        return Ok(strikes);
    }
    let entries = state.faults.clone();
    // Before the first strike is counted: whoever waits for that may push the clock on.
    let now = state.clock.running();
    let mut targets = targets(&state);
    for target in &mut targets {
        if let Target::TopicId(id, partition) = target
            && let Some((name, _)) = state.topic_by_id(*id)
        {
            *target = Target::Topic(name.clone(), *partition);
        }
    }
    // A test's closures may well ask the broker something.
    drop(state);
    let asked = Asked {
        api: call.header.request_api_key,
        node: call.node(),
        client_id: call.header.client_id.as_deref().unwrap_or_default(),
        request,
        targets: &targets,
    };
    for entry in entries {
        if entry.strike(&asked) {
            call.lock().touch();
            act(&entry, now, call, &mut strikes)?;
        }
    }
    Ok(strikes)
}

fn act(
    entry: &Arc<Entry>,
    now: Time,
    call: &Call<'_>,
    strikes: &mut Strikes,
) -> Result<(), Hangup> {
    let action = entry.action.lock().unwrap_or_else(PoisonError::into_inner);
    match &*action {
        Action::Error(code) => strikes.errors.push((entry.scope.clone(), *code)),
        Action::Alter(_) => strikes.alter.push(Arc::clone(entry)),
        Action::Observe => {}
        Action::Delay(delay) => {
            let deadline = now + *delay;
            drop(action);
            let mut state = call.lock();
            while state.clock.running() < deadline {
                call.wait(&mut state, Some(deadline))?;
            }
        }
        Action::Pause => {
            drop(action);
            let mut state = call.lock();
            while !entry.is_released() {
                call.wait(&mut state, None)?;
            }
        }
        Action::DropRequest => strikes.drop_request = true,
        Action::HangUp => return Err(Hangup),
        Action::Deliver(delivery) => strikes.deliveries.push(*delivery),
    }
    Ok(())
}
