//! The embedded broker, held against real Kafka and Kafka's own clients.

mod cluster;
mod console;
mod end_to_end;
mod produce;
mod topics;
mod wire;
