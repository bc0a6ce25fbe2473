//! `Client::list_offsets`: looks up offsets of many partitions, at all their leaders at once.

use libkafka_protocol::Versions;

use super::lookup_requests::{
    end_of_epoch_requests, end_of_epoch_results, list_offsets_requests, list_offsets_results,
};
use super::offset_spec::{EpochEndOffset, OffsetAndTimestamp, OffsetSpec};
use super::options::Isolation;
use crate::cluster::{Client, Leader};
use crate::deadline::Deadline;
use crate::partition_results::PartitionResults;
use crate::topic_partition::TopicPartition;

impl Client {
    /// Looks up places in many partitions (ListOffsets). Each leader is asked once for all of its
    /// partitions, and all leaders are asked before any answer is waited for. The leaders come from
    /// a [`Topology`](crate::Topology). `None` if there is no record at the place.
    ///
    /// The results are in the order of `partitions`. The errors of a partition are
    /// [`Error::Version`](crate::Error::Version) if its leader is too old for one of the places,
    /// [`Error::Broker`](crate::Error::Broker) with the error code that the broker returned,
    /// [`Error::Missing`](crate::Error::Missing), and I/O errors. An error that concerns a broker
    /// is shared by the partitions that it leads.
    pub fn list_offsets(
        &mut self,
        partitions: &[(TopicPartition, Leader, OffsetSpec)],
        isolation: Isolation,
    ) -> PartitionResults<Option<OffsetAndTimestamp>> {
        let deadline = self.deadline();
        self.list_offsets_by(partitions, isolation, deadline)
    }

    pub(crate) fn list_offsets_by(
        &mut self,
        partitions: &[(TopicPartition, Leader, OffsetSpec)],
        isolation: Isolation,
        deadline: Deadline,
    ) -> PartitionResults<Option<OffsetAndTimestamp>> {
        let timeout_ms = deadline.for_broker();
        let (requests, versions) = list_offsets_requests(partitions, isolation, timeout_ms);
        list_offsets_results(partitions, self.exchange_all(requests, versions, deadline))
    }

    /// Looks up where leader epochs end in many partitions, in the same way as
    /// [`list_offsets`](Self::list_offsets) (OffsetForLeaderEpoch, KIP-101; Kafka 2.1).
    pub fn ends_of_epochs(
        &mut self,
        partitions: &[(TopicPartition, Leader, i32)],
    ) -> PartitionResults<EpochEndOffset> {
        let deadline = self.deadline();
        let requests = end_of_epoch_requests(partitions);
        end_of_epoch_results(
            partitions,
            self.exchange_all(requests, Versions::ALL, deadline),
        )
    }
}
