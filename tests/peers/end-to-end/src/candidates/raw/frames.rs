//! Produce v9 and Fetch v12, in bytes.

use crate::task::FETCH_BYTES;

/// Builds a produce request, acks=1, around the batch that `write` appends.
pub fn produce(out: &mut Vec<u8>, topic: &str, write: impl FnOnce(&mut Vec<u8>)) {
    /// Bytes of the batch's length, which is not known before it is built: a varint of five
    /// bytes, whatever it comes to.
    const LENGTH: usize = 5;
    header(out, 0, 9);
    out.push(0); // transactional_id: null
    out.extend(1i16.to_be_bytes()); // acks
    out.extend(30_000i32.to_be_bytes()); // timeout_ms
    names(out, topic);
    out.extend(0i32.to_be_bytes()); // index
    let at = out.len();
    out.extend([0; LENGTH]);
    write(out);
    let length = (out.len() - at - LENGTH + 1) as u32;
    for (i, byte) in out[at..at + LENGTH].iter_mut().enumerate() {
        let more = if i < LENGTH - 1 { 0x80 } else { 0 };
        *byte = (length >> (7 * i)) as u8 & 0x7f | more;
    }
    out.extend([0; 3]); // no tags: partition, topic, request
    end(out);
}

/// Stops at an error code.
pub fn check_produced(response: &[u8], topic: &str) {
    // correlation id, tags, topics, name, partitions, index
    let at = 4 + 1 + 1 + (1 + topic.len()) + 1 + 4;
    assert_eq!(response[at..at + 2], [0, 0], "produce error");
}

/// Builds a fetch request.
pub fn fetch(out: &mut Vec<u8>, topic: &str, offset: i64) {
    header(out, 1, 12);
    out.extend((-1i32).to_be_bytes()); // replica_id
    out.extend(500i32.to_be_bytes()); // max_wait_ms
    out.extend(1i32.to_be_bytes()); // min_bytes
    out.extend(FETCH_BYTES.to_be_bytes()); // max_bytes
    out.push(0); // isolation_level
    out.extend(0i32.to_be_bytes()); // session_id
    out.extend((-1i32).to_be_bytes()); // session_epoch
    names(out, topic);
    out.extend(0i32.to_be_bytes()); // partition
    out.extend((-1i32).to_be_bytes()); // current_leader_epoch
    out.extend(offset.to_be_bytes());
    out.extend((-1i32).to_be_bytes()); // last_fetched_epoch
    out.extend((-1i64).to_be_bytes()); // log_start_offset
    out.extend(FETCH_BYTES.to_be_bytes()); // partition_max_bytes
    out.extend([0, 0]); // no tags: partition, topic
    out.extend([1, 1]); // no forgotten topics, rack_id: empty
    out.push(0); // no tags: request
    end(out);
}

/// The batches that a fetch brought.
pub fn fetched<'a>(response: &'a [u8], topic: &str) -> &'a [u8] {
    // correlation id, tags, throttle time, error code, session id, topics, name, partitions, index
    let mut at = 4 + 1 + 4 + 2 + 4 + 1 + (1 + topic.len()) + 1 + 4;
    assert_eq!(response[at..at + 2], [0, 0], "fetch error");
    // error code, three offsets
    at += 2 + 3 * 8;
    assert!(response[at] <= 1, "no transaction was aborted");
    // aborted transactions, preferred replica
    at += 1 + 4;
    let mut length = 0;
    for shift in (0..).step_by(7) {
        let byte = response[at];
        at += 1;
        length |= ((byte & 0x7f) as usize) << shift;
        if byte < 0x80 {
            break;
        }
    }
    &response[at..at + length - 1]
}

fn header(out: &mut Vec<u8>, api_key: i16, version: i16) {
    out.clear();
    out.extend([0; 4]); // length, see `end`
    out.extend(api_key.to_be_bytes());
    out.extend(version.to_be_bytes());
    out.extend(1i32.to_be_bytes()); // correlation_id
    out.extend([0, 3]); // client_id
    out.extend(b"raw");
    out.push(0); // no tags
}

/// One topic with one partition.
fn names(out: &mut Vec<u8>, topic: &str) {
    out.push(2);
    out.push(topic.len() as u8 + 1);
    out.extend(topic.as_bytes());
    out.push(2);
}

fn end(out: &mut [u8]) {
    let length = out.len() as u32 - 4;
    out[..4].copy_from_slice(&length.to_be_bytes());
}
