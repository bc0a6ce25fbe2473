//! What hostile bytes do: end in an error, soon, and in little memory.
#![cfg(all(
    feature = "gzip",
    feature = "snappy",
    feature = "lz4",
    any(feature = "zstd", feature = "zstd-structured", feature = "zstd-c")
))]

use std::time::{Duration, Instant};

use libkafka_batch::{
    Batch, Builder, Compression, Compressor, Decoder, DecoderOptions, Error, Gzip, Header, Lz4,
    Record, RecordSet, Snappy, Zstd,
};

use counting::{Usage, count};

mod counting;

/// What an error may cost beyond what the input itself holds.
const LITTLE: usize = 4096;

/// A batch with the header fields and the payload given, its length and checksum right.
fn batch(attributes: i16, last_offset_delta: i32, count: i32, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 61];
    bytes.extend_from_slice(payload);
    let length = bytes.len() as i32 - 12;
    bytes[8..12].copy_from_slice(&length.to_be_bytes());
    bytes[16] = 2;
    bytes[21..23].copy_from_slice(&attributes.to_be_bytes());
    bytes[23..27].copy_from_slice(&last_offset_delta.to_be_bytes());
    bytes[57..61].copy_from_slice(&count.to_be_bytes());
    fix_crc(&mut bytes);
    bytes
}

fn fix_crc(batch: &mut [u8]) {
    let crc = crc32c::crc32c(&batch[21..]);
    batch[17..21].copy_from_slice(&crc.to_be_bytes());
}

fn with_limit(bytes: usize) -> Decoder {
    Decoder::with_options(DecoderOptions::new().limit(bytes))
}

/// Reads everything as a careless caller would, who reserves by what is claimed.
fn read_all(bytes: &[u8], decoder: &mut Decoder) -> Result<usize, Error> {
    let mut read = 0;
    for batch in RecordSet::new(bytes) {
        let batch = batch?;
        let records = batch.records_with(decoder)?;
        let mut all = Vec::with_capacity(records.len());
        for record in &records {
            let record = record?;
            let mut headers = Vec::with_capacity(record.headers.len());
            headers.extend(record.headers);
            all.push((record, headers));
        }
        read += all.len();
    }
    Ok(read)
}

fn refused(bytes: &[u8]) -> (Error, Usage) {
    let started = Instant::now();
    let (result, usage) = count(|| read_all(bytes, &mut Decoder::new()));
    assert!(started.elapsed() < Duration::from_secs(10));
    (result.expect_err("hostile bytes were read"), usage)
}

/// One record: attributes, deltas of 0, the rest as given, its length right.
fn record(rest: &[u8]) -> Vec<u8> {
    [&[(rest.len() as u8 + 3) << 1, 0, 0, 0], rest].concat()
}

