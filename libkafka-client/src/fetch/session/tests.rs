use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

const SESSIONS: FetchForm = FetchForm {
    sessions: true,
    topic_ids: true,
};

fn cursor(topic: u8, offset: i64) -> FetchCursor {
    FetchCursor {
        topic_id: Uuid([topic; 16]),
        offset,
        leader_epoch: 1,
        last_fetched_epoch: -1,
        max_bytes: 1000,
    }
}

type Cursors = BTreeMap<TopicPartition, FetchCursor>;

fn wanted(partitions: &[(&str, i32, i64)]) -> Cursors {
    let entry = |&(topic, partition, offset): &(&str, i32, i64)| {
        let partition = TopicPartition::new(topic, partition);
        (partition, cursor(topic.as_bytes()[0], offset))
    };
    partitions.iter().map(entry).collect()
}

fn ask(session: &mut FetchSession, wanted: &Cursors, form: FetchForm) -> SessionRequest {
    if !session.is_incremental(form) {
        return session.all(wanted.iter().map(|(p, c)| (p, *c)), form);
    }
    // Everything may have changed: that is what it finds out by itself.
    let told = session.partitions.keys().cloned();
    let all: BTreeSet<_> = told.chain(wanted.keys().cloned()).collect();
    session.changes(all.iter().map(|p| (p, wanted.get(p).copied())))
}

fn sent(request: &SessionRequest) -> Vec<(String, i32, i64)> {
    let topics = request.topics.iter();
    topics
        .flat_map(|topic| {
            let name = &topic.topic;
            let partitions = topic.partitions.iter();
            partitions.map(|p| (name.clone(), p.partition, p.fetch_offset))
        })
        .collect()
}

fn owned(partitions: &[(&str, i32, i64)]) -> Vec<(String, i32, i64)> {
    let partitions = partitions.iter();
    partitions
        .map(|(t, p, o)| ((*t).to_owned(), *p, *o))
        .collect()
}

fn ids(request: &SessionRequest) -> (i32, i32) {
    (request.session_id, request.session_epoch)
}

#[test]
fn a_session_is_told_everything_once_and_then_what_changes() {
    let mut session = FetchSession::default();
    let all = [("a", 0, 5), ("a", 1, 6), ("b", 0, 7)];
    let request = ask(&mut session, &wanted(&all), SESSIONS);
    assert_eq!(ids(&request), (0, 0));
    assert_eq!(sent(&request), owned(&all));
    assert_eq!(request.topics.len(), 2);
    assert!(!session.answered(ErrorCode::NONE, 77));

    let request = ask(&mut session, &wanted(&all), SESSIONS);
    assert_eq!(ids(&request), (77, 1));
    assert_eq!(sent(&request), []);
    assert!(session.answered(ErrorCode::NONE, 77));

    let next = wanted(&[("a", 0, 9), ("b", 0, 7), ("b", 1, 0)]);
    let request = ask(&mut session, &next, SESSIONS);
    assert_eq!(ids(&request), (77, 2));
    assert_eq!(sent(&request), owned(&[("a", 0, 9), ("b", 1, 0)]));
    assert_eq!(request.forgotten.len(), 1);
    assert_eq!(request.forgotten[0].partitions, [1]);
    assert_eq!(request.forgotten[0].topic, "a");
}

#[test]
fn a_topic_that_was_created_again_is_forgotten_by_its_old_id() {
    let mut session = FetchSession::default();
    let mut partitions = wanted(&[("a", 0, 5), ("b", 0, 7)]);
    ask(&mut session, &partitions, SESSIONS);
    session.answered(ErrorCode::NONE, 77);
    partitions.insert(TopicPartition::new("a", 0), cursor(99, 0));
    let request = ask(&mut session, &partitions, SESSIONS);
    assert_eq!(request.forgotten[0].topic_id, Uuid([b'a'; 16]));
    assert_eq!(request.topics[0].topic_id, Uuid([99; 16]));

    // By name they are one to the broker, and forgetting it would drop the new one.
    let by_name = FetchForm {
        topic_ids: false,
        ..SESSIONS
    };
    let mut session = FetchSession::default();
    ask(&mut session, &wanted(&[("a", 0, 5)]), by_name);
    session.answered(ErrorCode::NONE, 77);
    partitions.pop_last();
    let request = ask(&mut session, &partitions, by_name);
    assert_eq!(request.forgotten, []);
    assert_eq!(sent(&request), owned(&[("a", 0, 0)]));
}

