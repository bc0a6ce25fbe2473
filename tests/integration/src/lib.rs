//! Suites that run the crates against the embedded broker and real Apache Kafka
