//! Purity: no clock, no socket, no thread.

use crate::imports::Path;
use crate::module::{Meaning, Tree};

/// What the code of a pure file does not name. `core` has none of it: `core::net` is addresses only.
const IMPURE: [&str; 4] = [
    "std::net",
    "std::thread",
    "std::time::Instant::now",
    "std::time::SystemTime::now",
];

/// The impure thing that a path names, if it does.
pub(crate) fn impurity(tree: &Tree, module: usize, path: &Path) -> Option<&'static str> {
    let mut segments = path.segments.clone();
    // `Instant::now` in full, if a `use` brought in `Instant`, or `time`, or either by another name.
    for _ in 0..4 {
        let meanings = tree.modules[module].names.get(&segments[0]);
        let import = meanings
            .into_iter()
            .flatten()
            .find_map(|meaning| match meaning {
                Meaning::Import(import) if import.segments != segments[..1] => Some(import),
                _ => None,
            });
        let Some(import) = import else { break };
        segments = [&import.segments[..], &segments[1..]].concat();
    }
    let full = segments.join("::") + "::";
    IMPURE
        .into_iter()
        .find(|impure| full.starts_with(&format!("{impure}::")))
}
