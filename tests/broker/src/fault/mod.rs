//! Faults: failures on purpose.

mod action;
mod entry;
#[expect(clippy::module_inception, reason = "it holds `Fault`")]
mod fault;
mod matcher;
mod strikes;
mod target;

pub(crate) use action::{Action, Delivery};
pub(crate) use entry::Entry;
pub use fault::{ArmedFault, Fault};
pub(crate) use matcher::RequestFacts;
pub(crate) use strikes::Strikes;
pub(crate) use target::{Scope, Targets};
