//! The cluster: a client, what it knows of the brokers, and calls to the one that is right.

mod brokers;
mod call;
mod client;
mod connections;
mod leader;
mod metadata;
mod partition;
mod target;

pub use self::client::Client;
pub use self::leader::Leader;
pub(crate) use self::partition::Partition;
pub(crate) use self::target::Route;
pub use self::target::Target;
