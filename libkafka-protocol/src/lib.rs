//! Every request and response of Apache Kafka as plain structs, encoded and decoded in every version
