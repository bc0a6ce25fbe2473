//! The checker, checked: clean histories have no anomalies, and each planted one is found.

mod clean;
mod halted;
mod lines;
mod planted;
mod plants;
mod simulation;
