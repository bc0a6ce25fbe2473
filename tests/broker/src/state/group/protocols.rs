//! [`common_protocols`]: what all members of a group can do.

use std::collections::HashSet;

use bytes::Bytes;

/// The names of the protocols that all members have, each of whom may have very many.
pub(super) fn common_protocols<'a>(
    members: impl Iterator<Item = &'a Vec<(String, Bytes)>>,
) -> HashSet<&'a str> {
    let names = |protocols: &'a Vec<(String, Bytes)>| -> HashSet<&'a str> {
        protocols.iter().map(|(name, _)| name.as_str()).collect()
    };
    let all = members.map(names);
    all.reduce(|common, other| common.intersection(&other).copied().collect())
        .unwrap_or_default()
}
