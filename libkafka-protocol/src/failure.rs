//! `Failure`: the error that derived code left with a reader or a writer.

use core::mem;

use crate::error::{Error, ErrorKind};

/// The error of the step that failed, if any has.
/// Derived code is a chain of steps that return `bool`, and a step that returns false has put its
/// error here first. See [`__derive::steps`](crate::__derive).
#[derive(Debug, Default)]
pub(crate) struct Failure(Option<Error>);

impl Failure {
    /// Returns true for `Ok`. Keeps the error and returns false for `Err`.
    #[inline]
    pub(crate) fn check(&mut self, result: Result<(), Error>) -> bool {
        match result {
            Ok(()) => true,
            Err(error) => self.keep(error),
        }
    }

    /// Keeps an error and returns false.
    #[inline]
    pub(crate) fn keep(&mut self, error: Error) -> bool {
        // The slot is empty here. Assigning to it would put code that drops an error at every
        // field of every message.
        mem::forget(self.0.replace(error));
        false
    }

    /// Turns the outcome of a chain of steps into a `Result`; `field` is the name of the field
    /// whose step ran last, or empty.
    #[inline]
    pub(crate) fn finish(&mut self, ok: bool, field: &'static str) -> Result<(), Error> {
        if ok { Ok(()) } else { Err(self.take(field)) }
    }

    #[cold]
    #[inline(never)]
    fn take(&mut self, field: &'static str) -> Error {
        match self.0.take() {
            Some(error) => error.in_field(field),
            // Unreachable: only `keep` returns false.
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
