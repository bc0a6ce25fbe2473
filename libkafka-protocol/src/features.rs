//! The derive's optional impls.
//!
//! They depend on the features of this crate. A derive cannot see those, and a `cfg` in what it
//! emits would ask for features of the user's crate. So it wraps such an impl in the macro of its
//! feature, which passes it on or swallows it.
//!
//! The derive has features of the same meaning, set by those of this crate, so that it makes no
//! such impl for nothing. They do not do alone: one derive serves every build of this crate in a
//! workspace, that of a build script too, and each may have other features.

/// Passes its input on with the feature `json`, and swallows it without.
#[cfg(feature = "json")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_json {
    ($($code:tt)*) => { $($code)* };
}

/// Passes its input on with the feature `json`, and swallows it without.
#[cfg(not(feature = "json"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_json {
    ($($code:tt)*) => {};
}

/// Passes its input on with the feature `arbitrary` or `proptest`, and swallows it without.
#[cfg(any(feature = "arbitrary", feature = "proptest"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_generate {
    ($($code:tt)*) => { $($code)* };
}

/// Passes its input on with the feature `arbitrary` or `proptest`, and swallows it without.
#[cfg(not(any(feature = "arbitrary", feature = "proptest")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_generate {
    ($($code:tt)*) => {};
}
