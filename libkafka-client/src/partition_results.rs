//! `PartitionResults`: the results of a call about several partitions.

use std::sync::Arc;
use std::vec;

use crate::error::Error;
use crate::topic_partition::TopicPartition;

/// One result for each partition that a call was about, in the order in which the partitions were
/// given.
///
/// An error that concerns a whole broker, such as a timeout, is the error of each partition that
/// the broker was asked about: they share it.
#[derive(Debug)]
#[must_use = "some partitions may have failed"]
pub struct PartitionResults<T>(Vec<(TopicPartition, Result<T, Arc<Error>>)>);

impl<T> PartitionResults<T> {
    /// Wraps these results. Nothing else may hold their errors: [`into_result`](Self::into_result)
    /// relies on that.
    pub(crate) fn new(results: Vec<(TopicPartition, Result<T, Arc<Error>>)>) -> Self {
        Self(results)
    }

    /// All results.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&TopicPartition, Result<&T, &Error>)> {
        self.0
            .iter()
            .map(|(partition, result)| (partition, borrowed(result)))
    }

    /// The partitions that failed, each with its error.
    pub fn refused(&self) -> impl Iterator<Item = (&TopicPartition, &Error)> {
        self.iter()
            .filter_map(|(partition, result)| Some((partition, result.err()?)))
    }

    /// The result of a partition; `None` if the call was not about it.
    pub fn get(&self, topic: &str, partition: i32) -> Option<Result<&T, &Error>> {
        let mut results = self.iter();
        let found = results.find(|(of, _)| *of.topic == *topic && of.partition == partition);
        found.map(|(_, result)| result)
    }

    /// The values of all partitions.
    ///
    /// # Errors
    /// The first error, if any partition failed.
    pub fn into_result(self) -> Result<Vec<(TopicPartition, T)>, Error> {
        let mut values = Vec::with_capacity(self.0.len());
        let mut first = None;
        for (partition, result) in self.0 {
            match result {
                Ok(value) => values.push((partition, value)),
                Err(error) => first = first.or(Some(error)),
            }
        }
        match first {
            Some(error) => Err(Arc::into_inner(error).expect("only the results hold the error")),
            None => Ok(values),
        }
    }
}

fn borrowed<T>(result: &Result<T, Arc<Error>>) -> Result<&T, &Error> {
    result.as_ref().map_err(|error| &**error)
}

impl<T> IntoIterator for PartitionResults<T> {
    type Item = (TopicPartition, Result<T, Arc<Error>>);
    type IntoIter = vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(partition: i32) -> TopicPartition {
        TopicPartition::new("t", partition)
    }

    #[test]
    fn partitions_share_the_error_of_their_broker_and_the_first_error_comes_out_whole() {
        let of_broker = Arc::new(Error::UnknownBroker { id: 7 });
        let results = PartitionResults::new(vec![
            (at(0), Ok("value")),
            (at(1), Err(Arc::clone(&of_broker))),
            (at(2), Err(of_broker)),
            (at(3), Err(Arc::new(Error::NoBroker))),
        ]);
        assert_eq!(results.get("t", 0).unwrap().unwrap(), &"value");
        assert!(results.get("t", 4).is_none());
        assert!(results.get("u", 0).is_none());
        let refused: Vec<_> = results.refused().map(|(at, _)| at.partition).collect();
        assert_eq!(refused, [1, 2, 3]);
        let error = results.into_result().unwrap_err();
        assert!(matches!(error, Error::UnknownBroker { id: 7 }), "{error}");
    }

    #[test]
    fn values_come_out_in_order_if_no_partition_failed() {
        let results = PartitionResults::new(vec![(at(1), Ok(10)), (at(0), Ok(20))]);
        assert_eq!(results.into_result().unwrap(), [(at(1), 10), (at(0), 20)]);
    }
}
