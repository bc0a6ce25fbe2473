//! `Load`: a producer of keyed records that goes on whatever happens.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use fastrand::Rng;
use libkafka_client::{Config, Delivery, Producer, ProducerConfig, ProducerRecord, Ticket};
use libkafka_history::{Event, Kind, Outcome, TopicPartition, Value};
use libkafka_integration::PATIENCE;
use libkafka_integration::strangers::text;

/// Records a second.
const RATE: u32 = 600;
const KEYS: u32 = 500;
const TICK: Duration = Duration::from_millis(20);

/// A producer of keyed records that goes on whatever happens.
pub(crate) struct Load {
    events: Arc<Mutex<Vec<Event>>>,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

struct Sender {
    producer: Producer,
    topic: String,
    events: Arc<Mutex<Vec<Event>>>,
    /// What is on its way, by the number of its batch in its partition.
    sent: BTreeMap<u64, Vec<(Ticket, Value)>>,
}

impl Load {
    pub(crate) fn start(bootstrap: &str, topic: &str, seed: u64) -> Self {
        let producer = Producer::new(
            Config::new(bootstrap),
            ProducerConfig::new().kept_deliveries(1 << 14),
        );
        let events = Arc::new(Mutex::new(Vec::new()));
        let mut sender = Sender {
            producer: producer.unwrap(),
            topic: topic.to_owned(),
            events: Arc::clone(&events),
            sent: BTreeMap::new(),
        };
        let ended = Arc::new(AtomicBool::new(false));
        let until = Arc::clone(&ended);
        let thread = thread::spawn(move || sender.run(Rng::with_seed(seed), &until));
        Self {
            events,
            ended,
            thread: Some(thread),
        }
    }

    /// What became of each record so far.
    pub(crate) fn events(&self) -> Vec<Event> {
        lock(&self.events).clone()
    }

    /// Sends no more, and waits for what is on its way.
    #[track_caller]
    pub(crate) fn ends(&mut self) {
        self.ended.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the producer to get all through");
        }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Release);
    }
}

impl Sender {
    fn run(&mut self, mut random: Rng, ended: &AtomicBool) {
        let begun = Instant::now();
        let mut n = 0;
        while !ended.load(Ordering::Acquire) {
            let due = begun.elapsed().as_secs_f64() * f64::from(RATE);
            // Time that was lost is not made up for.
            let due = (due as u64).min(n + u64::from(RATE) / 5);
            while n < due {
                n += 1;
                self.send(&mut random, n);
            }
            let tick = Instant::now() + TICK;
            self.take(TICK);
            // There may be nothing on its way.
            thread::sleep(tick.saturating_duration_since(Instant::now()));
        }
        let flushed = self.producer.flush(PATIENCE);
        self.take(Duration::ZERO);
        let left: usize = self.sent.values().map(Vec::len).sum();
        assert_eq!(left, 0, "{flushed:?}: {:?}", self.producer.counts());
        // What has failed is in the events.
        drop(self.producer.close(Duration::ZERO));
    }

    fn send(&mut self, random: &mut Rng, n: u64) {
        let key = format!("key-{}", random.u32(0..KEYS));
        let value = Value::new("load", key.as_str(), n);
        let text = text(&value);
        let record = ProducerRecord::new(&self.topic, &key, &text);
        match self.producer.send(&record, PATIENCE) {
            Ok(ticket) => {
                let batch = self.sent.entry(ticket.batch()).or_default();
                batch.push((ticket, value));
            }
            Err(error) => panic!("it takes no more: {error}"),
        }
    }

    /// Takes the deliveries that there are, and waits so long for the first.
    fn take(&mut self, wait: Duration) {
        let mut wait = wait;
        while let Some(delivery) = self.producer.take_delivery(wait) {
            self.delivered(&delivery);
            wait = Duration::ZERO;
        }
    }

    fn delivered(&mut self, delivery: &Delivery) {
        let Some(batch) = self.sent.get_mut(&delivery.batch) else {
            return;
        };
        let of_it = batch.extract_if(.., |(ticket, _)| delivery.is_of(ticket));
        let at = now();
        let mut events = lock(&self.events);
        for (ticket, value) in of_it {
            let outcome = match &delivery.outcome {
                Ok(_) => Outcome::Ok,
                Err(failure) if failure.possibly_written => Outcome::Info,
                Err(_) => Outcome::Fail,
            };
            let partition = &delivery.partition;
            let partition = TopicPartition::new(&*partition.topic, partition.partition);
            let offset = delivery.offset_of(&ticket);
            events.push(Event {
                at,
                process: "load".into(),
                kind: Kind::Sent {
                    value,
                    outcome,
                    place: offset.map(|offset| (partition, offset)),
                },
            });
        }
        if batch.is_empty() {
            self.sent.remove(&delivery.batch);
        }
    }
}

fn lock(events: &Mutex<Vec<Event>>) -> MutexGuard<'_, Vec<Event>> {
    events.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Microseconds since 1970.
pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(since.as_micros()).unwrap()
}
