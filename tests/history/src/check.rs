//! [`check`]: all checks of a history.

use crate::anomaly::Anomaly;
use crate::checks;
use crate::digest::Digest;
use crate::history::History;
use crate::rules::Rules;

/// Finds what must not have happened, in the order of time. None of the checks takes longer than
/// sorting the events.
pub fn check(history: &History, rules: &Rules) -> Vec<Anomaly> {
    let digest = Digest::of(history);
    let mut found = Vec::new();
    checks::log(&digest, rules, &mut found);
    for partition in &digest.partitions {
        checks::delivery(&digest, partition, rules, &mut found);
        checks::reading(partition, &mut found);
        checks::resume(partition, rules, &mut found);
        checks::ownership(partition, rules, &mut found);
        checks::commits(partition, &mut found);
        checks::handling(partition, rules, &mut found);
        checks::progress(&digest, partition, rules, &mut found);
    }
    found.sort_by_key(|anomaly| anomaly.at);
    found
}
