//! The methods with which a test controls a running broker.

mod check;
mod cluster;
mod fault_handle;
mod groups;
mod log;
mod requests;
mod time;

pub use fault_handle::FaultHandle;
