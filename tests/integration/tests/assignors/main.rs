//! Assignors and partitioner beside Kafka's own classes, on random input.

#[allow(dead_code)]
#[path = "../../../../libkafka-client/tests/assignors/group.rs"]
mod group;
#[path = "../../../../libkafka-client/tests/assignors/random.rs"]
mod random;

mod equal;
mod golden;
mod java;
mod partitioner;
mod sticky;
mod wire;
