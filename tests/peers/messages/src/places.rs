//! A produce request, which is a copy of its records and little else: what that little takes, and the
//! whole by where in a page the records are copied to.
//!
//! A copy depends on how its source and its target lie to each other, up to a page, so both libraries
//! write to the same place in turns.

use std::cell::RefCell;
use std::hint::black_box;

use bytes::{Bytes, BytesMut};
use kafka_protocol::messages::ProduceRequest as TheirRequest;
use kafka_protocol::protocol::{Decodable, Encodable};
use libkafka_protocol::KafkaWire;
use libkafka_protocol::messages::ProduceRequest;
use peers_harness::{Candidate, in_turns, median, percentiles, ratios, rounds};

use crate::workload;

const VERSION: i16 = 9;
const PAGE: usize = 4096;

/// Bytes from where in its page the source is to where in its page the target is.
const OFFSETS: [usize; 6] = [0, 16, 64, PAGE / 4, PAGE / 2, PAGE - 64];

/// Prints the table.
pub fn produce(records: usize) {
    println!(
        "\nProduce request v9, {} KiB, encode, by where the records are copied to\n",
        records >> 10
    );
    println!(
        "| | libkafka-protocol, ns | kafka-protocol 0.18, ns | the copy alone, ns | ratio, by \
         turns: a tenth below | median | a tenth above |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    row("no records", &Request::new(0), 0);
    let request = Request::new(records);
    for offset in OFFSETS {
        let name = match offset {
            0 => "to the same place in a page".to_owned(),
            offset => format!("{offset} bytes further in a page"),
        };
        row(&name, &request, offset);
    }
}

struct Request {
    ours: ProduceRequest,
    theirs: TheirRequest,
    records: Bytes,
    /// Where in the request its records are.
    at: usize,
}

impl Request {
    fn new(records: usize) -> Self {
        let mut wire = BytesMut::new();
        workload::produce(records)
            .encode(&mut wire, VERSION)
            .unwrap();
        let wire = wire.freeze();
        let ours = ProduceRequest::decode_exact(VERSION, &wire).unwrap();
        let theirs = TheirRequest::decode(&mut wire.clone(), VERSION).unwrap();
        let records = ours.topic_data[0].partition_data[0]
            .records
            .clone()
            .unwrap();
        let at = records.as_ptr().addr() - wire.as_ptr().addr();
        Self {
            ours,
            theirs,
            records,
            at,
        }
    }
}

fn row(name: &str, request: &Request, offset: usize) {
    let mut out = vec![0_u8; 2 * PAGE + request.records.len()];
    // So many bytes stay in front, so that the records come to the right place.
    let source = request.records.as_ptr().addr() + offset;
    let start = source.wrapping_sub(out.as_ptr().addr() + request.at) % PAGE;
    out.truncate(start);
    let out = RefCell::new(out);
    let ours = || {
        let mut out = out.borrow_mut();
        out.truncate(start);
        request.ours.encode(VERSION, &mut out).unwrap();
        black_box(&out).len()
    };
    let theirs = || {
        let mut out = out.borrow_mut();
        out.truncate(start);
        request.theirs.encode(&mut *out, VERSION).unwrap();
        black_box(&out).len()
    };
    ours();
    let written = out.borrow().clone();
    theirs();
    assert!(*out.borrow() == written, "both write the same");
    let copy = || {
        let mut out = out.borrow_mut();
        out.truncate(start + request.at);
        out.extend_from_slice(&request.records);
        black_box(&out).len()
    };
    let mut candidates = [
        Candidate::new("ours", ours),
        Candidate::new("theirs", theirs),
        Candidate::new("copy", copy),
    ];
    let taken = in_turns(&mut candidates, rounds(101));
    let [ours, theirs, copy] = [0, 1, 2].map(|i| median(taken[i].0.iter().copied()));
    let [below, middle, above] = percentiles(ratios(&taken[0].0, &taken[1].0), [10, 50, 90]);
    println!(
        "| {name} | {ours:.0} | {theirs:.0} | {copy:.0} | {below:.3} | {middle:.3} | {above:.3} |"
    );
}
