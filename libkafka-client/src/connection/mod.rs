//! One broker: a connection is opened, carries requests out and brings responses back, in order.

mod authenticate;
mod frames;
mod negotiate;
mod open;
mod response_reader;
mod versions;

pub(crate) use self::frames::Connection;
