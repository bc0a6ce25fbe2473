//! Each violation that [`check`] knows, planted in a small crate, is found; what is allowed is not.

use libkafka_house::{Plan, Source, check};

const PLAN: &str = "
    # two floors
    plain = error
    upper -> lower plain
    lower -> plain
    error ->
    pure: lower/rules.rs
";

const LIB: &str = "
    mod error;
    mod lower;
    mod upper;
    pub use error::Error;
";

/// The violations of a crate of two floors, with the text of some files replaced.
fn violations<const N: usize>(files: [(&str, &str); N]) -> Vec<String> {
    let mut source = Source::from([
        ("lib.rs", LIB),
        ("error.rs", "pub struct Error;"),
        (
            "lower/mod.rs",
            "mod rules; mod socket; pub use rules::Rule; pub use socket::Socket;",
        ),
        (
            "lower/rules.rs",
            "use crate::error::Error; pub struct Rule(Error);",
        ),
        (
            "lower/socket.rs",
            "use super::rules::Rule; pub struct Socket(std::net::TcpStream, Rule);",
        ),
        (
            "upper.rs",
            "use crate::lower::{self, Socket}; pub fn f(_: Socket, _: lower::Rule) {}",
        ),
    ]);
    source.0.extend(Source::from(files).0);
    check(&source, &Plan::new(PLAN))
}

#[test]
fn a_crate_that_keeps_to_its_plan_has_no_violations() {
    assert_eq!(violations([]), [""; 0]);
}

#[test]
fn an_arrow_that_the_plan_does_not_name_is_found() {
    let sentence = "lower/socket.rs uses crate::upper::f of upper.rs: no arrow lower -> upper";
    for code in [
        "use crate::upper::f; pub struct Socket;",
        "use crate::{error::Error, upper::{f as g}}; pub struct Socket;",
        "pub struct Socket; fn g() { crate::upper::f() }",
        "pub struct Socket; fn g() { use crate::upper::f; }",
        "pub struct Socket; fn g() { assert!(matches!(crate::upper::f(), ())) }",
        "pub struct Socket; #[cfg(test)] fn g() { crate::upper::f() }",
        "pub struct Socket; macro_rules! m { () => { $crate::upper::f() } }",
    ] {
        let found = violations([("lower/socket.rs", code), ("upper.rs", "pub fn f() {}")]);
        assert_eq!(found, [sentence], "{code}");
    }
    let found = violations([
        (
            "lower/socket.rs",
            "use super::super::upper; pub struct Socket; fn g() { upper::f() }",
        ),
        ("upper.rs", "pub fn f() {}"),
    ]);
    assert!(
        found
            .iter()
            .any(|found| found.contains("upper::f of upper.rs: no arrow")),
        "{found:?}"
    );
}

#[test]
fn an_arrow_is_followed_through_reexports_to_the_defining_file() {
    let found = violations([
        (
            "error.rs",
            "use crate::lower::Rule; pub struct Error(Rule);",
        ),
        ("lower/rules.rs", "pub struct Rule;"),
    ]);
    let sentence = "error.rs uses crate::lower::Rule of lower/rules.rs: no arrow error -> lower";
    assert_eq!(found, [sentence]);
}

#[test]
fn a_ring_of_files_within_a_room_is_found() {
    let found = violations([(
        "lower/rules.rs",
        "use super::Socket; pub struct Rule(Socket);",
    )]);
    assert_eq!(
        found,
        ["a ring of files: lower/rules.rs -> lower/socket.rs -> lower/rules.rs"]
    );
}

#[test]
fn a_ring_between_a_folder_s_own_file_and_a_file_in_it_is_found() {
    let found = violations([
        (
            "lower/mod.rs",
            "mod rules; mod socket; pub use socket::Socket; pub struct Rule;",
        ),
        (
            "lower/rules.rs",
            "use super::Rule; pub fn is_kept(_: Rule) {}",
        ),
        ("lower/socket.rs", "pub struct Socket;"),
    ]);
    assert_eq!(found, [""; 0]);
    let found = violations([
        (
            "lower/mod.rs",
            "mod rules; mod socket; pub use socket::Socket; pub struct Rule;
             pub fn g(rule: Rule) { rules::is_kept(rule) }",
        ),
        (
            "lower/rules.rs",
            "use super::Rule; pub fn is_kept(_: Rule) {}",
        ),
        ("lower/socket.rs", "pub struct Socket;"),
    ]);
    assert_eq!(
        found,
        ["a ring of files: lower/mod.rs -> lower/rules.rs -> lower/mod.rs"]
    );
}

#[test]
fn a_ring_through_globs_is_found() {
    let found = violations([("lower/rules.rs", "use super::*; pub struct Rule(Socket);")]);
    assert_eq!(
        found,
        ["a ring of files: lower/rules.rs -> lower/socket.rs -> lower/rules.rs"]
    );
}

