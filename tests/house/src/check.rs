//! [`check`]: a crate against its plan.

use std::collections::BTreeSet;

use crate::cycle::{Edges, cycles};
use crate::imports::Path;
use crate::module::{Module, Tree};
use crate::plan::{Plan, is_in, room_of};
use crate::purity::impurity;
use crate::resolve::Target;
use crate::source::Source;

/// Compares a crate with its plan, and returns a sentence for each violation:
///
/// - a room without a line in the plan, a line without its room, a pure file that is not there;
/// - a path into a room that the plan does not allow;
/// - a name taken from `lib.rs` that is defined elsewhere;
/// - files that use each other, directly or in a ring;
/// - a pure file that names a clock, a socket or a thread;
/// - a file that no `mod` names, and a path that leads nowhere.
///
/// A module behind `#[cfg(test)]` may do as it likes. Any other code behind it need not be pure.
#[must_use]
pub fn check(source: &Source, plan: &Plan) -> Vec<String> {
    let mut check = Check {
        plan,
        edges: Edges::new(),
        violations: BTreeSet::new(),
    };
    check.rooms(source);
    let mut reached = BTreeSet::new();
    for root in ["lib.rs", "main.rs"]
        .into_iter()
        .filter(|root| source.0.contains_key(*root))
    {
        match Tree::read(source, root) {
            Ok(tree) => {
                check.tree(&tree);
                reached.extend(tree.modules.into_iter().map(|module| module.file));
            }
            Err(error) => return vec![error],
        }
    }
    for file in source.0.keys().filter(|file| !reached.contains(*file)) {
        check.violation(format!("no `mod` names {file}"));
    }
    for cycle in cycles(&check.edges) {
        check.violation(format!("a ring of files: {}", cycle.join(" -> ")));
    }
    check.violations.into_iter().collect()
}

struct Check<'a> {
    plan: &'a Plan,
    edges: Edges,
    violations: BTreeSet<String>,
}

impl Check<'_> {
    fn violation(&mut self, sentence: String) {
        self.violations.insert(sentence);
    }

    fn rooms(&mut self, source: &Source) {
        let plan = self.plan;
        let rooms: BTreeSet<_> = source.0.keys().filter_map(|file| room_of(file)).collect();
        for room in rooms.iter().filter(|room| !plan.rooms.contains_key(**room)) {
            self.violation(format!("the room {room} has no line in the plan"));
        }
        for room in plan
            .rooms
            .iter()
            .flat_map(|(room, used)| used.iter().chain([room]))
        {
            if !rooms.contains(room.as_str()) {
                self.violation(format!("the plan names a room {room} that is not there"));
            }
        }
        for pure in &plan.pure {
            if !source.0.keys().any(|file| is_in(file, pure)) {
                self.violation(format!(
                    "the plan names a pure file {pure} that is not there"
                ));
            }
        }
    }

    fn tree(&mut self, tree: &Tree) {
        for (id, module) in tree
            .modules
            .iter()
            .enumerate()
            .filter(|(_, module)| !module.is_test)
        {
            for path in &module.paths {
                self.path(tree, id, module, path);
            }
        }
    }

    fn path(&mut self, tree: &Tree, id: usize, module: &Module, path: &Path) {
        let file = &module.file;
        if self.plan.is_pure(file)
            && !path.in_test
            && let Some(impure) = impurity(tree, id, path)
        {
            self.violation(format!("{file} is to be pure and names {impure}"));
        }
        if room_of(file).is_some() && !path.is_exported && tree.is_through_root(id, path) {
            self.violation(format!(
                "{file} takes {path} from the root, which has it from elsewhere"
            ));
        }
        for target in tree.resolve(id, path) {
            match target {
                Target::OtherCrate => {}
                Target::Nothing => {
                    self.violation(format!("{file} names {path}, which leads nowhere"));
                }
                Target::File(used) => self.arrow(file, &used, path),
                Target::Module(used) if path.is_glob => {
                    for used in tree.files_behind(used) {
                        self.arrow(file, &used, path);
                    }
                }
                // To name a module that only passes on what others define is to use nothing yet.
                Target::Module(used) => {
                    let used = &tree.modules[used];
                    if used.defines_anything() {
                        self.arrow(file, &used.file, path);
                    }
                }
            }
        }
    }

    fn arrow(&mut self, file: &str, used: &str, path: &Path) {
        if file == used {
            return;
        }
        self.edges
            .entry(file.to_owned())
            .or_default()
            .insert(used.to_owned());
        let Some(room) = room_of(file) else { return };
        let Some(used_room) = room_of(used) else {
            self.violation(format!("{file} uses {path} of {used}, which no room may"));
            return;
        };
        let allowed = self
            .plan
            .rooms
            .get(room)
            .is_some_and(|rooms| rooms.contains(used_room));
        if room != used_room && !allowed {
            self.violation(format!(
                "{file} uses {path} of {used}: no arrow {room} -> {used_room}"
            ));
        }
    }
}
