//! Every age of Kafka, through each of its listeners.
//!
//! The newest and the oldest are always tried. All of them:
//! `cargo test -p libkafka-integration --test matrix -- --ignored --nocapture`.

mod admin;
mod consumers;
mod groups;
mod place;
mod records;
mod table;
mod tiers;
mod versions;

use libkafka_testkafka::{Kafka, Version, require};

use crate::place::Place;
use crate::table::Table;

/// What every Kafka has to do through every listener: it panics where it does not.
type Behaviour = (&'static str, fn(&Place));

const BEHAVIOURS: [Behaviour; 10] = [
    ("versions", versions::are_negotiated_once_a_connection),
    ("newer", versions::what_a_broker_is_too_old_for_is_an_error),
    ("acks", records::come_back_with_any_acks),
    ("positions", records::are_found_by_position),
    ("idempotence", records::are_there_once),
    ("pipeline", records::keep_their_order_in_a_pipeline),
    ("topics", admin::topics_come_change_and_go),
    ("configs", admin::configs_are_seen_and_set),
    ("groups", groups::have_members_and_offsets),
    (
        "consumers",
        consumers::share_a_topic_and_go_on_where_they_were,
    ),
];

/// Tries these versions, and fails with all that failed.
fn try_versions(versions: &[Version]) {
    let mut table = Table::new(&BEHAVIOURS);
    for &version in versions {
        match Kafka::builder()
            .version(version)
            .tls(true)
            .sasl(true)
            .start()
        {
            Ok(kafka) => {
                for place in Place::all_of(&kafka) {
                    table.enter(&place);
                }
            }
            Err(error) => table.does_not_start(version, &error),
        }
    }
    table.show();
}

#[test]
fn the_newest_kafka_works_through_every_listener() {
    require!();
    try_versions(&[Version::CURRENT]);
}

#[test]
fn the_oldest_kafka_works_through_every_listener() {
    require!();
    try_versions(&Version::MATRIX[..1]);
}

#[test]
#[ignore = "minutes; fetches seven Kafkas"]
fn every_kafka_works_through_every_listener() {
    require!();
    try_versions(&Version::MATRIX);
}
