//! [`Election`]: elections of leaders on request (KIP-183, KIP-460).

use libkafka_protocol::ErrorCode;

use super::partition::Partition;

/// Which replica may become the leader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Election {
    /// The first replica, if it is in sync.
    Preferred,
    /// Any running replica, if there is no leader.
    Unclean,
}

impl Election {
    /// The election with this number on the wire.
    pub(crate) fn from_wire(number: i8) -> Option<Self> {
        match number {
            0 => Some(Self::Preferred),
            1 => Some(Self::Unclean),
            _ => None,
        }
    }
}

impl Partition {
    /// Elects a leader among the `running` nodes.
    ///
    /// # Errors
    /// If no election is needed, or no node can be elected.
    pub(crate) fn elect(&mut self, election: Election, running: &[i32]) -> Result<(), ErrorCode> {
        let runs = |id: &i32| running.contains(id);
        match election {
            Election::Preferred => {
                let preferred = self.replicas.first().copied();
                if self.leader == preferred {
                    return Err(ErrorCode::ELECTION_NOT_NEEDED);
                }
                let leader = preferred.filter(|id| self.isr.contains(id) && runs(id));
                // Where there is no leader at all, any in sync will do.
                let any = || {
                    self.first_in_sync(running)
                        .filter(|_| self.leader.is_none())
                };
                let leader = leader.or_else(any);
                let leader = leader.ok_or(ErrorCode::PREFERRED_LEADER_NOT_AVAILABLE)?;
                self.lead_by(Some(leader));
            }
            Election::Unclean => {
                if self.leader.is_some() {
                    return Err(ErrorCode::ELECTION_NOT_NEEDED);
                }
                if let Some(leader) = self.first_in_sync(running) {
                    self.lead_by(Some(leader));
                    return Ok(());
                }
                let leader = self.replicas.iter().copied().find(runs);
                let leader = leader.ok_or(ErrorCode::ELIGIBLE_LEADERS_NOT_AVAILABLE)?;
                self.isr = vec![leader];
                self.lead_by(Some(leader));
            }
        }
        Ok(())
    }
}
