//! `Claim`: a partition during one ownership.

use crate::event::{Event, Kind};

/// A partition during one ownership.
#[derive(Debug)]
pub(crate) struct Claim<'h> {
    pub(crate) process: &'h str,
    pub(crate) id: u64,
    pub(crate) assigned: u64,
    pub(crate) start: Option<i64>,
    pub(crate) ended: Option<(u64, End)>,
    /// The events that are about it, in order, without its beginning and end.
    pub(crate) steps: Vec<&'h Event>,
    /// The lowest offset that the member itself moved its position to.
    pub(crate) sought: Option<i64>,
}

/// How a claim ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Released,
    /// The member left the group while it had the partition.
    Left,
    Lost,
    Crash,
}

impl End {
    /// Whether the member had time to commit.
    pub(crate) fn in_good_order(self) -> bool {
        matches!(self, End::Released | End::Left)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            End::Released => "released",
            End::Left => "left",
            End::Lost => "lost",
            End::Crash => "crash",
        }
    }
}

impl Claim<'_> {
    /// When it got or handled records last.
    pub(crate) fn last_active(&self) -> u64 {
        let active =
            |event: &&&Event| matches!(event.kind, Kind::Polled { .. } | Kind::Handled { .. });
        let last = self.steps.iter().rev().find(active);
        last.map_or(self.assigned, |event| event.at)
    }

    /// The offset that it read first, if it did not move its position before.
    pub(crate) fn first_read(&self) -> Option<i64> {
        let first = self.steps.iter().find_map(|event| match event.kind {
            Kind::Polled { from, .. } => Some(Some(from)),
            Kind::Sought { .. } => Some(None),
            _ => None,
        });
        first.flatten()
    }

    /// When it ended, if it did before the history does.
    pub(crate) fn end(&self) -> u64 {
        self.ended.map_or(u64::MAX, |(at, _)| at)
    }

    /// Whether it ended without having been able to commit.
    pub(crate) fn ended_badly(&self) -> bool {
        self.ended.is_some_and(|(_, end)| !end.in_good_order())
    }

    /// Whether the member moved its position itself, as far back as that.
    pub(crate) fn has_sought(&self, offset: i64) -> bool {
        self.sought.is_some_and(|to| to <= offset)
    }

    pub(crate) fn name(&self) -> String {
        format!("claim {} of {}", self.id, self.process)
    }
}
