//! Commit ahead, commit back, zombie commit: what was committed, by whom and when.

use std::collections::BTreeMap;

use crate::anomaly::{Anomaly, Check};
use crate::claim::{Claim, End};
use crate::event::Kind;
use crate::partition_digest::PartitionDigest;

pub(crate) fn commits(partition: &PartitionDigest<'_>, found: &mut Vec<Anomaly>) {
    for claim in &partition.claims {
        ahead(partition, claim, found);
    }
    // When the next claim begins, for each.
    let next = partition.claims.iter().skip(1).map(|claim| claim.assigned);
    let next: Vec<u64> = next.chain([u64::MAX]).collect();
    let mut taken: Vec<_> = partition.commits.iter().filter(|c| c.counts()).collect();
    taken.sort_by_key(|commit| commit.answered);
    let committed = partition.committed_before();
    let mut last = None;
    for commit in taken {
        let name = partition.partition;
        let mut add = |check, what| {
            found.push(Anomaly {
                check,
                at: commit.asked,
                what,
            })
        };
        if let Some(index) = commit.claim {
            let (claim, offset) = (&partition.claims[index], commit.offset);
            let claim_name = claim.name();
            // Who was only halted, and not missed, goes on with what it has.
            let end = match claim.ended {
                Some((_, End::Crash)) => u64::MAX,
                _ => claim.end(),
            };
            if commit.asked > end.min(next[index]) {
                let what = format!("{claim_name} commits {offset} of {name} after its end");
                add(Check::ZombieCommit, what);
                continue;
            }
            if let Some(last) = last
                && offset < last
                && !claim.has_sought(offset)
                && !claim
                    .start
                    .is_some_and(|s| s <= offset && committed[index].possible.contains(&s))
            {
                add(
                    Check::CommitBack,
                    format!("{claim_name} commits {offset} of {name} after {last}"),
                );
            }
        }
        last = Some(commit.offset);
    }
}

/// Whether a claim commits more than it has handled without a gap.
fn ahead(partition: &PartitionDigest<'_>, claim: &Claim<'_>, found: &mut Vec<Anomaly>) {
    let mut reached = claim.start;
    let mut beyond: BTreeMap<i64, i64> = BTreeMap::new();
    for event in &claim.steps {
        match event.kind {
            Kind::Sought { to, .. } => {
                reached = Some(to);
                beyond.clear();
            }
            Kind::Polled { from, .. } => {
                reached.get_or_insert(from);
            }
            Kind::Handled { from, upto, .. } => {
                let longest = beyond.entry(from).or_insert(upto);
                *longest = upto.max(*longest);
                let mut upto = reached.unwrap_or(from);
                // Offsets without a record, left by compaction or transactions, are no gap.
                while let Some(first) = beyond.first_entry()
                    && (*first.key() <= upto || partition.between(upto, *first.key()).is_empty())
                {
                    upto = upto.max(first.remove());
                }
                reached = Some(upto);
            }
            Kind::Commit { offset, .. } => {
                if let Some(reached) = reached
                    && offset > reached
                {
                    let (name, claim) = (partition.partition, claim.name());
                    found.push(Anomaly {
                        check: Check::CommitAhead,
                        at: event.at,
                        what: format!(
                            "{claim} commits {offset} of {name}, handled up to {reached}"
                        ),
                    });
                }
            }
            _ => {}
        }
    }
}
