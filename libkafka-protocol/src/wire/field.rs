//! A nullable field in a version in which it is not nullable: what the derive
//! calls there.

use super::{Decode, Encode, Nullable};
use crate::{Error, ErrorKind, Reader, Writer};

/// Reads a value that is there.
///
/// # Errors
/// What reading the value gives.
#[inline]
pub fn read_required<'de, T: Decode<'de> + Nullable>(
    value: &mut Option<T>,
    r: &mut Reader<'de>,
) -> Result<(), Error> {
    value.insert(T::default()).read(r)
}

/// Writes a value that must be there.
///
/// # Errors
/// [`ErrorKind::UnexpectedNull`], or what writing the value gives.
#[inline]
pub fn write_required<'a, T: Nullable>(
    value: &'a Option<T>,
    w: &mut Writer<'a>,
) -> Result<(), Error> {
    match value {
        Some(value) => Encode::write(value, w),
        None => Err(w.error(ErrorKind::UnexpectedNull)),
    }
}
