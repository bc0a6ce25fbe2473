//! [`common_protocols`]: the protocols that all members of a group support.

use std::collections::HashSet;

use bytes::Bytes;

/// The names of the protocols that all members support; each may support very many.
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
