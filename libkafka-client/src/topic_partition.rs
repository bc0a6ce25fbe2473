//! `TopicPartition`: a topic's name and the number of a partition.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// A partition: the name of its topic, and its number within the topic.
///
/// Cloning is cheap: clones share the topic's name.
///
/// ```
/// use libkafka_client::TopicPartition;
///
/// let partition = TopicPartition::new("payments", 3);
/// assert_eq!(partition.to_string(), "payments-3");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TopicPartition {
    /// The name of the topic.
    pub topic: Arc<str>,
    /// The number of the partition, from 0.
    pub partition: i32,
}

impl TopicPartition {
    /// The partition with this number of this topic.
    pub fn new(topic: impl Into<Arc<str>>, partition: i32) -> Self {
        Self {
            topic: topic.into(),
            partition,
        }
    }
}

/// By topic, then by number.
impl Ord for TopicPartition {
    fn cmp(&self, other: &Self) -> Ordering {
        // Maps compare many partitions of few topics, whose names they share: looking at a name
        // that is not in the cache takes longer than the rest.
        let by_topic = match Arc::ptr_eq(&self.topic, &other.topic) {
            true => Ordering::Equal,
            false => self.topic.cmp(&other.topic),
        };
        by_topic.then(self.partition.cmp(&other.partition))
    }
}

impl PartialOrd for TopicPartition {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// In the form of Kafka's tools and log directories: `topic-partition`.
impl fmt::Display for TopicPartition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.topic, self.partition)
    }
}
