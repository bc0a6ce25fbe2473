//! Sequence numbers that are lost.

use libkafka_client::delivery::Reason;
use libkafka_protocol::{ApiKey, ErrorCode};
use libkafka_testbroker::Fault;

use super::*;

#[test]
fn a_partition_whose_sequence_is_lost_takes_a_new_id_and_the_others_keep_theirs() {
    let broker = Broker::builder().topic("t", 3).start().unwrap();
    let producer = producer(&broker);
    let fault = Fault::on(ApiKey::PRODUCE)
        .topic("t")
        .partition(1)
        .skip(1)
        .times(1);
    let _fault = broker.inject(fault.error(ErrorCode::UNKNOWN_PRODUCER_ID));
    for value in ["a", "b", "c"] {
        for partition in 0..3 {
            producer.send(&to(partition, value), LONG).unwrap();
        }
        producer.flush(LONG).unwrap();
    }
    all_stored(&producer);
    let ids: Vec<_> = (0..3)
        .map(|partition| producer_ids(&broker, partition))
        .collect();
    assert_eq!(ids[0], ids[2]);
    assert_eq!(ids[1].len(), 2, "{ids:?}");
    assert_eq!(ids[1][0], ids[0][0]);
    assert_ne!(ids[1][1], ids[0][0]);
    for partition in 0..3 {
        assert_eq!(values(&broker, partition), ["a", "b", "c"]);
    }
    assert_eq!(broker.requests(ApiKey::INIT_PRODUCER_ID), 2);
}

/// The answer to "b" is lost; asked again, the broker knows nothing of the producer any more.
fn lose(at_least_once: bool) -> (Broker, Producer) {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let config = ProducerConfig::new().at_least_once(at_least_once);
    let producer = producer_with(&broker, config);
    producer.send(&to(0, "a"), LONG).unwrap();
    producer.flush(LONG).unwrap();
    {
        let _lost = broker.inject(Fault::on(ApiKey::PRODUCE).times(1).reset());
        let forgotten = Fault::on(ApiKey::PRODUCE).skip(1).times(1);
        let _forgotten = broker.inject(forgotten.error(ErrorCode::UNKNOWN_PRODUCER_ID));
        producer.send(&to(0, "b"), LONG).unwrap();
        producer.flush(LONG).unwrap();
    }
    producer.send(&to(0, "c"), LONG).unwrap();
    producer.flush(LONG).unwrap();
    (broker, producer)
}

#[test]
fn what_may_have_been_stored_under_a_lost_sequence_is_reported_as_in_doubt() {
    let (broker, producer) = lose(false);
    assert_eq!(values(&broker, 0), ["a", "b", "c"]);
    let failed = &deliveries(&producer)[&(0, 1)];
    let failure = failed.outcome.as_ref().unwrap_err();
    assert_eq!(failure.reason, Reason::SequenceLost);
    assert!(failure.possibly_written);
}

#[test]
fn what_may_have_been_stored_under_a_lost_sequence_is_sent_again_at_least_once() {
    let (broker, producer) = lose(true);
    assert_eq!(values(&broker, 0), ["a", "b", "b", "c"]);
    all_stored(&producer);
}
