//! The macros around the derive's optional impls.
//!
//! These impls depend on the features of this crate. A derive cannot see those, and a `cfg` in its
//! output would ask for features of the user's crate. So the derive wraps such an impl in the macro
//! of its feature, which passes it on or drops it.
//!
//! The derive has features of the same meaning, set by those of this crate, so that it does not
//! generate an impl that is not needed. They are not enough: one derive serves every build of this
//! crate in a workspace, including that of a build script, and each may have other features.

/// Passes its input on with the feature `json`, and drops it without.
#[cfg(feature = "json")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_json {
    ($($code:tt)*) => { $($code)* };
}

/// Passes its input on with the feature `json`, and drops it without.
#[cfg(not(feature = "json"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_json {
    ($($code:tt)*) => {};
}

/// Passes its input on with the feature `arbitrary` or `proptest`, and drops it without.
#[cfg(any(feature = "arbitrary", feature = "proptest"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_generate {
    ($($code:tt)*) => { $($code)* };
}

/// Passes its input on with the feature `arbitrary` or `proptest`, and drops it without.
#[cfg(not(any(feature = "arbitrary", feature = "proptest")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_generate {
    ($($code:tt)*) => {};
}
