//! KIP-848: the coordinator assigns the partitions, in its answers to heartbeats.

mod answers;
mod heartbeat;
mod member;
mod protocol;

pub(super) use self::member::Consumer;
