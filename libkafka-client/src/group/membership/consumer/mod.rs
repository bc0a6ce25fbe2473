//! KIP-848: the coordinator says who reads what, in the answers to heartbeats.

mod answers;
mod heartbeat;
mod member;
mod protocol;

pub(super) use self::member::Consumer;
