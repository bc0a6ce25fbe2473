//! An in-memory Kafka broker for tests
