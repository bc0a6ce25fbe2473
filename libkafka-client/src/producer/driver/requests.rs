//! Requests of a `Driver` to any broker, and their outcomes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use libkafka_protocol::messages::{
    InitProducerIdRequest, InitProducerIdResponse, MetadataResponse,
};
use libkafka_protocol::{ErrorCode, Versions};

use super::{Driver, State};
use crate::error::{Error, RetryMethod};
use crate::exchange::Answer;
use crate::producer::batch_queue::BatchQueue;
use crate::producer::control::Asked;
use crate::producer::core::{Core, lock};
use crate::producer::slot::Slot;
use crate::producer::topic::Topic;

/// The pause after a broker could not assign an id.
const PAUSE: Duration = Duration::from_millis(100);

impl Driver {
    /// Sends the next request, and handles answers.
    pub(super) fn run_control(&mut self, core: &Core, now: Instant) -> bool {
        let mut progress = false;
        if self.topology.topics().next().is_none() {
            return false;
        }
        loop {
            let asked = self.control.asked.take();
            let Some(mut asked) = asked.or_else(|| self.control.next(now)) else {
                return progress;
            };
            match self.ask(core, &mut asked, now) {
                Ok(true) => progress = true,
                Ok(false) => {
                    self.control.asked = Some(asked);
                    return progress;
                }
                Err(error) if self.control.broker.has_untried() && is_lost(&error) => {
                    self.control.asked = Some(asked);
                }
                Err(error) => {
                    self.not_answered(core, asked, &Arc::new(error), now);
                    progress = true;
                }
            }
        }
    }

    /// Sends a request or receives its answer. Returns true once that is done.
    fn ask(&mut self, core: &Core, asked: &mut Asked, now: Instant) -> Result<bool, Error> {
        let broker = &mut self.control.broker;
        match asked {
            Asked::Metadata(call) => {
                let topology = &self.topology;
                // Before version 4 a broker may create the topics that it is asked for.
                let request = || (topology.request(), Versions::new(4, i16::MAX));
                let Some(answer) = broker.exchange(&self.client, call, request)? else {
                    return Ok(false);
                };
                self.take_metadata(core, &answer)?;
            }
            Asked::ProducerId(slots, call) => {
                let request = || (id_request(), Versions::ALL);
                let Some(answer) = broker.exchange(&self.client, call, request)? else {
                    return Ok(false);
                };
                self.take_id(core, slots, &answer, now)?;
            }
        }
        Ok(true)
    }

    fn not_answered(&mut self, core: &Core, asked: Asked, error: &Arc<Error>, now: Instant) {
        match asked {
            Asked::Metadata(_) => {
                self.control.pacing.brought_nothing();
                self.control.pacing.want();
                let mut errors = lock(&core.topic_errors);
                for topic in self.topology.topics() {
                    if core.topics.get(topic).is_none() {
                        errors.insert(Arc::clone(topic), Arc::clone(error));
                    }
                }
            }
            Asked::ProducerId(slots, _) => {
                self.control.not_before = Some(now + PAUSE);
                let gives_up = error.retry_method() == RetryMethod::GiveUp;
                for id in slots {
                    self.states[id as usize].wants_producer = false;
                    let Some(slot) = core.slots.get(id) else {
                        continue;
                    };
                    let mut queue = lock(&slot.queue);
                    if gives_up {
                        queue.refuse(error);
                    }
                    self.settle(core, slot, queue, now);
                }
            }
        }
    }

    fn take_id(
        &mut self,
        core: &Core,
        slots: &[u32],
        answer: &Answer<InitProducerIdResponse>,
        now: Instant,
    ) -> Result<(), Error> {
        let Answer { response, exchange } = answer;
        exchange.check(response.error_code, None)?;
        let producer = (response.producer_id, response.producer_epoch);
        for id in slots {
            let state = &mut self.states[*id as usize];
            if !state.had_producer {
                self.control.producer = Some(producer);
            }
            self.set_producer(core, *id, producer, now);
        }
        Ok(())
    }

    /// Gives a slot the id that all slots begin with, or requests one.
    pub(super) fn want_producer(&mut self, core: &Core, id: u32, now: Instant) {
        let state = &mut self.states[id as usize];
        if state.wants_producer {
            return;
        }
        if let Some(producer) = self.control.producer.filter(|_| !state.had_producer) {
            self.set_producer(core, id, producer, now);
            return;
        }
        state.wants_producer = true;
        match state.had_producer {
            true => self.control.lost.push(id),
            false => self.control.beginning.push(id),
        }
    }

