//! A message of your own: one definition for the client that sends it and the server that answers
//! it, which here is a thread of the same program.

mod program;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::ExitCode;
use std::thread;

use libkafka_client::{Client, Config, Stop};
use libkafka_protocol::messages::api_versions::ApiVersion;
use libkafka_protocol::messages::{ApiVersionsRequest, ApiVersionsResponse};
use libkafka_protocol::{ApiKey, Bytes, KafkaWire, Request, frame};
use program::{Arguments, Result, print_table};

const USAGE: &str = "\
Asks a server who did what, with a message that Kafka does not have.

Usage: cargo run --example own_message -- [OPTIONS]

  --user NAME            only what this user did
  --json                 print one JSON object per line";

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 1000, versions = "0-2", flexible = "2+")]
struct AuditRequest {
    /// Null for everyone.
    user: Option<String>,
    /// Not in version 0: encoding it there is an error if it is set.
    #[kafka(versions = "1+", default = 100)]
    max_deeds: i32,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 1000, versions = "0-2", flexible = "2+")]
struct AuditResponse {
    deeds: Vec<String>,
}

fn main() -> ExitCode {
    program::run(USAGE, own_message)
}

fn own_message(mut arguments: Arguments, _: &Stop) -> Result {
    let user = arguments.option("--user")?;
    let json = arguments.flag("--json");
    arguments.end()?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut client = Client::new(Config::new(listener.local_addr()?.to_string()))?;
    thread::spawn(move || serve(&listener).map_err(|error| log::debug!("{error}")));
    let max_deeds = 10;
    let request = AuditRequest { user, max_deeds };
    let deeds = client.call(&request)?.deeds.into_iter();
    let rows: Vec<_> = deeds.map(|deed| vec![deed.into()]).collect();
    Ok(print_table(&["deed"], &rows, json)?)
}

/// Answers requests until the client closes the connection.
fn serve(listener: &TcpListener) -> Result {
    let (mut stream, _) = listener.accept()?;
    loop {
        let mut length = [0; frame::LENGTH_SIZE];
        stream.read_exact(&mut length)?;
        // It takes memory for what comes, not for what the length claims.
        let (length, mut received) = (u32::from_be_bytes(length), Vec::new());
        (&stream).take(length.into()).read_to_end(&mut received)?;
        stream.write_all(&answer(&received.into())?)?;
    }
}

fn answer(received: &Bytes) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    // A frame begins with the key of its API.
    if received.starts_with(&ApiKey::API_VERSIONS.0.to_be_bytes()) {
        let (header, ..) = frame::decode_request::<ApiVersionsRequest>(received)?;
        let (version, id) = (header.request_api_version, header.correlation_id);
        let mut response = ApiVersionsResponse::default();
        for (api_key, max_version) in [(ApiKey::API_VERSIONS, 4), (AuditRequest::API_KEY, 2)] {
            response.api_keys.push(ApiVersion {
                api_key,
                max_version,
                ..Default::default()
            });
        }
        frame::encode_response(version, id, &response, &mut out)?;
    } else {
        let (header, request, _) = frame::decode_request::<AuditRequest>(received)?;
        let (version, id) = (header.request_api_version, header.correlation_id);
        let user = request.user.unwrap_or_default();
        let deeds = ["ada created a topic", "grace deleted it", "ada asked why"].into_iter();
        let deeds = deeds
            .filter(|deed| deed.starts_with(&user))
            .map(str::to_owned);
        let deeds = deeds.take(request.max_deeds as usize).collect();
        frame::encode_response(version, id, &AuditResponse { deeds }, &mut out)?;
    }
    Ok(out)
}
