//! Resume: whether a claim starts where the group had got to.

use crate::anomaly::{Anomaly, Check};
use crate::partition_digest::PartitionDigest;
use crate::rules::{Rules, Start};

/// A commit that had no answer yet when the claim began may have been taken or not: both are right.
/// After a claim that ended badly there may be less than was committed last.
pub(crate) fn resume(partition: &PartitionDigest<'_>, rules: &Rules, found: &mut Vec<Anomaly>) {
    let first = partition.log.first().map_or(0, |(offset, _)| *offset);
    let mut after_bad_end = false;
    for (claim, committed) in partition.claims.iter().zip(partition.committed_before()) {
        let is_after_bad_end = std::mem::replace(&mut after_bad_end, claim.ended_badly());
        // Where nothing was committed, what it did not read first is lost, and reported as that.
        let first_read = claim.first_read().filter(|_| committed.last.is_some());
        let Some(start) = claim.start.or(first_read) else {
            continue;
        };
        let possible = committed.possible.contains(&start);
        let right = match committed.last {
            // Offsets without a record are no gap.
            Some(committed) if start > committed => partition.between(committed, start).is_empty(),
            Some(committed) => start == committed || is_after_bad_end,
            None => rules.start == Start::Elsewhere || start <= first,
        };
        if !right && !possible {
            let (name, claim_name) = (partition.partition, claim.name());
            let expected = match committed.last {
                Some(committed) => format!("{committed} was committed"),
                None => format!("nothing was committed, and the first record is at {first}"),
            };
            found.push(Anomaly {
                check: Check::Resume,
                at: claim.assigned,
                what: format!("{claim_name} starts {name} at {start}, but {expected}"),
            });
        }
    }
}
