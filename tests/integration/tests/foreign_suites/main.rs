//! The own suites of other clients, on the embedded broker and on real Kafka: what passes there
//! passes here. They print a table of that, and take up to an hour:
//!
//! ```sh
//! cargo test -p libkafka-integration --test foreign_suites -- --ignored --nocapture --test-threads=1
//! ```

mod aiokafka;
mod franz_go;
mod go;
mod kafka_python;
mod kafkajs;
mod krafka;
mod sarama;
mod suite;
mod table;
