//! Reading from the replica that is near.

use libkafka_client::FetchOptions;
use libkafka_integration::batch;
use libkafka_testkafka::require;

use crate::{client, cluster, create, until};

#[test]
fn a_fetcher_reads_from_the_replica_in_its_rack_and_from_the_leader_when_that_one_dies() {
    require!();
    let kafka = cluster();
    let mut client = client(&kafka);
    create(&mut client, "near");
    let leader = client.leader("near", 0).unwrap().id;
    let follower = kafka.ids().find(|id| *id != leader).unwrap();
    let mut producer = client.producer("near", 0).unwrap();
    for value in ["a", "b"] {
        producer.produce(batch(&[value])).unwrap();
    }
    let options = FetchOptions::new().rack(format!("rack{follower}"));
    let mut fetcher = client.fetcher_with("near", 0, options).unwrap();
    // A follower learns of the high watermark a little later.
    until(|| {
        ({
            let fetched = fetcher.fetch();
            let last = fetcher.last_exchange().unwrap();
            last.broker.id == Some(follower) && fetched.is_ok_and(|f| f.batches().count() == 2)
        })
        .then_some(())
    });
    kafka.kill(follower);
    until(|| {
        ({
            let fetched = fetcher.fetch();
            let last = fetcher.last_exchange().unwrap();
            last.broker.id == Some(leader) && fetched.is_ok_and(|f| f.batches().count() == 2)
        })
        .then_some(())
    });
    kafka.restart(follower).unwrap();
}
