//! Places in a history.

use libkafka_history::{Event, Kind, Outcome, TopicPartition, Value};

pub(crate) type Events = Vec<Event>;

pub(crate) fn insert(events: &mut Events, index: usize, at: u64, process: &str, kind: Kind) {
    let process = process.into();
    events.insert(index, Event { at, process, kind });
}

/// The place of the first event from `from` on of which a function makes something.
pub(crate) fn find<T>(
    events: &[Event],
    from: usize,
    f: impl Fn(&Event) -> Option<T>,
) -> Option<(usize, T)> {
    let mut all = events.iter().enumerate().skip(from);
    all.find_map(|(index, event)| Some((index, f(event)?)))
}

pub(crate) fn end(events: &[Event]) -> Option<(usize, (TopicPartition, i64))> {
    find(events, 0, |event| match &event.kind {
        Kind::End { partition, offset } if *offset > 0 => Some((partition.clone(), *offset)),
        _ => None,
    })
}

pub(crate) fn sent_ok(event: &Event) -> Option<(Value, TopicPartition, i64)> {
    match &event.kind {
        Kind::Sent {
            value,
            outcome: Outcome::Ok,
            place: Some((partition, offset)),
        } => Some((value.clone(), partition.clone(), *offset)),
        _ => None,
    }
}

pub(crate) struct Handover {
    pub(crate) assigned: usize,
    pub(crate) claim: u64,
    pub(crate) partition: TopicPartition,
    pub(crate) start: i64,
    pub(crate) process: String,
    pub(crate) former: u64,
}

/// A claim that its member released, and the one after it: the place of the `Released`, the member,
/// the claim; the place of the `Assigned`, its claim, its start.
pub(crate) fn handover(events: &[Event], from: usize) -> Option<Handover> {
    let (assigned, (claim, partition, start)) = find(events, from, |event| match &event.kind {
        Kind::Assigned {
            claim,
            partition,
            start,
        } => Some((*claim, partition.clone(), (*start)?)),
        _ => None,
    })?;
    let released = assigned.checked_sub(1).map(|before| &events[before]);
    let Some(Event {
        process,
        kind: Kind::Released { claim: former },
        ..
    }) = released
    else {
        return handover(events, assigned + 1);
    };
    Some(Handover {
        assigned,
        claim,
        partition,
        start,
        process: process.to_string(),
        former: *former,
    })
}

pub(crate) fn has_sought(events: &[Event], claim: u64) -> bool {
    events
        .iter()
        .any(|e| matches!(e.kind, Kind::Sought { claim: c, .. } if c == claim))
}

pub(crate) fn last_claim(events: &[Event], partition: &TopicPartition) -> Option<u64> {
    events.iter().rev().find_map(|event| match &event.kind {
        Kind::Assigned {
            claim,
            partition: of,
            ..
        } if of == partition => Some(*claim),
        _ => None,
    })
}

pub(crate) fn value_at(events: &[Event], partition: &TopicPartition, offset: i64) -> Option<Value> {
    let found = find(events, 0, |event| {
        sent_ok(event).filter(|(_, p, o)| p == partition && *o == offset)
    });
    found.map(|(_, (value, ..))| value)
}
