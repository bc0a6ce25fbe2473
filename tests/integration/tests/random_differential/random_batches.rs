//! [`random_batches`]: what a request wants to append to a partition.

use fastrand::Rng;
use serde_json::{Value, json};

use crate::focus::Focus;
use crate::generate::Place;

/// How long the header of a batch is, after which its records come.
const HEADER: usize = 61;

/// One batch, or for once none or two.
pub(crate) fn random_batches(place: &Place<'_>, focus: &Focus, rng: &mut Rng) -> Vec<Value> {
    let count = match rng.u8(0..40) {
        0 => 0,
        1 => 2,
        _ => 1,
    };
    (0..count).map(|_| batch(place, focus, rng)).collect()
}

fn batch(place: &Place<'_>, focus: &Focus, rng: &mut Rng) -> Value {
    let of = |of: &[i64], rng: &mut Rng| of[rng.usize(0..of.len())];
    let index = place
        .beside
        .get("index")
        .and_then(Value::as_i64)
        .unwrap_or(0);
    let records: Value = (0..rng.usize(1..4))
        .map(|n| {
            let time = match rng.u8(0..12) {
                0 => of(&[-1, -2, i64::MAX / 2, 0], rng),
                _ => 1000 + n as i64 * of(&[0, 1, 1, 500, -1], rng),
            };
            let key = ["k", "k", ""][rng.usize(0..3)];
            json!({
                "time": time,
                "key": if rng.u8(0..4) == 0 { Value::Null } else { key.into() },
                "value": if rng.u8(0..8) == 0 { Value::Null } else { format!("v{n}").into() },
            })
        })
        .collect();
    let mut batch = json!({
        "codec": of(&[0, 0, 0, 0, 1, 2, 3, 4], rng),
        "records": records,
        "producerId": -1,
        "producerEpoch": -1,
        "baseSequence": -1,
        "transactional": false,
    });
    if let Some(producer) = &focus.producer
        && rng.u8(0..3) > 0
    {
        let expected = producer.next.get(&(focus.topic.clone(), index)).copied();
        let sequence = match rng.u8(0..8) {
            0 => of(&[0, 1, 2, 5, -1, i64::from(i32::MAX)], rng),
            _ => expected.unwrap_or(0),
        };
        let epoch = match rng.u8(0..10) {
            0 => of(&[-1, 1, 2], rng),
            _ => 0,
        };
        batch["producerId"] = producer.id.into();
        batch["producerEpoch"] = (producer.epoch + epoch).into();
        batch["baseSequence"] = sequence.into();
        batch["transactional"] = match rng.u8(0..8) {
            0 => rng.bool(),
            _ => producer.transactional_id.is_some(),
        }
        .into();
    }
    match rng.u8(0..40) {
        0 => batch["baseOffset"] = of(&[1, -1, 1000], rng).into(),
        1 => batch["maxTimestamp"] = of(&[0, 1, 5000, -1, -5], rng).into(),
        2 => batch["logAppendTime"] = of(&[0, 1, 5000, -1], rng).into(),
        // A bit of the header or the records is another; not of the length, after which anything
        // may be taken for another batch.
        3 | 4 => {
            let bit = 1 << rng.u8(0..8);
            // What is compressed stays whole.
            let end = if batch["codec"] == 0 { 100 } else { HEADER };
            batch["flaw"] = json!([rng.usize(12..end), bit, rng.u8(0..3) > 0]);
        }
        5 => batch["cut"] = of(&[1, 5, 20, 60], rng).into(),
        _ => {}
    }
    batch
}
