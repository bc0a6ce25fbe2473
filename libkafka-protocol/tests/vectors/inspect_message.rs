//! The example of that name, asked line by line.

use libkafka_protocol::frame::LENGTH_SIZE;
use libkafka_protocol::messages::RequestHeader;
use libkafka_protocol::{ApiKey, KafkaWire};
use serde_json::{Value, json};

use self::example::answer;
use crate::vector::{Vector, vectors};

#[path = "../../examples/inspect_message/main.rs"]
#[allow(dead_code)]
mod example;

fn ask(line: &str) -> String {
    answer(line.as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    match bytes {
        [] => "-".to_owned(),
        bytes => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

#[test]
fn bytes_are_answered_with_the_bytes_and_the_json_that_kafka_gives() {
    for vector in vectors() {
        let (Vector { name, version, .. }, hex) = (&vector, hex(&vector.bytes));
        let expected = format!("ok {hex} {}", vector.json());
        assert_eq!(ask(&format!("{name} {version} {hex}")), expected);
    }
}

#[test]
fn json_is_answered_with_the_bytes_that_kafka_made_it_of() {
    for vector in vectors().filter(|vector| vector.tagged_structs().next().is_none()) {
        let Vector { name, version, .. } = &vector;
        let answer = ask(&format!("enc {name} {version} {}", vector.json()));
        assert_eq!(answer, format!("ok {}", hex(&vector.bytes)));
    }
}

#[test]
fn a_request_in_a_frame_is_answered_with_its_header_and_itself() {
    let requests = vectors().filter(|vector| vector.line["type"] == "request");
    for vector in requests {
        let (Vector { name, version, .. }, line) = (&vector, &vector.line);
        let header = RequestHeader {
            request_api_key: ApiKey(line["apiKey"].as_i64().unwrap() as i16),
            request_api_version: *version,
            correlation_id: 7,
            client_id: Some("a client".into()),
            ..Default::default()
        };
        let mut frame = vec![0; LENGTH_SIZE];
        let header_version = line["headerVersion"].as_i64().unwrap() as i16;
        header.encode(header_version, &mut frame).unwrap();
        frame.extend_from_slice(&vector.bytes);
        let length = frame.len() - LENGTH_SIZE;
        frame[..LENGTH_SIZE].copy_from_slice(&(length as u32).to_be_bytes());

        let header = json!({
            "requestApiKey": line["apiKey"],
            "requestApiVersion": version,
            "correlationId": 7,
            "clientId": "a client",
        });
        let expected = format!("{header} {name} {version} {}", vector.json());
        let with_length = ask(&format!("frame {}", hex(&frame)));
        assert_eq!(with_length, format!("ok {expected}"));
        let without_length = ask(&format!("frame {}ab", hex(&frame[LENGTH_SIZE..])));
        assert_eq!(without_length, format!("trailing 1 {expected}"));
    }
}

#[test]
fn bytes_behind_a_message_are_counted() {
    let answer = ask("HeartbeatResponse 0 000fabcd");
    assert_eq!(answer, r#"trailing 2 000f {"errorCode":15}"#);
}

#[test]
fn any_nonsense_is_answered_with_an_error_in_a_line() {
    let deep = format!("enc ListGroupsRequest 0 {}", "[".repeat(100_000));
    let lines = [
        &b""[..],
        b"\n",
        b"\xff\xfe\n",
        b"Nonsense 0 00",
        b"HeartbeatResponse",
        b"HeartbeatResponse x 0000",
        b"HeartbeatResponse 99999 0000",
        b"HeartbeatResponse -1 0000",
        b"HeartbeatResponse 0",
        b"HeartbeatResponse 0 000",
        b"HeartbeatResponse 0 zz",
        "HeartbeatResponse 0 \u{e9}\u{e9}".as_bytes(),
        b"enc",
        b"enc HeartbeatResponse",
        b"enc HeartbeatResponse 0",
        b"enc HeartbeatResponse 0 {",
        b"enc HeartbeatResponse 0 {\"errorCode\":\r99999}",
        b"enc HeartbeatResponse 5 {\"errorCode\":0}",
        b"enc Nonsense 0 {}",
        deep.as_bytes(),
        b"frame",
        b"frame 0",
        b"frame 00000000",
        b"frame 7fff000000000000",
        b"frame 0012006300000001ffff00",
    ];
    for line in lines {
        let answer = answer(line);
        let line = String::from_utf8_lossy(line);
        assert!(answer.starts_with("err "), "{line:?}: {answer}");
        assert!(!answer.contains(['\r', '\n']), "{line:?}: {answer}");
    }
}

#[test]
fn no_bytes_are_a_dash() {
    assert_eq!(ask("ListGroupsRequest 0 -"), "ok - {}");
    assert_eq!(ask("ListGroupsRequest 0"), "ok - {}");
    let nothing: Value = json!({});
    assert_eq!(ask(&format!("enc ListGroupsRequest 0 {nothing}")), "ok -");
}
