//! A transport of a caller's own: no socket and no thread, and bytes in pieces of any size.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use libkafka_client::protocol::frame;
use libkafka_client::protocol::messages::ApiVersionsRequest;
use libkafka_client::{
    Address, Client, Config, ConnectError, Connector, Deadline, Error, Phase, Target, Timings,
    Transport,
};

use crate::scripted::answer;

/// Connects to one address and no other.
struct InMemory {
    /// The most bytes that are written or read at once.
    piece: usize,
    connections: Arc<AtomicUsize>,
}

/// Answers frames as they become whole.
struct Pipe {
    piece: usize,
    requests: Vec<u8>,
    responses: VecDeque<u8>,
}

impl Connector for InMemory {
    fn connect(
        &self,
        address: &Address,
        _: Deadline,
        _: &mut Timings,
    ) -> Result<Box<dyn Transport>, ConnectError> {
        if *address != Address::new("memory", 1) {
            return Err(ConnectError {
                phase: Phase::Resolve,
                source: io::ErrorKind::NotFound.into(),
            });
        }
        self.connections.fetch_add(1, Ordering::Relaxed);
        Ok(Box::new(Pipe {
            piece: self.piece,
            requests: Vec::new(),
            responses: VecDeque::new(),
        }))
    }
}

impl Transport for Pipe {
    fn write(&mut self, parts: &[IoSlice<'_>], _: Deadline) -> io::Result<usize> {
        let bytes: Vec<u8> = parts.iter().flat_map(|part| part.iter().copied()).collect();
        let n = bytes.len().min(self.piece);
        self.requests.extend_from_slice(&bytes[..n]);
        if let Some((length, rest)) = self.requests.split_first_chunk()
            && rest.len() == i32::from_be_bytes(*length) as usize
        {
            let request = rest.to_vec().into();
            self.requests.clear();
            let (header, _) = frame::decode_request_header(&request).unwrap();
            self.responses.extend(answer(&header, 1));
        }
        Ok(n)
    }

    fn read(&mut self, buffer: &mut [u8], _: Deadline) -> io::Result<usize> {
        let n = buffer.len().min(self.piece).min(self.responses.len());
        for (byte, response) in buffer.iter_mut().zip(self.responses.drain(..n)) {
            *byte = response;
        }
        Ok(n)
    }
}

#[test]
fn calls_go_through_a_transport_that_is_no_socket() {
    for piece in [1, 3, usize::MAX] {
        let connections = Arc::new(AtomicUsize::new(0));
        let connector = InMemory {
            piece,
            connections: Arc::clone(&connections),
        };
        let config = Config::new("memory:1").connector(connector);
        let mut client = Client::new(config).unwrap();
        for _ in 0..3 {
            assert_eq!(client.all_metadata().unwrap().controller_id, 1);
            let last = client.last_exchange().unwrap();
            assert!(last.request_bytes > 10 && last.response_bytes > 10);
        }
        assert_eq!(connections.load(Ordering::Relaxed), 1);
        // The metadata says that broker 1 is elsewhere, and that is where it is looked for.
        let error = client.call_to(Target::Broker(1), &ApiVersionsRequest::default());
        let error = error.unwrap_err();
        assert!(matches!(error, Error::Io { .. }), "{error:?}");
        assert_eq!(error.at().unwrap().phase, Phase::Resolve);
        client.all_metadata().unwrap();
    }
}