#[test]
fn claims_that_the_bytes_do_not_bear_out_cost_nothing() {
    let max = [0xfe, 0xff, 0xff, 0xff, 0x0f];
    let one = record(&[1, 1, 0]);
    let two = [&one[..], &one].concat();
    let huge_record = [&max[..], &one[1..]].concat();
    let cases = [
        ("record count -1", batch(0, 0, -1, &one)),
        (
            "record count i32::MAX",
            batch(0, i32::MAX - 1, i32::MAX, &one),
        ),
        ("fewer records than there are", batch(0, 5, 1, &two)),
        ("no records where there are some", batch(0, 5, 0, &two)),
        ("more records than there are", batch(0, 5, 3, &two)),
        (
            "header count i32::MAX",
            batch(0, 0, 1, &record(&[&[1, 1][..], &max].concat())),
        ),
        ("header count -1", batch(0, 0, 1, &record(&[1, 1, 1]))),
        (
            "key length i32::MAX",
            batch(0, 0, 1, &record(&[&max[..], &[1, 0]].concat())),
        ),
        (
            "header key length -1",
            batch(0, 0, 1, &record(&[1, 1, 2, 1, 1])),
        ),
        ("record length i32::MAX", batch(0, 0, 1, &huge_record)),
        ("record length -1", batch(0, 0, 1, &[1, 0, 0, 0, 1, 1, 0])),
        ("record length 0", batch(0, 0, 1, &[0, 0, 0, 0, 1, 1, 0])),
        (
            "record length one short",
            batch(0, 0, 1, &[10, 0, 0, 0, 1, 1, 0]),
        ),
        (
            "record length one long",
            batch(0, 0, 1, &[14, 0, 0, 0, 1, 1, 0, 0]),
        ),
        (
            "varint of six bytes",
            batch(
                0,
                0,
                1,
                &[0x8c, 0x80, 0x80, 0x80, 0x80, 0, 0, 0, 0, 1, 1, 0],
            ),
        ),
        ("last offset before the first", batch(0, -1, 0, &[])),
        ("codec 5", batch(5, 0, 1, &one)),
        ("codec 6", batch(6, 0, 1, &one)),
        ("codec 7", batch(7, 0, 1, &one)),
    ];
    for (name, bytes) in cases {
        let (error, usage) = refused(&bytes);
        assert_eq!(
            error.place().map(|p| (p.position, p.base_offset)),
            Some((0, Some(0))),
            "{name}"
        );
        assert!(usage.peak <= LITTLE, "{name}: {usage:?} for {error}");
    }
}

#[test]
fn a_wrong_checksum_is_an_error_and_not_a_log_line() {
    let mut bytes = batch(0, 0, 1, &record(&[1, 1, 0]));
    *bytes.last_mut().unwrap() ^= 1;
    let (error, usage) = refused(&bytes);
    assert!(matches!(error, Error::Crc { .. }) && usage.peak <= LITTLE);
}

#[test]
fn lengths_that_lead_nowhere_end_the_set() {
    let good = batch(0, 0, 1, &record(&[1, 1, 0]));
    for length in [-1, -12, -13, -100, i32::MIN, 0, 13, i32::MAX, i32::MAX - 11] {
        let mut bytes = [&good[..], &good].concat();
        bytes[good.len() + 8..][..4].copy_from_slice(&length.to_be_bytes());
        let mut set = RecordSet::new(&bytes);
        assert!(set.next().unwrap().is_ok());
        let error = set.next().unwrap().unwrap_err();
        assert!(
            matches!(error, Error::BatchLength { length: l, .. } if l == length),
            "{error}"
        );
        assert!(set.next().is_none() && set.next().is_none());
        assert_eq!(set.remaining(), good.len());
    }
    // More than is there is a cut-off tail, up to the most that a batch can have.
    let mut bytes = good;
    bytes[8..12].copy_from_slice(&(i32::MAX - 12).to_be_bytes());
    assert_eq!(
        RecordSet::new(&bytes).cut_off_size(),
        Some(i32::MAX as usize)
    );
    assert!(RecordSet::new(&bytes).next().is_none());
}

#[test]
fn offsets_that_overflow_are_errors() {
    let mut offset = batch(0, 1, 1, &record(&[1, 1, 0]));
    offset[..8].copy_from_slice(&i64::MAX.to_be_bytes());
    assert!(matches!(refused(&offset).0, Error::Header { .. }));
    let delta_of_one = [14, 0, 0, 2, 1, 1, 0];
    let mut record = batch(0, 0, 1, &delta_of_one);
    record[..8].copy_from_slice(&i64::MAX.to_be_bytes());
    assert!(matches!(
        refused(&record).0,
        Error::Record { record: 0, .. }
    ));
}

#[test]
fn duplicate_header_keys_and_those_that_are_not_text_are_kept_in_order() -> Result<(), Error> {
    let headers = [
        Header {
            key: b"k",
            value: Some(b"1"),
        },
        Header {
            key: b"\xff\xfe",
            value: None,
        },
        Header {
            key: b"k",
            value: Some(b"2"),
        },
        Header {
            key: b"",
            value: Some(b""),
        },
        Header {
            key: b"k",
            value: Some(b"1"),
        },
    ];
    let mut builder = Builder::new();
    builder.add_record(&Record {
        headers: (&headers).into(),
        ..Record::default()
    })?;
    let batch = Batch::parse(builder.build()?)?;
    let records = batch.records()?;
    let record = records.iter().next().unwrap()?;
    assert!(record.headers.iter().eq(headers));
    assert_eq!(record.headers.get("k"), Some(headers[4]));
    assert!(headers[1].key_str().is_err());
    Ok(())
}

