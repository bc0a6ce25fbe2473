//! [`StickyPartitioner`]: the partitions of records without a key.

/// Chooses partitions for records without a key, as Java's producer does (KIP-794): all records go
/// to one partition until it has received a batch's worth of bytes, then to another one, chosen at
/// random. That makes batches large, and partitions receive equal numbers of bytes in the long run.
///
/// If it is told how much is [queued](Self::set_load) for each partition, those with less in their
/// queue are chosen more often, so slow brokers get less.
///
/// One value serves one topic. It has no randomness of its own: each choice takes a number from the
/// caller's `dice`, which should be uniform over all of `u32`.
///
/// ```
/// use libkafka_client::{PartitionState, StickyPartitioner};
///
/// let partitions = [PartitionState::available(); 3];
/// let mut dice = [4, 2].into_iter().cycle();
/// let mut dice = || dice.next().unwrap_or_default();
///
/// let mut partitioner = StickyPartitioner::new(100);
/// assert_eq!(partitioner.partition(&partitions, &mut dice), 1); // 4 modulo 3
/// partitioner.appended(60, true, &partitions, &mut dice);
/// assert_eq!(partitioner.partition(&partitions, &mut dice), 1);
/// partitioner.appended(60, true, &partitions, &mut dice);
/// assert_eq!(partitioner.partition(&partitions, &mut dice), 2);
/// ```
#[derive(Debug, Clone)]
pub struct StickyPartitioner {
    batch_bytes: usize,
    rack: Option<Box<str>>,
    /// The partition that currently gets records, and the bytes that it has received so far.
    current: Option<(i32, usize)>,
    load: Option<Load>,
}

/// What a partitioner needs to know of a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartitionState<'a> {
    /// Whether it has a leader.
    pub is_available: bool,
    /// The rack of its leader.
    pub leader_rack: Option<&'a str>,
}

/// What is queued for a partition that has a leader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartitionLoad<'a> {
    /// The number of the partition.
    pub partition: i32,
    /// The number of batches waiting to be sent to it.
    pub queued: usize,
    /// The rack of its leader.
    pub leader_rack: Option<&'a str>,
}

/// The odds of the partitions that have a leader.
#[derive(Debug, Clone)]
struct Load {
    everywhere: Odds,
    in_this_rack: Odds,
}

/// Partitions, each with the sum of its weight and those of all before it.
#[derive(Debug, Clone, Default)]
struct Odds(Vec<(i32, u64)>);

impl<'a> PartitionState<'a> {
    /// A partition with a leader, in a rack that is not known.
    pub fn available() -> Self {
        Self {
            is_available: true,
            leader_rack: None,
        }
    }

    /// A partition without a leader. It gets records only if no partition has one.
    pub fn unavailable() -> Self {
        Self {
            is_available: false,
            ..Self::available()
        }
    }

    /// Sets the rack of the leader.
    #[must_use]
    pub fn leader_rack(mut self, rack: &'a str) -> Self {
        self.leader_rack = Some(rack);
        self
    }
}

impl<'a> PartitionLoad<'a> {
    /// A partition with this many batches in its queue.
    pub fn new(partition: i32, queued: usize) -> Self {
        Self {
            partition,
            queued,
            leader_rack: None,
        }
    }

    /// Sets the rack of the leader.
    #[must_use]
    pub fn leader_rack(mut self, rack: &'a str) -> Self {
        self.leader_rack = Some(rack);
        self
    }
}

impl StickyPartitioner {
    /// A partitioner that switches to another partition after `batch_bytes` bytes.
    pub fn new(batch_bytes: usize) -> Self {
        Self {
            batch_bytes,
            rack: None,
            current: None,
            load: None,
        }
    }

    /// Chooses only partitions whose leader is in `rack`, as long as there are any (KIP-1123).
    /// Default: all partitions.
    #[must_use]
    pub fn rack(mut self, rack: &str) -> Self {
        self.rack = Some(rack.into());
        self
    }

