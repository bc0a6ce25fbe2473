//! The protocol crate held against Kafka's own schemas and classes.

mod difference;
mod edges;
mod ignorable;
mod schemas;
mod shape;
