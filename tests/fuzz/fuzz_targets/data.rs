//! Records and blobs that Kafka writes in the notation of its messages.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| libkafka_fuzz::message(&["data"], input));
