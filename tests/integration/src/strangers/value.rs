//! [`text`] and [`value`]: what a record says of itself.

use libkafka_batch::Record;
use libkafka_history::Value;

/// The value of a record that members of all kinds can read; its key is that of the record.
pub fn text(value: &Value) -> String {
    format!("{}.{}", value.producer, value.n)
}

/// What a record with such a value says of itself; none if it has another.
pub fn value(record: &Record<'_>) -> Option<Value> {
    let text = record.value_text()?;
    let (producer, n) = text.rsplit_once('.')?;
    let key = record.key_text().unwrap_or_default();
    Some(Value::new(producer, &*key, n.parse().ok()?))
}
