//! Moves a partition to other nodes (KIP-455).

use libkafka_protocol::ErrorCode;

use super::partition::Partition;
use super::reassignment::Reassignment;

impl Partition {
    /// The number of replicas when nothing is moving.
    pub(crate) fn replication_factor(&self) -> usize {
        self.replicas.len() - self.reassignment.adding.len()
    }

    /// Moves it to the nodes of `target`, the preferred leader first. The move is over at once if
    /// these are among the `running`; otherwise when they have started.
    pub(crate) fn reassign(&mut self, target: &[i32], running: &[i32]) {
        let removing = without(&self.replicas, target);
        let new = without(target, &self.replicas);
        let mut adding = self.reassignment.adding.clone();
        adding.retain(|id| target.contains(id));
        adding.extend(new);
        self.replicas = [target, &removing].concat();
        self.reassignment = Reassignment { adding, removing };
        if self.leader.is_some() {
            let adding = self.reassignment.adding.iter().copied();
            let caught_up = adding.filter(|id| running.contains(id) && !self.isr.contains(id));
            let caught_up: Vec<i32> = caught_up.collect();
            self.isr.extend(caught_up);
        }
        self.complete_reassignment(running);
    }

    /// Ends the move if all new replicas are in sync.
    pub(crate) fn complete_reassignment(&mut self, running: &[i32]) {
        let Reassignment { adding, removing } = &self.reassignment;
        if !self.reassignment.is_under_way() {
            return;
        }
        let replicas = keep(&self.replicas, removing);
        let isr = keep(&self.isr, removing);
        if replicas.is_empty() || isr.is_empty() || !adding.iter().all(|id| isr.contains(id)) {
            return;
        }
        let shrinks = !removing.is_empty();
        self.replicas = replicas;
        self.isr = isr;
        self.reassignment = Reassignment::default();
        self.log_dirs.retain(|node, _| self.replicas.contains(node));
        match self.leader {
            Some(leader) if self.replicas.contains(&leader) => {
                if shrinks {
                    self.lead_by(Some(leader));
                }
            }
            _ => self.lead_by(self.first_in_sync(running)),
        }
    }

    /// Cancels the move: the old replicas are the replicas again.
    ///
    /// # Errors
    /// [`ErrorCode::NO_REASSIGNMENT_IN_PROGRESS`] if there is none, and
    /// [`ErrorCode::INVALID_REPLICA_ASSIGNMENT`] if no old replica is in sync any more, unless
    /// `unclean` allows one to lead all the same.
    pub(crate) fn cancel_reassignment(
        &mut self,
        running: &[i32],
        unclean: bool,
    ) -> Result<(), ErrorCode> {
        if !self.reassignment.is_under_way() {
            return Err(ErrorCode::NO_REASSIGNMENT_IN_PROGRESS);
        }
        let replicas = keep(&self.replicas, &self.reassignment.adding);
        let mut isr = keep(&self.isr, &self.reassignment.adding);
        if isr.is_empty() {
            if !unclean {
                return Err(ErrorCode::INVALID_REPLICA_ASSIGNMENT);
            }
            isr.extend(replicas.first());
        }
        self.replicas = replicas;
        self.isr = isr;
        self.reassignment = Reassignment::default();
        if self.leader.is_none_or(|leader| !self.isr.contains(&leader)) {
            self.lead_by(self.first_in_sync(running));
        }
        Ok(())
    }

    /// The first replica that is in sync and running.
    pub(crate) fn first_in_sync(&self, running: &[i32]) -> Option<i32> {
        let mut replicas = self.replicas.iter().copied();
        replicas.find(|id| self.isr.contains(id) && running.contains(id))
    }
}

/// The `ids` that are not in `others`, by number.
fn without(ids: &[i32], others: &[i32]) -> Vec<i32> {
    let mut left = keep(ids, others);
    left.sort_unstable();
    left
}

/// The `ids` that are not in `removed`.
fn keep(ids: &[i32], removed: &[i32]) -> Vec<i32> {
    let ids = ids.iter().copied();
    ids.filter(|id| !removed.contains(id)).collect()
}
