//! A connection that can be asked whether the answer has come.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use bytes::Bytes;
use libkafka_client::membership::{ActionId, Outcome, Task};
use libkafka_protocol::messages::{
    ConsumerGroupHeartbeatRequest, HeartbeatRequest, JoinGroupRequest, LeaveGroupRequest,
    RequestHeader, SyncGroupRequest,
};
use libkafka_protocol::{KafkaWire, Request, frame};

/// Far longer than any answer takes: a busy machine is no failure.
const DEADLINE: Duration = Duration::from_secs(60);

/// A connection of a member to a node.
pub(crate) struct Connection {
    stream: TcpStream,
    client_id: String,
    received: Vec<u8>,
    /// The requests that are not answered yet, in order.
    asked: Vec<PendingRequest>,
}

struct PendingRequest {
    id: ActionId,
    read: fn(&Bytes) -> Outcome,
}

impl Connection {
    pub(crate) fn open(address: SocketAddr, client_id: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        Self {
            stream,
            client_id: client_id.to_owned(),
            received: Vec::new(),
            asked: Vec::new(),
        }
    }

    /// The number of requests that are not answered yet.
    pub(crate) fn asked(&self) -> usize {
        self.asked.len()
    }

    /// The actions that they belong to.
    pub(crate) fn asked_ids(&self) -> impl Iterator<Item = ActionId> {
        self.asked.iter().map(|asked| asked.id)
    }

    pub(crate) fn send(&mut self, id: ActionId, task: &Task) {
        match task {
            Task::Join(request) => {
                self.ask(id, request, |f| Outcome::Join(read::<JoinGroupRequest>(f)))
            }
            Task::Sync(request) => {
                self.ask(id, request, |f| Outcome::Sync(read::<SyncGroupRequest>(f)))
            }
            Task::Heartbeat(request) => {
                self.ask(id, request, |f| {
                    Outcome::Heartbeat(read::<HeartbeatRequest>(f))
                });
            }
            Task::ConsumerHeartbeat(request) => self.ask(id, request, |f| {
                Outcome::ConsumerHeartbeat(read::<ConsumerGroupHeartbeatRequest>(f))
            }),
            Task::Leave(request) => {
                let request = request.in_version(LeaveGroupRequest::VERSIONS.max);
                self.ask(id, &request, |f| {
                    Outcome::Leave(read::<LeaveGroupRequest>(f))
                });
            }
            task => panic!("{task:?} is not for the coordinator"),
        }
    }

    fn ask<R: Request>(&mut self, id: ActionId, request: &R, read: fn(&Bytes) -> Outcome) {
        let header = RequestHeader {
            request_api_key: R::API_KEY,
            request_api_version: R::VERSIONS.max,
            client_id: Some(self.client_id.clone()),
            ..Default::default()
        };
        let mut out = Vec::new();
        frame::encode_request(&header, request, &mut out).unwrap();
        self.stream.write_all(&out).unwrap();
        self.asked.push(PendingRequest { id, read });
    }

    /// The next answer.
    pub(crate) fn wait(&mut self) -> (ActionId, Outcome) {
        loop {
            if let Some(answer) = self.take() {
                return answer;
            }
            self.read().unwrap();
        }
    }

    /// The next answer, if it has come.
    pub(crate) fn try_take(&mut self) -> Option<(ActionId, Outcome)> {
        self.stream.set_nonblocking(true).unwrap();
        let read = self.read();
        self.stream.set_nonblocking(false).unwrap();
        match read {
            Err(error) if error.kind() != io::ErrorKind::WouldBlock => panic!("{error}"),
            _ => self.take(),
        }
    }

    fn read(&mut self) -> io::Result<()> {
        let mut bytes = [0; 4096];
        match self.stream.read(&mut bytes)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            n => {
                self.received.extend_from_slice(&bytes[..n]);
                Ok(())
            }
        }
    }

    fn take(&mut self) -> Option<(ActionId, Outcome)> {
        let length = self.received.first_chunk::<4>()?;
        let length = u32::from_be_bytes(*length) as usize;
        if self.received.len() < 4 + length {
            return None;
        }
        let frame: Bytes = self.received[4..4 + length].to_vec().into();
        self.received.drain(..4 + length);
        let asked = self.asked.remove(0);
        Some((asked.id, (asked.read)(&frame)))
    }
}

fn read<R: Request>(frame: &Bytes) -> R::Response {
    frame::decode_response_exact(R::VERSIONS.max, frame)
        .unwrap()
        .1
}
