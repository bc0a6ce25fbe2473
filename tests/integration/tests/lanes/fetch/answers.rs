//! What brokers answer.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use libkafka_client::protocol::messages::FetchRequest;
use libkafka_client::protocol::{ApiKey, ErrorCode, Uuid};
use libkafka_client::{
    Client, Deadline, Error, Exchange, FetchBudget, FetchLaneOptions, FetchOptions, FetchOutcome,
    FetchPosition, Observer, wait,
};
use libkafka_integration::LaneReader;
use libkafka_testbroker::{Broker, Fault};

use super::{LONG, Place, at, error, fetches, hasty, lane, with_records, works};

fn fetch() -> Fault {
    Fault::on(ApiKey::FETCH).times(1)
}

#[test]
fn all_partitions_come_with_one_request() {
    let place = Place::plain();
    let mut lane = place.lane(FetchLaneOptions::new());
    let all = fetches(&mut lane, 3);
    assert_eq!(with_records(&all), [0, 1, 2]);
    assert_eq!(place.broker.requests(ApiKey::FETCH), 1);
    assert!(!lane.is_fetching(), "nobody has read them");
}

#[test]
fn every_version_of_fetch_carries_a_lane() {
    let place = Place::plain();
    for version in 4..=18 {
        let config = place.config.clone().max_version(ApiKey::FETCH, version);
        let mut lane = lane(Client::new(config).unwrap(), hasty());
        assert_eq!(
            with_records(&fetches(&mut lane, 3)),
            [0, 1, 2],
            "v{version}"
        );
        // And once more with an epoch, within the session.
        for partition in 0..3 {
            lane.seek(&at(partition), FetchPosition::new(0).last_fetched_epoch(0));
        }
        assert_eq!(
            with_records(&fetches(&mut lane, 3)),
            [0, 1, 2],
            "v{version}"
        );
    }
}

#[test]
fn one_partition_is_refused_and_the_others_are_fine() {
    let place = Place::plain();
    for code in [
        ErrorCode::NOT_LEADER_OR_FOLLOWER,
        ErrorCode::UNKNOWN_TOPIC_OR_PARTITION,
        ErrorCode::FENCED_LEADER_EPOCH,
        ErrorCode::TOPIC_AUTHORIZATION_FAILED,
        ErrorCode::KAFKA_STORAGE_ERROR,
    ] {
        let mut lane = place.lane(hasty());
        let fault = place.broker.inject(fetch().partition(1).error(code));
        let all = fetches(&mut lane, 3);
        assert_eq!(with_records(&all), [0, 2], "{code}");
        let refused = all.iter().find(|fetch| fetch.partition == at(1)).unwrap();
        assert_eq!(refused.result.as_ref().unwrap_err().code(), Some(code));
        assert_eq!(fault.hits(), 1);
        drop(fault);
        works(&mut lane);
    }
}

#[test]
fn an_answer_about_another_topic_or_partition_is_not_taken_for_ours() {
    type Change = fn(&mut libkafka_client::protocol::messages::FetchResponse);
    let changes: [Change; 4] = [
        |response| response.responses[0].topic_id = Uuid([7; 16]),
        |response| response.responses[0].topic_id = Uuid::ZERO,
        |response| response.responses[0].partitions[0].partition_index = 77,
        // Not at all.
        |response| drop(response.responses[0].partitions.remove(0)),
    ];
    let place = Place::plain();
    for (i, change) in changes.into_iter().enumerate() {
        let mut lane = place.lane(hasty());
        let fault = fetch().alter::<FetchRequest>(move |_, response| change(response));
        let fault = place.broker.inject(fault);
        let all = fetches(&mut lane, 3);
        let missing = all
            .iter()
            .filter(|fetch| matches!(fetch.result, Err(Error::Missing { .. })));
        let (missing, records) = (missing.count(), with_records(&all).len());
        let expected = if i < 2 { (3, 0) } else { (1, 2) };
        assert_eq!((missing, records), expected, "change {i}");
        assert_eq!(fault.hits(), 1);
        drop(fault);
        works(&mut lane);
    }
}

#[test]
fn a_partition_that_is_answered_twice_is_handed_out_once() {
    let place = Place::plain();
    let mut lane = place.lane(hasty());
    let fault = fetch().alter::<FetchRequest>(|_, response| {
        let partitions = &mut response.responses[0].partitions;
        partitions.push(partitions[0].clone());
    });
    let _fault = place.broker.inject(fault);
    assert_eq!(with_records(&fetches(&mut lane, 3)), [0, 1, 2]);
    assert!(lane.next_fetch().is_none());
    works(&mut lane);
}

#[test]
fn a_lost_session_is_opened_anew_without_a_word() {
    let place = Place::plain();
    let mut lane = place.lane(hasty());
    fetches(&mut lane, 3);
    for code in [
        ErrorCode::FETCH_SESSION_ID_NOT_FOUND,
        ErrorCode::INVALID_FETCH_SESSION_EPOCH,
    ] {
        let fault = fetch().alter::<FetchRequest>(move |request, response| {
            assert!(request.session_epoch > 0);
            response.error_code = code;
            response.session_id = 0;
            response.responses.clear();
        });
        let fault = place.broker.inject(fault);
        works(&mut lane);
        assert_eq!(fault.hits(), 1, "{code}");
    }
}

