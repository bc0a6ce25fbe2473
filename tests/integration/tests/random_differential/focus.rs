//! [`Focus`]: what one request is about, so that its fields fit each other.

use fastrand::Rng;

use crate::world::{Member, Producer, Session, World};

/// What one request is about.
#[derive(Clone)]
pub(crate) struct Focus {
    pub(crate) topic: String,
    pub(crate) topic_id: String,
    pub(crate) partition: i64,
    pub(crate) group: String,
    pub(crate) member: Option<Member>,
    pub(crate) transactional_id: String,
    pub(crate) producer: Option<Producer>,
    pub(crate) session: Option<Session>,
    topics: Vec<(String, String)>,
}

const TOPICS: &[&str] = &["~a", "~b", "~c"];
const ODD_TOPICS: &[&str] = &["~nowhere", "", "~no good", ".", "~a.b", "~a_b"];
const GROUPS: &[&str] = &["~g", "~g", "~g", "~h", "~other"];
const TRANSACTIONAL_IDS: &[&str] = &["~t", "~t", "~t", "~u"];
/// Of a topic that there is not.
pub(crate) const UNKNOWN_ID: &str = "AAAAAAAAAAAAAAAAAAAABQ";
pub(crate) const NO_ID: &str = "AAAAAAAAAAAAAAAAAAAAAA";

fn pick<'a>(of: &[&'a str], rng: &mut Rng) -> &'a str {
    of[rng.usize(0..of.len())]
}

impl Focus {
    pub(crate) fn choose(world: &World, rng: &mut Rng) -> Self {
        let last = |n: usize, rng: &mut Rng| {
            let from = n.saturating_sub(3);
            (n > 0).then(|| rng.usize(from..n))
        };
        let member = last(world.members.len(), rng).map(|at| world.members[at].clone());
        let producer = last(world.producers.len(), rng).map(|at| world.producers[at].clone());
        let session = last(world.sessions.len(), rng).map(|at| world.sessions[at]);
        let group = match &member {
            Some(member) if rng.u8(0..10) < 8 => member.group.clone(),
            _ => pick(GROUPS, rng).to_owned(),
        };
        let transactional_id = match &producer {
            Some(Producer {
                transactional_id: Some(id),
                ..
            }) if rng.u8(0..10) < 8 => id.clone(),
            _ => pick(TRANSACTIONAL_IDS, rng).to_owned(),
        };
        let ids = world.topic_ids.iter();
        let focus = Self {
            topic: String::new(),
            topic_id: String::new(),
            partition: 0,
            group,
            member,
            transactional_id,
            producer,
            session,
            topics: ids.map(|(name, id)| (name.clone(), id.clone())).collect(),
        };
        focus.of_another_topic(rng)
    }

    /// The same with a topic and a partition chosen anew.
    pub(crate) fn of_another_topic(&self, rng: &mut Rng) -> Self {
        let mut focus = self.clone();
        focus.topic = match rng.u8(0..12) {
            0 => pick(ODD_TOPICS, rng).to_owned(),
            _ => pick(TOPICS, rng).to_owned(),
        };
        let known = self.topics.iter().find(|(name, _)| *name == focus.topic);
        focus.topic_id = match (known, rng.u8(0..20)) {
            (Some((_, id)), 1..) => id.clone(),
            (_, 0) => NO_ID.to_owned(),
            _ => UNKNOWN_ID.to_owned(),
        };
        focus.of_another_partition(rng)
    }

    /// The same with a partition chosen anew.
    pub(crate) fn of_another_partition(&self, rng: &mut Rng) -> Self {
        let mut focus = self.clone();
        focus.partition = *rng.choice(&[0, 0, 0, 0, 0, 1, 1, 2, 7, -1]).unwrap_or(&0);
        focus
    }
}
