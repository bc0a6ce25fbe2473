//! The client against real Apache Kafka.

mod calls;
mod console;
mod idempotence;
mod produce_and_fetch;
mod topics;
mod transactions;
