//! Each record once and in order, whatever happens to connections.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use libkafka_client::batch::{Batch, Builder, ProducerInfo};
use libkafka_client::protocol::ErrorCode;
use libkafka_client::{
    Address, Client, Config, ConnectError, Connector, Deadline, PartitionProducer, ProducerOptions,
    RetryPolicy, TcpConnector, Timings, Transport,
};

use libkafka_integration::{batch, values};

use crate::on_both;
use crate::topics::{client, create};

/// What is to happen to a connection.
#[derive(Debug, Clone, Copy)]
enum Cut {
    /// Gone after so many bytes of a request, at least one.
    Request(usize),
    /// Gone when the response has come, before it is seen.
    Response,
}

/// Makes connections that are cut when a test says so.
#[derive(Clone, Default)]
struct Cutting(Arc<Mutex<Option<Cut>>>);

struct CutTransport {
    inner: Box<dyn Transport>,
    next: Cutting,
    gone: bool,
}

impl Connector for Cutting {
    fn connect(
        &self,
        address: &Address,
        deadline: Deadline,
        timings: &mut Timings,
    ) -> Result<Box<dyn Transport>, ConnectError> {
        Ok(Box::new(CutTransport {
            inner: TcpConnector::default().connect(address, deadline, timings)?,
            next: self.clone(),
            gone: false,
        }))
    }
}

