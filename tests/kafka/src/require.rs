//! What a test does that needs real Kafka where a JDK or Maven are not installed.

use std::io::Write;

use crate::java;

/// Set to anything but `0`, a test that would be skipped fails.
const REQUIRE: &str = "LIBKAFKA_REQUIRE_KAFKA";

/// Returns from the test that it stands in when real Kafka cannot be had here, and says so on
/// standard error; with `LIBKAFKA_REQUIRE_KAFKA=1` the test fails instead.
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
    () => {{
        fn here() {}
        if !$crate::__available(::core::any::type_name_of_val(&here)) {
            return ::core::convert::From::from($crate::__Skipped);
        }
    }};
}

/// Whether a JDK and Maven are installed. `here` is the path of a function within the test.
///
/// # Panics
/// If they are not and `LIBKAFKA_REQUIRE_KAFKA` says that they must be.
#[doc(hidden)]
pub fn available(here: &str) -> bool {
    let missing = match ["java", "javac", "mvn"]
        .into_iter()
        .find_map(|name| java::program(name).err())
    {
        None => return true,
        Some(missing) => missing,
    };
    let test = here.trim_end_matches("::here");
    let must = std::env::var_os(REQUIRE).is_some_and(|value| !value.is_empty() && value != "0");
    assert!(!must, "{test} needs a real Kafka, and {missing}");
    // Not `eprintln`, which the test harness keeps to itself when a test passes.
    let _ = writeln!(
        std::io::stderr(),
        "skipped: {test} needs a real Kafka, and {missing}"
    );
    false
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
