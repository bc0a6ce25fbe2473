//! [`State`]: everything that the cluster knows.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use libkafka_protocol::{ApiKey, ErrorCode, Uuid};

use super::authorizer::Authorizer;
use super::broker_configs::{BrokerConfigs, Set};
use super::features::Features;
use super::fetch_session::FetchSessions;
use super::group::{Group, GroupContext, MigrationPolicy, Replies};
use super::name::java_hash;
use super::node::Node;
use super::partition::Partition;
use super::quotas::Quotas;
use super::random_id::random_uuid;
use super::topic::Topic;
use super::transaction::Transactions;
use crate::clock::{Clock, Time};
use crate::fault::Entry;
use crate::listener::Listener;
use crate::release::Release;
use crate::sasl::Users;

/// Everything that the cluster knows. Every node answers from this.
pub(crate) struct State {
    pub(crate) clock: Clock,
    pub(crate) cluster_id: String,
    /// The configuration of the brokers, by Kafka's names.
    pub(crate) configs: Arc<BrokerConfigs>,
    /// The configurations that were set for groups, by their ids.
    pub(crate) group_configs: BTreeMap<String, Set>,
    /// The subscriptions to client metrics, by their names.
    pub(crate) client_metrics: BTreeMap<String, Set>,
    /// The levels of loggers that were set, by node.
    pub(crate) logger_levels: BTreeMap<i32, Set>,
    pub(crate) nodes: BTreeMap<i32, Node>,
    pub(crate) features: Features,
    /// The listeners of every node, in the order of its addresses.
    pub(crate) listeners: Vec<Listener>,
    /// Decides who may do what, if there is an authorizer.
    pub(crate) authorizer: Option<Authorizer>,
    /// The quotas of clients.
    pub(crate) quotas: Quotas,
    /// The users that may authenticate with SASL.
    pub(crate) users: Arc<Users>,
    #[cfg(feature = "tls")]
    pub(crate) tls: Option<crate::tls::Tls>,
    pub(crate) topics: BTreeMap<String, Topic>,
    pub(crate) fetch_sessions: FetchSessions,
    pub(crate) groups: BTreeMap<String, Group>,
    pub(crate) replies: Replies,
    pub(crate) next_producer_id: i64,
    /// By transactional id.
    pub(crate) transactions: Transactions,
    pub(crate) faults: Vec<Arc<Entry>>,
    /// How long every response tells a client to hold back, which the broker enforces.
    pub(crate) throttle: Duration,
    /// The release whose versions it supports, if it acts as an older broker.
    pub(crate) release: Option<Release>,
    /// How many requests of each API have arrived.
    pub(crate) requests: HashMap<ApiKey, usize>,
    /// The number of responses of an API that contained an error.
    pub(crate) errors: BTreeMap<(ApiKey, ErrorCode), usize>,
    /// Coordinators that a test has chosen, by group or transactional id.
    pub(crate) coordinators: HashMap<String, i32>,
    /// Whether the broker is stopping, so that everything that waits must end.
    pub(crate) stopping: bool,
    /// Whether something that another thread may wait for has changed since the lock was taken.
    pub(crate) changed: bool,
    pub(super) topic_names: HashMap<Uuid, String>,
    /// The topics by the names that they have in metrics.
    pub(super) metric_names: HashMap<String, Vec<String>>,
    /// The node at which the next topic's partitions start, so that leaders are spread.
    pub(super) next_leader: usize,
}

impl State {
    /// The most partitions that one request may create, as in Kafka.
    pub(crate) const MAX_PARTITIONS: usize = 10_000;

