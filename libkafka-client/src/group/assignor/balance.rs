//! `shares`: how many partitions each member gets, so that they are even and few partitions move.
//!
//! Which share vectors are the most even does not depend on how unevenness is measured: the most
//! even one is best by every measure (it is the least majorized one). So "most even first, then
//! fewest moves" is a problem with one answer, and both functions here find it:
//!
//! - [`level`] for one class of topics, which is all there is when members subscribe to the same
//!   topics: linear.
//! - [`Flow`] for several: starts with every member keeping everything, which moves nothing, and
//!   then lowers the highest loads along the paths that move least.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, VecDeque};

/// Topics with the same subscribers.
pub(super) struct Class {
    /// The members that subscribe, in ascending order.
    pub(super) subscribers: Vec<usize>,
    /// How many partitions each of them owns.
    owned: Vec<usize>,
    /// The number of partitions.
    size: usize,
}

impl Class {
    /// A class without topics.
    pub(super) fn of(subscribers: Vec<usize>) -> Self {
        Class {
            owned: vec![0; subscribers.len()],
            subscribers,
            size: 0,
        }
    }

    /// Adds partitions with these owners.
    pub(super) fn add(&mut self, owners: &[Option<usize>]) {
        self.size += owners.len();
        for owner in owners.iter().flatten() {
            if let Ok(place) = self.subscribers.binary_search(owner) {
                self.owned[place] += 1;
            }
        }
    }
}

/// How many partitions of each class each of its subscribers gets.
pub(super) fn shares(classes: &[Class], members: usize) -> Vec<Vec<usize>> {
    match classes {
        [class] => vec![level(class)],
        _ => Flow::new(classes, members).level(),
    }
}

/// The shares of one class: equal, and if that does not come out even, one more for the members
/// that own most.
fn level(class: &Class) -> Vec<usize> {
    let members = class.subscribers.len();
    let mut shares = vec![class.size / members; members];
    let mut by_owned: Vec<usize> = (0..members).collect();
    by_owned.sort_by_key(|place| Reverse(class.owned[*place]));
    for place in &by_owned[..class.size % members] {
        shares[*place] += 1;
    }
    shares
}

/// Partitions that move from members with many to members with few.
///
/// A path goes from a member to a class (the member gives up a partition), on to another member
/// (which takes it), perhaps on through a class that only this one shares with a third, and so on.
/// Its cost is the number of partitions that it takes away from their owners, minus those that it
/// returns.
struct Flow<'c> {
    classes: &'c [Class],
    /// How many partitions of each class each of its subscribers holds now.
    held: Vec<Vec<usize>>,
    /// How many partitions each member holds.
    load: Vec<usize>,
    /// The classes of each member, and its place among their subscribers.
    places: Vec<Vec<(usize, usize)>>,
}

/// The cheapest way to a member or a class found so far.
#[derive(Clone, Copy)]
struct Way {
    cost: i64,
    /// Where it comes from, through which place in which class; `None` at a start.
    from: Option<(usize, usize, usize)>,
}

impl<'c> Flow<'c> {
    /// Every member keeps everything, and what nobody owns goes to the members that hold least.
    fn new(classes: &'c [Class], members: usize) -> Self {
        let mut flow = Flow {
            classes,
            held: classes.iter().map(|class| class.owned.clone()).collect(),
            load: vec![0; members],
            places: vec![Vec::new(); members],
        };
        for (index, class) in classes.iter().enumerate() {
            for (place, member) in class.subscribers.iter().enumerate() {
                flow.places[*member].push((index, place));
                flow.load[*member] += class.owned[place];
            }
        }
        // Those with few subscribers have the least choice.
        let mut order: Vec<usize> = (0..classes.len()).collect();
        order.sort_by_key(|index| classes[*index].subscribers.len());
        for index in order {
            flow.fill(index);
        }
        flow
    }

    fn fill(&mut self, index: usize) {
        let class = &self.classes[index];
        let free = class.size - class.owned.iter().sum::<usize>();
        let subscribers = class.subscribers.iter().enumerate();
        let mut least: BinaryHeap<_> = subscribers
            .map(|(place, member)| Reverse((self.load[*member], place)))
            .collect();
        for _ in 0..free {
            if let Some(mut top) = least.peek_mut() {
                let Reverse((load, place)) = &mut *top;
                *load += 1;
                self.held[index][*place] += 1;
                self.load[class.subscribers[*place]] += 1;
            }
        }
    }

