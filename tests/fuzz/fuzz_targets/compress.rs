//! Records compressed by every codec: what is decompressed is what went in. Zstandard is among them
//! only with the feature `zstd-structured`.
#![no_main]

use libkafka_batch::{
    Builder, BuilderOptions, Compressor, Decoder, Gzip, Lz4, Record, RecordSet, Snappy,
};

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let [codec, level, repeats, value @ ..] = input else {
        return;
    };
    let records = usize::from(*repeats) + 1;
    match codec % 4 {
        0 => check(Gzip::with_level(u32::from(level % 10)), value, records),
        1 => check(Snappy::new(), value, records),
        2 => check(Lz4::new(), value, records),
        // Of any level that there is, and of some that there are not.
        #[cfg(feature = "zstd-structured")]
        _ => {
            let level = i32::from(*level as i8) / 4;
            check(libkafka_batch::Zstd::with_level(level), value, records);
        }
        #[cfg(not(feature = "zstd-structured"))]
        _ => {}
    }
});

fn check(compressor: impl Compressor + Send + 'static, value: &[u8], records: usize) {
    let options = BuilderOptions::new().compressor(compressor);
    let mut builder = Builder::with_options(options);
    for n in 0..records {
        let record = Record {
            // Matches of many lengths and distances.
            value: Some(&value[..value.len() - n % (value.len() + 1)]),
            ..Record::default()
        };
        builder.add_record(&record).expect("it fits");
    }
    let batch = builder.build_bytes().expect("it is compressed");
    let mut decoder = Decoder::new();
    let mut set = RecordSet::new(&batch);
    let batch = set.next().expect("a batch").expect("a sound batch");
    let found = batch.records_with(&mut decoder).expect("sound records");
    assert_eq!(found.len(), records);
    for (n, record) in found.into_iter().enumerate() {
        let expected = &value[..value.len() - n % (value.len() + 1)];
        assert_eq!(record.expect("a sound record").value, Some(expected));
    }
}
