//! A server that answers as a test scripts it: one step for each request, connection by
//! connection.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use libkafka_client::Config;
use libkafka_client::protocol::messages::api_versions::ApiVersion;
use libkafka_client::protocol::messages::metadata::{
    MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic,
};
use libkafka_client::protocol::messages::{ApiVersionsResponse, MetadataResponse, RequestHeader};
use libkafka_client::protocol::{ApiKey, Bytes, ErrorCode, Response, Versions, frame};

/// What the server does with a request.
pub(crate) enum Step {
    /// Writes these bytes, length field included.
    Write(Vec<u8>),
    /// Writes these bytes and closes the connection.
    WriteAndClose(Vec<u8>),
    /// Reads on and writes nothing.
    Ignore,
    /// Answers as a sane broker would.
    Answer,
    /// Answers, and never reads again; the connection stays open.
    AnswerAndStop,
}

type Script = dyn FnMut(&RequestHeader) -> Step + Send;

/// A listening server with one thread for each connection; it ends with the test's process.
pub(crate) struct Server {
    port: u16,
    requests: Arc<Mutex<Vec<RequestHeader>>>,
    closed: Receiver<()>,
}

impl Server {
    /// A server that asks `script` what to do with each request.
    pub(crate) fn start(script: impl FnMut(&RequestHeader) -> Step + Send + 'static) -> Self {
        Self::listen(TcpListener::bind("127.0.0.1:0").unwrap(), script)
    }

    fn listen(
        listener: TcpListener,
        script: impl FnMut(&RequestHeader) -> Step + Send + 'static,
    ) -> Self {
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::default();
        let (closing, closed) = mpsc::channel();
        let server = Self {
            port,
            requests: Arc::clone(&requests),
            closed,
        };
        let script: Arc<Mutex<Box<Script>>> = Arc::new(Mutex::new(Box::new(script)));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (script, requests) = (Arc::clone(&script), Arc::clone(&requests));
                let closing = closing.clone();
                thread::spawn(move || {
                    serve(stream.unwrap(), port, &script, &requests);
                    let _ = closing.send(());
                });
            }
        });
        server
    }

    /// As [`start`](Self::start), with the server's own port for the script to name.
    pub(crate) fn start_with_port(
        mut script: impl FnMut(&RequestHeader, u16) -> Step + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        Self::listen(listener, move |header| script(header, port))
    }

    /// A server that does these steps with the first requests of `api`, and answers all else.
    pub(crate) fn with_steps(api: ApiKey, steps: impl IntoIterator<Item = Step>) -> Self {
        let mut steps: VecDeque<Step> = steps.into_iter().collect();
        Self::start(move |header| {
            if header.request_api_key == api {
                steps.pop_front().unwrap_or(Step::Answer)
            } else {
                Step::Answer
            }
        })
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn config(&self) -> Config {
        Config::new(format!("127.0.0.1:{}", self.port))
    }

    /// Waits until the server has closed another connection.
    pub(crate) fn wait_until_closed(&self) {
        self.closed.recv_timeout(Duration::from_secs(60)).unwrap();
    }

    /// The headers of the requests of `api` so far.
    pub(crate) fn requests(&self, api: ApiKey) -> Vec<RequestHeader> {
        let requests = self.requests.lock().unwrap();
        let of_api = requests.iter().filter(|r| r.request_api_key == api);
        of_api.cloned().collect()
    }
}

fn serve(
    mut stream: TcpStream,
    port: u16,
    script: &Mutex<Box<Script>>,
    requests: &Mutex<Vec<RequestHeader>>,
) {
    while let Some(frame) = read_frame(&mut stream) {
        let (header, _) = frame::decode_request_header(&frame).unwrap();
        requests.lock().unwrap().push(header.clone());
        let step = script.lock().unwrap()(&header);
        match step {
            Step::Write(bytes) => stream.write_all(&bytes).unwrap(),
            Step::WriteAndClose(bytes) => return stream.write_all(&bytes).unwrap(),
            Step::Ignore => {}
            Step::Answer => stream.write_all(&answer(&header, port)).unwrap(),
            Step::AnswerAndStop => {
                stream.write_all(&answer(&header, port)).unwrap();
                loop {
                    thread::park();
                }
            }
        }
    }
}

fn read_frame(stream: &mut TcpStream) -> Option<Bytes> {
    let mut length = [0; 4];
    stream.read_exact(&mut length).ok()?;
    let mut frame = vec![0; i32::from_be_bytes(length) as usize];
    stream.read_exact(&mut frame).ok()?;
    Some(frame.into())
}

/// A frame with `response`.
pub(crate) fn respond<R: Response>(header: &RequestHeader, response: &R) -> Vec<u8> {
    let mut out = Vec::new();
    let version = header.request_api_version;
    frame::encode_response(version, header.correlation_id, response, &mut out).unwrap();
    out
}

/// What a sane broker answers: it has every version that there is, is broker 1, and leads
/// partition 0 of the topic `t`.
pub(crate) fn answer(header: &RequestHeader, port: u16) -> Vec<u8> {
    match header.request_api_key {
        ApiKey::API_VERSIONS => respond(header, &all_versions()),
        ApiKey::METADATA => respond(header, &metadata(port)),
        api => panic!("no answer to {api} is scripted"),
    }
}

/// All APIs in all versions.
pub(crate) fn all_versions() -> ApiVersionsResponse {
    let api = |key: ApiKey| {
        let versions = key.versions()?;
        Some(ApiVersion {
            api_key: key,
            min_version: *versions.start(),
            max_version: *versions.end(),
            ..Default::default()
        })
    };
    ApiVersionsResponse {
        api_keys: ApiKey::known().filter_map(api).collect(),
        ..Default::default()
    }
}

/// All APIs in all versions, but for one.
pub(crate) fn versions_with(api: ApiKey, versions: Versions) -> ApiVersionsResponse {
    let mut all = all_versions();
    all.api_keys.retain(|entry| entry.api_key != api);
    if !versions.is_empty() {
        all.api_keys.push(ApiVersion {
            api_key: api,
            min_version: versions.min,
            max_version: versions.max,
            ..Default::default()
        });
    }
    all
}

fn metadata(port: u16) -> MetadataResponse {
    MetadataResponse {
        brokers: vec![MetadataResponseBroker {
            node_id: 1,
            host: "127.0.0.1".into(),
            port: port.into(),
            ..Default::default()
        }],
        controller_id: 1,
        topics: vec![
            MetadataResponseTopic {
                name: Some("t".into()),
                partitions: vec![MetadataResponsePartition {
                    leader_id: 1,
                    leader_epoch: 3,
                    ..Default::default()
                }],
                ..Default::default()
            },
            MetadataResponseTopic {
                name: Some("unknown".into()),
                error_code: ErrorCode::UNKNOWN_TOPIC_OR_PARTITION,
                ..Default::default()
            },
        ],
        ..Default::default()
    }
}
