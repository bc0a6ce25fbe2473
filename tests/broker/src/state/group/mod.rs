//! Groups and the offsets that they commit.

mod assignor;
#[cfg(test)]
mod assignor_oracle;
mod balancer;
mod classic;
mod classic_in_consumer;
mod consumer;
mod consumer_member;
mod context;
mod describe;
mod embedded;
mod expiry;
#[expect(clippy::module_inception, reason = "it holds `Group`")]
mod group;
mod join;
mod member;
mod migration;
mod migration_policy;
mod offsets;
mod partitions;
mod protocols;
mod range_assignor;
mod replies;
mod subscriber;
mod sync;
mod uniform_assignor;
mod uniform_heterogeneous;

pub(crate) use assignor::{ASSIGNORS, elected};
pub(crate) use classic::{Classic, Phase};
pub(crate) use consumer_member::{ConsumerMember, LEAVES_FOR_NOW, MemberHeartbeat};
pub(crate) use context::GroupContext;
pub(crate) use group::Group;
pub(crate) use join::{Join, JoinRefused, Joined};
pub(crate) use member::Identity;
pub(crate) use migration_policy::MigrationPolicy;
pub(crate) use offsets::Committed;
pub(crate) use partitions::Partitions;
pub(crate) use replies::Replies;
pub(crate) use sync::Sync;
