//! Stuck: whether a partition stands still.

use crate::anomaly::{Anomaly, Check};
use crate::digest::Digest;
use crate::event::Kind;
use crate::partition_digest::PartitionDigest;
use crate::rules::Rules;

/// Looks at each time between two polls: from when there was something new to read until anything
/// was read, less the time during which nobody could.
pub(crate) fn progress(
    digest: &Digest<'_>,
    partition: &PartitionDigest<'_>,
    rules: &Rules,
    found: &mut Vec<Anomaly>,
) {
    let steps = partition.claims.iter().flat_map(|claim| &claim.steps);
    let reads = steps.filter_map(|event| match event.kind {
        Kind::Polled { next, .. } => Some((event.at, next, true)),
        // A member may begin anywhere, and what is before that is not waited for.
        Kind::Sought { to, .. } => Some((event.at, to, false)),
        _ => None,
    });
    let starts = partition.claims.iter();
    let starts = starts.filter_map(|claim| Some((claim.assigned, claim.start?, false)));
    let mut reads: Vec<(u64, i64, bool)> = reads.chain(starts).collect();
    reads.push((digest.last, i64::MAX, true));
    reads.sort_unstable();

    // When the first of all records from an offset on was acknowledged.
    let mut since: Vec<u64> = partition.acknowledged.iter().map(|(_, at)| *at).collect();
    for place in (1..since.len()).rev() {
        since[place - 1] = since[place - 1].min(since[place]);
    }
    let (mut read_at, mut position) = (0, i64::MIN);
    for (at, next, is_read) in reads {
        let place = partition
            .acknowledged
            .partition_point(|(offset, _)| *offset < position);
        if is_read && let Some(since) = since.get(place) {
            let begin = read_at.max(*since);
            let waited = at.saturating_sub(begin);
            let waited = waited.saturating_sub(partition.excused.within(begin, at));
            if waited > rules.patience() {
                let (name, seconds) = (partition.partition, waited as f64 / 1e6);
                let offset = partition.acknowledged[place].0;
                found.push(Anomaly {
                    check: Check::Stuck,
                    at: begin,
                    what: format!("{name} had a record at {offset} unread for {seconds:.1} s"),
                });
            }
        }
        if is_read {
            read_at = at;
        }
        position = position.max(next);
    }
}
