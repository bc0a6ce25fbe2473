//! Groups: thin calls to the coordinator, for members and for whoever commits offsets.

pub mod assignor;
mod calls;
mod offsets;

pub use self::calls::{Group, Joined, Member};
pub use self::offsets::{Commit, Committed};
