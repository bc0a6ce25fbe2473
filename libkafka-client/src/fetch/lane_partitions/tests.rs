use std::sync::OnceLock;
use std::time::{Duration, Instant};

use libkafka_protocol::messages::fetch::FetchableTopicResponse;
use libkafka_protocol::{ApiKey, Bytes, ErrorCode};
use proptest::prelude::*;

use super::*;
use crate::address::Address;
use crate::broker::Broker;
use crate::exchange::Exchange;
use crate::timings::Timings;

const LAST: i16 = 17;

fn id() -> Uuid {
    Uuid([1; 16])
}

fn leader() -> Leader {
    Leader {
        id: 1,
        epoch: Some(3),
        topic_id: Some(id()),
    }
}

fn at(partition: i32) -> TopicPartition {
    TopicPartition::new("t", partition)
}

fn lane(partitions: i32) -> LanePartitions {
    let mut lane = LanePartitions::default();
    for partition in 0..partitions {
        lane.set(at(partition), FetchPosition::new(0), &leader());
    }
    lane
}

fn ask(lane: &mut LanePartitions) -> FetchRequest {
    lane.request(&FetchLaneOptions::new(), LAST)
}

fn asked(request: &FetchRequest) -> Vec<i32> {
    let partitions = request.topics.iter().flat_map(|topic| &topic.partitions);
    partitions.map(|partition| partition.partition).collect()
}

fn data(partition: i32, records: Option<&'static [u8]>) -> PartitionData {
    PartitionData {
        partition_index: partition,
        high_watermark: 9,
        records: records.map(Bytes::from_static),
        ..Default::default()
    }
}

fn refused(partition: i32, error_code: ErrorCode) -> PartitionData {
    PartitionData {
        error_code,
        ..data(partition, None)
    }
}

fn respond(
    lane: &mut LanePartitions,
    topic_id: Uuid,
    session_id: i32,
    partitions: impl IntoIterator<Item = PartitionData>,
) -> Vec<(i32, Result<FetchOutcome, Error>)> {
    let response = FetchResponse {
        session_id,
        responses: vec![FetchableTopicResponse {
            topic_id,
            partitions: partitions.into_iter().collect(),
            ..Default::default()
        }],
        ..Default::default()
    };
    take(lane, response)
}

fn take(
    lane: &mut LanePartitions,
    response: FetchResponse,
) -> Vec<(i32, Result<FetchOutcome, Error>)> {
    let broker = Broker {
        id: Some(1),
        address: Address::new("h", 9092),
        rack: None,
    };
    let exchange = Exchange {
        broker: Arc::new(broker),
        api_key: ApiKey::FETCH,
        version: LAST,
        correlation_id: 0,
        request_bytes: 10,
        response_bytes: 10,
        started: Instant::now(),
        timings: Timings::default(),
        throttle: Duration::ZERO,
        overlooked: Default::default(),
    };
    let mut fetches = Vec::new();
    let answer = Answer { response, exchange };
    lane.answer(answer, &FetchLaneOptions::new(), 1, |_, fetch| {
        fetches.push((fetch.partition.partition, fetch.result));
    });
    fetches
}

/// A batch of magic 2 as far as a lane looks into it.
fn batch() -> &'static [u8] {
    static BATCH: OnceLock<Vec<u8>> = OnceLock::new();
    BATCH.get_or_init(|| {
        let mut builder = libkafka_batch::Builder::new();
        builder.add("key", "value").unwrap();
        builder.build().unwrap().to_vec()
    })
}

#[test]
fn a_partition_whose_records_were_handed_out_is_not_asked_for_before_it_is_given_a_position() {
    let mut lane = lane(3);
    assert_eq!(asked(&ask(&mut lane)), [0, 1, 2]);
    let all = [data(0, None), data(1, Some(batch())), data(2, None)];
    let fetches = respond(&mut lane, id(), 0, all);
    assert!(matches!(fetches[0], (0, Ok(FetchOutcome::Nothing(_)))));
    assert!(matches!(fetches[1], (1, Ok(FetchOutcome::Records(_)))));
    assert_eq!(asked(&ask(&mut lane)).len(), 2);
    respond(&mut lane, id(), 0, [data(0, None), data(2, None)]);
    assert!(lane.seek(&at(1), FetchPosition::new(1)));
    assert_eq!(asked(&ask(&mut lane)).len(), 3);
    assert!(!lane.seek(&at(7), FetchPosition::new(1)));
}

#[test]
fn one_partition_is_refused_and_the_others_go_on() {
    let mut lane = lane(3);
    ask(&mut lane);
    let refusal = refused(1, ErrorCode::NOT_LEADER_OR_FOLLOWER);
    let fetches = respond(&mut lane, id(), 0, [data(0, None), refusal, data(2, None)]);
    let error = fetches[1].1.as_ref().unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::NOT_LEADER_OR_FOLLOWER));
    let mut again = asked(&ask(&mut lane));
    again.sort_unstable();
    assert_eq!(again, [0, 2]);
}

