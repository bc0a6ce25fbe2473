//! The consumer: groups and chosen partitions, positions, trouble, memory and closing.

mod closing;
mod group;
mod memory;
mod owner;
mod positions;
mod rounds;
mod survival;
mod trouble;
mod workers;

use std::time::Duration;

use libkafka_client::assignor::{CooperativeSticky, Range};
use libkafka_client::membership::{ClassicOptions, ConsumerOptions, Membership, Subscription};
use libkafka_client::protocol::ApiKey;
use libkafka_client::{Client, Config};
use libkafka_integration::batch;
use libkafka_testbroker::{Broker, Fault};

/// The time of something that is not to use it up, on a busy machine either.
const LONG: Duration = Duration::from_secs(60);

/// A member whose thread waits for the processor is not lost. Where a session is to end, the broker
/// is told so.
const SESSION: Duration = Duration::from_secs(60);

/// By what protocol a group goes.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Eager,
    Cooperative,
    Consumer,
}

const KINDS: [Kind; 3] = [Kind::Eager, Kind::Cooperative, Kind::Consumer];

impl Kind {
    /// A member, by a name that is its own.
    fn member(self, group: &str, topic: &str, name: &str) -> Membership {
        self.subscriber(group, Subscription::topics([topic]), name)
    }

    fn subscriber(self, group: &str, subscription: Subscription, name: &str) -> Membership {
        let classic = ClassicOptions::default()
            .session_timeout(SESSION)
            .heartbeat_interval(Duration::from_millis(300));
        match self {
            Self::Eager => Membership::classic(group, subscription, classic.assignor(Range)),
            Self::Cooperative => {
                Membership::classic(group, subscription, classic.assignor(CooperativeSticky))
            }
            Self::Consumer => {
                let id = format!("{group}-{name}");
                Membership::consumer(group, id, subscription, ConsumerOptions::default())
            }
        }
    }
}

/// A broker of three nodes with a topic `t`.
fn broker(partitions: i32) -> Broker {
    Broker::builder()
        .nodes(3)
        .config("group.consumer.heartbeat.interval.ms", "100")
        .config("group.initial.rebalance.delay.ms", "0")
        .topic("t", partitions)
        .start()
        .unwrap()
}

fn client(broker: &Broker) -> Client {
    Client::new(Config::new(broker.bootstrap()).timeout(LONG)).unwrap()
}

/// Three sessions of members of classic groups, by the broker's clock: a third of one at a time, and
/// none before the broker has heard of a member since the last.
fn three_sessions_pass(broker: &Broker, mut meanwhile: impl FnMut()) {
    let heard = broker.inject(Fault::on(ApiKey::HEARTBEAT).observe());
    for _ in 0..9 {
        heard.wait(heard.hits() + 1);
        meanwhile();
        broker.advance_clock(SESSION / 3);
    }
    heard.wait(heard.hits() + 1);
    meanwhile();
}

/// Produces a batch for each value.
fn produce(broker: &Broker, partition: i32, values: &[&str]) {
    produce_to(broker, "t", partition, values);
}

fn produce_to(broker: &Broker, topic: &str, partition: i32, values: &[&str]) {
    let mut producer = client(broker).producer(topic, partition).unwrap();
    for value in values {
        producer.produce(batch(&[value])).unwrap();
    }
}
