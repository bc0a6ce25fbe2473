//! Record batches: libkafka-batch beside other libraries and the limits, on the same records.
//!
//! `cargo run --release -p peers-batches -- abcd none` for the workloads (see `workload`), plain;
//! `-- a gzip,snappy,lz4,zstd` compressed.

use limit::Checks;
use peers_harness::{Candidate, Counting, Work, compare};

mod limit;
mod ours;
mod peers;
mod workload;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let workloads = arguments.next().unwrap_or_else(|| "abcd".to_owned());
    let codecs = arguments.next().unwrap_or_else(|| "none".to_owned());
    for name in workloads.chars() {
        for codec in codecs.split(',') {
            match codec {
                "none" => plain(name),
                codec => compressed(name, codec),
            }
        }
    }
}

fn plain(name: char) {
    let records = workload::workload(name);
    let peers = peers::all(&records, "none");
    let mut canonical = Vec::new();
    let len = limit::encode(&records, &mut canonical, limit::crc32c);
    canonical.truncate(len);
    let canonical = bytes::Bytes::from(canonical);
    let sum = limit::decode(&canonical, limit::crc32c).expect("what the limit writes, it reads");
    let work = Work {
        unit: "record",
        units: records.len(),
        bytes: canonical.len(),
    };

    let mut ours = ours::Encoder::new("none");
    assert!(
        ours.encode(&records) == canonical,
        "we write what the limit writes"
    );
    assert_eq!(ours::decode(&canonical, &mut ours::decoder()), sum);
    for peer in &peers {
        peer.check(&canonical, sum);
    }

    let (mut first, mut second, mut copy) = (Vec::new(), Vec::new(), vec![0; len]);
    let mut candidates = vec![
        Candidate::new("limit, crc32c", || {
            limit::encode(&records, &mut first, limit::crc32c)
        }),
        Candidate::new("limit, crc-fast", || {
            limit::encode(&records, &mut second, limit::crc_fast)
        }),
        Candidate::new(ours::NAME, || ours.encode(&records).len()),
        Candidate::new("memcpy", || copy.copy_from_slice(&canonical)),
        Candidate::new("CRC alone, crc32c", || limit::crc32c(&canonical[21..])),
        Candidate::new("CRC alone, crc-fast", || limit::crc_fast(&canonical[21..])),
    ];
    candidates.extend(peers.iter().map(|peer| peer.encode()));
    compare(&format!("Encode {name}"), work, candidates);

    // With the checksum that is our default, for the limits too.
    let batch = &canonical;
    let mut decoder = ours::decoder();
    let mut candidates = vec![
        Candidate::new("limit", || limit::decode(batch, limit::crc_fast)).reference(),
        Candidate::new("limit that checks where records end", || {
            limit::decode_with::<{ Checks::Ends as u8 }>(batch, limit::crc_fast)
        }),
        Candidate::new("limit that also checks widths", || {
            limit::decode_with::<{ Checks::Widths as u8 }>(batch, limit::crc_fast)
        }),
        Candidate::new("limit that also checks the header", || {
            limit::decode_with::<{ Checks::Header as u8 }>(batch, limit::crc_fast)
        }),
        Candidate::new(ours::NAME, || ours::decode(batch, &mut decoder)),
    ];
    candidates.extend(peers.iter().map(|peer| peer.decode(&canonical)));
    compare(&format!("Decode {name}"), work, candidates);
}

fn compressed(name: char, codec: &str) {
    let records = workload::workload(name);
    let peers = peers::all(&records, codec);
    let mut ours = ours::Encoder::new(codec);
    let batch = bytes::Bytes::copy_from_slice(ours.encode(&records));
    let work = Work {
        unit: "record",
        units: records.len(),
        bytes: batch.len(),
    };

    println!(
        "\nSizes of {name} with {codec}: {} {}",
        ours::NAME,
        batch.len()
    );
    for peer in &peers {
        println!("{} {}", peer.name, peer.size());
    }
    let mut candidates = vec![Candidate::new(ours::NAME, || ours.encode(&records).len())];
    candidates.extend(peers.iter().map(|peer| peer.encode()));
    compare(&format!("Encode {name}, {codec}"), work, candidates);

    // Everyone reads our batch, so that the same bytes are unpacked.
    let mut decoder = ours::decoder();
    let mut candidates = vec![Candidate::new(ours::NAME, || {
        ours::decode(&batch, &mut decoder)
    })];
    candidates.extend(peers.iter().map(|peer| peer.decode(&batch)));
    compare(&format!("Decode {name}, {codec}"), work, candidates);
}
