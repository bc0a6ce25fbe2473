//! A topic that was deleted and created again.

use std::time::Instant;

use libkafka_protocol::Uuid;

use super::base::Standing;
use super::state_machine::Membership;

impl Membership {
    /// The topic of this name was deleted and created again, and has this id now. The claims on the
    /// former topic are lost, and its partitions are claimed anew. Under KIP-848 the coordinator
    /// sees to that itself, and nothing happens here.
    pub fn topic_replaced(&mut self, now: Instant, topic: &str, id: Uuid) {
        self.catch_up(now);
        if self.base.standing == Standing::Member {
            self.protocol.topic_replaced(&mut self.base, now, topic, id);
        }
    }
}
