//! `Offsets`: the committed offsets of a group, from inside or outside of it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use libkafka_protocol::messages::offset_delete::{
    OffsetDeleteRequestPartition, OffsetDeleteRequestTopic,
};
use libkafka_protocol::messages::{OffsetCommitRequest, OffsetDeleteRequest, OffsetFetchRequest};
use libkafka_protocol::{ErrorCode, Versions};

use super::coordinator::Coordinator;
use super::lag::Lag;
use super::membership::MemberIdentity;
use super::offset_commit::{Commit, commit_request, commit_results, commit_versions};
use super::offset_fetch::{Committed, Question};
use super::options::OffsetsOptions;
use crate::call_time::CallTime;
use crate::cluster::{Client, Leader, PartitionIndex, Topology};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;
use crate::fetch::{Isolation, OffsetAndTimestamp, OffsetSpec};
use crate::partition_results::PartitionResults;
use crate::retryable::Retryable;
use crate::topic_partition::TopicPartition;
use crate::within::Within;

/// Partitions and their leaders.
type Leaders = BTreeMap<TopicPartition, Leader>;
/// An offset of a log that was looked up.
type LogOffset = Result<Option<OffsetAndTimestamp>, Arc<Error>>;

/// The committed offsets of a group, for its members and for tools that manage it from outside.
///
/// ```no_run
/// use libkafka_client::{Client, Commit, Config, OffsetSpec};
///
/// let mut client = Client::new(Config::new("localhost:9092"))?;
/// let mut offsets = client.offsets("billing");
/// for (partition, lag) in offsets.lag(&["orders"])?.into_result()? {
///     println!("{partition}: {:?} records behind", lag.records);
/// }
/// let commit = Commit { topic: "orders", partition: 3, offset: 42, ..Default::default() };
/// for (partition, error) in offsets.commit(&[commit])?.refused() {
///     eprintln!("{partition}: {error}");
/// }
/// offsets.reset("orders", OffsetSpec::Earliest)?.into_result()?;
/// # Ok::<(), libkafka_client::Error>(())
/// ```
pub struct Offsets {
    coordinator: Coordinator,
    options: OffsetsOptions,
}

impl Client {
    /// Makes an `Offsets` for the committed offsets of a group.
    pub fn offsets(&self, group_id: impl Into<String>) -> Offsets {
        self.offsets_with(group_id, OffsetsOptions::new())
    }

    /// Makes an `Offsets` for the committed offsets of a group, with these options.
    pub fn offsets_with(&self, group_id: impl Into<String>, options: OffsetsOptions) -> Offsets {
        Offsets {
            coordinator: Coordinator::new(self.fork(), group_id.into()),
            options,
        }
    }
}

