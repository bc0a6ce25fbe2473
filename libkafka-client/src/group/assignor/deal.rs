//! `deal`: chooses the partitions of each member's share of a class.

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};

use super::layout::Layout;

/// A member that should get more partitions, and how many.
type Taker = (usize, usize);

/// Sets the owners of the partitions of `topics`, so that each of `subscribers` owns as many as
/// `shares` says. Members keep what they own, as far as it fits.
pub(super) fn deal(
    layout: &Layout<'_, '_>,
    topics: &[usize],
    subscribers: &[usize],
    shares: Vec<usize>,
    owners: &mut [Option<usize>],
) {
    let mut owned: Vec<Vec<(bool, usize, usize)>> = vec![Vec::new(); layout.members.len()];
    let mut free = Vec::new();
    for topic in topics {
        let partitions = layout.first[*topic]..layout.first[*topic + 1];
        for (number, partition) in partitions.enumerate() {
            match owners[partition] {
                Some(owner) => {
                    owned[owner].push((layout.is_far(partition, owner), number, partition));
                }
                None => free.push(partition),
            }
        }
    }
    let mut takers = Vec::new();
    for (member, share) in subscribers.iter().zip(shares) {
        let owned = &mut owned[*member];
        if owned.len() > share {
            // Kept are those nearby, and of all topics alike.
            owned.sort_unstable();
            for (.., partition) in owned.drain(share..) {
                owners[partition] = None;
                free.push(partition);
            }
        } else if owned.len() < share {
            takers.push((*member, share - owned.len()));
        }
    }
    free.sort_unstable();
    deal_nearby(layout, &mut free, &mut takers, owners);
    let mut turns: VecDeque<Taker> = takers.into();
    for partition in free {
        owners[partition] = next(&mut turns);
    }
}

/// Gives members partitions with a replica in their rack. Partitions with few such members come
/// first and, of several racks, the one whose members take most.
fn deal_nearby(
    layout: &Layout<'_, '_>,
    free: &mut Vec<usize>,
    takers: &mut Vec<Taker>,
    owners: &mut [Option<usize>],
) {
    let mut by_rack: BTreeMap<&str, (usize, VecDeque<Taker>)> = BTreeMap::new();
    for (member, amount) in takers.iter() {
        if let Some(rack) = layout.rack(*member) {
            let (total, turns) = by_rack.entry(rack).or_default();
            *total += amount;
            turns.push_back((*member, *amount));
        }
    }
    if by_rack.is_empty() {
        return;
    }
    takers.retain(|(member, _)| layout.rack(*member).is_none());
    let room = |racks: &[&str]| {
        let totals = racks.iter().filter_map(|rack| by_rack.get(rack));
        totals.map(|(total, _)| *total).sum::<usize>()
    };
    let mut scarcest_first: Vec<_> = free.iter().map(|p| (room(layout.racks[*p]), *p)).collect();
    scarcest_first.sort_unstable();
    for (_, partition) in scarcest_first {
        let racks = layout.racks[partition].iter();
        let racks = racks.filter_map(|rack| Some((by_rack.get(rack)?.0, Reverse(*rack))));
        let Some((1.., Reverse(rack))) = racks.max() else {
            continue;
        };
        if let Some((total, turns)) = by_rack.get_mut(rack) {
            *total -= 1;
            owners[partition] = next(turns);
        }
    }
    free.retain(|partition| owners[*partition].is_none());
    takers.extend(by_rack.into_values().flat_map(|(_, turns)| turns));
    takers.sort_unstable();
}

/// The member whose turn it is, which gets one partition.
fn next(turns: &mut VecDeque<Taker>) -> Option<usize> {
    let (member, amount) = turns.pop_front()?;
    if amount > 1 {
        turns.push_back((member, amount - 1));
    }
    Some(member)
}