    fn set_producer(&mut self, core: &Core, id: u32, producer: (i64, i16), now: Instant) {
        let state = &mut self.states[id as usize];
        state.had_producer = true;
        state.wants_producer = false;
        let Some(slot) = core.slots.get(id) else {
            return;
        };
        let mut queue = lock(&slot.queue);
        queue.set_producer(producer.0, producer.1);
        self.settle(core, slot, queue, now);
    }

    pub(super) fn take_metadata(
        &mut self,
        core: &Core,
        answer: &Answer<MetadataResponse>,
    ) -> Result<(), Error> {
        let Answer { response, exchange } = answer;
        if !response.error_code.is_ok() {
            self.control.broker.pass_over();
            return Err(exchange.refusal(response.error_code, None));
        }
        self.client.learn_brokers(response);
        match self.topology.update(response).is_empty() {
            true => self.control.pacing.brought_nothing(),
            false => self.control.pacing.brought_changes(),
        }
        for (id, carrier) in &mut self.carriers {
            if let Some(broker) = self.client.known_broker(*id) {
                carrier.lane.set_broker(Arc::clone(broker));
            }
        }
        let topics: Vec<_> = self.topology.topics().cloned().collect();
        for name in topics {
            if self.topology.topic(&name).is_some() {
                self.take_topic(core, &name);
                continue;
            }
            if let Some(code) = self.topology.error(&name) {
                let error = exchange.refusal(code, Some(format!("topic {name}")));
                lock(&core.topic_errors).insert(Arc::clone(&name), Arc::new(error));
            }
            // Somebody waits for it, and one that was just created is not known everywhere.
            self.control.pacing.want();
        }
        if !self.homeless.is_empty() {
            self.control.pacing.want();
        }
        Ok(())
    }

    /// Applies what metadata says of a topic: new partitions, and leaders.
    fn take_topic(&mut self, core: &Core, name: &Arc<str>) {
        let Some(metadata) = self.topology.topic(name) else {
            return;
        };
        let topic_id = metadata.topic_id;
        let partitions = metadata.partitions.iter().zip(0..);
        // Without a gap, since records are spread over as many as there are.
        let partitions = partitions.take_while(|((number, _), i)| *number == i);
        let leaders: Vec<_> = partitions.map(|((_, of), _)| of.leader_id).collect();
        let known = core.topics.get(name).cloned();
        let is_new = known.is_none();
        let new = || Arc::new(Topic::new(Arc::clone(name), core.config.batch_bytes));
        let topic = known.unwrap_or_else(new);
        topic.set_available(leaders.iter().map(Option::is_some));
        for (leader, partition) in leaders.iter().zip(0..) {
            if topic.slots.get(partition).is_none() {
                self.add_slot(core, &topic, partition);
            }
            if let Some(slot) = topic.slots.get(partition) {
                self.states[slot.id as usize].topic_id = topic_id;
                self.set_leader(core, slot.id, *leader);
            }
        }
        if is_new && topic.slots.len() > 0 {
            lock(&core.topic_errors).remove(name);
            self.topics.push(Arc::clone(&topic));
            core.topics.push(topic);
        }
    }

    fn add_slot(&mut self, core: &Core, topic: &Topic, partition: u32) {
        let queue = BatchQueue::new(Arc::clone(&core.queue_options));
        let slot = Slot::new(core.slots.len(), &topic.name, partition, queue);
        let slot = Arc::new(slot);
        lock(&core.memory).add_account();
        self.states.push(State::default());
        core.slots.push(Arc::clone(&slot));
        topic.slots.push(slot);
    }
}

fn id_request() -> InitProducerIdRequest {
    InitProducerIdRequest {
        transactional_id: None,
        transaction_timeout_ms: i32::MAX,
        ..Default::default()
    }
}

/// Whether there was no answer that another broker would give too.
fn is_lost(error: &Error) -> bool {
    let refreshes = error.retry_method() == RetryMethod::Refresh;
    match error.code() {
        Some(code) => code == ErrorCode::REBOOTSTRAP_REQUIRED,
        None => refreshes,
    }
}
