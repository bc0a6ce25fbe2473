//! A client's connection, and the one to a broker that belongs to it.

use std::collections::HashMap;
use std::io::{Error, Result};
use std::sync::{Arc, Mutex, PoisonError};

use libkafka_protocol::frame::decode_request_header;
use libkafka_protocol::{ApiKey, Bytes};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::change::Change;
use crate::frames;
use crate::rename::Rename;
use crate::rewrite::{Rewriter, rewriter};
use crate::routes::Routes;

/// The most requests without a response that a client may have sent.
const MAX_PENDING: usize = 1_000;

/// Requests whose responses must be examined, by correlation id.
type Pending = Arc<Mutex<HashMap<i32, (Rewriter, i16)>>>;

/// Carries requests one way and responses the other, until either side closes the connection.
pub(crate) async fn carry(
    client: TcpStream,
    broker: TcpStream,
    rename: Option<&Rename>,
    routes: &Routes,
) -> Result<()> {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_broker, mut to_broker) = broker.into_split();
    let pending = Pending::default();
    let (waiting, names) = (pending.clone(), rename.cloned());
    let requests = tokio::spawn(async move {
        while let Some(frame) = frames::read(&mut from_client).await? {
            let frame = request(frame, names.as_ref(), &waiting)?;
            frames::write(&mut to_broker, &frame).await?;
        }
        // The broker answers what it has, and ends as well.
        to_broker.shutdown().await
    });
    let responses = async {
        while let Some(frame) = frames::read(&mut from_broker).await? {
            let frame = response(frame, rename, routes, &pending)?;
            frames::write(&mut to_client, &frame).await?;
        }
        to_client.shutdown().await
    };
    let ended = responses.await;
    requests.abort();
    ended
}

/// The frame to send to the broker.
fn request(frame: Bytes, rename: Option<&Rename>, pending: &Pending) -> Result<Bytes> {
    // Frames of SASL before Kafka 1.0 have no header; others may be of APIs that came later.
    let Ok((header, body)) = decode_request_header(&frame) else {
        return Ok(frame);
    };
    let Some(rewriter) = rewriter(header.request_api_key) else {
        return Ok(frame);
    };
    let version = header.request_api_version;
    let mut change = Change::for_brokers(rename);
    let head = frame.len() - body.len();
    match (rewriter.request)(version, &frame, head, &mut change) {
        Ok((is_answered, rewritten)) => {
            let mut pending = pending.lock().unwrap_or_else(PoisonError::into_inner);
            if is_answered && pending.len() == MAX_PENDING {
                return Err(Error::other("too many requests without a response"));
            }
            if is_answered {
                pending.insert(header.correlation_id, (rewriter, version));
            }
            Ok(rewritten.unwrap_or(frame))
        }
        // It is for the broker to refuse.
        Err(error) => {
            log::debug!("passed on as it came: {error}");
            Ok(frame)
        }
    }
}

/// The frame to send to the client.
fn response(
    frame: Bytes,
    rename: Option<&Rename>,
    routes: &Routes,
    pending: &Pending,
) -> Result<Bytes> {
    let Some(correlation_id) = frame.first_chunk().copied().map(i32::from_be_bytes) else {
        return Ok(frame);
    };
    let mut waiting = pending.lock().unwrap_or_else(PoisonError::into_inner);
    let Some((rewriter, version)) = waiting.remove(&correlation_id) else {
        return Ok(frame);
    };
    drop(waiting);
    let mut change = Change::for_clients(rename, routes);
    match (rewriter.response)(version, &frame, &mut change) {
        Ok(rewritten) => {
            change.finish()?;
            Ok(rewritten.unwrap_or(frame))
        }
        // A broker that does not have this version of ApiVersions says so in another.
        Err(error) if rewriter.api_key == ApiKey::API_VERSIONS => {
            log::debug!("passed on as it came: {error}");
            Ok(frame)
        }
        // It may name brokers, which clients are not to find.
        Err(error) => Err(Error::other(error)),
    }
}
