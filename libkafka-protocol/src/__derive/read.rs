//! The steps that read a struct.

use crate::error::Error;
use crate::reader::Reader;
use crate::wire::{Decode, Nullable};

/// Reads a field.
#[inline]
pub fn read_field<'de, T: Decode<'de>>(r: &mut Reader<'de>, field: &mut T) -> bool {
    let result = field.read(r);
    r.failure.check(result)
}

/// Reads a field that may be null only in other versions.
#[inline]
pub fn read_required<'de, T: Decode<'de> + Nullable>(
    r: &mut Reader<'de>,
    field: &mut Option<T>,
) -> bool {
    read_field(r, field.insert(T::default()))
}

/// Runs a step with fixed lengths, whatever the version.
#[inline]
pub fn read_not_flexible<'de>(
    r: &mut Reader<'de>,
    step: impl FnOnce(&mut Reader<'de>) -> bool,
) -> bool {
    let flexible = r.set_flexible(false);
    let ok = step(r);
    r.set_flexible(flexible);
    ok
}

/// Ends a chain of steps; `field` is the name of the field whose step ran last.
///
/// # Errors
/// The error of the step that failed.
#[inline]
pub fn finish_read(r: &mut Reader<'_>, ok: bool, field: &'static str) -> Result<(), Error> {
    r.failure.finish(ok, field)
}
