//! Two owners: whether claims of a partition overlap.

use crate::anomaly::{Anomaly, Check};
use crate::claim::Claim;
use crate::partition_digest::PartitionDigest;
use crate::rules::Rules;

/// A member that lost a partition, or crashed, may have had it until its session ended: what counts
/// is what it still did with it.
pub(crate) fn ownership(partition: &PartitionDigest<'_>, rules: &Rules, found: &mut Vec<Anomaly>) {
    // Of the claims so far, the one that was in use the longest, and until when.
    let mut longest: Option<(u64, &Claim<'_>)> = None;
    for claim in &partition.claims {
        if let Some((until, earlier)) = longest
            && until > claim.assigned
        {
            let (name, other) = (partition.partition, earlier.name());
            found.push(Anomaly {
                check: Check::TwoOwners,
                at: claim.assigned,
                what: format!("{} has {name} while {other} has it", claim.name()),
            });
        }
        let until = match claim.ended_badly() {
            true => claim
                .last_active()
                .min(claim.end())
                .saturating_sub(rules.session()),
            false => claim.end(),
        };
        if longest.is_none_or(|(longest, _)| until >= longest) {
            longest = Some((until, claim));
        }
    }
}
