//! Anomalies of what is handled and committed.

use libkafka_history::{Event, Kind, Outcome, Value};

use super::search::{
    Events, Handover, end, find, handover, has_sought, insert, last_claim, value_at,
};

/// The last commit of a partition is for more than was handled.
pub(crate) fn commit_ahead(events: &mut Events) -> Option<()> {
    let (_, (partition, end)) = end(events)?;
    let claim = last_claim(events, &partition)?;
    let mut changed = 0;
    for event in events
        .iter_mut()
        .rev()
        .take_while(|event| !matches!(event.kind, Kind::Handled { claim: of, .. } if of == claim))
    {
        match &mut event.kind {
            Kind::Commit { claim: of, offset }
            | Kind::Committed {
                claim: of, offset, ..
            } if *of == claim && *offset == end => {
                *offset += 5;
                changed += 1;
            }
            _ => {}
        }
    }
    (changed > 0 && changed % 2 == 0).then_some(())
}

/// A commit of less, just before the next one.
pub(crate) fn commit_back(events: &mut Events) -> Option<()> {
    let taken = |event: &Event| match event.kind {
        Kind::Committed {
            claim,
            offset: 1..,
            outcome: Outcome::Ok,
        } => Some(claim),
        _ => None,
    };
    let mut from = 0;
    loop {
        let (first, claim) = find(events, from, taken)?;
        let again = |event: &Event| taken(event).filter(|other| *other == claim);
        if find(events, first + 1, again).is_some() && !has_sought(events, claim) {
            let (at, process) = (events[first].at + 1, events[first].process.to_string());
            let (offset, outcome) = (0, Outcome::Ok);
            insert(
                events,
                first + 1,
                at,
                &process,
                Kind::Committed {
                    claim,
                    offset,
                    outcome,
                },
            );
            insert(
                events,
                first + 1,
                at,
                &process,
                Kind::Commit { claim, offset },
            );
            return Some(());
        }
        from = first + 1;
    }
}

/// A member that commits once more what it has committed, after the next one began.
pub(crate) fn zombie_commit(events: &mut Events) -> Option<()> {
    let Handover {
        assigned,
        process,
        former,
        start: offset,
        ..
    } = handover(events, 0)?;
    let (at, claim, outcome) = (events[assigned].at + 1, former, Outcome::Ok);
    insert(
        events,
        assigned + 1,
        at,
        &process,
        Kind::Committed {
            claim,
            offset,
            outcome,
        },
    );
    insert(
        events,
        assigned + 1,
        at,
        &process,
        Kind::Commit { claim, offset },
    );
    (!has_sought(events, former)).then_some(())
}

/// A partition that was lost rather than released, after which the next claim begins one too early.
pub(crate) fn handled_twice(events: &mut Events) -> Option<()> {
    let mut from = 0;
    loop {
        let Handover {
            assigned,
            claim,
            partition,
            start,
            former,
            ..
        } = handover(events, from)?;
        from = assigned + 1;
        let last = (start - 1, value_at(events, &partition, start - 1));
        let (last, value) = match last {
            (last @ 0.., Some(value)) => (last, value),
            _ => continue,
        };
        // It handles before it commits.
        let first = |event: &Event| match event.kind {
            Kind::Handled { claim: of, .. } if of == claim => Some(true),
            Kind::Commit { claim: of, .. } if of == claim => Some(false),
            _ => None,
        };
        let before = |event: &Event| match event.kind {
            Kind::Handled {
                claim: of,
                from,
                upto,
            } => (of == former && from <= last && upto > last).then_some(()),
            _ => None,
        };
        if find(events, from, first).is_none_or(|(_, handles)| !handles)
            || find(events, 0, before).is_none()
            || has_sought(events, claim)
            || has_sought(events, former)
        {
            continue;
        }
        events[assigned - 1].kind = Kind::Lost {
            claim: former,
            why: String::new(),
        };
        events[assigned].kind = Kind::Assigned {
            claim,
            partition,
            start: Some(last),
        };
        let (mut polled, mut handled) = (false, false);
        for event in &mut events[from..] {
            match &mut event.kind {
                Kind::Polled {
                    claim: of,
                    from,
                    records: Some(records),
                    ..
                } if *of == claim && !polled => {
                    *from = last;
                    records.insert(0, (last, value.clone()));
                    polled = true;
                }
                Kind::Handled {
                    claim: of, from, ..
                } if *of == claim && !handled => {
                    *from = last;
                    handled = true;
                }
                _ => {}
            }
        }
        return Some(());
    }
}

/// The two halves of what was handled at once, the later one first.
pub(crate) fn order_per_key(events: &mut Events) -> Option<()> {
    let mut partitions = std::collections::HashMap::new();
    let mut reached = std::collections::HashMap::new();
    for index in 0..events.len() {
        match &events[index].kind {
            Kind::Assigned {
                claim, partition, ..
            } => {
                partitions.insert(*claim, partition.clone());
            }
            Kind::Handled { claim, from, upto } => {
                let (claim, from, upto) = (*claim, *from, *upto);
                let partition = &partitions[&claim];
                let before = reached.entry(partition.clone()).or_insert(0);
                let first_time = from >= *before;
                *before = upto.max(*before);
                let values = (from..upto).map(|offset| value_at(events, partition, offset));
                let values: Option<Vec<Value>> = values.collect();
                let Some(middle) = values.and_then(|values| split(&values)) else {
                    continue;
                };
                if !first_time {
                    continue;
                }
                let (at, process) = (events[index].at, events[index].process.to_string());
                let middle = from + middle as i64;
                events[index].kind = Kind::Handled {
                    claim,
                    from: middle,
                    upto,
                };
                let upto = middle;
                insert(
                    events,
                    index + 1,
                    at,
                    &process,
                    Kind::Handled { claim, from, upto },
                );
                return Some(());
            }
            _ => {}
        }
    }
    None
}

/// Between two values of one key.
fn split(values: &[Value]) -> Option<usize> {
    (1..values.len()).find(|middle| {
        let of_key = |value: &Value| (value.producer.clone(), value.key.clone());
        let before: Vec<_> = values[..*middle].iter().map(of_key).collect();
        values[*middle..]
            .iter()
            .any(|value| before.contains(&of_key(value)))
    })
}
