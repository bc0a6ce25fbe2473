use std::cell::Cell;
use std::time::{Duration, Instant};

use super::*;
use crate::address::Address;
use crate::broker::Broker;
use crate::exchange::Exchange;
use crate::timings::Timings;

/// Number, error code, and value of a partition.
type Row = (i32, ErrorCode, &'static str);
type Topics = Vec<(String, Vec<Row>)>;

fn answer(response: Topics) -> BrokerAnswer<Topics> {
    let broker = Broker {
        id: Some(1),
        address: Address::new("h", 9092),
        rack: None,
    };
    let exchange = Exchange {
        broker: Arc::new(broker),
        api_key: ApiKey::LIST_OFFSETS,
        version: 1,
        correlation_id: 0,
        request_bytes: 10,
        response_bytes: 10,
        started: Instant::now(),
        timings: Timings::default(),
        throttle: Duration::ZERO,
        overlooked: Default::default(),
    };
    Ok(Answer { response, exchange })
}

fn asked(topic: &str, partition: i32, leader: i32) -> (TopicPartition, Leader, ()) {
    let leader = Leader {
        id: leader,
        epoch: None,
        topic_id: None,
    };
    (TopicPartition::new(topic, partition), leader, ())
}

fn results(
    partitions: &[(TopicPartition, Leader, ())],
    answers: ByBroker<BrokerAnswer<Topics>>,
) -> Vec<Result<&'static str, Arc<Error>>> {
    let read = |row: &Row| (row.1, row.2);
    let results = results_of_leaders(partitions, answers, |topics| topics, |row| row.0, read);
    let results = results.into_iter().zip(partitions);
    let result = |((at, result), asked): (_, &(TopicPartition, _, _))| {
        assert_eq!(at, asked.0);
        result
    };
    results.map(result).collect()
}

#[test]
fn partitions_are_found_by_topic_and_number_and_the_first_of_two_counts() {
    let first = vec![(0, ErrorCode::NONE, "a-0"), (1, ErrorCode::NONE, "a-1")];
    let other = vec![(0, ErrorCode::NONE, "b-0")];
    let again = vec![(1, ErrorCode::NONE, "late"), (2, ErrorCode::NONE, "a-2")];
    let named = |name: &str, rows| (name.to_owned(), rows);
    let response = vec![named("a", first), named("b", other), named("a", again)];
    let partitions = [("a", 2), ("b", 0), ("a", 1), ("a", 0)];
    let partitions = partitions.map(|(topic, partition)| asked(topic, partition, 1));
    let found = results(&partitions, ByBroker::from((1, answer(response))));
    let found: Vec<_> = found.into_iter().map(Result::unwrap).collect();
    assert_eq!(found, ["a-2", "b-0", "a-1", "a-0"]);
}

#[test]
fn partitions_fail_alone_by_their_own_error_and_together_by_that_of_their_broker() {
    let refused = ErrorCode::NOT_LEADER_OR_FOLLOWER;
    let response = vec![(
        "a".to_owned(),
        vec![(0, refused, ""), (1, ErrorCode::NONE, "ok")],
    )];
    let down = Arc::new(Error::NoBroker);
    let mut answers = ByBroker::from((1, answer(response)));
    answers.insert(2, Err(down));
    let partitions = [(0, 1), (1, 1), (2, 1), (3, 2), (4, 2), (5, 3)];
    let partitions = partitions.map(|(partition, leader)| asked("a", partition, leader));
    let found = results(&partitions, answers);
    assert_eq!(found[0].as_ref().unwrap_err().code(), Some(refused));
    assert_eq!(*found[1].as_ref().unwrap(), "ok");
    let missing = found[2].as_ref().unwrap_err();
    assert!(missing.to_string().contains("partition a-2"), "{missing}");
    let shared = [3, 4].map(|i: usize| found[i].as_ref().unwrap_err());
    assert!(Arc::ptr_eq(shared[0], shared[1]));
    let unknown = found[5].as_ref().unwrap_err();
    assert!(matches!(&**unknown, Error::UnknownBroker { id: 3 }));
}

#[test]
fn each_partition_of_a_response_is_looked_at_once_however_many_were_asked_about() {
    const IN_RESPONSE: i32 = 100_000;
    const ASKED: i32 = 1_000;
    let rows = (0..IN_RESPONSE)
        .rev()
        .map(|n| (n, ErrorCode::NONE, "found"));
    let response = vec![("a".to_owned(), rows.collect())];
    let answers = ByBroker::from((1, answer(response)));
    let partitions: Vec<_> = (0..ASKED).map(|n| asked("a", n, 1)).collect();
    let looked_at = Cell::new(0);
    let number = |row: &Row| {
        looked_at.set(looked_at.get() + 1);
        row.0
    };
    let read = |row: &Row| (row.1, row.2);
    let found = results_of_leaders(&partitions, answers, |topics| topics, number, read);
    assert_eq!(found.into_result().unwrap().len(), ASKED as usize);
    assert_eq!(looked_at.get(), IN_RESPONSE);
}
