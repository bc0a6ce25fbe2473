//! The ready-made codecs, and codecs of a caller's own.
#![cfg(all(
    feature = "gzip",
    feature = "snappy",
    feature = "lz4",
    any(feature = "zstd", feature = "zstd-structured", feature = "zstd-c")
))]

use std::io;

use libkafka_batch::{
    Batch, Builder, BuilderOptions, Compression, Compressor, Decoder, DecoderOptions, Decompressor,
    Error, Gzip, Lz4, Output, Record, Snappy, Zstd,
};
use proptest::prelude::*;

/// Each gives a builder a codec.
const COMPRESSORS: [fn(BuilderOptions) -> BuilderOptions; 5] = [
    |options| options.compressor(Gzip::new()),
    |options| options.compressor(Gzip::with_level(1)),
    |options| options.compressor(Snappy::new()),
    |options| options.compressor(Lz4::new()),
    |options| options.compressor(Zstd::new()),
];

fn with_limit(bytes: usize) -> Decoder {
    Decoder::with_options(DecoderOptions::new().limit(bytes))
}

fn values(batch: &Batch<'_>, decoder: &mut Decoder) -> Result<Vec<Vec<u8>>, Error> {
    let records = batch.records_with(decoder)?;
    records
        .iter()
        .map(|record| Ok(record?.value.unwrap().to_vec()))
        .collect()
}

#[test]
fn builders_and_decoders_serve_batch_after_batch() -> Result<(), Error> {
    let mut decoder = Decoder::new();
    for set in COMPRESSORS {
        let mut builder = Builder::with_options(set(BuilderOptions::new()));
        for round in 0..4u32 {
            // Sizes up and down, and across the blocks of every codec.
            let size = [70_000, 10, 300_000, 0][round as usize];
            let value: Vec<u8> = (0..size)
                .map(|i: u32| (i.wrapping_mul(i) >> (8 + round) & 0x3f) as u8)
                .collect();
            builder.add((), &value)?;
            builder.add((), b"last")?;
            let plain = builder.size();
            assert!(
                round != 1 || builder.estimated_size() < plain,
                "the batch before shrank"
            );
            let batch = Batch::parse(builder.build()?)?;
            assert!(size < 1000 || batch.size() < plain);
            assert_eq!(
                values(&batch, &mut decoder)?,
                [value.clone(), b"last".to_vec()]
            );
            assert_eq!(batch.records()?.len(), 2, "without a decoder as well");
        }
    }
    Ok(())
}

#[test]
fn records_that_do_not_shrink_stay_as_they_are_if_asked() -> Result<(), Error> {
    for set in COMPRESSORS {
        for only_when_smaller in [true, false] {
            let options = BuilderOptions::new().only_when_smaller(only_when_smaller);
            let mut builder = Builder::with_options(set(options));
            builder.add((), b"x")?;
            let batch = Batch::parse(builder.build()?)?;
            assert_eq!(
                batch.header.compression() == Compression::None,
                only_when_smaller
            );
            assert_eq!(values(&batch, &mut Decoder::new())?, [b"x"]);
        }
    }
    Ok(())
}

#[test]
#[cfg(any(feature = "zstd-structured", feature = "zstd-c"))]
fn zstd_keeps_its_level_beside_others_and_in_another_thread() {
    let text: String = (0..20_000u32)
        .map(|i| format!("{},", i.wrapping_mul(i) % 1009))
        .collect();
    let levels = [i32::MIN, -5, 1, 3, 9, 19, i32::MAX];
    let mut builders = levels.map(|level| {
        Builder::with_options(BuilderOptions::new().compressor(Zstd::with_level(level)))
    });
    let mut build = move || {
        builders.each_mut().map(|builder| {
            builder.add_record(&record(&text)).unwrap();
            let bytes = builder.build().unwrap();
            let batch = Batch::parse(bytes).unwrap();
            assert_eq!(
                values(&batch, &mut Decoder::new()).unwrap(),
                [text.as_bytes()]
            );
            bytes.len()
        })
    };
    let sizes = build();
    assert!(sizes[0] > sizes[1] && sizes[1] > sizes[2], "{sizes:?}");
    assert_eq!(build(), sizes);
    assert_eq!(std::thread::spawn(build).join().unwrap(), sizes);
}

