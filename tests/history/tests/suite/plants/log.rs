//! Anomalies of the log and of what became of it.

use libkafka_history::{Event, Kind, Outcome, Value};

use super::search::{Events, end, find, has_sought, insert, last_claim, sent_ok};

/// One more record at the end of the log, that nobody reads.
pub(crate) fn lost(events: &mut Events) -> Option<()> {
    let (index, (partition, offset)) = end(events)?;
    let (at, value) = (events[index].at, Value::new("late", "", 1));
    events[index].kind = Kind::End {
        partition: partition.clone(),
        offset: offset + 1,
    };
    let place = Some((partition, offset));
    insert(
        events,
        index,
        at,
        "late",
        Kind::Sent {
            value,
            outcome: Outcome::Ok,
            place,
        },
    );
    Some(())
}

/// A send that was said to have failed.
pub(crate) fn ghost(events: &mut Events) -> Option<()> {
    let (index, (value, ..)) = find(events, 0, sent_ok)?;
    events[index].kind = Kind::Sent {
        value,
        outcome: Outcome::Fail,
        place: None,
    };
    Some(())
}

/// Another value was acknowledged at the offset of one.
pub(crate) fn split_offset(events: &mut Events) -> Option<()> {
    let (index, (_, partition, offset)) = find(events, 0, sent_ok)?;
    let (at, value) = (events[index].at, Value::new("other", "", 1));
    let place = Some((partition, offset));
    insert(
        events,
        index + 1,
        at,
        "other",
        Kind::Sent {
            value,
            outcome: Outcome::Ok,
            place,
        },
    );
    Some(())
}

/// The first record of a partition is there once more, at its end.
pub(crate) fn duplicate(events: &mut Events) -> Option<()> {
    let (index, (partition, end)) = end(events)?;
    let of_partition =
        |event: &Event| sent_ok(event).filter(|(_, p, offset)| *p == partition && *offset == 0);
    let (_, (value, ..)) = find(events, 0, of_partition)?;
    let claim = last_claim(events, &partition)?;
    let mut polled = false;
    for event in events.iter_mut() {
        match &mut event.kind {
            Kind::Polled {
                claim: of,
                records: Some(records),
                next,
                ..
            } if *of == claim && *next == end && !polled => {
                records.push((end, value.clone()));
                *next += 1;
                polled = true;
            }
            Kind::Handled {
                claim: of, upto, ..
            } if *of == claim && *upto == end => *upto += 1,
            Kind::Commit { claim: of, offset }
            | Kind::Committed {
                claim: of, offset, ..
            } if *of == claim && *offset == end => {
                *offset += 1;
            }
            _ => {}
        }
    }
    events[index].kind = Kind::End {
        partition,
        offset: end + 1,
    };
    (polled && !has_sought(events, claim)).then_some(())
}

/// Two records of a producer and key have changed places.
pub(crate) fn order_in_log(events: &mut Events) -> Option<()> {
    let (index, (first, ..)) = find(events, 0, sent_ok)?;
    let of_key = |event: &Event| {
        let (value, ..) = sent_ok(event)?;
        (value.producer == first.producer && value.key == first.key).then_some(value)
    };
    let (_, second) = find(events, index + 1, of_key)?;
    let swap = |value: &mut Value| {
        if *value == first {
            *value = second.clone();
        } else if *value == second {
            *value = first.clone();
        }
    };
    for event in events {
        match &mut event.kind {
            Kind::Sent { value, .. } => swap(value),
            Kind::Polled {
                records: Some(records),
                ..
            } => {
                records.iter_mut().for_each(|(_, value)| swap(value));
            }
            _ => {}
        }
    }
    Some(())
}
