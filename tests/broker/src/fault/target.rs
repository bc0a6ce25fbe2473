//! [`Target`]: what a request is about. [`Scope`]: the part of it that a fault strikes.

use libkafka_protocol::Uuid;

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
    pub(super) fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Is this partition of this topic struck?
    pub(crate) fn strikes(&self, topic: &str, partition: Option<i32>) -> bool {
        self.topic.as_ref().is_none_or(|wanted| wanted == topic)
            && (self.partition.is_none() || self.partition == partition)
    }

    /// Is any of this struck? The ids of topics have been resolved.
    pub(super) fn strikes_any(&self, targets: &[Target]) -> bool {
        let topic = |target: &Target| match target {
            Target::Topic(name, partition) => self.strikes(name, *partition),
            _ => false,
        };
        let about_topic = self.topic.is_some() || self.partition.is_some();
        let group = |group: &String| targets.contains(&Target::Group(group.clone()));
        (!about_topic || targets.iter().any(topic)) && self.group.as_ref().is_none_or(group)
    }
}
