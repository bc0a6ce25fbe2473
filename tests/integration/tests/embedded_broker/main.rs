//! The embedded broker, held against real Kafka.

mod admin;
mod classic_member;
mod consumer_groups;
mod consumer_member;
mod control;
mod differential;
mod end_to_end;
mod faults;
mod fetch_sessions;
mod groups;
mod migration;
mod produce;
mod robustness;
mod security;
mod topic_pages;
mod topics;
mod transaction_admin;
mod transaction_offsets;
mod transactions;
mod transactor;

use libkafka_integration::{cluster, on_both, wire};
