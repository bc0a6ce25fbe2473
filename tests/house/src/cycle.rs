//! Cycles between files.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Which file uses which.
pub(crate) type Edges = BTreeMap<String, BTreeSet<String>>;

/// A shortest cycle through each knot of files that lead to each other. A cycle begins and ends with
/// the same file.
pub(crate) fn cycles(edges: &Edges) -> Vec<Vec<String>> {
    let mut found: Vec<Vec<String>> = Vec::new();
    let mut knotted = BTreeSet::new();
    for start in edges.keys() {
        if knotted.contains(start) {
            continue;
        }
        if let Some(cycle) = shortest_cycle(edges, start) {
            let from_start = reachable(edges, start);
            let back = |file: &&String| reachable(edges, file).contains(start);
            knotted.extend(from_start.iter().filter(back).cloned());
            found.push(cycle);
        }
    }
    found
}

fn shortest_cycle(edges: &Edges, start: &str) -> Option<Vec<String>> {
    let mut before: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(file) = queue.pop_front() {
        for next in edges.get(file).into_iter().flatten() {
            if next == start {
                let mut cycle = vec![start.to_owned()];
                let mut at = file;
                while at != start {
                    cycle.push(at.to_owned());
                    at = before[at];
                }
                cycle.push(start.to_owned());
                cycle.reverse();
                return Some(cycle);
            }
            if !before.contains_key(next.as_str()) {
                before.insert(next, file);
                queue.push_back(next);
            }
        }
    }
    None
}

fn reachable(edges: &Edges, start: &str) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut queue = vec![start];
    while let Some(file) = queue.pop() {
        for next in edges.get(file).into_iter().flatten() {
            if seen.insert(next.clone()) {
                queue.push(next);
            }
        }
    }
    seen
}
