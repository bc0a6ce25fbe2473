//! [`require!`](crate::require): skips a test where what it needs is missing.

use std::io::Write;

use crate::error::Error;

/// Set to anything but `0`, a test that would be skipped fails.
const REQUIRE: &str = "LIBKAFKA_REQUIRE_KAFKA";

/// Returns from the test that it stands in when real Kafka cannot be had here, or with
/// `require!(librdkafka)` that library, and says so on standard error; with
/// `LIBKAFKA_REQUIRE_KAFKA=1` the test fails instead.
///
/// The test returns `()` or a `Result<(), _>`.
///
/// ```
/// # fn the_broker_answers() {
/// libkafka_testkafka::require!();
/// // ... a test that starts Kafka
/// # }
/// ```
#[macro_export]
macro_rules! require {
    () => {
        $crate::require!(kafka)
    };
    ($what:ident) => {{
        fn here() {}
        let test = ::core::any::type_name_of_val(&here);
        if !$crate::__available(test, stringify!($what), $crate::__needs::$what()) {
            return ::core::convert::From::from($crate::__Skipped);
        }
    }};
}

/// Whether `what` can be had. `here` is the path of a function within the test.
///
/// # Panics
/// If it cannot and `LIBKAFKA_REQUIRE_KAFKA` says that it must.
#[doc(hidden)]
pub fn available(here: &str, what: &str, had: Result<(), Error>) -> bool {
    let Err(missing) = had else {
        return true;
    };
    let test = here.trim_end_matches("::here");
    let must = std::env::var_os(REQUIRE).is_some_and(|value| !value.is_empty() && value != "0");
    assert!(!must, "{test} needs {what}, and {missing}");
    // Not `eprintln`, which the test harness keeps to itself when a test passes.
    let _ = writeln!(
        std::io::stderr(),
        "skipped: {test} needs {what}, and {missing}"
    );
    false
}

/// What a test may name, each with what keeps it from being had.
#[doc(hidden)]
pub mod needs {
    use crate::error::Error;
    use crate::{java, python};

    /// A JDK and Maven: what they fetch is left to the test.
    pub fn kafka() -> Result<(), Error> {
        for name in ["java", "javac", "mvn"] {
            java::program(name)?;
        }
        Ok(())
    }

    /// The library itself: that Python is installed says little of whether pip has a wheel for it.
    pub fn librdkafka() -> Result<(), Error> {
        python::interpreter().map(drop)
    }
}

/// What a skipped test returns.
#[doc(hidden)]
pub struct Skipped;

impl From<Skipped> for () {
    fn from(_: Skipped) {}
}

impl<E> From<Skipped> for Result<(), E> {
    fn from(_: Skipped) -> Result<(), E> {
        Ok(())
    }
}