#[test]
fn a_name_taken_from_the_root_is_found() {
    let found = violations([("upper.rs", "use crate::Error; pub fn f(_: Error) {}")]);
    assert_eq!(
        found,
        ["upper.rs takes crate::Error from the root, which has it from elsewhere"]
    );
    let found = violations([("upper.rs", "use super::Error; pub fn f(_: Error) {}")]);
    assert_eq!(
        found,
        ["upper.rs takes super::Error from the root, which has it from elsewhere"]
    );
}

#[test]
fn what_the_root_itself_defines_is_nothing_for_a_room() {
    let lib = &format!("{LIB} pub struct Root;");
    let found = violations([
        ("lib.rs", lib),
        ("upper.rs", "use crate::Root; fn f(_: Root) {}"),
    ]);
    assert_eq!(
        found,
        ["upper.rs uses crate::Root of lib.rs, which no room may"]
    );
}

#[test]
fn an_impure_file_is_found() {
    for (code, impure) in [
        ("use std::net::IpAddr; pub struct Rule;", "std::net"),
        ("use std::{fmt, net::*}; pub struct Rule;", "std::net"),
        (
            "pub struct Rule; fn f() { std::thread::yield_now() }",
            "std::thread",
        ),
        ("use std::thread; pub struct Rule;", "std::thread"),
        (
            "use std::time::Instant; pub struct Rule; fn f() { Instant::now(); }",
            "std::time::Instant::now",
        ),
        (
            "use std::time::Instant as Clock; pub struct Rule; fn f() { Some(Clock::now); }",
            "std::time::Instant::now",
        ),
        (
            "use std::time; pub struct Rule; fn f() { dbg!(time::SystemTime::now()); }",
            "std::time::SystemTime::now",
        ),
    ] {
        let found = violations([("lower/rules.rs", code)]);
        assert_eq!(
            found,
            [format!("lower/rules.rs is to be pure and names {impure}")],
            "{code}"
        );
    }
}

#[test]
fn a_pure_file_may_keep_times_and_have_impure_tests() {
    let found = violations([(
        "lower/rules.rs",
        "use std::time::Instant; pub struct Rule(Instant);
         #[cfg(test)] fn now() -> Rule { Rule(Instant::now()) }
         #[cfg(test)] mod tests { use super::*; fn f() { std::thread::yield_now(); } }",
    )]);
    assert_eq!(found, [""; 0]);
}

#[test]
fn a_module_of_tests_may_use_any_file() {
    let found = violations([
        ("error.rs", "pub struct Error; #[cfg(test)] mod tests;"),
        ("error/tests.rs", "use crate::upper::f; fn g() { f() }"),
    ]);
    assert_eq!(found, ["the plan names a room error that is not there"; 0]);
}

#[test]
fn a_plan_that_is_not_of_this_crate_is_found() {
    let lib = &format!("{LIB} mod cellar;");
    let found = violations([("lib.rs", lib), ("cellar.rs", "")]);
    assert_eq!(found, ["the room cellar has no line in the plan"]);

    let plan = Plan::new("attic ->\npure: attic/rules.rs");
    let found = check(&Source::from([("lib.rs", "")]), &plan);
    assert_eq!(
        found,
        [
            "the plan names a pure file attic/rules.rs that is not there",
            "the plan names a room attic that is not there",
        ]
    );
}

#[test]
fn a_file_that_is_not_compiled_and_a_path_that_leads_nowhere_are_found() {
    let found = violations([("lower/old.rs", "")]);
    assert_eq!(found, ["no `mod` names lower/old.rs"]);
    let found = violations([("upper.rs", "use crate::lower::Old;")]);
    assert_eq!(
        found,
        ["upper.rs names crate::lower::Old, which leads nowhere"]
    );
    assert_eq!(
        violations([("lib.rs", "mod attic;")]),
        ["attic.rs is missing"]
    );
}

#[test]
fn a_module_that_two_features_share_is_read_in_both_files() {
    let found = violations([
        (
            "lower/mod.rs",
            "mod socket; pub use socket::Socket;
             #[cfg(unix)] #[path = \"rules.rs\"] mod rules;
             #[cfg(windows)] #[path = \"windows.rs\"] mod rules;
             pub use rules::Rule;",
        ),
        ("lower/windows.rs", "use crate::upper::f; pub struct Rule;"),
        ("lower/socket.rs", "pub struct Socket;"),
        ("upper.rs", "use crate::lower::Rule; pub fn f(_: Rule) {}"),
    ]);
    assert_eq!(
        found,
        [
            "a ring of files: lower/windows.rs -> upper.rs -> lower/windows.rs",
            "lower/windows.rs uses crate::upper::f of upper.rs: no arrow lower -> upper",
        ]
    );
}
