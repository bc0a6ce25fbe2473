//! Groups: members as state machines and as thin calls to the coordinator, assignors, and committed
//! offsets.

pub mod assignor;
mod calls;
mod collect;
mod coordinator;
mod group_member;
mod half;
mod keeper;
mod lag;
mod member_link;
mod member_lookups;
pub mod membership;
mod offset_commit;
mod offset_fetch;
mod offsets;
mod options;
mod tracker;

pub use self::calls::{Group, Joined, Member};
pub use self::group_member::GroupMember;
pub(crate) use self::group_member::cannot_wait;
pub use self::keeper::{Keeper, LockedMember, SharedMember};
pub use self::lag::Lag;
pub use self::offset_commit::Commit;
pub(crate) use self::offset_commit::{commit_request, commit_results, commit_versions};
pub use self::offset_fetch::Committed;
pub(crate) use self::offset_fetch::Question;
pub use self::offsets::Offsets;
pub use self::options::{GroupOptions, OffsetsOptions};
pub use self::tracker::{Span, Tracker, Watermark};
