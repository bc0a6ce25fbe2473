//! `Balancer`: the members with the fewest and the most partitions, in the order in which Kafka
//! takes them.

/// The readers of a topic, by how many partitions they have. Two ranges of them grow towards each
/// other: at the start those with the fewest, which have all been brought to one level; at the end
/// those with the most, likewise.
///
/// This is Kafka's `MemberAssignmentBalancer`. The order in which it takes members of the same
/// level affects its assignments, so it is the same here.
pub(super) struct Balancer {
    members: Vec<usize>,
    least_end: usize,
    least_level: isize,
    least_next: usize,
    most_start: usize,
    most_end: usize,
    most_level: isize,
    /// One after the next to take, so none are left at `most_start`.
    most_next: usize,
}

impl Balancer {
    /// All readers of a topic, of which there is at least one, by what they have now.
    pub(super) fn new(readers: &[usize], sizes: &[usize]) -> Self {
        let mut members = readers.to_vec();
        members.sort_by_key(|member| (sizes[*member], *member));
        let level = |member: Option<&usize>| member.map_or(0, |member| sizes[*member] as isize);
        Balancer {
            least_end: 0,
            least_level: level(members.first()) - 1,
            least_next: 0,
            most_start: members.len(),
            most_end: members.len(),
            most_level: level(members.last()) + 1,
            most_next: members.len(),
            members,
        }
    }

    /// How many more partitions the member with the most has than the one with the fewest.
    pub(super) fn spread(&self, sizes: &[usize]) -> usize {
        match self.members[..] {
            [first, .., last] => sizes[last] - sizes[first],
            _ => 0,
        }
    }

    /// One of the members with the fewest, which should get a partition.
    pub(super) fn next_least(&mut self, sizes: &[usize]) -> usize {
        if self.least_next >= self.least_end {
            self.least_level += 1;
            while let Some(member) = self.members.get(self.least_end)
                && sizes[*member] as isize == self.least_level
            {
                self.least_end += 1;
            }
            self.least_next = 0;
        }
        self.least_next += 1;
        self.members[self.least_next - 1]
    }

    /// One of the members with the most, which should give up a partition; `None` if all were
    /// excluded.
    pub(super) fn next_most(&mut self, sizes: &[usize]) -> Option<usize> {
        if self.most_next <= self.most_start {
            let below = self
                .most_start
                .checked_sub(1)
                .map(|place| self.members[place]);
            match below {
                // The whole range was excluded: on with the next level, however far down.
                Some(member) if self.most_end <= self.most_start => {
                    self.most_level = sizes[member] as isize;
                }
                _ => self.most_level -= 1,
            }
            while let Some(place) = self.most_start.checked_sub(1)
                && sizes[self.members[place]] as isize == self.most_level
            {
                self.most_start = place;
            }
            self.most_next = self.most_end;
        }
        self.most_next = self.most_next.checked_sub(1)?;
        Some(self.members[self.most_next])
    }

    /// Excludes the member that [`next_most`](Self::next_most) returned, because it has nothing to
    /// give up.
    pub(super) fn exclude_most(&mut self) {
        self.most_end -= 1;
        self.members.swap(self.most_next, self.most_end);
    }

    /// Whether the two ranges are at most one apart.
    pub(super) fn is_even(&self) -> bool {
        self.most_level - self.least_level <= 1
    }
}
