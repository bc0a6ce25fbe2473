//! The members of the workspace.

use std::fs;

use crate::root::root;

/// The folders of its members.
pub(crate) fn members() -> Vec<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
    let (_, members) = manifest.split_once("\nmembers = [").expect("members");
    let (members, _) = members.split_once(']').expect("the end of the members");
    let members = members.split('"').skip(1).step_by(2);
    members.map(str::to_owned).collect()
}
