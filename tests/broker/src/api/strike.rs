//! [`strikes`]: finds the faults that apply to a request, and applies those that act before it is
//! carried out.

use std::any::Any;
use std::sync::{Arc, PoisonError};

use super::call::{Call, Hangup};
use crate::clock::Time;
use crate::fault::{Action, Entry, RequestFacts, Strikes, Targets};
use crate::state::State;

/// Finds the faults that apply to this request, and applies those that act before it is carried
/// out.
///
/// # Errors
/// [`Hangup`] if the connection must be closed.
pub(super) fn strikes(
    call: &Call<'_>,
    request: &dyn Any,
    add_targets: impl FnOnce(&State, &mut Targets),
) -> Result<Strikes, Hangup> {
    let mut strikes = Strikes::default();
    let state = call.lock();
    if state.faults.is_empty() {
        return Ok(strikes);
    }
    let entries = state.faults.clone();
    // Before the first strike is counted: whoever waits for that may push the clock on.
    let now = state.clock.running();
    let mut targets = Targets::default();
    add_targets(&state, &mut targets);
    targets.name_topics(|id| state.topic_by_id(id).map(|(name, _)| name.clone()));
    // A test's closures may well ask the broker something.
    drop(state);
    let facts = RequestFacts {
        api: call.header.request_api_key,
        node: call.node(),
        client_id: call.header.client_id.as_deref().unwrap_or_default(),
        request,
        targets: &targets,
    };
    for entry in entries {
        if entry.strike(&facts) {
            call.lock().mark_changed();
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
        Action::HangUp => return Err(Hangup::ByBroker),
        Action::Deliver(delivery) => strikes.deliveries.push(*delivery),
    }
    Ok(())
}
