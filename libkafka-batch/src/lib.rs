//! Kafka record batches, built and parsed at the speed of memory
