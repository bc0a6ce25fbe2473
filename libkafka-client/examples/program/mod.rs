//! The frame of the examples: command line, log lines, Ctrl-C, brokers, progress and tables.

// Each example uses a part of it.
#![allow(dead_code, unused_imports)]

mod arguments;
mod brokers;
mod progress;
mod run;
mod table;

pub(crate) use arguments::{Arguments, UsageError};
pub(crate) use brokers::Brokers;
pub(crate) use progress::{Figures, Progress};
pub(crate) use run::{Result, run};
pub(crate) use table::print_table;