#[test]
fn a_partition_that_is_missing_from_a_full_answer_is_told_and_not_from_that_of_a_session() {
    let mut lane = lane(2);
    ask(&mut lane);
    let fetches = respond(&mut lane, id(), 0, [data(0, None)]);
    assert!(matches!(fetches[1], (1, Err(Error::Missing { .. }))));

    let mut lane = self::lane(2);
    ask(&mut lane);
    respond(&mut lane, id(), 5, [data(0, None), data(1, None)]);
    assert!(asked(&ask(&mut lane)).is_empty());
    assert_eq!(respond(&mut lane, id(), 5, []).len(), 0);
    assert!(lane.is_wanting());
}

#[test]
fn an_answer_about_another_topic_or_partition_is_ignored_and_ends_the_session() {
    for (topic_id, partition) in [(Uuid([2; 16]), 0), (Uuid::ZERO, 0), (id(), 7)] {
        let mut lane = lane(2);
        ask(&mut lane);
        respond(&mut lane, id(), 5, [data(0, None), data(1, None)]);
        assert_eq!(ask(&mut lane).session_epoch, 1);
        let fetches = respond(&mut lane, topic_id, 5, [data(partition, Some(batch()))]);
        assert_eq!(fetches.len(), 0, "{topic_id} {partition}");
        let request = ask(&mut lane);
        assert_eq!((request.session_epoch, asked(&request).len()), (0, 2));
    }
}

#[test]
fn a_partition_that_is_answered_twice_is_handed_out_once() {
    let mut lane = lane(2);
    ask(&mut lane);
    let twice = [
        data(0, Some(batch())),
        data(0, Some(batch())),
        data(1, None),
    ];
    assert_eq!(respond(&mut lane, id(), 0, twice).len(), 2);
}

#[test]
fn what_is_on_the_way_of_a_partition_that_was_moved_or_removed_is_dropped() {
    let mut lane = lane(3);
    ask(&mut lane);
    lane.seek(&at(0), FetchPosition::new(5));
    lane.remove(&at(1));
    let all = (0..3).map(|partition| data(partition, Some(batch())));
    let fetches = respond(&mut lane, id(), 0, all);
    assert_eq!(fetches.len(), 1);
    assert_eq!(fetches[0].0, 2);
    assert_eq!(asked(&ask(&mut lane)), [0]);
}

#[test]
fn a_paused_partition_is_not_asked_for_and_keeps_its_position() {
    let mut lane = lane(2);
    lane.pause(&at(0), true);
    assert_eq!(asked(&ask(&mut lane)), [1]);
    lane.lost();
    lane.pause(&at(1), true);
    assert!(!lane.is_wanting());
    lane.pause(&at(0), false);
    assert!(lane.is_wanting());
    assert_eq!(lane.position(&at(0)), Some(FetchPosition::new(0)));
}

#[test]
fn a_refused_session_is_opened_anew_without_a_word_and_a_refused_request_is_told() {
    let mut lane = lane(2);
    ask(&mut lane);
    respond(&mut lane, id(), 5, [data(0, None), data(1, None)]);
    ask(&mut lane);
    let refusal = |error_code| FetchResponse {
        error_code,
        ..Default::default()
    };
    let refused = refusal(ErrorCode::FETCH_SESSION_ID_NOT_FOUND);
    assert_eq!(take(&mut lane, refused.clone()).len(), 0);
    assert_eq!(asked(&ask(&mut lane)).len(), 2);
    // Again, though the request named no session: no endless round.
    let fetches = take(&mut lane, refused);
    assert_eq!(fetches.len(), 2);
    assert!(!lane.is_wanting());
}

#[test]
fn topics_without_an_id_are_asked_for_by_name_in_older_versions() {
    let mut lane = lane(2);
    assert_eq!(lane.versions().max, i16::MAX);
    let nameless = Leader {
        topic_id: None,
        ..leader()
    };
    lane.set(
        TopicPartition::new("u", 0),
        FetchPosition::new(0),
        &nameless,
    );
    assert_eq!(lane.versions().max, TOPIC_ID_VERSION - 1);
    lane.remove(&TopicPartition::new("u", 0));
    assert_eq!(lane.versions().max, i16::MAX);
}

#[test]
fn the_count_of_wanted_partitions_is_right_whatever_happens() {
    let mut lane = lane(4);
    let check = |lane: &LanePartitions| {
        let wanted = lane.entries.values().filter(|entry| entry.is_wanted());
        assert_eq!(lane.counts.wanted, wanted.count());
    };
    lane.pause(&at(0), true);
    lane.pause(&at(0), true);
    check(&lane);
    ask(&mut lane);
    respond(&mut lane, id(), 0, [data(1, Some(batch()))]);
    check(&lane);
    lane.set(at(0), FetchPosition::new(3), &leader());
    check(&lane);
    lane.seek(&at(0), FetchPosition::new(4));
    lane.seek(&at(1), FetchPosition::new(4));
    check(&lane);
    lane.remove(&at(0));
    lane.remove(&at(1));
    lane.remove(&at(9));
    check(&lane);
}

