//! Assignors and partitioner: by themselves on random groups, by Kafka's answers that are on record,
//! and beside Kafka's own classes.

mod group;
mod random;

mod invariants;
mod optimum;
mod record;
mod speed;
mod user_data;

mod equal;
mod golden;
mod java;
mod partitioner;
mod sticky;
mod wire;