#[cfg(any(feature = "zstd-structured", feature = "zstd-c"))]
fn record(text: &str) -> Record<'_> {
    Record {
        value: Some(text.as_bytes()),
        ..Record::default()
    }
}

/// Turns each byte over.
struct Inverted;

impl Compressor for Inverted {
    fn compression(&self) -> Compression {
        Compression::Zstd
    }

    fn compress(&mut self, input: &[u8], output: &mut Vec<u8>) -> io::Result<()> {
        output.extend(input.iter().map(|byte| !byte));
        Ok(())
    }
}

impl Decompressor for Inverted {
    fn compression(&self) -> Compression {
        Compression::Zstd
    }

    fn decompress(&mut self, input: &[u8], _magic: u8, output: &mut Output<'_>) -> io::Result<()> {
        let spare = output.spare(input.len())?;
        spare
            .iter_mut()
            .zip(input)
            .for_each(|(to, from)| *to = !from);
        output.advance(input.len())
    }
}

#[test]
fn a_codec_of_the_callers_own_takes_the_place_of_a_ready_made_one() -> Result<(), Error> {
    let mut builder = Builder::with_options(BuilderOptions::new().compressor(Inverted));
    builder.add("key", "value")?;
    let batch = Batch::parse(builder.build()?)?;
    assert!(matches!(
        batch.records(),
        Err(Error::Decompress {
            compression: Compression::Zstd,
            ..
        })
    ));
    let options = || DecoderOptions::new().decompressor(Inverted);
    let mut decoder = Decoder::with_options(options());
    assert_eq!(values(&batch, &mut decoder)?, [b"value"]);
    let mut decoder = Decoder::with_options(options().limit(10));
    assert!(matches!(
        values(&batch, &mut decoder),
        Err(Error::TooLarge { limit: 10, .. })
    ));
    Ok(())
}

#[test]
fn a_decoder_reads_on_after_a_batch_that_it_could_not() -> Result<(), Error> {
    for set in COMPRESSORS {
        let mut builder = Builder::with_options(set(BuilderOptions::new()));
        builder.add((), &[7; 5000])?;
        let bytes = builder.build()?.to_vec();
        let batch = Batch::parse(&bytes)?;
        let mut decoder = Decoder::new();
        for cut in 62..bytes.len() - 1 {
            let mut cut_off = bytes[..cut].to_vec();
            cut_off[8..12].copy_from_slice(&(cut as i32 - 12).to_be_bytes());
            let damaged = Batch::parse_unchecked(&cut_off)?;
            assert!(
                values(&damaged, &mut decoder).is_err(),
                "{:?} cut to {cut}",
                batch.header.compression()
            );
            assert_eq!(values(&batch, &mut decoder)?, [[7; 5000]]);
        }
        // The limit is met exactly, or passed by one.
        let unpacked = batch.records()?.as_bytes().len();
        let mut decoder = with_limit(unpacked);
        let read = values(&batch, &mut decoder);
        assert_eq!(read.unwrap_or_else(|e| panic!("{e}")), [[7; 5000]]);
        let mut decoder = with_limit(unpacked - 1);
        assert!(
            matches!(values(&batch, &mut decoder), Err(Error::TooLarge { .. })),
            "{:?}",
            batch.header.compression()
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damage_to_packed_records_ends_in_an_answer(
        codec in 0..5usize, value in "[a-d]{0,4000}", damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)
    ) {
        let mut builder = Builder::with_options(COMPRESSORS[codec](BuilderOptions::new()));
        builder.add_record(&Record { value: Some(value.as_bytes()), ..Record::default() }).unwrap();
        let mut bytes = builder.build().unwrap().to_vec();
        for (at, with) in damage {
            let at = 61 + at.index(bytes.len() - 61);
            bytes[at] = with;
        }
        let mut decoder = with_limit(1 << 20);
        let batch = Batch::parse_unchecked(&bytes).unwrap();
        if let Ok(records) = batch.records_with(&mut decoder) {
            prop_assert!(records.as_bytes().len() <= 1 << 20);
            records.iter().for_each(drop);
        };
    }
}
