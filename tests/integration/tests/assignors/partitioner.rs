//! Partitions of records, with and without a key, beside Java's producer.

use data_encoding::HEXLOWER;
use fastrand::Rng;
use libkafka_batch::{murmur2, partition_for_key};
use libkafka_client::{PartitionLoad, PartitionState, StickyPartitioner};
use libkafka_testkafka::{GroupOracle, require};
use serde_json::{Value, json};

const RACKS: [&str; 3] = ["a", "b", "c"];

fn java(verb: &str, question: &Value) -> Value {
    let answer = GroupOracle::shared().ask(verb, question).unwrap();
    answer.unwrap_or_else(|refused| panic!("{refused}: {question}"))
}

#[test]
fn keys_have_the_hash_and_the_partition_of_java() {
    require!();
    let mut random = Rng::with_seed(1);
    for length in (0..40).chain([100, 1_000]).flat_map(|length| [length; 10]) {
        let key: Vec<u8> = (0..length).map(|_| random.u8(..)).collect();
        let partitions = random.i32(1..5_000);
        let question = json!({ "key": HEXLOWER.encode(&key), "partitions": partitions });
        assert_eq!(
            json!(murmur2(&key)),
            java("murmur2", &question),
            "{question}"
        );
        let partition = partition_for_key(&key, partitions);
        assert_eq!(json!(partition), java("partition", &question), "{question}");
    }
}

/// A random run of a producer: appends, queues that grow and shrink, leaders lost and found.
#[test]
fn records_without_a_key_go_where_java_sends_them_with_the_same_dice() {
    require!();
    for seed in 0..300 {
        let mut random = Rng::with_seed(seed);
        let count = random.usize(1..8);
        let batch = random.usize(1..200);
        let rack_aware = random.bool();
        let dice: Vec<u32> = (0..random.usize(1..20))
            .map(|_| random.u32(..1 << 31))
            .collect();
        let mut partitioner = StickyPartitioner::new(batch);
        if rack_aware {
            partitioner = partitioner.rack(RACKS[0]);
        }
        let mut thrown = dice.iter().copied().cycle();
        let mut throw = || thrown.next().unwrap();
        let mut states = vec![PartitionState::available(); count];
        let mut steps = vec![leaders(&mut random, &mut states)];
        let mut ours = Vec::new();
        for _ in 0..random.usize(1..80) {
            match random.u8(0..12) {
                0 => steps.push(leaders(&mut random, &mut states)),
                1 => steps.push(load(&mut random, &states, &mut partitioner)),
                _ => {
                    let (bytes, may_switch) = (random.usize(0..=batch), random.bool());
                    steps.push(json!({ "append": [bytes, may_switch] }));
                    ours.push(partitioner.partition(&states, &mut throw));
                    partitioner.appended(bytes, may_switch, &states, &mut throw);
                }
            }
        }
        let question = json!({
            "batch": batch, "rackAware": rack_aware, "rack": RACKS[0], "dice": dice, "steps": steps,
        });
        assert_eq!(
            json!(ours),
            java("keyless", &question),
            "run {seed}: {question}"
        );
    }
}

fn leaders(random: &mut Rng, states: &mut [PartitionState<'_>]) -> Value {
    let all_gone = random.u8(0..10) == 0;
    let json = states.iter_mut().map(|state| {
        *state = match all_gone || random.u8(0..4) == 0 {
            true => PartitionState::unavailable(),
            false => PartitionState::available(),
        };
        *state = state.leader_rack(RACKS[random.usize(0..RACKS.len())]);
        json!([state.leader_rack, state.is_available])
    });
    json!({ "cluster": json.collect::<Vec<_>>() })
}

/// As Java's accumulator does it: the partitions that have a leader come first in the arrays.
fn load(
    random: &mut Rng,
    states: &[PartitionState<'_>],
    partitioner: &mut StickyPartitioner,
) -> Value {
    if random.u8(0..4) == 0 {
        partitioner.set_load(&[], states.len());
        return json!({ "load": null });
    }
    let same = random.bool();
    let available = (0..).zip(states).filter(|(_, state)| state.is_available);
    let load = available.map(|(partition, state)| {
        let queued = if same { 3 } else { random.usize(0..10) };
        PartitionLoad::new(partition, queued).leader_rack(state.leader_rack.unwrap())
    });
    let load: Vec<_> = load.collect();
    partitioner.set_load(&load, states.len());
    let of = |value: &dyn Fn(&PartitionLoad<'_>) -> Value, rest: Value| {
        let mut values: Vec<Value> = load.iter().map(value).collect();
        values.resize(states.len(), rest);
        values
    };
    json!({ "load": {
        "queues": of(&|load| json!(load.queued), json!(0)),
        "ids": of(&|load| json!(load.partition), json!(0)),
        "racks": of(&|load| json!(load.leader_rack), json!("")),
        "available": load.len(),
    }})
}
