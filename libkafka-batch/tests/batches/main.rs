//! Batches: built, stamped anew, and read.

use libkafka_batch::Record;

mod build;
mod read;
mod restamp;

fn record(timestamp: i64) -> Record<'static> {
    Record {
        timestamp,
        key: Some(b"key"),
        value: Some(b"value"),
        ..Record::default()
    }
}