#[derive(Debug, Clone)]
enum Step {
    /// A partition of a topic that has been created a few times, and a position.
    Set(i32, u8, i64),
    Seek(i32, i64),
    Proceed(i32, Option<i64>, bool),
    Pause(i32, bool),
    Remove(i32),
    Request,
    /// The answer to a request: which partitions have records, and whether the broker forgets the
    /// session.
    Answer(u8, bool),
    Lose,
}

const PARTITIONS: i32 = 6;

fn step() -> impl Strategy<Value = Step> {
    let p = || 0..PARTITIONS;
    prop_oneof![
        2 => (p(), 1..3u8, 0..5i64).prop_map(|(p, id, offset)| Step::Set(p, id, offset)),
        3 => (p(), 0..5i64).prop_map(|(p, offset)| Step::Seek(p, offset)),
        3 => (p(), prop::option::of(0..5i64), any::<bool>())
            .prop_map(|(p, offset, paused)| Step::Proceed(p, offset, paused)),
        2 => (p(), any::<bool>()).prop_map(|(p, paused)| Step::Pause(p, paused)),
        1 => p().prop_map(Step::Remove),
        8 => Just(Step::Request),
        8 => (any::<u8>(), prop::bool::weighted(0.1)).prop_map(|(r, f)| Step::Answer(r, f)),
        1 => Just(Step::Lose),
    ]
}

/// What a broker fetches after a request, given what it did before, by id and number.
fn fetched(known: &mut BTreeMap<(Uuid, i32), i64>, request: &FetchRequest) {
    if request.session_epoch <= 0 {
        known.clear();
    }
    for topic in &request.topics {
        let partitions = topic.partitions.iter();
        known.extend(partitions.map(|p| ((topic.topic_id, p.partition), p.fetch_offset)));
    }
    for topic in &request.forgotten_topics_data {
        for partition in &topic.partitions {
            assert!(known.remove(&(topic.topic_id, *partition)).is_some());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// The oracle walks over all partitions for each request, where a lane looks at those that have
    /// changed.
    #[test]
    fn a_broker_fetches_what_is_wanted_after_each_request_and_all_of_it_is_handed_out(
        steps in prop::collection::vec(step(), 1..80),
    ) {
        let mut lane = lane(PARTITIONS);
        let mut known = BTreeMap::new();
        let mut in_flight = false;
        let mut session_id = 1;
        let of = |id: u8| Leader { topic_id: Some(Uuid([id; 16])), ..leader() };
        for step in steps {
            match step {
                Step::Set(p, id, offset) => lane.set(at(p), FetchPosition::new(offset), &of(id)),
                Step::Seek(p, offset) => drop(lane.seek(&at(p), FetchPosition::new(offset))),
                Step::Proceed(p, offset, paused) => {
                    lane.proceed(&at(p), offset.map(FetchPosition::new), paused);
                }
                Step::Pause(p, paused) => drop(lane.pause(&at(p), paused)),
                Step::Remove(p) => drop(lane.remove(&at(p))),
                Step::Request if !in_flight && lane.is_wanting() => {
                    let request = ask(&mut lane);
                    in_flight = true;
                    fetched(&mut known, &request);
                    let wanted = lane.entries.iter().filter(|(_, entry)| entry.is_wanted());
                    let wanted: BTreeMap<_, _> = wanted
                        .map(|(at, e)| ((e.topic_id.unwrap(), at.partition), e.position.offset))
                        .collect();
                    prop_assert_eq!(&known, &wanted);
                    if request.session_epoch == 0 {
                        session_id += 1;
                    }
                    prop_assert!(lane.entries.values().all(|e| e.asked == e.is_wanted()));
                }
                Step::Answer(_, true) if in_flight => {
                    in_flight = false;
                    take(&mut lane, FetchResponse {
                        error_code: ErrorCode::FETCH_SESSION_ID_NOT_FOUND,
                        ..Default::default()
                    });
                }
                Step::Answer(records, false) if in_flight => {
                    in_flight = false;
                    let asked = lane.entries.iter().filter(|(_, entry)| entry.asked);
                    let asked: Vec<_> = asked.map(|(at, _)| at.partition).collect();
                    let mut topics: BTreeMap<Uuid, Vec<_>> = BTreeMap::new();
                    for (id, p) in known.keys() {
                        let has_some = records & (1 << p) != 0;
                        topics.entry(*id).or_default().push(data(*p, has_some.then(batch)));
                    }
                    let topic = |(topic_id, partitions)| FetchableTopicResponse {
                        topic_id,
                        partitions,
                        ..Default::default()
                    };
                    let fetches = take(&mut lane, FetchResponse {
                        session_id,
                        responses: topics.into_iter().map(topic).collect(),
                        ..Default::default()
                    });
                    let mut handed_out: Vec<_> = fetches.iter().map(|(p, _)| *p).collect();
                    handed_out.sort_unstable();
                    prop_assert_eq!(handed_out, asked);
                }
                Step::Lose if in_flight => {
                    in_flight = false;
                    lane.lost();
                }
                _ => {}
            }
        }
    }
}
