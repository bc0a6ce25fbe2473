//! What a broker of ours may be sent: requests that it serves, with any values,
//! and frames of any bytes.
#![no_main]

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::OnceLock;
use std::time::Duration;

use arbitrary::{Result, Unstructured};
use bytes::Bytes;
use libkafka_fuzz::{frame, request_frame};
use libkafka_protocol::messages::{ApiVersionsRequest, ApiVersionsResponse, RequestHeader};
use libkafka_protocol::{ApiKey, Request, frame::decode_response_exact, frame::encode_request};
use libkafka_testbroker::Broker;

/// How long the answers may take: a request may ask the broker to wait.
const PATIENCE: Duration = Duration::from_millis(20);

// A broker of its own for each input, so that what one does to it is no part of the next. A
// panic in one of its threads ends the run, as it does in this one.
libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    // By the names that made-up strings have.
    let broker = Broker::builder()
        .topic("topic", 2)
        .start()
        .expect("a broker");
    static SERVED: OnceLock<Vec<ApiKey>> = OnceLock::new();
    let served = SERVED.get_or_init(|| served(&broker));
    let Ok(frames) = frames(served, &mut Unstructured::new(input)) else {
        return;
    };
    let mut stream = connect(&broker);
    // The broker ends the connection where it will have no more of it.
    for frame in frames {
        if stream.write_all(&frame).is_err() {
            break;
        }
    }
    let _ = stream.shutdown(Shutdown::Write);
    let _ = stream.read_to_end(&mut Vec::new());
});

fn frames(served: &[ApiKey], input: &mut Unstructured<'_>) -> Result<Vec<Vec<u8>>> {
    let mut frames = Vec::new();
    while !input.is_empty() && frames.len() < 8 {
        frames.push(match input.arbitrary::<u8>()? {
            0 => frame(input.arbitrary()?),
            _ => request_frame(served, input)?,
        });
    }
    Ok(frames)
}

fn connect(broker: &Broker) -> TcpStream {
    let stream = TcpStream::connect(broker.bootstrap()).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    stream
}

/// The APIs that the broker says it serves.
fn served(broker: &Broker) -> Vec<ApiKey> {
    let header = RequestHeader {
        request_api_key: ApiVersionsRequest::API_KEY,
        ..Default::default()
    };
    let mut request = Vec::new();
    encode_request(&header, &ApiVersionsRequest::default(), &mut request).expect("a frame");
    let mut stream = connect(broker);
    stream.set_read_timeout(None).expect("no timeout");
    stream.write_all(&request).expect("to ask");
    stream.shutdown(Shutdown::Write).expect("to end");
    let mut response = Vec::new();
    stream.read_to_end(&mut response).expect("an answer");
    let (_, response) =
        decode_response_exact::<ApiVersionsResponse>(0, &Bytes::from(response.split_off(4)))
            .expect("an answer");
    response.api_keys.iter().map(|api| api.api_key).collect()
}
