//! Prints a segment of a broker's log like Kafka's own `kafka-dump-log.sh --print-data-log`.

mod fields;
#[path = "../program/mod.rs"]
mod program;

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::process::ExitCode;

use libkafka_client::Stop;
use libkafka_client::batch::{Batch, Decoder};
use program::{Arguments, Result, UsageError};
use serde_json::{Map, Value};

const USAGE: &str = "\
Prints the batches and records of a segment, and decodes control records.

Usage: cargo run --example dump_log -- [OPTIONS] DATA/TOPIC-PARTITION/OFFSET.log...

  --json                 print one JSON object per batch and per record";

fn main() -> ExitCode {
    program::run(USAGE, |mut arguments: Arguments, stop: &Stop| {
        let json = arguments.flag("--json");
        let files = arguments.rest()?;
        if files.is_empty() {
            return Err(UsageError("no file is named".to_owned()).into());
        }
        files.iter().try_for_each(|file| dump(file, json, stop))
    })
}

fn dump(path: &str, json: bool, stop: &Stop) -> Result {
    let (mut file, mut out) = (BufReader::new(File::open(path)?), io::stdout().lock());
    let (mut position, mut decoder) = (0, Decoder::new());
    // A base offset and a length are in front of each batch, and zeros fill what is not written.
    let mut start = [0; 12];
    while file.read_exact(&mut start).is_ok() && start[8..] != [0; 4] && !stop.is_stopped() {
        let length = u32::from_be_bytes([start[8], start[9], start[10], start[11]]);
        let mut bytes = start.to_vec();
        file.by_ref().take(length.into()).read_to_end(&mut bytes)?;
        let batch = Batch::parse_unchecked(&bytes)?;
        print(&mut out, "", fields::of_batch(&batch, position), json)?;
        for record in &batch.records_with(&mut decoder)? {
            print(&mut out, "| ", fields::of_record(&batch, &record?)?, json)?;
        }
        position += bytes.len();
    }
    Ok(())
}

fn print(out: &mut impl Write, prefix: &str, fields: fields::Fields, json: bool) -> io::Result<()> {
    if json {
        let fields = fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        return writeln!(out, "{}", Value::Object(Map::from_iter(fields)));
    }
    let fields = fields.iter().map(|(name, value)| match value {
        Value::String(text) => format!("{name}: {text}"),
        Value::Null => format!("{name}: OptionalLong.empty"),
        Value::Number(number) if *name == "deleteHorizonMs" => {
            format!("{name}: OptionalLong[{number}]")
        }
        Value::Object(_) if *name == "LeaderChange" => format!("{name}: {value}"),
        Value::Object(_) => format!("{name} {value}"),
        Value::Array(keys) => {
            let keys = keys.iter().filter_map(Value::as_str);
            format!("{name}: [{}]", Vec::from_iter(keys).join(","))
        }
        other => format!("{name}: {other}"),
    });
    writeln!(out, "{prefix}{}", Vec::from_iter(fields).join(" "))
}
