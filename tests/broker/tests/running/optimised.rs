//! [`optimised`]: another build of the program.

/// The path of an optimised build, if it is to be tried in place of the one built for this test.
pub(crate) fn optimised() -> Option<String> {
    std::env::var("LIBKAFKA_TESTBROKER").ok()
}
