//! Which requests a fault is about.

use std::any::Any;
use std::fmt;

use libkafka_protocol::{ApiKey, Uuid};

/// What a request is about, as far as faults ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A topic by name, and its partition if it is about one.
    Topic(String, Option<i32>),
    /// A topic by id, and its partition if it is about one.
    TopicId(Uuid, Option<i32>),
    /// A group, or a transactional id.
    Group(String),
}

impl Target {
    /// A topic by name, or by id where it has one.
    pub(crate) fn topic(name: &str, id: Uuid, partition: Option<i32>) -> Self {
        if id.is_zero() {
            Self::Topic(name.to_owned(), partition)
        } else {
            Self::TopicId(id, partition)
        }
    }
}

/// The part of what a request is about that a fault strikes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Scope {
    pub(crate) topic: Option<String>,
    pub(crate) partition: Option<i32>,
    pub(crate) group: Option<String>,
}

impl Scope {
    fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Is this partition of this topic struck?
    pub(crate) fn strikes(&self, topic: &str, partition: Option<i32>) -> bool {
        self.topic.as_ref().is_none_or(|wanted| wanted == topic)
            && (self.partition.is_none() || self.partition == partition)
    }

    /// Is any of this struck? The ids of topics have been resolved.
    fn strikes_any(&self, targets: &[Target]) -> bool {
        let topic = |target: &Target| match target {
            Target::Topic(name, partition) => self.strikes(name, *partition),
            _ => false,
        };
        let about_topic = self.topic.is_some() || self.partition.is_some();
        let group = |group: &String| targets.contains(&Target::Group(group.clone()));
        (!about_topic || targets.iter().any(topic)) && self.group.as_ref().is_none_or(group)
    }
}

/// A condition on the request.
pub(crate) type Condition = Box<dyn FnMut(&dyn Any) -> bool + Send>;

/// Which requests.
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

/// A request, as far as faults ask.
pub(crate) struct Asked<'a> {
    pub(crate) api: ApiKey,
    pub(crate) node: i32,
    pub(crate) client_id: &'a str,
    pub(crate) request: &'a dyn Any,
    /// The ids of topics have been resolved.
    pub(crate) targets: &'a [Target],
}

impl Matcher {
    /// Is it one of those, counts aside?
    pub(crate) fn matches(&mut self, asked: &Asked<'_>) -> bool {
        self.api.is_none_or(|api| api == asked.api)
            && self.node.is_none_or(|node| node == asked.node)
            && self
                .client_id
                .as_ref()
                .is_none_or(|id| id == asked.client_id)
            && (self.scope.is_everything() || self.scope.strikes_any(asked.targets))
            && self
                .condition
                .as_mut()
                .is_none_or(|condition| condition(asked.request))
    }
}

/// As a person would say it.
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
