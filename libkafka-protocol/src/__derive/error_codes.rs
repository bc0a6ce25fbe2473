//! `error_codes`: the error codes of one field.

use crate::error_code::ErrorCode;
use crate::wire::Value;

/// Calls `visit` with every error code of a field, if its type may hold any.
#[inline]
pub fn error_codes<T: Value>(field: &T, visit: &mut dyn FnMut(ErrorCode)) {
    if T::HOLDS_ERROR_CODES {
        field.error_codes(visit);
    }
}