#[test]
fn whatever_goes_wrong_the_next_request_names_everything() {
    let all = [("a", 0, 5), ("a", 1, 6)];
    let cases: [(Option<ErrorCode>, i32); 5] = [
        // The broker lost it: there is none to close.
        (Some(ErrorCode::FETCH_SESSION_ID_NOT_FOUND), 0),
        (Some(ErrorCode::INVALID_FETCH_SESSION_EPOCH), 77),
        (Some(ErrorCode::FETCH_SESSION_TOPIC_ID_ERROR), 77),
        (Some(ErrorCode::UNKNOWN_SERVER_ERROR), 77),
        (None, 77),
    ];
    for (error, id) in cases {
        let mut session = FetchSession::default();
        ask(&mut session, &wanted(&all), SESSIONS);
        session.answered(ErrorCode::NONE, 77);
        ask(&mut session, &wanted(&all), SESSIONS);
        match error {
            Some(error) => drop(session.answered(error, 0)),
            None => session.lost(),
        }
        let request = ask(&mut session, &wanted(&all), SESSIONS);
        assert_eq!(ids(&request), (id, 0), "{error:?}");
        assert_eq!(sent(&request).len(), 2, "{error:?}");
    }
}

#[test]
fn a_broker_without_room_for_a_session_is_told_everything_each_time() {
    let mut session = FetchSession::default();
    let all = wanted(&[("a", 0, 5), ("a", 1, 6)]);
    for _ in 0..3 {
        let request = ask(&mut session, &all, SESSIONS);
        assert_eq!(ids(&request), (0, 0));
        assert_eq!(sent(&request).len(), 2);
        assert!(!session.answered(ErrorCode::NONE, 0));
    }
}

#[test]
fn an_answer_of_another_session_ends_it() {
    let mut session = FetchSession::default();
    let all = wanted(&[("a", 0, 5), ("a", 1, 6)]);
    ask(&mut session, &all, SESSIONS);
    session.answered(ErrorCode::NONE, 77);
    ask(&mut session, &all, SESSIONS);
    session.answered(ErrorCode::NONE, 78);
    let request = ask(&mut session, &all, SESSIONS);
    assert_eq!((request.session_epoch, sent(&request).len()), (0, 2));
}

#[test]
fn a_single_partition_takes_no_session_and_closes_one_that_there_was() {
    let alone = FetchForm {
        sessions: false,
        ..SESSIONS
    };
    let mut session = FetchSession::default();
    let one = wanted(&[("a", 0, 5)]);
    let request = ask(&mut session, &one, alone);
    assert_eq!(ids(&request), (0, -1));
    session.answered(ErrorCode::NONE, 0);

    ask(&mut session, &wanted(&[("a", 0, 5), ("a", 1, 6)]), SESSIONS);
    session.answered(ErrorCode::NONE, 77);
    assert_eq!(ids(&ask(&mut session, &one, alone)), (77, -1));
    session.answered(ErrorCode::NONE, 0);
    assert_eq!(ids(&ask(&mut session, &one, alone)), (0, -1));
}

#[test]
fn epochs_count_to_the_greatest_and_then_from_1_again() {
    let mut session = FetchSession::default();
    let all = wanted(&[("a", 0, 5), ("a", 1, 6)]);
    ask(&mut session, &all, SESSIONS);
    session.answered(ErrorCode::NONE, 77);
    session.epoch = i32::MAX;
    ask(&mut session, &all, SESSIONS);
    session.answered(ErrorCode::NONE, 77);
    assert_eq!(ids(&ask(&mut session, &all, SESSIONS)), (77, 1));
}

#[test]
fn each_request_without_a_session_begins_one_partition_further_on() {
    let mut session = FetchSession::default();
    let all = wanted(&[("a", 0, 0), ("a", 1, 0), ("b", 0, 0)]);
    let mut firsts = Vec::new();
    for _ in 0..4 {
        let request = ask(&mut session, &all, SESSIONS);
        session.answered(ErrorCode::NONE, 0);
        let sent = sent(&request);
        assert_eq!(sent.len(), 3);
        firsts.push((sent[0].0.clone(), sent[0].1));
    }
    let expected = [("a", 0), ("a", 1), ("b", 0), ("a", 0)];
    assert_eq!(firsts, expected.map(|(topic, p)| (topic.to_owned(), p)));
}

/// The offset that each partition is fetched from.
type Offsets = BTreeMap<(Uuid, i32), i64>;

