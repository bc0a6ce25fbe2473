//! Groups: thin calls to the coordinator, for members and for whoever commits offsets.

mod calls;
mod offsets;

pub use self::calls::{Group, Joined, Member};
pub use self::offsets::{Commit, Committed};
