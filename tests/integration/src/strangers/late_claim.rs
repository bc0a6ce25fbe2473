//! [`forget_late_claim`]: a claim that a halted member was given and never had.

use libkafka_history::{Event, Kind};

/// Forgets a claim that was just given up or lost if the member announced it after it went on from
/// a halt, and did nothing with it: `resumed` is the number of events before that. Such a member
/// announces what it was given before the halt, and learns only then that its session is over.
pub(super) fn forget_late_claim(events: &mut Vec<Event>, resumed: usize, claim: u64) {
    let is_of_it = |event: &Event| event.kind.claim() == Some(claim);
    let is_idle = |event: &Event| {
        matches!(
            event.kind,
            Kind::Assigned { .. } | Kind::Released { .. } | Kind::Lost { .. }
        )
    };
    let (before, since) = events.split_at(resumed.min(events.len()));
    let is_late = !before.iter().any(is_of_it);
    if is_late && since.iter().filter(|event| is_of_it(event)).all(is_idle) {
        events.retain(|event| !is_of_it(event));
    }
}

#[cfg(test)]
mod tests {
    use libkafka_history::TopicPartition;

    use super::*;

    fn history(kinds: Vec<Kind>) -> Vec<Event> {
        let event = |(at, kind)| Event {
            at,
            process: "halted".into(),
            kind,
        };
        (0..).zip(kinds).map(event).collect()
    }

    fn assigned(claim: u64) -> Kind {
        Kind::Assigned {
            claim,
            partition: TopicPartition::new("t", 0),
            start: None,
        }
    }

    fn lost(claim: u64) -> Kind {
        let why = "its session is over".to_owned();
        Kind::Lost { claim, why }
    }

    #[test]
    fn a_claim_counts_if_it_began_before_the_halt_or_anything_was_done_with_it() {
        let handled = Kind::Handled {
            claim: 3,
            from: 0,
            upto: 1,
        };
        let all = vec![
            assigned(1),
            Kind::Crash,
            assigned(2),
            assigned(3),
            assigned(4),
            lost(1),
            lost(2),
            handled,
            lost(3),
            Kind::Released { claim: 4 },
        ];
        let mut events = history(all.clone());
        for claim in [1, 3] {
            forget_late_claim(&mut events, 2, claim);
            assert_eq!(events, history(all.clone()), "{claim}");
        }
        for claim in [2, 4] {
            let had = events.len();
            forget_late_claim(&mut events, 2, claim);
            let of_it = |event: &&Event| event.kind.claim() == Some(claim);
            assert_eq!(events.iter().find(of_it), None);
            assert_eq!(events.len(), had - 2);
        }
    }
}
