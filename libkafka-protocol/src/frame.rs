//! Frames: four bytes of length, a header, a message.

use alloc::vec::Vec;
use core::mem;

use bytes::Bytes;
use smallvec::SmallVec;

use crate::message::Identity;
use crate::messages::{ApiVersionsRequest, RequestHeader, ResponseHeader};
use crate::wire::Decode;
use crate::writer::{Segment, Writer};
use crate::{ApiKey, Error, ErrorKind, KafkaWire, Limits, Reader, Request, Response, WireStruct};

/// Bytes of the length in front of every frame; it counts what follows it.
pub const LENGTH_SIZE: usize = 4;

/// A frame with its large byte strings (records, above all) left where they
/// are, to be sent by one vectored write.
#[derive(Debug)]
pub struct Frame<'a> {
    head: Vec<u8>,
    segments: SmallVec<[Segment<'a>; 1]>,
}

impl<'a> Frame<'a> {
    /// Length of the frame in bytes, its length field included.
    #[inline]
    pub fn len(&self) -> usize {
        self.head.len()
            + self
                .segments
                .iter()
                .map(|(_, bytes)| bytes.len())
                .sum::<usize>()
    }

    /// Is nothing in it? Never so of a frame that was built.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The parts in the order in which they are sent.
    #[inline]
    pub fn parts(&self) -> impl Iterator<Item = &[u8]> {
        let ends = self
            .segments
            .iter()
            .map(|(at, _)| *at)
            .chain([self.head.len()]);
        let segments = self
            .segments
            .iter()
            .map(|(_, bytes)| *bytes)
            .chain([&[][..]]);
        let mut start = 0;
        ends.zip(segments)
            .flat_map(move |(end, segment)| {
                let head = &self.head[mem::replace(&mut start, end)..end];
                [head, segment]
            })
            .filter(|part| !part.is_empty())
    }

    /// The buffer that it was built in, for the next one.
    #[inline]
    pub fn into_buffer(self) -> Vec<u8> {
        self.head
    }
}

/// Appends a frame with `request` to `out`, in the version that the header
/// names.
///
/// # Errors
/// If the version cannot carry the request, or the frame would be longer than
/// its length field can say. `out` is then as it was.
pub fn encode_request<R: Request>(
    header: &RequestHeader,
    request: &R,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let version = header.request_api_version;
    append(header, R::header_version(version), request, version, out)
}

/// Builds a frame with `request` in `buffer`, large byte strings left where
/// they are.
///
/// # Errors
/// As [`encode_request`]; the buffer is lost then.
pub fn request_frame<'a, R: Request>(
    header: &'a RequestHeader,
    request: &'a R,
    buffer: Vec<u8>,
) -> Result<Frame<'a>, Error> {
    let version = header.request_api_version;
    build(header, R::header_version(version), request, version, buffer)
}

/// Appends a frame with `response` to `out`.
///
/// # Errors
/// As [`encode_request`].
pub fn encode_response<R: Response>(
    correlation_id: i32,
    response: &R,
    version: i16,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let header = ResponseHeader {
        correlation_id,
        ..Default::default()
    };
    append(&header, R::header_version(version), response, version, out)
}

/// Builds a frame with `response` in `buffer`, large byte strings left where
/// they are.
///
/// # Errors
/// As [`encode_request`]; the buffer is lost then.
pub fn response_frame<'a, R: Response>(
    header: &'a ResponseHeader,
    response: &'a R,
    version: i16,
    buffer: Vec<u8>,
) -> Result<Frame<'a>, Error> {
    build(
        header,
        R::header_version(version),
        response,
        version,
        buffer,
    )
}

/// Reads the header of a request frame, whose length field has been taken off,
/// and returns it with the bytes of the request.
///
/// The header of an ApiVersions request is read whatever its version: a broker
/// answers one that it does not know in version 0 (KIP-511).
///
/// # Errors
/// [`ErrorKind::UnknownApi`] if this library does not know the API in that
/// version, or what decoding the header gives.
#[inline]
pub fn decode_request_header(frame: &Bytes) -> Result<(RequestHeader, Bytes), Error> {
    let header_version = request_header_version(frame).map_err(|error| {
        error.in_message(RequestHeader::SCHEMA.name, RequestHeader::VERSIONS.min)
    })?;
    let (header, body) = RequestHeader::decode(header_version, frame)?;
    Ok((header, frame.slice_ref(body)))
}

/// Key and version come first in every version of the header, and say which.
#[inline]
fn request_header_version(frame: &Bytes) -> Result<i16, Error> {
    let mut r = Reader::new(frame, 0, false, Limits::default());
    let (mut api_key, mut version) = (ApiKey::default(), 0i16);
    for (value, name) in [
        (&mut api_key.0, "request_api_key"),
        (&mut version, "request_api_version"),
    ] {
        value.read(&mut r).map_err(|error| error.in_field(name))?;
    }
    let newest = ApiVersionsRequest::VERSIONS.max;
    let header_version = match api_key {
        ApiKey::API_VERSIONS if version > newest => {
            Some(ApiVersionsRequest::header_version(newest))
        }
        _ => api_key.request_header_version(version),
    };
    header_version.ok_or_else(|| r.error(ErrorKind::UnknownApi { api_key, version }))
}

/// Reads a response frame, whose length field has been taken off, and returns
/// the correlation id with the response.
///
/// # Errors
/// If the bytes are not such a response, or more follow it.
pub fn decode_response<R: Response>(version: i16, frame: &Bytes) -> Result<(i32, R), Error> {
    let (header, body) = ResponseHeader::decode(R::header_version(version), frame)?;
    let response = R::decode_exact(version, (body, Some(frame)))?;
    Ok((header.correlation_id, response))
}

fn build<'a, H: KafkaWire, M: KafkaWire>(
    header: &'a H,
    header_version: i16,
    message: &'a M,
    version: i16,
    mut buffer: Vec<u8>,
) -> Result<Frame<'a>, Error> {
    buffer.clear();
    let mut w = writer::<M>(buffer, version);
    w.keep_segments();
    write_frame(header, header_version, message, &mut w)?;
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
    let mut w = writer::<M>(mem::take(out), version);
    let result = write_frame(header, header_version, message, &mut w);
    *out = w.into_inner();
    if result.is_err() {
        out.truncate(start);
    }
    result
}

fn writer<'a, M: KafkaWire>(buffer: Vec<u8>, version: i16) -> Writer<'a> {
    Writer::new(buffer, version, M::FLEXIBLE.contains(version))
}

/// Writes length, header and message; the length is put in when it is known.
fn write_frame<'a, H: KafkaWire, M: KafkaWire>(
    header: &'a H,
    header_version: i16,
    message: &'a M,
    w: &mut Writer<'a>,
) -> Result<(), Error> {
    let start = w.len();
    w.put(&[0; LENGTH_SIZE]);
    w.in_version(header_version, H::FLEXIBLE.contains(header_version), |w| {
        Identity::of::<H>().write(&mut |w| header.write(w), w)
    })?;
    Identity::of::<M>().write(&mut |w| message.write(w), w)?;
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
