//! The derive macro behind libkafka-protocol: an annotated struct becomes a versioned Kafka message
