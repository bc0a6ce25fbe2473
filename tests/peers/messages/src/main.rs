//! Messages: libkafka-protocol beside kafka-protocol, krafka where it has the message, and memcpy
//! of the same bytes.
//!
//! "Decode" includes dropping what was decoded; "encode" writes what was decoded from the same bytes
//! by each into one buffer that all use again: large copies take what the places of their source and
//! target make of them, whoever asks for them.
//! krafka decodes responses and nothing else of what is timed here.

use std::cell::RefCell;
use std::hint::black_box;

use bytes::{Bytes, BytesMut};
use kafka_protocol::protocol::{Decodable, Encodable};
use krafka::__private::protocol::{
    ApiVersionsResponse as KrafkaApiVersions, FetchResponse as KrafkaFetch,
    MetadataResponse as KrafkaMetadata, VersionedDecode,
};
use libkafka_protocol::messages::{
    ApiVersionsResponse, FetchResponse, MetadataResponse, ProduceRequest,
};
use libkafka_protocol::wire::Decode;
use libkafka_protocol::{KafkaWire, frame};
use peers_harness::{Candidate, Counting, Work, compare, keep_memory};

mod places;
mod workload;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() {
    keep_memory();

    let title = "Metadata response v12, 100 topics of 30 partitions";
    let metadata = Case::new(title, 12, workload::metadata(100, 30));
    let decode = |bytes: &mut Bytes| KrafkaMetadata::decode_versioned(12, bytes).unwrap();
    metadata.decode::<MetadataResponse>(vec![metadata.krafka(decode)]);
    metadata.encode::<MetadataResponse>(vec![]);

    let title = "Fetch response v12, 500 partitions of 2 KiB";
    let fetch = Case::new(title, 12, workload::fetch(500, 2048));
    let decode = |bytes: &mut Bytes| KrafkaFetch::decode_versioned(12, bytes).unwrap();
    fetch.decode::<FetchResponse>(vec![fetch.krafka(decode)]);
    let mut response: FetchResponse = fetch.ours();
    fetch.encode::<FetchResponse>(vec![vectored(&response, fetch.version)]);
    share_records(&mut response);
    let made = workload::fetch(500, 2048);
    let what = "encode with the records of all in one place, which stays in the nearest cache";
    fetch.encode_these(what, &response, &made, vec![]);

    let produce = Case::new("Produce request v9, 64 KiB", 9, workload::produce(65_536));
    produce.decode::<ProduceRequest>(vec![]);
    produce.encode::<ProduceRequest>(vec![]);
    places::produce(65_536);

    let versions = Case::new("ApiVersions response v3", 3, workload::api_versions());
    let decode = |bytes: &mut Bytes| KrafkaApiVersions::decode_v3(bytes).unwrap();
    versions.decode::<ApiVersionsResponse>(vec![versions.krafka(decode)]);
    versions.encode::<ApiVersionsResponse>(vec![]);
}

/// A message, as kafka-protocol decodes it and as it is on the wire.
struct Case<'a, T> {
    title: &'a str,
    version: i16,
    theirs: T,
    wire: Bytes,
}

impl<'a, T: Encodable + Decodable + 'static> Case<'a, T> {
    fn new(title: &'a str, version: i16, message: T) -> Self {
        let mut wire = BytesMut::new();
        message.encode(&mut wire, version).unwrap();
        let wire = wire.freeze();
        // Decoded, so that everyone copies from the same places: the message itself may have the
        // records of all partitions in one, which stays in the nearest cache.
        let theirs = T::decode(&mut wire.clone(), version).unwrap();
        Self {
            title,
            version,
            theirs,
            wire,
        }
    }

    fn ours<M: KafkaWire + for<'b> Decode<'b>>(&self) -> M {
        let ours = M::decode_exact(self.version, &self.wire).unwrap();
        let mut out = Vec::new();
        ours.encode(self.version, &mut out).unwrap();
        assert!(out == self.wire, "we write what kafka-protocol writes");
        ours
    }

    fn decode<M>(&self, others: Vec<Candidate<'_>>)
    where
        M: KafkaWire + for<'b> Decode<'b>,
    {
        let decode = || M::decode_exact(self.version, &self.wire).unwrap();
        let theirs = || T::decode(&mut self.wire.clone(), self.version).unwrap();
        let mut candidates = vec![
            Candidate::new("**libkafka-protocol**", decode),
            Candidate::new("kafka-protocol 0.18", theirs).reference(),
        ];
        candidates.extend(others);
        self.compare("decode", candidates);
    }

    fn encode<M>(&self, others: Vec<Candidate<'_>>)
    where
        M: KafkaWire + for<'b> Decode<'b>,
    {
        self.encode_these("encode", &self.ours::<M>(), &self.theirs, others);
    }

    fn encode_these<M: KafkaWire>(
        &self,
        what: &str,
        ours: &M,
        theirs: &T,
        others: Vec<Candidate<'_>>,
    ) {
        let out = RefCell::new(Vec::new());
        let encode = || {
            let mut out = out.borrow_mut();
            out.clear();
            ours.encode(self.version, &mut out).unwrap();
            black_box(&out).len()
        };
        let encode_theirs = || {
            let mut out = out.borrow_mut();
            out.clear();
            theirs.encode(&mut *out, self.version).unwrap();
            black_box(&out).len()
        };
        let mut candidates = vec![
            Candidate::new("**libkafka-protocol**", encode),
            Candidate::new("kafka-protocol 0.18", encode_theirs).reference(),
        ];
        candidates.extend(others);
        self.compare(what, candidates);
    }

    fn krafka<M: 'static>(&self, decode: fn(&mut Bytes) -> M) -> Candidate<'_> {
        Candidate::new("krafka 0.28", move || decode(&mut self.wire.clone()))
    }

    fn compare(&self, direction: &str, mut candidates: Vec<Candidate<'_>>) {
        let wire = self.wire.clone();
        let mut copy = vec![0; wire.len()];
        let memcpy = move || {
            copy.copy_from_slice(&wire);
            black_box(&copy).len()
        };
        candidates.push(Candidate::new("memcpy", memcpy).reference());
        let work = Work {
            unit: "byte",
            units: self.wire.len(),
            bytes: self.wire.len(),
        };
        compare(&format!("{}, {direction}", self.title), work, candidates);
    }
}

/// Has all partitions hold the same piece of memory, as the workload does.
fn share_records(response: &mut FetchResponse) {
    let partitions = &mut response.responses[0].partitions;
    let first = partitions[0].records.clone();
    for partition in partitions {
        partition.records = first.clone();
    }
}

/// A whole frame whose records stay where they are, as a broker would send it.
fn vectored(response: &FetchResponse, version: i16) -> Candidate<'_> {
    let mut buffer = Vec::new();
    Candidate::new("**libkafka-protocol**, vectored frame", move || {
        let taken = std::mem::take(&mut buffer);
        let frame = frame::response_frame(version, 0, response, taken).unwrap();
        let len = black_box(&frame).len();
        buffer = frame.into_buffer();
        len
    })
}
