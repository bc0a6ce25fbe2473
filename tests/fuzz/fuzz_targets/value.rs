//! A value of any message in any version, made of the input.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| libkafka_fuzz::value(input));
