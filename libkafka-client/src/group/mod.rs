//! Groups: thin calls to the coordinator, for members and for whoever commits offsets.

pub mod assignor;
mod calls;
pub mod membership;
mod offsets;
mod tracker;

pub use self::calls::{Group, Joined, Member};
pub use self::offsets::{Commit, Committed};
pub use self::tracker::{Span, Tracker, Watermark};
