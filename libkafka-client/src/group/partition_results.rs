//! `PartitionResults`: what came of a request for each of its partitions.

use std::vec;

use crate::error::Error;
use crate::topic_partition::TopicPartition;

/// What came of a request for each of the partitions that it was about, in the order in which they
/// were given.
#[derive(Debug)]
#[must_use = "some partitions may have been refused"]
pub struct PartitionResults<T>(Vec<(TopicPartition, Result<T, Error>)>);

impl<T> PartitionResults<T> {
    pub(super) fn new(results: Vec<(TopicPartition, Result<T, Error>)>) -> Self {
        Self(results)
    }

    /// All results.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&TopicPartition, Result<&T, &Error>)> {
        let results = self.0.iter();
        results.map(|(partition, result)| (partition, result.as_ref()))
    }

    /// The partitions that were refused, and why.
    pub fn refused(&self) -> impl Iterator<Item = (&TopicPartition, &Error)> {
        let results = self.0.iter();
        results.filter_map(|(partition, result)| Some((partition, result.as_ref().err()?)))
    }

    /// The result of a partition; none if it was not asked for.
    pub fn get(&self, topic: &str, partition: i32) -> Option<Result<&T, &Error>> {
        let mut results = self.0.iter();
        let found = results.find(|(of, _)| *of.topic == *topic && of.partition == partition);
        found.map(|(_, result)| result.as_ref())
    }

    /// The values of all partitions.
    ///
    /// # Errors
    /// The first error, if any partition was refused.
    pub fn into_result(self) -> Result<Vec<(TopicPartition, T)>, Error> {
        let results = self.0.into_iter();
        results
            .map(|(partition, result)| Ok((partition, result?)))
            .collect()
    }
}

impl<T> IntoIterator for PartitionResults<T> {
    type Item = (TopicPartition, Result<T, Error>);
    type IntoIter = vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
