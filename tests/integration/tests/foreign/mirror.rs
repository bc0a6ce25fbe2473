//! Kafka's MirrorMaker, which copies topics, their configs and the offsets of groups from one
//! embedded broker to another. It brings Kafka Connect along, whose workers are a group and keep
//! their configs, their offsets and their state in compacted topics.

use std::fs;
use std::path::PathBuf;

use libkafka_client::{Client, Commit, Config, ConfigResource, OffsetSpec, TopicPartition};
use libkafka_integration::{batch, create, patiently, until, values};
use libkafka_testbroker::Broker;
use libkafka_testkafka::{Tool, Version, require};

/// `connect-mirror` of 4.4.0 is not published.
const MIRROR: Version = Version::new(4, 3, 1);

const PARTITIONS: i32 = 2;
const RETENTION: &str = "7200000";

/// As often as it can, and with one replica.
const SETTINGS: &str = "\
clusters = west, east
west->east.enabled = true
topics = orders
groups = readers
replication.factor = 1
checkpoints.topic.replication.factor = 1
heartbeats.topic.replication.factor = 1
offset-syncs.topic.replication.factor = 1
offset.storage.replication.factor = 1
status.storage.replication.factor = 1
config.storage.replication.factor = 1
sync.group.offsets.enabled = true
sync.group.offsets.interval.seconds = 1
sync.topic.configs.interval.seconds = 1
emit.checkpoints.interval.seconds = 1
refresh.topics.interval.seconds = 1
refresh.groups.interval.seconds = 1
offset.lag.max = 0
";

fn mirror(west: &Broker, east: &Broker) -> Tool {
    let name = format!("mirror-{}.properties", west.address(1).port());
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let addresses = format!(
        "west.bootstrap.servers = {}\neast.bootstrap.servers = {}\n",
        west.bootstrap(),
        east.bootstrap()
    );
    fs::write(&file, addresses + SETTINGS).unwrap();
    Tool::new("org.apache.kafka.connect.mirror.MirrorMaker")
        .artifact("connect-mirror")
        .version(MIRROR)
        .arg(file)
}

fn client(broker: &Broker) -> Client {
    Client::new(Config::new(broker.bootstrap())).unwrap()
}

/// The values that are written in a round to a partition.
fn round(number: usize, partition: i32) -> [String; 3] {
    [0, 1, 2].map(|i| format!("{i} of round {number} in {partition}"))
}

#[test]
fn topics_configs_and_offsets_of_groups_are_mirrored_to_another_broker() {
    require!();
    let west = Broker::builder().start().unwrap();
    let east = Broker::builder().nodes(3).start().unwrap();
    let (mut here, mut there) = (client(&west), client(&east));
    create(
        &mut here,
        "orders",
        PARTITIONS,
        &[("retention.ms", RETENTION)],
    );
    let mut produce = |number| {
        for partition in 0..PARTITIONS {
            let mut producer = here.producer("orders", partition).unwrap();
            producer.produce(batch(&round(number, partition))).unwrap();
        }
    };
    produce(0);
    let readers = Commit {
        topic: "orders",
        offset: 2,
        ..Commit::default()
    };
    let committed = client(&west).group("readers").commit(&[readers]).unwrap();
    committed.into_result().unwrap();

    let mirror = mirror(&west, &east).spawn().unwrap();
    let all_of = |rounds: usize, there: &mut Client| {
        for partition in 0..PARTITIONS {
            let mut fetcher = there.fetcher("west.orders", partition).unwrap();
            let expected: Vec<String> = (0..rounds)
                .flat_map(|number| round(number, partition))
                .collect();
            let read = until(|| {
                fetcher.seek_to(OffsetSpec::Earliest).unwrap();
                let read = values(&mut fetcher);
                (read.len() >= expected.len()).then_some(read)
            });
            assert_eq!(read, expected);
        }
    };
    until(|| there.leader("west.orders", PARTITIONS - 1).ok());
    all_of(1, &mut there);
    produce(1);
    all_of(2, &mut there);

    until(|| {
        let mirrored = ConfigResource::Topic("west.orders");
        let configs = there.describe_configs(mirrored).unwrap();
        let mut configs = configs.into_iter();
        let retention = configs.find(|config| config.name == "retention.ms")?;
        (retention.value? == RETENTION).then_some(())
    });
    let mut group = there.group("readers");
    let place = [TopicPartition::new("west.orders", 0)];
    until(|| {
        let committed = patiently(&mut group, |group| group.committed(&place));
        let committed = committed.get("west.orders", 0)?.as_ref().ok()?.as_ref()?;
        (committed.offset == 2).then_some(())
    });
    drop(mirror);
}
