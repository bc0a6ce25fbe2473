//! The embedded broker held against clients that are not ours, and with the same assertions real
//! Kafka.

mod administration;
mod cluster;
mod commands;
mod console;
mod group_command;
mod librdkafka;
mod member;
mod mirror;
mod peace;
mod performance;
mod programs;
mod proxy;
mod rebalance;
mod streams;
mod topic_command;
mod transactions;
mod verifiable;
