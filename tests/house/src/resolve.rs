//! Resolution: from a path in code to the file that defines what it names.

use std::collections::BTreeSet;
use std::slice;

use crate::imports::Path;
use crate::module::{Meaning, Tree};

/// What a path leads to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Target {
    /// Something that this file defines.
    File(String),
    Module(usize),
    OtherCrate,
    Nothing,
}

/// Deeper chains of re-exports than this are a circle.
const MAX_HOPS: usize = 32;

impl Tree {
    /// What a path in a module leads to, through re-exports.
    pub(crate) fn resolve(&self, module: usize, path: &Path) -> Vec<Target> {
        let mut targets = self.resolve_segments(module, &path.segments, 0);
        if targets.iter().any(|target| *target != Target::Nothing) {
            targets.retain(|target| *target != Target::Nothing);
        }
        targets
    }

    /// The files that define what `module::*` brings in.
    pub(crate) fn files_behind(&self, module: usize) -> BTreeSet<String> {
        let names = self.modules[module].names.keys();
        let targets = names.flat_map(|name| self.follow(module, slice::from_ref(name), 0));
        let file = |target| match target {
            Target::File(file) => Some(file),
            _ => None,
        };
        targets.filter_map(file).collect()
    }

    /// Whether a path takes a name from the root that the root itself has from elsewhere.
    pub(crate) fn is_through_root(&self, module: usize, path: &Path) -> bool {
        let (start, rest) = self.start(module, &path.segments);
        let imported = |name: &String| {
            let meanings = self.modules[0].names.get(name);
            meanings.is_some_and(|meanings| {
                meanings
                    .iter()
                    .all(|meaning| matches!(meaning, Meaning::Import(_)))
            })
        };
        start == Some(0) && rest.len() < path.segments.len() && rest.first().is_some_and(imported)
    }

    /// The module that `crate`, `self` and `super` at the front of a path lead to, and what is left
    /// of the path. No module if there are more `super` than parents.
    fn start<'a>(&self, module: usize, path: &'a [String]) -> (Option<usize>, &'a [String]) {
        let (mut start, mut rest) = (Some(module), path);
        while let [first, after @ ..] = rest {
            match first.as_str() {
                "crate" => start = Some(0),
                "self" => {}
                "super" => start = start.and_then(|module| self.modules[module].parent),
                _ => break,
            }
            rest = after;
        }
        (start, rest)
    }

    fn resolve_segments(&self, module: usize, path: &[String], hops: usize) -> Vec<Target> {
        if hops > MAX_HOPS {
            return vec![Target::Nothing];
        }
        let (start, rest) = self.start(module, path);
        let Some(start) = start else {
            return vec![Target::Nothing];
        };
        let mut targets = self.follow(start, rest, hops);
        // A path that begins with a plain name that is not in scope begins with another crate, or
        // with something of the language.
        let is_relative = rest.len() == path.len();
        if is_relative && targets.iter().all(|target| *target == Target::Nothing) {
            targets = vec![Target::OtherCrate];
        }
        targets
    }

    /// What a path that begins in a module leads to.
    fn follow(&self, module: usize, path: &[String], hops: usize) -> Vec<Target> {
        let found = self.find(module, path, hops);
        match &self.modules[module] {
            module if found.is_empty() && module.has_macro_items => {
                vec![Target::File(module.file.clone())]
            }
            _ if found.is_empty() => vec![Target::Nothing],
            _ => found,
        }
    }

    /// Empty if the module neither defines nor imports the first name of the path.
    fn find(&self, module: usize, path: &[String], hops: usize) -> Vec<Target> {
        let [name, rest @ ..] = path else {
            return vec![Target::Module(module)];
        };
        let Some(meanings) = self.modules[module].names.get(name) else {
            return self.find_in_globs(module, path, hops + 1);
        };
        let targets = meanings.iter().flat_map(|meaning| match meaning {
            Meaning::Module(child) => self.follow(*child, rest, hops),
            Meaning::Item(file) => vec![Target::File(file.clone())],
            Meaning::OtherCrate => vec![Target::OtherCrate],
            // `use log;`: the name is that of another crate.
            Meaning::Import(import) if import.segments == path[..1] => vec![Target::OtherCrate],
            Meaning::Import(import) => {
                self.resolve_segments(module, &[&import.segments[..], rest].concat(), hops + 1)
            }
        });
        targets.collect()
    }

    fn find_in_globs(&self, module: usize, path: &[String], hops: usize) -> Vec<Target> {
        let globs = self.modules[module].globs.iter();
        let sources = globs.flat_map(|glob| self.resolve_segments(module, &glob.segments, hops));
        let targets = sources.flat_map(|source| match source {
            Target::Module(source) if hops < MAX_HOPS => self.find(source, path, hops),
            _ => Vec::new(),
        });
        targets.collect()
    }
}
