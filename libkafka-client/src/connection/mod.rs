//! One broker: a connection is opened, carries requests out and brings responses back, in order.
//!
//! Everything here goes on where it stopped when a deadline has passed, so that one thread can
//! wait for many brokers: with a deadline that is past, a call does what can be done without
//! waiting. Whoever waits for one broker gives a later deadline, and the same steps wait.

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