impl Transport for CutTransport {
    fn write(&mut self, parts: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize> {
        if self.gone {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        let mut next = self.next.0.lock().unwrap();
        let Some(Cut::Request(bytes)) = *next else {
            return self.inner.write(parts, deadline);
        };
        *next = None;
        self.gone = true;
        let part = &parts[0][..bytes.clamp(1, parts[0].len() - 1)];
        self.inner.write(&[IoSlice::new(part)], deadline)
    }

    fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        let n = self.inner.read(buffer, deadline)?;
        let mut next = self.next.0.lock().unwrap();
        if let Some(Cut::Response) = *next {
            *next = None;
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(n)
    }
}

/// An idempotent producer. A broker that has just started may have no ids yet.
fn producer(client: &mut Client, topic: &str) -> PartitionProducer {
    let policy = RetryPolicy::for_idempotent_calls();
    let make = |client: &mut Client| {
        client.producer_with(topic, 0, ProducerOptions::new().idempotent(true))
    };
    policy.run(Duration::from_secs(30), client, make).unwrap()
}

on_both! {
    fn a_batch_that_was_written_before_the_cut_is_in_the_log_once(cluster) {
        create(&mut client(cluster), "cut-once", 1, &[]);
        let cutting = Cutting::default();
        let config = Config::new(cluster.bootstrap()).connector(cutting.clone());
        let mut client = Client::new(config).unwrap();
        let mut producer = producer(&mut client, "cut-once");
        for cut in [Cut::Response, Cut::Request(10), Cut::Response] {
            let batch = producer.stamp(batch(&[format!("{cut:?}")])).unwrap();
            *cutting.0.lock().unwrap() = Some(cut);
            let error = producer.produce(batch.clone()).unwrap_err();
            assert!(error.possibly_written(), "{error:?}");
            let produced = producer.produce(batch).unwrap();
            assert!(produced.base_offset.is_some() || produced.duplicate);
        }
        let mut fetcher = client.fetcher("cut-once", 0).unwrap();
        assert_eq!(
            values(&mut fetcher),
            ["Response", "Request(10)", "Response"]
        );
    }

    fn a_pipeline_that_is_cut_again_and_again_leaves_each_record_once_and_in_order(cluster) {
        create(&mut client(cluster), "cut-pipeline", 1, &[]);
        let cutting = Cutting::default();
        let config = Config::new(cluster.bootstrap()).connector(cutting.clone());
        let mut client = Client::new(config).unwrap();
        let mut producer = producer(&mut client, "cut-pipeline");
        let mut random = fastrand::Rng::with_seed(7);
        let all: Vec<String> = (0..500).map(|n| n.to_string()).collect();
        let mut ahead = all.iter();
        // Stamped and not acknowledged; the first `sent` of them are in flight.
        let mut pending = VecDeque::new();
        let (mut sent, mut cuts) = (0, 0);
        while pending.len() + ahead.len() > 0 {
            if random.u8(..) < 25 {
                let cut = if random.bool() {
                    Cut::Response
                } else {
                    Cut::Request(random.usize(..100))
                };
                *cutting.0.lock().unwrap() = Some(cut);
            }
            while pending.len() < 5
                && let Some(value) = ahead.next()
            {
                pending.push_back(producer.stamp(batch(&[value])).unwrap());
            }
            let result = if sent < pending.len() {
                producer.send(pending[sent].clone()).map(|()| sent += 1)
            } else {
                producer.collect().map(|produced| {
                    produced.unwrap();
                    pending.pop_front();
                    sent -= 1;
                })
            };
            if result.is_err() {
                assert_eq!(producer.in_flight(), 0);
                (sent, cuts) = (0, cuts + 1);
            }
        }
        assert!(cuts > 10, "{cuts} cuts");
        // One that has not struck yet is not for the fetcher.
        *cutting.0.lock().unwrap() = None;
        let mut fetcher = client.fetcher("cut-pipeline", 0).unwrap();
        assert_eq!(values(&mut fetcher), all);
    }

    fn a_batch_that_is_missing_before_another_is_sent_first_and_then_both_are_there(cluster) {
        let mut client = client(cluster);
        create(&mut client, "out-of-order", 1, &[]);
        let mut producer = producer(&mut client, "out-of-order");
        let [a, b, c] = ["a", "b", "c"].map(|value| producer.stamp(batch(&[value])).unwrap());
        producer.produce(a.clone()).unwrap();
        let error = producer.produce(c.clone()).unwrap_err();
        assert_eq!(error.code(), Some(ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER));
        assert!(!error.possibly_written());
        producer.produce(b).unwrap();
        producer.produce(c).unwrap();
        // One that is there already, sent again, is there once.
        producer.produce(a).unwrap();
        let mut fetcher = client.fetcher("out-of-order", 0).unwrap();
        assert_eq!(values(&mut fetcher), ["a", "b", "c"]);
    }

    fn the_broker_goes_on_with_sequence_0_after_the_last_there_is(cluster) {
        let mut client = client(cluster);
        create(&mut client, "wrap", 1, &[]);
        let producer = producer(&mut client, "wrap");
        let info = ProducerInfo {
            base_sequence: Some(i32::MAX - 2),
            ..producer.producer_info().unwrap()
        };
        let options = ProducerOptions::new().continue_from(info);
        let mut producer = client.producer_with("wrap", 0, options).unwrap();
        let values: Vec<String> = (0..6).map(|n| n.to_string()).collect();
        for value in &values {
            let batch = producer.stamp(batch(&[value])).unwrap();
            producer.produce(batch).unwrap();
        }
        assert_eq!(producer.producer_info().unwrap().base_sequence, Some(3));
        let mut fetcher = client.fetcher("wrap", 0).unwrap();
        assert_eq!(self::values(&mut fetcher), values);
    }

    fn batches_are_numbered_where_they_are_built_and_not_copied(cluster) {
        let mut client = client(cluster);
        create(&mut client, "in-place", 1, &[]);
        let mut producer = producer(&mut client, "in-place");
        let mut builder = Builder::new();
        builder.add("key", "the memory that is used again").unwrap();
        let place = builder.build().unwrap().as_ptr();
        for (i, value) in ["a", "b", "c"].into_iter().enumerate() {
            builder.add("key", value).unwrap();
            let batch = producer.build_numbered(&mut builder).unwrap();
            assert_eq!(batch.as_ptr(), place);
            assert_eq!(Batch::parse(&batch).unwrap().header.base_sequence, i as i32);
            producer.produce(batch).unwrap();
        }
        // A batch that the builder numbered for nobody has to be copied.
        builder.add("key", "d").unwrap();
        let batch = producer.stamp(builder.build_bytes().unwrap()).unwrap();
        assert_ne!(batch.as_ptr(), place);
        producer.produce(batch).unwrap();
        let mut fetcher = client.fetcher("in-place", 0).unwrap();
        assert_eq!(values(&mut fetcher), ["a", "b", "c", "d"]);
    }

    fn a_new_identity_counts_from_0(cluster) {
        let mut client = client(cluster);
        create(&mut client, "renewed", 1, &[]);
        let mut producer = producer(&mut client, "renewed");
        let first = producer.producer_info().unwrap();
        let lost = producer.stamp(batch(&["never sent"])).unwrap();
        drop(lost);
        let second = producer.renew().unwrap();
        assert!(second.id != first.id && second.base_sequence == Some(0));
        let batch = producer.stamp(batch(&["a"])).unwrap();
        producer.produce(batch).unwrap();
        let mut fetcher = client.fetcher("renewed", 0).unwrap();
        assert_eq!(values(&mut fetcher), ["a"]);
    }
}
