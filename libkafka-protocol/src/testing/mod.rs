//! One-line tests of a message, yours or Kafka's (features `proptest` and `arbitrary`).
//!
//! - `check` is the complete test, with values and damage drawn by proptest.
//! - [`check_value`] and [`check_bytes`] are its parts, for fuzz targets.
//!
//! Decoding uses the default [`Limits`](crate::Limits), so a struct that needs more memory fails.

#[cfg(feature = "proptest")]
mod check;
#[cfg(feature = "proptest")]
mod damage;
mod round_trip;
mod single;

#[cfg(feature = "proptest")]
pub use self::check::{check, check_with};
pub use self::single::{check_bytes, check_value};
