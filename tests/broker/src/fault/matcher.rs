//! [`Matcher`]: which requests a fault applies to.

use std::any::Any;
use std::fmt;

use libkafka_protocol::ApiKey;

use super::target::{Scope, Targets};

/// A condition on the request.
pub(crate) type Condition = Box<dyn FnMut(&dyn Any) -> bool + Send>;

/// Selects requests.
pub(crate) struct Matcher {
    pub(crate) api: Option<ApiKey>,
    pub(crate) node: Option<i32>,
    pub(crate) client_id: Option<String>,
    pub(crate) scope: Scope,
    pub(crate) condition: Option<Condition>,
    pub(crate) skip: usize,
    pub(crate) times: usize,
}

impl Default for Matcher {
    fn default() -> Self {
        Self {
            api: None,
            node: None,
            client_id: None,
            scope: Scope::default(),
            condition: None,
            skip: 0,
            times: usize::MAX,
        }
    }
}

/// A request, as far as faults examine it.
pub(crate) struct RequestFacts<'a> {
    pub(crate) api: ApiKey,
    pub(crate) node: i32,
    pub(crate) client_id: &'a str,
    pub(crate) request: &'a dyn Any,
    /// What it is about, with the ids of topics resolved.
    pub(crate) targets: &'a Targets,
}

impl Matcher {
    /// Whether it is one of the selected requests, regardless of counts.
    pub(crate) fn matches(&mut self, facts: &RequestFacts<'_>) -> bool {
        self.api.is_none_or(|api| api == facts.api)
            && self.node.is_none_or(|node| node == facts.node)
            && self
                .client_id
                .as_ref()
                .is_none_or(|id| id == facts.client_id)
            && (self.scope.is_everything() || self.scope.strikes_any(facts.targets))
            && self
                .condition
                .as_mut()
                .is_none_or(|condition| condition(facts.request))
    }
}

/// In words, for a person.
impl fmt::Debug for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.api {
            Some(api) => write!(f, "{api}")?,
            None => f.write_str("any request")?,
        }
        let mut say = |what: &str, value: &dyn fmt::Display| write!(f, ", {what} {value}");
        if let Some(node) = &self.node {
            say("node", node)?;
        }
        if let Some(client_id) = &self.client_id {
            say("client id", client_id)?;
        }
        if let Some(topic) = &self.scope.topic {
            say("topic", topic)?;
        }
        if let Some(partition) = &self.scope.partition {
            say("partition", partition)?;
        }
        if let Some(group) = &self.scope.group {
            say("group", group)?;
        }
        if self.condition.is_some() {
            f.write_str(", on a condition")?;
        }
        if self.skip > 0 {
            write!(f, ", after {} others", self.skip)?;
        }
        Ok(())
    }
}
