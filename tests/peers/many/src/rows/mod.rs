//! The rows of the table: each what is done, and by whom.

mod accumulate;
mod compare;
mod consume;
mod consume_raw;
mod consume_rows;
mod idle;
mod killed;
mod produce;
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
        ("produce", _) => produce::run(task),
        ("accumulate", "hand loop") => accumulate::by_hand(task),
        ("accumulate", _) => accumulate::run(task),
        ("idle", _) => idle::run(task),
        ("trickle", _) => trickle::run(task),
        ("killed", _) => killed::run(task),
        ("stopped", _) => stopped::run(task),
        ("consume", "raw loop") => consume_raw::run(task),
        ("consume", _) => consume::run(task),
        ("consume-idle", _) => consume::idle(task),
        ("consume-trickle", _) => consume::trickle(task),
        (row, _) => panic!("there is no row {row}"),
    }
}
