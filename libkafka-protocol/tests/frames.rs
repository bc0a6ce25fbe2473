//! Length, header and message in one.

use libkafka_protocol::frame::{self, LENGTH_SIZE};
use libkafka_protocol::messages::produce::{PartitionProduceData, TopicProduceData};
use libkafka_protocol::messages::{
    ApiVersionsRequest, ApiVersionsResponse, ProduceRequest, RequestHeader,
};
use libkafka_protocol::{ApiKey, Bytes, ErrorKind, KafkaWire};

fn header(api_key: ApiKey, version: i16) -> RequestHeader {
    RequestHeader {
        request_api_key: api_key,
        request_api_version: version,
        correlation_id: 0x0102_0304,
        client_id: Some("test".into()),
        ..Default::default()
    }
}

fn produce(records: [usize; 2]) -> ProduceRequest {
    let partition_data = records
        .into_iter()
        .enumerate()
        .map(|(index, size)| PartitionProduceData {
            index: index as i32,
            records: Some(vec![index as u8; size].into()),
            ..Default::default()
        })
        .collect();
    ProduceRequest {
        acks: 1,
        topic_data: vec![TopicProduceData {
            name: "events".into(),
            partition_data,
            ..Default::default()
        }],
        ..Default::default()
    }
}

#[test]
fn a_request_frame_is_length_header_and_message_in_the_bytes_of_the_protocol_guide() {
    let request = ApiVersionsRequest {
        client_software_name: "a".into(),
        client_software_version: "b".into(),
        ..Default::default()
    };
    let mut out = b"kept".to_vec();
    frame::encode_request(&header(ApiKey::API_VERSIONS, 3), &request, &mut out).unwrap();
    let expected = [
        b"kept".as_slice(),
        &[0, 0, 0, 20], // length of what follows
        &[0, 18, 0, 3], // key and version
        &[1, 2, 3, 4],  // correlation id
        &[0, 4],        // the client id's length stays in its old form
        b"test",
        &[0],                   // tagged fields of the header
        &[2, b'a', 2, b'b', 0], // compact strings, tagged fields
    ]
    .concat();
    assert_eq!(out, expected);
}

#[test]
fn large_byte_strings_stay_where_they_are_and_the_parts_add_up_to_the_same_frame() {
    for sizes in [[0, 0], [5000, 3], [3, 5000], [5000, 70_000], [2047, 2048]] {
        let (header, request) = (header(ApiKey::PRODUCE, 9), produce(sizes));
        let mut whole = Vec::new();
        frame::encode_request(&header, &request, &mut whole).unwrap();
        let frame = frame::request_frame(&header, &request, b"old".to_vec()).unwrap();
        assert_eq!(frame.parts().collect::<Vec<_>>().concat(), whole);
        assert_eq!(frame.len(), whole.len());
        for partition in &request.topic_data[0].partition_data {
            let records = partition.records.as_deref().unwrap();
            let in_place = frame
                .parts()
                .any(|part| part.as_ptr_range() == records.as_ptr_range());
            assert_eq!(in_place, records.len() >= 2048, "{} bytes", records.len());
        }
    }
}

#[test]
fn the_rest_of_a_frame_outlives_its_message_and_shares_the_large_byte_strings() {
    for sizes in [[0, 0], [5000, 3], [3, 5000], [5000, 70_000]] {
        let (header, request) = (header(ApiKey::PRODUCE, 9), produce(sizes));
        let mut whole = Vec::new();
        frame::encode_request(&header, &request, &mut whole).unwrap();
        let records = request.topic_data[0].partition_data[1].records.clone();
        let records = records.unwrap();
        let frame = frame::request_frame(&header, &request, Vec::new()).unwrap();
        for written in [0, 1, 30, 48, whole.len() / 2, whole.len() - 1, whole.len()] {
            let rest: Vec<_> = frame.rest(written).collect();
            assert_eq!(rest.concat(), whole[written..], "{written} of {sizes:?}");
            assert!(rest.iter().all(|part| !part.is_empty()));
            let is_shared = rest
                .iter()
                .any(|part| part.as_ptr_range().end == records.as_ptr_range().end);
            let is_left = records.len() >= 2048 && written + 3 < whole.len();
            assert_eq!(is_shared, is_left, "{written} of {sizes:?}");
        }
    }
}

#[test]
fn a_request_that_its_version_cannot_carry_leaves_the_buffer_as_it_was() {
    let mut request = produce([1, 1]);
    request.transactional_id = Some("x".repeat(40_000));
    let mut out = b"kept".to_vec();
    let error = frame::encode_request(&header(ApiKey::PRODUCE, 8), &request, &mut out).unwrap_err();
    assert!(matches!(
        error.kind(),
        ErrorKind::TooLong {
            length: 40_000,
            max: 32_767
        }
    ));
    assert_eq!(error.path(), "transactional_id");
    assert_eq!(out, b"kept");
}

#[test]
fn the_header_tells_where_the_body_starts() {
    let mut out = Vec::new();
    frame::encode_request(&header(ApiKey::PRODUCE, 9), &produce([10, 10]), &mut out).unwrap();
    let bytes = Bytes::from(out).slice(LENGTH_SIZE..);
    let (read, body) = frame::decode_request_header(&bytes).unwrap();
    assert_eq!(read, header(ApiKey::PRODUCE, 9));
    assert_eq!(
        ProduceRequest::decode_exact(9, &body).unwrap(),
        produce([10, 10])
    );
}

#[test]
fn an_unknown_api_or_version_is_an_error_that_names_it() {
    for (key, version) in [(999, 0), (0, 99), (-1, 3), (4, 0)] {
        let bytes = Bytes::from([i16::to_be_bytes(key), i16::to_be_bytes(version)].concat());
        let error = frame::decode_request_header(&bytes).unwrap_err();
        let expected = ErrorKind::UnknownApi {
            api_key: ApiKey(key),
            version,
        };
        assert_eq!(*error.kind(), expected);
    }
}

#[test]
fn the_header_of_an_api_versions_request_of_the_future_can_be_read() {
    let bytes = Bytes::from_static(&[0, 18, 0, 99, 0, 0, 0, 7, 0, 1, b'c', 0, 1, 2, 3]);
    let (read, body) = frame::decode_request_header(&bytes).unwrap();
    assert_eq!((read.request_api_version, read.correlation_id), (99, 7));
    assert_eq!(&body[..], [1, 2, 3]);
}

#[test]
fn the_response_to_api_versions_keeps_the_first_header_and_others_do_not() {
    let mut out = Vec::new();
    frame::encode_response(3, 7, &ApiVersionsResponse::default(), &mut out).unwrap();
    // Correlation id, then at once the error code.
    assert_eq!(&out[LENGTH_SIZE..][..6], [0, 0, 0, 7, 0, 0]);
    let bytes = Bytes::from(out).slice(LENGTH_SIZE..);
    let (id, response) = frame::decode_response_exact::<ApiVersionsResponse>(3, &bytes).unwrap();
    assert_eq!((id, response), (7, ApiVersionsResponse::default()));

    let response = libkafka_protocol::messages::ProduceResponse::default();
    let frame = frame::response_frame(9, 7, &response, Vec::new()).unwrap();
    // Length, correlation id, tagged fields of the header, an empty array,
    // throttle time, tagged fields.
    let expected = [0, 0, 0, 11, 0, 0, 0, 7, 0, 1, 0, 0, 0, 0, 0];
    assert_eq!(frame.parts().collect::<Vec<_>>().concat(), expected);
}
