//! `decode_request`, `decode_response`: the functions that read frames.

use bytes::Bytes;

use super::refusal;
use crate::api_key::ApiKey;
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::message::{KafkaWire, WireStruct};
use crate::messages::{ApiVersionsRequest, RequestHeader, ResponseHeader};
use crate::overlooked::Overlooked;
use crate::reader::Reader;
use crate::request::{Request, Response};
use crate::wire::Decode;

/// Reads a request frame, without its length field. Returns the header, the request and the faults
/// that were overlooked.
///
/// Bytes after the request are overlooked, as Kafka's brokers do, because some clients send them.
/// See [`KafkaWire::decode_lenient`].
///
/// To find out which request a frame contains, use [`decode_request_header`].
///
/// # Errors
/// If the bytes are not such a request, or the header names another API
/// ([`ErrorKind::UnexpectedApi`]).
pub fn decode_request<R: Request>(frame: &Bytes) -> Result<(RequestHeader, R, Overlooked), Error> {
    let (header, body) = request_header::<R>(frame)?;
    let version = header.request_api_version;
    let (request, overlooked) = R::decode_lenient(version, (body, Some(frame)), Limits::default())?;
    Ok((header, request, overlooked))
}

/// Like [`decode_request`], but refuses every fault.
///
/// # Errors
/// If [`decode_request`] fails or would overlook a fault.
pub fn decode_request_exact<R: Request>(frame: &Bytes) -> Result<(RequestHeader, R), Error> {
    let (header, body) = request_header::<R>(frame)?;
    let request = R::decode_exact(header.request_api_version, (body, Some(frame)))?;
    Ok((header, request))
}

/// Reads the header of a request frame, without its length field. Returns the header and the bytes
/// of the request.
///
/// The header of an ApiVersions request is read in every version: a broker answers a version that
/// it does not know in version 0 (KIP-511).
///
/// For an API of your own, which this library does not know, use [`decode_request`]. To tell it
/// from others, look at the first two bytes of the frame: they are its key, big-endian.
///
/// # Errors
/// [`ErrorKind::UnknownApi`] if this library does not know the API in that version, or the errors
/// of decoding the header.
#[inline]
pub fn decode_request_header(frame: &Bytes) -> Result<(RequestHeader, Bytes), Error> {
    let (api_key, version) = api_and_version(frame)?;
    let newest = ApiVersionsRequest::VERSIONS.max;
    let header_version = match api_key {
        ApiKey::API_VERSIONS if version > newest => {
            Some(ApiVersionsRequest::header_version(newest))
        }
        _ => api_key.request_header_version(version),
    };
    let header_version = header_version
        .ok_or_else(|| header_error(ErrorKind::UnknownApi { api_key, version }, 4))?;
    let (header, body) = RequestHeader::decode(header_version, frame)?;
    Ok((header, frame.slice_ref(body)))
}

/// The header in front of an `R`, and the bytes of the `R`.
fn request_header<R: Request>(frame: &Bytes) -> Result<(RequestHeader, &[u8]), Error> {
    let (found, version) = api_and_version(frame)?;
    let expected = R::API_KEY;
    if found != expected {
        return Err(header_error(
            ErrorKind::UnexpectedApi { expected, found },
            2,
        ));
    }
    RequestHeader::decode(R::header_version(version), frame)
}

/// The API key and the version. They come first in every version of the header.
#[inline]
fn api_and_version(frame: &Bytes) -> Result<(ApiKey, i16), Error> {
    let mut r = Reader::new(frame, 0, false, Limits::default());
    let (mut api_key, mut version) = (ApiKey::default(), 0i16);
    for (value, name) in [
        (&mut api_key.0, "request_api_key"),
        (&mut version, "request_api_version"),
    ] {
        value.read(&mut r).map_err(|error| {
            error
                .in_field(name)
                .in_message(RequestHeader::SCHEMA.name, RequestHeader::VERSIONS.min)
        })?;
    }
    Ok((api_key, version))
}

#[cold]
fn header_error(kind: ErrorKind, offset: usize) -> Error {
    Error::new(kind, Some(offset))
        .in_message(RequestHeader::SCHEMA.name, RequestHeader::VERSIONS.min)
}

/// Reads a response frame, without its length field. Returns the correlation id, the response and
/// the faults that were overlooked.
///
/// Bytes after the response are overlooked, as Kafka's clients do, and null arrays are read as
/// empty ones, because some brokers send them. See [`KafkaWire::decode_lenient`].
///
/// An ApiVersions response with UNSUPPORTED_VERSION is read in whichever version the broker sent
/// it. Kafka's brokers use version 0 (KIP-511); others do not. If the list of versions cannot be
/// read, it is empty, and its bytes count as overlooked.
///
/// # Errors
/// If the bytes are not such a response.
pub fn decode_response<R: Response>(
    version: i16,
    frame: &Bytes,
) -> Result<(i32, R, Overlooked), Error> {
    let (correlation_id, body) = response_header::<R>(version, frame)?;
    let (response, overlooked) = match refusal::decode(version, body) {
        Some(refusal) => refusal,
        None => R::decode_lenient(version, (body, Some(frame)), Limits::default())?,
    };
    Ok((correlation_id, response, overlooked))
}

/// Like [`decode_response`], but refuses every fault.
///
/// An ApiVersions response with UNSUPPORTED_VERSION may be in version 0, in which Kafka's brokers
/// send it (KIP-511), whatever the `version`.
///
/// # Errors
/// If [`decode_response`] fails or would overlook a fault.
pub fn decode_response_exact<R: Response>(version: i16, frame: &Bytes) -> Result<(i32, R), Error> {
    let (correlation_id, body) = response_header::<R>(version, frame)?;
    let response = match refusal::decode_exact(body) {
        Some(refusal) => refusal,
        None => R::decode_exact(version, (body, Some(frame)))?,
    };
    Ok((correlation_id, response))
}

/// The correlation id in front of an `R`, and the bytes of the `R`.
fn response_header<R: Response>(version: i16, frame: &Bytes) -> Result<(i32, &[u8]), Error> {
    let (header, body) = ResponseHeader::decode(R::header_version(version), frame)?;
    Ok((header.correlation_id, body))
}
