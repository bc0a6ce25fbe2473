//! Offsets of many partitions, looked up at once.

use std::time::{Duration, Instant};

use libkafka_client::protocol::messages::ListOffsetsRequest;
use libkafka_client::protocol::{ApiKey, ErrorCode};
use libkafka_client::{
    Client, Config, Error, Isolation, Leader, OffsetSpec, TopicPartition, Topology,
};
use libkafka_integration::batch;
use libkafka_testbroker::{Broker, Fault};

use super::{LONG, at};

/// Three nodes that lead two partitions each; partition `n` has `n` records.
fn start() -> (Broker, Client, Topology) {
    let broker = Broker::builder().nodes(3).topic("t", 6).start().unwrap();
    let mut client = Client::new(Config::new(broker.bootstrap()).timeout(LONG)).unwrap();
    for partition in 0..6 {
        broker.move_leader("t", partition, partition % 3 + 1);
        let mut producer = client.producer("t", partition).unwrap();
        for _ in 0..partition {
            producer.produce(batch(&["a"])).unwrap();
        }
    }
    let topology = client.topology(["t"]).unwrap();
    (broker, client, topology)
}

fn all<T>(topology: &Topology, what: impl Fn(i32) -> T) -> Vec<(TopicPartition, Leader, T)> {
    let one = |partition| {
        let leader = topology.leader("t", partition).unwrap();
        (at(partition), leader, what(partition))
    };
    (0..6).map(one).collect()
}

#[test]
fn each_leader_is_asked_once_for_all_of_its_partitions() {
    let (broker, mut client, topology) = start();
    let asked = broker.requests(ApiKey::LIST_OFFSETS);
    let wanted = all(&topology, |_| OffsetSpec::Latest);
    let found = client.list_offsets(&wanted, Isolation::ReadUncommitted);
    for (partition, (found_at, found)) in found.into_iter().enumerate() {
        assert_eq!(found_at, at(partition as i32));
        assert_eq!(found.unwrap().unwrap().offset, partition as i64);
    }
    assert_eq!(broker.requests(ApiKey::LIST_OFFSETS) - asked, 3);
    let nowhere = all(&topology, |_| OffsetSpec::Timestamp(i64::MAX));
    for (at, found) in client.list_offsets(&nowhere, Isolation::ReadUncommitted) {
        assert_eq!(found.unwrap(), None, "{at}");
    }
}

#[test]
fn ends_of_epochs_are_found_and_records_deleted_in_many_partitions() {
    let (broker, mut client, topology) = start();
    let epochs = all(&topology, |partition| broker.leader_epoch("t", partition));
    for (partition, (_, end)) in client.ends_of_epochs(&epochs).into_iter().enumerate() {
        assert_eq!(end.unwrap().end_offset, Some(partition as i64));
    }
    let before = all(&topology, |partition| (partition > 2).then_some(2));
    for (partition, (_, left)) in client.delete_records_of(&before).into_iter().enumerate() {
        let expected = if partition > 2 { 2 } else { partition as i64 };
        assert_eq!(left.unwrap(), expected, "{partition}");
    }
    let refused = all(&topology, |_| Some(100));
    for (_, left) in client.delete_records_of(&refused) {
        assert_eq!(
            left.unwrap_err().code(),
            Some(ErrorCode::OFFSET_OUT_OF_RANGE)
        );
    }
}

