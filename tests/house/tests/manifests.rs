//! What the manifests of the workspace's members may say.

mod members;
mod root;

use std::collections::BTreeMap;
use std::fs;

use members::members;
use root::root;

/// A version that two members need is in the manifest of the workspace.
#[test]
fn no_version_of_a_dependency_stands_in_two_manifests() {
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for member in members() {
        let manifest = fs::read_to_string(root().join(&member).join("Cargo.toml"));
        for line in manifest.expect("a manifest").lines() {
            let Some((name, value)) = line.split_once(" = ") else {
                continue;
            };
            let is_version =
                value.starts_with('"') && value[1..].starts_with(|c: char| c.is_ascii_digit());
            if is_version || value.starts_with("{ version =") {
                let manifests = versions.entry(name.to_owned()).or_default();
                manifests.push(member.clone());
            }
        }
    }
    versions.retain(|_, manifests| manifests.len() > 1);
    assert!(versions.is_empty(), "{versions:?}");
}
