//! Skip and back: whether a claim reads on where it was.

use std::ops::Range;

use crate::anomaly::{Anomaly, Check};
use crate::event::{Kind, Value};
use crate::partition_digest::PartitionDigest;

pub(crate) fn reading(partition: &PartitionDigest<'_>, found: &mut Vec<Anomaly>) {
    for claim in &partition.claims {
        let mut position = claim.start;
        for event in &claim.steps {
            let mut add = |check, what: String| {
                let what = format!("{} of {}: {what}", claim.name(), partition.partition);
                found.push(Anomaly {
                    check,
                    at: event.at,
                    what,
                });
            };
            match &event.kind {
                Kind::Sought { to, .. } => position = Some(*to),
                Kind::Polled {
                    from,
                    records,
                    next,
                    ..
                } => {
                    let expected = position.unwrap_or(*from);
                    if *from < expected {
                        add(Check::Back, format!("reads from {from} after {expected}"));
                    } else if let Some(missed) =
                        first(partition, partition.between(expected, *from))
                    {
                        add(
                            Check::Skip,
                            format!("reads from {from} and misses {missed}"),
                        );
                    }
                    if let Some(records) = records {
                        check_records(partition, records, (*from, *next), &mut add);
                    }
                    position = Some(*next);
                }
                _ => {}
            }
        }
    }
}

/// Whether the records of one poll are in order, and all there.
fn check_records(
    partition: &PartitionDigest<'_>,
    records: &[(i64, Value)],
    (from, next): (i64, i64),
    add: &mut impl FnMut(Check, String),
) {
    let mut position = from;
    for (offset, _) in records {
        if *offset < position || *offset >= next {
            let span = format!("{from} to {next}");
            add(
                Check::Back,
                format!("got {offset} at {position}, of {span}"),
            );
            return;
        }
        if let Some(missed) = first(partition, partition.between(position, *offset)) {
            add(Check::Skip, format!("got {offset} and misses {missed}"));
        }
        position = offset + 1;
    }
    if let Some(missed) = first(partition, partition.between(position, next)) {
        add(
            Check::Skip,
            format!("goes on to {next} and misses {missed}"),
        );
    }
}

/// The first record of a range and how many there are, if any.
fn first(partition: &PartitionDigest<'_>, range: Range<usize>) -> Option<String> {
    let (offset, value) = partition
        .log
        .get(range.start)
        .filter(|_| !range.is_empty())?;
    let more = match range.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    Some(format!("{value} at {offset}{more}"))
}
