//! One broker: a connection is opened, and carries requests out and responses back, in order.
//!
//! Everything here continues where it stopped when a deadline has passed, so that one thread can
//! wait for many brokers: with a deadline that has passed, a call does what can be done without
//! waiting. A caller that waits for one broker passes a later deadline, and the same steps wait.

mod authentication;
mod channel;
mod link;
mod negotiation;
mod open;
mod opening;
mod request_writer;
mod response_reader;
mod unanswered;
mod versions;

pub(crate) use self::link::Link;
pub(crate) use self::open::Connection;
