//! Holds the house rules. The source of a crate is read as text, each path in it is resolved to the
//! file that defines what it names, and the result is compared with a [`Plan`]: the rooms of the
//! crate, and which room may use which.
//!
//! `tests/plans.rs` has the plan of every crate of the workspace.

mod check;
mod cycle;
mod imports;
mod module;
mod plan;
mod purity;
mod resolve;
mod source;

pub use check::check;
pub use plan::Plan;
pub use source::Source;
