//! `Client::delete_records_of`: deletes records of many partitions, at all their leaders at once.

use libkafka_protocol::Versions;
use libkafka_protocol::messages::DeleteRecordsRequest;
use libkafka_protocol::messages::delete_records::{DeleteRecordsPartition, DeleteRecordsTopic};

use crate::cluster::{ByBroker, Client, Leader, results_of_leaders};
use crate::partition_results::PartitionResults;
use crate::topic_partition::TopicPartition;

/// The offset that means the high watermark in a request.
const HIGH_WATERMARK: i64 = -1;

impl Client {
    /// Deletes the records before an offset, or before the high watermark for `None`, in many
    /// partitions. Each leader is asked once for all of its partitions, and all leaders are asked
    /// before any answer is waited for. The leaders come from a [`Topology`](crate::Topology).
    ///
    /// The results are in the order of `partitions`, and each is the first offset that is left. The
    /// errors of a partition are [`Error::Broker`](crate::Error::Broker) with the error code that
    /// the broker returned, [`Error::Missing`](crate::Error::Missing), and I/O errors. An error
    /// that concerns a broker is shared by the partitions that it leads.
    pub fn delete_records_of(
        &mut self,
        partitions: &[(TopicPartition, Leader, Option<i64>)],
    ) -> PartitionResults<i64> {
        let deadline = self.deadline();
        let mut requests = ByBroker::<DeleteRecordsRequest>::default();
        for (at, leader, before) in partitions {
            let request = requests.get_or_default(leader.id);
            request.timeout_ms = deadline.for_broker();
            let partition = DeleteRecordsPartition {
                partition_index: at.partition,
                offset: before.unwrap_or(HIGH_WATERMARK),
                ..Default::default()
            };
            match request.topics.last_mut() {
                Some(topic) if *topic.name == *at.topic => topic.partitions.push(partition),
                _ => request.topics.push(DeleteRecordsTopic {
                    name: at.topic.as_ref().to_owned(),
                    partitions: vec![partition],
                    ..Default::default()
                }),
            }
        }
        let answers = self.exchange_all(requests, Versions::ALL, deadline);
        results_of_leaders(
            partitions,
            answers,
            |response| {
                let topics = response.topics.into_iter();
                topics.map(|topic| (topic.name, topic.partitions))
            },
            |deleted| deleted.partition_index,
            |deleted| (deleted.error_code, deleted.low_watermark),
        )
    }
}
