//! The steps that write a struct.

use crate::error::{Error, ErrorKind};
use crate::wire::{Encode, Nullable};
use crate::writer::Writer;

/// Writes a field.
#[inline]
pub fn write_field<'a, T: Encode>(w: &mut Writer<'a>, field: &'a T) -> bool {
    let result = field.write(w);
    w.failure.check(result)
}

/// Writes a field that may be null only in other versions.
#[inline]
pub fn write_required<'a, T: Encode + Nullable>(w: &mut Writer<'a>, field: &'a Option<T>) -> bool {
    match field {
        Some(value) => write_field(w, value),
        None => fail(w, ErrorKind::UnexpectedNull),
    }
}

/// Refuses a field that is set in a version that lacks it.
#[cold]
#[inline(never)]
pub fn refuse(w: &mut Writer<'_>) -> bool {
    fail(w, ErrorKind::NotInVersion)
}

#[cold]
#[inline(never)]
fn fail(w: &mut Writer<'_>, kind: ErrorKind) -> bool {
    let error = w.error(kind);
    w.failure.keep(error)
}

/// Runs a step with fixed lengths, whatever the version.
#[inline]
pub fn write_not_flexible<'a>(
    w: &mut Writer<'a>,
    step: impl FnOnce(&mut Writer<'a>) -> bool,
) -> bool {
    let flexible = w.set_flexible(false);
    let ok = step(w);
    w.set_flexible(flexible);
    ok
}

/// Ends a chain of steps; `field` is the name of the field whose step ran last.
///
/// # Errors
/// The error of the step that failed.
#[inline]
pub fn finish_write(w: &mut Writer<'_>, ok: bool, field: &'static str) -> Result<(), Error> {
    w.failure.finish(ok, field)
}
