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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_are_ordered_by_topic_and_then_by_number_whether_they_share_a_name_or_not() {
        let shared: Arc<str> = "t".into();
        let sorted = [
            TopicPartition::new("s", 7),
            TopicPartition::new(Arc::clone(&shared), -1),
            TopicPartition::new(shared, 2),
            TopicPartition::new("t", 3),
            TopicPartition::new("ta", 0),
        ];
        for (i, one) in sorted.iter().enumerate() {
            for (j, other) in sorted.iter().enumerate() {
                assert_eq!(one.cmp(other), i.cmp(&j), "{one} and {other}");
            }
        }
        let same = TopicPartition::new("t", 2);
        assert_eq!(same.cmp(&sorted[2]), Ordering::Equal);
    }
}
