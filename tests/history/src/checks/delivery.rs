//! Lost and ghost: what was sent, and what was handled.

use crate::anomaly::{Anomaly, Check};
use crate::digest::Digest;
use crate::event::Outcome;
use crate::partition_digest::PartitionDigest;
use crate::rules::{Rules, Start};

pub(crate) fn delivery(
    digest: &Digest<'_>,
    partition: &PartitionDigest<'_>,
    rules: &Rules,
    found: &mut Vec<Anomaly>,
) {
    let name = partition.partition;
    let mut handled = vec![None; partition.log.len()];
    for record in &partition.handled {
        handled[record.record].get_or_insert(record.at);
    }
    let highest = handled.iter().rposition(Option::is_some);
    let first = partition
        .claims
        .iter()
        .filter_map(|claim| claim.start)
        .min();
    for (record, (offset, value)) in partition.log.iter().enumerate() {
        let outcome = digest.sends.get(value);
        let Some(at) = handled[record] else {
            // Beyond what was handled there may be more to come, if the end is not known.
            let passed = highest.is_some_and(|highest| record < highest);
            let over = partition.end.is_some_and(|end| *offset < end);
            let wanted = rules.start == Start::Earliest || first.is_some_and(|f| *offset >= f);
            if (passed || over) && wanted && outcome != Some(&Outcome::Fail) {
                let at = digest.sent_at.get(value).copied().unwrap_or(0);
                let what = format!("{value}, in {name} at {offset}, was never handled");
                found.push(Anomaly {
                    check: Check::Lost,
                    at,
                    what,
                });
            }
            continue;
        };
        let why = match outcome {
            Some(Outcome::Fail) => "whose send had failed",
            None if digest.producers.contains(&*value.producer) => "which nobody sent",
            _ => continue,
        };
        let what = format!("{value}, {why}, was handled: it is in {name} at {offset}");
        found.push(Anomaly {
            check: Check::Ghost,
            at,
            what,
        });
    }
}
