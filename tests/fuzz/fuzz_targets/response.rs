//! Any response in any version.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| libkafka_fuzz::message(&["response"], input));