/// 1 GiB of zeros in 33 KB: blocks of four bytes that stand for 128 KiB each.
fn zstd_bomb() -> Vec<u8> {
    let mut bomb = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58];
    for i in 0..8192u32 {
        let last = u32::from(i == 8191);
        bomb.extend_from_slice(&(last | 1 << 1 | 0x2_0000 << 3).to_le_bytes()[..3]);
        bomb.push(0);
    }
    assert!(bomb.len() < 33 * 1024);
    bomb
}

#[test]
fn a_zstd_bomb_ends_at_the_limit() {
    let bytes = batch(4, 0, 1, &zstd_bomb());
    for limit in [1 << 20, 16 << 20, Decoder::DEFAULT_LIMIT] {
        let mut decoder = with_limit(limit);
        let (result, usage) = count(|| read_all(&bytes, &mut decoder));
        assert!(
            matches!(result, Err(Error::TooLarge { limit: l, .. }) if l == limit),
            "{result:?}"
        );
        // The memory, the part of it that is moved while it grows, and the window.
        assert!(
            usage.peak <= 2 * limit + (10 << 20),
            "{usage:?} for a limit of {limit}"
        );
    }
}

#[test]
fn a_zstd_window_beyond_the_limit_is_refused_before_it_is_taken() {
    // A window of 128 MiB for nothing at all.
    let bytes = batch(
        4,
        0,
        0,
        &[0x28, 0xb5, 0x2f, 0xfd, 0x00, 17 << 3, 0x01, 0x00, 0x00],
    );
    let mut decoder = with_limit(16 << 20);
    let (result, usage) = count(|| read_all(&bytes, &mut decoder));
    assert!(
        result.is_err() && usage.peak < 1 << 20,
        "{result:?} {usage:?}"
    );
    assert_eq!(read_all(&bytes, &mut Decoder::new()).unwrap(), 0);
}

#[test]
fn a_compressed_control_batch_unpacks_to_little_or_is_refused() {
    const CONTROL: i16 = 0x20;
    let (result, usage) = count(|| {
        let bytes = batch(4 | CONTROL, 0, 1, &zstd_bomb());
        let batch = Batch::parse(&bytes).unwrap();
        batch.records().map(drop)
    });
    let limit = Decoder::CONTROL_LIMIT;
    assert!(
        matches!(result, Err(Error::TooLarge { limit: l, .. }) if l == limit),
        "{result:?}"
    );
    // The window that the frame asks for is most of it.
    assert!(usage.peak <= 10 << 20, "{usage:?}");
}

#[test]
fn bombs_of_every_codec_end_at_the_limit() {
    let zeros = vec![0; 8 << 20];
    let compressors: [Box<dyn Compressor>; 4] = [
        Box::new(Gzip::new()),
        Box::new(Snappy::new()),
        Box::new(Lz4::new()),
        Box::new(Zstd::new()),
    ];
    for mut compressor in compressors {
        let compression = compressor.compression();
        let mut packed = Vec::new();
        compressor.compress(&zeros, &mut packed).unwrap();
        let bytes = batch(i16::from(compression.id()), 0, 1, &packed);
        let mut decoder = with_limit(1 << 20);
        let (result, usage) = count(|| read_all(&bytes, &mut decoder));
        assert!(
            matches!(result, Err(Error::TooLarge { .. })),
            "{compression}: {result:?}"
        );
        assert!(usage.peak <= 12 << 20, "{compression}: {usage:?}");
    }
}

