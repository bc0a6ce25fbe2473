//! Split offset, duplicate, order in log: what the log itself looks like.

use std::collections::HashMap;

use crate::anomaly::{Anomaly, Check};
use crate::digest::Digest;
use crate::event::Value;
use crate::partition_digest::PartitionDigest;
use crate::rules::Rules;

pub(crate) fn log(digest: &Digest<'_>, rules: &Rules, found: &mut Vec<Anomaly>) {
    let mut first: HashMap<&Value, (&PartitionDigest<'_>, i64)> = HashMap::new();
    for partition in &digest.partitions {
        let mut last: HashMap<(&str, &str), (u64, i64)> = HashMap::new();
        let mut before: Option<&(i64, &Value)> = None;
        for record in &partition.log {
            let (offset, value) = record;
            let place = format!("{} at {offset}", partition.partition);
            let mut add = |check, what| found.push(Anomaly { check, at: 0, what });
            if let Some((at_offset, other)) = before
                && at_offset == offset
            {
                add(Check::SplitOffset, format!("{place}: {other} and {value}"));
            }
            before = Some(record);
            if let Some((other, at_offset)) = first.get(value) {
                if rules.idempotent {
                    let at = format!("{} at {at_offset}", other.partition);
                    add(
                        Check::Duplicate,
                        format!("{value} is in {at} and in {place}"),
                    );
                }
                continue;
            }
            first.insert(value, (partition, *offset));
            let of_key = last
                .entry((&value.producer, &value.key))
                .or_insert((value.n, *offset));
            if value.n < of_key.0 && rules.ordered {
                let (n, at_offset) = of_key;
                let what = format!("{place} is {value}, after number {n} at {at_offset}");
                add(Check::OrderInLog, what);
            }
            *of_key = (of_key.0.max(value.n), *offset);
        }
    }
}
