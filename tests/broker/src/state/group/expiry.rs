//! Time limits of the members and rebalances of a [`Classic`] group.

use bytes::Bytes;
use libkafka_protocol::ErrorCode;

use super::classic::{Classic, Phase};
use super::join::Joined;
use super::protocols::common_protocols;
use super::replies::Replies;
use super::sync::Synced;
use crate::clock::Time;

impl Classic {
    /// Starts a rebalance, unless one is in progress.
    pub(super) fn prepare(&mut self, now: Time, replies: &mut Replies) {
        if self.phase == Phase::PreparingRebalance {
            return;
        }
        for member in &mut self.members {
            let syncing = member.syncing.take();
            replies.sync(syncing, || Err(ErrorCode::REBALANCE_IN_PROGRESS));
            member.owes_sync = false;
            // What the leader had not yet changed does not count any more.
            if self.phase == Phase::CompletingRebalance {
                member.assignment = Bytes::new();
            }
        }
        self.phase = Phase::PreparingRebalance;
        self.rebalance_ends = now + self.patience();
    }

    /// Continues if all members have joined.
    pub(super) fn rejoined(&mut self, now: Time, replies: &mut Replies) {
        let all = self.members.iter().all(|member| member.joining.is_some());
        // The first generation does not wait for members that only have an id.
        let waits = match self.first_members_until {
            Some(until) => now < until,
            None => !self.pending.is_empty(),
        };
        if self.phase == Phase::PreparingRebalance && all && !waits {
            self.complete_join(now, replies);
        }
    }

    /// Removes a member.
    pub(super) fn remove(&mut self, index: usize, now: Time, replies: &mut Replies) {
        let member = self.members.remove(index);
        replies.join(member.joining, || Err(ErrorCode::UNKNOWN_MEMBER_ID));
        replies.sync(member.syncing, || Err(ErrorCode::UNKNOWN_MEMBER_ID));
        if self.leader.as_ref() == Some(&member.id) {
            self.leader = self.members.first().map(|first| first.id.clone());
        }
        if self.phase != Phase::Empty {
            self.prepare(now, replies);
            self.rejoined(now, replies);
        }
    }

    /// Answers every waiting SyncGroup.
    pub(super) fn answer_syncs(&mut self, now: Time, replies: &mut Replies) {
        if self.phase != Phase::Stable {
            return;
        }
        for member in &mut self.members {
            let Some(ticket) = member.syncing.take() else {
                continue;
            };
            member.heard_of(now);
            let synced = Synced {
                protocol_type: self.protocol_type.clone(),
                protocol: self.protocol.clone(),
                assignment: member.assignment.clone(),
            };
            replies.sync(Some(ticket), || Ok(synced));
        }
    }

    /// What the member at `index` is told about its generation.
    pub(super) fn joined(&self, index: usize) -> Joined {
        let member = &self.members[index];
        let leader = self.leader.clone().unwrap_or_default();
        let members = if leader == member.id {
            let all = self.members.iter();
            all.map(|m| (m.id.clone(), m.instance_id.clone(), self.metadata_of(m)))
                .collect()
        } else {
            Vec::new()
        };
        Joined {
            generation: self.generation,
            protocol_type: self.protocol_type.clone(),
            protocol: self.protocol.clone(),
            leader,
            member_id: member.id.clone(),
            members,
            former_leader: None,
        }
    }

    /// Does what is due by `now`, and returns when the next thing is due.
    pub(super) fn expire(&mut self, now: Time, replies: &mut Replies) -> Option<Time> {
        self.pending.retain(|_, ends| now < *ends);
        while let Some(dead) = self.members.iter().position(|member| member.is_dead(now)) {
            self.remove(dead, now, replies);
        }
        if self.first_members_until.is_some_and(|until| now >= until) {
            self.first_members_until = None;
        }
        self.rejoined(now, replies);
        if now >= self.rebalance_ends {
            match self.phase {
                Phase::PreparingRebalance => self.complete_join(now, replies),
                Phase::CompletingRebalance => {
                    while let Some(late) = self.members.iter().position(|m| m.owes_sync) {
                        self.remove(late, now, replies);
                    }
                }
                Phase::Empty | Phase::Stable => {}
            }
        }
        self.next_deadline()
    }

    fn next_deadline(&self) -> Option<Time> {
        let sessions = self.members.iter().filter(|member| !member.is_waiting());
        let rebalance = matches!(
            self.phase,
            Phase::PreparingRebalance | Phase::CompletingRebalance
        );
        sessions
            .map(|member| member.session_ends)
            .chain(self.pending.values().copied())
            .chain(rebalance.then_some(self.rebalance_ends))
            .chain(self.first_members_until)
            .min()
    }

    /// Starts the next generation with the members that have joined. A static member that has not
    /// stays in until its session ends (KIP-345).
    fn complete_join(&mut self, now: Time, replies: &mut Replies) {
        self.members
            .retain(|member| member.joining.is_some() || member.instance_id.is_some());
        self.first_members_until = None;
        self.generation += 1;
        if self.members.is_empty() {
            self.phase = Phase::Empty;
            self.protocol = None;
            self.leader = None;
            return;
        }
        let is_there = |leader: &String| {
            let mut members = self.members.iter();
            members.any(|member| member.id == *leader && member.joining.is_some())
        };
        if !self.leader.as_ref().is_some_and(is_there) {
            let mut members = self.members.iter();
            let first = members.find(|member| member.joining.is_some());
            self.leader = first.or(self.members.first()).map(|first| first.id.clone());
        }
        self.protocol = self.elect_protocol();
        self.phase = Phase::CompletingRebalance;
        self.rebalance_ends = now + self.patience();
        for index in 0..self.members.len() {
            let joined = self.joined(index);
            let member = &mut self.members[index];
            member.owes_sync = true;
            member.heard_of(now);
            let ticket = member.joining.take();
            replies.join(ticket, || Ok(joined));
        }
    }

    /// The protocol with the most votes among those that all members support.
    pub(super) fn elect_protocol(&self) -> Option<String> {
        let of_all = common_protocols(self.members.iter().map(|member| &member.protocols));
        let votes = self.members.iter().filter_map(|member| {
            let mut names = member.protocols.iter().map(|(name, _)| name);
            names.find(|name| of_all.contains(name.as_str()))
        });
        let mut counts: Vec<(usize, &String)> = Vec::new();
        for vote in votes {
            match counts.iter_mut().find(|(_, name)| *name == vote) {
                Some((count, _)) => *count += 1,
                None => counts.push((1, vote)),
            }
        }
        // The first of those with the same number.
        let most = counts.iter().map(|(count, _)| *count).max()?;
        let elected = counts.iter().find(|(count, _)| *count == most);
        elected.map(|(_, name)| (*name).clone())
    }

    /// How long the slowest member may take for a rebalance.
    fn patience(&self) -> Time {
        let timeouts = self.members.iter().map(|member| member.rebalance_timeout);
        timeouts.max().unwrap_or_default()
    }
}
