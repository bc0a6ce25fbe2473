//! The rows that matter: a few of all parts, each with the others beside ours.

use crate::part::Outcome;
use crate::table::Table;

struct Row {
    what: &'static str,
    /// The title of the table that it is taken from.
    table: &'static str,
    /// The head of the column that it is taken from.
    column: &'static str,
}

const ROWS: &[Row] = &[
    Row {
        what: "decode a Metadata response, 3,000 partitions, µs",
        table: "Metadata response v12, 100 topics of 30 partitions, decode",
        column: "µs",
    },
    Row {
        what: "decode a Fetch response, 500 partitions of 2 KiB, µs",
        table: "Fetch response v12, 500 partitions of 2 KiB, decode",
        column: "µs",
    },
    Row {
        what: "encode it into one buffer, µs",
        table: "Fetch response v12, 500 partitions of 2 KiB, encode",
        column: "µs",
    },
    Row {
        what: "build a batch of 1,000 records of 100 B, µs",
        table: "Encode a",
        column: "µs",
    },
    Row {
        what: "read it, µs",
        table: "Decode a",
        column: "µs",
    },
    Row {
        what: "build it with lz4, µs",
        table: "Encode a, lz4",
        column: "µs",
    },
    Row {
        what: "produce records of 100 B, 5 requests in flight, CPU ns a record",
        table: "Produce 100 B, none, acks=1, 5 in flight",
        column: "CPU ns a record",
    },
    Row {
        what: "consume records of 100 B, CPU ns a record",
        table: "Consume 100 B, none",
        column: "CPU ns a record",
    },
    Row {
        what: "produce one record and wait for the answer, median, µs",
        table: "Produce single records of 100 B, acks=1, one by one",
        column: "p50 µs",
    },
    Row {
        what: "build a program that decodes a message from nothing, debug, CPU s",
        table: "CPU seconds of a build from nothing: debug, one message",
        column: "CPU s",
    },
];

/// The table of these rows.
pub fn summary(outcomes: &[Outcome]) -> String {
    let tables: Vec<Table<'_>> = outcomes
        .iter()
        .flat_map(|outcome| Table::all(&outcome.printed))
        .collect();
    let head = "| what | libkafka | by hand | others |\n| --- | ---: | ---: | --- |\n";
    let mut text = head.to_owned();
    for row in ROWS {
        let table = tables.iter().find(|table| table.title == row.table);
        text += &match table.and_then(|table| line(row, table)) {
            Some(line) => line,
            None => format!("| {} | not measured | | |\n", row.what),
        };
    }
    text
}

fn line(row: &Row, table: &Table<'_>) -> Option<String> {
    let (mut ours, mut limit, mut others) = (None, None, Vec::new());
    for name in table.names() {
        let Some(value) = table.get(name, row.column) else {
            continue;
        };
        match name.trim_matches('*') {
            // The first of several ways of ours.
            own if own.starts_with("libkafka") => ours = ours.or(Some(value)),
            // Loops and codecs by hand, which check little.
            "limit, crc-fast" | "limit" | "raw loop" => limit = limit.or(Some(value)),
            "memcpy" => {}
            name if name.starts_with("limit") || name.starts_with("CRC") => {}
            name => others.push(format!("{name} {value}")),
        }
    }
    Some(format!(
        "| {} | {} | {} | {} |\n",
        row.what,
        ours?,
        limit.unwrap_or_default(),
        others.join(", ")
    ))
}
