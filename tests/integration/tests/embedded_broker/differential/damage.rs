//! Batches with damaged records, or with a codec that there is not.

use bytes::Bytes;
use libkafka_batch::{Builder, BuilderOptions, Compression, Gzip, Lz4, Record, Snappy, Zstd};
use libkafka_integration::batch;
use libkafka_protocol::ErrorCode;
use libkafka_testkafka::require;

use super::both::{Both, named};
use crate::cluster::produce_request;

const HEADER: usize = 61;
/// Where the lower byte of the attributes is.
const ATTRIBUTES: usize = 22;

fn compressed(codec: Compression, records: usize) -> Vec<u8> {
    let options = BuilderOptions::new().only_when_smaller(false);
    let options = match codec {
        Compression::Gzip => options.compressor(Gzip::new()),
        Compression::Snappy => options.compressor(Snappy::new()),
        Compression::Lz4 => options.compressor(Lz4::new()),
        _ => options.compressor(Zstd::new()),
    };
    let mut builder = Builder::with_options(options);
    for n in 0..records {
        let value = format!("value {n} of a few {}", n * 7919 % 1000);
        let record = Record {
            timestamp: 1000,
            value: Some(value.as_bytes()),
            ..Record::default()
        };
        builder.add_record(&record).unwrap();
    }
    builder.build().unwrap().to_vec()
}

/// A batch of these bytes, with the length and the checksum that they have now.
fn sealed(mut bytes: Vec<u8>) -> Bytes {
    let length = u32::try_from(bytes.len() - 12).unwrap();
    bytes[8..12].copy_from_slice(&length.to_be_bytes());
    let crc = crc32c::crc32c(&bytes[21..]);
    bytes[17..21].copy_from_slice(&crc.to_be_bytes());
    bytes.into()
}

/// All kinds of damage to the records of a batch: bits of every byte (of the framing, of lengths
/// and sizes, of blocks and checksums), an end anywhere, and more than there should be.
fn damaged(whole: &[u8], step: usize) -> Vec<(String, Bytes)> {
    let mut all = Vec::new();
    for at in HEADER..whole.len() {
        if at > HEADER + 30 && at % step > 0 {
            continue;
        }
        for bits in [1, 4, 0x20, 0x80, 0xff] {
            let mut bytes = whole.to_vec();
            bytes[at] ^= bits;
            all.push((format!("{bits:#x} of byte {}", at - HEADER), sealed(bytes)));
        }
        let end = whole[..at].to_vec();
        all.push((format!("the end at byte {}", at - HEADER), sealed(end)));
    }
    for more in [&[0][..], &[0; 4], &[1; 9], &[0xff; 20], &whole[HEADER..]] {
        let bytes = [whole, more].concat();
        all.push((format!("{} bytes more", more.len()), sealed(bytes)));
    }
    all
}

/// Whether the broker's README has the reason why the answers differ.
fn is_explained(codec: Compression, ours: ErrorCode, theirs: ErrorCode) -> bool {
    let read_first = (ours, theirs) == (ErrorCode::UNKNOWN_SERVER_ERROR, ErrorCode::INVALID_RECORD);
    match codec {
        // Kafka reads the records while it decompresses, and so may first meet one that is wrong.
        Compression::Gzip => read_first,
        // It does not look at the length of a record, nor, in LZ4, at the mark of the end.
        Compression::Snappy => (ours, theirs) == (ErrorCode::INVALID_RECORD, ErrorCode::NONE),
        Compression::Lz4 => theirs == ErrorCode::NONE,
        // It does not hold the size that a frame claims against what the topic allows.
        _ => {
            let claimed = (
                ErrorCode::MESSAGE_TOO_LARGE,
                ErrorCode::UNKNOWN_SERVER_ERROR,
            );
            read_first || (ours, theirs) == claimed
        }
    }
}

#[test]
fn damage_to_compressed_records_is_answered_in_the_same_way() {
    require!();
    let (mut both, _ours) = Both::start("same-damage");
    let mut differences = Vec::new();
    let mut codes = Vec::new();
    for codec in [
        Compression::Gzip,
        Compression::Snappy,
        Compression::Lz4,
        Compression::Zstd,
    ] {
        for (records, step) in [(2, 1), (60, 17)] {
            for (damage, bytes) in damaged(&compressed(codec, records), step) {
                let request = produce_request("same-damage", -1, Some(bytes));
                let [ours, theirs] = [&mut both.ours, &mut both.theirs].map(|wire| {
                    let mut response = wire.call(9, &request);
                    response.responses[0].partition_responses.remove(0)
                });
                let (code, other) = (ours.error_code, theirs.error_code);
                codes.push(other);
                let is_same = match code == other {
                    true => ours.error_message == theirs.error_message,
                    false => is_explained(codec, code, other),
                };
                if !is_same {
                    differences.push(format!(
                        "{codec}, {records} records, {damage}: {code}, {other}"
                    ));
                }
            }
        }
    }
    assert!(differences.is_empty(), "{differences:#?}");
    // What is told from what.
    for code in [
        ErrorCode::NONE,
        ErrorCode::UNKNOWN_SERVER_ERROR,
        ErrorCode::INVALID_RECORD,
    ] {
        assert!(codes.contains(&code));
    }
}

#[test]
fn codecs_that_there_are_not_are_answered_in_the_same_way() {
    require!();
    let (mut both, _ours) = Both::start("same-codecs");
    for codec in [5, 6, 7] {
        // In a transaction or none, and with another base offset or checksum as well.
        for (flags, flaw) in [(0, None), (0x10, None), (0, Some(7)), (0, Some(17))] {
            let mut bytes = batch(&["a", "b"]).to_vec();
            bytes[ATTRIBUTES] = codec | flags;
            let mut bytes = sealed(bytes).to_vec();
            if let Some(at) = flaw {
                bytes[at] ^= 1;
            }
            let bytes = Bytes::from(bytes);
            for acks in [-1, 5] {
                both.ask_up_to(
                    13,
                    |version, id| {
                        let mut request = produce_request("", acks, Some(bytes.clone()));
                        let topic = &mut request.topic_data[0];
                        let mut beside = topic.partition_data[0].clone();
                        beside.index = 1;
                        beside.records = Some(batch(&["a"]));
                        topic.partition_data.push(beside);
                        (topic.name, topic.topic_id) = named(version, 13, "same-codecs", id);
                        request
                    },
                    |response| {
                        let partitions = &mut response.responses[0].partition_responses;
                        partitions.sort_by_key(|partition| partition.index);
                    },
                );
            }
        }
    }
}

#[test]
fn what_claims_to_be_of_an_older_format_is_refused_in_the_same_way() {
    require!();
    let (mut both, _ours) = Both::start("same-formats");
    for magic in [0, 1] {
        // All codecs, the three that there are not among them, and both types of timestamps.
        for attributes in 0..16 {
            let mut bytes = batch(&["a", "b"]).to_vec();
            bytes[16] = magic;
            bytes[17] = attributes;
            let bytes = Bytes::from(bytes);
            both.ask(|version, id| {
                let mut request = produce_request("", -1, Some(bytes.clone()));
                let topic = &mut request.topic_data[0];
                (topic.name, topic.topic_id) = named(version, 13, "same-formats", id);
                request
            });
        }
    }
}
