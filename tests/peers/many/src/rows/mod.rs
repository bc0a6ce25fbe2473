//! The rows of the table: each what is done, and by whom.

mod accumulate;
mod compare;
mod consume;
#[cfg(feature = "krafka")]
mod consume_krafka;
mod consume_raw;
#[cfg(feature = "rdkafka")]
mod consume_rdkafka;
mod consume_rows;
mod consume_trickle;
mod idle;
mod killed;
mod produce;
#[cfg(feature = "krafka")]
mod produce_krafka;
#[cfg(feature = "rdkafka")]
mod produce_rdkafka;
mod raw;
mod rivals;
mod stopped;
mod trickle;

pub(crate) use compare::compare;

use peers_harness::Figures;

use crate::task::Task;

/// Does what a task says.
pub(crate) fn run(task: &Task) -> Figures {
    match (task.row.as_str(), task.candidate.as_str()) {
        ("produce", "raw loop") => raw::produce(task),
        #[cfg(feature = "krafka")]
        ("produce", "krafka") => produce_krafka::run(task),
        #[cfg(feature = "rdkafka")]
        ("produce", "rdkafka") => produce_rdkafka::run(task),
        ("produce", "libkafka") => produce::run(task),
        ("accumulate", "hand loop") => accumulate::by_hand(task),
        ("accumulate", "shared by hand") => accumulate::shared_by_hand(task),
        ("accumulate", _) => accumulate::run(task),
        ("idle", _) => idle::run(task),
        ("trickle", _) => trickle::run(task),
        ("killed", _) => killed::run(task),
        ("stopped", _) => stopped::run(task),
        ("consume", "raw loop") => consume_raw::run(task),
        #[cfg(feature = "krafka")]
        ("consume", "krafka" | "krafka, group") => consume_krafka::run(task),
        #[cfg(feature = "rdkafka")]
        ("consume", "rdkafka" | "rdkafka, group") => consume_rdkafka::run(task),
        ("consume", _) => consume::run(task),
        ("consume-idle", _) => consume::idle(task),
        ("consume-trickle", _) => consume_trickle::run(task),
        (row, _) => panic!("there is no row {row}"),
    }
}
