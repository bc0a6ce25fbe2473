//! Groups by the thousand.

use std::sync::Arc;

use libkafka_client::membership::{Topic, Topics};
use libkafka_client::protocol::messages::MetadataResponse;
use libkafka_client::{Client, Config};
use libkafka_testbroker::Broker;

use super::world::{Kind, World};

/// How many groups of each kind are tried, unless this variable of the environment says another
/// number.
const SEEDS: &str = "LIBKAFKA_MEMBERSHIP_SEEDS";
const FEW: u64 = 25;
/// The first seed; a failed one can be tried again by itself.
const FIRST: &str = "LIBKAFKA_MEMBERSHIP_FIRST_SEED";

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

fn simulate(kind: Kind) {
    let builder = Broker::builder().nodes(2);
    let builder = builder.topic("t1", 7).topic("t2", 4).topic("t3", 12);
    let broker = builder.start().unwrap();
    broker.freeze_clock();
    let topics = topics(&broker);
    let first = number(FIRST).unwrap_or(0);
    for seed in first..first + number(SEEDS).unwrap_or(FEW) {
        // A few groups are large.
        let most = match seed % 20 {
            19 => 60,
            n if n % 5 == 4 => 20,
            n => 2 + n as usize % 7,
        };
        let seen = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            World::new(&broker, Arc::clone(&topics), kind, seed).lives(most);
        }));
        if let Err(panic) = seen {
            eprintln!("{kind:?}, seed {seed}, up to {most} members ({FIRST}={seed} {SEEDS}=1)");
            std::panic::resume_unwind(panic);
        }
    }
}

fn topics(broker: &Broker) -> Arc<Topics> {
    let mut client = Client::new(Config::new(broker.bootstrap())).unwrap();
    let metadata: MetadataResponse = client.all_metadata().unwrap();
    let topics = metadata.topics.into_iter().map(|topic| {
        let known = Topic::with_partitions(topic.partitions.len()).id(topic.topic_id);
        (topic.name.unwrap(), known)
    });
    Arc::new(topics.collect())
}

#[test]
fn groups_with_the_range_assignor_never_have_two_owners_of_a_partition() {
    simulate(Kind::Range);
}

#[test]
fn groups_with_the_round_robin_assignor_never_have_two_owners_of_a_partition() {
    simulate(Kind::RoundRobin);
}

#[test]
fn groups_with_the_sticky_assignor_never_have_two_owners_of_a_partition() {
    simulate(Kind::Sticky);
}

#[test]
fn groups_with_the_cooperative_sticky_assignor_never_have_two_owners_of_a_partition() {
    simulate(Kind::CooperativeSticky);
}

#[test]
fn groups_of_kip_848_never_have_two_owners_of_a_partition() {
    simulate(Kind::Consumer);
}
