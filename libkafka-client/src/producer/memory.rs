//! `Memory`: the memory of a producer's batches, and buffers to reuse.

use std::collections::BTreeMap;

use libkafka_batch::Builder;

use super::lane_batch::LaneBatch;
use super::queued_batch::Batch;

/// The memory of batches, by partition and by the broker that leads it, within a limit.
///
/// So that partitions that are stuck leave room for the others, each may have a quarter of the
/// memory, and the partitions of one broker together no more than is left for the rest: one broker
/// that stands still holds half, two hold a third each.
///
/// What a batch takes besides its bytes counts too: with many partitions, batches are small.
///
/// Free buffers are kept for the next batches, the most recently used first, since the processor's
/// caches still contain it. They count, and give way to batches.
pub(super) struct Memory {
    limit: usize,
    /// The most that a partition may have, in bytes.
    share: usize,
    /// The most that is kept in free buffers, in bytes.
    most_free: usize,
    used: usize,
    free: usize,
    #[expect(
        clippy::vec_box,
        reason = "each is handed on from stage to stage of a batch, and is large"
    )]
    buffers: BTreeMap<usize, Vec<Box<Builder>>>,
    accounts: Vec<Account>,
    leaders: BTreeMap<i32, usize>,
}

/// The memory of a partition.
#[derive(Default, Clone, Copy)]
struct Account {
    held: usize,
    leader: Option<i32>,
}

/// Whose share is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shortage {
    /// That of the partition.
    Partition,
    /// That of the partitions of this broker.
    Leader(i32),
    /// All memory is in use.
    All,
}

/// The most that the memory of a builder has beyond the bytes of its batch, for the builder and for
/// the allocator.
pub(super) const SLACK: usize = 128;
/// What of it is the allocator's, which the capacity of a builder leaves out.
const ALLOCATOR: usize = 16;
/// The unit of its allocations.
const GRAIN: usize = 512;
/// What a builder takes besides its buffer, allocations that it shares with its batch included.
const BUILDER: usize = size_of::<Builder>() + 64;
/// What a batch takes besides the buffer of its builder, in its queue and on a lane.
const BATCH_COST: usize = BUILDER + size_of::<Batch>() + size_of::<LaneBatch>();
/// The most that is kept in free buffers, in bytes: about what one answer frees. More is memory
/// that nobody uses: the caches of the processor hold no more, and batches of other sizes need
/// other buffers.
const MOST_FREE: usize = 1 << 20;

/// The most that counts for a batch of this many bytes in a builder of its own.
pub(super) fn memory_of(bytes: usize) -> usize {
    cost((bytes + SLACK).next_multiple_of(GRAIN))
}

/// What counts for a batch in a buffer of this many bytes.
pub(super) fn cost(capacity: usize) -> usize {
    capacity + BATCH_COST
}

impl Memory {
    /// A memory of `limit` bytes, of which a partition may have `share`.
    pub(super) fn new(limit: usize, share: usize) -> Self {
        Self {
            limit,
            share,
            most_free: MOST_FREE.min(limit / 4),
            used: 0,
            free: 0,
            buffers: BTreeMap::new(),
            accounts: Vec::new(),
            leaders: BTreeMap::new(),
        }
    }

    /// Adds an account for another partition. Accounts are numbered from 0.
    pub(super) fn add_account(&mut self) {
        self.accounts.push(Account::default());
    }

    /// The bytes that batches take.
    pub(super) fn used(&self) -> usize {
        self.used
    }

    /// The bytes that the batches of a partition take.
    pub(super) fn held(&self, account: u32) -> usize {
        self.accounts[account as usize].held
    }

    /// Sets the leader of the partition.
    pub(super) fn set_leader(&mut self, account: u32, leader: Option<i32>) {
        let held = self.held(account);
        self.charge_leader(account, held, false);
        self.accounts[account as usize].leader = leader;
        self.charge_leader(account, held, true);
    }

    /// A buffer for a batch of this many bytes, and how much memory the batch takes, which counts
    /// from now on.
    pub(super) fn take_buffer(
        &mut self,
        account: u32,
        bytes: usize,
    ) -> Result<(Box<Builder>, usize), Shortage> {
        let fitting = bytes + SLACK - ALLOCATOR..=bytes.saturating_mul(2) + GRAIN + SLACK;
        let fitting = self.buffers.range_mut(fitting);
        let buffer = fitting.filter_map(|(_, buffers)| buffers.pop()).next();
        let Some(buffer) = buffer else {
            // As much as a builder takes.
            let held = memory_of(bytes);
            self.reserve(account, held)?;
            return Ok((Box::new(Builder::new()), held));
        };
        let held = cost(buffer.capacity());
        self.free -= buffer.capacity() + BUILDER;
        match self.reserve(account, held) {
            Ok(()) => Ok((buffer, held)),
            Err(shortage) => {
                self.keep(buffer);
                Err(shortage)
            }
        }
    }

