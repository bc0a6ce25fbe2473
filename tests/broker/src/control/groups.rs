//! Control of groups.

use crate::broker::Broker;

/// Groups.
impl Broker {
    /// The ids of a group's members, in the order in which they joined; empty if there is no such
    /// group.
    pub fn members(&self, group: &str) -> Vec<String> {
        let state = self.lock();
        let group = state.groups.get(group);
        group.map(|group| group.member_ids()).unwrap_or_default()
    }

    /// The offset that a group has committed for a partition, if there is one.
    pub fn committed(&self, group: &str, topic: &str, partition: i32) -> Option<i64> {
        let state = self.lock();
        let committed = state.groups.get(group)?.offsets.get(topic, partition)?;
        Some(committed.offset)
    }

    /// The number of JoinGroup and SyncGroup requests, of all groups, that are held back until
    /// other members have joined or synced.
    pub fn held_back(&self) -> usize {
        self.lock().replies.waiting()
    }

    /// Ends the session of a group's member now, as if the broker had not heard from it: the group
    /// continues without it.
    ///
    /// # Panics
    /// If there is no such group or member.
    #[track_caller]
    pub fn expire_member(&self, group: &str, member: &str) {
        let mut state = self.lock();
        let found = state.group(group);
        let expired = found.is_some_and(|(group, mut around)| group.remove(member, &mut around));
        state.mark_changed();
        assert!(expired, "there is no member {member} of group {group}");
    }
}
