//! `encode_request`, `request_frame` and the like: the functions that write frames.

use alloc::vec::Vec;
use core::mem;

use super::vectored::Frame;
use crate::error::{Error, ErrorKind};
use crate::message::{KafkaWire, MessageInfo};
use crate::messages::{RequestHeader, ResponseHeader};
use crate::request::{Request, Response};
use crate::writer::Writer;

/// The size of the length field in front of every frame, in bytes. The length does not count
/// itself.
pub const LENGTH_SIZE: usize = 4;

/// Appends a frame with `request` to `out`, in the version that the header names.
///
/// # Errors
/// If the version cannot carry the request, or the frame is longer than its length field can
/// express. `out` is unchanged then.
pub fn encode_request<R: Request>(
    header: &RequestHeader,
    request: &R,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let version = header.request_api_version;
    append(header, R::header_version(version), request, version, out)
}

/// Appends a frame with `response` to `out`.
///
/// # Errors
/// The errors of [`encode_request`].
pub fn encode_response<R: Response>(
    version: i16,
    correlation_id: i32,
    response: &R,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let header = response_header(correlation_id);
    append(&header, R::header_version(version), response, version, out)
}

/// Builds a frame with `request` in `buffer`, in the version that the header names. Large byte
/// strings are not copied.
///
/// # Errors
/// The errors of [`encode_request`]. The buffer is lost then.
pub fn request_frame<'a, R: Request>(
    header: &RequestHeader,
    request: &'a R,
    buffer: Vec<u8>,
) -> Result<Frame<'a>, Error> {
    let version = header.request_api_version;
    build(header, R::header_version(version), request, version, buffer)
}

/// Builds a frame with `response` in `buffer`. Large byte strings are not copied.
///
/// # Errors
/// The errors of [`encode_request`]. The buffer is lost then.
pub fn response_frame<R: Response>(
    version: i16,
    correlation_id: i32,
    response: &R,
    buffer: Vec<u8>,
) -> Result<Frame<'_>, Error> {
    let header = response_header(correlation_id);
    build(
        &header,
        R::header_version(version),
        response,
        version,
        buffer,
    )
}

fn response_header(correlation_id: i32) -> ResponseHeader {
    ResponseHeader {
        correlation_id,
        ..Default::default()
    }
}

fn build<'a, H: KafkaWire, M: KafkaWire>(
    header: &H,
    header_version: i16,
    message: &'a M,
    version: i16,
    mut buffer: Vec<u8>,
) -> Result<Frame<'a>, Error> {
    buffer.clear();
    put_header(header, header_version, &mut buffer)?;
    let mut w = writer::<M>(buffer, version);
    w.keep_segments();
    put_message(message, 0, &mut w)?;
    let (head, segments) = w.into_parts();
    Ok(Frame { head, segments })
}

fn append<H: KafkaWire, M: KafkaWire>(
    header: &H,
    header_version: i16,
    message: &M,
    version: i16,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let start = out.len();
    let mut result = put_header(header, header_version, out);
    if result.is_ok() {
        let mut w = writer::<M>(mem::take(out), version);
        result = put_message(message, start, &mut w);
        *out = w.into_inner();
    }
    if result.is_err() {
        out.truncate(start);
    }
    result
}

fn writer<'a, M: KafkaWire>(buffer: Vec<u8>, version: i16) -> Writer<'a> {
    Writer::new(buffer, version, M::FLEXIBLE.contains(version))
}

/// Appends room for the length, and the header.
fn put_header<H: KafkaWire>(header: &H, version: i16, out: &mut Vec<u8>) -> Result<(), Error> {
    out.extend_from_slice(&[0; LENGTH_SIZE]);
    header.encode(version, out)
}

/// Appends the message, and sets the length of the frame that begins at `start`.
fn put_message<'a, M: KafkaWire>(
    message: &'a M,
    start: usize,
    w: &mut Writer<'a>,
) -> Result<(), Error> {
    MessageInfo::of::<M>().write(&mut |w| message.write(w), w)?;
    let length = w.len() - start - LENGTH_SIZE;
    match i32::try_from(length) {
        Ok(length) => {
            w.patch(start, length.to_be_bytes());
            Ok(())
        }
        Err(_) => Err(w
            .error(ErrorKind::TooLong {
                length,
                max: i32::MAX as usize,
            })
            .in_message(M::SCHEMA.name, w.version())),
    }
}
