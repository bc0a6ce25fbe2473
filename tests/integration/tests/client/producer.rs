//! The producer of whole topics.

use std::time::Duration;

use libkafka_batch::Lz4;
use libkafka_client::{
    Client, Config, OffsetSpec, Producer, ProducerConfig, ProducerRecord, TopicPartition,
};

use super::*;

const LONG: Duration = Duration::from_secs(60);

on_both! {
    fn records_of_many_keys_are_stored_once_and_in_order_from_several_threads(cluster) {
        const KEYS: usize = 100;
        const EACH: usize = 20;
        let topic = "producer-order";
        cluster.topic(topic, 12, &[]);
        let config = Config::new(cluster.bootstrap());
        let options = ProducerConfig::new().batch_bytes(4000).compressor(Lz4::new);
        let producer = Producer::new(config.clone(), options).unwrap();
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let producer = &producer;
                scope.spawn(move || {
                    for n in 0..EACH {
                        for key in (thread..KEYS).step_by(4) {
                            let (key, value) = (format!("key-{key}"), format!("key-{key} {n:04}"));
                            let record = ProducerRecord::new(topic, &key, &value);
                            producer.send(&record, LONG).unwrap();
                        }
                    }
                });
            }
        });
        let lost = producer.close(LONG);
        assert!(lost.is_empty(), "{lost:?}");
        let mut client = Client::new(config).unwrap();
        let mut all = Vec::new();
        for partition in 0..12 {
            let mut fetcher = client.fetcher(topic, partition).unwrap();
            fetcher.seek_to(OffsetSpec::Earliest).unwrap();
            all.extend(libkafka_integration::values(&mut fetcher));
        }
        assert_eq!(all.len(), KEYS * EACH);
        // Each key is in one partition, and there in order.
        for key in 0..KEYS {
            let prefix = format!("key-{key} ");
            let of_key: Vec<_> = all.iter().filter(|value| value.starts_with(&prefix)).collect();
            let expected: Vec<_> = (0..EACH).map(|n| format!("{prefix}{n:04}")).collect();
            assert_eq!(of_key, expected.iter().collect::<Vec<_>>());
        }
    }

    fn a_delivery_says_where_a_record_is(cluster) {
        let topic = "producer-delivery";
        cluster.topic(topic, 3, &[]);
        let config = Config::new(cluster.bootstrap());
        let producer = Producer::new(config, ProducerConfig::new()).unwrap();
        for offset in 0..3 {
            let record = ProducerRecord::new(topic, (), "value").partition(2);
            let ticket = producer.send(&record, LONG).unwrap();
            let delivery = producer.delivery_of(&ticket, LONG).unwrap();
            assert_eq!(delivery.offset_of(&ticket), Some(offset), "{delivery}");
            assert_eq!(delivery.partition, TopicPartition::new(topic, 2));
        }
    }
}
