//! [`Strikes`]: the faults that apply to one request.

use std::any::Any;
use std::sync::{Arc, PoisonError};

use libkafka_protocol::ErrorCode;

use super::action::{Action, Delivery};
use super::entry::Entry;
use super::target::Scope;

/// The faults that apply to one request.
#[derive(Default)]
pub(crate) struct Strikes {
    /// The errors that a handler must return, and where.
    pub(crate) errors: Vec<(Scope, ErrorCode)>,
    /// The topics with which the sender may not do this.
    pub(crate) denied: Vec<String>,
    pub(crate) deliveries: Vec<Delivery>,
    pub(crate) drop_request: bool,
    pub(crate) alter: Vec<Arc<Entry>>,
}

impl Strikes {
    /// The error for a partition of a topic, or for the topic as a whole.
    pub(crate) fn error(&self, topic: &str, partition: Option<i32>) -> Option<ErrorCode> {
        if self.denied.iter().any(|denied| denied == topic) {
            return Some(ErrorCode::TOPIC_AUTHORIZATION_FAILED);
        }
        let mut errors = self.errors.iter();
        let struck = errors.find(|(scope, _)| scope.strikes(topic, partition));
        struck.map(|(_, code)| *code)
    }

    /// Whether the response must be changed.
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