    pub(crate) fn new(configs: BrokerConfigs, nodes: BTreeMap<i32, Node>) -> Self {
        Self {
            clock: Clock::start(),
            cluster_id: random_uuid().to_string(),
            configs: Arc::new(configs),
            group_configs: BTreeMap::new(),
            client_metrics: BTreeMap::new(),
            logger_levels: BTreeMap::new(),
            nodes,
            features: Features::default(),
            listeners: vec![Listener::Plaintext],
            authorizer: None,
            quotas: Quotas::default(),
            users: Arc::default(),
            #[cfg(feature = "tls")]
            tls: None,
            topics: BTreeMap::new(),
            fetch_sessions: FetchSessions::default(),
            groups: BTreeMap::new(),
            replies: Replies::default(),
            next_producer_id: 0,
            transactions: Transactions::new(),
            faults: Vec::new(),
            throttle: Duration::ZERO,
            release: None,
            requests: HashMap::new(),
            errors: BTreeMap::new(),
            coordinators: HashMap::new(),
            stopping: false,
            changed: false,
            topic_names: HashMap::new(),
            metric_names: HashMap::new(),
            next_leader: 0,
        }
    }

    /// Notes that something has changed which another thread may wait for.
    pub(crate) fn mark_changed(&mut self) {
        self.changed = true;
    }

    /// The TLS configuration of the listener with this number, if it uses TLS.
    #[cfg(feature = "tls")]
    pub(crate) fn tls_of(&self, listener: usize) -> Option<crate::tls::Tls> {
        let listener = self.listeners.get(listener)?;
        self.tls.clone().filter(|_| listener.is_tls())
    }

    /// Whether the node has not been stopped since this start.
    pub(crate) fn is_alive(&self, node: i32, incarnation: u64) -> bool {
        let same = |node: &Node| node.running && node.incarnation == incarnation;
        !self.stopping && self.nodes.get(&node).is_some_and(same)
    }

    /// The running nodes.
    pub(crate) fn running(&self) -> impl DoubleEndedIterator<Item = &Node> {
        self.nodes.values().filter(|node| node.running)
    }

    /// The ids of the running nodes.
    pub(crate) fn running_ids(&self) -> Vec<i32> {
        self.running().map(|node| node.id).collect()
    }

    /// The number of records that the metadata log of the cluster would have by now: Kafka's
    /// controller writes at least one every 500 ms.
    pub(crate) fn metadata_offset(&self) -> i64 {
        i64::try_from(self.clock.now().as_millis() / 500 + 1).unwrap_or(i64::MAX)
    }

    /// The node that acts as the controller: the first running one.
    pub(crate) fn controller(&self) -> i32 {
        self.running().next().map_or(-1, |node| node.id)
    }

    /// The topic with this id.
    pub(crate) fn topic_by_id(&self, id: Uuid) -> Option<(&String, &Topic)> {
        let name = self.topic_names.get(&id)?;
        self.topics.get_key_value(name)
    }

    /// The name of a topic that is given by name or, if it has one, by id.
    pub(crate) fn topic_name<'a>(&'a self, name: &'a str, id: Uuid) -> Result<&'a str, ErrorCode> {
        if id.is_zero() {
            return Ok(name);
        }
        match self.topic_by_id(id) {
            Some((name, _)) => Ok(name),
            None => Err(ErrorCode::UNKNOWN_TOPIC_ID),
        }
    }

    /// The partition, if it exists.
    pub(crate) fn partition(&self, topic: &str, index: i32) -> Option<&Partition> {
        self.topics.get(topic)?.partition(index)
    }

    /// The partition, if it exists.
    pub(crate) fn partition_mut(&mut self, topic: &str, index: i32) -> Option<&mut Partition> {
        self.topics.get_mut(topic)?.partition_mut(index)
    }

    /// The partition, if `node` leads it.
    ///
    /// # Errors
    /// The answer of a node that does not lead it.
    pub(crate) fn led_by(
        &self,
        node: i32,
        topic: &str,
        index: i32,
    ) -> Result<&Partition, ErrorCode> {
        let partition = self
            .partition(topic, index)
            .ok_or(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION)?;
        match partition.leader {
            Some(leader) if leader == node => Ok(partition),
            _ => Err(ErrorCode::NOT_LEADER_OR_FOLLOWER),
        }
    }

