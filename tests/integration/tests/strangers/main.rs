//! Members of ours in a group with Java's and librdkafka's: each partition has one owner at any
//! time, and one in the end.
//!
//! A little of it is always tried. All of it, on every release and by every protocol:
//! `cargo test -p libkafka-integration --test strangers -- --ignored --nocapture --test-threads 1`.
//! With `PROTOCOL=classic-sticky`, or another name of a [`Protocol`], by that one alone.

mod course;
mod party;

use std::panic::{AssertUnwindSafe, catch_unwind};

use libkafka_integration::strangers::{Protocol, properties};
use libkafka_testkafka::{Kafka, Version, require};

use crate::course::{come_and_go, come_and_go_in_short, migrate, topics_change};

fn kafka(version: Version) -> Kafka {
    let builder = Kafka::builder().version(version);
    let builder = properties(version)
        .into_iter()
        .fold(builder, |builder, (key, value)| {
            builder.property(key, value)
        });
    builder.start().unwrap()
}

/// The whole of it on one release; it fails with all that failed.
fn try_all(version: Version) {
    let kafka = kafka(version);
    let mut failed = Vec::new();
    let mut attempt = |what: String, course: &dyn Fn()| {
        if catch_unwind(AssertUnwindSafe(course)).is_err() {
            failed.push(what);
        }
    };
    let protocols = Protocol::all_of(version);
    let wanted = std::env::var("PROTOCOL").ok();
    for (first, protocol) in protocols.iter().enumerate() {
        if wanted
            .as_ref()
            .is_some_and(|wanted| *wanted != protocol.to_string())
        {
            continue;
        }
        attempt(format!("{protocol}"), &|| {
            come_and_go(&kafka, *protocol, first)
        });
        attempt(format!("{protocol}, topics"), &|| {
            topics_change(&kafka, *protocol, first)
        });
    }
    if wanted.is_none() && protocols.contains(&Protocol::CONSUMER_UNIFORM) {
        attempt("migration".to_owned(), &|| migrate(&kafka));
    }
    assert!(failed.is_empty(), "Kafka {version}: {failed:?}");
}

#[test]
fn members_of_all_kinds_share_a_group_of_the_newest_kafka() {
    require!(librdkafka);
    let kafka = kafka(Version::CURRENT);
    come_and_go_in_short(&kafka, Protocol::COOPERATIVE);
    come_and_go_in_short(&kafka, Protocol::CONSUMER_UNIFORM);
}

macro_rules! grid {
    ($($name:ident $version:expr;)*) => {$(
        #[test]
        #[ignore = "minutes"]
        fn $name() {
            require!(librdkafka);
            try_all($version);
        }
    )*};
}

grid! {
    members_of_all_kinds_share_groups_of_kafka_1_0 Version::new(1, 0, 2);
    members_of_all_kinds_share_groups_of_kafka_2_8 Version::new(2, 8, 2);
    members_of_all_kinds_share_groups_of_kafka_3_9 Version::new(3, 9, 2);
    members_of_all_kinds_share_groups_of_kafka_4_0 Version::new(4, 0, 2);
    members_of_all_kinds_share_groups_of_kafka_4_4 Version::CURRENT;
}