    /// Returns a buffer, and the memory of its batch.
    pub(super) fn give_back(&mut self, account: u32, held: usize, buffer: Box<Builder>) {
        self.release(account, held);
        self.keep(buffer);
    }

    /// A buffer for a batch of this many bytes, in exchange for `held` bytes that no longer count.
    pub(super) fn exchange_buffer(
        &mut self,
        account: u32,
        held: usize,
        bytes: usize,
    ) -> Result<(Box<Builder>, usize), Shortage> {
        self.release(account, held);
        let taken = self.take_buffer(account, bytes);
        if taken.is_err() {
            self.charge(account, held);
        }
        taken
    }

    /// Whether so much is in use that it is worth something to use less.
    pub(super) fn is_scarce(&self) -> bool {
        self.used > self.limit / 2
    }

    /// Keeps a buffer whose memory does not count.
    pub(super) fn keep(&mut self, buffer: Box<Builder>) {
        let capacity = buffer.capacity();
        let bytes = capacity + BUILDER;
        if self.free + bytes <= self.most_free && self.used + self.free + bytes <= self.limit {
            self.free += bytes;
            self.buffers.entry(capacity).or_default().push(buffer);
        }
    }

    /// Counts more memory of a partition.
    pub(super) fn reserve(&mut self, account: u32, bytes: usize) -> Result<(), Shortage> {
        let Account { held, leader } = self.accounts[account as usize];
        if held + bytes > self.share {
            return Err(Shortage::Partition);
        }
        let left = self.limit.saturating_sub(self.used);
        if bytes > left {
            return Err(Shortage::All);
        }
        if let Some(leader) = leader.filter(|_| self.leaders.len() > 1)
            && self
                .leaders
                .get(&leader)
                .is_some_and(|held| held + bytes > left)
        {
            return Err(Shortage::Leader(leader));
        }
        self.charge(account, bytes);
        Ok(())
    }

    /// Counts more memory of a partition regardless of its share and the limit, because it has
    /// already been allocated.
    pub(super) fn charge(&mut self, account: u32, bytes: usize) {
        self.used += bytes;
        self.accounts[account as usize].held += bytes;
        self.charge_leader(account, bytes, true);
        while self.used + self.free > self.limit && self.drop_buffer() {}
    }

    /// Releases memory of a partition.
    pub(super) fn release(&mut self, account: u32, bytes: usize) {
        self.used -= bytes;
        self.accounts[account as usize].held -= bytes;
        self.charge_leader(account, bytes, false);
    }

    fn charge_leader(&mut self, account: u32, bytes: usize, is_more: bool) {
        let Some(leader) = self.accounts[account as usize].leader else {
            return;
        };
        let held = self.leaders.entry(leader).or_default();
        match is_more {
            true => *held += bytes,
            false => *held -= bytes,
        }
    }

    fn drop_buffer(&mut self) -> bool {
        let Some(mut smallest) = self.buffers.first_entry() else {
            return false;
        };
        if let Some(buffer) = smallest.get_mut().pop() {
            self.free -= buffer.capacity() + BUILDER;
        }
        if smallest.get().is_empty() {
            smallest.remove();
        }
        true
    }