#[test]
fn a_better_replica_is_named_and_an_offset_out_of_range_is_told() {
    let place = Place::plain();
    let mut lane = place.lane(hasty());
    let fault = fetch().alter::<FetchRequest>(|_, response| {
        let partition = &mut response.responses[0].partitions[0];
        partition.preferred_read_replica = 7;
        partition.records = None;
    });
    let _fault = place.broker.inject(fault);
    lane.seek(&at(2), 100);
    for fetch in fetches(&mut lane, 3) {
        match fetch.partition.partition {
            0 => assert!(matches!(
                fetch.result,
                Ok(FetchOutcome::PreferredReplica(7))
            )),
            1 => assert_eq!(with_records(&[fetch]), [1]),
            _ => {
                let error = fetch.result.unwrap_err();
                assert!(
                    matches!(error, Error::OffsetOutOfRange { offset: 100, .. }),
                    "{error:?}"
                );
            }
        }
    }
    works(&mut lane);
}

#[test]
fn partitions_without_a_session_get_their_turn_though_answers_are_full_early() {
    let place = Place::plain();
    // The first batch of an answer is whole, and leaves no room for another.
    let options = hasty().max_response_bytes(1).sessions(false);
    let mut lane = place.lane(options);
    let mut turns = [0; 3];
    let mut rounds = 0;
    while turns.iter().sum::<i32>() < 30 {
        rounds += 1;
        for fetch in fetches(&mut lane, 1) {
            if matches!(fetch.result, Ok(FetchOutcome::Records(_))) {
                turns[fetch.partition.partition as usize] += 1;
                // There is always more to read of each.
                lane.seek(&fetch.partition, 0);
            }
        }
    }
    assert!(
        turns.iter().all(|turns| *turns >= 8),
        "{turns:?} in {rounds}"
    );
}

#[derive(Default)]
struct Sizes(Mutex<Vec<usize>>);

impl Observer for Sizes {
    fn exchange(&self, exchange: &Exchange, _: Option<&Error>) {
        if exchange.api_key == ApiKey::FETCH {
            self.0.lock().unwrap().push(exchange.request_bytes);
        }
    }
}

#[test]
fn a_thousand_idle_partitions_cost_a_small_request_at_a_time() {
    let broker = Broker::builder().topic("t", 1000).start().unwrap();
    let sizes = Arc::new(Sizes::default());
    let config = libkafka_client::Config::new(broker.bootstrap()).observer(sizes.clone());
    let mut client = Client::new(config).unwrap();
    let topology = client.topology(["t"]).unwrap();
    assert_eq!(broker.requests(ApiKey::METADATA), 1);
    let wait_time = Duration::from_millis(50);
    let options = FetchLaneOptions::new().fetch(FetchOptions::new().max_wait(wait_time));
    let mut lane = client.fetch_lane(1, options).unwrap();
    for partition in 0..1000 {
        lane.set(at(partition), 0, topology.leader("t", partition).unwrap());
    }
    let started = Instant::now();
    while sizes.0.lock().unwrap().len() < 5 {
        lane.advance().unwrap();
        while lane.next_fetch().is_some() {}
        wait(&[&lane], Deadline::after(LONG)).unwrap();
        assert!(started.elapsed() < LONG);
    }
    let sizes = sizes.0.lock().unwrap();
    assert!(sizes[0] > 10_000, "{sizes:?}");
    assert!(sizes[1..].iter().all(|size| *size < 100), "{sizes:?}");
    assert!(started.elapsed() >= 4 * wait_time, "the broker was to wait");
    assert_eq!(broker.connections(1), 2);
}

#[test]
fn a_lane_waits_for_room_in_its_budget() {
    let place = Place::plain();
    let budget = FetchBudget::new(1000);
    let options = hasty().max_response_bytes(1000).budget(budget.clone());
    let mut lane = place.lane(options);
    let held = fetches(&mut lane, 3);
    let used = budget.used();
    assert!(used > 0 && used < 1000, "{used}");
    for partition in 0..3 {
        lane.seek(&at(partition), 0);
    }
    for _ in 0..10 {
        lane.advance().unwrap();
        wait(&[&lane], Deadline::after(Duration::from_millis(1))).unwrap();
    }
    assert!(!lane.is_fetching());
    assert_eq!(place.broker.requests(ApiKey::FETCH), 1);
    drop(held);
    assert_eq!(budget.used(), 0);
    drop(fetches(&mut lane, 3));
    assert_eq!(budget.used(), 0);
}

#[test]
fn a_paused_partition_is_not_fetched_and_goes_on_where_it_was() {
    let place = Place::plain();
    let mut lane = place.lane(hasty());
    lane.pause(&at(1));
    assert_eq!(with_records(&fetches(&mut lane, 2)), [0, 2]);
    lane.resume(&at(1));
    assert_eq!(with_records(&fetches(&mut lane, 1)), [1]);
}

#[test]
fn a_topic_that_is_created_again_in_the_middle_is_told_and_read_from_its_beginning() {
    let place = Place::plain();
    let mut reader = LaneReader::new(place.client(), "t", hasty());
    reader.read(3);
    let mut client = place.client();
    client.delete_topic("t").unwrap();
    let topic = libkafka_client::NewTopic::new("t").partitions(3);
    client.create_topic(topic).unwrap();
    place.produce(2, "new");
    reader.run(|reader| {
        reader
            .values
            .get(&2)
            .is_some_and(|values| values == &["new"])
    });
    assert_eq!(reader.replaced.len(), 1);
    assert!(!reader.errors.is_empty());
}

#[test]
fn a_stranger_that_answers_with_nonsense_ends_the_connection_and_not_the_lane() {
    let place = Place::plain();
    let mut lane = place.lane(hasty());
    let fault = place.broker.inject(fetch().garbage());
    error(&mut lane);
    assert_eq!(fault.hits(), 1);
    works(&mut lane);
    place.produce(0, "after");
    lane.seek(&at(0), 1);
    assert_eq!(with_records(&fetches(&mut lane, 1)), [0]);
}
