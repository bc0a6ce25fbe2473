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

#[cfg(test)]
mod tests {
    use super::{ROWS, summary};
    use crate::part::{End, Outcome, PARTS};

    fn outcome(printed: &str) -> Outcome {
        Outcome {
            part: &PARTS[0],
            printed: printed.to_owned(),
            end: End::Whole,
        }
    }

    /// The line of the summary that begins with `what`.
    fn line(printed: &str, what: &str) -> String {
        let summary = summary(&[outcome("nothing"), outcome(printed)]);
        let mut lines = summary.lines();
        let line = lines.find(|line| line.starts_with(&format!("| {what} |")));
        line.expect("a line").to_owned()
    }

    #[test]
    fn what_was_not_measured_is_said_in_a_line_of_its_own() {
        let summary = summary(&[]);
        let missing = summary.lines().filter(|line| line.contains("not measured"));
        assert_eq!(missing.count(), ROWS.len());
    }

    #[test]
    fn ours_what_is_by_hand_and_the_others_have_a_column_each() {
        let printed = "
Encode a

| | µs | least |
| --- | ---: | ---: |
| memcpy | 1.00 | 1.00 |
| CRC-32C alone | 2.00 | 2.00 |
| limit, crc-fast | 3.00 | 3.00 |
| limit that also checks widths | 4.00 | 4.00 |
| **libkafka-batch** | 5.00 | 5.00 |
| libkafka-batch, crc32c | 6.00 | 6.00 |
| krafka 0.28 | 7.00 | 7.00 |
| rskafka 0.6 | 8.00 | 8.00 |
";
        assert_eq!(
            line(printed, "build a batch of 1,000 records of 100 B, µs"),
            "| build a batch of 1,000 records of 100 B, µs | 5.00 | 3.00 | krafka 0.28 7.00, \
             rskafka 0.6 8.00 |"
        );
    }

    #[test]
    fn a_candidate_that_was_cut_off_shows_so() {
        let printed = "
Produce single records of 100 B, acks=1, one by one

| | p50 µs | × raw |
| --- | ---: | ---: |
| raw loop | 113.9 | 1.00 |
| **libkafka-client** | 127.8 | 1.12 |
| rskafka 0.6 | cut off after 20 s | |
";
        assert_eq!(
            line(
                printed,
                "produce one record and wait for the answer, median, µs"
            ),
            "| produce one record and wait for the answer, median, µs | 127.8 | 113.9 | \
             rskafka 0.6 cut off after 20 s |"
        );
    }

    #[test]
    fn a_table_without_us_counts_as_not_measured() {
        let printed = "Encode a\n\n| | µs |\n| --- | ---: |\n| krafka 0.28 | 7.00 |\n";
        let line = line(printed, "build a batch of 1,000 records of 100 B, µs");
        assert!(line.contains("not measured"), "{line}");
    }

    #[test]
    fn every_line_has_the_columns_of_the_head() {
        let printed = "Encode a\n\n| | µs |\n| --- | ---: |\n| **libkafka-batch** | 5.00 |\n";
        let summary = summary(&[outcome(printed)]);
        for line in summary.lines() {
            assert_eq!(line.matches('|').count(), 5, "{line}");
        }
    }
}
