//! The most memory that the fewest bytes can ask for, message by message.

use libkafka_protocol::{Bytes, ErrorKind, Limits};

use crate::COST_OF_AN_ERROR;
use crate::allocations::Allocations;
use crate::minimal::{Minimal, arrays, names};
use crate::targets;

/// For each array of each message in each version, the frames with the most
/// memory for their length: every one of them is legal, so none may be refused.
#[test]
fn the_worst_frame_of_every_message_stays_within_the_stated_factor() {
    let limits = Limits::default();
    let mut worst = (0.0, String::new());
    let mut frames = 0;
    for target in targets::all() {
        let schema = target.schema;
        for version in schema.versions.iter() {
            let flexible = schema.flexible.contains(version);
            for path in arrays(schema, version) {
                // A limit that lets a thousand elements pass must let one pass too.
                for (count, tagged) in [(1, false), (2, false), (1000, false), (1000, true)] {
                    let path = &path[..];
                    let minimal = Minimal {
                        version,
                        flexible,
                        path,
                        count,
                        tagged,
                    };
                    let frame = Bytes::from(minimal.encode(schema));
                    let (result, cost) =
                        Allocations::of(|| (target.decode)(version, &frame, limits));
                    let array = names(schema, path);
                    let what = format!("{} v{version}, {count} x {array}", schema.name);
                    assert!(result.is_ok(), "{what}: {result:?} for {:02x?}", &frame[..]);
                    let factor = cost.peak as f64 / frame.len() as f64;
                    if factor > worst.0 {
                        worst = (factor, what);
                    }
                    frames += 1;
                }
            }
        }
    }
    let (factor, what) = worst;
    println!("{factor:.1} times the frame at worst, by {what}, of {frames} frames");
    assert!(frames > 4000);
    assert!(factor <= limits.memory_factor as f64, "{factor:.1}: {what}");
}

#[test]
fn a_limit_of_the_callers_own_is_kept() {
    let target = |name| targets::all().into_iter().find(|t| t.schema.name == name);
    let target = target("ListGroupsResponse").unwrap();
    let path = &arrays(target.schema, 3)[0][..];
    let minimal = Minimal {
        version: 3,
        flexible: true,
        path,
        count: 1000,
        tagged: false,
    };
    let frame = Bytes::from(minimal.encode(target.schema));
    for memory_factor in [0, 1, 8] {
        let mut limits = Limits::default();
        limits.memory_factor = memory_factor;
        let (result, cost) = Allocations::of(|| (target.decode)(3, &frame, limits));
        let error = result.unwrap_err();
        let (count, budget) = (1000, memory_factor * frame.len());
        assert_eq!(error.kind(), &ErrorKind::MemoryLimit { count, budget });
        assert_eq!((error.path().as_str(), error.offset()), ("groups", Some(8)));
        assert!(cost.total <= COST_OF_AN_ERROR, "{cost:?}");
    }
}
