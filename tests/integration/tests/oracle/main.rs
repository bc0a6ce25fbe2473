//! The protocol crate and Kafka's own classes, asked the same questions.

mod json;
mod values;
