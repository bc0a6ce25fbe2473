//! Random bytes, and Kafka's own bytes with mistakes in them.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};

use libkafka_protocol::{Bytes, Limits};

use crate::COST_OF_AN_ERROR;
use crate::allocations::Allocations;
use crate::targets::{self, Target};

/// Inputs for each message.
fn tries() -> usize {
    match std::env::var("LIBKAFKA_RANDOM_TRIES") {
        Ok(tries) => tries.parse().expect("LIBKAFKA_RANDOM_TRIES is a number"),
        Err(_) if cfg!(debug_assertions) => 2_000,
        Err(_) => 200_000,
    }
}

/// SplitMix64: the same numbers in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// A byte that means something more often than chance has it.
    fn byte(&mut self) -> u8 {
        match self.below(4) {
            0 => [0, 1, 2, 0x7f, 0x80, 0xff][self.below(6)],
            1 => 0,
            _ => self.next() as u8,
        }
    }

    fn bytes(&mut self) -> Vec<u8> {
        let length = self.below(120);
        (0..length).map(|_| self.byte()).collect()
    }

    /// Up to four bytes changed, put in or taken out, or the end cut off.
    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            match self.below(5) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, self.byte()),
                2 if !bytes.is_empty() => drop(bytes.remove(at)),
                3 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
                _ if !bytes.is_empty() => bytes[at] = self.byte(),
                _ => {}
            }
        }
    }
}

/// Kafka's own bytes: by message, each with its version.
fn seeds() -> HashMap<String, Vec<(i16, Vec<u8>)>> {
    let golden = &include_bytes!("../golden/messages.jsonl.gz")[..];
    let mut seeds: HashMap<String, Vec<(i16, Vec<u8>)>> = HashMap::new();
    for line in BufReader::new(flate2::read::GzDecoder::new(golden)).lines() {
        let vector: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let hex = vector["hex"].as_str().unwrap();
        let bytes = (0..hex.len() / 2)
            .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
            .collect();
        let version = vector["version"].as_i64().unwrap() as i16;
        let name = vector["name"].as_str().unwrap().to_owned();
        seeds.entry(name).or_default().push((version, bytes));
    }
    seeds
}

fn throw(target: &Target, version: i16, bytes: Vec<u8>) {
    let input = Bytes::from(bytes);
    let limits = Limits::default();
    let (result, cost) = Allocations::of(|| (target.decode)(version, &input, limits));
    let allowed = limits.memory_factor * input.len() + COST_OF_AN_ERROR;
    assert!(
        cost.peak <= allowed && cost.largest <= allowed,
        "{} v{version}: {cost:?} for {:02x?}, {result:?}",
        target.schema.name,
        &input[..]
    );
}

#[test]
fn no_bytes_make_any_message_panic_or_take_more_memory_than_they_justify() {
    let (tries, seeds) = (tries(), seeds());
    let mut random = Random(4_04_04);
    for target in targets::all() {
        let versions: Vec<i16> = target.schema.versions.iter().collect();
        for _ in 0..tries / 2 {
            let version = versions[random.below(versions.len())];
            let bytes = random.bytes();
            throw(&target, version, bytes);
        }
        let seeds = &seeds[target.schema.name];
        for _ in 0..tries / 2 {
            let (version, mut bytes) = seeds[random.below(seeds.len())].clone();
            random.mutate(&mut bytes);
            throw(&target, version, bytes);
        }
    }
}
