//! One field of a struct: what the derive calls, field by field.
//!
//! Generic and small on purpose: the code that a message costs is these calls,
//! and the good path carries nothing of the errors but a pointer to test.

use super::{Decode, Encode, Nullable};
use crate::{Error, ErrorKind, Reader, Writer};

/// Reads a field.
///
/// # Errors
/// What reading the value gives, with the field's name.
#[inline(always)]
pub fn get<'de, T: Decode<'de>>(
    value: &mut T,
    r: &mut Reader<'de>,
    name: &'static str,
) -> Result<(), Error> {
    match value.read(r) {
        Ok(()) => Ok(()),
        Err(error) => Err(error.in_field(name)),
    }
}

/// Reads a nullable field in a version in which it is not nullable.
///
/// # Errors
/// What reading the value gives, with the field's name.
#[inline(always)]
pub fn get_required<'de, T: Decode<'de> + Nullable>(
    value: &mut Option<T>,
    r: &mut Reader<'de>,
    name: &'static str,
) -> Result<(), Error> {
    let mut present = T::default();
    get(&mut present, r, name)?;
    *value = Some(present);
    Ok(())
}

/// Reads a tagged field of `size` bytes.
///
/// # Errors
/// What reading the value gives, or [`ErrorKind::TagSize`].
#[inline]
pub fn get_tagged<'de>(
    r: &mut Reader<'de>,
    tag: u32,
    size: usize,
    name: &'static str,
    read: impl FnOnce(&mut Reader<'de>) -> Result<(), Error>,
) -> Result<(), Error> {
    let outer = match r.begin_tag(size) {
        Ok(outer) => outer,
        Err(error) => return Err(error.in_field(name)),
    };
    read(r)?;
    match r.end_tag(outer, tag) {
        Ok(()) => Ok(()),
        Err(error) => Err(error.in_field(name)),
    }
}

/// Writes a field.
///
/// # Errors
/// What writing the value gives, with the field's name.
#[inline(always)]
pub fn put<'a, T: Encode>(
    value: &'a T,
    w: &mut Writer<'a>,
    name: &'static str,
) -> Result<(), Error> {
    match value.write(w) {
        Ok(()) => Ok(()),
        Err(error) => Err(error.in_field(name)),
    }
}

/// Writes a nullable field in a version in which it is not nullable.
///
/// # Errors
/// [`ErrorKind::UnexpectedNull`], or what writing the value gives.
#[inline(always)]
pub fn put_required<'a, T: Nullable>(
    value: &'a Option<T>,
    w: &mut Writer<'a>,
    name: &'static str,
) -> Result<(), Error> {
    match value {
        Some(value) => put(value, w, name),
        None => Err(w.error(ErrorKind::UnexpectedNull).in_field(name)),
    }
}

/// A field that is not at its default, in a version that lacks it.
#[cold]
#[inline(never)]
pub fn not_in_version(w: &Writer<'_>, name: &'static str) -> Error {
    w.error(ErrorKind::NotInVersion).in_field(name)
}