    /// The partition that takes the most memory, among those of this broker or all.
    pub(super) fn largest(&self, leader: Option<i32>) -> Option<u32> {
        let accounts = (0..).zip(&self.accounts);
        let accounts = accounts.filter(|(_, of)| leader.is_none() || of.leader == leader);
        let largest = accounts.max_by_key(|(_, account)| account.held)?;
        Some(largest.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn memory(partitions: u32, brokers: i32) -> Memory {
        let mut memory = Memory::new(1000, 250);
        for account in 0..partitions {
            memory.add_account();
            memory.set_leader(account, Some(account as i32 % brokers));
        }
        memory
    }

    /// Takes as much as it gets for these accounts.
    fn fill(memory: &mut Memory, accounts: impl Iterator<Item = u32> + Clone) {
        let mut one_each = || {
            let accounts = accounts.clone();
            accounts
                .filter(|of| memory.reserve(*of, 10).is_ok())
                .count()
        };
        while one_each() > 0 {}
    }

    #[test]
    fn a_partition_has_a_share_and_the_others_what_is_left() {
        let mut memory = memory(4, 1);
        fill(&mut memory, 0..1);
        assert_eq!(memory.held(0), 250);
        assert_eq!(memory.reserve(0, 1), Err(Shortage::Partition));
        fill(&mut memory, 1..4);
        assert_eq!(memory.used(), 1000);
        assert_eq!(memory.reserve(3, 1), Err(Shortage::Partition));
    }

    #[test]
    fn the_partitions_of_one_broker_leave_half_to_the_others_and_those_of_two_a_third() {
        let mut memory = memory(300, 3);
        fill(&mut memory, (0..300).step_by(3));
        assert_eq!(memory.used(), 500);
        assert_eq!(memory.reserve(0, 10), Err(Shortage::Leader(0)));
        fill(&mut memory, (1..300).step_by(3));
        assert!(memory.used() <= 750, "{}", memory.used());
        memory.reserve(2, 10).unwrap();
        // It moves, and with it what it has.
        let held = memory.held(3);
        memory.set_leader(3, Some(2));
        memory.release(3, held);
        assert_eq!(memory.largest(Some(2)), Some(2));
    }

    #[test]
    fn a_buffer_is_used_again_and_gives_way_to_batches() {
        let mut memory = Memory::new(40_000, 40_000);
        memory.add_account();
        let (mut builder, held) = memory.take_buffer(0, 3900).unwrap();
        builder.reserve(3900);
        let capacity = builder.capacity();
        memory.give_back(0, held, builder);
        assert_eq!((memory.used(), memory.free), (0, capacity + BUILDER));
        let (builder, held) = memory.take_buffer(0, 3900).unwrap();
        assert_eq!(
            (builder.capacity(), held, memory.free),
            (capacity, capacity + BATCH_COST, 0)
        );
        memory.give_back(0, held, builder);
        memory.reserve(0, 40_000).unwrap();
        assert_eq!((memory.used(), memory.free), (40_000, 0));
        assert_eq!(memory.reserve(0, 1), Err(Shortage::Partition));
    }

    #[test]
    fn a_buffer_serves_a_batch_of_the_size_that_it_was_made_for() {
        let mut memory = Memory::new(1 << 20, 1 << 20);
        memory.add_account();
        for units in 1..=8 {
            let bytes = units * GRAIN - SLACK;
            let (mut builder, held) = memory.take_buffer(0, bytes).unwrap();
            builder.reserve(bytes);
            let capacity = builder.capacity();
            memory.give_back(0, held, builder);
            let (mut builder, _) = memory.take_buffer(0, bytes).unwrap();
            assert_eq!(builder.capacity(), capacity, "{bytes}");
            builder.reserve(bytes);
            assert_eq!(builder.capacity(), capacity, "{bytes}");
        }
    }

    proptest! {
        #[test]
        fn no_more_is_taken_than_there_is(steps in prop::collection::vec((0..6_u32, 1..30_000_usize, any::<bool>()), 0..200)) {
            let mut memory = Memory::new(100_000, 25_000);
            let mut taken: Vec<(u32, usize, Box<Builder>)> = Vec::new();
            for account in 0..6 {
                memory.add_account();
                memory.set_leader(account, Some(account as i32 % 2));
            }
            for (account, bytes, take) in steps {
                if take {
                    if let Ok((mut buffer, held)) = memory.take_buffer(account, bytes) {
                        buffer.reserve(bytes);
                        prop_assert!(buffer.capacity() + BATCH_COST <= held);
                        taken.push((account, held, buffer));
                    }
                } else if let Some((account, held, buffer)) = taken.pop() {
                    memory.give_back(account, held, buffer);
                }
                prop_assert!(memory.used + memory.free <= 100_000);
                let kept = memory.buffers.values().flatten();
                let kept = kept.map(|buffer| buffer.capacity() + BUILDER);
                prop_assert_eq!(memory.free, kept.sum::<usize>());
                prop_assert!((0..6).all(|account| memory.held(account) <= 25_000));
            }
            prop_assert_eq!(memory.used, taken.iter().map(|(_, held, _)| held).sum::<usize>());
        }
    }
}
