//! `Lanes`: the lanes that a consumer fetches over.

use std::collections::BTreeMap;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::cluster::{Client, Leader};
use crate::error::Error;
use crate::fetch::{FetchBudget, FetchLane, FetchLaneOptions, FetchPosition, LaneFetch};
use crate::net::{Interest, Waitable};
use crate::topic_partition::TopicPartition;

/// The smallest limit of a response, however many brokers share the memory, in bytes.
const LEAST_RESPONSE: usize = 64 * 1024;

/// The lanes that a consumer fetches over, one to each broker.
pub(super) struct Lanes {
    lanes: BTreeMap<i32, FetchLane>,
    options: FetchLaneOptions,
    budget: FetchBudget,
    max_response_bytes: u32,
    /// Which lane is the first to get free room.
    turn: usize,
}

impl Lanes {
    pub(super) fn new(options: FetchLaneOptions, budget: FetchBudget) -> Self {
        Self {
            lanes: BTreeMap::new(),
            max_response_bytes: options.max_response_bytes,
            options: options.budget(budget.clone()),
            budget,
            turn: 0,
        }
    }

    pub(super) fn budget(&self) -> &FetchBudget {
        &self.budget
    }

    /// Fetches a partition from this broker, from this position on.
    ///
    /// # Errors
    /// [`Error::UnknownBroker`]
    pub(super) fn set(
        &mut self,
        client: &Client,
        broker: i32,
        partition: &TopicPartition,
        position: FetchPosition,
        leader: Leader,
        paused: bool,
    ) -> Result<(), Error> {
        if !self.lanes.contains_key(&broker) {
            let lane = client.fetch_lane(broker, self.options.clone())?;
            self.lanes.insert(broker, lane);
            self.share_budget();
        }
        if let Some(lane) = self.lanes.get_mut(&broker) {
            lane.set(partition.clone(), position, leader);
            match paused {
                true => lane.pause(partition),
                false => lane.resume(partition),
            };
        }
        Ok(())
    }

    /// The lane of a broker.
    pub(super) fn get(&mut self, broker: Option<i32>) -> Option<&mut FetchLane> {
        self.lanes.get_mut(&broker?)
    }

    /// Updates the lanes from what the client now knows of the brokers.
    pub(super) fn set_brokers(&mut self, client: &Client) {
        let before = self.lanes.len();
        self.lanes.retain(|id, lane| {
            let Some(broker) = client.cluster.broker(*id) else {
                return lane.partitions().len() > 0;
            };
            lane.set_broker(Arc::clone(broker));
            true
        });
        if self.lanes.len() != before {
            self.share_budget();
        }
    }

    /// Stops lanes from requesting more while a whole response of theirs is still to be handed out,
    /// as `have_ready` says for a broker and a number of bytes. Anything fetched beyond that would
    /// only take memory, and fresh memory is expensive.
    pub(super) fn hold_off(&mut self, have_ready: impl Fn(i32, usize) -> bool) {
        for (broker, lane) in &mut self.lanes {
            // What is on its way may bring as much.
            let is_ahead =
                lane.is_fetching() || have_ready(*broker, lane.options().response_bytes());
            lane.hold_off(is_ahead);
        }
    }

    /// The brokers that there are lanes to, each time beginning with another one.
    pub(super) fn in_turn(&mut self) -> SmallVec<[i32; 8]> {
        let mut brokers: SmallVec<[i32; 8]> = self.lanes.keys().copied().collect();
        self.turn = (self.turn + 1) % brokers.len().max(1);
        brokers.rotate_left(self.turn);
        brokers
    }

    /// Does what can be done on a lane without waiting.
    ///
    /// # Errors
    /// The error with which the connection was lost or could not be made, and the partitions that
    /// the lane had. It has none any more.
    pub(super) fn advance(&mut self, broker: i32) -> Result<(), (Error, Vec<TopicPartition>)> {
        let Some(lane) = self.lanes.get_mut(&broker) else {
            return Ok(());
        };
        lane.advance().map_err(|error| {
            let partitions: Vec<_> = lane.partitions().cloned().collect();
            for partition in &partitions {
                lane.remove(partition);
            }
            (error, partitions)
        })
    }

    /// What has arrived on a lane.
    pub(super) fn next_fetch(&mut self, broker: i32) -> Option<LaneFetch> {
        self.lanes.get_mut(&broker)?.next_fetch()
    }

    /// Whether a lane has to wait for memory.
    pub(super) fn lack_room(&self) -> bool {
        self.lanes.values().any(FetchLane::lacks_room)
    }

    /// What they wait for.
    pub(super) fn interests(&self) -> impl Iterator<Item = Interest<'_>> {
        self.lanes.values().map(Waitable::interest)
    }

    /// Divides the memory: each lane may have a response that is being read while the next one is
    /// in flight.
    fn share_budget(&mut self) {
        let share = self.budget.limit() / (2 * self.lanes.len().max(1));
        let share = u32::try_from(share.max(LEAST_RESPONSE)).unwrap_or(u32::MAX);
        for lane in self.lanes.values_mut() {
            lane.set_max_response_bytes(share.min(self.max_response_bytes));
        }
    }
}