    /// Handles the stop of a node: others lead its partitions, if they can.
    pub(crate) fn node_stopped(&mut self, id: i32) {
        if let Some(node) = self.nodes.get_mut(&id) {
            node.running = false;
            node.incarnation += 1;
        }
        let running = self.running_ids();
        for partition in self.partitions_mut() {
            partition.node_stopped(id, &running);
        }
        self.mark_changed();
    }

    /// Handles the start of a node: it follows the partitions of which it has replicas, and leads
    /// those without a leader.
    pub(crate) fn node_started(&mut self, id: i32) {
        if let Some(node) = self.nodes.get_mut(&id) {
            node.running = true;
        }
        let running = self.running_ids();
        for partition in self.partitions_mut() {
            partition.node_started(id);
            partition.complete_reassignment(&running);
        }
        self.mark_changed();
    }

    fn partitions_mut(&mut self) -> impl Iterator<Item = &mut Partition> {
        let topics = self.topics.values_mut();
        topics.flat_map(|topic| &mut topic.partitions)
    }

    /// The node that coordinates the group or the transactions with this name.
    pub(crate) fn coordinator(&self, key: &str) -> Option<&Node> {
        if let Some(chosen) = self.coordinators.get(key) {
            return self.nodes.get(chosen).filter(|node| node.running);
        }
        let nodes: Vec<&Node> = self.running().collect();
        let place = java_hash(key).unsigned_abs() as usize;
        nodes.get(place.checked_rem(nodes.len())?).copied()
    }

    /// Refuses a request about another node's group or transactional id.
    pub(crate) fn check_coordinator(&self, node: i32, key: &str) -> Result<(), ErrorCode> {
        match self.coordinator(key) {
            Some(coordinator) if coordinator.id == node => Ok(()),
            _ => Err(ErrorCode::NOT_COORDINATOR),
        }
    }

    /// A group, if it exists, and its context.
    pub(crate) fn group(&mut self, id: &str) -> Option<(&mut Group, GroupContext<'_>)> {
        let (groups, context) = self.groups();
        Some((groups.get_mut(id)?, context))
    }

    /// A group, and its context. The group is created if it does not exist.
    pub(crate) fn group_or_new(&mut self, id: &str) -> (&mut Group, GroupContext<'_>) {
        let (groups, context) = self.groups();
        (groups.entry(id.to_owned()).or_default(), context)
    }

    fn groups(&mut self) -> (&mut BTreeMap<String, Group>, GroupContext<'_>) {
        let interval = "group.consumer.assignment.interval.ms";
        let context = GroupContext {
            topics: &self.topics,
            migration: MigrationPolicy::of(&self.configs),
            assignment_interval: self.configs.milliseconds(interval, 0),
            replies: &mut self.replies,
            now: self.clock.now(),
        };
        (&mut self.groups, context)
    }

    /// Does what is due by now, and returns when the next thing is due.
    pub(crate) fn expire(&mut self) -> Option<Time> {
        let now = self.clock.now();
        let (groups, mut context) = self.groups();
        let groups = groups.values_mut();
        let next = groups.filter_map(|group| group.expire(&mut context));
        let next = next.min();
        let transactions = self.expire_transactions(now);
        if self.replies.are_new() {
            self.mark_changed();
        }
        next.into_iter().chain(transactions).min()
    }

    /// The log directories that every node reports; at least one.
    pub(crate) fn log_dirs(&self) -> Vec<String> {
        let dirs = self.configs.get("log.dirs");
        let dirs = dirs.or_else(|| self.configs.get("log.dir"));
        let dirs = dirs.unwrap_or("/tmp/kafka-logs");
        dirs.split(',').map(|dir| dir.trim().to_owned()).collect()
    }
}
