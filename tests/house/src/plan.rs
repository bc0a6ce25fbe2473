//! [`Plan`]: the rooms of a crate and the arrows between them.

use std::collections::{BTreeMap, BTreeSet};

/// The rooms of a crate and the arrows between them, read from text.
///
/// A room is a file or a folder directly below `src`. `lib.rs` and `main.rs` are the doors of the
/// house, not rooms: they may use every room. Each line of the text is one of:
///
/// - `fetch producer -> cluster net`: the rooms on the left may use the rooms on the right. A room
///   may have several such lines.
/// - `plain = error place`: from here on, `plain` means these rooms, on either side.
/// - `pure: fetch/position.rs group/assignor`: these files, and the files in these folders, have
///   no clock, no socket and no thread.
/// - `# a comment`
#[derive(Debug, Clone, Default)]
pub struct Plan {
    pub(crate) rooms: BTreeMap<String, BTreeSet<String>>,
    pub(crate) pure: Vec<String>,
}

impl Plan {
    /// Reads a plan.
    ///
    /// # Panics
    ///
    /// If a line is none of the above.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut plan = Self::default();
        let mut sets: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for line in text.lines().map(str::trim) {
            let names = |names: &str| -> Vec<String> {
                let one = |name: &str| {
                    sets.get(name)
                        .cloned()
                        .unwrap_or_else(|| vec![name.to_owned()])
                };
                names.split_whitespace().flat_map(one).collect()
            };
            if line.is_empty() || line.starts_with('#') {
                continue;
            } else if let Some(files) = line.strip_prefix("pure:") {
                plan.pure.extend(names(files));
            } else if let Some((rooms, used)) = line.split_once("->") {
                for room in names(rooms) {
                    plan.rooms.entry(room).or_default().extend(names(used));
                }
            } else if let Some((set, rooms)) = line.split_once('=') {
                let rooms = names(rooms);
                sets.insert(set.trim(), rooms);
            } else {
                panic!("not a line of a plan: {line}");
            }
        }
        plan
    }

    /// Whether a file is to be pure.
    pub(crate) fn is_pure(&self, file: &str) -> bool {
        self.pure.iter().any(|pure| is_in(file, pure))
    }
}

/// Whether a file is another, or in it, if that is a folder.
pub(crate) fn is_in(file: &str, folder: &str) -> bool {
    file.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The room that a file is in. None for `lib.rs` and `main.rs`.
pub(crate) fn room_of(file: &str) -> Option<&str> {
    match file.split_once('/') {
        Some((room, _)) => Some(room),
        None => file
            .strip_suffix(".rs")
            .filter(|name| !matches!(*name, "lib" | "main")),
    }
}
