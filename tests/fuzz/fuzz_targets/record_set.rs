//! The records of a fetch response: batches of every format and codec.
#![no_main]

use libkafka_batch::{Decoder, DecoderOptions, RecordSet};

/// Little, so that a bomb costs little time.
const LIMIT: usize = 1024 * 1024;

/// The bytes of a batch behind those that hold its length and magic.
const FRAME: usize = 17;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let Some((format, input)) = input.split_first() else {
        return;
    };
    match *format {
        // Bytes as they are.
        3.. => read(input),
        // One batch of this magic.
        magic if input.len() >= FRAME => {
            let mut batch = input.to_vec();
            batch[8..12].copy_from_slice(&(input.len() as i32 - 12).to_be_bytes());
            batch[16] = magic;
            read(&batch);
        }
        _ => {}
    }
});

fn read(input: &[u8]) {
    let mut decoder = Decoder::with_options(DecoderOptions::new().limit(LIMIT));
    // Unchecked, as no chance hits upon a checksum.
    let mut set = RecordSet::unchecked(input);
    for batch in &mut set {
        let Ok(batch) = batch else { continue };
        assert!(batch.position() + batch.size() <= input.len());
        let _ = batch.check_crc();
        let Ok(records) = batch.records_with(&mut decoder) else {
            continue;
        };
        let mut count = 0;
        for record in &records {
            let Ok(record) = record else { break };
            count += 1;
            assert_eq!(record.headers.into_iter().count(), record.headers.len());
        }
        assert!(count <= records.len());
    }
    assert_eq!(set.position() + set.remaining(), input.len());
}
