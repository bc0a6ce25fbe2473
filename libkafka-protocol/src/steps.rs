//! What the derive's code is made of: steps that say whether to go on.
//!
//! A step that says no has left its error with the reader or the writer. So a struct is one chain
//! of `&&`: with a `Result` at each field a debug build has twice as much to check, and with the
//! name of each field beside its error a release build has half as much again to compile.

use core::mem;

use crate::wire::{Decode, Encode, Nullable};
use crate::{Error, ErrorKind, Reader, UnknownTags, Writer};

/// The error of the step that said no.
#[derive(Debug, Default)]
pub(crate) struct Failure(Option<Error>);

impl Failure {
    /// Is all well? If not, keeps the error.
    #[inline]
    pub(crate) fn check(&mut self, result: Result<(), Error>) -> bool {
        match result {
            Ok(()) => true,
            Err(error) => self.keep(error),
        }
    }

    /// Keeps an error, and says no.
    #[inline]
    pub(crate) fn keep(&mut self, error: Error) -> bool {
        // There is none yet, and code for dropping one would stand at every field.
        mem::forget(self.0.replace(error));
        false
    }

    #[inline]
    pub(crate) fn finish(&mut self, ok: bool, field: &'static str) -> Result<(), Error> {
        if ok { Ok(()) } else { Err(self.take(field)) }
    }

    #[cold]
    #[inline(never)]
    fn take(&mut self, field: &'static str) -> Error {
        match self.0.take() {
            Some(error) => error.in_field(field),
            // Never: only `keep` says no.
            None => Error::new(
                ErrorKind::Incomplete {
                    needed: 1,
                    remaining: 0,
                },
                None,
            ),
        }
    }
}

impl<'de> Reader<'de> {
    /// Reads a field in its place.
    #[doc(hidden)]
    #[inline]
    pub fn field<T: Decode<'de>>(&mut self, value: &mut T) -> bool {
        let result = value.read(self);
        self.failure.check(result)
    }

    /// Reads a field that may be null in other versions only.
    #[doc(hidden)]
    #[inline]
    pub fn required<T: Decode<'de> + Nullable>(&mut self, value: &mut Option<T>) -> bool {
        self.field(value.insert(T::default()))
    }

    /// Reads the tagged fields of a struct that knows none.
    #[doc(hidden)]
    #[inline]
    pub fn unknown_tags(&mut self, tags: &mut UnknownTags) -> bool {
        let result = tags.read(self);
        self.failure.check(result)
    }

    /// The end of a struct's steps; the name is that of the last one's field.
    ///
    /// # Errors
    /// That of the step that said no.
    #[doc(hidden)]
    #[inline]
    pub fn finish(&mut self, ok: bool, field: &'static str) -> Result<(), Error> {
        self.failure.finish(ok, field)
    }
}

impl<'a> Writer<'a> {
    /// Writes a field.
    #[doc(hidden)]
    #[inline]
    pub fn field<T: Encode>(&mut self, value: &'a T) -> bool {
        let result = value.write(self);
        self.failure.check(result)
    }

    /// Writes a field that may be null in other versions only.
    #[doc(hidden)]
    #[inline]
    pub fn required<T: Nullable>(&mut self, value: &'a Option<T>) -> bool {
        match value {
            Some(value) => self.field(value),
            None => self.fail(ErrorKind::UnexpectedNull),
        }
    }

    /// Refuses a field that is set in a version that lacks it.
    #[doc(hidden)]
    #[cold]
    #[inline(never)]
    pub fn refuse(&mut self) -> bool {
        self.fail(ErrorKind::NotInVersion)
    }

    /// Writes the tags of a struct that knows none itself.
    #[doc(hidden)]
    #[inline]
    pub fn unknown_tags(&mut self, tags: &UnknownTags) -> bool {
        let result = tags.write(self);
        self.failure.check(result)
    }

    #[cold]
    #[inline(never)]
    fn fail(&mut self, kind: ErrorKind) -> bool {
        let error = self.error(kind);
        self.failure.keep(error)
    }

    /// The end of a struct's steps; the name is that of the last one's field.
    ///
    /// # Errors
    /// That of the step that said no.
    #[doc(hidden)]
    #[inline]
    pub fn finish(&mut self, ok: bool, field: &'static str) -> Result<(), Error> {
        self.failure.finish(ok, field)
    }
}
