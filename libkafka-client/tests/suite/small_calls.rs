//! How often a small call goes to the system.

use std::io::{self, IoSlice};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use libkafka_client::batch::Builder;
use libkafka_client::protocol::ApiKey;
use libkafka_client::protocol::messages::ProduceResponse;
use libkafka_client::protocol::messages::produce::{
    PartitionProduceResponse, TopicProduceResponse,
};
use libkafka_client::{
    Address, Client, ConnectError, Connector, Deadline, TcpConnector, Timings, Transport,
};

use crate::scripted::{Server, Step, respond};

#[derive(Default)]
struct Calls {
    writes: AtomicUsize,
    reads: AtomicUsize,
}

/// Connects by TCP and counts what goes through.
#[derive(Clone, Default)]
struct Counting(Arc<Calls>);

impl Counting {
    /// Writes and reads since last asked.
    fn take(&self) -> (usize, usize) {
        let Calls { writes, reads } = &*self.0;
        (
            writes.swap(0, Ordering::Relaxed),
            reads.swap(0, Ordering::Relaxed),
        )
    }
}

impl Connector for Counting {
    fn connect(
        &self,
        address: &Address,
        deadline: Deadline,
        timings: &mut Timings,
    ) -> Result<Box<dyn Transport>, ConnectError> {
        let inner = TcpConnector::default().connect(address, deadline, timings)?;
        let calls = Arc::clone(&self.0);
        Ok(Box::new(Counted { inner, calls }))
    }
}

struct Counted {
    inner: Box<dyn Transport>,
    calls: Arc<Calls>,
}

impl Transport for Counted {
    fn write(&mut self, parts: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize> {
        self.calls.writes.fetch_add(1, Ordering::Relaxed);
        self.inner.write(parts, deadline)
    }

    fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        self.calls.reads.fetch_add(1, Ordering::Relaxed);
        self.inner.read(buffer, deadline)
    }
}

#[test]
fn a_small_call_takes_one_write_and_at_most_two_reads() {
    let server = Server::start(|header| match header.request_api_key {
        ApiKey::PRODUCE => Step::Write(respond(header, &produced())),
        _ => Step::Answer,
    });
    let counting = Counting::default();
    let config = server.config().connector(counting.clone());
    let mut client = Client::new(config).unwrap();
    let mut producer = client.producer("t", 0).unwrap();
    let mut builder = Builder::new();
    let mut produce = || {
        builder.add("key", [7u8; 100].as_slice()).unwrap();
        producer.produce(builder.build_bytes().unwrap()).unwrap();
    };
    // The first also connects and asks for versions.
    produce();
    counting.take();
    for _ in 0..100 {
        produce();
        let (writes, reads) = counting.take();
        assert_eq!(writes, 1);
        assert!((1..=2).contains(&reads), "{reads} reads");
    }

    client.topic_metadata(&["t"]).unwrap();
    counting.take();
    client.topic_metadata(&["t"]).unwrap();
    let (writes, reads) = counting.take();
    assert_eq!(writes, 1);
    assert!((1..=2).contains(&reads), "{reads} reads");
}

pub(crate) fn produced() -> ProduceResponse {
    ProduceResponse {
        responses: vec![TopicProduceResponse {
            name: "t".into(),
            partition_responses: vec![PartitionProduceResponse::default()],
            ..Default::default()
        }],
        ..Default::default()
    }
}
