//! What the derive says of mistakes: every error, at the token that is wrong.
//!
//! `TRYBUILD=overwrite` writes the expected output anew.

#[test]
fn the_derive_names_every_mistake_at_the_token_that_makes_it() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
