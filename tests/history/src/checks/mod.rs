//! The checks, each file a few that look at the same things.

mod commits;
mod delivery;
mod handling;
mod log;
mod ownership;
mod progress;
mod reading;
mod resume;

pub(crate) use commits::commits;
pub(crate) use delivery::delivery;
pub(crate) use handling::handling;
pub(crate) use log::log;
pub(crate) use ownership::ownership;
pub(crate) use progress::progress;
pub(crate) use reading::reading;
pub(crate) use resume::resume;
