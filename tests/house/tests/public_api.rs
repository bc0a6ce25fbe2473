//! The public API of the published crates, as listings in `public-api`: a change of the API shows
//! as a change of a file, and is decided upon rather than slipped in.
//!
//! ```sh
//! cargo test -p libkafka-house --test public_api -- --ignored          # compares
//! BLESS=1 cargo test -p libkafka-house --test public_api -- --ignored  # writes the listings anew
//! ```
//!
//! Ignored by default, since it needs the oldest Rust that we support (`rust-version` in the
//! workspace's manifest, by rustup), and builds the documentation of four crates with it.

mod root;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use root::root;

/// The crates, with their features: all but `tls-graviola`, whose dependency needs a newer Rust and
/// which adds nothing to the API that `tls-ring` does not.
const CRATES: [(&str, &str); 4] = [
    ("libkafka-derive", ""),
    ("libkafka-protocol", "std,json,arbitrary,proptest"),
    ("libkafka-batch", "gzip,snappy,lz4,zstd,zstd-c,crc-fast"),
    ("libkafka-client", "default,dns,log,tls-ring,zstd-c"),
];

#[test]
#[ignore = "needs the oldest Rust by rustup: CONTRIBUTING.md says how to run it"]
fn the_public_api_is_the_one_that_was_agreed_to() {
    let listings = Path::new(env!("CARGO_MANIFEST_DIR")).join("public-api");
    let bless = std::env::var_os("BLESS").is_some();
    let mut changes = String::new();
    for (name, features) in CRATES {
        let now = public_api_of(name, features);
        let file = listings.join(name).with_extension("txt");
        if bless {
            fs::create_dir_all(&listings).unwrap();
            fs::write(&file, now).unwrap();
            continue;
        }
        let agreed = fs::read_to_string(&file).unwrap_or_default();
        changes += &difference(&agreed, &now);
    }
    assert!(
        changes.is_empty(),
        "the public API has changed:\n{changes}\nIf that is meant, say so in CHANGELOG.md and run \
         this test once more with BLESS=1."
    );
}

/// All public items of a crate with these features, one a line, sorted.
fn public_api_of(name: &str, features: &str) -> String {
    let json = rustdoc_json_of(name, features);
    let api = public_api::Builder::from_rustdoc_json(&json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()
        .unwrap_or_else(|error| panic!("{}: {error}", json.display()));
    api.to_string()
}

fn rustdoc_json_of(name: &str, features: &str) -> PathBuf {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let oldest_rust = manifest
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = \"")?.strip_suffix('"'))
        .expect("the workspace's manifest names the oldest Rust");
    let target = root().join("target/oldest-rust");
    // Rustdoc's JSON is unstable, and yet the same in every build of one release.
    let status = Command::new("cargo")
        .arg(format!("+{oldest_rust}"))
        .args([
            "rustdoc",
            "--quiet",
            "--lib",
            "--package",
            name,
            "--features",
            features,
        ])
        .args(["--", "-Zunstable-options", "--output-format=json"])
        .current_dir(root())
        .env("CARGO_TARGET_DIR", &target)
        .env("RUSTC_BOOTSTRAP", "1")
        // Of the toolchain that runs this test: they would reach the other one.
        .env_remove("CARGO")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("RUSTDOC")
        .env_remove("RUSTC")
        .status()
        .expect("cargo runs");
    assert!(
        status.success(),
        "rustdoc of {name} with Rust {oldest_rust}: {status}"
    );
    target
        .join("doc")
        .join(name.replace('-', "_"))
        .with_extension("json")
}

/// The lines that only one of two sorted listings has.
fn difference(agreed: &str, now: &str) -> String {
    let without = |lines: &str, others: &str, sign: char| -> String {
        let others: std::collections::HashSet<&str> = others.lines().collect();
        let only = lines.lines().filter(|line| !others.contains(line));
        only.map(|line| format!("{sign} {line}\n")).collect()
    };
    without(agreed, now, '-') + &without(now, agreed, '+')
}
