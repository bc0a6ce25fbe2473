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
    partitions: Vec<P>,
    /// Where in `partitions` each is: maps that are the same for every type of response, and so
    /// compiled once.
    topics: HashMap<String, HashMap<i32, usize>>,
}

impl<P> PartitionIndex<P> {
    /// Indexes a response, given the names of its topics with their partitions, and a function for
    /// the number of a partition. If a partition occurs twice, the first counts.
    pub(crate) fn new(
        exchange: Exchange,
        topics: impl IntoIterator<Item = (String, Vec<P>)>,
        number: impl Fn(&P) -> i32,
    ) -> Self {
        let mut index: HashMap<String, HashMap<i32, usize>> = HashMap::new();
        let mut all = Vec::new();
        for (name, partitions) in topics {
            let of_topic = index.entry(name).or_default();
            for partition in partitions {
                of_topic.entry(number(&partition)).or_insert(all.len());
                all.push(partition);
            }
        }
        Self {
            exchange,
            partitions: all,
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
        let place = of_topic.and_then(|places| places.get(&at.partition));
        let found = place.and_then(|place| self.partitions.get(*place));
        found.ok_or_else(|| self.exchange.missing(format!("partition {at}")))
    }
}
