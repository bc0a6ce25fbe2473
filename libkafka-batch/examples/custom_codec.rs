//! A codec of your own: compresses and decompresses gzip at a level of your choice.

use std::error::Error;
use std::io::{self, Read, Write};

use flate2::Compression as Level;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use lexopt::prelude::*;
use libkafka_batch::{
    Batch, Builder, BuilderOptions, Compression, Compressor, Decoder, DecoderOptions, Decompressor,
    Output,
};
use serde_json::json;

const USAGE: &str = "\
Compresses a batch with gzip at several levels, and compares the sizes.

Usage: cargo run -p libkafka-batch --example custom_codec -- [OPTIONS]
  --records N  the number of records in the batch (1000)
  --json       print one JSON object per line
  -h, --help   print this";

/// Compresses gzip at one level, and decompresses it.
#[derive(Clone, Copy)]
struct GzipAt(u32);

impl Compressor for GzipAt {
    fn compression(&self) -> Compression {
        Compression::Gzip
    }

    fn compress(&mut self, input: &[u8], output: &mut Vec<u8>) -> io::Result<()> {
        let mut encoder = GzEncoder::new(output, Level::new(self.0));
        encoder.write_all(input)?;
        encoder.finish().map(drop)
    }
}

impl Decompressor for GzipAt {
    fn compression(&self) -> Compression {
        Compression::Gzip
    }

    fn decompress(&mut self, input: &[u8], _magic: u8, output: &mut Output<'_>) -> io::Result<()> {
        let mut decoder = MultiGzDecoder::new(input);
        loop {
            match decoder.read(output.room())? {
                0 => return Ok(()),
                // Fails where the batch unpacks to more than the decoder's limit.
                read => output.advance(read)?,
            }
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let (mut records, mut as_json) = (1_000, false);
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("records") => records = parser.value()?.parse()?,
            Long("json") => as_json = true,
            Short('h') | Long("help") => {
                println!("{USAGE}");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    for level in [0, 1, 6, 9] {
        let codec = GzipAt(level);
        let mut builder = Builder::with_options(BuilderOptions::new().compressor(codec));
        for number in 0u32..records {
            builder.add(
                &number.to_be_bytes(),
                &format!("order {number} was paid")[..],
            )?;
        }
        let bytes = builder.build()?;
        let mut decoder = Decoder::with_options(DecoderOptions::new().decompressor(codec));
        let read = Batch::parse(bytes)?
            .records_with(&mut decoder)?
            .iter()
            .count();
        match as_json {
            true => println!(
                "{}",
                json!({"level": level, "bytes": bytes.len(), "records": read})
            ),
            false => println!("level {level}: {:>7} bytes, {read} records", bytes.len()),
        }
    }
    Ok(())
}