#[test]
fn a_broker_that_says_nothing_fails_its_own_partitions_and_no_others() {
    let (broker, mut client, topology) = start();
    let wanted = all(&topology, |_| OffsetSpec::Latest);
    // The others are connected to, so that they answer well within the time.
    for (_, found) in client.list_offsets(&wanted, Isolation::ReadUncommitted) {
        found.unwrap();
    }
    let silent = broker.inject(Fault::on(ApiKey::LIST_OFFSETS).node(2).silence());
    let time = Duration::from_secs(3);
    let started = Instant::now();
    let found = client
        .within(time)
        .list_offsets(&wanted, Isolation::ReadUncommitted);
    assert!(started.elapsed() < time + LONG / 4);
    for (at, found) in found {
        if at.partition % 3 == 1 {
            let error = found.unwrap_err();
            assert!(matches!(&*error, Error::Timeout { .. }), "{error:?}");
        } else {
            assert_eq!(found.unwrap().unwrap().offset, i64::from(at.partition));
        }
    }
    drop(silent);
    for (at, found) in client.list_offsets(&wanted, Isolation::ReadUncommitted) {
        assert_eq!(found.unwrap().unwrap().offset, i64::from(at.partition));
    }
}

#[test]
fn one_partition_is_refused_or_missing_and_the_others_are_found() {
    let (broker, mut client, topology) = start();
    let wanted = all(&topology, |_| OffsetSpec::Latest);
    let fault = Fault::on(ApiKey::LIST_OFFSETS).node(1).times(1);
    let fault = broker.inject(fault.alter::<ListOffsetsRequest>(|_, response| {
        response.topics[0].partitions[0].error_code = ErrorCode::NOT_LEADER_OR_FOLLOWER;
        response.topics[0].partitions.truncate(1);
    }));
    let found = client.list_offsets(&wanted, Isolation::ReadUncommitted);
    assert_eq!(fault.hits(), 1);
    for (at, found) in found {
        match (at.partition, found) {
            (0, Err(error)) => {
                assert_eq!(error.code(), Some(ErrorCode::NOT_LEADER_OR_FOLLOWER));
            }
            (3, Err(error)) => assert!(matches!(&*error, Error::Missing { .. })),
            (_, found) => assert_eq!(found.unwrap().unwrap().offset, i64::from(at.partition)),
        }
    }
}

#[test]
fn a_leader_that_hangs_up_fails_the_lag_and_the_reset_of_its_own_partitions_and_no_others() {
    let (broker, client, _) = start();
    let mut offsets = client.offsets("g");
    let fault = Fault::on(ApiKey::LIST_OFFSETS).node(2);
    let fault = broker.inject(fault.hang_up());
    let lags = offsets.lag(&["t"]).unwrap();
    assert_eq!(fault.hits(), 2);
    assert_eq!(lags.iter().len(), 6);
    for (at, lag) in lags.iter() {
        match lag {
            Ok(lag) => assert_eq!(lag.end, i64::from(at.partition)),
            Err(error) => assert!(matches!(error, Error::Closed { .. }), "{error:?}"),
        }
    }
    let is_of_node_2 = |(at, _): &(&TopicPartition, _)| at.partition % 3 == 1;
    assert_eq!(lags.refused().filter(is_of_node_2).count(), 2);
    assert_eq!(lags.refused().count(), 2);
    assert!(matches!(
        lags.into_result().unwrap_err(),
        Error::Closed { .. }
    ));

    // No record is that late: the end, which is looked up where nothing was found.
    let late = OffsetSpec::Timestamp(i64::MAX);
    let reset = offsets.reset("t", late).unwrap();
    let failed: Vec<_> = reset.refused().map(|(at, _)| at.partition).collect();
    assert_eq!(failed, [1, 4]);
    let committed = offsets.fetch_all().unwrap().into_result().unwrap();
    let committed = committed.into_iter();
    let committed: Vec<_> = committed
        .map(|(at, committed)| (at.partition, committed.map(|committed| committed.offset)))
        .collect();
    assert_eq!(
        committed,
        [0, 2, 3, 5].map(|n| (n, Some(i64::from(n)))).to_vec()
    );
    drop(fault);
    let lags = offsets.lag(&["t"]).unwrap().into_result().unwrap();
    assert!(
        lags.iter()
            .all(|(_, lag)| lag.records.is_none_or(|n| n == 0))
    );
}