    /// The partition for the next record. `partitions` are all of the topic's, in the order of
    /// their numbers.
    #[inline]
    pub fn partition(
        &mut self,
        partitions: &[PartitionState<'_>],
        dice: &mut impl FnMut() -> u32,
    ) -> i32 {
        match self.current {
            Some((partition, _)) => partition,
            None => self.draw(partitions, dice),
        }
    }

    /// Counts a record that was appended to the current partition, and switches to another one if
    /// that has received enough.
    ///
    /// `may_switch` says that the record filled its batch, or that no batch is open: leaving a
    /// batch half full would waste it. After twice the bytes it switches all the same.
    #[inline]
    pub fn appended(
        &mut self,
        bytes: usize,
        may_switch: bool,
        partitions: &[PartitionState<'_>],
        dice: &mut impl FnMut() -> u32,
    ) {
        if let Some((_, produced)) = &mut self.current {
            *produced += bytes;
            let (produced, enough) = (*produced, self.batch_bytes);
            if produced >= enough && may_switch || produced >= enough.saturating_mul(2) {
                self.draw(partitions, dice);
            }
        }
    }

    /// Sets how much is queued for each partition that has a leader. Call it every time batches are
    /// sent. `partitions` is the number of all partitions. An empty `load` resets it: all
    /// partitions are chosen equally often.
    pub fn set_load(&mut self, load: &[PartitionLoad<'_>], partitions: usize) {
        let equal = load.windows(2).all(|pair| pair[0].queued == pair[1].queued);
        let says_nothing = equal && load.len() == partitions;
        self.load = (!load.is_empty() && partitions > 1 && !says_nothing).then(|| Load {
            everywhere: Odds::of(load.iter()),
            in_this_rack: match self.rack.as_deref() {
                Some(rack) => Odds::of(load.iter().filter(|of| of.leader_rack == Some(rack))),
                None => Odds::default(),
            },
        });
    }

    #[cold]
    fn draw(&mut self, partitions: &[PartitionState<'_>], dice: &mut impl FnMut() -> u32) -> i32 {
        let drawn = dice();
        let partition = match &self.load {
            Some(load) if load.in_this_rack.0.is_empty() => load.everywhere.pick(drawn),
            Some(load) => load.in_this_rack.pick(drawn),
            None => self.pick(partitions, drawn),
        };
        self.current = Some((partition, 0));
        partition
    }

    /// Chooses one of the partitions with a leader, in this rack if that is wanted and possible.
    fn pick(&self, partitions: &[PartitionState<'_>], drawn: u32) -> i32 {
        let numbered = || (0..).zip(partitions);
        let available = || numbered().filter(|(_, state)| state.is_available);
        let is_near = |state: &PartitionState<'_>| {
            self.rack.is_some() && state.leader_rack == self.rack.as_deref()
        };
        let nearby = available().filter(|(_, state)| is_near(state));
        nth(nearby.map(|(number, _)| number), drawn)
            .or_else(|| nth(available().map(|(number, _)| number), drawn))
            .or_else(|| nth(numbered().map(|(number, _)| number), drawn))
            .unwrap_or(0)
    }
}

/// The element that a number selects, if there are any.
fn nth(numbers: impl Iterator<Item = i32> + Clone, drawn: u32) -> Option<i32> {
    let count = numbers.clone().count();
    numbers.clone().nth((drawn as usize).checked_rem(count)?)
}

impl Odds {
    /// Weights that decrease as queues grow; that of the longest queue is 1.
    fn of<'p>(load: impl Iterator<Item = &'p PartitionLoad<'p>> + Clone) -> Self {
        let longest = load.clone().map(|of| of.queued).max().unwrap_or(0);
        let mut sum = 0;
        let odds = load.map(|of| {
            sum += (longest - of.queued) as u64 + 1;
            (of.partition, sum)
        });
        Odds(odds.collect())
    }

    fn pick(&self, drawn: u32) -> i32 {
        let total = self.0.last().map_or(1, |(_, sum)| *sum);
        let drawn = u64::from(drawn) % total;
        let place = self.0.partition_point(|(_, sum)| *sum <= drawn);
        self.0.get(place).map_or(0, |(partition, _)| *partition)
    }
}
