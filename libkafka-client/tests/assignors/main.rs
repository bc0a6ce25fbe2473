//! The assignors, on random groups, without Kafka. `tests/integration` holds them to Java's classes.

mod golden;
mod group;
mod invariants;
mod optimum;
mod random;
mod speed;
mod user_data;
