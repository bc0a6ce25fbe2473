//! Anomalies of who reads, and from where.

use libkafka_history::{Event, Kind, Value};

use super::search::{Events, Handover, find, handover, insert, sent_ok};

/// A poll that lacks one of its records.
pub(crate) fn skip(events: &mut Events) -> Option<()> {
    let acknowledged: Vec<Value> = events.iter().filter_map(sent_ok).map(|(v, ..)| v).collect();
    events.iter_mut().find_map(|event| match &mut event.kind {
        Kind::Polled {
            records: Some(records),
            ..
        } => {
            let place = records
                .iter()
                .position(|(_, value)| acknowledged.contains(value))?;
            records.remove(place);
            Some(())
        }
        _ => None,
    })
}

/// A poll that comes twice.
pub(crate) fn back(events: &mut Events) -> Option<()> {
    let polled = |event: &Event| matches!(event.kind, Kind::Polled { .. }).then(|| event.clone());
    let (index, event) = find(events, 0, polled)?;
    events.insert(index, event);
    Some(())
}

/// A claim that starts far beyond, though its member then goes where it should have been.
pub(crate) fn resume(events: &mut Events) -> Option<()> {
    let Handover {
        assigned,
        claim,
        partition,
        start,
        ..
    } = handover(events, 0)?;
    let (at, process) = (events[assigned].at, events[assigned].process.to_string());
    events[assigned].kind = Kind::Assigned {
        claim,
        partition,
        start: Some(start + 1_000),
    };
    insert(
        events,
        assigned + 1,
        at,
        &process,
        Kind::Sought { claim, to: start },
    );
    Some(())
}

/// A partition that is released after the next member has it.
pub(crate) fn two_owners(events: &mut Events) -> Option<()> {
    let Handover {
        assigned,
        process,
        former,
        ..
    } = handover(events, 0)?;
    let at = events[assigned].at + 1;
    insert(
        events,
        assigned + 1,
        at,
        &process,
        Kind::Released { claim: former },
    );
    events.remove(assigned - 1);
    Some(())
}

/// A long silence after a record was acknowledged.
pub(crate) fn stuck(events: &mut Events) -> Option<()> {
    let (index, _) = find(events, 0, sent_ok)?;
    for event in &mut events[index + 1..] {
        event.at += 60_000_000;
    }
    Some(())
}
