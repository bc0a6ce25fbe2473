//! The headers, and a request frame as a server meets it.
#![no_main]

use bytes::Bytes;
use libkafka_protocol::frame::decode_request_header;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    libkafka_fuzz::message(&["header"], input);
    let frame = Bytes::copy_from_slice(input);
    if let Ok((header, body)) = decode_request_header(&frame) {
        assert!(frame.ends_with(&body));
        let key = header.request_api_key.0.to_be_bytes();
        assert!(frame.starts_with(&key));
    }
});
