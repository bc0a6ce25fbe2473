//! [`sort`]: lists in an order that does not depend on a hash table.

use serde_json::Value;

/// What the elements of a list go by, the first that they have.
const NAMES: &[&[&str]] = &[
    &["name", "topicId"],
    &["topicName", "topicId"],
    &["topic", "topicId"],
    &["name"],
    &["topicName"],
    &["topic"],
    &["topicId"],
    &["groupId"],
    &[
        "resourceType",
        "resourceName",
        "patternType",
        "principal",
        "host",
        "operation",
        "permissionType",
    ],
    &["resourceType", "resourceName", "patternType"],
    &["resourceType", "resourceName"],
    &["principal", "host", "operation", "permissionType"],
    &["entity"],
    &["entityType"],
    &["user"],
    &["mechanism"],
    &["feature"],
    &["transactionalId"],
    &["partitionIndex"],
    &["partition"],
    &["index"],
    &["producerId"],
    &["memberId"],
    &["apiKey"],
    &["key"],
];

/// The APIs of which Kafka collects the answers in hash tables: a topic of which nothing was asked
/// is not there, and what was asked twice is there once.
const COLLECTED: &[&str] = &[
    "Produce",
    "OffsetCommit",
    "TxnOffsetCommit",
    "OffsetDelete",
    "Fetch",
    "ListOffsets",
    "DeleteRecords",
    "AddPartitionsToTxn",
    "WriteTxnMarkers",
    "DeleteGroups",
];

/// Sorts what Kafka gives in the order of a hash table.
pub(crate) fn sort(api: &str, value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                // Records are in an order.
                if name != "batches" && name != "records" {
                    sort(api, value);
                }
            }
        }
        Value::Array(values) => {
            values.iter_mut().for_each(|value| sort(api, value));
            if COLLECTED.contains(&api) {
                collect(values);
            }
            // The partitions of a transaction.
            if api == "DescribeTransactions" {
                values.sort_by_key(Value::as_i64);
            }
            if values.iter().all(|value| !key(value).is_empty()) {
                // A topic can be there twice, with two results, or with one for two reasons.
                values.sort_by_cached_key(|value| {
                    let why = value["errorMessage"].as_str().map(str::to_owned);
                    (key(value), value["errorCode"].as_i64(), why)
                });
            }
        }
        _ => {}
    }
}

/// Puts elements of one name together, and leaves out those that hold nothing.
fn collect(values: &mut Vec<Value>) {
    let mut rows: Vec<Value> = Vec::new();
    for value in values.drain(..) {
        if rows.contains(&value) {
            continue;
        }
        let is_same = |row: &&mut Value| !key(row).is_empty() && key(row) == key(&value);
        match rows.iter_mut().find(is_same).and_then(held_mut) {
            Some(held) => held.extend(held_of(&value).into_iter().flatten().cloned()),
            None => rows.push(value),
        }
    }
    rows.retain(|row| held_of(row).is_none_or(|held| !held.is_empty()));
    for row in &mut rows {
        if let Some(held) = held_mut(row) {
            held.sort_by_cached_key(key);
            held.dedup();
        }
    }
    *values = rows;
}

/// The fields that hold what was asked of an element.
const HELD: &[&str] = &[
    "partitions",
    "partitionResponses",
    "resultsByPartition",
    "topics",
];

fn held_of(value: &Value) -> Option<&Vec<Value>> {
    HELD.iter().find_map(|field| value.get(field)?.as_array())
}

fn held_mut(value: &mut Value) -> Option<&mut Vec<Value>> {
    let field = HELD.iter().find(|field| value.get(field).is_some())?;
    value.get_mut(field)?.as_array_mut()
}

fn key(value: &Value) -> Vec<String> {
    let has = |names: &&&[&str]| names.iter().all(|name| value.get(name).is_some());
    let names = NAMES.iter().find(has).copied().unwrap_or_default();
    let part = |name: &&str| match &value[name] {
        Value::Number(number) => format!("{:020}", number.as_i64().unwrap_or(0)),
        other => other.to_string(),
    };
    names.iter().map(part).collect()
}
