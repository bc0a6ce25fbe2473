//! [`last_commit_was_refused`]: a claim that its member gives up without a commit. [`was_out`]: a
//! member that had lost whatever it gives up.

use std::time::Duration;

use libkafka_history::{Event, Kind, Outcome};

use super::kind::SESSION;

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

/// For how long the coordinator hears nothing of a member that is out: a session, less the time by
/// which the answer to the last commit was late.
const OUT: Duration = SESSION.checked_mul(3).unwrap().checked_div(4).unwrap();

/// Whether a member that gives up these claims was out of the group before: the coordinator took
/// no commit of it for that long, and refused the last one of any of the claims. Java's tool calls
/// that revoked too, of all that it had.
pub(super) fn was_out(events: &[Event], mut claims: impl Iterator<Item = u64>, at: u64) -> bool {
    if !claims.any(|claim| last_commit_was_refused(events, claim)) {
        return false;
    }
    let accepted = events.iter().rev().find(|event| {
        let Kind::Committed { outcome, .. } = event.kind else {
            return false;
        };
        outcome == Outcome::Ok
    });
    let silent = |event: &Event| Duration::from_micros(at.saturating_sub(event.at));
    accepted.is_none_or(|event| silent(event) > OUT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn committed(at: u64, claim: u64, outcome: Outcome) -> Event {
        Event {
            at,
            process: "java".into(),
            kind: Kind::Committed {
                claim,
                offset: 5,
                outcome,
            },
        }
    }

    #[test]
    fn a_member_was_out_if_a_commit_is_refused_after_a_session_without_one() {
        let late = u64::try_from(OUT.as_micros()).unwrap() + 101;
        let mut events = vec![
            committed(100, 1, Outcome::Ok),
            committed(late, 2, Outcome::Info),
        ];
        assert!(was_out(&events, [1, 2].into_iter(), late));
        assert!(!was_out(&events, [1].into_iter(), late), "none was refused");
        assert!(!was_out(&events, [1, 2].into_iter(), late - 1), "too soon");
        events.insert(1, committed(200, 3, Outcome::Ok));
        assert!(!was_out(&events, [1, 2].into_iter(), late), "one was taken");
    }

    #[test]
    fn only_the_last_answer_to_the_same_claim_counts() {
        let answers = [(1, Outcome::Info), (1, Outcome::Ok), (2, Outcome::Info)];
        let events = answers.map(|(claim, outcome)| committed(0, claim, outcome));
        let refused = |upto: usize| last_commit_was_refused(&events[..upto], 1);
        assert_eq!([0, 1, 2, 3].map(refused), [false, true, false, false]);
        assert!(last_commit_was_refused(&events, 2));
    }
}
