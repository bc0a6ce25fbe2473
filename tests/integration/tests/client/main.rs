//! The client against real Apache Kafka.

mod admin;
mod calls;
mod console;
mod groups;
mod idempotence;
mod produce_and_fetch;
mod topics;
mod transactions;
