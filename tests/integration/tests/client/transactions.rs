//! What a fetcher sees of transactions.

use libkafka_batch::{Builder, ProducerInfo};
use libkafka_client::protocol::messages::add_partitions_to_txn::AddPartitionsToTxnTopic;
use libkafka_client::protocol::messages::produce::{PartitionProduceData, TopicProduceData};
use libkafka_client::protocol::messages::{
    AddPartitionsToTxnRequest, EndTxnRequest, InitProducerIdRequest, InitProducerIdResponse,
    ProduceRequest,
};
use libkafka_client::protocol::{Response, Uuid};
use libkafka_client::{Client, FetchOptions, Isolation, OffsetSpec, Target};

use libkafka_integration::{committed_values, until_ok};

use crate::on_both;
use crate::topics::{client, create};

const ID: &str = "some-transaction";

/// Calls until there is an answer without an error; none but those that ask for patience are taken.
pub(crate) fn until_done<R: Response>(
    client: &mut Client,
    mut call: impl FnMut(&mut Client) -> Result<R, libkafka_client::Error>,
) -> R {
    until_ok(|| {
        let response = call(client).map_err(|error| error.to_string())?;
        match response.first_error() {
            None => Ok(response),
            Some(code) if code.is_retriable() => Err(code.to_string()),
            Some(code) => panic!("{code}"),
        }
    })
}

/// One transaction with a record of its own, to its end.
fn transact(
    client: &mut Client,
    who: &InitProducerIdResponse,
    topic_id: Uuid,
    sequence: i32,
    commit: bool,
) {
    let add = AddPartitionsToTxnRequest {
        v3_and_below_transactional_id: ID.into(),
        v3_and_below_producer_id: who.producer_id,
        v3_and_below_producer_epoch: who.producer_epoch,
        v3_and_below_topics: vec![AddPartitionsToTxnTopic {
            name: "transactions".into(),
            partitions: vec![0],
            ..Default::default()
        }],
        ..Default::default()
    };
    until_done(client, |client| {
        client.call_to(Target::TransactionCoordinator(ID), &add)
    });
    // Later versions are for brokers.
    assert_eq!(client.last_exchange().unwrap().version, 3);
    let mut producer = ProducerInfo {
        id: who.producer_id,
        epoch: who.producer_epoch,
        base_sequence: Some(sequence),
        transactional: true,
    };
    let mut builder = Builder::new();
    let value = format!(
        "{sequence} {}",
        if commit { "committed" } else { "aborted" }
    );
    builder.add((), &value).unwrap();
    let produce = ProduceRequest {
        transactional_id: Some(ID.into()),
        acks: -1,
        timeout_ms: 10_000,
        topic_data: vec![TopicProduceData {
            name: "transactions".into(),
            topic_id,
            partition_data: vec![PartitionProduceData {
                records: Some(builder.build_numbered(&mut producer).unwrap()),
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    };
    until_done(client, |client| {
        client.call_to(Target::Leader("transactions", 0), &produce)
    });
    let end = EndTxnRequest {
        transactional_id: ID.into(),
        producer_id: who.producer_id,
        producer_epoch: who.producer_epoch,
        committed: commit,
        ..Default::default()
    };
    until_done(client, |client| {
        client.call_to(Target::TransactionCoordinator(ID), &end)
    });
}

on_both! {
    fn aborted_transactions_are_left_out_by_a_reader_of_committed_records(cluster) {
        // Version 5 of EndTxn would change the producer's epoch with each transaction.
        let config = libkafka_client::Config::new(cluster.bootstrap());
        let api = libkafka_client::protocol::ApiKey::END_TXN;
        let mut transactor = Client::new(config.max_version(api, 4)).unwrap();
        let mut client = client(cluster);
        create(&mut client, "transactions", 1, &[]);
        let topic_id = client.leader("transactions", 0).unwrap().topic_id.unwrap();
        let who = until_done(&mut transactor, |client| {
            client.call_to(
                Target::TransactionCoordinator(ID),
                &InitProducerIdRequest {
                    transactional_id: Some(ID.into()),
                    transaction_timeout_ms: 10_000,
                    ..Default::default()
                },
            )
        });
        for (sequence, commit) in [(0, true), (1, false), (2, true)] {
            transact(&mut transactor, &who, topic_id, sequence, commit);
        }
        let mut fetcher = client.fetcher("transactions", 0).unwrap();
        let end = fetcher.seek_to(OffsetSpec::Latest).unwrap();
        for (isolation, expected) in [
            (
                Isolation::ReadUncommitted,
                &["0 committed", "1 aborted", "2 committed"][..],
            ),
            (Isolation::ReadCommitted, &["0 committed", "2 committed"]),
        ] {
            fetcher.configure(FetchOptions::new().isolation(isolation));
            fetcher.seek(0);
            assert_eq!(committed_values(&mut fetcher, end), expected);
        }
    }
}