    /// The shares, after all loads have been lowered as far as possible.
    fn level(mut self) -> Vec<Vec<usize>> {
        // Members whose load cannot be lowered, nor that of anyone they could give to.
        let mut done: Vec<bool> = self.places.iter().map(Vec::is_empty).collect();
        loop {
            let loads = || self.load.iter().zip(&done).filter(|(_, done)| !**done);
            let loads = || loads().map(|(load, _)| *load);
            let (Some(most), Some(least)) = (loads().max(), loads().min()) else {
                break;
            };
            if most <= least + 1 {
                break;
            }
            // The lowest limit that all of them can come under: not below their average.
            let average = loads().sum::<usize>().div_ceil(loads().count());
            let (mut impossible, mut possible) = (average - 1, most);
            let mut limit = average;
            while impossible + 1 < possible {
                let before = (self.held.clone(), self.load.clone());
                if self.lower(limit, &done).is_ok() {
                    possible = limit;
                } else {
                    impossible = limit;
                    (self.held, self.load) = before;
                }
                limit = impossible.midpoint(possible);
            }
            // Who does not come below it is done, and so is whoever they could give to.
            if let Err(stuck) = self.lower(possible - 1, &done) {
                for (done, stuck) in done.iter_mut().zip(stuck) {
                    *done |= stuck;
                }
            }
        }
        self.held
    }

    /// Moves partitions until no load is above `limit`, moving as few of them as possible away from
    /// their owners. Members that are `done` are not changed.
    ///
    /// # Errors
    /// If some loads stay above the limit: the members that they could give to.
    fn lower(&mut self, limit: usize, done: &[bool]) -> Result<(), Vec<bool>> {
        loop {
            let members = self.load.len();
            let above = |member: &usize| !done[*member] && self.load[*member] > limit;
            let starts: Vec<usize> = (0..members).filter(above).collect();
            if starts.is_empty() {
                return Ok(());
            }
            let ways = self.ways(&starts);
            let ends = (0..members).filter(|member| self.load[*member] < limit);
            let ends = ends.filter_map(|member| Some((ways[member]?.cost, member)));
            let Some((_, end)) = ends.min() else {
                return Err(ways[..members].iter().map(Option::is_some).collect());
            };
            self.send_along(&ways, end, limit);
        }
    }

    /// The cheapest ways from `starts` to all members, and after those to all classes.
    ///
    /// Costs can be negative, but no round trip is: each step takes a cheapest way, which keeps it
    /// so. Therefore the search ends.
    fn ways(&self, starts: &[usize]) -> Vec<Option<Way>> {
        let members = self.load.len();
        let mut ways: Vec<Option<Way>> = vec![None; members + self.classes.len()];
        let mut queued = vec![false; ways.len()];
        let mut queue = VecDeque::new();
        for start in starts {
            ways[*start] = Some(Way {
                cost: 0,
                from: None,
            });
            queued[*start] = true;
            queue.push_back(*start);
        }
        while let Some(node) = queue.pop_front() {
            queued[node] = false;
            let Some(way) = ways[node] else { continue };
            let mut reach = |to: usize, cost: i64, class: usize, place: usize| {
                if ways[to].is_none_or(|known| way.cost + cost < known.cost) {
                    ways[to] = Some(Way {
                        cost: way.cost + cost,
                        from: Some((node, class, place)),
                    });
                    if !std::mem::replace(&mut queued[to], true) {
                        queue.push_back(to);
                    }
                }
            };
            if node < members {
                for (class, place) in &self.places[node] {
                    if let Some((cost, _)) = self.giving(*class, *place) {
                        reach(members + class, cost, *class, *place);
                    }
                }
            } else {
                let class = node - members;
                for (place, member) in self.classes[class].subscribers.iter().enumerate() {
                    let (cost, _) = self.taking(class, place);
                    reach(*member, cost, class, place);
                }
            }
        }
        ways
    }

    /// What it costs a member to give up partitions of a class, and how many it can give up at that
    /// cost.
    fn giving(&self, class: usize, place: usize) -> Option<(i64, usize)> {
        let (held, owned) = (self.held[class][place], self.classes[class].owned[place]);
        match held.cmp(&owned) {
            // One that is not its own goes elsewhere: no further move.
            Ordering::Greater => Some((-1, held - owned)),
            _ if held > 0 => Some((0, held)),
            _ => None,
        }
    }

    /// What it costs a member to take partitions of a class, and how many it can take at that cost.
    fn taking(&self, class: usize, place: usize) -> (i64, usize) {
        let (held, owned) = (self.held[class][place], self.classes[class].owned[place]);
        match held.cmp(&owned) {
            // Its own, given up before.
            Ordering::Less => (0, owned - held),
            _ => (1, usize::MAX),
        }
    }

    /// Moves as many partitions to `end` as its way and both ends allow at the same cost.
    fn send_along(&mut self, ways: &[Option<Way>], end: usize, limit: usize) {
        let members = self.load.len();
        let mut steps = Vec::new();
        let mut node = end;
        while let Some((from, class, place)) = ways[node].and_then(|way| way.from) {
            steps.push((from < members, class, place));
            node = from;
        }
        let start = node;
        let mut amount = (self.load[start] - limit).min(limit - self.load[end]);
        for (gives, class, place) in &steps {
            let possible = match gives {
                true => self.giving(*class, *place).map_or(0, |(_, amount)| amount),
                false => self.taking(*class, *place).1,
            };
            amount = amount.min(possible);
        }
        for (gives, class, place) in steps {
            let held = &mut self.held[class][place];
            *held = if gives {
                *held - amount
            } else {
                *held + amount
            };
        }
        self.load[start] -= amount;
        self.load[end] += amount;
    }
}