/// A broker's side of it, as in Kafka's `FetchSession.scala`.
#[derive(Default)]
struct Broker {
    /// By id, with the epoch that is to come next.
    sessions: BTreeMap<i32, (i32, Offsets)>,
    ids: i32,
}

impl Broker {
    /// The answer's error code and session, and the partitions that the fetch is for.
    fn answer(&mut self, request: &SessionRequest) -> (ErrorCode, i32, Offsets) {
        let fresh = request.topics.iter().flat_map(|topic| {
            let id = topic.topic_id;
            let partitions = topic.partitions.iter();
            partitions.map(move |p| ((id, p.partition), p.fetch_offset))
        });
        if request.session_epoch <= 0 {
            assert!(request.forgotten.is_empty());
            self.sessions.remove(&request.session_id);
            let partitions: BTreeMap<_, _> = fresh.collect();
            if request.session_epoch == FINAL_EPOCH {
                return (ErrorCode::NONE, 0, partitions);
            }
            self.ids += 1;
            self.sessions.insert(self.ids, (1, partitions.clone()));
            return (ErrorCode::NONE, self.ids, partitions);
        }
        let Some((epoch, partitions)) = self.sessions.get_mut(&request.session_id) else {
            return (ErrorCode::FETCH_SESSION_ID_NOT_FOUND, 0, BTreeMap::new());
        };
        if *epoch != request.session_epoch {
            return (ErrorCode::INVALID_FETCH_SESSION_EPOCH, 0, BTreeMap::new());
        }
        *epoch += 1;
        partitions.extend(fresh);
        for topic in &request.forgotten {
            for partition in &topic.partitions {
                let known = partitions.remove(&(topic.topic_id, *partition));
                assert!(known.is_some(), "forgets what the session does not have");
            }
        }
        (ErrorCode::NONE, request.session_id, partitions.clone())
    }
}

#[derive(Debug, Clone)]
enum Step {
    /// Topic, partition, offset; topics of one name have two ids.
    Set(u8, i32, i64),
    Remove(u8, i32),
    Fetch {
        sessions: bool,
    },
    LoseRequest,
    LoseAnswer,
    Evict,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..4u8, 0..3i32, 0..50i64).prop_map(|(t, p, o)| Step::Set(t, p, o)),
        2 => (0..2u8, 0..3i32).prop_map(|(t, p)| Step::Remove(t, p)),
        6 => Just(Step::Fetch { sessions: true }),
        1 => Just(Step::Fetch { sessions: false }),
        1 => Just(Step::LoseRequest),
        1 => Just(Step::LoseAnswer),
        1 => Just(Step::Evict),
    ]
}

proptest! {
    #[test]
    fn a_broker_that_accepts_a_request_fetches_what_is_wanted_and_nothing_else(
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut session = FetchSession::default();
        let mut broker = Broker::default();
        let mut wanted = Cursors::new();
        let mut lost = 0;
        let name = |topic: u8| TopicPartition::new(if topic.is_multiple_of(2) { "a" } else { "b" }, 0).topic;
        for step in steps {
            match step {
                Step::Set(topic, partition, offset) => {
                    let at = TopicPartition::new(name(topic), partition);
                    wanted.insert(at, cursor(topic, offset));
                }
                Step::Remove(topic, partition) => {
                    wanted.remove(&TopicPartition::new(name(topic), partition));
                }
                Step::Evict => broker.sessions.clear(),
                Step::LoseRequest => {
                    ask(&mut session, &wanted, SESSIONS);
                    session.lost();
                }
                Step::LoseAnswer => {
                    broker.answer(&ask(&mut session, &wanted, SESSIONS));
                    session.lost();
                    lost += 1;
                }
                Step::Fetch { sessions } => {
                    let form = FetchForm { sessions, ..SESSIONS };
                    let request = ask(&mut session, &wanted, form);
                    let (error, id, fetched) = broker.answer(&request);
                    session.answered(error, id);
                    if error.is_ok() {
                        let wanted: BTreeMap<_, _> = wanted
                            .iter()
                            .map(|(at, c)| ((c.topic_id, at.partition), c.offset))
                            .collect();
                        prop_assert_eq!(fetched, wanted);
                    } else {
                        // Right again at once.
                        let (error, id, _) = broker.answer(&ask(&mut session, &wanted, form));
                        prop_assert!(error.is_ok());
                        session.answered(error, id);
                    }
                }
            }
            // Of a session that was opened by an answer that got lost, nobody knows the id.
            prop_assert!(broker.sessions.len() <= 1 + lost);
        }
    }
}