#[test]
fn packed_blocks_that_claim_much_cost_little() {
    let snappy = [&[0xff, 0xff, 0xff, 0x3f][..], b"\0a"].concat();
    let framed = [
        &b"\x82SNAPPY\0\0\0\0\x01\0\0\0\x01\x7f\xff\xff\xff"[..],
        &snappy,
    ]
    .concat();
    // An LZ4 frame of blocks of 4 MiB, of which the only one holds a byte.
    let lz4 = [
        0x04, 0x22, 0x4d, 0x18, 0x60, 0x70, 0x73, 2, 0, 0, 0, 0x10, b'a', 0, 0, 0, 0,
    ];
    for (codec, payload) in [
        (Compression::Snappy, &snappy[..]),
        (Compression::Snappy, &framed),
        (Compression::Lz4, &lz4),
    ] {
        let (error, usage) = refused(&batch(i16::from(codec.id()), 0, 1, payload));
        assert!(usage.peak <= 64 * 1024, "{codec}: {usage:?} for {error}");
        // What unpacks to a byte fails as a record then; the claims fail in the codec.
        assert_eq!(
            matches!(error, Error::Header { .. }),
            codec == Compression::Lz4,
            "{codec}: {error}"
        );
    }
}

#[test]
fn a_legacy_message_inside_itself_goes_no_deeper() {
    // A compressed message that holds a compressed message: 26 bytes and the packed ones.
    let message = |attributes: u8, value: &[u8]| {
        let mut bytes = vec![0; 18];
        bytes[17] = attributes;
        bytes.extend_from_slice(&(-1i32).to_be_bytes());
        bytes.extend_from_slice(&(value.len() as i32).to_be_bytes());
        bytes.extend_from_slice(value);
        let length = bytes.len() as i32 - 12;
        bytes[8..12].copy_from_slice(&length.to_be_bytes());
        let mut crc = flate2::Crc::new();
        crc.update(&bytes[16..]);
        bytes[12..16].copy_from_slice(&crc.sum().to_be_bytes());
        bytes
    };
    let pack = |bytes: &[u8]| {
        let mut packed = Vec::new();
        Gzip::new().compress(bytes, &mut packed).unwrap();
        packed
    };
    let inner = message(0, b"value");
    assert_eq!(
        read_all(&message(1, &pack(&inner)), &mut Decoder::new()).unwrap(),
        1
    );
    let nested = message(1, &pack(&message(1, &pack(&inner))));
    assert!(matches!(refused(&nested).0, Error::Record { .. }));
    assert!(matches!(
        refused(&message(1, &pack(&inner[..20]))).0,
        Error::Record { .. }
    ));
    assert!(matches!(
        refused(&message(1, &pack(&[]))).0,
        Error::Record { .. }
    ));
}

#[test]
fn nothing_is_allocated_once_warm() -> Result<(), Error> {
    let value = [b'v'; 100];
    let headers = [
        Header::new("a", "1"),
        Header::new("b", "2"),
        Header::new("c", ()),
    ];
    let mut builder = Builder::new();
    let round = |builder: &mut Builder| -> Result<usize, Error> {
        for n in 0..1000 {
            let record = Record {
                timestamp: n,
                value: Some(&value),
                headers: (&headers).into(),
                ..Record::default()
            };
            builder.add_record(&record)?;
        }
        let batch = Batch::parse(builder.build()?)?;
        let mut read = 0;
        for record in &batch.records()? {
            read += record?.headers.into_iter().count();
        }
        Ok(read)
    };
    round(&mut builder)?;
    let (read, usage) = count(|| round(&mut builder));
    assert_eq!((read?, usage.count), (3000, 0));

    // Nor where the batch is given away, if it is dropped before the next is begun.
    let give = |builder: &mut Builder| -> Result<usize, Error> {
        for _ in 0..1000 {
            builder.add_record(&Record {
                value: Some(&value),
                ..Record::default()
            })?;
        }
        Ok(builder.build_bytes()?.len())
    };
    for _ in 0..3 {
        give(&mut builder)?;
    }
    let (size, usage) = count(|| give(&mut builder));
    assert!(size? > 100_000);
    assert_eq!(usage.count, 0);
    Ok(())
}
