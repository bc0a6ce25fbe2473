//! The lines that are logged for each request and for the end of a connection.

use libkafka_protocol::{Error, ErrorKind};

use crate::api::{Call, Hangup};
use crate::peer::Peer;

/// Logs a request, whether or not it was answered.
pub(crate) fn request(call: &Call<'_>, asked: usize, answered: usize, hangup: Option<Hangup>) {
    if !log::log_enabled!(log::Level::Debug) {
        return;
    }
    let header = call.header;
    let end = match (hangup, answered) {
        (Some(Hangup::NotServed), _) => "not served".to_owned(),
        (Some(Hangup::ClientLeft), _) => "the client left".to_owned(),
        (Some(Hangup::ByBroker), _) => "hung up".to_owned(),
        (None, 0) => "no answer".to_owned(),
        (None, bytes) => format!("{bytes} bytes"),
    };
    log::debug!(
        "node {} {} v{} #{} of {:?} at {}: {asked} bytes -> {end}",
        call.peer.node,
        header.request_api_key,
        header.request_api_version,
        header.correlation_id,
        header.client_id.as_deref().unwrap_or_default(),
        call.peer.address,
    );
}

/// Logs a request whose header cannot be read, if only because the API is not served.
pub(crate) fn unreadable(peer: &Peer, frame: &[u8], error: &Error) {
    match error.kind() {
        ErrorKind::UnknownApi { api_key, version } => log::debug!(
            "node {} {api_key} v{version} at {}: {} bytes -> not served",
            peer.node,
            peer.address,
            frame.len(),
        ),
        _ => log::debug!("node {} {}: {error}", peer.node, peer.address),
    }
}

/// Logs that a client closed its connection.
pub(crate) fn client_left(peer: &Peer) {
    log::debug!("node {} {}: the client left", peer.node, peer.address);
}
