//! `PartitionIndex`: finds what a response says about partitions without a scan for each.

use std::collections::HashMap;

use crate::error::Error;
use crate::exchange::Exchange;
use crate::topic_partition::TopicPartition;

/// What a response says about each of its partitions.
///
/// Scanning the response for each partition would take time that grows with the product of both
/// numbers, one of which the broker chooses. This reads the response once.
#[derive(Debug)]
pub(crate) struct PartitionIndex<P> {
    exchange: Exchange,
    topics: HashMap<String, HashMap<i32, P>>,
}

impl<P> PartitionIndex<P> {
    /// Indexes a response, given the names of its topics with their partitions, and a function for
    /// the number of a partition. If a partition occurs twice, the first counts.
    pub(crate) fn new(
        exchange: Exchange,
        topics: impl IntoIterator<Item = (String, Vec<P>)>,
        number: impl Fn(&P) -> i32,
    ) -> Self {
        let mut index: HashMap<String, HashMap<i32, P>> = HashMap::new();
        for (name, partitions) in topics {
            let of_topic = index.entry(name).or_default();
            for partition in partitions {
                of_topic.entry(number(&partition)).or_insert(partition);
            }
        }
        Self {
            exchange,
            topics: index,
        }
    }

    /// The exchange that the response belongs to.
    pub(crate) fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// What the response says about a partition.
    ///
    /// # Errors
    /// [`Error::Missing`]. Check the partition's error code with [`check`](Exchange::check).
    pub(crate) fn get(&self, at: &TopicPartition) -> Result<&P, Error> {
        let of_topic = self.topics.get(&*at.topic);
        let found = of_topic.and_then(|partitions| partitions.get(&at.partition));
        found.ok_or_else(|| self.exchange.missing(format!("partition {at}")))
    }
}
