//! Starts and stops real Apache Kafka, any version, from Maven Central
