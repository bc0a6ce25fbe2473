//! [`Targets`]: what a request is about. [`Scope`]: the part of it that a fault applies to.

use std::collections::BTreeSet;

use libkafka_protocol::Uuid;

/// What a request is about, as far as faults examine it.
#[derive(Debug, Default)]
pub(crate) struct Targets(Vec<Target>);

#[derive(Debug, PartialEq, Eq)]
enum Target {
    /// A topic by name, and its partition if the request is about one.
    Topic(String, Option<i32>),
    /// A topic by id, and its partition if the request is about one.
    TopicId(Uuid, Option<i32>),
    /// A group.
    Group(String),
    TransactionalId(String),
}

impl Targets {
    /// Adds transactional ids.
    pub(crate) fn transactional_ids<'a>(&mut self, ids: impl IntoIterator<Item = &'a String>) {
        let ids = ids.into_iter();
        self.0
            .extend(ids.map(|id| Target::TransactionalId(id.clone())));
    }

    /// Adds groups.
    pub(crate) fn groups<'a>(&mut self, ids: impl IntoIterator<Item = &'a String>) {
        let ids = ids.into_iter();
        self.0.extend(ids.map(|id| Target::Group(id.clone())));
    }

    /// Adds whole topics by name.
    pub(crate) fn topics<'a>(&mut self, names: impl IntoIterator<Item = &'a String>) {
        for name in names {
            self.topic(name, Uuid::ZERO);
        }
    }

    /// Adds a whole topic by its id, or by its name if the id is zero.
    pub(crate) fn topic(&mut self, name: &str, id: Uuid) {
        self.add(name, id, None);
    }

    /// Adds partitions of a topic by its id, or by its name if the id is zero.
    pub(crate) fn partitions(
        &mut self,
        name: &str,
        id: Uuid,
        partitions: impl IntoIterator<Item = i32>,
    ) {
        for partition in partitions {
            self.add(name, id, Some(partition));
        }
    }

    /// The names of the topics; topics with unknown ids have none.
    pub(crate) fn topic_names(&self) -> BTreeSet<&str> {
        let names = self.0.iter().filter_map(|target| match target {
            Target::Topic(name, _) => Some(name.as_str()),
            _ => None,
        });
        names.collect()
    }

    /// The ids of the groups.
    pub(crate) fn group_ids(&self) -> BTreeSet<&str> {
        let ids = self.0.iter().filter_map(|target| match target {
            Target::Group(id) => Some(id.as_str()),
            _ => None,
        });
        ids.collect()
    }

    /// The transactional ids.
    pub(crate) fn transactional_id_set(&self) -> BTreeSet<&str> {
        let ids = self.0.iter().filter_map(|target| match target {
            Target::TransactionalId(id) => Some(id.as_str()),
            _ => None,
        });
        ids.collect()
    }

    fn add(&mut self, name: &str, id: Uuid, partition: Option<i32>) {
        self.0.push(if id.is_zero() {
            Target::Topic(name.to_owned(), partition)
        } else {
            Target::TopicId(id, partition)
        });
    }

    /// Replaces topics by id with topics by name, if `name` knows them.
    pub(crate) fn name_topics(&mut self, name: impl Fn(Uuid) -> Option<String>) {
        for target in &mut self.0 {
            if let Target::TopicId(id, partition) = target
                && let Some(name) = name(*id)
            {
                *target = Target::Topic(name, *partition);
            }
        }
    }
}

/// The part of a request that a fault applies to.
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

    /// Whether it applies to this partition of this topic.
    pub(crate) fn strikes(&self, topic: &str, partition: Option<i32>) -> bool {
        self.topic.as_ref().is_none_or(|wanted| wanted == topic)
            && (self.partition.is_none() || self.partition == partition)
    }

    /// Whether it applies to any of this. The ids of topics have been resolved.
    pub(super) fn strikes_any(&self, Targets(targets): &Targets) -> bool {
        let topic = |target: &Target| match target {
            Target::Topic(name, partition) => self.strikes(name, *partition),
            _ => false,
        };
        let about_topic = self.topic.is_some() || self.partition.is_some();
        // Faults of groups are those of transactional ids too.
        let group = |wanted: &String| {
            targets.iter().any(|target| match target {
                Target::Group(id) | Target::TransactionalId(id) => id == wanted,
                _ => false,
            })
        };
        (!about_topic || targets.iter().any(topic)) && self.group.as_ref().is_none_or(group)
    }
}
