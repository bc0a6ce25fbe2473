//! The embedded broker, held against real Kafka and Kafka's own clients.

mod cluster;
mod console;
mod control;
mod end_to_end;
mod faults;
mod groups;
mod produce;
mod topics;
mod wire;
