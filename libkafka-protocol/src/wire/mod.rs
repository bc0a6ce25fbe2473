//! Encoding and decoding of single values.
//!
//! [`Value`], [`Encode`] and [`Decode`] are implemented for every type that a field may have, and
//! by the derive for structs. A message calls them field by field and in place: the elements of an
//! array are filled where they will stay, never built elsewhere and moved.

mod array;
mod boxed;
mod broker_ids;
mod bytes;
mod code;
mod decode;
mod encode;
mod nullable;
mod scalar;
mod string;
mod unknown_tags;
mod uuid;
mod value;

pub use self::broker_ids::BrokerIds;
pub use self::decode::Decode;
pub use self::encode::Encode;
pub use self::nullable::Nullable;
pub use self::unknown_tags::UnknownTags;
pub use self::uuid::{ParseUuidError, Uuid};
pub use self::value::Value;
