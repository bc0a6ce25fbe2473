//! A thin synchronous Kafka client: no runtime, no hidden threads, a deadline on every call