impl Offsets {
    /// Overrides [`Config::timeout`](crate::Config::timeout) for the calls on the returned value.
    pub fn within(&mut self, timeout: std::time::Duration) -> Within<'_, Self> {
        Within::new(self, timeout)
    }

    /// The committed offsets of these partitions, with one request; `None` where nothing is
    /// committed.
    ///
    /// # Errors
    /// [`Error::Broker`] if the coordinator refuses the group as a whole, and any error of the
    /// exchange.
    pub fn fetch(
        &mut self,
        partitions: &[TopicPartition],
    ) -> Result<PartitionResults<Option<Committed>>, Error> {
        self.ask(None, Some(partitions), None, self.deadline())
    }

    /// Like [`fetch`](Self::fetch), but with brokers of 4.1 and later by the ids that the topology
    /// has for the topics: nothing is found for a topic that was created again.
    ///
    /// # Errors
    /// The errors of [`fetch`](Self::fetch).
    pub fn fetch_by_id(
        &mut self,
        topology: &Topology,
        partitions: &[TopicPartition],
    ) -> Result<PartitionResults<Option<Committed>>, Error> {
        self.ask(None, Some(partitions), Some(topology), self.deadline())
    }

    /// Like [`fetch`](Self::fetch), but as this member, so that a member of KIP-848 with an
    /// outdated epoch is refused.
    ///
    /// # Errors
    /// The errors of [`fetch`](Self::fetch).
    pub fn fetch_as(
        &mut self,
        identity: &MemberIdentity,
        partitions: &[TopicPartition],
    ) -> Result<PartitionResults<Option<Committed>>, Error> {
        self.ask(Some(identity), Some(partitions), None, self.deadline())
    }

    /// Everything that the group has committed.
    ///
    /// # Errors
    /// The errors of [`fetch`](Self::fetch).
    pub fn fetch_all(&mut self) -> Result<PartitionResults<Option<Committed>>, Error> {
        self.ask(None, None, None, self.deadline())
    }

    /// Commits offsets from outside the group, which must have no members.
    ///
    /// # Errors
    /// Any error of the exchange. Refusals are in the results.
    pub fn commit(&mut self, offsets: &[Commit<'_>]) -> Result<PartitionResults<()>, Error> {
        let deadline = self.deadline();
        self.commit_by(None, offsets, deadline)
    }

    /// Commits offsets as this member. Once the group has moved on without it, the coordinator
    /// refuses them: tell the [membership](crate::membership::Membership::commit_refused), and do
    /// not repeat them, since other members may own the partitions.
    ///
    /// # Errors
    /// Any error of the exchange. Refusals are in the results.
    pub fn commit_as(
        &mut self,
        identity: &MemberIdentity,
        offsets: &[Commit<'_>],
    ) -> Result<PartitionResults<()>, Error> {
        let deadline = self.deadline();
        self.commit_by(Some(identity), offsets, deadline)
    }

    /// Commits the offset of this place for all partitions of a topic, or the end of the log where
    /// there is no record. The group must have no members.
    ///
    /// # Errors
    /// Any error of the exchanges for metadata and with the coordinator. Errors of the leaders and
    /// refusals are in the results.
    pub fn reset(&mut self, topic: &str, to: OffsetSpec) -> Result<PartitionResults<()>, Error> {
        let deadline = self.deadline();
        let mut leaders = self.leaders(&[topic], deadline)?;
        let isolation = Isolation::ReadUncommitted;
        let mut results = Vec::new();
        let mut commits = Vec::new();
        let mut without_record = Leaders::new();
        for (partition, found) in self.list_offsets(&leaders, to, isolation, deadline) {
            match found {
                Ok(Some(found)) => commits.push((partition, found)),
                Ok(None) => without_record.extend(leaders.remove_entry(&partition)),
                Err(error) => results.push((partition, Err(error))),
            }
        }
        let latest = OffsetSpec::Latest;
        for (partition, end) in self.list_offsets(&without_record, latest, isolation, deadline) {
            match end {
                Ok(Some(end)) => commits.push((partition, end)),
                Ok(None) => {}
                Err(error) => results.push((partition, Err(error))),
            }
        }
        let offsets: Vec<_> = commits
            .iter()
            .map(|(partition, found)| Commit {
                topic,
                partition: partition.partition,
                offset: found.offset,
                leader_epoch: found.leader_epoch,
                ..Default::default()
            })
            .collect();
        if !offsets.is_empty() {
            results.extend(self.commit_by(None, &offsets, deadline)?);
        }
        results.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(PartitionResults::new(results))
    }

    /// Deletes the committed offsets of these partitions (KIP-496). No member of the group may be
    /// subscribed to their topics.
    ///
    /// # Errors
    /// [`Error::Broker`] if the coordinator refuses the group as a whole, and any error of the
    /// exchange.
    pub fn delete(&mut self, partitions: &[TopicPartition]) -> Result<PartitionResults<()>, Error> {
        let deadline = self.deadline();
        let mut topics: BTreeMap<&str, Vec<OffsetDeleteRequestPartition>> = BTreeMap::new();
        for partition in partitions {
            let partition_index = partition.partition;
            let of_topic = topics.entry(&partition.topic).or_default();
            of_topic.push(OffsetDeleteRequestPartition { partition_index });
        }
        let topic = |(name, partitions): (&str, _)| OffsetDeleteRequestTopic {
            name: name.to_owned(),
            partitions,
        };
        let request = OffsetDeleteRequest {
            group_id: self.coordinator.group_id.clone(),
            topics: topics.into_iter().map(topic).collect(),
        };
        let Answer { response, exchange } =
            self.coordinator
                .call::<OffsetDeleteRequest, _>(Versions::ALL, deadline, |_| &request)?;
        exchange.check(response.error_code, None)?;
        let topics = response.topics.into_iter();
        let topics = topics.map(|topic| (topic.name, topic.partitions));
        let index = PartitionIndex::new(exchange, topics, |found| found.partition_index);
        let results = partitions.iter().map(|partition| {
            let found = index.get(partition);
            let result = found.and_then(|found| index.exchange().check(found.error_code, None));
            (partition.clone(), result.map_err(Arc::new))
        });
        Ok(PartitionResults::new(results.collect()))
    }

    /// How far the group is behind the end of each partition of these topics.
    ///
    /// # Errors
    /// Any error of the exchanges for metadata and for the committed offsets. Errors of the leaders
    /// are in the results.
    pub fn lag(&mut self, topics: &[&str]) -> Result<PartitionResults<Lag>, Error> {
        self.lag_in(topics, Isolation::ReadUncommitted)
    }

    /// Like [`lag`](Self::lag), up to the last stable offset if only committed records count.
    ///
    /// # Errors
    /// The errors of [`lag`](Self::lag).
    pub fn lag_in(
        &mut self,
        topics: &[&str],
        isolation: Isolation,
    ) -> Result<PartitionResults<Lag>, Error> {
        let deadline = self.deadline();
        let leaders = self.leaders(topics, deadline)?;
        let partitions: Vec<_> = leaders.keys().cloned().collect();
        // Before the ends, so that none of them is older than the offset that it is compared with.
        let committed = self.ask(None, Some(&partitions), None, deadline)?;
        let starts = self.list_offsets(&leaders, OffsetSpec::Earliest, isolation, deadline);
        let ends = self.list_offsets(&leaders, OffsetSpec::Latest, isolation, deadline);
        // All of them are in the order of `leaders`.
        let found = starts.into_iter().zip(ends).zip(committed);
        let results = found.map(|(((partition, start), (_, end)), (_, committed))| {
            (partition, lag_of(committed, start, end))
        });
        Ok(PartitionResults::new(results.collect()))
    }

    fn deadline(&self) -> Deadline {
        self.coordinator.client.deadline()
    }

    fn ask(
        &mut self,
        identity: Option<&MemberIdentity>,
        partitions: Option<&[TopicPartition]>,
        topology: Option<&Topology>,
        deadline: Deadline,
    ) -> Result<PartitionResults<Option<Committed>>, Error> {
        let group_id = self.coordinator.group_id.clone();
        let question = Question {
            group_id: &group_id,
            identity,
            partitions,
            require_stable: self.options.require_stable,
            topology,
        };
        fetch(&mut self.coordinator, &question, deadline)
    }

    fn commit_by(
        &mut self,
        identity: Option<&MemberIdentity>,
        offsets: &[Commit<'_>],
        deadline: Deadline,
    ) -> Result<PartitionResults<()>, Error> {
        commit(&mut self.coordinator, identity, offsets, deadline)
    }

    /// The leaders of all partitions of these topics.
    fn leaders(&mut self, topics: &[&str], deadline: Deadline) -> Result<Leaders, Error> {
        let client = &mut self.coordinator.client;
        let mut topology = Topology::new(topics.iter().copied());
        client.update_topology_by(&mut topology, deadline)?;
        let mut leaders = Leaders::new();
        for topic in topics {
            let Some(metadata) = topology.topic(topic) else {
                let code = topology.error(topic);
                let code = code.unwrap_or(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
                let exchange = client.last_exchange().cloned();
                return match exchange {
                    Some(exchange) => Err(exchange.refusal(code, None)),
                    None => Err(Error::NoBroker),
                };
            };
            for number in metadata.partitions.keys() {
                let Some(leader) = topology.leader(topic, *number) else {
                    return client
                        .leader_by(topic, *number, deadline)
                        .map(|_| Leaders::new());
                };
                leaders.insert(TopicPartition::new(*topic, *number), leader);
            }
        }
        Ok(leaders)
    }

    /// The offsets of a place in all these partitions, in their order.
    fn list_offsets(
        &mut self,
        leaders: &Leaders,
        spec: OffsetSpec,
        isolation: Isolation,
        deadline: Deadline,
    ) -> PartitionResults<Option<OffsetAndTimestamp>> {
        let wanted: Vec<_> = leaders
            .iter()
            .map(|(partition, leader)| (partition.clone(), *leader, spec))
            .collect();
        let client = &mut self.coordinator.client;
        client.list_offsets_by(&wanted, isolation, deadline)
    }
}

fn lag_of(
    committed: Result<Option<Committed>, Arc<Error>>,
    start: LogOffset,
    end: LogOffset,
) -> Result<Lag, Arc<Error>> {
    let offset = |found: Option<OffsetAndTimestamp>| found.map_or(0, |found| found.offset);
    let committed = committed?.map(|committed| committed.offset);
    Ok(Lag::new(committed, offset(start?), offset(end?)))
}

/// Commits offsets, as a member or without being one.
pub(super) fn commit(
    coordinator: &mut Coordinator,
    identity: Option<&MemberIdentity>,
    offsets: &[Commit<'_>],
    deadline: Deadline,
) -> Result<PartitionResults<()>, Error> {
    let request = commit_request(&coordinator.group_id, identity, offsets);
    let versions = commit_versions(identity, offsets);
    let answer = coordinator.call::<OffsetCommitRequest, _>(versions, deadline, |_| &request)?;
    Ok(commit_results(offsets, &answer))
}

/// Requests committed offsets.
pub(super) fn fetch(
    coordinator: &mut Coordinator,
    question: &Question<'_>,
    deadline: Deadline,
) -> Result<PartitionResults<Option<Committed>>, Error> {
    let versions = question.versions();
    let answer = coordinator
        .call::<OffsetFetchRequest, _>(versions, deadline, |version| question.request(version))?;
    question.results(answer)
}

impl Retryable for Offsets {
    fn refresh(&mut self) -> Result<(), Error> {
        self.coordinator.refresh()
    }

    fn call_time(&mut self) -> &mut CallTime {
        self.coordinator.client.call_time()
    }
}

impl fmt::Debug for Offsets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Offsets")
            .field("group_id", &self.coordinator.group_id)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
