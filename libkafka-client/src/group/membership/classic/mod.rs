//! The classic protocol: members join, one of them assigns the partitions, and all sync.

mod answers;
mod lead;
mod member;
mod protocol;
mod subscribe;

pub(super) use self::member::Classic;
