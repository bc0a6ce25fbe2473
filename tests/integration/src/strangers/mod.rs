//! Groups of our members, Java's and librdkafka's, each in a process of its own, that write down
//! what they do.

mod kind;
mod late_claim;
mod properties;
mod protocol;
mod refused_commit;
mod stranger;
mod value;

pub use kind::{Kind, Role, SESSION};
pub use properties::properties;
pub use protocol::Protocol;
pub use stranger::Stranger;
pub use value::{text, value};
