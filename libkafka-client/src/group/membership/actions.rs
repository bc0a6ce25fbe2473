//! `Actions`: the actions in progress.

use std::time::Instant;

use super::step::{ActionId, Task};

/// The kinds of actions. At most one of each kind is in progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    FindCoordinator,
    FindTopics,
    Assign,
    Join,
    Sync,
    Heartbeat,
    Leave,
}

/// An action in progress.
#[derive(Debug, Clone, Copy)]
pub(super) struct OnTheWay {
    pub(super) id: ActionId,
    pub(super) kind: Kind,
    pub(super) begun: Instant,
    pub(super) by: Instant,
}

/// The actions in progress. The outcome of any other action arrives too late.
#[derive(Debug, Default)]
pub(super) struct Actions {
    on_the_way: Vec<OnTheWay>,
    begun: u64,
}

impl Actions {
    pub(super) fn begin(&mut self, task: &Task, now: Instant, by: Instant) -> ActionId {
        self.begun += 1;
        let id = ActionId(self.begun);
        let kind = match task {
            Task::FindCoordinator => Kind::FindCoordinator,
            Task::FindTopics(_) => Kind::FindTopics,
            Task::Assign(_) => Kind::Assign,
            Task::Join(_) => Kind::Join,
            Task::Sync(_) => Kind::Sync,
            Task::Leave(_) => Kind::Leave,
            Task::ConsumerHeartbeat(request) if request.member_epoch < 0 => Kind::Leave,
            Task::Heartbeat(_) | Task::ConsumerHeartbeat(_) => Kind::Heartbeat,
        };
        let begun = now;
        let action = OnTheWay {
            id,
            kind,
            begun,
            by,
        };
        self.on_the_way.push(action);
        id
    }

    /// Removes an action, if it is in progress.
    pub(super) fn end(&mut self, id: ActionId) -> Option<OnTheWay> {
        let index = self.on_the_way.iter().position(|action| action.id == id)?;
        Some(self.on_the_way.swap_remove(index))
    }

    /// Ignores the outcomes of actions of these kinds from now on.
    pub(super) fn forget(&mut self, kinds: &[Kind]) {
        self.on_the_way
            .retain(|action| !kinds.contains(&action.kind));
    }

    pub(super) fn contains(&self, id: ActionId) -> bool {
        self.on_the_way.iter().any(|action| action.id == id)
    }

    pub(super) fn has(&self, kind: Kind) -> bool {
        self.on_the_way.iter().any(|action| action.kind == kind)
    }

    /// An action that should have ended by now.
    pub(super) fn overdue(&self, now: Instant) -> Option<ActionId> {
        let overdue = self.on_the_way.iter().find(|action| action.by <= now);
        overdue.map(|action| action.id)
    }

    pub(super) fn next_end(&self) -> Option<Instant> {
        self.on_the_way.iter().map(|action| action.by).min()
    }
}
