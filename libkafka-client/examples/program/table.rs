//! [`print_table`]: results for people or for scripts.

use std::io::{self, Write};

use serde_json::{Map, Value};

/// Prints a table, or with `json` one object per line. Numbers are aligned to the right.
pub(crate) fn print_table(columns: &[&str], rows: &[Vec<Value>], json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if json {
        for row in rows {
            let names = columns.iter().map(|column| (*column).to_owned());
            writeln!(
                out,
                "{}",
                Value::Object(Map::from_iter(names.zip(row.iter().cloned())))
            )?;
        }
        return Ok(());
    }
    let head = columns.iter().map(|column| Value::from(*column)).collect();
    let widths: Vec<usize> = (0..columns.len())
        .map(|at| {
            let cells = rows.iter().map(|row| text(&row[at]).chars().count());
            cells.chain([columns[at].len()]).max().unwrap_or_default()
        })
        .collect();
    for row in [&head].into_iter().chain(rows) {
        let mut line = String::new();
        for (at, width) in widths.iter().enumerate() {
            let cell = text(&row[at]);
            let is_number = rows.iter().any(|row| row[at].is_number());
            line += &match is_number {
                true => format!("{cell:>width$}  "),
                false => format!("{cell:width$}  "),
            };
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
