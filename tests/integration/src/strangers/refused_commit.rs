//! [`last_commit_was_refused`]: a claim that its member gives up without a commit.

use libkafka_history::{Event, Kind, Outcome};

/// Whether the last answer to a commit of the claim was no. Java's tool does not ask again while a
/// cooperative group rebalances, nor as it gives the partition up, so that whoever gets it handles
/// the last records again.
pub(super) fn last_commit_was_refused(events: &[Event], claim: u64) -> bool {
    let mut answers = events.iter().rev().filter_map(|event| match event.kind {
        Kind::Committed {
            claim: of, outcome, ..
        } if of == claim => Some(outcome),
        _ => None,
    });
    answers.next().is_some_and(|last| last != Outcome::Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_answer_to_the_same_claim_counts() {
        let answers = [(1, Outcome::Info), (1, Outcome::Ok), (2, Outcome::Info)];
        let events = answers.map(|(claim, outcome)| Event {
            at: 0,
            process: "java".into(),
            kind: Kind::Committed {
                claim,
                offset: 5,
                outcome,
            },
        });
        let refused = |upto: usize| last_commit_was_refused(&events[..upto], 1);
        assert_eq!([0, 1, 2, 3].map(refused), [false, true, false, false]);
        assert!(last_commit_was_refused(&events, 2));
    }
}
