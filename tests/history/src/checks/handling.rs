//! Handled twice, order per key: who handled what, and in which order.

use std::collections::HashMap;

use crate::anomaly::{Anomaly, Check};
use crate::claim::End;
use crate::partition_digest::PartitionDigest;
use crate::rules::Rules;

pub(crate) fn handling(partition: &PartitionDigest<'_>, rules: &Rules, found: &mut Vec<Anomaly>) {
    let committed = partition.committed_before();
    let mut last: Vec<Option<usize>> = vec![None; partition.log.len()];
    let mut highest: HashMap<(&str, &str), usize> = HashMap::new();
    for handled in &partition.handled {
        let (offset, value) = partition.log[handled.record];
        let (name, claim) = (partition.partition, &partition.claims[handled.claim]);
        let mut add = |check, what| {
            found.push(Anomaly {
                check,
                at: handled.at,
                what,
            })
        };
        let of_key = highest
            .entry((&value.producer, &value.key))
            .or_insert(handled.record);
        match last[handled.record].replace(handled.claim) {
            Some(former) => {
                // What was committed before a claim began is not to be handled in it; and who leaves
                // in good order commits what it has handled.
                let is_committed = |claim: usize| {
                    let committed = committed.get(claim).and_then(|committed| committed.least);
                    committed.is_some_and(|committed| committed > offset)
                };
                let (earlier, later) = (&partition.claims[former], handled.claim);
                let left = matches!(earlier.ended, Some((_, End::Left)));
                // One that was halted may go on for a moment with what it has got.
                let comes_later = later > former;
                let kept_back = comes_later && left && !is_committed(former + 1);
                let kept_back = kept_back && !earlier.has_sought(offset);
                let again = match former == later {
                    _ if rules.exactly_once && !earlier.ended_badly() => !claim.has_sought(offset),
                    true => !claim.has_sought(offset),
                    false => kept_back || (is_committed(later) && !claim.has_sought(offset)),
                };
                if again {
                    let (claim, other) = (claim.name(), earlier.name());
                    let what = format!("{value}, in {name} at {offset}: by {other} and by {claim}");
                    add(Check::HandledTwice, what);
                }
            }
            None if handled.record < *of_key => {
                let (before, _) = partition.log[*of_key];
                let what =
                    format!("{value}, in {name} at {offset}, is handled after that at {before}");
                add(Check::OrderPerKey, what);
            }
            None => {}
        }
        *of_key = handled.record.max(*of_key);
    }
}
