//! [`rewriter`]: for each API whose messages name topics or brokers, the functions that change
//! them.

use libkafka_protocol::messages::*;
use libkafka_protocol::wire::Decode;
use libkafka_protocol::{ApiKey, Bytes, Error, KafkaWire, Limits, Request, Response, Versions};

use crate::change::Change;

/// A message that can change what it names.
pub(crate) trait Rewrite {
    /// Changes all that it names.
    fn rewrite(&mut self, change: &mut Change<'_>);

    /// Whether this request has a response.
    fn is_answered(&self) -> bool {
        true
    }
}

/// A frame in its new form; none if nothing was changed.
type Rewritten = Option<Bytes>;
/// Takes the version, the frame, and the length of the header in front of the message; returns
/// whether there will be a response, too.
type RewriteRequest = fn(i16, &Bytes, usize, &mut Change<'_>) -> Result<(bool, Rewritten), Error>;
/// Takes the version and the frame.
type RewriteResponse = fn(i16, &Bytes, &mut Change<'_>) -> Result<Rewritten, Error>;

/// The functions for one API.
#[derive(Clone, Copy)]
pub(crate) struct Rewriter {
    pub(crate) api_key: ApiKey,
    /// The versions that it knows.
    pub(crate) versions: Versions,
    pub(crate) request: RewriteRequest,
    pub(crate) response: RewriteResponse,
}

macro_rules! rewriters {
    ($($request:ident)*) => {
        /// The functions for an API; none if its messages name nothing.
        pub(crate) fn rewriter(api_key: ApiKey) -> Option<Rewriter> {
            $(if api_key == $request::API_KEY {
                return Some(Rewriter {
                    api_key,
                    versions: $request::VERSIONS,
                    request: request::<$request>,
                    response: response::<<$request as Request>::Response>,
                });
            })*
            None
        }
    };
}

rewriters! {
    ApiVersionsRequest
    ProduceRequest FetchRequest ShareFetchRequest ShareAcknowledgeRequest
    MetadataRequest DescribeClusterRequest FindCoordinatorRequest DescribeTopicPartitionsRequest
    ListOffsetsRequest OffsetForLeaderEpochRequest
    OffsetCommitRequest OffsetFetchRequest OffsetDeleteRequest
    ConsumerGroupHeartbeatRequest ConsumerGroupDescribeRequest ShareGroupHeartbeatRequest
    AddPartitionsToTxnRequest TxnOffsetCommitRequest DescribeProducersRequest
    CreateTopicsRequest DeleteTopicsRequest CreatePartitionsRequest DeleteRecordsRequest
    DescribeConfigsRequest IncrementalAlterConfigsRequest
}

fn request<R: Request + Rewrite>(
    version: i16,
    frame: &Bytes,
    head: usize,
    change: &mut Change<'_>,
) -> Result<(bool, Rewritten), Error> {
    let (request, rewritten) = rewrite::<R>(version, frame, head, change)?;
    Ok((request.is_answered(), rewritten))
}

fn response<R: Response + Rewrite>(
    version: i16,
    frame: &Bytes,
    change: &mut Change<'_>,
) -> Result<Rewritten, Error> {
    let (_, body) = ResponseHeader::decode(R::header_version(version), frame)?;
    let head = frame.len() - body.len();
    Ok(rewrite::<R>(version, frame, head, change)?.1)
}

/// The message, and the frame in its new form: with the old header, and with what followed the
/// message.
fn rewrite<M: KafkaWire + Rewrite + for<'de> Decode<'de>>(
    version: i16,
    frame: &Bytes,
    head: usize,
    change: &mut Change<'_>,
) -> Result<(M, Rewritten), Error> {
    let body = frame.slice(head..);
    let (mut message, overlooked) = M::decode_lenient(version, &body, Limits::default())?;
    message.rewrite(change);
    if !change.is_changed {
        return Ok((message, None));
    }
    let mut out = frame[..head].to_vec();
    message.encode(version, &mut out)?;
    out.extend_from_slice(&frame[frame.len() - overlooked.trailing_bytes..]);
    Ok((message, Some(out.into())))
}
