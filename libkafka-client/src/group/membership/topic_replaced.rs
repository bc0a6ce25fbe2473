//! `Membership::topic_replaced`: a topic was deleted and created again.

use std::time::Instant;

use libkafka_protocol::Uuid;

use super::base::Standing;
use super::state_machine::Membership;

impl Membership {
    /// Notes that the topic with this name was deleted and created again, and now has this id. The
    /// claims on the former topic are lost, and the partitions of the new one are claimed. With
    /// KIP-848 the coordinator takes care of that, and nothing happens here.
    pub fn topic_replaced(&mut self, now: Instant, topic: &str, id: Uuid) {
        self.catch_up(now);
        if self.base.standing == Standing::Member {
            self.protocol.topic_replaced(&mut self.base, now, topic, id);
        }
    }
}
