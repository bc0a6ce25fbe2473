//! The client against the embedded broker and, with the same assertions, real Apache Kafka.

mod admin;
mod calls;
mod console;
mod examples;
mod group_members;
mod groups;
mod idempotence;
mod member_lookups;
mod offsets;
mod produce_and_fetch;
mod producer;
mod readme;
mod recreated_topics;
mod stable_offsets;
mod topics;
mod transactions;

use libkafka_integration::{cluster, on_both};
